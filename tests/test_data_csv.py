"""CSV files come in to the bit, or are refused with the row, the line, the column and a way on."""

import errno
import gzip
import io
import os
import tracemalloc
import zipfile
import zlib

import numpy as np
import pytest
from rough import mutated, nothing_lost, refused

from nnlib.data import csv_file, load_csv, load_mnist
from nnlib.data.csv_file import BLOCK, LONGEST_LINE, MOST_LINES
from nnlib.system.errors import DataFileError

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
    "quoted, blanks around the quotes": text(
        [[f'"{value}" ' for value in row] for row in CLEAN], between=", "
    ),
    "one number in quotes": with_cell(2, 4, f'"{CLEAN[2, 4]}"'),
    "zeros before the numbers": text([[f"{value:03}" for value in row] for row in CLEAN]),
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
    "label last, no header, real digits": (
        text(np.roll(REAL, -1, axis=1), None),
        ["every label is 0", "column 785 looks like the labels"],
    ),
    "label in the middle, no header, real digits": (
        text(np.insert(REAL[:, 1:], 400, REAL[:, 0], axis=1), None),
        ["every label is 0", "column 401 looks like the labels"],
    ),
    "an index and no label, no header": (
        text([[i, *row[1:]] for i, row in enumerate(CLEAN)], None),
        ["column 1 counts the rows", "without"],
    ),
    "an index from 1 and no label, no header": (
        text([[i + 1, *row[1:]] for i, row in enumerate(CLEAN)], None),
        ["column 1 counts the rows"],
    ),
    "numbers as a header": (text(CLEAN, range(785)), ["line 1", "counts the columns", "without"]),
    "a long name in the header": (
        text(CLEAN, ["x" * 9000, *PIXELS]),
        ["no column 'label'", "xxxxxxxxxxxxxxxxxxxx…'"],
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
    "a plus": (with_cell(2, 4, "+5"), ["column pixel3: '+5'"]),
    "minus zero": (with_cell(2, 4, "-0"), ["column pixel3: '-0'"]),
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
    "pipes": (text(CLEAN, between="|"), ["pipes"]),
    "blanks": (text(CLEAN, None, between=" "), ["blanks", "commas"]),
    "a comment first": ("# the digits\n" + text(CLEAN), ["comment", "#"]),
    "the header as a comment": ("# " + text(CLEAN), ["comment", "#"]),
    "UTF-16": (text(CLEAN).encode("utf-16"), ["UTF-16", "UTF-8"]),
    "Latin-1": (text(CLEAN, ["Zahl ä", *PIXELS]).encode("latin-1"), ["no UTF-8"]),
    "zip": (zipped(text(CLEAN)), ["zip archive"]),
    "web page": ("<!DOCTYPE html><title>Sign in</title>", ["web page"]),
    "PNG": (b"\x89PNG\r\n\x1a\n" + bytes(50), ["picture (PNG)"]),
    "IDX": (b"\x00\x00\x08\x03" + bytes(50), ["IDX", "load_mnist"]),
    "nothing": ("", ["empty"]),
    "blank lines only": ("\n\n \n", ["empty"]),
    "header only": (text([]), ["no digit below"]),
    "a line without end": ("7," * LONGEST_LINE, ["more than 20,000 characters"]),
    "a later line without end": (
        text(CLEAN) + "7," * LONGEST_LINE,
        ["more than 20,000 characters"],
    ),
    "9,000 columns": (",".join(["1"] * 9000), ["9,000 columns"]),
    "blank lines without end": ("\n" * (MOST_LINES + 1), ["100,000 lines"]),
    "turned": (text(CLEAN.T, None), ["5 columns", "785"]),
    "packed and cut": (gzip.compress(LONG.encode())[:-50], ["damaged or cut off"]),
    "packed with a flipped bit": (None, ["damaged or cut off"]),
    "quote without end": (with_cell(2, 4, '"5'), ["row "]),
}


CAUSES = {  # the errors that are kept behind ours
    "Latin-1": UnicodeDecodeError,
    "packed and cut": EOFError,
    "packed with a flipped bit": (zlib.error, gzip.BadGzipFile, EOFError),
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
    path.write_text(text(CLEAN, between=";"))
    with refused(DataFileError, tmp_path, "semicolons") as caught:
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
    columns_of = csv_file.columns_of

    def and_replace(*rest):
        (tmp_path / "new").write_text(GOOD["label last"])
        os.replace(tmp_path / "new", path)
        return columns_of(*rest)

    monkeypatch.setattr(csv_file, "columns_of", and_replace)
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
