"""A table of digits, one a row: its numbers are read a block of lines at a time, and judged.

A block that is all right is read by NumPy at once; only for one that is not, cell by cell, to name
the row, the line and the column.
"""

import csv
import itertools
import math
import re
from typing import NamedTuple

import numpy as np

from nnlib.data.columns import (
    N_PIXELS,
    NUMBER,
    Columns,
    beginning,
    column,
    columns_of,
    could_be_labels,
    counts,
    groups_of,
    is_header,
    unmangled,
)
from nnlib.data.digits import as_columns
from nnlib.system.errors import DataFileError

BLOCK = 1_000  # rows read at a time
ALMOST = 1e-3  # so far from a whole number is one that was calculated: 254.00002
SEEN = 100  # rows from which it is found out how all are to be read
MARKS = {",\t": 783, ";": 783, "\t": 783, "|": 783, ",": 1}  # separators, and how many must be
BOOLEANS = {"True": "1", "False": "0", "TRUE": "1", "FALSE": "0"}
UNTIDY = "\"'TF"  # what no number holds: quotes, True or False
QUOTED = re.compile(r"""b?("|')([^"']*)\1""")  # "5", and '5' or b'5' as readers of ARFF leave it
MANGLED = (
    "line 1 holds a digit that pandas once took for names (0, 0.1, 0.2 …); it is read as a digit"
)
PARTS = {None: slice(None), 0: slice(1, None), -1: slice(None, -1)}  # pixels, by the label's place


class Layout(NamedTuple):
    """How a line is to be read."""

    columns: Columns
    mark: str | None  # between two values; None for blanks
    width: int  # values in a line
    is_scaled: bool  # pixels 0…1
    shown: str  # what errors call the file


class Rows(NamedTuple):
    """What was read: the label (first or last, or none) and the pixels of every row."""

    layout: Layout
    blocks: list[np.ndarray]  # of bytes; of float32 if the pixels are 0…1
    lines: list[int]  # the line of each row
    notices: list[str]


def read_table(lines, labeled, shown):
    """Read all rows of numbered lines; DataFileError for the first value that is none."""
    number, first, mark = first_line(lines, shown)
    cells, names, notices = names_in(first, mark), None, []
    digit = unmangled(cells)
    if digit:
        notices, first = [MANGLED], (mark or " ").join(digit)
    elif is_header(cells):
        check_header(cells, number, shown)
        names, first = cells, None
    rest = (pair for pair in lines if not is_remark(pair[1], mark))
    lines = itertools.chain([(number, first)] if first else [], rest)
    block = list(itertools.islice(lines, BLOCK))
    if not block:
        raise DataFileError(f"{shown} has a header and no digit below it; get it again")
    layout = layout_of(names, block, mark, labeled, shown)
    blocks, read = [], []
    while block:
        blocks.append(read_block(block, len(read), layout))
        read += [number for number, _ in block]
        block = list(itertools.islice(lines, BLOCK))
    return Rows(layout, blocks, read, notices)


def first_line(lines, shown):
    """Find the first line that is no remark, its number, and what separates its values."""
    for number, line in lines:
        text = line.lstrip("#% ") if line[0] in "#%" else line
        if text.lower().startswith("@relation"):
            raise DataFileError(f"{shown} is an ARFF file; delete its lines down to @DATA")
        mark = next((mark for mark, n in MARKS.items() if text.count(mark) >= n), None)
        mark = "," if mark == ",\t" else mark  # tabs behind it are blanks
        if not is_remark(line, mark) and not re.fullmatch(r"sep=.\s*", text):  # Excel is told so
            check_mark(text, mark, number, shown)
            return number, text, mark
    raise DataFileError(f"{shown} is empty; expected one digit a line: get it again")


def is_remark(line, mark):
    """Tell whether a line is a remark, as np.savetxt writes them; names behind a # are none."""
    return line[0] in "#%" and len(line.split(mark)) < N_PIXELS


def check_mark(line, mark, number, shown):
    """Raise DataFileError for a line whose values are separated in two ways."""
    others = {",": r"[;|]|[^,]\t", None: r"[;|]"}.get(mark)
    if others and re.search(others, line):
        raise DataFileError(f"{shown}: line {number:,} has two separators; save it with one")


def names_in(line, mark):
    """Split a first line into its cells; names may hold the separator if they are quoted."""
    cells = line.split() if mark is None else next(csv.reader([line], delimiter=mark), [])
    return [unquoted(cell) for cell in cells]


