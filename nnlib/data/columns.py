"""Which columns of a table of digits are pixels, which one is the label, and which only count rows.

>>> run_of(["label", *(f"pixel{i}" for i in range(784))])[:3]
[1, 2, 3]
"""

import math
import re
from collections import Counter, defaultdict
from typing import NamedTuple

import numpy as np

from nnlib.system.errors import DataFileError

N_PIXELS = 784
UNLABELED = "if it is a test file without labels, read it with load_csv(..., labeled=False)"
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.IGNORECASE | re.ASCII)
INDEX = re.compile(r"(unnamed:.*|index|level_\d+|((image|row|sample)[_ ]?)?id|row(names)?)?")
LABELS = {"label", "labels", "class", "target", "y", "digit"}
ONE, ZERO = {"1", "1.0"}, {"0", "0.0"}  # True and False were read as 1 and 0


class Columns(NamedTuple):
    """Where the values stand that are read."""

    names: list[str]  # of all columns, as an error calls them
    order: list[int]  # the label (if it is known) and the pixels; or 785 columns in their order
    label: int | None  # where the label stands in that order; None if it may be first or last


def beginning(text, most=20):
    """Keep the beginning of a text, on one line."""
    text = text if text.isprintable() else ascii(text)[1:-1]
    return text if len(text) <= most else text[:most] + "…"


def is_header(cells):
    """Tell whether these cells of a first line are names, not the values of a digit."""
    n_numbers = sum(bool(NUMBER.fullmatch(cell)) for cell in cells)
    return n_numbers <= len(cells) / 2 or len(run_of(cells)) >= N_PIXELS


def unmangled(cells):
    """Give back a digit that pandas took for names, numbering repeated ones: 0, 0.1, 0.2 …

    Returns
    -------
    list of str or None
        Its values, -1 in place of an index; None if pandas would not have written these cells.
    """
    values, seen = [], Counter()
    for cell in (name.removeprefix("X") for name in cells):  # which R puts before numbers
        value, _, count = cell.rpartition(".")
        value = value if count == str(seen[value]) != "0" else cell
        if not seen[value] and not NUMBER.fullmatch(value):
            value = "-1" if not values and INDEX.fullmatch(value.lower()) else None
        if value is None or (value == cell and seen[value]):
            return None
        seen[value] += 1
        values.append(value)
    return values if seen and max(seen.values()) > 1 else None


def run_of(names):
    """Find the largest group of columns that are named alike and count without a gap.

    Returns
    -------
    list of int
        Where they stand, in the order in which they count: pixel0, pixel1 …, 1x1, 1x2 …
    """
    groups = groups_of(names).values()
    runs = [group for group in groups if not missing_from(group)]
    largest = max(runs, key=len, default={})
    return [largest[numbers] for numbers in sorted(largest)]


def groups_of(names):
    """Sort names by how they are built: {"pixel#": {(0,): 1, (1,): 2 …}} has numbers and places."""
    groups = defaultdict(dict)
    for place, name in enumerate(names):
        if len(name) < 60 and re.search(r"[0-9]", name):
            numbers = tuple(int(number) for number in re.findall("[0-9]+", name))
            groups[re.sub("[0-9]+", "#", name.lower())][numbers] = place
    return groups


def missing_from(group):
    """Find the first numbers, counting up, that a group of names lacks; () if none."""
    if not group:
        return ()
    ranges = [(min(part), max(part) + 1) for part in zip(*group)]
    if math.prod(end - begin for begin, end in ranges) == len(group):
        return ()
    numbers = list(min(group))
    while tuple(numbers) in group:
        numbers[-1] += 1
        if numbers[-1] == ranges[-1][1] and len(ranges) > 1:
            numbers[-2:] = numbers[-2] + 1, ranges[-1][0]
    return tuple(numbers)


def columns_of(names, rows, labeled, shown):
    """Find where the label and the pixels stand, from the names and the first rows.

    Parameters
    ----------
    names : list of str or None
        The header; None if there is none.
    rows : list of list of str
        The first rows, all of one width.
    labeled : bool
        Whether a label is wanted.
    shown : str
        What to call the file in an error.

    Returns
    -------
    Columns

    Raises
    ------
    DataFileError
        If it is in doubt.
    """
    width = len(rows[0])
    lower = [name.lower() for name in names] if names else []
    run = run_of(lower) if names else list(range(width))
    names = names or [str(i + 1) for i in range(width)]
    check_names(lower, run, shown)
    others = [i for i in range(width) if i not in {*run}]
    if len(run) > N_PIXELS and not any(
        row[run[-1]] for row in rows
    ):  # each line ends in a separator
        run = run[:-1]
    if len(run) > N_PIXELS + labeled and is_index(column(rows, run[0])):
        run = run[1:]
    if len(run) == N_PIXELS:
        label = [label_among(others, lower, rows, shown)] if labeled else []
        if not labeled:
            check_unlabeled(others, lower, shown)
        return Columns(names, [*label, *run], 0 if labeled else None)
    others = unindexed(others, lower)
    check_width(run, rows, labeled, shown)
    if others:
        raise DataFileError(f"{shown} {further(others, lower)} beside {len(run)} counted ones")
    return Columns(names, run, None)


def column(rows, i):
    """Take one column of the rows: its numbers, nan for what is none."""
    cells = (row[i] for row in rows)
    return [float(cell) if NUMBER.fullmatch(cell) else math.nan for cell in cells]


