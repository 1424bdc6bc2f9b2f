"""Tables and what stands out in them: the best cell, the most frequent mistakes."""

import numpy as np


def darkness(percent):
    """Choose how dark a cell is, 0 … 1, by the logarithm of the error: 92 and 94 % differ."""
    wrong = np.clip(100 - np.asarray(percent, dtype=float), 4, 100)
    return 1 - np.log(wrong / 4) / np.log(25)


def best_cell(values):
    """Find row and column of the largest value that is not NaN."""
    return np.unravel_index(np.nanargmax(values), np.shape(values))


def mistakes(counts):
    """Take the diagonal out of a confusion matrix (n, n): 0 where class and answer agree."""
    return np.where(np.eye(len(counts), dtype=bool), 0, counts)


def worst_mistakes(counts, most=3):
    """List the most frequent mistakes of a confusion matrix as (true class, read as, how often)."""
    wrong = mistakes(counts)
    worst = np.argsort(-wrong, axis=None, kind="stable")[:most]
    cells = [(*np.unravel_index(place, wrong.shape), wrong.flat[place]) for place in worst]
    return [cell for cell in cells if cell[2]]