def unquoted(cell):
    """Take blanks and quotes away from around a cell."""
    found = QUOTED.fullmatch(cell.strip())
    text = found[2].strip() if found else cell.strip()
    return BOOLEANS.get(text, text)


def cells_of(line, mark):
    """Split a line into its cells, a comma within a number made a point."""
    cells = [unquoted(cell) for cell in line.split(mark)]
    return cells if mark == "," else [cell.replace(",", ".") for cell in cells]


def check_header(cells, number, shown):
    """Raise DataFileError for a line that can be neither names nor a digit."""
    if len(cells) < N_PIXELS and not groups_of(cells):
        raise DataFileError(
            f"{shown} has {len(cells):,} columns in line {number:,} ({beginning(cells[0])!r}); "
            "expected one digit a row, 785: its label, then 784 pixels; delete lines above them"
        )


def layout_of(names, block, mark, labeled, shown):
    """Find out from the first rows how all lines are to be read."""
    rows = [cells_of(line, mark) for _, line in block[:SEEN]]
    if names and len(rows[0]) == len(names) + 1 and counts(column([row[:1] for row in rows], 0)):
        names = ["", *names]  # R leaves the numbers of rows without a name
    width = len(names or rows[0])
    check_widths(block, 0, mark, width, shown)
    columns = columns_of(names, rows, labeled, shown)
    places = columns.order[inner(columns)]
    values = [row[i] for row in rows for i in places]
    values = [float(cell) for cell in values if NUMBER.fullmatch(cell)]
    ink = sorted(value for value in values if value > 0) or [255]
    is_scaled = ink[len(ink) // 2] <= 1 and any(not value.is_integer() for value in values)
    return Layout(columns, mark, width, is_scaled, shown)


def inner(columns):
    """Say which of the columns that are read hold pixels, whichever holds the label."""
    if len(columns.order) == N_PIXELS:
        return slice(None)
    return slice(1, -1 if columns.label is None else None)


def check_widths(block, m, mark, width, shown):
    """Raise DataFileError for the first line that has more or fewer values than it should."""
    for row, (number, line) in enumerate(block, start=m + 1):
        n = len(line.split()) if mark is None else line.count(mark) + 1
        if n != width:
            said = f"{shown}: row {row:,} (line {number:,}) has {n:,} values; expected {width}"
            raise DataFileError(f"{said}; was the file cut off? copy it again")


def read_block(block, m, layout):
    """Read the lines behind row m: the columns that are wanted, in their order."""
    check_widths(block, m, layout.mark, layout.width, layout.shown)
    numbers = read_plain(block, layout)
    if numbers is None or not fits(numbers, layout):
        numbers = read_cells(block, m, layout)
    numbers = numbers if layout.is_scaled else np.rint(numbers)
    return np.ascontiguousarray(numbers, np.float32 if layout.is_scaled else np.uint8)


def read_plain(block, layout):
    """Read some lines at once; None if a cell holds no number."""
    order, mark = layout.columns.order, layout.mark
    lines = [tidy(line, mark) for _, line in block]
    wanted = None if order == list(range(layout.width)) else order
    try:
        # as floats: into an integer, NumPy 2.0 squeezes a number of 40 digits without a word
        return np.loadtxt(lines, delimiter=mark, comments=None, ndmin=2, usecols=wanted)
    except ValueError:
        return None


def tidy(line, mark):
    """Rid a line of quotes and of commas within numbers."""
    if (mark != "," and "," in line) or any(sign in line for sign in UNTIDY):
        return (mark or " ").join(cells_of(line, mark))
    return line


def fits(numbers, layout):
    """Tell whether all numbers are bytes, or 0…1 where that is the way of the table."""
    with np.errstate(invalid="ignore"):  # of nan, or of what is too large for a byte
        whole = np.rint(numbers)
        is_byte = (whole.astype(np.uint8) == whole) & (abs(numbers - whole) < ALMOST)
    if not layout.is_scaled:
        return is_byte.all()
    is_share = (numbers > -ALMOST) & (numbers < 1 + ALMOST)
    return is_share[:, inner(layout.columns)].all() and (is_share | is_byte).all()


def read_cells(block, m, layout):
    """Read the lines behind row m cell by cell; DataFileError for the first mistake."""
    names, order, label = layout.columns
    inside = {*order[inner(layout.columns)]}
    numbers = np.zeros((len(block), len(order)))
    for row, (number, line) in enumerate(block):
        cells = cells_of(line, layout.mark)
        for j, i in enumerate(order):
            why = mistake(cells[i], layout.is_scaled and i in inside, j == label)
            if why:
                where = f"row {m + row + 1:,} (line {number:,}), column {beginning(names[i])}"
                raise DataFileError(f"{layout.shown}: {where}: {why}")
            numbers[row, j] = float(cells[i])
    return numbers


def mistake(cell, is_scaled, is_label):
    """Say why a cell holds no pixel and no label; "" if it does."""
    value = float(cell) if NUMBER.fullmatch(cell) else math.nan
    is_byte = -ALMOST < value < 255 + ALMOST and abs(value - round(value)) < ALMOST
    if (-ALMOST < value < 1 + ALMOST) if is_scaled else is_byte:
        return ""
    said = repr(beginning(cell)) if cell else "an empty cell"
    wanted = "in 0…1, as the other pixels are" if is_scaled else "a whole number 0…255"
    wanted = "a label, a digit 0 … 9" if is_label else wanted
    is_shifted = value < 0 and (is_scaled or value % 1)
    hint = "; are they standardized, or -1…1? save them as 0…255" if is_shifted else ""
    return f"{said} is not {wanted}{hint}"


def labels_of(table):
    """Find the labels, and their place among the columns, 0 or -1.

    Returns
    -------
    y : ndarray of intp, shape (m,)
    place : int

    Raises
    ------
    DataFileError
        For a label that is none; or if it is in doubt which column they are.
    """
    shown, columns = table.layout.shown, table.layout.columns
    ends = np.concatenate([block[:, [0, -1]] for block in table.blocks])
    place = columns.label
    if place is None:
        place = place_of_labels(table, *ends.T)
    y = ends[:, place]
    whole = np.rint(y)
    bad = np.flatnonzero(~np.isin(whole, range(10)) | (abs(y - whole) >= ALMOST))
    if bad.size:
        row = bad[0]
        name = beginning(columns.names[columns.order[place]])
        hint = "" if columns.label == 0 else "; does the label stand elsewhere? name the columns"
        where = f"row {row + 1:,} (line {table.lines[row]:,}), column {name}"
        raise DataFileError(f"{shown}: {where}: the label is {y[row]:g}; expected 0 … 9{hint}")
    return whole.astype(np.intp), place


def place_of_labels(table, first, last):
    """Decide whether the first or the last column holds the labels, 0 or -1."""
    is_first, is_last = mostly_inked(first), mostly_inked(last)
    if is_first == is_last:  # noise at the edges; or mostly the digit 0
        is_first, is_last = could_be_labels(first), could_be_labels(last) and last.any()
    if is_first and is_last:
        refuse_labels(table, f"column 1 and column {N_PIXELS + 1} may both be the labels")
    if not first.any() and not is_last:
        for i in range(1, N_PIXELS):
            inside = np.concatenate([block[:, i] for block in table.blocks])
            if could_be_labels(inside) and mostly_inked(inside) and inside.min() < inside.max():
                refuse_labels(table, f"every label is 0, and column {i + 1} looks like the labels")
    return -1 if is_last else 0


def mostly_inked(values):
    """Tell whether most values are not 0: so are most labels, but not a pixel at the edge."""
    return np.count_nonzero(values) > len(values) / 2


def refuse_labels(table, words):
    """Raise DataFileError, because labels may stand in several columns."""
    shown = table.layout.shown
    raise DataFileError(f"{shown}: {words}; name the columns in a header: label, pixel0 …")


def goes_to_1(table, place):
    """Tell whether pixels are 0…1, not 0…255; DataFileError if there is no ink at all."""
    top = max(block[:, PARTS[place]].max() for block in table.blocks)
    if top == 0:
        raise DataFileError(f"{table.layout.shown} holds no ink: every pixel is 0; get it again")
    return bool(top < 1 + ALMOST)


def pixels_of(table, place, is_scaled):
    """Lay the pixels of all rows out as `as_columns` does; the blocks are used up.

    Parameters
    ----------
    table : Rows
    place : int or None
        Of the label, 0 or -1; None if there is none.
    is_scaled : bool
        Whether they are 0…1 already.

    Returns
    -------
    ndarray of float32, shape (784, m)
        0…1.
    """
    images, end = np.empty((len(table.lines), N_PIXELS), np.float32), len(table.lines)
    while table.blocks:  # one after the other is forgotten, so that both do not fill the memory
        pixels = table.blocks.pop()[:, PARTS[place]]
        pixels = np.clip(pixels, 0, 1) if is_scaled else as_columns(pixels).T
        images[end - len(pixels) : end] = pixels
        end -= len(pixels)
    return images.T
