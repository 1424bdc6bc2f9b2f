"""A table of accuracies: better is darker, and the best cell is found."""

import numpy as np

from nnlib.views.tables import best_cell, darkness


def test_better_is_darker():
    percents = np.array([0, 10, 30, 70, 90, 92, 93.7, 95.9])
    shades = darkness(percents)
    assert np.all(np.diff(shades) > 0) and shades[0] == 0 and shades[-1] < 1
    assert darkness(100) == 1 and shades[6] - shades[5] > 0.05


def test_the_best_cell_is_no_hole():
    assert best_cell([[70, np.nan], [np.nan, 92.9]]) == (1, 1)
