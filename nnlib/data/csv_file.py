"""Digits from a CSV file, one a row: read strictly, or refused with the row, the line, the column.

Understood are Kaggle's train.csv (a column `label`, then pixel0 … pixel783), its test.csv (no
label), and mnist_train.csv (label first, with or without a header), plain or packed (.gz).
"""

import io
import itertools
import os
import pathlib
import re
from contextlib import contextmanager

import numpy as np

from nnlib.data.digits import Digits, as_columns
from nnlib.system.errors import DataFileError
from nnlib.system.files import BROKEN, not_there, unpacked, what_it_is

N_PIXELS = 784
LONGEST_LINE = 20_000  # characters; 785 quoted names have less than 10,000
HINT = "unpack it, save it as CSV in UTF-8, or get the file itself"
UNLABELED = "if it is a test file without labels, read it with load_csv(..., labeled=False)"
MOST_LINES = 100_000  # a file packed small could otherwise take all memory
KNOWN = {60_000, 10_000, 42_000, 28_000}  # rows of MNIST's and of Kaggle's files
BLOCK = 1_000  # rows read at a time
SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "pipes", " ": "blanks"}
BYTES = {f"{n:0{width}}": n for n in range(256) for width in (1, 2, 3)}  # as a cell may say it
NUMBERINGS = (  # how the columns of pixels are named in the files that are around
    [f"pixel{i}" for i in range(N_PIXELS)],
    [f"pixel{i}" for i in range(1, N_PIXELS + 1)],
    [f"{row}x{column}" for row in range(1, 29) for column in range(1, 29)],
)


