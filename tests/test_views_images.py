"""Images on a sheet stand where they should, with paper around them."""

import numpy as np
import pytest

from nnlib.views.images import SIDE, corners, ink_in, tile


@pytest.mark.parametrize("room", [(1, 1, 1, 1), (2, 11, 2, 3), (0, 2, 0, 2)])
def test_every_image_stands_at_its_corner_with_paper_around(rng, room):
    images, paper = rng.normal(size=(5, 784)), 7.0
    sheet = tile(images, 3, room, paper)
    above, below, left, right = room
    assert sheet.shape == (2 * (SIDE + above + below), 3 * (SIDE + left + right))
    for image, (top, start) in zip(images, corners(5, 3, room), strict=True):
        square = sheet[top : top + SIDE, start : start + SIDE]
        np.testing.assert_array_equal(square.ravel(), image)
        square[:] = paper
    assert (sheet == paper).all()


def test_reading_order_begins_at_the_upper_left():
    assert corners(4, 3) == [(1, 1), (1, 31), (1, 61), (31, 1)]


def test_a_sheet_has_the_type_of_its_paper_and_as_many_rows_as_asked(rng):
    assert tile(np.zeros((1, 28, 28, 3)), 2, paper=np.uint8(255)).dtype == np.uint8
    assert tile(np.zeros((1, 28, 28, 3)), 2, rows=3).shape == (90, 60, 3)
    empty = tile(np.zeros((0, 784)), 2)
    assert empty.shape == (30, 60) and np.isnan(empty).all()


def test_ink_is_averaged_in_each_box():
    image = np.zeros(784)
    image.reshape(SIDE, SIDE)[3:5, 10:20] = 1
    assert ink_in(image, [(3, 7, 10, 20), (3, 5, 10, 20), (20, 24, 0, 5)]) == [0.5, 1, 0]
