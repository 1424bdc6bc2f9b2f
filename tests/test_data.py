"""The digits: the same ones every time, laid out as promised, and nothing else accepted."""

import csv
import gzip
import os
import pathlib
import shutil
import subprocess
import sys

import numpy as np
import pandas as pd
import pooch
import pytest
from rough import refused

from nnlib.data import FULL_SET, SAMPLE, Digits, as_columns, load_mnist, split_stratified
from nnlib.data.idx import read_idx
from nnlib.data.sample import SAMPLE_SIZE, load_sample
from nnlib.system.errors import DataFileError

FULL = os.environ.get("NNLIB_DATA", "")
needs_full_set = pytest.mark.skipif(not FULL, reason="NNLIB_DATA names no folder")


@pytest.fixture(scope="module")
def sample():
    return load_mnist()


def test_sample_is_4000_and_1000_stratified(sample):
    train, test = sample
    assert train.X.shape == (784, 4000) and test.X.shape == (784, 1000)
    np.testing.assert_array_equal(np.bincount(train.y), [400] * 10)
    np.testing.assert_array_equal(np.bincount(test.y), [100] * 10)


def test_layout_dtype_and_range(sample):
    for digits in sample:
        assert digits.X.dtype == np.float32 and np.issubdtype(digits.y.dtype, np.integer)
        assert digits.X.T.flags.c_contiguous, "each image must lie in one piece"
        assert digits.X.min() == 0 and digits.X.max() == 1
        assert digits.X[:, [3, 1, 2]].flags.f_contiguous, "and so must a batch"


def test_sample_is_what_pandas_reads(sample):
    table = pd.read_csv(SAMPLE)
    assert list(table.columns) == ["label"] + [f"pixel{i}" for i in range(784)]
    assert len(table) == 5000
    joined = {tuple(row) for row in table.to_numpy()}
    for digits in sample:
        back = np.rint(digits.X.T * 255).astype(int)
        assert {(label, *pixels) for label, pixels in zip(digits.y, back, strict=True)} <= joined


def test_training_and_test_share_no_image(sample):
    train, test = ({column.tobytes() for column in digits.X.T} for digits in sample)
    assert len(train) == 4000 and len(test) == 1000 and not train & test


def test_the_same_digits_every_time(sample):
    for once, again in zip(sample, load_mnist(), strict=True):
        np.testing.assert_array_equal(once.X, again.X)
        np.testing.assert_array_equal(once.y, again.y)


def test_as_columns_scales_every_byte():
    pixels = np.arange(256, dtype=np.uint8).reshape(2, 128)
    X = as_columns(pixels)
    assert X.shape == (128, 2) and X.dtype == np.float32
    np.testing.assert_array_equal(X.T.ravel(), np.arange(256, dtype=np.float32) / np.float32(255))


def test_split_keeps_the_order_and_takes_the_last_of_each_class():
    y = np.array([1, 0, 1, 0, 1, 0])
    digits = Digits(np.arange(12, dtype=np.float32).reshape(6, 2).T, y)
    train, test = split_stratified(digits, 1)
    np.testing.assert_array_equal(train.y, [1, 0, 1, 0])
    np.testing.assert_array_equal(test.y, [1, 0])
    np.testing.assert_array_equal(test.X, digits.X[:, 4:])
    assert train.X.T.flags.c_contiguous


def test_a_missing_sample_says_what_to_do(tmp_path):
    with pytest.raises(FileNotFoundError, match="git checkout data"):
        load_sample(tmp_path / "digits.csv.gz")


def test_a_changed_sample_is_refused(tmp_path):
    text = gzip.decompress(SAMPLE.read_bytes()).replace(b",255,", b",254,", 1)
    path = tmp_path / "digits.csv.gz"
    path.write_bytes(gzip.compress(text))
    with pytest.raises(ValueError, match="SHA-256 differs"):
        load_sample(path)


@pytest.mark.parametrize("spoil", [lambda data: data[:500], lambda data: b"version 1 of a pointer"])
def test_a_damaged_sample_says_so(tmp_path, spoil):  # the second is no packed file at all
    path = tmp_path / "digits.csv.gz"
    path.write_bytes(spoil(SAMPLE.read_bytes()))
    with refused(DataFileError, tmp_path, "git checkout data"):
        load_sample(path)


def test_a_sample_is_unpacked_no_further_than_it_should_be(tmp_path, monkeypatch):
    path = tmp_path / "digits.csv.gz"
    path.write_bytes(gzip.compress(bytes(50_000_000), 1))
    asked, read = [], gzip.GzipFile.read
    monkeypatch.setattr(gzip.GzipFile, "read", lambda self, n=-1: asked.append(n) or read(self, n))
    with refused(DataFileError, tmp_path, "SHA-256 differs"):
        load_sample(path)
    assert asked == [SAMPLE_SIZE + 1]