def counts(values):
    """Tell whether values count the rows, from 0 or 1 (or from -1, for a row before the first)."""
    return (
        len(values) > 1
        and values == [values[0] + i for i in range(len(values))]
        and (values[0] in (-1, 0, 1))
    )


def is_index(values):
    """Tell whether values can only be numbers of rows: they count, or none comes twice."""
    is_whole = all(value.is_integer() for value in values)
    return counts(values) or (is_whole and len({*values}) == len(values) > 10)


def could_be_labels(values):
    """Tell whether all values are whole numbers 0…9."""
    return bool(np.isin(values, range(10)).all())


def check_names(lower, run, shown):
    """Raise DataFileError for a name that comes twice, or pixels that are not there."""
    for name, n in Counter(lower).items():
        if n > 1 and name:
            raise DataFileError(
                f"{shown} has the column {beginning(name)!r} twice in its header; name each once"
            )
    if not lower or len(run) >= N_PIXELS:
        return
    if len(lower) < 100:
        raise DataFileError(
            f"{shown} has {len(lower):,} columns in line 1; expected one digit a row, 785: its "
            "label, then 784 pixels"
        )
    pattern, group = max(groups_of(lower).items(), key=lambda item: len(item[1]), default=("", {}))
    most = max(group, default=(-1,))
    *first, last = missing_from(group) or (*most[:-1], most[-1] + 1)
    numbers = map(str, (*first, last))
    name = re.sub("#", lambda _: next(numbers), pattern or "pixel#")
    raise DataFileError(
        f"{shown} has no column {beginning(name)!r} in its header, and {len(group)} named "
        f"like it (it begins with {beginning(lower[0])!r}); expected 784 that count: pixel0 …"
    )


def check_width(run, rows, labeled, shown):
    """Raise DataFileError unless 785 columns may be a label and its pixels."""
    n, first = len(run), column(rows, run[0])
    if not labeled or n != N_PIXELS + 1:
        expected = "785: its label, then 784 pixels" if labeled else "784 pixels"
        hint = "; read it with labels: load_csv(...)" if n == N_PIXELS + 1 else ""
        hint = "; if the first only counts the rows, save it without" if n == 786 else hint
        raise DataFileError(
            f"{shown} has {n:,} columns in line 1; expected one digit a row, {expected}{hint}"
        )
    if (counts(first) and max(first) > 9) or max(first) > 255:
        raise DataFileError(
            f"{shown}: column 1 counts the rows, and there is no label; {UNLABELED}"
        )
    if counts(first):
        raise DataFileError(
            f"{shown}: column 1 counts the rows: an index, or the labels? name the columns in a "
            "header: index or label, pixel0 … pixel783"
        )


def unindexed(others, lower):
    """Leave out columns that by their name only count the rows."""
    return [i for i in others if not INDEX.fullmatch(lower[i])]


def check_unlabeled(others, lower, shown):
    """Raise DataFileError if there are columns beside the pixels, perhaps labels."""
    others = unindexed(others, lower)
    if others:
        hint = "" if len(others) > 1 else ", or read it with labels: load_csv(...)"
        raise DataFileError(f"{shown} {further(others, lower)}; save it without{hint}")


def label_among(others, lower, rows, shown):
    """Find the label among the columns that are no pixels; DataFileError if it is in doubt."""
    indices, others = others, unindexed(others, lower)
    indices = [i for i in indices if i not in others]
    named = [i for i in others if lower[i] in LABELS]
    if len(others) > 1 and not named and is_one_hot(rows, others):
        raise DataFileError(
            f"{shown} {further(others, lower)}, perhaps one for each class; put one column 'label' "
            "in their place: table[those].to_numpy().argmax(axis=1)"
        )
    like = [i for i in others + indices if could_be_labels(column(rows, i))]
    found = named or [i for i in like if i in others]
    found = found or [i for i in like if len({row[i] for row in rows}) < len(rows)]
    if len(found) > 1:
        both = " and ".join(repr(beginning(lower[i])) for i in found[:2])
        raise DataFileError(f"{shown}: {both} may both be the label; save it with one of them")
    if not found:
        raise DataFileError(f"{shown} {no_label(others, lower, rows)}")
    more = [i for i in others if i not in found and not is_index(column(rows, i))]
    if more:
        raise DataFileError(f"{shown} {further(more, lower)}; save it without")
    return found[0]


def is_one_hot(rows, others):
    """Tell whether each row has a single 1 in these columns."""
    cells = [[row[i] for i in others] for row in rows]
    return all({*row} <= ONE | ZERO and sum(cell in ONE for cell in row) == 1 for row in cells)


def further(others, lower):
    """Say which columns are not expected."""
    words = "a further column" if len(others) == 1 else f"{len(others)} further columns, the first"
    return f"has {words} {beginning(lower[others[0]])!r}"


def no_label(others, lower, rows):
    """Say why none of the columns beside the pixels is the label."""
    if not others:
        return f"has 784 columns, the pixels, and no column 'label'; {UNLABELED}"
    i = others[0]
    values = column(rows, i)
    row = next(j for j, value in enumerate(values) if not could_be_labels([value]))
    return (
        f"has no column 'label'; row {row + 1}, column {beginning(lower[i])}: "
        f"{beginning(rows[row][i])!r} is no digit 0 … 9; name the column of labels 'label'"
    )
