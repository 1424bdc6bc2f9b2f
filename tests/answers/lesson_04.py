"""Wrong answers to the exercises of lesson 04: (name, answer, a fragment of the message)."""

import numpy as np


def overflowing(Z):
    E = np.exp(Z)
    return E / E.sum(axis=0)


def whole_matrix_sum(Z):
    E = np.exp(Z - Z.max(axis=0))
    return E / np.sum(E)


def whole_matrix_maximum(Z):
    E = np.exp(Z - Z.max())
    return E / E.sum(axis=0)


def sign_forgotten(n_classes):
    return np.log(1 / n_classes)


def base_ten(n_classes):
    return np.log10(n_classes)


def always_ten(n_classes):
    return np.log(10)


WRONG_ANSWERS = {
    "04-1": [
        ("no shift", overflowing, "1,000 gives NaN"),
        ("one sum for the whole matrix", whole_matrix_sum, "the whole matrix to 1"),
        ("one maximum for the whole matrix", whole_matrix_maximum, "underflows to 0"),
    ],
    "04-2": [
        ("the minus sign is missing", sign_forgotten, "negative"),
        ("logarithm to base 10", base_ten, "base 10"),
        ("right for ten classes only", always_ten, "use n_classes"),
    ],
}
