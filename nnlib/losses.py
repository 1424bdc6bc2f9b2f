"""A loss says in one number how wrong predictions are; training makes it small.  Lessons 01, 04.

Both losses are the mean over the samples (columns) of each sample's own loss; logarithms are
natural.
"""

import numpy as np

from nnlib.activations import Table


def check_labels(y, n_classes, m):
    """Refuse labels that are not m whole numbers, (m,), each from 0 to n_classes - 1."""
    y = np.asarray(y)
    is_whole = y.shape == (m,) and y.dtype.kind in "iu"
    if not is_whole or (m and y.astype(np.uint64).max() >= n_classes):  # below 0 is huge there
        wanted = f"labels must be ({m},), whole numbers from 0 to {n_classes - 1}"
        raise ValueError(f"{wanted}; got {y.dtype} {y.shape}, as {y.ravel()[:5].tolist()}")


def one_hot(y, n_classes=10, dtype=np.float32):
    """Write each label of y (m,) as a column of zeros with a single 1: Y (n_classes, m)."""
    check_labels(y, n_classes, len(y))
    Y = np.zeros((n_classes, len(y)), dtype=dtype)
    Y[y, np.arange(len(y))] = 1
    return Y


def cross_entropy(Z, y):
    """Mean of -log(probability of the right digit), from logits Z (10, m) and labels y (m,)."""
    check_labels(y, *Z.shape)
    shifted = Z - Z.max(axis=0)  # as in softmax: the same result, and no overflow
    right = shifted[y, np.arange(len(y))]  # the score of each right digit
    return (np.log(np.exp(shifted).sum(axis=0)) - right).sum() / len(y)


def squared_error(A, Y):
    """Mean of half the squared distance between outputs A and targets Y, both (n_out, m)."""
    return ((A - Y) ** 2).sum(axis=0).mean() / 2


def mean_loss(Z, A, y, loss="cross_entropy"):
    """The named loss of a network's last Z and A (n_out, m), for labels y (m,)."""
    return LOSSES[loss](Z, A, y)


LOSSES = Table(
    "loss",
    {
        "cross_entropy": lambda Z, A, y: cross_entropy(Z, y),
        "squared_error": lambda Z, A, y: squared_error(A, one_hot(y, len(A), A.dtype)),
    },
)
