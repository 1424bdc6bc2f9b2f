"""What stands out in a table is found: shades, the best cell, the mistakes."""

import numpy as np

from nnlib.views.tables import best_cell, darkness, mistakes, worst_mistakes

COUNTS = np.array([[8, 0, 2], [1, 9, 0], [5, 0, 5]])


def test_better_is_darker():
    percents = np.array([0, 10, 30, 70, 90, 92, 93.7, 95.9])
    shades = darkness(percents)
    assert np.all(np.diff(shades) > 0) and shades[0] == 0 and shades[-1] < 1
    assert darkness(100) == 1 and shades[6] - shades[5] > 0.05


def test_the_best_cell_is_no_hole():
    assert best_cell([[70, np.nan], [np.nan, 92.9]]) == (1, 1)


def test_mistakes_stand_beside_the_diagonal_the_most_frequent_first():
    np.testing.assert_array_equal(mistakes(COUNTS), [[0, 0, 2], [1, 0, 0], [5, 0, 0]])
    assert worst_mistakes(COUNTS, 2) == [(2, 0, 5), (0, 2, 2)]
    assert worst_mistakes(np.diag([3, 4])) == []
