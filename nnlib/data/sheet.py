"""Find the sheet of paper in a photo: light, straight-edged, on a darker or patterned table.

>>> sheet = sheet_in(photo)
>>> page, mask = upright(photo, sheet)
"""

import math
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageDraw

from nnlib.data.ink import border, dilate, pieces

SMALL = 112  # pixels that the longer side keeps while a sheet is looked for
WIDTHS = (0, 2, 5)  # what is narrower than about twice this is a pattern of the table
LEVELS = 9  # of light, at each of which the table may end
LEAST = 0.05  # of the picture is the smallest sheet
SOLID = 0.78  # of a sheet's outline, at least, is light; the rest is ink
FILLED = 0.9  # of the rectangle around it, at least, a sheet covers; the rest is perspective
ALIKE = 0.9  # of what two outlines cover, at least, both cover if they are the same sheet
SLIMMEST = 2.2  # times as long as wide is a sheet that might else be taken for a 1
CONTRAST = 0.05  # by which a sheet is lighter than the table, at least, along each of its edges


class Sheet(NamedTuple):
    """A rectangle in a picture, as far as it lies in it."""

    corners: np.ndarray  # (n, 2) of its outline in turn, each (across, down), in parts of the width
    turn: float  # degrees, -45 … 45, by which it lies clockwise; 0 if no corner of it is seen
    slimness: float  # how many times it is as long as wide
    score: float  # how large it is, how light all over, how well seen its faintest edge


def sheet_in(photo):
    """Find the sheet in an RGB photo; None if nothing in it looks like one on a table."""
    if max(photo.size) < SMALL:
        return None  # too small for a photo
    small = photo.resize(size_within(photo.size, SMALL), Image.Resampling.BOX)
    light = np.asarray(small, np.float32).min(axis=2) / 255  # what is colored is no paper
    if np.quantile(border(light), 0.02) > 0.9 * np.quantile(light, 0.9):
        return None  # paper alone
    found = [sheet for mask in light_things(light) if (sheet := as_sheet(mask, light))]
    return most_alike(found, small.size) if found else None


def size_within(size, longest):
    """Shrink (w, h) so that the longer is at most so long."""
    return tuple(max(1, round(side * min(1, longest / max(size)))) for side in size)


def most_alike(sheets, size):
    """Pick the sheet that most others agree with; what is none has other outlines elsewhere."""
    masks = np.array([np.asarray(mask_of(sheet, size)).ravel() > 0 for sheet in sheets], np.float32)
    both, own = masks @ masks.T, masks.sum(axis=1)
    alike = both > ALIKE * (own[:, None] + own - both)
    return sheets[int(np.argmax(alike @ [sheet.score for sheet in sheets]))]


def light_things(light):
    """Yield masks (h, w): the largest connected thing lighter than a level, for several widths."""
    for width in WIDTHS:
        opened = dilate(-dilate(-light, width), width)  # without its narrow light parts
        for level in np.linspace(opened.min(), opened.max(), LEVELS + 2)[1:-1]:
            labels, counts = pieces(opened > level)
            if counts.max() > LEAST * light.size:
                yield labels == counts.argmax()


def as_sheet(mask, light):
    """Make a Sheet of a mask (h, w) if it is a rectangle on something darker, else None."""
    box = box_around(mask)
    steps = steps_at(box, light) if box else {}
    if min(steps.values(), default=0) < CONTRAST:
        return None
    seen = {"left", "right"} & steps.keys() and {"top", "bottom"} & steps.keys()
    angle = math.degrees(math.atan2(*box.way[::-1])) if seen else 0
    score = min(steps.values()) * math.sqrt(box.size) * (mask.sum() / area_within(box.corners)) ** 4
    corners = (box.corners + 0.5) / mask.shape[1]
    return Sheet(corners, (angle + 45) % 90 - 45, box.slimness, score)


class Box(NamedTuple):
    """A rectangle around a thing that fills it."""

    corners: np.ndarray  # (n, 2) of the thing's hull
    way: tuple  # (across, down), the direction of one of the rectangle's edges, of length 1
    inward: dict  # how far each pixel (h, w) lies within the "left", "right", "top", "bottom" edge
    slimness: float  # how many times it is as long as wide
    size: int  # how many pixels of the picture it holds


