"""Which mistake a network makes most often.  Lessons 07 and 09."""

import numpy as np


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
    wrong = counts - np.diag(counts.diagonal())
    true, read = np.unravel_index(wrong.argmax(), wrong.shape)
    return int(true), int(read), int(wrong[true, read])
