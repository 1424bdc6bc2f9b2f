"""A loss says in one number how wrong predictions are; training makes it small.  Lessons 01, 04.

Both losses are the mean over the samples (columns) of each sample's own loss; logarithms are
natural.
"""

import numpy as np


def one_hot(y, n_classes=10, dtype=np.float32):
    """Write each label of y (m,) as a column of zeros with a single 1: Y (n_classes, m)."""
    Y = np.zeros((n_classes, y.size), dtype=dtype)
    Y[y, np.arange(y.size)] = 1
    return Y


def cross_entropy(Z, y):
    """Mean of -log(probability of the right digit), from logits Z (10, m) and labels y (m,)."""
    shifted = Z - Z.max(axis=0)  # as in softmax: the same result, and no overflow
    right = shifted[y, np.arange(y.size)]  # the score of each right digit
    return (np.log(np.exp(shifted).sum(axis=0)) - right).sum() / y.size


def squared_error(A, Y):
    """Mean of half the squared distance between outputs A and targets Y, both (n_out, m)."""
    return ((A - Y) ** 2).sum(axis=0).mean() / 2


def mean_loss(Z, A, y, loss="cross_entropy"):
    """The named loss of a network's last Z and A (n_out, m), for labels y (m,)."""
    if loss == "cross_entropy":
        return cross_entropy(Z, y)
    return squared_error(A, one_hot(y, len(A), A.dtype))