@pytest.mark.parametrize("error", [PermissionError(13, "Permission denied"), OSError(5, "broken")])
def test_an_unreadable_sample_says_so(tmp_path, monkeypatch, error):
    path = tmp_path / "digits.csv.gz"
    path.write_bytes(SAMPLE.read_bytes())

    def failing(*_, **__):
        raise error

    with refused(DataFileError, tmp_path, error.strerror, "git checkout data", cause=OSError):
        with monkeypatch.context() as patch:
            patch.setattr("builtins.open", failing)
            load_sample(path)


def test_sample_card_states_the_hash_and_size():
    card = (SAMPLE.parent / "README.md").read_text(encoding="utf-8")
    assert f"{SAMPLE.stat().st_size:,} bytes" in card
    from nnlib.data.sample import SAMPLE_SHA256

    assert SAMPLE_SHA256 in card


def test_unknown_set_names_the_two():
    with pytest.raises(ValueError, match="'everything'"):
        load_mnist("everything")


@pytest.mark.parametrize("folder", [None, "does-not-exist"])
def test_without_the_full_set_one_sentence_says_what_to_do(monkeypatch, tmp_path, folder):
    monkeypatch.setattr(pooch, "os_cache", lambda _: tmp_path)  # yours may hold the set
    monkeypatch.delenv("NNLIB_DATA", raising=False)
    if folder:
        monkeypatch.setenv("NNLIB_DATA", folder)
    with pytest.raises(FileNotFoundError, match="NNLIB_DATA") as caught:
        load_mnist("full")
    assert "load_mnist()" in str(caught.value) and "\n" not in str(caught.value)


def test_a_missing_file_of_the_four_is_named(monkeypatch, tmp_path):
    monkeypatch.setattr(pooch, "os_cache", lambda _: tmp_path)
    monkeypatch.setenv("NNLIB_DATA", str(tmp_path))
    with pytest.raises(FileNotFoundError, match="train-images-idx3-ubyte"):
        load_mnist("full")


@needs_full_set
def test_full_set_holds_the_sample_and_begins_as_published(sample):
    train, test = load_mnist("full")
    assert train.X.shape == (784, 60_000) and test.X.shape == (784, 10_000)
    np.testing.assert_array_equal(train.y[:5], [5, 0, 4, 1, 9])
    assert train.X.T.flags.c_contiguous and train.X.dtype == np.float32
    place = {image.tobytes(): j for j, image in enumerate(train.X.T)}
    for digits in sample:
        found = np.array([place[image.tobytes()] for image in digits.X.T])
        np.testing.assert_array_equal(train.y[found], digits.y)


@needs_full_set
def test_packed_and_unpacked_files_give_the_same(tmp_path):
    expected = FULL_SET["test labels"]
    source = next(pathlib.Path(FULL).glob(f"{expected.name}*"))
    shutil.copy(source, tmp_path)
    once = read_idx(tmp_path, expected)
    data = once.tobytes()
    header = (0x801).to_bytes(4, "big") + (10_000).to_bytes(4, "big")
    (tmp_path / expected.name).write_bytes(header + data)
    (tmp_path / f"{expected.name}.gz").unlink(missing_ok=True)
    np.testing.assert_array_equal(read_idx(tmp_path, expected), once)


def test_csv_has_no_quotes_or_spaces():
    with gzip.open(SAMPLE, "rt", newline="") as file:
        widths = {len(row) for row in csv.reader(file)}
    assert widths == {785}


def test_as_columns_of_a_table_read_column_by_column():
    """As pandas hands it out: each image is in one piece all the same."""
    pixels = np.asfortranarray(np.arange(3 * 784, dtype=np.uint8).reshape(3, 784))
    X = as_columns(pixels)
    assert X.flags.f_contiguous
    np.testing.assert_array_equal(X, as_columns(np.ascontiguousarray(pixels)))


def test_a_split_may_leave_the_test_set_empty():
    digits = Digits(np.zeros((784, 4), dtype=np.float32), np.array([0, 1, 0, 1]))
    train, test = split_stratified(digits, 0)
    assert train.y.size == 4 and test.y.size == 0


def test_without_pooch_the_full_set_is_still_found_where_it_is_named(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "pooch", None)  # as where only the core is installed
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NNLIB_DATA", str(tmp_path))
    with pytest.raises(FileNotFoundError, match="neither in a folder that NNLIB_DATA names"):
        load_mnist("full")


def test_without_pooch_a_download_says_what_is_needed():
    code = "import sys; sys.modules['pooch'] = None; sys.argv[1:] = ['download']\n"
    code += "import runpy; runpy.run_module('nnlib.data', run_name='__main__')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8")
    assert done.returncode == 1 and done.stderr.startswith("Sorry, the package pooch is needed")
