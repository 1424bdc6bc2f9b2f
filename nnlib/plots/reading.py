"""How a network reads one picture: the way into it, the hidden units, ten bars.  Lessons 00, 15."""

import matplotlib.pyplot as plt
import numpy as np

from nnlib.plots.style import INK, LAYER_TINTS, PALE, SEQUENTIAL, TEST, TRAIN, WIDTH, describe

PANEL, GAP = 28, 8  # a panel of the strip is as wide as an image has pixels
STEPS = ("cropped", "scaled\n20 × 20", "centered\n28 × 28")


def reading_in_words(p):
    """What a network reads, from its ten probabilities: "it reads a 7 (93 %), next a 1 (5 %)".

    Parameters
    ----------
    p : ndarray, shape (10,)

    Returns
    -------
    str
        The second digit is named from half a percent on.
    """
    first, second = (int(k) for k in np.argsort(-p, kind="stable")[:2])
    words = f"it reads {a(first)} ({percent(p[first])})"
    return words + (f", next {a(second)} ({percent(p[second])})" if p[second] >= 0.005 else "")


def a(digit):
    """A digit with its article: "a 7", "an 8"."""
    return f"an {digit}" if digit == 8 else f"a {digit}"


def percent(share):
    """A share in percent, "93 %"; never "100 %" for what is not quite certain."""
    return "over 99 %" if share > 0.995 else f"{100 * share:.0f} %"


def plot_pipeline(ink, steps=None, title=None, ax=None, first="drawn"):
    """Draw the way of a drawing into the network as a strip of four pictures.

    Parameters
    ----------
    ink : ndarray, shape (h, h)
        The drawing, 0…1.
    steps : nnlib.data.preprocessing.Prepared, optional
        Its `crop`, `boxed` and `centered`; without it (an empty drawing) three empty panels.
    title : str, optional
    ax : matplotlib.axes.Axes, optional
    first : str, default "drawn"
        What stands under the first picture.

    Returns
    -------
    matplotlib.axes.Axes
    """
    ax = ax or plt.subplots(figsize=(WIDTH, 2.0 + (0.3 if title else 0)))[1]
    pictures = [ink, *([None] * 3 if steps is None else [steps.crop, steps.boxed, steps.centered])]
    for place, (picture, name) in enumerate(zip(pictures, (first, *STEPS), strict=True)):
        left = place * (PANEL + GAP)
        size = 20 if place == 2 else PANEL  # 20 × 20 and 28 × 28 with pixels of one size
        if picture is not None:
            draw_panel(ax, picture, left + PANEL / 2, size)
        low = (PANEL - size) / 2
        box = (left + low, low), size, size
        ax.add_patch(plt.Rectangle(*box, fill=False, edgecolor="#cccccc", linewidth=1))
        ax.text(left + PANEL / 2, PANEL + 1, name, ha="center", va="top")
        if place:
            ax.text(left - GAP / 2, PANEL / 2, "→", ha="center", va="center", fontsize="large")
    if steps is not None:
        middle = 3 * (PANEL + GAP) + 14.5  # the middle of pixel 14, counted from 0
        ax.plot(middle, 14.5, "+", color=TEST, markersize=8, markeredgewidth=1.2)
    ax.set(xlim=(-1, 4 * PANEL + 3 * GAP + 1), ylim=(PANEL + 9, -1), aspect="equal")
    ax.axis("off")
    if title:
        ax.set_title(title)
    describe(ax.figure, pipeline_in_words(steps))
    return ax


def draw_panel(ax, picture, middle, size):
    """Draw a picture into the square panel of this size around (middle, 14), without distortion."""
    h, w = (size * n / max(picture.shape) / 2 for n in picture.shape)
    extent = (middle - w, middle + w, PANEL / 2 + h, PANEL / 2 - h)
    ax.imshow(picture, cmap=SEQUENTIAL, vmin=0, vmax=1, extent=extent)


def pipeline_in_words(steps):
    """The sentence that stands for the strip."""
    if steps is None:
        return "Four empty panels: nothing is drawn."
    h, w = steps.crop.shape
    return (
        f"Four pictures: a drawing; cropped to its ink, {h} by {w} pixels; fitted into 20 by 20; "
        "in the middle of 28 by 28, where a small cross marks the center of mass."
    )


def plot_reading(p, before=None, label=None, title=None, ax=None):
    """Draw ten probabilities as bars, the largest marked, over those of an earlier state.

    Parameters
    ----------
    p : ndarray, shape (10,)
        Probabilities, 0…1.
    before : ndarray, shape (10,), optional
        Those before a change, drawn as outlines.
    label : int, optional
        The true digit; the largest bar then gets a tick or a cross.
    title : str, optional
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    ax = ax or plt.subplots(figsize=(WIDTH, 2.1))[1]
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
    if title:
        ax.set_title(title)
    truth = "" if label is None else f" In truth it is {a(label)}."
    words = reading_in_words(np.asarray(p))
    describe(ax.figure, f"Ten bars, one probability a digit; {words}.{truth}")
    return ax


def reading_axes(ax):
    """The axes for ten probabilities; alone, they stand for "nothing to read"."""
    ax.set(xlabel="digit", xticks=range(10), xlim=(-0.6, 9.6), ylim=(0, 1.25))
    ax.set_yticks([0, 0.5, 1], ["0", "50 %", "100 %"])


def plot_hidden(units, limit=None, columns=16, title=None, ax=None):
    """Draw the activations of hidden units as a mosaic of squares, dark is much.

    Parameters
    ----------
    units : ndarray, shape (n,)
        Activations, 0 or more.
    limit : float, optional
        The activation of the darkest square; by default the largest.
    columns : int, default 16
    title : str, optional
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    rows = -(-len(units) // columns)
    sheet = np.full(rows * columns, np.nan)
    sheet[: len(units)] = units
    ax = ax or plt.subplots(figsize=(WIDTH, 0.5 + WIDTH * rows / columns))[1]
    limit = limit or max(float(np.max(units)), 1e-9)
    ax.imshow(sheet.reshape(rows, columns), cmap="Blues", vmin=0, vmax=limit)
    ax.vlines(np.arange(0.5, columns - 1), -0.5, rows - 0.5, color="white", linewidth=2)
    ax.hlines(np.arange(0.5, rows - 1), -0.5, columns - 0.5, color="white", linewidth=2)
    ax.set(xticks=[], yticks=[])
    ax.spines[:].set(visible=True, color="#cccccc")
    if title:
        ax.set_title(title, color=INK)
    active = int(np.sum(np.asarray(units) > 0))
    describe(ax.figure, f"{len(units)} hidden units as squares; {active} of them are active.")
    return ax
