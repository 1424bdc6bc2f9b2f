"""Digits and everything of their shape: images, pixel values, weights, class counts."""

import math

import numpy as np

from nnlib.plots.axes import bare, color_bar, ink_image
from nnlib.plots.painter import panels, plot
from nnlib.plots.style import DIVERGING, RIGHT, SEQUENTIAL, TRAIN, WIDTH, WRONG
from nnlib.views.images import SIDE, corners, tile
from nnlib.views.words import counted

ROWS, COLUMNS = (4, 16), (6, 22)  # the part of a digit whose pixels get their values written on
FOOT = 9  # room below a digit for what was predicted, in its pixels
NAMED = 20  # digits whose labels the sentence tells


@plot((2.4, 2.4))
def plot_digit(ax, x, label=None):
    """Draw one digit, dark ink on light paper.

    Parameters
    ----------
    x : ndarray, shape (784,)
        Pixels in reading order, 0…1 (or 0…255: the darkest is then 255).
    label : int or str, optional
        Written in the corner.
    """
    full = 255 if x.max() > 1 else 1
    ink_image(ax, x, most=full)
    if label is not None:
        ax.text(1, 1, str(label), va="top", fontsize=12)
    name = "digit" if label is None else label
    return f"A handwritten {name}; ink covers {x.mean() / full:.0%} of the page."


def _room(predicted):
    """The paper around each digit of a sheet, with room for what was predicted."""
    return 2, 2 + (0 if predicted is None else FOOT), 2, 2


def _sheet_high(X, predicted, columns, title, **_):
    """The height of a figure for a sheet of digits, in inches."""
    above, below, left, right = _room(predicted)
    high = math.ceil(X.shape[1] / columns) * (SIDE + above + below)
    return WIDTH * high / (columns * (SIDE + left + right)) + (0.35 if title else 0.05)


@plot(_sheet_high)
def plot_digits(ax, X, y=None, predicted=None, columns=10):
    """Draw many digits side by side, each with its label, and what was predicted for it.

    Parameters
    ----------
    X : ndarray, shape (784, m)
        One digit a column, 0…1.
    y : sequence of int, length m, optional
        True labels, written in the corners.
    predicted : sequence of int, length m, optional
        Predicted labels, written below with a tick or a cross; needs y.
    columns : int, default 10
    """
    m, room = X.shape[1], _room(predicted)
    y = None if y is None else np.asarray(y)  # by place, not by the index of a table
    ax.imshow(tile(X.T, columns, room, paper=0.0), cmap=SEQUENTIAL, vmin=0, vmax=1)
    for j, (top, left) in enumerate(corners(m, columns, room)):
        if y is not None:
            ax.text(left, top, str(y[j]), va="top", fontsize=9, color=TRAIN)
        if predicted is not None:
            mark, color = ("✓", RIGHT) if predicted[j] == y[j] else ("✗", WRONG)
            look = {"va": "top", "ha": "center", "fontsize": 9, "color": color}
            ax.text(left + SIDE / 2, top + SIDE + 1, f"{predicted[j]} {mark}", **look)
    bare(ax, frame=False)
    return _digits_in_words(m, y, predicted)


def _digits_in_words(m, y, predicted):
    """The sentence that stands for a sheet of digits."""
    if y is None:
        return f"{counted(m, 'handwritten digit')}."
    if predicted is None:
        return f"{counted(m, 'handwritten digit')}: {_first(y)}."
    right = int(np.sum(np.asarray(predicted) == y))
    said = f"in truth {_first(y)}; predicted {_first(predicted)}"
    return f"{counted(m, 'digit')}, {said}; {right} of {m} right."


def _first(labels):
    """The first labels, one after the other."""
    words = ", ".join(str(label) for label in labels[:NAMED])
    return words + (" …" if len(labels) > NAMED else "")


@plot(WIDTH * (ROWS[1] - ROWS[0]) / (COLUMNS[1] - COLUMNS[0]) + 0.3)
def plot_pixel_values(ax, x):
    """Draw the middle of a digit with the value of every pixel written on it.

    Parameters
    ----------
    x : ndarray, shape (784,)
        Pixels in reading order, 0…255.
    """
    part = x.reshape(SIDE, SIDE)[slice(*ROWS), slice(*COLUMNS)]
    extent = (COLUMNS[0] - 0.5, COLUMNS[1] - 0.5, ROWS[1] - 0.5, ROWS[0] - 0.5)
    ax.imshow(part, cmap=SEQUENTIAL, vmin=0, vmax=255, extent=extent)
    for (r, c), value in np.ndenumerate(part):
        look = {"ha": "center", "va": "center", "fontsize": 8}
        color = "white" if value > 127 else "black"
        ax.text(c + COLUMNS[0], r + ROWS[0], value, color=color, **look)
    ax.set(xlabel="column", ylabel="row", xticks=range(*COLUMNS), yticks=range(*ROWS))
    return (
        f"Rows {ROWS[0]} to {ROWS[1] - 1} and columns {COLUMNS[0]} to {COLUMNS[1] - 1} of a digit "
        f"with the value of each pixel, from {part.min()} to {part.max()}."
    )


def _maps_high(maps, columns, title, **_):
    """The height of a figure for so many maps, in inches."""
    return math.ceil(len(maps) / columns) * (WIDTH - 0.8) / columns * 1.15 + (0.3 if title else 0)


@panels(_maps_high)
def plot_maps(figure, maps, titles, signed=False, columns=5):
    """Draw quantities that have one value a pixel, all on the same color scale.

    Parameters
    ----------
    maps : ndarray, shape (k, n) or (k, rows, columns)
        Weights, means, differences …; n values are laid out as a square.
    titles : sequence of str, length k
    signed : bool, default False
        True: red negative, white zero, blue positive. False: light to dark from zero.
    columns : int, default 5
    """
    side = math.isqrt(maps[0].size)
    shape = maps.shape[1:] if maps.ndim == 3 else (side, side)
    limit, low = float(np.abs(maps).max()), -1 if signed else 0
    look = {"cmap": DIVERGING if signed else SEQUENTIAL, "vmin": low * limit, "vmax": limit}
    axes = figure.subplots(math.ceil(len(maps) / columns), columns, squeeze=False)
    for ax in axes.flat:
        ax.axis("off")
    for ax, values, name in zip(axes.flat, maps, titles):
        ax.imshow(values.reshape(shape), **look)
        ax.axis("on")
        bare(ax)
        ax.set_title(name, loc="center", fontsize=10)
    ticks = (-limit, 0, limit) if signed else (0, limit)
    color_bar(axes, axes[0, 0].images[0], ticks)
    kind = "red negative, blue positive" if signed else "dark is much"
    size = f"{counted(len(maps), 'map')} of {shape[0]} by {shape[1]} pixels"
    return f"{size} ({kind}, up to {limit:.2g}): {', '.join(titles)}."


@plot(2.4)
def plot_class_counts(ax, y):
    """Draw how many digits of each class there are.

    Parameters
    ----------
    y : ndarray of int, shape (m,)
    """
    counts = np.bincount(np.asarray(y, dtype=np.intp), minlength=10)  # int64 is refused on 32 bits
    bars = ax.bar(range(len(counts)), counts, color=TRAIN, width=0.7)
    ax.bar_label(bars, fontsize=9)
    ax.set(xlabel="digit", ylabel="how many", xticks=range(len(counts)))
    words = ", ".join(f"{label}: {count}" for label, count in enumerate(counts))
    return f"Bars that count the digits of each class: {words}."
