"""How a network reads one picture: the way into it, the hidden units, ten bars.  Lessons 00, 15."""

import matplotlib.pyplot as plt
import numpy as np

from nnlib.plots.axes import bare
from nnlib.plots.painter import plot
from nnlib.plots.style import EDGE, LAYER_TINTS, PALE, SEQUENTIAL, SHADES, TEST, TRAIN, WIDTH
from nnlib.views.words import a_digit, percent

PANEL, GAP = 28, 8  # a panel of the strip is as wide as an image has pixels
STEPS = ("cropped", "scaled\n20 × 20", "centered\n28 × 28")


def reading_in_words(p):
    """Tell what a network reads from its ten probabilities: "it reads a 7 (93 %), next a 1 (5 %)".

    Parameters
    ----------
    p : ndarray, shape (10,)

    Returns
    -------
    str
        The second digit is named from half a percent on.
    """
    first, second = (int(k) for k in np.argsort(-p, kind="stable")[:2])
    words = f"it reads {a_digit(first)} ({percent(p[first])})"
    return words + (
        f", next {a_digit(second)} ({percent(p[second])})" if p[second] >= 0.005 else ""
    )


@plot(lambda title, **_: 2.0 + (0.3 if title else 0))
def plot_pipeline(ax, ink, steps=None, *, first="drawn"):
    """Draw the way of a drawing into the network as a strip of four pictures.

    Parameters
    ----------
    ink : ndarray, shape (h, h)
        The drawing, 0…1.
    steps : nnlib.data.preprocessing.Prepared, optional
        Its `crop`, `boxed` and `centered`; without it (an empty drawing) three empty panels.
    first : str, default "drawn"
        What stands under the first picture.
    """
    pictures = [ink, *([None] * 3 if steps is None else [steps.crop, steps.boxed, steps.centered])]
    for place, (picture, name) in enumerate(zip(pictures, (first, *STEPS), strict=True)):
        size = 20 if place == 2 else PANEL  # 20 × 20 and 28 × 28 with pixels of one size
        _draw_panel(ax, picture, place * (PANEL + GAP), size, name)
        if place:
            arrow = place * (PANEL + GAP) - GAP / 2
            ax.text(arrow, PANEL / 2, "→", ha="center", va="center", fontsize="large")
    if steps is not None:
        middle = 3 * (PANEL + GAP) + 14.5  # the middle of pixel 14, counted from 0
        ax.plot(middle, 14.5, "+", color=TEST, markersize=8, markeredgewidth=1.2)
    ax.set(xlim=(-1, 4 * PANEL + 3 * GAP + 1), ylim=(PANEL + 9, -1), aspect="equal")
    ax.axis("off")
    return _pipeline_in_words(steps)


def _draw_panel(ax, picture, left, size, name):
    """A square panel with its name below; the picture fills it without distortion."""
    middle, low = left + PANEL / 2, (PANEL - size) / 2
    if picture is not None:
        h, w = (size * n / max(picture.shape) / 2 for n in picture.shape)
        extent = (middle - w, middle + w, PANEL / 2 + h, PANEL / 2 - h)
        ax.imshow(picture, cmap=SEQUENTIAL, vmin=0, vmax=1, extent=extent)
    look = {"fill": False, "edgecolor": EDGE, "linewidth": 1}
    ax.add_patch(plt.Rectangle((left + low, low), size, size, **look))
    ax.text(middle, PANEL + 1, name, ha="center", va="top")


def _pipeline_in_words(steps):
    """The sentence that stands for the strip."""
    if steps is None:
        return "Four empty panels: nothing is drawn."
    h, w = steps.crop.shape
    return (
        f"Four pictures: a drawing; cropped to its ink, {h} by {w} pixels; fitted into 20 by 20; "
        "in the middle of 28 by 28, where a small cross marks the center of mass."
    )


@plot(2.1)
def plot_reading(ax, p, before=None, label=None):
    """Draw ten probabilities as bars, the largest marked, over those of an earlier state.

    Parameters
    ----------
    p : ndarray, shape (10,)
        Probabilities, 0…1.
    before : ndarray, shape (10,), optional
        Those before a change, drawn as outlines.
    label : int, optional
        The true digit; the largest bar then gets a tick or a cross.
    """
    best = int(np.argmax(p))
    if before is not None:
        ax.bar(range(10), before, width=0.86, color="none", edgecolor=PALE, linewidth=1.5)
    bars = ax.bar(range(10), p, width=0.6, color=LAYER_TINTS["output"], alpha=0.5)
    wrong = label is not None and label != best
    bars[best].set(alpha=1, color=TEST if wrong else TRAIN)
    mark = "" if label is None else " ✗" if wrong else " ✓"
    ax.text(best, p[best] + 0.04, percent(p[best]) + mark, ha="center", va="bottom")
    reading_axes(ax)
    ax.get_xticklabels()[best].set(fontweight="bold")
    truth = "" if label is None else f" In truth it is {a_digit(label)}."
    return f"Ten bars, one probability a digit; {reading_in_words(np.asarray(p))}.{truth}"


def reading_axes(ax):
    """Lay an Axes out for ten probabilities; alone, it stands for "nothing to read"."""
    ax.set(xlabel="digit", xticks=range(10), xlim=(-0.6, 9.6), ylim=(0, 1.25))
    ax.set_yticks([0, 0.5, 1], ["0", "50 %", "100 %"])


@plot(lambda units, columns, **_: 0.5 + WIDTH * -(-len(units) // columns) / columns)
def plot_hidden(ax, units, limit=None, columns=16):
    """Draw the activations of hidden units as a mosaic of squares, dark is much.

    Parameters
    ----------
    units : ndarray, shape (n,)
        Activations, 0 or more.
    limit : float, optional
        The activation of the darkest square; by default the largest.
    columns : int, default 16
    """
    rows = -(-len(units) // columns)
    sheet = np.full(rows * columns, np.nan)
    sheet[: len(units)] = units
    limit = limit or max(float(np.max(units)), 1e-9)
    ax.imshow(sheet.reshape(rows, columns), cmap=SHADES, vmin=0, vmax=limit)
    ax.vlines(np.arange(0.5, columns - 1), -0.5, rows - 0.5, color="white", linewidth=2)
    ax.hlines(np.arange(0.5, rows - 1), -0.5, columns - 0.5, color="white", linewidth=2)
    bare(ax)
    active = int(np.sum(np.asarray(units) > 0))
    return f"{len(units)} hidden units as squares; {active} of them are active."
