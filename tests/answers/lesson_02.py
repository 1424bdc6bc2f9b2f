"""Wrong answers to the exercises of lesson 02: (name, answer, a fragment of the message)."""

import numpy as np


def means_of(X, y):
    return np.array([X[:, y == k].mean(axis=1) for k in range(10)])


def no_bias(X, y):
    return means_of(X, y), np.zeros((10, 1))


def over_the_pixels(X, y):
    W = np.array([X[:, y == k].mean(axis=0) for k in range(10)])
    return W, -(W**2).sum(axis=1, keepdims=True) / 2


def flat_bias(X, y):
    W = means_of(X, y)
    return W, -(W**2).sum(axis=1) / 2


def weights_alone(W, x, k, l):
    return np.minimum(W[k] - W[l], 0).reshape(28, 28)


def for_instead_of_against(W, x, k, l):
    return np.maximum((W[k] - W[l]) * x, 0).reshape(28, 28)


def one_row_only(W, x, k, l):
    return np.minimum(W[k] * x, 0).reshape(28, 28)


WRONG_ANSWERS = {
    "02-1": [
        ("no bias", no_bias, "without the bias"),
        ("mean over the wrong axis", over_the_pixels, "averaged over the pixels"),
        ("bias of shape (10,)", flat_bias, "must be (10, 1)"),
    ],
    "02-2": [
        ("weights alone", weights_alone, "multiply by x"),
        ("for instead of against", for_instead_of_against, "speak for k"),
        ("one row only", one_row_only, "row k alone"),
    ],
}
