"""From the light of a picture to the ink of the one digit in it.

>>> ink = digit_in(depth_of_ink(picture), "my_seven.jpg")
"""

import math

import numpy as np
from PIL import ImageFilter

from nnlib.data.preprocessing import cropped
from nnlib.system.errors import PictureError

PAGE_ONLY = "photograph the page only, with the digit in its middle"
NARROW = 0.12  # of the page is the widest margin line, or bit of a table along its edge
SMALLEST = 8  # pixels of ink that a photo must hold, at least


def depth_of_ink(picture, page=None):
    """Measure how much of its paper's light each pixel of a gray picture lacks, 0…1, (h, w).

    The paper is what remains if each pixel takes the lightest value around it, up to an eighth of
    the picture away, and the light then shrinks back as far: a closing (Serra 1982), which fills
    strokes and leaves the edge of a shadow in its place. Light writing on dark is turned first. If
    a page is given, a mask, only what lies on it plays a part, and its ink is dark.
    """
    width = -(-max(picture.size) // 8)
    gray = np.asarray(picture, dtype=np.float32) / 255
    if page is not None:
        lightest = dilate(np.where(page, gray, 0), width)
        paper = -dilate(np.where(page, -lightest, -1), width)
        return np.where(page, 1 - gray / np.maximum(paper, 0.05), 0)
    gray = 1 - gray if is_light_on_dark(picture) else gray
    gray = np.pad(gray, width, mode="edge")  # a table beside the sheet goes on, and is no stroke
    paper = -dilate(-dilate(gray, width), width)
    return (1 - gray / np.maximum(paper, 0.05))[width:-width, width:-width]


def is_light_on_dark(picture):
    """Tell whether a gray picture shows light writing: ink is rarer than paper, and further off."""
    blurred = picture.filter(ImageFilter.GaussianBlur(-(-max(picture.size) // 8)))
    gray, around = (np.asarray(image, dtype=np.float32) / 255 for image in (picture, blurred))
    return bool(((gray - around) ** 3).sum() > 0)


def dark_in(depth, paper):
    """Tell the dark pixels from the paper: ink begins halfway between it and the darkest pixel."""
    return depth > max((paper + depth.max()) / 2, paper + 0.1)


def digit_in(depth, name, page=None):
    """Find the ink, 0…1, of the one digit in a picture (h, w) of depths, or raise PictureError.

    The digit is the largest piece of what is dark, with what lies close to it, as the bar of a 5;
    small pieces are dirt. Three large pieces that lie close are letters or digits in a row, many
    small ones a pattern. If a page is given, a mask, what is dark at its edge is no writing.
    """
    paper = np.median(depth if page is None else depth[page])
    dark = dark_in(depth, paper)
    labels, counts = pieces(dark)
    if page is not None:
        counts[at_edge(labels, page, name)] = 0
    if counts.max() < SMALLEST:
        raise PictureError(f"{name} holds no digit, or one too small or too faint; take another")
    clean = counts[labels] >= counts.max() / 30
    groups, areas = pieces(dilate(clean, math.ceil(math.sqrt(counts.max()) / 8)))
    digit = clean & (groups == areas.argmax())
    large = np.bincount(labels[digit]) >= counts.max() / 4
    second, first = np.sort(areas)[-2:]
    if second > first / 4 or large.sum() not in (1, 2):
        raise PictureError(f"{name} holds several dark things; show a single digit on plain paper")
    if is_pattern(cropped(digit)):
        raise PictureError(f"{name} holds a line, a frame or a pattern; show a single digit")
    ink = (depth - paper) / (np.median(depth[dark]) - paper)
    return np.where(dilate(digit, 1), np.clip(ink, 0, 1), 0).astype(np.float32)


def at_edge(labels, page, name):
    """Number the pieces at the edge of a page: a margin line, a bit of the table; none is large."""
    edge = page & dilate(~np.pad(page, 1), 1)[1:-1, 1:-1]
    numbers = np.setdiff1d(labels[edge], 0)
    for number in numbers:
        shape = np.divide(cropped(labels == number).shape, cropped(page).shape)
        if shape.min() > NARROW:
            raise PictureError(f"{name} holds something dark at the edge of its page; {PAGE_ONLY}")
    return numbers


def border(picture):
    """The outermost pixels of a picture (h, w), in a row."""
    return np.concatenate([picture[0], picture[-1], picture[1:-1, 0], picture[1:-1, -1]])


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
    is_stroke = box.mean() >= 0.5 and w < h / 2  # a straight 1 fills its box
    return w > 3 * h or strokes > 6 or (min(sides) > 0.9 and not is_stroke)


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
