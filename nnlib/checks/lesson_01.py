"""Lesson 01, Meet the data: its equations and exercises."""

import numpy as np

from nnlib.checks.registry import equation, exercise
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


@exercise(
    "01-1",
    praise="The number of classes is given, so a batch without a 9 gets ten rows too.",
    hints=(
        "start from np.zeros((n_classes, y.size)): ten rows, one column a sample.",
        "column j needs its 1 in row y[j]; which two lists name all those places?",
        "Y[y, np.arange(y.size)] = 1 sets all of them at once; then return Y.",
    ),
)
def judge_one_hot(answer):
    """Shape first, then the batch without a 9, then the places."""
    y = np.array([3, 0, 8, 3, 5])
    Y = np.asarray(answer(y, 10))
    if Y.shape == (5, 10):
        return "your matrix has one row a sample, shape (5, 10); we need one column a sample: .T"
    if Y.shape == (9, 5):
        return (
            "you take the number of rows from the labels (y.max() + 1): five labels without a 9 "
            "gave 9 rows; use n_classes"
        )
    if Y.shape != (10, 5):
        return f"five labels and ten classes should give shape (10, 5); got {Y.shape}"
    if np.array_equal(Y, np.eye(10)[:, y - 1]):
        return "every 1 is one row too high: label 3 belongs in row 3, counted from 0"
    if not np.array_equal(Y, one_hot(y)):
        return f"label 3 should give a single 1, in row 3; your first column is {Y[:, 0]}"
    return None


@exercise(
    "01-2",
    praise="Labels are names: they are taken out before anything is scaled.",
    hints=(
        "print the labels that come out. Are they still digits?",
        "the first line divides everything by 255, labels included.",
        "delete the first line, and divide only table[:, 1:].T by 255.",
    ),
)
def judge_prepare(answer):
    """Labels first, then the range and the shape of the pixels."""
    table = np.random.default_rng(0).integers(0, 256, (6, 785)).astype(np.uint8)
    table[:, 0] = [5, 0, 4, 1, 9, 2]
    table[0, 1] = 255
    X, y = answer(table)
    if np.array_equal(y, np.zeros(6)):
        return "all labels have become 0: they were divided by 255 before they were made whole"
    if not np.array_equal(y, table[:, 0]):
        return f"the labels should be 5, 0, 4, 1, 9, 2; got {np.asarray(y)[:6]}"
    if np.asarray(y).dtype.kind not in "iu":
        return "labels stay whole numbers: take them as they are, table[:, 0]"
    if X.shape != (784, 6):
        return f"X should have one digit a column, shape (784, 6); got {X.shape}"
    if X.max() > 1:
        return f"the pixels still reach {X.max()}: divide them, and only them, by 255"
    if not np.allclose(X, table[:, 1:].T / 255):
        return "the pixels are not those of the table divided by 255"
    return None
