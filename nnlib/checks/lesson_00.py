"""Lesson 00, See it work: its equations and exercise."""

import numpy as np

from nnlib.checks.registry import equation, exercise
from nnlib.metrics import accuracy


@equation("0.1", "definition", "the share of digits that are read right")
def share_read_right(rng):
    """Four digits, of which the third is read wrong: three quarters."""
    return [accuracy(np.array([7, 2, 1, 0]), np.array([7, 2, 7, 0]))], [0.75]


@equation("0.2", "definition", "the center of mass is the mean row and column, weighted by ink")
def center_of_ink(rng):
    """Ink 1 in row 0, column 2, and ink 3 in row 4, column 6: at row 3, column 5."""
    x = np.zeros((8, 8))
    x[0, 2], x[4, 6] = 1, 3
    r, c = np.indices(x.shape)
    return [(r * x).sum() / x.sum(), (c * x).sum() / x.sum()], [3.0, 5.0]


def bar(column):
    """An image (784,) with a vertical bar in this column."""
    image = np.zeros((28, 28), dtype=np.float32)
    image[6:22, column] = 1
    return image.ravel()


def reader(start, stages):
    """A made-up `read`: what a bar that began in column `start` is called, by how far it moved.

    `stages` maps the first shift of each stage to its digit; a bar that has left is called an 8.
    """

    def read(x):
        ink = np.asarray(x).reshape(28, 28).sum(axis=0)
        moved = int(ink.argmax()) - start
        if not ink.any() or moved < 0:
            return 8
        return stages[max(first for first in stages if first <= moved)]

    return read


@exercise(
    "00-1",
    praise="Now run smallest_shift(x, read) on the 7, and on other digits.",
    hints=(
        "try the shifts 1, 2, 3 … one after the other; stop at the first that is read otherwise.",
        "compare read(shift(x, 0, pixels)) with read(x); while they are equal, go on.",
        "pixels = 1, then: while read(shift(x, 0, pixels)) == read(x): pixels = pixels + 1",
    ),
)
def judge_smallest_shift(answer):
    """A 7 that flips at 6 (and back at 9), a 4 that flips at 3, a 7 that flips at once."""
    x, original = bar(5), bar(5)
    got = answer(x, reader(5, {0: 7, 6: 3, 9: 7}))
    if not np.array_equal(x, original):
        return "your function changes x itself; shift returns a new image: give that a name"
    if not isinstance(got, int | np.integer) or isinstance(got, bool):
        return f"return a whole number of pixels; got {got!r}"
    if got == 5:
        return "5 is the last shift that is still read as a 7; we want the first that is not, 6"
    if got == 3 and answer(bar(5), reader(5, {0: 7, 6: 2})) == 2:
        return "you return the digit that it becomes, here a 3; we want how far it has moved, 6"
    if got in (3, 4):
        return (
            f"you found {got} where 6 is right: it seems that you move what was moved before "
            "(1, then 2 more, then 3 more); move the original x each time"
        )
    if got == -1:
        return "you return a negative number; moves to the right are counted 1, 2, 3 …"
    if got > 6:
        return (
            f"a 7 that is read as a 3 from 6 pixels on is found at {got}; stop at the first, "
            "and move to the right: shift(x, 0, pixels)"
        )
    if got != 6:
        return f"a 7 that is read as a 3 from 6 pixels on: expected 6, got {got}"
    if answer(bar(5), reader(5, {0: 4, 3: 9})) != 3:
        return (
            "right for one 7, wrong for a 4 that flips after 3: compare with read(x), not with 7, "
            "and count anew for each digit"
        )
    if answer(bar(5), reader(5, {0: 7, 1: 2})) != 1:
        return "a digit that flips after 1 pixel gives another number; begin with 1"
    return None
