"""Tables of accuracies: how dark a cell is, and which one is the best.  Lesson 08."""

import numpy as np


def darkness(percent):
    """Choose how dark a cell is, 0 … 1, by the logarithm of the error: 92 and 94 % differ."""
    wrong = np.clip(100 - np.asarray(percent, dtype=float), 4, 100)
    return 1 - np.log(wrong / 4) / np.log(25)


def best_cell(values):
    """Find row and column of the largest value that is not NaN."""
    return np.unravel_index(np.nanargmax(values), np.shape(values))
