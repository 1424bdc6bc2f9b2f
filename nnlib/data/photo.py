"""Find the one digit in a photo: on all of it, if that is paper, or on the sheet of paper in it.

>>> ink = digit_of(photo, "my_seven.jpg")
"""

import numpy as np
from PIL import Image

from nnlib.data.ink import (
    PAGE_ONLY,
    border,
    dark_in,
    depth_of_ink,
    digit_in,
    dilate,
    is_light_on_dark,
)
from nnlib.data.preprocessing import cropped
from nnlib.data.sheet import SLIMMEST, is_solid, mask_of, sheet_in, size_within, upright
from nnlib.system.errors import PictureError

LONGEST = 160  # pixels that the longer side of a page keeps; the digit needs only 20
LEVEL = 3  # degrees; a sheet that is turned less need not be turned back
FRAME = 0.01  # of a page's outermost pixels, at most, are dark
ASKEW = 35  # degrees; of a sheet that is turned more nobody can tell which edge is the upper one


def digit_of(photo, name):
    """Find the ink of the one digit in an RGB photo, or raise PictureError.

    If nothing dark reaches the frame, all of the photo is paper. Else there may be a table: then
    the sheet counts, and without one what does not look like a table.
    """
    gray, sheet = shrunk(photo.convert("L")), sheet_in(photo)
    depth = depth_of_ink(gray)
    # how much of the frame is dark; all of it where the writing is light
    frame = 1 if is_light_on_dark(gray) else border(dark_in(depth, np.median(depth))).mean()
    ways = [lambda: on_all(depth, sheet, frame, name)]
    if sheet:
        ways.insert(not FRAME < frame < 1, lambda: on_sheet(photo, sheet, name))
    if frame < 20 * FRAME:
        ways.append(lambda: without_edges(gray, name))
    return first_that_reads(ways)


def first_that_reads(ways):
    """Return what the first way gives that reads a digit; else raise what says most."""
    errors = []
    for way in ways:
        try:
            return way()
        except PictureError as error:
            errors.append(error)
    raise min(errors, key=lambda error: "no digit" in str(error))


def shrunk(image):
    """Make an image small enough to look at every pixel."""
    return image.resize(size_within(image.size, LONGEST), Image.Resampling.BICUBIC)


def on_all(depth, sheet, frame, name):
    """Find the digit in all of a picture (h, w) of depths; level it if its sheet is turned."""
    ink = digit_in(depth, name)
    at_frame = border(ink > 0.5).mean()
    is_cut = at_frame > 0.15 and cropped(ink > 0.5).shape != ink.shape
    on_it = share_on(ink, sheet) if sheet else 0
    is_sheet = frame == 1 and on_it > 0.5 and sheet.slimness < SLIMMEST
    if is_solid(ink > 0.5) or is_cut or at_frame > 0.4 or is_sheet:
        raise PictureError(f"{name} holds more than a page; {PAGE_ONLY}")
    return leveled(ink, sheet) if frame < FRAME and on_it > 0.999 else ink


def share_on(ink, sheet):
    """How much of some ink (h, w) lies on a sheet."""
    mask = np.asarray(mask_of(sheet, ink.shape[::-1])) > 0
    return ink[mask].sum() / ink.sum()


def leveled(ink, sheet):
    """Turn ink (h, w) as its sheet must be turned to lie level."""
    if not LEVEL < abs(sheet.turn) < ASKEW:
        return ink
    turned = Image.fromarray(ink).rotate(sheet.turn, Image.Resampling.BILINEAR, expand=True)
    return np.clip(np.asarray(shrunk(turned)), 0, 1)


def on_sheet(photo, sheet, name):
    """Find the digit on the sheet in an RGB photo."""
    if abs(sheet.turn) > ASKEW:
        raise PictureError(f"{name} holds a page that is turned too far; {PAGE_ONLY}")
    page, mask = (shrunk(image.convert("L")) for image in upright(photo, sheet))
    inner = ~dilate(~np.pad(np.asarray(mask) > 250, 1), 1)[1:-1, 1:-1]
    return digit_in(depth_of_ink(page, inner), name, inner)


def without_edges(gray, name):
    """Find the digit on a gray page without what is dark and narrow at its frame: a margin line."""
    page = np.ones(gray.size[::-1], bool)
    return digit_in(depth_of_ink(gray, page), name, page)
