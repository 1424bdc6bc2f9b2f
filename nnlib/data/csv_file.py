"""Digits from a CSV file, one a row: read strictly, or refused with the row, the line, the column.

Understood are Kaggle's train.csv (a column `label`, then pixel0 … pixel783), its test.csv (no
label), and mnist_train.csv (label first, with or without a header), plain or packed (.gz).
"""

import csv
import io
import itertools
import pathlib
import re
from contextlib import contextmanager

import numpy as np

from nnlib.data.sample import Digits, as_columns
from nnlib.errors import DataFileError
from nnlib.files import BROKEN, not_there, unpacked, what_it_is

N_PIXELS = 784
LONGEST_LINE = 100_000  # characters; a line of 785 numbers has at most 3,140
HINT = "unpack it, save it as CSV in UTF-8, or get the file itself"
MOST_ROWS = 1_000_000
BLOCK = 5_000  # rows read at a time
NUMBERINGS = (  # how the columns of pixels are named in the files that are around
    [f"pixel{i}" for i in range(N_PIXELS)],
    [f"pixel{i}" for i in range(1, N_PIXELS + 1)],
    [f"{row}x{column}" for row in range(1, 29) for column in range(1, 29)],
)


def load_csv(path, labeled=True):
    """Read digits from a CSV file, every value checked.

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
        None for a file without labels.

    Raises
    ------
    DataFileError
        Names what was found, in which row, line and column, and what was expected.
    """
    path = pathlib.Path(path).expanduser()
    with opened(path) as file:
        first = next(lines_of(file, path), None)
    if first is None:
        raise DataFileError(f"{path.name} is empty; expected one digit a line: get it again")
    names, order = columns_of(first, path, labeled)
    with opened(path) as file:
        rows = lines_of(file, path)
        if names:
            next(rows)
        try:
            table = read_table(rows, order, path)
        except DataFileError:
            raise
        except (ValueError, StopIteration) as error:
            raise first_mistake(path, names, labeled) from error
    return as_digits(table, path, names, labeled)