def load_csv(path, labeled=True):
    """Read digits from a CSV file, every value checked.

    What cannot be seen: that a file was cut off exactly at the end of a row or within its last
    number, unless it is one row short of a known file (MNIST's 60,000 and 10,000, Kaggle's 42,000
    and 28,000); that a digit was changed into another; and without a header, in three rows or
    fewer, that the label is not the first.

    Parameters
    ----------
    path : str or pathlib.Path
        Plain or packed with gzip, whatever its name says. With a header, columns may stand in any
        order; without one, the label is the first.
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
        lines = lines_of(file, shown)
        number, first = next(lines, (0, ""))
        if not first:
            raise DataFileError(f"{shown} is empty; expected one digit a line: get it again")
        names, order = columns_of(first, shown, labeled)
        if not names:
            lines = itertools.chain([(number, first)], lines)
        table = read_table(lines, names, order, shown)
    check_digits(table, shown, names, labeled)
    pixels, y = table[:, labeled:], table[:, 0].astype(np.intp)
    return Digits(as_columns(pixels), y if labeled else None)


def beginning(text, most=20):
    """Keep the beginning of a text, on one line."""
    text = text if text.isprintable() else ascii(text)[1:-1]
    return text if len(text) <= most else text[:most] + "…"


@contextmanager
def opened(path, shown):
    """Open a file as text, unpacked if it is packed; DataFileError for what is no text."""
    try:
        if not os.path.isfile(path):
            raise DataFileError(beginning(not_there(path), 400))
        with unpacked(path) as file:
            kind = what_it_is(file.peek(64)[:64])
            if kind:
                raise DataFileError(f"{shown} is no CSV file, it is {kind}; {HINT}")
            yield io.TextIOWrapper(file, encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        said = f"{shown} holds bytes that are no UTF-8 text; save it as CSV in UTF-8"
        raise DataFileError(said) from error
    except BROKEN as error:
        said = f"{shown} is packed, and damaged or cut off; copy it again"
        raise DataFileError(said) from error
    except OSError as error:
        said = f"{shown} could not be read ({error.strerror}); copy it to another folder"
        raise DataFileError(said) from error


def lines_of(file, shown):
    """Yield lines that are not blank, with their numbers; DataFileError for one far too long."""
    pieces = iter(lambda: file.readline(LONGEST_LINE), "")
    for number, line in enumerate(pieces, start=1):
        if len(line) == LONGEST_LINE or number > MOST_LINES:
            raise DataFileError(
                f"{shown} has more than {LONGEST_LINE:,} characters in a line, or {MOST_LINES:,} "
                f"lines; expected one digit a line, {N_PIXELS + 1} numbers: split it, or mend it"
            )
        if line.strip():
            yield number, line


def cells_of(line):
    """Split a line into its cells, without quotes and blanks around them."""
    cells = [cell.strip() for cell in line.split(",")]
    return [cell[1:-1].strip() if re.fullmatch('".+"', cell) else cell for cell in cells]


def columns_of(first, shown, labeled):
    """Find the names in a header, or None; and where the label (if any) and each pixel stand."""
    expected, cells = N_PIXELS + labeled, cells_of(first)
    if first.startswith("#"):
        raise DataFileError(f"{shown} begins with a comment; delete that line, or its #")
    if cells[:300] == [str(i) for i in range(300)]:
        raise DataFileError(f"{shown}: line 1 only counts the columns; save it without that line")
    if len(cells) > 1 and re.search("[A-Za-z]", first):
        return cells, by_name(cells, shown, labeled)
    if len(cells) != expected:
        raise DataFileError(wrong_width(first, cells, shown, labeled))
    return None, list(range(expected))


def wrong_width(first, cells, shown, labeled):
    """Say why the first line is no header and no digit."""
    for mark, name in SEPARATORS.items():
        if first.count(mark) >= N_PIXELS - 1 and len(cells) == 1:
            return f"{shown} separates its values by {name}; save it with commas"
    if labeled and len(cells) == N_PIXELS:
        return f"{shown} has 784 columns, the pixels, and no label; {UNLABELED}"
    expected = "785: its label, then 784 pixels" if labeled else "784 pixels"
    return f"{shown} has {len(cells):,} columns in line 1; expected one digit a row, {expected}"


def by_name(names, shown, labeled):
    """Find where the label and the pixels stand, by the names in the header."""
    lower = [name.lower() for name in names]
    for name in lower:
        if lower.count(name) > 1:
            said = f"the column {beginning(name)!r} twice" if name else "two columns without a name"
            raise DataFileError(f"{shown} has {said} in its header; name each once")
    pixels = max(NUMBERINGS, key=lambda numbering: len({*numbering} & {*lower}))
    wanted = [*(["label"] if labeled else []), *pixels]
    missing = [name for name in wanted if name not in lower]
    if missing:
        hint = UNLABELED if missing == ["label"] else f"expected {wanted[0]} … {wanted[-1]}"
        raise DataFileError(
            f"{shown} has no column {missing[0]!r} in its header ({len(missing)} of {len(wanted)} "
            f"are missing; it begins with {beginning(names[0])!r}); {hint}"
        )
    extra = [name for name in lower if name not in wanted]
    if extra:
        said = (
            f"a column {beginning(extra[0])!r}" if extra[0] else "a column without a name, an index"
        )
        raise DataFileError(
            f"{shown} has {len(names)} columns, {len(wanted)} were expected: there is {said}; save "
            "it without" + (", or read it with labels" if extra == ["label"] else "")
        )
    return [lower.index(name) for name in wanted]


def read_table(lines, names, order, shown):
    """Read all rows as bytes (m, number of columns), the columns in the given order, in blocks."""
    blocks, m = [np.zeros((0, len(order)), np.uint8)], 0
    while block := list(itertools.islice(lines, BLOCK)):
        numbers = read_plain(block, len(order))
        if numbers is None:
            numbers = read_cells(block, m, names, len(order), shown)
        m += len(block)
        blocks.append(np.ascontiguousarray(numbers[:, order], dtype=np.uint8))
    return np.concatenate(blocks)


def read_plain(block, width):
    """Read some lines fast; None unless all of them are bytes between commas."""
    lines = [line for _, line in block]
    if any(map(re.compile(r"[^0-9,\n]").search, lines)):
        return None
    try:
        # as floats: into an integer, NumPy 2.0 squeezes a number of 40 digits without a word
        numbers = np.loadtxt(lines, delimiter=",", comments=None, ndmin=2)
    except ValueError:  # a row is longer than another, or a cell is empty
        return None
    return numbers if numbers.shape[1] == width and numbers.max() <= 255 else None


def read_cells(block, m, names, width, shown):
    """Read the lines behind row m cell by cell; DataFileError for the first mistake."""
    numbers = np.zeros((len(block), width), np.uint8)
    for i, (number, line) in enumerate(block):
        where, cells = f"{shown}: row {m + i + 1:,} (line {number:,})", cells_of(line)
        if len(cells) != width:
            said = f"{where} has {len(cells):,} values; expected {width}"
            raise DataFileError(f"{said}; was the file cut off? copy it again")
        for column, cell in enumerate(cells):
            if cell not in BYTES:
                name = beginning(names[column]) if names else column + 1
                raise DataFileError(f"{where}, column {name}: {no_byte(cell)}")
        numbers[i] = [BYTES[cell] for cell in cells]
    return numbers


def no_byte(cell):
    """Say why a cell holds no byte."""
    is_scaled = re.fullmatch(r"0?\.[0-9]+", cell)
    hint = "; the pixels look already scaled to 0…1: save them as 0…255" if is_scaled else ""
    return f"{repr(beginning(cell)) if cell else 'an empty cell'} is not a whole number 0…255{hint}"


def check_digits(table, shown, names, labeled):
    """Raise DataFileError for bytes that can be no digits, or not all of them."""
    m = len(table)
    if not m:
        raise DataFileError(f"{shown} has a header and no digit below it; get it again")
    if m + 1 in KNOWN:
        raise DataFileError(
            f"{shown} holds {m:,} digits, the known file {m + 1:,}: was it cut off, or its first "
            "row taken for a header? copy it again"
        )
    if labeled and table[:, 0].max() > 9:
        row = int(np.argmax(table[:, 0] > 9))
        hint = "" if names else " in the first column: does the label stand last?"
        said = f"{shown}: row {row + 1:,}: the label is {table[row, 0]}; expected 0 … 9{hint}"
        raise DataFileError(said)
    doubt = doubt_about_labels(table) if labeled and not names else None
    if doubt:
        raise DataFileError(f"{shown}: {doubt}; name the columns in a header")
    if table[:, labeled:].max() <= 1:
        raise DataFileError(
            f"{shown} holds no pixel above 1; expected 0…255: they look already scaled or "
            "turned to black and white"
        )


def doubt_about_labels(table):
    """Say why the first column may hold no labels, as far as one can see; None if it may."""
    m, y = len(table), table[:, 0]
    if m > 1 and y[0] <= 1 and (np.diff(y) == 1).all():
        return "column 1 counts the rows, an index? save the file without it"
    # pixel 0 is 0 in every digit, and others at the edge in nearly all; labels seldom are
    like_labels = (table.max(axis=0) <= 9) & (np.count_nonzero(table, axis=0) > m / 2)
    like_labels &= table.min(axis=0) < table.max(axis=0)
    if y.any() or not like_labels.any():
        return None
    return f"every label is 0, and column {int(np.argmax(like_labels)) + 1} looks like the labels"
