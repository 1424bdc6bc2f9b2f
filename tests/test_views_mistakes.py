"""Mistakes stand beside the diagonal, and the most frequent ones are found."""

import numpy as np

from nnlib.views.mistakes import mistakes, worst_mistakes

COUNTS = np.array([[8, 0, 2], [1, 9, 0], [5, 0, 5]])


def test_mistakes_stand_beside_the_diagonal_the_most_frequent_first():
    np.testing.assert_array_equal(mistakes(COUNTS), [[0, 0, 2], [1, 0, 0], [5, 0, 0]])
    assert worst_mistakes(COUNTS) == [(2, 0, 5), (0, 2, 2), (1, 0, 1)]
    assert worst_mistakes(np.diag([3, 4])) == []
