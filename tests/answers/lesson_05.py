"""Wrong answers to the exercises of lesson 05, as learners give them, and what each is told."""

import numpy as np


def off_by_sign(p, k, i):
    """Right sizes, but the rivals rise too."""
    return p[i] * (1 - p[i]) if k == i else p[k] * p[i]


def one_case_only(p, k, i):
    """The formula of case 2 for both cases."""
    return -p[k] * p[i]


def entry_by_entry(p, k, i):
    """Softmax taken for a function of one score."""
    return p[i] * (1 - p[i]) if k == i else 0.0


def sigmoid_of(Z):
    """The sigmoid as it is written first."""
    return 1 / (1 + np.exp(-Z))


def factor_forgotten(Z, Y):
    """The slope of the loss for the outputs, taken for dZ."""
    return sigmoid_of(Z) - Y


def truth_first(Z, Y):
    """Truth minus prediction."""
    A = sigmoid_of(Z)
    return (Y - A) * A * (1 - A)


def averaged(Z, Y):
    """Divided by the number of samples."""
    A = sigmoid_of(Z)
    return (A - Y) * A * (1 - A) / Y.shape[1]


WRONG_ANSWERS = {
    "05-1": [
        ("sign of the rivals", off_by_sign, "a sign"),
        ("case k = i missing", one_case_only, "the case k = i is missing"),
        ("element-wise", entry_by_entry, "the case k ≠ i is missing"),
    ],
    "05-2": [
        ("no slope of the sigmoid", factor_forgotten, "the sigmoid's own slope is missing"),
        ("sign", truth_first, "the sign"),
        ("divided by m", averaged, "4 times too small"),
    ],
}
