"""From a drawing or a photo of a digit to what the network reads, the way MNIST was made.

Lessons 00, 15.

>>> ink = draw([[(30, 20), (110, 20), (60, 120)]])
>>> as_mnist(ink).x.shape
(784,)
"""

import math
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from nnlib.system.errors import PictureError

__all__ = ["as_mnist", "center_of_mass", "draw"]

SIDE = 28  # pixels of an MNIST image, each way
BOX = 20  # the digit itself fits into this
MIDDLE = 14  # the row and the column, counted from 0, where MNIST puts the center of mass
PAD = 140  # pixels of a drawing, each way
SMALLEST = 8  # pixels of ink that a photo must hold, at least


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


def depth_of_ink(picture):
    """Measure how much of its paper's light each pixel of a gray picture lacks, 0…1, (h, w).

    The paper is what remains if each pixel takes the lightest value around it, up to an eighth of
    the picture away, and the light then shrinks back as far: a closing (Serra 1982), which fills
    strokes and leaves the edge of a shadow in its place. Light writing on dark is turned first.
    """
    width = -(-max(picture.size) // 8)
    blurred = picture.filter(ImageFilter.GaussianBlur(width))
    gray, around = (np.asarray(image, dtype=np.float32) / 255 for image in (picture, blurred))
    if ((gray - around) ** 3).sum() > 0:  # ink is rarer than paper, and further from the mean
        gray = 1 - gray
    gray = np.pad(gray, width, mode="edge")  # a table beside the sheet goes on, and is no stroke
    paper = -dilate(-dilate(gray, width), width)
    return (1 - gray / np.maximum(paper, 0.05))[width:-width, width:-width]


def digit_in(depth, name):
    """Find the ink, 0…1, of the one digit in a picture (h, w) of depths, or raise PictureError.

    Ink begins halfway between the paper and the darkest pixel. The digit is the largest piece,
    with what lies close to it, as the bar of a 5; small pieces are dirt. Three large pieces that
    lie close are letters or digits in a row.
    """
    paper = np.median(depth)
    dark = depth > max((paper + depth.max()) / 2, paper + 0.1)
    labels, counts = pieces(dark)
    if counts.max() < SMALLEST:
        raise PictureError(f"{name} holds no digit, or one too small or too faint; take another")
    clean = counts[labels] >= counts.max() / 30
    groups, areas = pieces(dilate(clean, math.ceil(math.sqrt(counts.max()) / 8)))
    digit = clean & (groups == areas.argmax())
    large = np.bincount(labels[digit]) >= counts.max() / 4
    second, first = np.sort(areas)[-2:]
    if second > first / 4 or large.sum() > 2:
        raise PictureError(f"{name} holds several dark things; show a single digit on plain paper")
    if is_pattern(cropped(digit)):
        raise PictureError(f"{name} holds a line, a frame or a pattern; show a single digit")
    ink = (depth - paper) / (np.median(depth[dark]) - paper)
    return np.where(dilate(digit, 1), np.clip(ink, 0, 1), 0).astype(np.float32)


def is_pattern(box):
    """Tell whether ink, a cropped mask (h, w), has a shape that no digit has.

    Among thousands of photographed digits of MNIST none was more than 2.1 times as wide as high,
    none covered more than 0.61 of each of its four sides, and a row and a column together crossed
    at most 5.0 strokes on average.
    """
    h, w = box.shape
    edged = np.pad(box, 1)
    strokes = (edged[:, 1:] > edged[:, :-1]).sum() / h + (edged[1:] > edged[:-1]).sum() / w
    eighths = [np.array_split(way, 8) for way in (box, box.T)]
    sides = [eighth[end].any(axis=0).mean() for eighth in eighths for end in (0, -1)]
    is_frame = min(sides) > 0.9 and box.mean() < 0.5  # the full box of a straight 1 is none
    return w > 3 * h or strokes > 6 or is_frame


def pieces(mask):
    """Number the connected pieces of a mask, 0 for none, and count the pixels of each number."""
    labels = np.where(mask, np.arange(1, mask.size + 1, dtype=np.int32).reshape(mask.shape), 0)
    while ((larger := dilate(labels, 1) * mask) != labels).any():
        joined = np.arange(mask.size + 1)  # for each number the largest that touches it
        np.maximum.at(joined, labels, larger)
        while ((further := joined[joined]) != joined).any():
            joined = further
        labels = joined[labels]  # in the end each piece has its largest number throughout
    counts = np.bincount(labels.ravel())
    counts[0] = 0
    return labels, counts


def dilate(image, steps):
    """Give each pixel the largest value within so many steps, also diagonal ones."""
    for _ in range(2 * steps):  # along the columns, then along the rows
        padded = np.pad(image, ((1, 1), (0, 0)), mode="edge")
        image = np.maximum(np.maximum(padded[:-2], padded[1:-1]), padded[2:]).T
    return image


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
