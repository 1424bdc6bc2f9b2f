"""Digits from a table as text, one a row: read without doubt, or refused with row and column.

Read is what NumPy, pandas, OpenML and Kaggle write: a label first or last, or named, or none;
pixels named and counted in any way, or not; a column that counts the rows; whole numbers, also as
1.0 or 1.0e+00, or 0…1; between commas, semicolons, tabs, pipes or blanks; in UTF-8 or UTF-16;
plain, or packed (.gz, .bz2, .xz, a .zip with one table).
"""

import codecs
import io
import os
import pathlib
import warnings
import zipfile
from contextlib import contextmanager

from nnlib.data.columns import beginning
from nnlib.data.digits import Digits
from nnlib.data.looks import oddities
from nnlib.data.table import goes_to_1, labels_of, pixels_of, read_table
from nnlib.system.errors import DataFileError, DigitsWarning
from nnlib.system.files import BROKEN, files_in, not_there, unpacked, what_it_is

LONGEST_LINE = 24_000  # characters; 785 numbers of np.savetxt have 20,410
MOST_LINES = 100_000  # a file packed small could otherwise take all memory
KNOWN = {60_000, 10_000, 42_000, 28_000}  # rows of MNIST's and of Kaggle's files
ENCODINGS = {  # by how a text in them begins
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
SCALED = "its pixels are 0…1, not 0…255; they are taken as they are, 1 is ink"
WITH_PANDAS = "read it with pandas, then write table.to_csv('digits.csv', index=False)"
WAYS_ON = {  # what to do with a file that is no table as text, by a word in what it is
    "empty": "get it again",
    "archive": "unpack it",
    "packed": "unpack it",
    "Excel": "save it there as CSV UTF-8",
    "LibreOffice": "save it there as CSV in UTF-8",
    "Git LFS": "fetch the file: git lfs pull",
    "web page": "download the file itself",
    "NumPy": "np.load reads it",
    "MATLAB": "scipy.io.loadmat reads it",
    "load_mnist": "name its folder in NNLIB_DATA",
    **dict.fromkeys(["Parquet", "Arrow", "SQLite", "HDF5", "JSON", "pickle"], WITH_PANDAS),
    "": "get the table as CSV in UTF-8",
}


def load_csv(path, labeled=True):
    """Read digits from a table as text (CSV), every value checked.

    A `DigitsWarning` says what was taken for granted, or that the pictures do not look like
    digits as they lie: inverted, transposed, mirrored, turned, of another range, or no digits.

    What cannot be seen: that a file was cut off exactly at the end of a row or within its last
    number, unless it is one row short of a known file (MNIST's 60,000 and 10,000, Kaggle's 42,000
    and 28,000); that a digit was changed into another; that fewer than four are turned, or only
    digits that look alike when they are.

    Parameters
    ----------
    path : str or pathlib.Path
        Plain or packed, whatever its name says. Named columns may stand in any order; the pixels
        are the 784 that are named alike and count, pixel0 … or 1x1 …; the label is called so, or
        class, target, y, or is the one further column with whole numbers 0…9. Without such names
        the label is the first or the last.
    labeled : bool, default True
        Whether the file has a column of labels. Kaggle's test.csv has none.

    Returns
    -------
    Digits
        `X` (784, m), float32 in 0…1, laid out as `load_mnist` does; `y` (m,) integers 0…9, or
        None for a file without labels. At most 100,000 digits.

    Raises
    ------
    DataFileError
        Names what was found, in which row, line and column, and what was expected; also if
        there is no such file.
    """
    path = pathlib.Path(os.path.expanduser(path))
    shown = beginning(path.name, 60)
    with opened(path, shown) as file:
        table = read_table(lines_of(file, shown), labeled, shown)
    check_count(len(table.lines), shown)
    y, place = labels_of(table) if labeled else (None, None)
    is_scaled = goes_to_1(table, place)
    digits = Digits(pixels_of(table, place, is_scaled), y)
    for words in [*table.notices, *[SCALED] * is_scaled, *oddities(digits)]:
        warnings.warn(f"{shown}: {words}", DigitsWarning, stacklevel=2)
    return digits


def check_count(m, shown):
    """Raise DataFileError for one row fewer than a file has that is known."""
    if m + 1 in KNOWN:
        raise DataFileError(
            f"{shown} holds {m:,} digits, the known file {m + 1:,}: was it cut off, or its first "
            "row taken for a header? copy it again"
        )


@contextmanager
def opened(path, shown):
    """Open a file as text, unpacked if it is packed; DataFileError for what is no text."""
    try:
        if not os.path.isfile(path):
            raise DataFileError(beginning(not_there(path), 400))
        with unpacked(path) as file:
            start = file.peek(512)[:512]
            encoding = encoding_of(start)
            kind = what_it_is(start) if encoding == "utf-8-sig" else None
            if kind:
                raise DataFileError(f"{shown} is no CSV file, it is {kind}; {way_on(kind, path)}")
            yield io.TextIOWrapper(file, encoding=encoding)
    except UnicodeDecodeError as error:
        said = f"{shown} holds bytes that are no UTF-8 text; save it as CSV in UTF-8"
        raise DataFileError(said) from error
    except BROKEN as error:
        said = f"{shown} is packed, and damaged or cut off; copy it again"
        raise DataFileError(said) from error
    except OSError as error:
        said = f"{shown} could not be read ({error.strerror}); copy it to another folder"
        raise DataFileError(said) from error


def encoding_of(start):
    """Find out how a text is encoded that begins with these bytes; without a mark, by its zeros."""
    marked = next((name for mark, name in ENCODINGS.items() if start.startswith(mark)), None)
    if marked:
        return marked
    even, odd = (any(start[parity:64:2]) for parity in (0, 1))
    return {(True, False): "utf-16-le", (False, True): "utf-16-be"}.get((even, odd), "utf-8-sig")


def way_on(kind, path):
    """Say what to do with a file that is no text."""
    if kind == "a zip archive":
        with zipfile.ZipFile(path) as archive:
            names = [beginning(member.filename, 40) for member in files_in(archive)]
        if names and all(name.endswith(".npy") for name in names):
            return "np.load reads it: " + ", ".join(names[:4])
        return f"it holds {len(names)} files ({', '.join(names[:3])} …); unpack it and read one"
    return next(words for word, words in WAYS_ON.items() if word in kind)


def lines_of(file, shown):
    """Yield lines that are not blank, with their numbers; DataFileError for one far too long."""
    pieces = iter(lambda: file.readline(LONGEST_LINE), "")
    for number, line in enumerate(pieces, start=1):
        if len(line) == LONGEST_LINE or number > MOST_LINES:
            raise DataFileError(
                f"{shown} has more than {LONGEST_LINE:,} characters in a line, or {MOST_LINES:,} "
                "lines; expected one digit a line, 785 numbers: split it, or mend it"
            )
        if line.strip():
            yield number, line
