"""CSV files come in to the bit, or are refused with the row, the line, the column and a way on."""

import gzip
import io
import os
import zipfile

import numpy as np
import pytest
from rough import mutated, nothing_lost, refused

from nnlib.data import load_csv, load_mnist
from nnlib.data.csv_file import LONGEST_LINE
from nnlib.errors import DataFileError

PIXELS = [f"pixel{i}" for i in range(784)]
HEADER = ["label", *PIXELS]


def digits(m=5, seed=0):
    """Labels and pixels of m made-up digits: rows (m, 785) of bytes."""
    rng = np.random.default_rng(seed)
    return np.column_stack([rng.integers(0, 10, m), rng.integers(0, 256, (m, 784))])


def text(rows, header=HEADER, end="\n", between=","):
    lines = [header, *rows] if header is not None else rows
    return "".join(between.join(map(str, line)) + end for line in lines)


CLEAN = digits()
LONG = text(digits(12))


def with_cell(row, column, value):
    """The clean file with one cell replaced."""
    rows = CLEAN.astype(object)
    rows[row, column] = value
    return text(rows)


def assert_reads(path, rows, **how):
    with nothing_lost(path.parent):
        X, y = load_csv(path, **how)
    assert X.shape == (784, len(rows)) and X.dtype == np.float32 and X.T.flags.c_contiguous
    np.testing.assert_array_equal(X, (rows[:, -784:].T / np.float32(255)).astype(np.float32))
    if y is not None:
        np.testing.assert_array_equal(y, rows[:, 0])


def zipped(content):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("train.csv", content)
    return buffer.getvalue()


SHUFFLED = np.random.default_rng(1).permutation(785)
GOOD = {
    "Kaggle": text(CLEAN),
    "no header": text(CLEAN, header=None),
    "label last": text(np.roll(CLEAN, -1, axis=1), np.roll(HEADER, -1)),
    "columns shuffled": text(CLEAN[:, SHUFFLED], np.array(HEADER)[SHUFFLED]),
    "named 1x1 to 28x28": text(
        CLEAN, ["label", *(f"{i}x{j}" for i in range(1, 29) for j in range(1, 29))]
    ),
    "counted from pixel1": text(CLEAN, ["Label", *(f"pixel{i}" for i in range(1, 785))]),
    "CRLF": text(CLEAN, end="\r\n"),
    "CR only": text(CLEAN, end="\r"),
    "byte order mark": "\ufeff" + text(CLEAN),
    "byte order mark, no header": "\ufeff" + text(CLEAN, header=None),
    "blank lines": text(CLEAN, end="\n\n"),
    "blanks after commas": text(CLEAN, between=", "),
    "quoted numbers": text([[f'"{value}"' for value in row] for row in CLEAN]),
    "quoted header": text(CLEAN, [f'"{name}"' for name in HEADER]),
    "no newline at the end": text(CLEAN).rstrip(),
}


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "packed"])
@pytest.mark.parametrize("name", GOOD)
def test_the_same_digits_in_other_dress_are_read_alike(tmp_path, name, packed):
    data = GOOD[name].encode()
    path = tmp_path / "Ziffern ä 😀.csv"
    path.write_bytes(gzip.compress(data) if packed else data)
    assert_reads(path, CLEAN)


