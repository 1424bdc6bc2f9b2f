"""From the light of a picture to the ink of the one digit in it.

>>> ink = digit_in(depth_of_ink(picture), "my_seven.jpg")
"""

import math

import numpy as np
from PIL import ImageFilter

from nnlib.data.preprocessing import cropped
from nnlib.system.errors import PictureError

SMALLEST = 8  # pixels of ink that a photo must hold, at least


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
