"""Templates that are painted with a square brush.  Lesson 02."""

import numpy as np

from nnlib.views.images import SIDE


def brush_box(row, column, size):
    """Say which pixels lie under a brush, cut off at the border of a 28 × 28 image.

    Parameters
    ----------
    row, column : int
        Its middle, 0…27; of an even size the pixel before the middle.
    size : int
        Its side in pixels.

    Returns
    -------
    top, bottom, left, right : int
        Rows from, to, and columns from, to; the ends are excluded.
    """
    top, left = row - (size - 1) // 2, column - (size - 1) // 2
    return max(top, 0), min(top + size, SIDE), max(left, 0), min(left + size, SIDE)


def painted(templates, strokes):
    """Paint strokes into templates, in order.

    Parameters
    ----------
    templates : ndarray, shape (n, 784)
        They are not changed.
    strokes : sequence of (template, row, column, size, value)

    Returns
    -------
    ndarray, shape (n, 784)
    """
    W = np.array(templates, order="C")  # so that a row of it can be reshaped in place
    for k, row, column, size, value in strokes:
        top, bottom, left, right = brush_box(row, column, size)
        W[k].reshape(SIDE, SIDE)[top:bottom, left:right] = value
    return W
