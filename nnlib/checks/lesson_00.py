"""Lesson 00, See it work: its equations and exercise."""

import numpy as np

from nnlib.checks.engine import Task
from nnlib.checks.registry import equation, exercise
from nnlib.data.augmentation import shift
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


class Reader:
    """A made-up `read`: what a bar that began in column `start` is called, by how far it moved.

    `stages` maps the first shift of each stage to its digit; a bar that has left is called an 8.
    """

    def __init__(self, start, stages):
        self.start, self.stages, self.asked = start, stages, 0

    def __call__(self, x):
        """The digit that is read."""
        self.asked += 1
        if self.asked > 300:
            raise RuntimeError("read was asked 300 times; does your loop come to an end?")
        ink = np.asarray(x).reshape(28, 28).sum(axis=0)
        moved = int(ink.argmax()) - self.start
        if not ink.any() or moved < 0:
            return 8
        return self.stages[max(first for first in self.stages if first <= moved)]


def digits():
    """A 7 that flips at 6, and back at 9; others that flip later, earlier, at once."""
    return {
        "a 7 that becomes a 3 at 6 pixels": (bar(5), Reader(5, {0: 7, 6: 3, 9: 7})),
        "a 7 that becomes a 2 at 7 pixels": (bar(4), Reader(4, {0: 7, 7: 2})),
        "a 4 that becomes a 9 at 3 pixels": (bar(5), Reader(5, {0: 4, 3: 9})),
        "a 7 that becomes a 2 at once": (bar(5), Reader(5, {0: 7, 1: 2})),
    }


def first_flip(x, read, begin=1, step=(0, 1), is_same=lambda new, old: new == old):
    """The first shift that is read otherwise, or what a slip finds instead."""
    pixels = begin
    while is_same(read(shift(x, pixels * step[0], pixels * step[1])), read(x)):
        pixels = pixels + 1
    return pixels


def moves_that_add_up(x, read):
    """Move what was moved before: by 1, then by 2 more, then by 3 more."""
    original, pixels = read(x), 0
    while read(x) == original:
        pixels = pixels + 1
        x = shift(x, 0, pixels)
    return pixels


exercise(
    "00-1",
    "smallest_shift(x, read)",
    Task(
        right=first_flip,
        cases=digits,
        names=("the number of pixels",),
        slips={
            "that is the last shift that is still read the same; we want the first that is not": (
                lambda x, read: first_flip(x, read) - 1
            ),
            "you return the digit that it becomes; we want how far it has moved": (
                lambda x, read: read(shift(x, 0, first_flip(x, read)))
            ),
            "it seems that you move what was moved before (1, then 2 more, then 3 more); move the "
            "original x each time": moves_that_add_up,
            "you return a negative number; moves to the right are counted 1, 2, 3 …": (
                lambda x, read: -first_flip(x, read),
                lambda x, read: -1,
            ),
            "right for a 7, wrong for a 4: compare with read(x), not with 7": (
                lambda x, read: first_flip(x, read, is_same=lambda new, old: new == 7)
            ),
            "your loop goes on while the digits differ (!=); let it go on while they are equal": (
                lambda x, read: first_flip(x, read, is_same=lambda new, old: new != old)
            ),
            "you find 1 for every digit: do you move to the right? shift(x, 0, pixels)": (
                lambda x, read: first_flip(x, read, step=(0, -1))
            ),
            "you move down; to the right is shift(x, 0, pixels)": (
                lambda x, read: first_flip(x, read, step=(1, 0))
            ),
            "a digit may flip after 1 pixel; begin with 1": (
                lambda x, read: first_flip(x, read, begin=2)
            ),
        },
        symptoms={
            "that is too far; stop at the first shift that is read otherwise": (
                lambda pixels, first: pixels > first,
                lambda x, read: 28,
            ),
        },
    ),
    praise="Now run smallest_shift(x, read) on the 7, and on other digits.",
    hints=(
        "try the shifts 1, 2, 3 … one after the other; stop at the first that is read otherwise.",
        "compare read(shift(x, 0, pixels)) with read(x); while they are equal, go on.",
        "begin with pixels = 1; a loop that adds 1 runs while both are read alike: while … == …:",
    ),
)
