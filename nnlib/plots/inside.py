"""Inside a network, panel by panel: units as images, what they excite, what a change does.

The panels are small, for figures that hold several of them and are drawn again while a slider
moves: few artists, limits that the caller fixes. What `plot_…` drew, the `change_…` beside it
gives other data, in half the time of drawing it anew; the caller says what is seen then.
"""

import numpy as np
from matplotlib.colors import PowerNorm
from matplotlib.patches import Rectangle

from nnlib.plots.axes import bare, grid_below
from nnlib.plots.painter import plot
from nnlib.plots.style import (
    DIVERGING,
    INK,
    LAYER_TINTS,
    NEGATIVE,
    PALE,
    POSITIVE,
    RIGHT,
    SEQUENTIAL,
    TEST,
    TRAIN,
    WRONG,
)
from nnlib.views.images import SIDE, corners, tile
from nnlib.views.words import counted, written

OUTPUT = LAYER_TINTS["output"]
LABEL = {"facecolor": "white", "alpha": 0.7, "linewidth": 0, "pad": 0.5}
MOST_NAMED = 32  # images of a mosaic that still get a name each


def _entitle(ax, title, side="left"):
    """The small title of a panel."""
    ax.set_title(title or "", loc=side, fontsize=9)


@plot(3, loc="left", fontsize=9)
def plot_mosaic(ax, images, columns, limit=1.0, signed=True, names=None, title=None):
    """Draw many images of 28 × 28 values as one; `change_mosaic` puts others in their place.

    Parameters
    ----------
    images : ndarray, shape (n, 784)
    columns : int
    limit : float, default 1
        The value of the strongest color.
    signed : bool, default True
        True: red negative, white zero, blue positive. False: light to dark from zero.
    names : sequence, optional
        Written in the corners of up to 32 images.
    """
    ax.imshow(tile(images, columns), cmap=DIVERGING if signed else SEQUENTIAL)
    if names is not None and len(images) <= MOST_NAMED:
        for top, left in corners(len(images), columns):
            ax.text(left, top, "", va="top", fontsize=8, color=TRAIN, bbox=LABEL)
    bare(ax, frame=False)
    ax.set_anchor("NW")
    change_mosaic(ax, images, columns, limit, signed, names, title)
    kind = "red negative, blue positive" if signed else "dark is much"
    begin = f"{title}: " if title else ""
    return f"{begin}{counted(len(images), 'image')} ({kind}, up to about {limit:.1g})."


def change_mosaic(ax, images, columns, limit=1.0, signed=True, names=None, title=None):
    """Show other images (no more than at first) in what `plot_mosaic` drew."""
    sheet = tile(images, columns)
    whole = np.full(ax.images[0].get_array().shape, np.nan)
    whole[: sheet.shape[0]] = sheet
    ax.images[0].set_data(whole)
    ax.images[0].set_clim(-limit if signed else 0, limit)
    for j, text in enumerate(ax.texts):
        text.set_text(str(names[j]) if j < len(images) else "")
    _entitle(ax, title)


@plot(3, loc="right", fontsize=9)
def plot_place_on_curve(ax, curve, step, loss):
    """Draw a loss curve and a dot where on it we are; `change_place` moves it.

    What lies ahead of the dot is pale.

    Parameters
    ----------
    curve : pair of ndarray, each of shape (n,)
        Steps and losses of the whole run.
    step : int
    loss : float
        NaN draws the place without a dot.
    """
    steps, losses = (np.asarray(values) for values in curve)
    ax.plot(steps, losses, color=TRAIN, alpha=0.3, linewidth=1.5)
    ax.plot([], [], color=TRAIN)
    ax.axvline(0, color=PALE, linewidth=0.8, zorder=0)
    ax.plot([], [], "o", color=TRAIN, markersize=7, clip_on=False)
    top = losses[np.isfinite(losses)].max(initial=0)
    last = max(int(steps[-1]), 1) if steps.size else 1
    ax.set(xlim=(0, last), ylim=(0, 1.05 * top or 1), xticks=[0, last])
    ax.set_xlabel("step", fontsize=9, labelpad=-8)
    ax.set_ylabel("loss", fontsize=9, labelpad=1)
    ax.tick_params(labelsize=8, length=2)
    ax.get_xticklabels()[-1].set_ha("right")
    change_place(ax, step, loss)
    dot = f"a dot at step {step:,}, loss {loss:.3g}" if np.isfinite(loss) else "no dot on it"
    return f"A loss curve of {last:,} steps; {dot}."


def change_place(ax, step, loss, title=None):
    """Move the dot on what `plot_place_on_curve` drew."""
    whole, passed, here, dot = ax.lines
    steps, losses = whole.get_data()
    passed.set_data(steps[steps <= step], losses[steps <= step])
    here.set_xdata([step, step])
    dot.set_data([step], [loss])
    _entitle(ax, title, "right")


@plot(3, loc="left", fontsize=9)
def plot_small_confusion(ax, counts, limit):
    """Draw how often each class was read as each; `change_confusion` shows other counts.

    Parameters
    ----------
    counts : ndarray of int, shape (n_classes, n_classes)
        Rows: the true class; columns: the class that was read. The first cell gets a frame.
    limit : float
        The count that is drawn black; shades go by the square root, so that few can be seen.
    """
    ax.imshow(counts, cmap=SEQUENTIAL, norm=PowerNorm(0.5, vmin=0, vmax=limit))
    ax.add_patch(Rectangle((0, 0), 1, 1, fill=False, linewidth=2))
    classes = range(len(counts))
    ax.set(xticks=classes, yticks=classes)
    ax.set_xlabel("read as", fontsize=9, labelpad=1)
    ax.set_ylabel("truth", fontsize=9, labelpad=1)
    ax.tick_params(left=False, bottom=False, labelsize=7, pad=1)
    ax.spines[:].set(visible=True, color=PALE)
    change_confusion(ax, counts, (0, 0))
    right = int(np.trace(counts))
    return f"A confusion matrix: {right:,} of {counts.sum():,} on its diagonal."


