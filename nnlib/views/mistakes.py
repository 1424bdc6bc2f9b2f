"""Which mistakes a network makes most often.  Lessons 07 and 09."""

import numpy as np

NAMED = 3  # of the worst mistakes


def mistakes(counts):
    """Take the diagonal out of a confusion matrix (n, n): 0 where class and answer agree."""
    return np.where(np.eye(len(counts), dtype=bool), 0, counts)


def most_frequent_mistake(counts):
    """Find the largest count beside the diagonal, the first of several.

    Parameters
    ----------
    counts : ndarray of int, shape (n_classes, n_classes)
        A confusion matrix: rows are true classes.

    Returns
    -------
    true, read, often : int
        The true class, the class that it is read as, and how often.
    """
    wrong = mistakes(counts)
    true, read = np.unravel_index(wrong.argmax(), wrong.shape)
    return int(true), int(read), int(wrong[true, read])


def worst_mistakes(counts):
    """List the three most frequent mistakes of a confusion matrix as (true, read as, how often)."""
    wrong = mistakes(counts)
    worst = np.argsort(-wrong, axis=None, kind="stable")[:NAMED]
    cells = [(*np.unravel_index(place, wrong.shape), wrong.flat[place]) for place in worst]
    return [cell for cell in cells if cell[2]]