def box_around(mask):
    """Put the smallest Box around a mask (h, w); None if it fills it too little."""
    corners = hull(mask)
    area = area_within(corners)
    if mask.sum() < SOLID * area:
        return None
    boxes = (box_along(way, corners, mask.shape) for way in ways_along(corners))
    box = min(boxes, key=lambda box: box.size)
    return box if area > FILLED * box.size else None


def ways_along(corners):
    """The directions (across, down) of a polygon's longer edges; those 90° apart are one."""
    edges = np.roll(corners, -1, axis=0) - corners
    lengths = np.hypot(*edges.T)
    angles = np.arctan2(edges[:, 1], edges[:, 0])[lengths >= 0.3 * lengths.max()] % (np.pi / 2)
    return [(math.cos(angle), math.sin(angle)) for angle in np.unique(np.round(angles, 2))]


def box_along(way, corners, shape):
    """Put a Box around corners, along a direction."""
    down, across = np.ogrid[: shape[0], : shape[1]]
    inward, sides = [], []
    for a, b in (way, (-way[1], way[0])):
        ends, along = corners @ (a, b), a * across + b * down
        inward += [along - (ends.min() - 0.5), (ends.max() + 0.5) - along]
        sides.append(np.ptp(ends) + 1)
    size = int((np.min(inward, axis=0) > 0).sum())
    inward = dict(zip(("left", "right", "top", "bottom"), inward))
    return Box(corners, way, inward, max(sides) / min(sides), size)


def steps_at(box, light, reach=3):
    """By how much a box is lighter within than beyond, along each edge that is not the frame's."""
    steps = {}
    for side, inward in box.inward.items():
        others = ("top", "bottom") if side in ("left", "right") else ("left", "right")
        beside = np.min([box.inward[other] for other in others], axis=0) > 0
        inner = light[beside & (inward > 1) & (inward <= 1 + reach)]
        outer = light[beside & (inward < -1) & (inward >= -1 - reach)]
        if outer.size > 0.1 * inner.size > 0:
            steps[side] = float(np.quantile(inner, 0.25) - outer.mean())
    return steps


def is_solid(mask):
    """Tell whether a mask (h, w) is a filled rectangle, and not as slim as a 1."""
    box = box_around(mask)
    return box is not None and box.slimness < SLIMMEST


def hull(mask):
    """The corners (n, 2) of a mask's convex hull in turn, each (across, down); Andrew (1979)."""
    rows = np.flatnonzero(mask.any(axis=1))
    left = np.argmax(mask[rows], axis=1)
    right = mask.shape[1] - 1 - np.argmax(mask[rows, ::-1], axis=1)
    down = half_of_hull(zip(left.tolist(), rows.tolist()))
    up = half_of_hull(zip(right[::-1].tolist(), rows[::-1].tolist()))
    return np.array(down + up, dtype=np.float64)


def half_of_hull(points):
    """Of points in turn, keep those where the way bends one way only."""
    kept = []
    for x, y in points:
        while len(kept) > 1 and bend(*kept[-2], *kept[-1], x, y) >= 0:
            kept.pop()
        kept.append((x, y))
    return kept


def bend(ax, ay, bx, by, cx, cy):
    """Whether the way from a over b to c bends right (> 0), not at all (0) or left; y goes down."""
    return (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)


def area_within(corners):
    """The area of a polygon whose corners are pixels' centers: half a pixel is added all around."""
    (x, y), (x1, y1) = corners.T, np.roll(corners, -1, axis=0).T
    return abs((x * y1 - y * x1).sum()) / 2 + np.hypot(x1 - x, y1 - y).sum() / 2 + 1


def upright(photo, sheet):
    """Cut a sheet out of a photo and turn it upright: the page, and a mask of the sheet on it."""
    images = photo, mask_of(sheet, photo.size)
    turned = [image.rotate(sheet.turn, Image.Resampling.BICUBIC, expand=True) for image in images]
    box = turned[1].getbbox()
    return [image.crop(box) for image in turned]


def mask_of(sheet, size):
    """Draw where a sheet lies in a picture of this size (w, h), as a gray image, white on black."""
    mask = Image.new("L", size)
    corners = [tuple(corner) for corner in (sheet.corners * size[0]).tolist()]
    ImageDraw.Draw(mask).polygon(corners, fill=255)
    return mask
