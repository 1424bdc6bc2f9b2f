"""A square brush paints templates, and stops at their border."""

import numpy as np

from nnlib.views.painting import brush_box, painted


def test_templates_in_any_memory_order_are_painted(rng):
    stencils = rng.random((10, 784))
    strokes = [(0, 0, 0, 1, 7), (9, 27, 27, 1, 7)]
    W = painted(np.asfortranarray(stencils), strokes)
    assert W[0, 0] == W[9, 783] == 7 and (W == 7).sum() == 2


def test_a_brush_is_cut_off_at_the_border():
    assert brush_box(10, 9, 5) == (8, 13, 7, 12)
    assert brush_box(0, 27, 4) == (0, 3, 26, 28)


def test_later_strokes_cover_earlier_ones_and_the_templates_stay():
    templates = np.zeros((10, 784))
    W = painted(templates, [(3, 5, 5, 3, 1), (3, 5, 5, 1, -1)])
    assert W[3].sum() == 7 and W[3, 5 * 28 + 5] == -1 and not templates.any()
