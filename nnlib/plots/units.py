"""Hidden units as pictures: all their weights on one scale, what each likes, what each is worth."""

import math

import numpy as np

from nnlib.plots.axes import bare, color_bar, grid_below, signed_image
from nnlib.plots.inside import plot_mosaic, plot_signed_bars
from nnlib.plots.painter import panels, plot
from nnlib.plots.style import INK, LAYER_TINTS, WIDTH
from nnlib.views.images import SIDE


@plot(
    lambda W, columns, title, **_: (
        math.ceil(len(W) / columns) * (WIDTH - 0.8) / columns + (0.4 if title else 0.1)
    )
)
def plot_units(ax, W, names=None, columns=8, title=None):
    """Draw the weights into each unit as one image of 28 × 28 pixels, all on one color scale.

    Parameters
    ----------
    W : ndarray, shape (n_units, 784)
    names : sequence, length n_units, optional
        Written in the corners; by default the numbers of the units.
    columns : int, default 8
    """
    limit = float(np.abs(W).max())
    names = range(len(W)) if names is None else names
    sentence = plot_mosaic.paint(ax, W, columns, limit, names=names, title=title)
    color_bar(ax, ax.images[0], (-limit, 0, limit), shrink=0.9, aspect=30)
    return sentence


@panels(lambda W, **_: 1.45 * len(W) + 0.3)
def plot_unit_stories(figure, W, liked, outgoing, names):
    """Draw some units, one a row: its weights, the digits that excite it most, what it passes on.

    Parameters
    ----------
    W : ndarray, shape (n, 784)
        The weights into each unit.
    liked : sequence of n pairs, X (784, k) and y (k,)
        The digits, up to ten a unit, and their labels.
    outgoing : ndarray, shape (n_classes, n)
        The weights from each unit to the outputs: a column a unit.
    names : sequence of str, length n
    """
    limit, highest = float(np.abs(W).max()), float(np.abs(outgoing).max())
    axes = figure.subplots(len(W), 3, width_ratios=(1.2, 3, 2.2), squeeze=False)
    for (image, digits, bars), weights, (X, y), passed in zip(axes, W, liked, outgoing.T):
        signed_image(image, weights.reshape(SIDE, SIDE), limit)
        bare(image)
        plot_mosaic.paint(digits, X.T, 5, signed=False, names=y)
        digits.set_anchor("C")
        plot_signed_bars.paint(bars, passed, highest)
        bars.set_xlabel("")
    bars.set_xlabel("class")
    heads = (f"weights ±{limit:.2g}", "what excites it most", "what it passes on")
    for ax, head in zip(axes[0], heads, strict=True):
        ax.set_title(head, loc="left", fontsize=9)
    for ax, name in zip(axes[:, 0], names, strict=True):
        ax.set_ylabel(name)
    return " ".join(_story(*args) for args in zip(names, liked, outgoing.T))


def _story(name, liked, outgoing):
    """What one row of `plot_unit_stories` shows, as a sentence."""
    high, low = int(np.argmax(outgoing)), int(np.argmin(outgoing))
    labels = " ".join(str(k) for k in liked[1]) or "none"
    return (
        f"{name}: excited most by {labels}; it passes on {outgoing[high]:.2f} to class {high} "
        f"and {outgoing[low]:.2f} to class {low}."
    )


@plot(2.4)
def plot_worth(ax, points):
    """Draw what is lost without each unit as bars, the most valuable first.

    Parameters
    ----------
    points : ndarray, shape (n_units,)
        By how many points the accuracy falls when this unit alone is off; negative: it rises.
    """
    order = np.argsort(-points, kind="stable")
    ax.bar(range(len(points)), points[order], width=0.7, color=LAYER_TINTS["hidden"])
    ax.axhline(0, color=INK, linewidth=0.8)
    ax.set_xticks(range(len(points)), order, fontsize=8)
    ax.tick_params(axis="x", length=0)
    ax.set(xlim=(-0.7, len(points) - 0.3), xlabel="hidden unit", ylabel="points lost without it")
    grid_below(ax, axis="y")
    first, last = order[0], order[-1]
    return (
        f"Bars of {len(points)} hidden units: without unit {first} the accuracy falls by "
        f"{points[first]:.1f} points, without unit {last} by {points[last]:.1f}."
    )