@contextmanager
def opened(path):
    """The file as text, unpacked if it is packed; DataFileError for what is no text."""
    if not path.is_file():
        raise DataFileError(not_there(path))
    try:
        with unpacked(path) as file:
            kind = what_it_is(file.peek(64)[:64])
            if kind:
                raise DataFileError(f"{path.name} is no CSV file, it is {kind}; {HINT}")
            yield io.TextIOWrapper(file, encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataFileError(
            f"{path.name} holds bytes that are no UTF-8 text; save it as CSV in UTF-8"
        ) from error
    except BROKEN as error:
        raise DataFileError(
            f"{path.name} is packed, and damaged or cut off; copy it again"
        ) from error
    except PermissionError as error:
        raise DataFileError(
            f"{path.name} may not be read by you; ask for its permissions"
        ) from error


def lines_of(file, path):
    """The lines that are not blank; DataFileError for one that is far too long."""
    while line := file.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE:
            raise DataFileError(
                f"{path.name} has a line of more than {LONGEST_LINE:,} characters; expected one "
                f"digit a line, {N_PIXELS + 1} numbers"
            )
        if line.strip():
            yield line


def cells_of(line):
    """The cells of one line, without blanks around them."""
    return [cell.strip() for cell in next(csv.reader([line], skipinitialspace=True))]


def is_byte(cell):
    """Whether a cell is a whole number 0…255, written with ASCII digits."""
    return re.fullmatch(r"[0-9]{1,3}", cell) is not None and int(cell) <= 255


def columns_of(first, path, labeled):
    """The names in a header, or None; and where the label (if any) and each pixel stand."""
    expected = N_PIXELS + labeled
    cells = cells_of(first)
    if all(map(is_byte, cells)) and len(cells) == expected:
        return None, list(range(expected))
    if any(re.search("[A-Za-z]", cell) for cell in cells) and len(cells) > 1:
        return cells, by_name(cells, path, labeled)
    raise DataFileError(wrong_width(first, cells, path, labeled))


def wrong_width(first, cells, path, labeled):
    """Why the first line is no header and no digit."""
    expected = N_PIXELS + labeled
    for mark, name in ((";", "semicolons"), ("\t", "tabs")):
        if first.count(mark) >= expected - 1:
            return f"{path.name} separates its values by {name}; save it with commas"
    if labeled and len(cells) == N_PIXELS:
        return (
            f"{path.name} has {N_PIXELS} columns, the pixels, and no label; if it is a test file "
            "without labels, read it with load_csv(..., labeled=False)"
        )
    if len(cells) != expected:
        return f"{path.name} has {len(cells):,} columns in line 1; expected {expected}" + (
            ": one digit a row, its label first, then 784 pixels"
            if labeled
            else ": one digit a row, 784 pixels"
        )
    column, cell = next((i, cell) for i, cell in enumerate(cells) if not is_byte(cell))
    return bad_cell(path, 1, 1, f"{column + 1}", cell)


def by_name(names, path, labeled):
    """Where the label and the pixels stand, by the names in the header."""
    lower = [name.lower() for name in names]
    for name in lower:
        if lower.count(name) > 1:
            said = f"the column {name!r} twice" if name else "two columns without a name"
            raise DataFileError(f"{path.name} has {said} in its header; name each once")
    pixels = max(NUMBERINGS, key=lambda numbering: len({*numbering} & {*lower}))
    if labeled and "label" not in lower:
        raise DataFileError(
            f"{path.name} has no column 'label' in its header (it begins with {names[0]!r}); if it "
            "is a test file without labels, read it with load_csv(..., labeled=False)"
        )
    missing = [name for name in pixels if name not in lower]
    if missing:
        raise DataFileError(
            f"{path.name} misses {len(missing)} of {N_PIXELS} columns, the first is "
            f"{missing[0]!r}; expected label, {pixels[0]} … {pixels[-1]}"
        )
    extra = [name for name in lower if name not in {"label", *pixels}]
    if extra or ("label" in lower and not labeled):
        said = f"a column {extra[0]!r}" if extra and extra[0] else "a column without a name"
        said = said if extra else "a column 'label'"
        hint = "; saved with its index? save it without" if extra else "; read it with labels"
        raise DataFileError(
            f"{path.name} has {len(names)} columns, {N_PIXELS + labeled} were expected: there is "
            f"{said}{hint}"
        )
    return [lower.index(name) for name in [*(["label"] if labeled else []), *pixels]]


def read_table(rows, order, path):
    """All rows as bytes (m, number of columns), the columns in the given order, in blocks."""
    blocks, m = [], 0
    while block := list(itertools.islice(rows, BLOCK)):
        numbers = np.loadtxt(block, np.int32, delimiter=",", comments=None, quotechar='"', ndmin=2)
        if numbers.shape[1] != len(order) or numbers.min() < 0 or numbers.max() > 255:
            raise ValueError("a row has another width, or a value is no byte")
        m += len(block)
        if m > MOST_ROWS:
            raise DataFileError(f"{path.name} has more than {MOST_ROWS:,} rows; split the file")
        blocks.append(np.ascontiguousarray(numbers[:, order], dtype=np.uint8))
    return np.concatenate(blocks) if blocks else np.zeros((0, len(order)), np.uint8)


def bad_cell(path, row, line, column, cell):
    """The sentence for a value that is no byte."""
    shown = cell if len(cell) <= 20 else cell[:20] + "…"
    why = "is not a whole number 0…255"
    if re.fullmatch(r"0?\.[0-9]+", cell):
        why += "; the pixels look already scaled to 0…1: save them as 0…255"
    elif cell == "":
        why = "is empty; expected a whole number 0…255"
    return f"{path.name}: row {row:,} (line {line:,}), column {column}: {shown!r} {why}"


def first_mistake(path, names, labeled):
    """Read again, slowly, and return a DataFileError that says where it is wrong."""
    expected, row = N_PIXELS + labeled, 0
    with opened(path) as file:
        for number, line in enumerate(iter(lambda: file.readline(LONGEST_LINE), ""), start=1):
            if not line.strip() or (names and not row and number == 1):
                continue
            row += 1
            cells = cells_of(line.replace("\0", "\N{REPLACEMENT CHARACTER}"))
            if len(cells) != expected:
                return DataFileError(
                    f"{path.name}: row {row:,} (line {number:,}) has {len(cells):,} values; "
                    f"expected {expected}; was the file cut off? copy it again"
                )
            for column, cell in enumerate(cells):
                if not is_byte(cell):
                    name = names[column] if names else str(column + 1)
                    return DataFileError(bad_cell(path, row, number, name, cell))
    return DataFileError(
        f"{path.name} could not be read twice alike; is another program writing it?"
    )


def as_digits(table, path, names, labeled):
    """Digits from checked bytes, the label first; DataFileError for what bytes cannot be."""
    if not len(table):
        raise DataFileError(f"{path.name} has a header and no digit below it; get it again")
    pixels = table[:, labeled:]
    if labeled and table[:, 0].max() > 9:
        row = int(np.argmax(table[:, 0] > 9))
        raise DataFileError(
            f"{path.name}: row {row + 1:,}: the label is {table[row, 0]}; expected 0 … 9"
            + ("" if names else " in the first column: does the label stand last?")
        )
    if pixels.max() <= 1:
        raise DataFileError(
            f"{path.name} holds no pixel above 1; expected 0…255: they look already scaled or "
            "turned to black and white"
        )
    return Digits(as_columns(pixels), table[:, 0].astype(np.int64) if labeled else None)
