"""CSV files come in to the bit, or are refused with the row, the line, the column and a way on."""

import bz2
import errno
import gzip
import io
import lzma
import os
import sys
import tarfile
import tracemalloc
import zipfile
import zlib

import numpy as np
import pytest
from rough import mutated, nothing_lost, refused

from nnlib.data import csv_file, load_csv, load_mnist, table
from nnlib.data.csv_file import LONGEST_LINE, MOST_LINES
from nnlib.data.table import BLOCK
from nnlib.system.errors import DataFileError

pytestmark = pytest.mark.filterwarnings("ignore::nnlib.system.errors.DigitsWarning")  # of noise
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
SAMPLE = load_mnist()[0]
REAL = np.column_stack([SAMPLE.y, np.rint(SAMPLE.X.T * 255).astype(int)])[:40]


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


def damaged(data, place=None):
    """The same bytes with one bit flipped, in the middle unless a place is named."""
    data = bytearray(data)
    data[len(data) // 2 if place is None else place] ^= 4
    return bytes(data)


def locked(content):
    """A zip archive that says it wants a password."""
    data = bytearray(zipped(content))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def of_files(files):
    """A zip archive of files, by their names."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def tarred(content):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("train.csv"), io.BytesIO(content.encode()))
    return buffer.getvalue()


def arrays(**named):
    buffer = io.BytesIO()
    np.savez(buffer, **named)
    return buffer.getvalue()


SHUFFLED = np.random.default_rng(1).permutation(785)
GRID = [(i, j) for i in range(1, 29) for j in range(1, 29)]
REAL_WITH_10 = REAL.copy()
REAL_WITH_10[3, 0] = 10


def scaled(way=lambda x: x, at=None):
    """The clean file with its pixels scaled to 0…1 and then another way; one cell replaced."""
    rows = np.column_stack([CLEAN[:, 0], way(CLEAN[:, 1:] / 255)]).astype(object)
    rows[:, 0] = CLEAN[:, 0]
    rows[2, 4] = rows[2, 4] if at is None else at
    return text(rows)


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
    "quoted, blanks around the quotes": text(
        [[f'"{value}" ' for value in row] for row in CLEAN], between=", "
    ),
    "one number in quotes": with_cell(2, 4, f'"{CLEAN[2, 4]}"'),
    "zeros before the numbers": text([[f"{value:03}" for value in row] for row in CLEAN]),
    "quoted header": text(CLEAN, [f'"{name}"' for name in HEADER]),
    "no newline at the end": text(CLEAN).rstrip(),
    "index column": text([[i, *row] for i, row in enumerate(CLEAN)], ["", *HEADER]),
    "label last, no header": text(np.roll(CLEAN, -1, axis=1), None),
    "numbers as a header": text(CLEAN, range(785)),
    "a long name for the label": text(CLEAN, ["x" * 9000, *PIXELS]),
    "a plus": with_cell(2, 4, f"+{CLEAN[2, 4]}"),
    "a whole float": with_cell(2, 4, f"{CLEAN[2, 4]}.0"),
    "an exponent": with_cell(2, 4, f"{CLEAN[2, 4] / 100}e2"),
    "semicolons": text(CLEAN, between=";"),
    "tabs": text(CLEAN, between="\t"),
    "pipes": text(CLEAN, between="|"),
    "blanks": text(CLEAN, None, between=" "),
    "a comment first": "# the digits\n" + text(CLEAN),
    "the header as a comment": "# " + text(CLEAN),
}


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "packed"])
@pytest.mark.parametrize("name", GOOD)
def test_the_same_digits_in_other_dress_are_read_alike(tmp_path, name, packed):
    data = GOOD[name].encode()
    path = tmp_path / "Ziffern ä 😀.csv"
    path.write_bytes(gzip.compress(data) if packed else data)
    assert_reads(path, CLEAN)


BAD = {
    "no label": (text(CLEAN[:, 1:], PIXELS), ["no column 'label'", "labeled=False"]),
    "no label, no header": (text(CLEAN[:, 1:], None), ["784 columns", "labeled=False"]),
    "a pixel twice": (text(CLEAN, [*HEADER[:-1], "pixel7"]), ["'pixel7' twice"]),
    "a pixel missing": (
        text(np.delete(CLEAN, 401, 1), [*HEADER[:401], *HEADER[402:]]),
        ["'pixel400'"],
    ),
    "label in the middle, no header, real digits": (
        text(np.insert(REAL[:, 1:], 400, REAL[:, 0], axis=1), None),
        ["every label is 0", "column 401 looks like the labels"],
    ),
    "an index and no label, no header": (
        text([[i, *row[1:]] for i, row in enumerate(CLEAN)], None),
        ["column 1 counts the rows", "name the columns"],
    ),
    "an index from 1 and no label, no header": (
        text([[i + 1, *row[1:]] for i, row in enumerate(CLEAN)], None),
        ["column 1 counts the rows"],
    ),
    "one long name too many": (
        text([[*row, 7] for row in CLEAN], [*HEADER, "x" * 9000]),
        ["xxxxxxxxxxxxxxxxxxxx…'"],
    ),
    "a long name twice": (
        text([[*row, 7, 7] for row in CLEAN], [*HEADER, *2 * ["x" * 4000]]),
        ["xxxxxxxxxxxxxxxxxxxx…' twice"],
    ),
    "a blank line first, then 256": (
        "\n" + with_cell(2, 4, 256),
        ["row 3 (line 5), column pixel3: '256'"],
    ),
    "a quoted newline, then 256": (
        with_cell(2, 4, 256).replace("\n", '"\n"', 3).replace('"\n"', "\n", 2),
        ["row 2 (line 3)"],
    ),
    "digits behind a quote": (with_cell(2, 4, '"1"23'), ["column pixel3", "1", "23"]),
    "a quote too many": (with_cell(2, 4, '""5'), ["column pixel3"]),
    "-0.5": (with_cell(2, 4, "-0.5"), ["column pixel3: '-0.5'"]),
    "9999": (with_cell(2, 4, "9999"), ["column pixel3: '9999'"]),
    "a number of 40 digits": (with_cell(2, 4, "9" * 40), ["column pixel3: '9999"]),
    "1.5 in every cell": (
        text([[row[0], *(row[1:] + 0.5)] for row in CLEAN], None),
        ["row 1 (line 1), column 2:"],
    ),
    "256": (with_cell(2, 4, 256), ["row 3 (line 4), column pixel3: '256'", "0…255"]),
    "-1": (with_cell(2, 4, -1), ["row 3 (line 4), column pixel3: '-1'"]),
    "1.5": (with_cell(2, 4, 1.5), ["column pixel3: '1.5'"]),
    "empty": (with_cell(2, 4, ""), ["column pixel3", "empty"]),
    "nan": (with_cell(2, 4, "nan"), ["'nan'"]),
    "inf": (with_cell(2, 4, "inf"), ["'inf'"]),
    "a word": (with_cell(2, 4, "abc"), ["'abc'"]),
    "hexadecimal": (with_cell(2, 4, "0x1F"), ["'0x1F'"]),
    "underscore": (with_cell(2, 4, "1_0"), ["'1_0'"]),
    "Arabic-Indic digits": (with_cell(2, 4, "٣"), ["'٣'"]),
    "formula": (with_cell(2, 4, '"=HYPERLINK(""x"")"'), ["=HYPERLINK"]),
    "comment": (with_cell(2, 4, "#5"), ["'#5'"]),
    "a remark in place of a label": (with_cell(2, 0, "#5"), ["row 3 (line 4), column label"]),
    "NUL": (with_cell(2, 4, "1\0"), ["row 3 (line 4), column pixel3"]),
    "label 10": (with_cell(2, 0, 10), ["row 3 (line 4), column label: the label is 10", "0 … 9"]),
    "label -1": (with_cell(2, 0, -1), ["row 3", "column label: '-1'"]),
    "label 5.5": (with_cell(2, 0, 5.5), ["column label: '5.5'"]),
    "label five": (with_cell(2, 0, "five"), ["column label: 'five' is not a label, a digit 0 … 9"]),
    "short row": (text([*CLEAN.tolist(), CLEAN[0, :783].tolist()]), ["row 6 (line 7) has 783"]),
    "long row": (text([*CLEAN.tolist(), [*CLEAN[0], 7]]), ["row 6 (line 7) has 786"]),
    "every row too long": (text([[*row, 7] for row in CLEAN]), ["row 1 (line 2) has 786 values"]),
    "cut in a row": (LONG[: len(LONG) * 2 // 3], ["row ", "cut off"]),
    "Latin-1": (text(CLEAN, ["Zahl ä", *PIXELS]).encode("latin-1"), ["no UTF-8"]),
    "web page": ("<!DOCTYPE html><title>Sign in</title>", ["web page"]),
    "PNG": (b"\x89PNG\r\n\x1a\n" + bytes(50), ["picture (PNG)"]),
    "IDX": (b"\x00\x00\x08\x03" + bytes(50), ["IDX", "load_mnist"]),
    "nothing": ("", ["empty"]),
    "blank lines only": ("\n\n \n", ["empty"]),
    "header only": (text([]), ["no digit below"]),
    "a line without end": ("7," * LONGEST_LINE, ["more than 24,000 characters"]),
    "a later line without end": (
        text(CLEAN) + "7," * LONGEST_LINE,
        ["more than 24,000 characters"],
    ),
    "9,000 columns": (",".join(["1"] * 9000), ["9,000 columns"]),
    "blank lines without end": ("\n" * (MOST_LINES + 1), ["100,000 lines"]),
    "turned": (text(CLEAN.T, None), ["5 columns", "785"]),
    "packed and cut": (gzip.compress(LONG.encode())[:-50], ["damaged or cut off"]),
    "packed with a flipped bit": (None, ["damaged or cut off"]),
    "quote without end": (with_cell(2, 4, '"5'), ["row "]),
    # in other dress
    "semicolons, a short row": (
        text([*CLEAN.tolist(), CLEAN[0, :783].tolist()], between=";"),
        ["row 6 (line 7) has 783"],
    ),
    "tabs, 256": (
        with_cell(2, 4, 256).replace(",", "\t"),
        ["row 3 (line 4), column pixel3: '256'"],
    ),
    "blanks, a word": (
        with_cell(2, 4, "abc").split("\n", 1)[1].replace(",", " "),
        ["row 3 (line 3), column 5: 'abc'"],
    ),
    "semicolons, a decimal comma": (
        with_cell(2, 4, "1!5").replace(",", ";").replace("!", ","),
        ["row 3 (line 4), column pixel3: '1.5'"],
    ),
    "UTF-16, 256": (
        with_cell(2, 4, 256).encode("utf-16"),
        ["row 3 (line 4), column pixel3: '256'"],
    ),
    "UTF-16, cut within a character": (text(CLEAN).encode("utf-16")[:-1], ["UTF-8"]),
    "an index, 256": (
        text([[i, *row] for i, row in enumerate([*CLEAN, [1, 256, *CLEAN[0, 2:]]])], ["", *HEADER]),
        ["row 6 (line 7), column pixel0: '256'"],
    ),
    "label last, no header, label 10": (
        text(np.roll(REAL_WITH_10, -1, axis=1), None),
        ["row 4 (line 4), column 785: the label is 10"],
    ),
    "a title": (
        "MNIST, by hand\n" + text(CLEAN),
        ["2 columns in line 1 ('MNIST')", "delete lines above"],
    ),
    "a remark of C": ("// digits\n" + text(CLEAN, None), ["line 1", "delete lines above"]),
    "a tab behind the label": (
        text(CLEAN, None).replace(",", "\t", 1),
        ["line 1 has two separators; save it with one"],
    ),
    "blanks behind a semicolon": (
        text(CLEAN, None, between=" ").replace(" ", ";", 1),
        ["line 1 has two separators"],
    ),
    # labels in doubt
    "labels in words": (
        text([["ABCDE"[i], *row[1:]] for i, row in enumerate(CLEAN)], ["letter", *PIXELS]),
        ["row 1, column letter: 'A' is no digit 0 … 9", "name the column of labels 'label'"],
    ),
    "two columns may be labels": (
        text([[*row, row[0]] for row in CLEAN], ["a", *PIXELS, "b"]),
        ["'a' and 'b' may both be the label", "save it with one of them"],
    ),
    "class and target": (
        text([[*row, row[0]] for row in CLEAN], ["class", *PIXELS, "target"]),
        ["'class' and 'target'"],
    ),
    "a label and words": (
        text([[*row, "train"] for row in CLEAN], [*HEADER, "set"]),
        ["a further column 'set'", "save it without"],
    ),
    "one column for each class": (
        text(np.hstack([CLEAN[:, 1:], np.eye(10, dtype=int)[CLEAN[:, 0]]]), [*PIXELS, *range(10)]),
        ["10 further columns", "argmax"],
    ),
    "one column for each class, no header": (
        text(np.hstack([CLEAN[:, 1:], np.eye(10, dtype=int)[CLEAN[:, 0]]]), None),
        ["794 columns"],
    ),
    "an index and no label, many rows, no header": (
        text([[i, *row[1:]] for i, row in enumerate(REAL)], None),
        ["column 1 counts the rows", "no label", "labeled=False"],
    ),
    "numbers of rows and no label, no header": (
        text([[(i * 7919) % 5000, *row[1:]] for i, row in enumerate(REAL, 1)], None),
        ["column 1 counts the rows", "no label", "labeled=False"],
    ),
    "labels first and last, no header": (
        text(np.column_stack([REAL[:, :-1], np.maximum(REAL[:, 0], 1)]), None),
        ["column 1 and column 785 may both be the labels", "header"],
    ),
    "786 columns, no header": (text([[*row, 7] for row in CLEAN], None), ["786 columns", "785"]),
    "700 pixels": (
        text(CLEAN[:, :701], HEADER[:701]),
        ["no column 'pixel700'", "700 named like it"],
    ),
    "no names at all": (2 * (784 * "," + "\n"), ["no column 'pixel0'", "and 0 named like it"]),
    "a grid of names with a hole": (
        text(CLEAN[:, :-1], ["label", *(f"{i}x{j}" for i, j in GRID if (i, j) != (9, 9))]),
        ["no column '9x9'", "783 named like it"],
    ),
    "785 pixels and a label": (
        text([[*row, 7] for row in CLEAN], [*HEADER, "pixel784"]),
        ["'label'", "785"],
    ),
    "letters, labels to 25": (
        text([[*row[:-1], 0][:785] if i else [25, *row[1:]] for i, row in enumerate(CLEAN)]),
        ["row 1 (line 2), column label: the label is 25"],
    ),
    # pixels of another range
    "65535": (with_cell(2, 4, 65535), ["'65535' is not a whole number 0…255"]),
    "half an ink": (with_cell(2, 4, 0.5), ["column pixel3: '0.5' is not a whole number"]),
    "standardized": (scaled(lambda x: (x - 0.1307) / 0.3081), ["row 1", "standardized", "0…255"]),
    "from -1 to 1": (scaled(lambda x: 2 * x - 1), ["row 1 (line 2), column pixel0: '-"]),
    "0…1 and a 1.5": (scaled(at=1.5), ["row 3 (line 4), column pixel3: '1.5' is not in 0…1"]),
    "0…1 and a 37": (scaled(at=37), ["row 3 (line 4), column pixel3: '37"]),
    "0…1 and nothing": (scaled(at=""), ["row 3 (line 4), column pixel3: an empty cell"]),
    "0…1 and nan": (scaled(at="nan"), ["row 3 (line 4), column pixel3: 'nan'"]),
    "0…1 and a label of a half": (
        scaled().replace(f"\n{CLEAN[2, 0]},", "\n0.5,"),
        ["column label: the label is 0.5; expected 0 … 9"],
    ),
    "0…1, 0.5 for a label, no header": (
        scaled().split("\n", 1)[1].replace(f"\n{CLEAN[2, 0]},", "\n0.5,"),
        ["column 1: the label is 0.5; expected 0 … 9"],
    ),
    "no ink": (text(CLEAN * np.eye(785, dtype=int)[0]), ["no ink", "every pixel is 0"]),
    # names that pandas numbered, and one that it would not
    "names half numbered": (
        text(REAL, [str(n) for n in REAL[0]]).replace(",0,0,", ",0,0.1,", 1),
        ["row 1 (line 1), column ", "'0.1'"],
    ),
    # files of other kinds
    "zip with two tables": (
        of_files({"train.csv": text(CLEAN), "test.csv": text(CLEAN)}),
        ["zip archive", "2 files", "train.csv, test.csv", "unpack it and read one"],
    ),
    "zip with nothing in it": (of_files({}), ["empty zip archive"]),
    "zip with a password": (locked(text(CLEAN)), ["zip archive", "unpack it"]),
    "zip with gz in it": (
        of_files({"train.csv.gz": gzip.compress(LONG.encode())}),
        ["packed with gzip"],
    ),
    "zip, cut": (zipped(LONG)[:-40], ["damaged or cut off"]),
    "zip, a flipped bit": (damaged(zipped(LONG)), ["damaged or cut off"]),
    "bz2, cut": (bz2.compress(LONG.encode())[:-50], ["damaged or cut off"]),
    "bz2, a flipped bit": (damaged(bz2.compress(LONG.encode())), ["damaged or cut off"]),
    "xz, cut": (lzma.compress(LONG.encode())[:-50], ["damaged or cut off"]),
    "xz, a flipped bit": (damaged(lzma.compress(LONG.encode())), ["damaged or cut off"]),
    "npz": (arrays(x_train=CLEAN, y_train=CLEAN[:, 0]), ["np.load", "x_train.npy"]),
    "npy": (b"\x93NUMPY\x01\0" + bytes(90), ["NumPy array", "np.load"]),
    "xlsx": (of_files({"[Content_Types].xml": "<", "xl/a.xml": "<"}), ["Excel", "CSV UTF-8"]),
    "xlsx of openpyxl": (of_files({"docProps/app.xml": "<", "xl/a.xml": "<"}), ["Excel"]),
    "xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(90), ["Excel", "CSV"]),
    "ods": (
        of_files({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": ""}),
        ["LibreOffice", "CSV"],
    ),
    "tar": (tarred(text(CLEAN)), ["tar archive", "unpack it"]),
    "tar.gz": (gzip.compress(tarred(text(CLEAN)).ljust(9000, b"\0")), ["tar archive", "unpack it"]),
    "tar.xz": (lzma.compress(tarred(text(CLEAN))), ["tar archive", "unpack it"]),
    "7z": (b"7z\xbc\xaf\x27\x1c" + bytes(90), ["7-Zip", "unpack it"]),
    "rar": (b"Rar!\x1a\x07\x01\0" + bytes(90), ["RAR", "unpack it"]),
    "zst": (b"\x28\xb5\x2f\xfd" + bytes(90), ["Zstandard", "unpack it"]),
    "lz4": (b"\x04\x22\x4d\x18" + bytes(90), ["LZ4", "unpack it"]),
    "packed twice": (gzip.compress(gzip.compress(LONG.encode())), ["packed with gzip", "unpack"]),
    "parquet": (b"PAR1\x15\x04" + bytes(90), ["Parquet", "pandas"]),
    "feather": (b"ARROW1\0\0" + bytes(90), ["Arrow", "pandas"]),
    "hdf5": (b"\x89HDF\r\n\x1a\n" + bytes(90), ["HDF5", "pandas"]),
    "mat": (b"MATLAB 5.0 MAT-file, Platform: GLNXA64".ljust(128), ["MATLAB", "scipy.io.loadmat"]),
    "sqlite": (b"SQLite format 3\0" + bytes(90), ["SQLite", "pandas"]),
    "json": ('[{"label": 5, "pixel0": 0}]', ["JSON", "pandas"]),
    "git-lfs": (
        "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 76775041\n",
        ["Git LFS", "git lfs pull"],
    ),
    "arff": (
        "% MNIST\n@RELATION mnist_784\n@ATTRIBUTE pixel1 REAL\n@DATA\n"
        + text(np.roll(CLEAN, -1, axis=1), None),
        ["ARFF", "@DATA"],
    ),
    "libsvm": ("5 153:3 154:18 155:18\n" * 9, ["columns in line 1", "785"]),
    "an array in one cell": ('label,image\n5,"[0 0 0 3 18]"\n', ["2 columns", "785"]),
}


CAUSES = {  # the errors that are kept behind ours
    "Latin-1": UnicodeDecodeError,
    "packed and cut": EOFError,
    "packed with a flipped bit": (zlib.error, gzip.BadGzipFile, EOFError),
    "UTF-16, cut within a character": UnicodeDecodeError,
    "zip, cut": zipfile.BadZipFile,
    "zip, a flipped bit": (zipfile.BadZipFile, zlib.error),
    **dict.fromkeys([f"{kind}, cut" for kind in ("bz2", "xz")], EOFError),
    **dict.fromkeys([f"{kind}, a flipped bit" for kind in ("bz2", "xz")], EOFError),
}


@pytest.mark.parametrize("name", BAD)
def test_a_damaged_file_is_refused_in_words(tmp_path, name):
    content, fragments = BAD[name]
    path = tmp_path / ("flipped.csv.gz" if content is None else "train.csv")
    content = damaged(gzip.compress(LONG.encode())) if content is None else content
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    (tmp_path / "good.csv").write_text(text(CLEAN))
    with refused(DataFileError, tmp_path, path.name, *fragments, cause=CAUSES.get(name)):
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


@pytest.mark.parametrize("number", [errno.EACCES, errno.EIO, errno.ENAMETOOLONG])
@pytest.mark.parametrize("call", ["open", "read"])
def test_trouble_on_this_computer_is_said_in_words(tmp_path, monkeypatch, number, call):
    path = tmp_path / "train.csv"
    path.write_text(text(CLEAN))

    def failing(*_, **__):
        raise OSError(number, os.strerror(number), str(path))

    with refused(DataFileError, tmp_path, "train.csv", os.strerror(number), cause=OSError):
        with monkeypatch.context() as patch:
            if call == "open":
                patch.setattr("builtins.open", failing)
            else:
                patch.setattr("nnlib.data.csv_file.lines_of", failing)
            load_csv(path)


@pytest.mark.parametrize("name", ["x" * 300, "~nosuchuser/x", "a\0b.csv", "a\nb\nc\nd\ne\nf.csv"])
def test_a_name_that_no_file_can_have_is_refused(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    with refused(DataFileError, tmp_path, name[:1]):
        load_csv(name)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
def test_a_name_of_many_lines_stays_on_one(tmp_path):
    path = tmp_path / ("a\n" * 8 + "\x1b[2J.csv")
    path.write_text(with_cell(2, 4, "\N{GRINNING FACE}\x1b"))
    with refused(DataFileError, tmp_path, "column pixel3") as caught:
        load_csv(path)
    assert str(caught.value).isprintable()


# ---- many rows ----


def many(m):
    """A file of m rows, each of them of one of the 40 real digits, and those rows."""
    rows = np.resize(REAL, (m, 785))
    lines = [",".join(map(str, row)) + "\n" for row in REAL]
    return [",".join(HEADER) + "\n", *(lines[i % 40] for i in range(m))], rows


@pytest.mark.parametrize("m", [BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK + 7])
def test_rows_of_every_block_are_kept_in_order(tmp_path, m):
    lines, rows = many(m)
    path = tmp_path / "train.csv"
    path.write_text("".join(lines))
    assert_reads(path, rows)


@pytest.mark.slow
@pytest.mark.parametrize("value", ["256", "1.5", '"7', "", "7,7"])
def test_a_bad_cell_is_named_in_every_block(tmp_path, value):
    path = tmp_path / "train.csv"
    for place in (1, BLOCK, BLOCK + 1, 2 * BLOCK + 4, 3 * BLOCK + 7):
        lines, _ = many(3 * BLOCK + 7)
        lines[place] = lines[place].removesuffix("0\n") + value + "\n"
        path.write_text("".join(lines))
        said = "has 786 values" if value == "7,7" else "column pixel783: "
        with refused(DataFileError, tmp_path, f"row {place:,} (line {place + 1:,})", said):
            load_csv(path)


def test_more_lines_than_any_known_file_has_are_refused(tmp_path, monkeypatch):
    assert 60_001 <= MOST_LINES <= 100_000
    path, (lines, rows) = tmp_path / "train.csv", many(2 * BLOCK)
    path.write_text("".join(lines))
    monkeypatch.setattr(csv_file, "MOST_LINES", 2 * BLOCK + 1)
    assert_reads(path, rows)
    monkeypatch.setattr(csv_file, "MOST_LINES", 2 * BLOCK)
    with refused(DataFileError, tmp_path, f"or {2 * BLOCK:,} lines"):
        load_csv(path)


def test_lines_as_long_as_may_be_cost_little_memory(tmp_path):
    path = tmp_path / "train.csv"
    long = ("\N{GRINNING FACE}" * (LONGEST_LINE - 2) + "\n").encode()
    path.write_bytes(gzip.compress(text(CLEAN).encode() + 2 * BLOCK * long, 1))
    tracemalloc.start()
    with pytest.raises(DataFileError, match=r"row 6 .* has 1 values"):
        load_csv(path)
    assert tracemalloc.get_traced_memory()[1] < 150e6
    tracemalloc.stop()


def test_where_python_cannot_unpack_it_is_said(tmp_path, monkeypatch):
    path = tmp_path / "train.csv.xz"
    path.write_bytes(lzma.compress(text(CLEAN).encode()))
    with monkeypatch.context() as patch:
        patch.setitem(sys.modules, "lzma", None)  # as in a browser
        with refused(DataFileError, tmp_path, "train.csv.xz", "packed with xz (.xz); unpack it"):
            load_csv(path)
    assert_reads(path, CLEAN)


def in_a_zip(content):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("train.csv", content)
    return buffer.getvalue()


@pytest.mark.slow
@pytest.mark.parametrize("line", ["", "\n", "0,"], ids=["zeros", "blank lines", "numbers"])
@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress, in_a_zip])
def test_a_bomb_is_unpacked_no_further_than_it_must_be(tmp_path, pack, line):
    path = tmp_path / "train.csv"
    path.write_bytes(pack((line or "\0").encode() * (30_000_000 // max(1, len(line)))))
    tracemalloc.start()
    with refused(DataFileError, tmp_path, "train.csv"):
        load_csv(path)
    assert tracemalloc.get_traced_memory()[1] < 20e6
    tracemalloc.stop()


@pytest.mark.parametrize("known", [10_000, 28_000, 42_000, 60_000])
def test_one_row_fewer_than_a_known_file_has_is_refused(tmp_path, monkeypatch, known):
    monkeypatch.setattr(csv_file, "KNOWN", {len(CLEAN) + 1, *(csv_file.KNOWN - {known})})
    assert len(csv_file.KNOWN) == 4
    path = tmp_path / "train.csv"
    path.write_text(text(CLEAN))
    with refused(DataFileError, tmp_path, "5 digits", "6", "cut off"):
        load_csv(path)
    path.write_text(text(CLEAN[:4]))
    assert_reads(path, CLEAN[:4])


def test_a_file_that_is_replaced_meanwhile_is_read_as_it_was(tmp_path, monkeypatch):
    """Two files that differ in the order of their columns are never mixed."""
    path = tmp_path / "train.csv"
    path.write_text(GOOD["columns shuffled"])
    columns_of = table.columns_of

    def and_replace(*rest):
        (tmp_path / "new").write_text(GOOD["label last"])
        os.replace(tmp_path / "new", path)
        return columns_of(*rest)

    monkeypatch.setattr(table, "columns_of", and_replace)
    X, y = load_csv(path)
    np.testing.assert_array_equal(y, CLEAN[:, 0])
    np.testing.assert_array_equal(X, (CLEAN[:, 1:].T / np.float32(255)).astype(np.float32))


@pytest.mark.parametrize("labels", [[0] * 5, [7] * 5, [3, 0, 1, 2, 4], [1, 0, 0, 0, 0], [5]])
def test_few_real_digits_without_a_header_are_read(tmp_path, labels):
    """Among them a file that holds nothing but zeros: it is not taken for one with labels last."""
    path = tmp_path / "train.csv"
    rows = np.array([SAMPLE.X[:, SAMPLE.y == label].T[i] for i, label in enumerate(labels)])
    rows = np.column_stack([labels, np.rint(rows * 255).astype(int)])
    path.write_text(text(rows, None))
    assert_reads(path, rows)


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


@pytest.mark.slow
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
