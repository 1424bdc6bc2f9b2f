"""MNIST's own files come in whole and as published, or are refused in words."""

import errno
import gzip
import hashlib
import os

import numpy as np
import pytest
from rough import TRIED, nothing_lost, refused

from nnlib.data.idx import FULL_SET, IdxFile, folders, read_idx
from nnlib.system.errors import DataFileError

SHAPE = (20, 28, 28)


def idx(shape, values, dimensions=None):
    """The bytes of an IDX file."""
    magic = bytes((0, 0, 8, dimensions or len(shape)))
    return magic + np.array(shape, ">u4").tobytes() + values.astype(np.uint8).tobytes()


def images(mean=33, shape=SHAPE):
    return np.random.default_rng(0).integers(0, 2 * mean + 1, shape)


IMAGES = idx(SHAPE, images())
IMAGE_FILE = IdxFile("train-images-idx3-ubyte", SHAPE, hashlib.sha256(IMAGES).hexdigest())
LABELS = idx((20,), np.arange(20) % 10)
LABEL_FILE = IdxFile("train-labels-idx1-ubyte", (20,), hashlib.sha256(LABELS).hexdigest())
PACKED = gzip.compress(IMAGES)


def flipped(data, place):
    return data[:place] + bytes((data[place] ^ 1,)) + data[place + 1 :]


def with_count(n):
    return IMAGES[:4] + n.to_bytes(4, "big") + IMAGES[8:]


@pytest.mark.parametrize(
    "content", [IMAGES, PACKED, gzip.compress(IMAGES[:99]) + gzip.compress(IMAGES[99:])]
)
@pytest.mark.parametrize("ending", ["", ".gz"])
def test_the_first_bytes_tell_whether_a_file_is_packed(tmp_path, content, ending):
    (tmp_path / f"{IMAGE_FILE.name}{ending}").write_bytes(content)
    with nothing_lost(tmp_path):
        np.testing.assert_array_equal(read_idx(tmp_path, IMAGE_FILE), images())


