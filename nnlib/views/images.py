"""Images of 28 × 28 values: many laid out on one sheet, and the ink in parts of one."""

import math

import numpy as np

SIDE = 28  # pixels of an image, each way
ROOM = (1, 1, 1, 1)  # paper above, below, at the left and at the right of an image, in pixels


def corners(n, columns, room=ROOM):
    """Find where n images lie on a sheet: row and column of the upper left pixel of each."""
    above, below, left, right = room
    high, wide = SIDE + above + below, SIDE + left + right
    return [(j // columns * high + above, j % columns * wide + left) for j in range(n)]


def tile(images, columns, room=ROOM, paper=np.nan, rows=None):
    """Lay images out on one sheet, in reading order.

    Parameters
    ----------
    images : ndarray, shape (n, 784) or (n, 28, 28, …)
    columns : int
    room : (above, below, left, right), default 1 each
        Pixels of paper around each image.
    paper : number, default NaN
        What stands between images and in empty places; the sheet has its type.
    rows : int, optional
        By default as many as the images need, and one if there are none.

    Returns
    -------
    ndarray, shape (rows * (28 + above + below), columns * (28 + left + right), …)
    """
    images = np.asarray(images)
    above, below, left, right = room
    rows = rows or max(1, math.ceil(len(images) / columns))
    size = (rows * (SIDE + above + below), columns * (SIDE + left + right), *images.shape[3:])
    sheet = np.full(size, paper, dtype=np.asarray(paper).dtype)
    for image, (top, start) in zip(images, corners(len(images), columns, room)):
        square = image.reshape(SIDE, SIDE, *images.shape[3:])
        sheet[top : top + SIDE, start : start + SIDE] = square
    return sheet


def ink_in(image, boxes):
    """Average the pixels of an image (784,) in each box (top, bottom, left, right)."""
    square = image.reshape(SIDE, SIDE)
    return [square[top:bottom, left:right].mean() for top, bottom, left, right in boxes]
