"""Wrong answers to the exercises of lesson 01: (name, answer, a fragment of the message)."""

import numpy as np


def rows_instead_of_columns(y, n_classes=10):
    Y = np.zeros((y.size, n_classes))
    Y[np.arange(y.size), y] = 1
    return Y


def width_from_the_labels(y, n_classes=10):
    Y = np.zeros((y.max() + 1, y.size))
    Y[y, np.arange(y.size)] = 1
    return Y


def off_by_one(y, n_classes=10):
    Y = np.zeros((n_classes, y.size))
    Y[y - 1, np.arange(y.size)] = 1
    return Y


def labels_divided(table):
    table = table / 255
    return table[:, 1:].T, table[:, 0].astype(int)


def not_scaled(table):
    return table[:, 1:].T, table[:, 0]


def one_digit_a_row(table):
    return table[:, 1:] / 255, table[:, 0]


WRONG_ANSWERS = {
    "01-1": [
        ("one row a sample", rows_instead_of_columns, "one row a sample"),
        ("y.max() + 1", width_from_the_labels, "use n_classes"),
        ("off by one", off_by_one, "one row too high"),
    ],
    "01-2": [
        ("labels divided", labels_divided, "all labels have become 0"),
        ("not scaled", not_scaled, "still reach 255"),
        ("rows", one_digit_a_row, "shape (784, 6); got (6, 784)"),
    ],
}
