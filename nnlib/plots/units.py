"""Hidden units as pictures: all their weights on one scale, what each likes, what each is worth."""

import math

import matplotlib.pyplot as plt
import numpy as np

from nnlib.plots.digits import SIDE, bare
from nnlib.plots.inside import plot_mosaic, plot_signed_bars
from nnlib.plots.style import DIVERGING, INK, LAYER_TINTS, WIDTH, describe


def plot_units(W, names=None, columns=8, limit=None, title=None, ax=None):
    """Draw the weights into each unit as one image of 28 × 28 pixels, all on one color scale.

    Parameters
    ----------
    W : ndarray, shape (n_units, 784)
    names : sequence, length n_units, optional
        Written in the corners; by default the numbers of the units.
    columns : int, default 8
    limit : float, optional
        The value of the strongest color; by default the largest magnitude in `W`.
    title : str, optional
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    limit = float(np.abs(W).max()) if limit is None else limit
    names = range(len(W)) if names is None else names
    if ax is None:
        rows = math.ceil(len(W) / columns)
        height = rows * (WIDTH - 0.8) / columns + (0.4 if title else 0.1)
        ax = plt.subplots(figsize=(WIDTH, height))[1]
    plot_mosaic(W, columns, limit, names=names, title=title or "", ax=ax)
    bar = ax.figure.colorbar(ax.images[0], ax=ax, ticks=[-limit, 0, limit], shrink=0.9, aspect=30)
    bar.ax.set_yticklabels([f"{tick:.2g}".replace("-", "−") for tick in (-limit, 0, limit)])
    if title:
        ax.set_title(title)
    return ax


def plot_unit_stories(W, liked, outgoing, names, title=None):
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
    title : str, optional

    Returns
    -------
    matplotlib.figure.Figure
    """
    n, limit = len(W), float(np.abs(W).max())
    figure, axes = plt.subplots(
        n, 3, figsize=(WIDTH, 1.45 * n + 0.3), width_ratios=(1.2, 3, 2.2), squeeze=False
    )
    heads = (f"weights ±{limit:.2g}", "what excites it most", "what it passes on")
    for r, (weights, (X, y), name) in enumerate(zip(W, liked, names, strict=True)):
        image, digits, bars = axes[r]
        image.imshow(weights.reshape(SIDE, SIDE), cmap=DIVERGING, vmin=-limit, vmax=limit)
        bare(image)
        image.set_ylabel(name)
        plot_mosaic(X.T, 5, signed=False, names=y, ax=digits)
        digits.set_anchor("C")
        plot_signed_bars(outgoing[:, r], float(np.abs(outgoing).max()), ax=bars)
        bars.set_xlabel("class" if r == n - 1 else "")
        for ax, head in zip(axes[r], heads):
            ax.set_title(head if r == 0 else "", loc="left", fontsize=9)
    if title:
        figure.suptitle(title, x=0.01, ha="left", fontsize=11)
    figure.alt_text = " ".join(story(*args) for args in zip(names, liked, outgoing.T))
    return figure


def story(name, liked, outgoing):
    """What one row of `plot_unit_stories` shows, as a sentence."""
    high, low = int(np.argmax(outgoing)), int(np.argmin(outgoing))
    labels = " ".join(str(k) for k in liked[1]) or "none"
    return (
        f"{name}: excited most by {labels}; it passes on {outgoing[high]:.2f} to class {high} "
        f"and {outgoing[low]:.2f} to class {low}."
    )


def plot_worth(points, title=None, ax=None):
    """Draw what is lost without each unit as bars, the most valuable first.

    Parameters
    ----------
    points : ndarray, shape (n_units,)
        By how many points the accuracy falls when this unit alone is off; negative: it rises.
    title : str, optional
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    ax = ax or plt.subplots(figsize=(WIDTH, 2.4))[1]
    order = np.argsort(-points, kind="stable")
    ax.bar(range(len(points)), points[order], width=0.7, color=LAYER_TINTS["hidden"])
    ax.axhline(0, color=INK, linewidth=0.8)
    ax.set_xticks(range(len(points)), order, fontsize=8)
    ax.tick_params(axis="x", length=0)
    ax.set(xlim=(-0.7, len(points) - 0.3), xlabel="hidden unit", ylabel="points lost without it")
    ax.grid(axis="y")
    ax.set_axisbelow(True)
    if title:
        ax.set_title(title)
    first, last = order[0], order[-1]
    describe(
        ax.figure,
        f"Bars of {len(points)} hidden units: without unit {first} the accuracy falls by "
        f"{points[first]:.1f} points, without unit {last} by {points[last]:.1f}.",
    )
    return ax