def change_confusion(ax, counts, marked, title=None):
    """Show other counts, and frame another cell, in what `plot_small_confusion` drew."""
    row, column = marked
    ax.images[0].set_data(counts)
    ax.patches[0].set(xy=(column - 0.5, row - 0.5), edgecolor=RIGHT if row == column else WRONG)
    _entitle(ax, title)


@plot(3, loc="left", fontsize=9)
def plot_change_of_mind(ax, p, before, label, what_before=""):
    """Draw probabilities of classes before what they were; `change_mind` shows others.

    Parameters
    ----------
    p, before : ndarray, shape (n_classes,)
        Bars, and behind them bars that are pale and wide.
    label : int
        The true class; its number is printed bold and blue below the axis.
    what_before : str, default ""
        What the pale bars show, written below.
    """
    classes = range(len(p))
    ax.bar(classes, before, width=0.9, color=OUTPUT, alpha=0.25)
    ax.bar(classes, p, width=0.5, color=OUTPUT)
    ax.set(ylim=(0, 1), yticks=[0, 1], xticks=classes)
    ax.set_ylabel("probability", fontsize=9, labelpad=-5)
    ax.set_xlabel(what_before, fontsize=9, labelpad=1, color=OUTPUT)
    ax.tick_params(labelsize=7.5, length=2, pad=2)
    change_mind(ax, p, before, label)
    top, was = int(np.argmax(p)), int(np.argmax(before))
    return (
        f"{len(p)} probabilities, the largest for {top}: {p[top]:.2f}; "
        f"before, for {was}: {before[was]:.2f}."
    )


def change_mind(ax, p, before, label, title=None):
    """Show other probabilities in what `plot_change_of_mind` drew."""
    for bars, heights in zip(ax.containers, (before, p)):
        for bar, height in zip(bars, heights):
            bar.set_height(height)
    for k, name in enumerate(ax.get_xticklabels()):
        is_true = k == label
        name.set(weight="bold" if is_true else "normal", color=RIGHT if is_true else INK)
    _entitle(ax, title)


def change_digit(ax, x, label):
    """Show another digit, and its label, in what `plot_digit` drew."""
    ax.images[0].set_data(x.reshape(SIDE, SIDE))
    ax.texts[0].set_text(str(label))


@plot(3, loc="left", fontsize=9)
def plot_signed_bars(ax, values, limit):
    """Draw signed values as bars, blue up, red down; `change_signed_bars` shows others.

    Parameters
    ----------
    values : ndarray, shape (n,)
        One a class or unit.
    limit : float
        The axis goes from -limit to limit.
    """
    ax.bar(range(len(values)), values, width=0.7)
    ax.axhline(0, color=INK, linewidth=0.8)
    ends = [-limit, 0, limit]
    ax.set(ylim=(-limit, limit), yticks=ends, yticklabels=[written(end) for end in ends])
    ax.set_xticks(range(len(values)) if len(values) <= 12 else [0, len(values) - 1])
    ax.set_xlabel("class" if len(values) == 10 else "unit", fontsize=9, labelpad=1)
    ax.tick_params(labelsize=8, length=2)
    change_signed_bars(ax, values)
    high, low = int(np.argmax(values)), int(np.argmin(values))
    return (
        f"{counted(len(values), 'signed bar')}, from {values[low]:.2f} for {low} "
        f"to {values[high]:.2f} for {high}."
    )


def change_signed_bars(ax, values, title=None):
    """Show other values in what `plot_signed_bars` drew."""
    for bar, value in zip(ax.containers[0], values):
        bar.set(height=value, facecolor=POSITIVE if value >= 0 else NEGATIVE)
    _entitle(ax, title)


@plot(3, loc="left", fontsize=9)
def plot_recalls(ax, before, after, title=None):
    """Draw the share of each class that is read, in percent; `change_recalls` shows others.

    Parameters
    ----------
    before, after : ndarray, shape (n_classes,)
        0…1, before a change (pale) and after it (strong); NaN for a class that does not occur.
    """
    classes = np.arange(len(before))
    ax.vlines(classes, 100 * before, 100 * before, color=PALE, linewidth=2)
    ax.plot(classes, 100 * before, "o", color=TEST, alpha=0.35, markersize=9, clip_on=False)
    ax.plot(classes, 100 * before, "o", color=TEST, markersize=5, clip_on=False)
    ax.set(ylim=(0, 100), yticks=[0, 50, 100], xticks=classes, xlim=(-0.6, len(before) - 0.4))
    ax.set_xlabel("class", fontsize=9, labelpad=1)
    ax.tick_params(labelsize=8, length=2)
    grid_below(ax, axis="y")
    change_recalls(ax, after, title)
    shares = [
        f"{k}: {100 * b:.0f} → {100 * a:.0f}"
        for k, (b, a) in enumerate(zip(before, after))
        if np.isfinite(b)
    ]
    return f"Classes {title or 'read, %'}, before and after: {', '.join(shares)}."


def change_recalls(ax, after, title=None):
    """Show other shares after the change in what `plot_recalls` drew."""
    before, now = ax.lines
    now.set_ydata(100 * after)
    ends = zip(before.get_xdata(), before.get_ydata(), now.get_ydata())
    ax.collections[0].set_segments([[(k, low), (k, high)] for k, low, high in ends])
    _entitle(ax, title)
