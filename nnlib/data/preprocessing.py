"""From the ink of a digit to what the network reads, the way MNIST was made.

Lessons 00, 15.

>>> ink = draw([[(30, 20), (110, 20), (60, 120)]])
>>> as_mnist(ink).x.shape
(784,)
"""

from typing import NamedTuple

import numpy as np
from PIL import Image, ImageDraw

__all__ = ["as_mnist", "center_of_mass", "draw"]

SIDE = 28  # pixels of an MNIST image, each way
BOX = 20  # the digit itself fits into this
MIDDLE = 14  # the row and the column, counted from 0, where MNIST puts the center of mass
PAD = 140  # pixels of a drawing, each way


class Prepared(NamedTuple):
    """A drawing on its way to what the network reads; every picture is float32 in 0…1."""

    crop: np.ndarray  # (h, w), as small as the ink allows
    boxed: np.ndarray  # (20, 20), scaled to fit
    centered: np.ndarray  # (28, 28), its center of mass in the middle

    @property
    def x(self):
        """The picture as a column of 784 pixels."""
        return self.centered.ravel()


def as_mnist(ink):
    """Prepare a drawing the way MNIST was made: crop, scale into 20 × 20, center its mass.

    LeCun, Bottou, Bengio, Haffner (1998), section III A. The darkest pixel becomes full ink, so
    that a thin stroke survives being made small.

    Parameters
    ----------
    ink : ndarray, shape (h, w)
        0 (paper) … 1 (ink); or bytes, uint8, 0 … 255. Of a page with dark writing pass 255 - page.

    Returns
    -------
    Prepared
        The steps, `crop`, `boxed` and `centered`, and the result `x` (784,), float32.

    Raises
    ------
    ValueError
        If the array is not a picture of finite numbers, or holds no ink.
    """
    crop = cropped(checked(ink))
    boxed = fit(crop, BOX)
    boxed /= boxed.max()
    top, left = (corner(center) for center in center_of_mass(boxed))
    centered = np.zeros((SIDE, SIDE), dtype=np.float32)
    centered[top : top + BOX, left : left + BOX] = boxed
    return Prepared(crop, boxed, centered)


def checked(ink):
    """Bring a picture to float32 in 0…1; ValueError if it is none or holds no ink."""
    ink = np.asarray(ink)
    if ink.ndim != 2 or not np.isfinite(ink).all():
        raise ValueError(f"a drawing is a (h, w) array of finite numbers; got shape {ink.shape}")
    ink = np.clip(ink / (255 if ink.dtype == np.uint8 else 1), 0, 1).astype(np.float32)
    if not ink.any():
        raise ValueError("the drawing is empty: there is no ink to read")
    return ink


def cropped(ink):
    """Cut out the smallest rectangle of a picture (h, w) that holds all of its ink."""
    rows, columns = (np.flatnonzero(ink.any(axis=axis)) for axis in (1, 0))
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def fit(ink, side):
    """Scale a picture (h, w) so that its longer side is `side`, and center it on a square."""
    h, w = ink.shape
    scale = side / max(h, w)
    size = (max(1, round(w * scale)), max(1, round(h * scale)))  # Pillow: width first
    scaled = np.asarray(Image.fromarray(ink).resize(size, Image.Resampling.BILINEAR))
    square = np.zeros((side, side), dtype=np.float32)
    top, left = (side - size[1]) // 2, (side - size[0]) // 2
    square[top : top + size[1], left : left + size[0]] = scaled
    return square


def center_of_mass(image):
    """Average the rows and the columns of a picture, each pixel weighted by its ink.

    Parameters
    ----------
    image : ndarray, shape (h, w)

    Returns
    -------
    row, column : float
        Counted from 0.
    """
    ink = image.sum()
    row = (np.arange(image.shape[0]) * image.sum(axis=1)).sum() / ink
    column = (np.arange(image.shape[1]) * image.sum(axis=0)).sum() / ink
    return float(row), float(column)


def corner(center):
    """Find where 20 × 20 pixels must begin for their center to fall on pixel 14; none is cut."""
    return min(max(round(MIDDLE - center), 0), SIDE - BOX)


def draw(strokes, width=12, side=PAD):
    """Draw strokes as a pen would.

    Parameters
    ----------
    strokes : list of lists of (x, y)
        Each stroke goes from point to point; x to the right, y down, 0 … side.
    width : float, default 12
        Of the pen, in pixels.
    side : int, default 140

    Returns
    -------
    ndarray of float32, shape (side, side)
        0 (paper) … 1 (ink).
    """
    fine = 4  # drawn larger, then made small: smooth edges
    image = Image.new("L", (fine * side, fine * side))
    pen = ImageDraw.Draw(image)
    radius = fine * width / 2
    for stroke in strokes:
        points = [(fine * x, fine * y) for x, y in stroke]
        pen.line(points, fill=255, width=round(2 * radius))
        for x, y in points:  # round ends and joints
            pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
    small = image.resize((side, side), Image.Resampling.BOX)
    return np.asarray(small, dtype=np.float32) / np.float32(255)