BAD = {
    "cut by one byte": (IMAGES[:-1], IMAGE_FILE, "15,695 bytes; 15,696 were expected"),
    "cut in half": (IMAGES[: len(IMAGES) // 2], IMAGE_FILE, "copy it again"),
    "header only": (IMAGES[:16], IMAGE_FILE, "16 bytes"),
    "half a header": (IMAGES[:6], IMAGE_FILE, "0 × 0 × 0"),
    "nothing": (b"", IMAGE_FILE, "is empty"),
    "packed nothing": (gzip.compress(b""), IMAGE_FILE, "is empty"),
    "packed, cut by one byte": (PACKED[:-1], IMAGE_FILE, "damaged or cut off"),
    "packed, cut in half": (PACKED[: len(PACKED) // 2], IMAGE_FILE, "damaged or cut off"),
    "packed, garbage behind": (PACKED + b"garbage", IMAGE_FILE, "damaged or cut off"),
    "packed twice in a row": (PACKED + PACKED, IMAGE_FILE, "more than 15,696"),
    "packed, no gzip behind its mark": (b"\x1f\x8b" + bytes(50), IMAGE_FILE, "damaged"),
    "a flipped bit": (flipped(IMAGES, 5000), IMAGE_FILE, "SHA-256"),
    "one byte more": (IMAGES + b"\0", IMAGE_FILE, "more than 15,696 bytes"),
    "labels as images": (LABELS, IMAGE_FILE, "holds labels, and images were expected"),
    "images as labels": (IMAGES, LABEL_FILE, "holds images, and labels were expected"),
    "little-endian": (IMAGES[:4][::-1] + IMAGES[4:], IMAGE_FILE, "little-endian"),
    "count of 2^32 - 1": (with_count(2**32 - 1), IMAGE_FILE, "4,294,967,295 × 28 × 28"),
    "count of 0": (with_count(0), IMAGE_FILE, "0 × 28 × 28"),
    "27 rows": (idx((20, 27, 28), images()[:, 1:]), IMAGE_FILE, "20 × 27 × 28"),
    "the other set": (with_count(10_000), IMAGE_FILE, "the other set's"),
    "clothes": (idx(SHAPE, images(73)), IMAGE_FILE, "Fashion-MNIST"),
    "a label of 255": (LABELS[:-1] + b"\xff", LABEL_FILE, "SHA-256"),
    "a web page": (b"<!DOCTYPE html>", IMAGE_FILE, "web page"),
    "text": (b"5,0,0,0", IMAGE_FILE, "no IDX file"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_damaged_file_is_refused_in_words(tmp_path, name):
    content, expected, fragment = BAD[name]
    (tmp_path / expected.name).write_bytes(content)
    with refused(DataFileError, tmp_path, expected.name, fragment):
        read_idx(tmp_path, expected)
    (tmp_path / IMAGE_FILE.name).write_bytes(IMAGES)  # the next correct call works
    np.testing.assert_array_equal(read_idx(tmp_path, IMAGE_FILE), images())


@pytest.mark.parametrize("damaged", ["", ".gz"])
def test_of_two_files_the_whole_one_is_read(tmp_path, damaged):
    for ending in ("", ".gz"):
        content = IMAGES[:-1] if ending == damaged else IMAGES
        (tmp_path / f"{IMAGE_FILE.name}{ending}").write_bytes(content)
    with nothing_lost(tmp_path):
        np.testing.assert_array_equal(read_idx(tmp_path, IMAGE_FILE), images())


@pytest.mark.parametrize("number", [errno.EACCES, errno.EIO])
def test_a_file_that_may_not_be_read_is_said(tmp_path, monkeypatch, number):
    path = tmp_path / IMAGE_FILE.name
    path.write_bytes(IMAGES)

    def failing(*_, **__):
        raise OSError(number, os.strerror(number), str(path))

    with refused(DataFileError, tmp_path, path.name, os.strerror(number), cause=OSError):
        with monkeypatch.context() as patch:
            patch.setattr("builtins.open", failing)
            read_idx(tmp_path, IMAGE_FILE)


@pytest.mark.parametrize("folder", ["x" * 300, "~nosuchuser/x"])
def test_a_folder_that_cannot_be_holds_no_set(monkeypatch, folder):
    monkeypatch.setenv("NNLIB_DATA", folder)
    assert str(folders()[0]) == folder
    with pytest.raises(FileNotFoundError, match="fetch the full set"):
        read_idx(folders()[0], IMAGE_FILE)


def test_a_bomb_is_not_unpacked(tmp_path, monkeypatch):
    (tmp_path / IMAGE_FILE.name).write_bytes(gzip.compress(bytes(200_000_000), 1))
    asked = []
    read = gzip.GzipFile.read
    monkeypatch.setattr(gzip.GzipFile, "read", lambda self, n=-1: asked.append(n) or read(self, n))
    with pytest.raises(DataFileError, match="no IDX file"):
        read_idx(tmp_path, IMAGE_FILE)
    assert asked == [len(IMAGES) + 1]


def test_a_byte_flipped_anywhere_is_noticed(tmp_path):
    rng = np.random.default_rng(0)
    path = tmp_path / LABEL_FILE.name
    packed = gzip.compress(LABELS, mtime=0)
    header = 10  # of gzip: its time and system may change and mean nothing
    for whole, begin in ((LABELS, 0), (packed, header)):
        for place in rng.integers(begin, len(whole), 300):
            TRIED["mutated files"] += 1
            path.write_bytes(flipped(whole, int(place)))
            with pytest.raises(DataFileError, match=LABEL_FILE.name):
                read_idx(tmp_path, LABEL_FILE)


def test_the_four_files_are_the_published_ones():
    assert [file.shape for file in FULL_SET.values()] == [
        (60_000, 28, 28),
        (60_000,),
        (10_000, 28, 28),
        (10_000,),
    ]