BAD = {
    "index column": (
        text([[i, *row] for i, row in enumerate(CLEAN)], ["", *HEADER]),
        ["786 columns", "without a name", "index"],
    ),
    "no label": (text(CLEAN[:, 1:], PIXELS), ["no column 'label'", "labeled=False"]),
    "no label, no header": (text(CLEAN[:, 1:], None), ["784 columns", "labeled=False"]),
    "label last, no header": (
        text(np.roll(CLEAN, -1, axis=1), None),
        ["row 1", "the label is", "label stand last?"],
    ),
    "a pixel twice": (text(CLEAN, [*HEADER[:-1], "pixel7"]), ["'pixel7' twice"]),
    "a pixel missing": (
        text(np.delete(CLEAN, 401, 1), [*HEADER[:401], *HEADER[402:]]),
        ["'pixel400'"],
    ),
    "256": (with_cell(2, 4, 256), ["row 3 (line 4), column pixel3: '256'", "0…255"]),
    "-1": (with_cell(2, 4, -1), ["row 3 (line 4), column pixel3: '-1'"]),
    "1.5": (with_cell(2, 4, 1.5), ["column pixel3: '1.5'"]),
    "1.0": (with_cell(2, 4, "1.0"), ["'1.0' is not a whole number"]),
    "empty": (with_cell(2, 4, ""), ["column pixel3", "empty"]),
    "nan": (with_cell(2, 4, "nan"), ["'nan'"]),
    "inf": (with_cell(2, 4, "inf"), ["'inf'"]),
    "a word": (with_cell(2, 4, "abc"), ["'abc'"]),
    "hexadecimal": (with_cell(2, 4, "0x1F"), ["'0x1F'"]),
    "underscore": (with_cell(2, 4, "1_0"), ["'1_0'"]),
    "exponent": (with_cell(2, 4, "1e2"), ["'1e2'"]),
    "Arabic-Indic digits": (with_cell(2, 4, "٣"), ["'٣'"]),
    "formula": (with_cell(2, 4, '"=HYPERLINK(""x"")"'), ["=HYPERLINK"]),
    "comment": (with_cell(2, 4, "#5"), ["'#5'"]),
    "NUL": (with_cell(2, 4, "1\0"), ["row 3 (line 4), column pixel3"]),
    "scaled": (
        text([[row[0], *(row[1:] / 256).round(3)] for row in CLEAN]),
        ["row 1", "already scaled"],
    ),
    "black and white": (
        text(np.column_stack([CLEAN[:, 0], CLEAN[:, 1:] > 127]).astype(int)),
        ["no pixel above 1"],
    ),
    "label 10": (with_cell(2, 0, 10), ["row 3: the label is 10", "0 … 9"]),
    "label -1": (with_cell(2, 0, -1), ["row 3", "column label: '-1'"]),
    "label 5.5": (with_cell(2, 0, 5.5), ["column label: '5.5'"]),
    "label five": (with_cell(2, 0, "five"), ["column label: 'five'"]),
    "short row": (text([*CLEAN.tolist(), CLEAN[0, :783].tolist()]), ["row 6 (line 7) has 783"]),
    "long row": (text([*CLEAN.tolist(), [*CLEAN[0], 7]]), ["row 6 (line 7) has 786"]),
    "every row too long": (text([[*row, 7] for row in CLEAN]), ["row 1 (line 2) has 786 values"]),
    "cut in a row": (LONG[: len(LONG) * 2 // 3], ["row ", "cut off"]),
    "semicolons": (text(CLEAN, between=";"), ["semicolons"]),
    "tabs": (text(CLEAN, between="\t"), ["tabs"]),
    "UTF-16": (text(CLEAN).encode("utf-16"), ["UTF-16", "UTF-8"]),
    "Latin-1": (text(CLEAN, ["Zahl ä", *PIXELS]).encode("latin-1"), ["no UTF-8"]),
    "zip": (zipped(text(CLEAN)), ["zip archive"]),
    "web page": ("<!DOCTYPE html><title>Sign in</title>", ["web page"]),
    "PNG": (b"\x89PNG\r\n\x1a\n" + bytes(50), ["picture (PNG)"]),
    "IDX": (b"\x00\x00\x08\x03" + bytes(50), ["IDX", "load_mnist"]),
    "nothing": ("", ["empty"]),
    "blank lines only": ("\n\n \n", ["empty"]),
    "header only": (text([]), ["no digit below"]),
    "a line without end": ("7," * LONGEST_LINE, ["more than 100,000 characters"]),
    "a later line without end": (text(CLEAN) + "7," * LONGEST_LINE, ["more than 100,000"]),
    "a million columns": (",".join(["1"] * 40_000), ["40,000 columns"]),
    "turned": (text(CLEAN.T, None), ["5 columns", "785"]),
    "packed and cut": (gzip.compress(LONG.encode())[:-50], ["damaged or cut off"]),
    "packed with a flipped bit": (None, ["flipped.csv.gz"]),
    "quote without end": (with_cell(2, 4, '"5'), ["row "]),
}


def flipped():
    data = bytearray(gzip.compress(LONG.encode()))
    data[len(data) // 2] ^= 4
    return bytes(data)


@pytest.mark.parametrize("name", BAD)
def test_a_damaged_file_is_refused_in_words(tmp_path, name):
    content, fragments = BAD[name]
    path = tmp_path / ("flipped.csv.gz" if content is None else "train.csv")
    content = flipped() if content is None else content
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    (tmp_path / "good.csv").write_text(text(CLEAN))
    with refused(DataFileError, tmp_path, path.name, *fragments):
        load_csv(path)
    assert_reads(tmp_path / "good.csv", CLEAN)  # the next correct call works


def test_a_file_without_labels_is_read_when_asked_for(tmp_path):
    path = tmp_path / "test.csv"
    for header in (PIXELS, None):
        path.write_text(text(CLEAN[:, 1:], header))
        assert_reads(path, CLEAN, labeled=False)
        assert load_csv(path, labeled=False).y is None


def test_a_labeled_file_read_as_unlabeled_is_refused(tmp_path):
    path = tmp_path / "train.csv"
    for header, fragment in ((HEADER, "'label'"), (None, "785 columns")):
        path.write_text(text(CLEAN, header))
        with refused(DataFileError, tmp_path, fragment):
            load_csv(path, labeled=False)


def test_a_missing_file_names_those_that_are_alike(tmp_path):
    (tmp_path / "train.csv").write_text(text(CLEAN))
    with refused(DataFileError, tmp_path, "no file trian.csv", "did you mean train.csv?"):
        load_csv(tmp_path / "trian.csv")
    with refused(DataFileError, tmp_path, "is a folder"):
        load_csv(tmp_path)
    with refused(DataFileError, tmp_path, "no file x.csv"):
        load_csv(tmp_path / "missing" / "x.csv")


@pytest.mark.skipif(os.name == "nt", reason="no FIFO and no modes on Windows")
def test_a_file_that_may_not_be_read_is_said(tmp_path, monkeypatch):
    path = tmp_path / "train.csv"
    path.write_text(text(CLEAN))

    def forbidden(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("builtins.open", forbidden)
    with pytest.raises(DataFileError, match=r"train\.csv may not be read"):
        load_csv(path)


def test_the_sample_read_as_a_csv_is_the_sample():
    from nnlib.data.sample import SAMPLE, split_stratified

    for ours, sample in zip(split_stratified(load_csv(SAMPLE), 100), load_mnist(), strict=True):
        np.testing.assert_array_equal(ours.X, sample.X)
        np.testing.assert_array_equal(ours.y, sample.y)


@pytest.mark.slow
def test_csv_and_idx_agree_to_the_bit(tmp_path):
    if not os.environ.get("NNLIB_DATA"):
        pytest.skip("NNLIB_DATA names no folder with the full set")
    _, test = load_mnist("full")
    rows = np.column_stack([test.y, np.rint(test.X.T * 255).astype(int)])
    path = tmp_path / "mnist_test.csv"
    np.savetxt(path, rows, fmt="%d", delimiter=",")
    X, y = load_csv(path)
    np.testing.assert_array_equal(X, test.X)
    np.testing.assert_array_equal(y, test.y)


def test_mutated_files_are_refused_or_hold_digits(tmp_path):
    """What is read has whole rows of bytes, and all but a few of the values that were written."""
    rng, path, n_read = np.random.default_rng(0), tmp_path / "train.csv", 0
    whole = text(CLEAN).encode()
    for _ in range(200):
        path.write_bytes(mutated(whole, rng, longest=5))
        with nothing_lost(tmp_path):
            try:
                X, y = load_csv(path)
            except DataFileError as error:
                assert "train.csv" in str(error) and len(str(error)) < 500
            else:
                n_read += 1
                assert len(CLEAN) - 1 <= y.size <= len(CLEAN) + 1 and set(y) <= set(range(10))
                if y.size == len(CLEAN):
                    written = (CLEAN[:, 1:].T / 255).astype(np.float32)
                    assert (abs(X - written) > 1e-6).sum() < 20
    assert 5 < n_read < 180  # a digit in place of another is no damage that one could see
