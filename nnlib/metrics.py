"""How good are the predictions? All from predicted and true labels, both (m,).  Lessons 07, 09."""

import numpy as np

from nnlib.losses import one_hot


def accuracy(predicted, y):
    """The share of labels that agree, 0…1."""
    if np.shape(predicted) != np.shape(y) or np.ndim(y) != 1:
        raise ValueError(f"both must be (m,); got {np.shape(predicted)} and {np.shape(y)}")
    return float(np.equal(predicted, y).mean())


def confusion_matrix(predicted, y, n_classes=10):
    """Count the samples with true class k (row) and predicted class i (column)."""
    return one_hot(y, n_classes, int) @ one_hot(predicted, n_classes, int).T


def recall_per_class(predicted, y, n_classes=10):
    """The share of each class that was recognized, 0…1; NaN for a class that does not occur."""
    counts = confusion_matrix(predicted, y, n_classes)
    with np.errstate(invalid="ignore"):
        return counts.diagonal() / counts.sum(axis=1)


def wilson_interval(correct, m):
    """All shares that `correct` of m does not contradict, at 1.96 standard errors: (low, high).

    95 % of such intervals hold the true share, nearly (Wilson 1927).
    """
    p, z = correct / m, 1.96
    middle = p + z**2 / (2 * m)
    reach = z * np.sqrt(p * (1 - p) / m + z**2 / (4 * m**2))
    return (middle - reach) / (1 + z**2 / m), (middle + reach) / (1 + z**2 / m)
