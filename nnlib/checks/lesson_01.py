"""Lesson 01, Meet the data: its equations and exercises."""

import numpy as np

from nnlib.checks.engine import Task
from nnlib.checks.registry import equation, exercise
from nnlib.clinic.patients import encode_max, encode_off_by_one
from nnlib.losses import one_hot


@equation("1.1", "result", "pixels in reading order: i = 28 r + c")
def reading_order(rng):
    """Indexing the square in rows and columns, against counting along the vector."""
    pixels = rng.random(784)
    square = [[pixels.reshape(28, 28)[r, c] for c in range(28)] for r in range(28)]
    counted = [[pixels[28 * r + c] for c in range(28)] for r in range(28)]
    return square, counted


@equation("1.2", "definition", "bytes 0…255 divided by 255")
def scaling(rng):
    """0, 51, 102 and 255 are 0, 1/5, 2/5 and 1."""
    return np.array([0, 51, 102, 255], dtype=np.uint8) / 255, [0.0, 0.2, 0.4, 1.0]


@equation("1.3", "definition", "one-hot columns")
def one_hot_columns(rng):
    """Labels 2, 0, 1 among three classes."""
    return one_hot(np.array([2, 0, 1]), 3), [[0, 1, 0], [0, 0, 1], [1, 0, 0]]


def tables():
    """Bytes with full ink among them, then a smaller table of other numbers without it."""
    table = np.random.default_rng(0).integers(0, 255, (6, 785)).astype(np.uint8)
    table[:, 0], table[0, 1] = [5, 0, 4, 1, 9, 2], 255
    return [(table,), (np.array([[7, 0, 51, 204], [3, 153, 0, 102]]),)]


def labels_and_bytes(table):
    """The labels and, as columns, the bytes of a table."""
    return table[:, 0].astype(int), table[:, 1:].T.astype(float)


def read_rows(table):
    """X (n_pixels, m) in 0…1 and y (m,)."""
    y, pixels = labels_and_bytes(table)
    return pixels / 255, y


def with_pixels(change):
    """A way to read a table that makes something else of its bytes."""
    return lambda table: (change(labels_and_bytes(table)[1]), labels_and_bytes(table)[0])


SCALED_FIRST = """
def prepare(table):
    table = table / 255
    X, y = table[:, 1:].T, table[:, 0].astype(int)
    return None
"""

ONE_HOT = Task(
    right=one_hot,
    cases=lambda: [(np.array([3, 0, 8, 3, 5]), 10), (np.array([5, 0, 2, 5]), 12)],
    names=("Y",),
    slips={
        "your matrix has one row a sample; we need one column a sample: .T": (
            lambda y, n_classes: one_hot(y, n_classes).T
        ),
        "you take the number of rows from the labels (y.max() + 1): five labels without a 9 get 9 "
        "rows; use n_classes": encode_max,
        "right for ten classes, wrong for twelve: use n_classes": lambda y, n_classes: one_hot(y),
        "every 1 is one row too high: label 3 belongs in row 3, counted from 0": encode_off_by_one,
        "every 1 is one row too low: label 3 belongs in row 3, counted from 0": (
            lambda y, n_classes: np.eye(n_classes)[:, y + 1]
        ),
    },
    symptoms={
        "a column holds a single 1 and zeros; in yours there are other numbers": (
            lambda Y, _: not np.isin(Y, (0, 1)).all(),
            lambda y, n_classes: 0.9 * one_hot(y, n_classes) + 0.1 / n_classes,
        ),
        "each column holds a single 1; yours sum to something else": (
            lambda Y, _: (Y.sum(axis=0) != 1).any() and ", ".join(f"{n:g}" for n in Y.sum(axis=0)),
            lambda y, n_classes: np.zeros((n_classes, y.size)),
        ),
    },
)

READ = Task(
    right=read_rows,
    cases=tables,
    names=("X", "y"),
    slips={
        "all labels have become 0: they were divided by 255 before they were made whole": (
            lambda table: (read_rows(table)[0], 0 * read_rows(table)[1])
        ),
        "the labels were divided by 255, too; they are names: take them as they are, table[:, 0]": (
            lambda table: (read_rows(table)[0], table[:, 0] / 255)
        ),
        "the pixels are still bytes: divide them, and only them, by 255": with_pixels(lambda X: X),
        "one digit a row; here samples are columns: .T": with_pixels(lambda X: X.T / 255),
        "X is not byte / 255; does your factor depend on X?": with_pixels(lambda X: X / X.max()),
        "full ink is 255, so divide by 255: by 256 it would not become 1": (
            with_pixels(lambda X: X / 256)
        ),
        "your pixels lie between -1 and 1; they should lie between 0 and 1, byte / 255": (
            with_pixels(lambda X: X / 127.5 - 1)
        ),
        "the labels are still among the pixels, as a row too many of X: table[:, 1:]": (
            lambda table: (table.T / 255, table[:, 0])
        ),
    },
)

exercise(
    "01-1",
    "my_one_hot(y, n_classes=10)",
    ONE_HOT,
    praise="The number of classes is given, so a batch without a 9 gets ten rows too.",
    hints=(
        "start from np.zeros((n_classes, y.size)): ten rows, one column a sample.",
        "column j needs its 1 in row y[j]; which two lists name all those places?",
        "Y[rows, columns] = 1 sets all of them at once; the rows are y, and the columns are "
        "counted, np.arange(…).",
    ),
)

exercise(
    "01-2",
    "prepare(table)",
    READ,
    stub=SCALED_FIRST,
    praise="Labels are names: they are taken out before anything is scaled.",
    hints=(
        "print the labels that come out. Are they still digits?",
        "the first line divides everything by 255, labels included.",
        "delete the first line; then only one of the two halves of the second is to be divided.",
    ),
)
