"""Optimizers as pictures: paths through a valley, results by learning rate, races.  Lesson 13."""

import matplotlib.pyplot as plt
import numpy as np

from nnlib.plots.style import INK, PALE, WIDTH, describe
from nnlib.plots.training import LINES, name_at_the_end, plain_numbers

NAMES = ("SGD", "Momentum", "RMSProp", "Adam")
LOOKS = dict(zip(NAMES, [*LINES[:3], (INK, LINES[3][1])]))  # color and line style of each
VIEW = (10.5, 4.5)  # half of the width and height of what is shown of a valley
LEVELS = (1, 5, 15, 40, 80, 160, 320)  # heights of the contour lines


def plot_valley(paths, H, title=None, view=VIEW, ax=None):
    """Draw paths through the valley f(p) = pᵀ H p / 2, over its contour lines.

    Parameters
    ----------
    paths : dict of str to ndarray, shape (n, 2)
        Name of an optimizer and the points that it visited, the start first.
    H : ndarray, shape (2, 2)
        Symmetric; diag(1, κ) is a valley along the first axis.
    title : str, optional
    view : pair of float
        Half of the width and of the height of what is shown.
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    right, top = view
    ax = ax or plt.subplots(figsize=(WIDTH, min(1.0 + 0.85 * WIDTH * top / right, 4.6)))[1]
    x, y = np.meshgrid(np.linspace(-right, right, 81), np.linspace(-top, top, 61))
    height = (H[0, 0] * x**2 + 2 * H[0, 1] * x * y + H[1, 1] * y**2) / 2
    ax.contour(x, y, height, levels=LEVELS, colors=PALE, linewidths=0.8)
    ax.plot(0, 0, marker="+", color=INK, markersize=10, markeredgewidth=1.5)
    for name, path in paths.items():
        color, style = LOOKS[name]
        ax.plot(*path.T, color=color, linestyle=style, linewidth=1.6, marker=".", markersize=4)
        ax.plot(*path[-1], color=color, marker="o", markersize=7, clip_on=True)
        ax.plot([], [], color=color, linestyle=style, marker="o", label=name)
    ax.set(xlim=(-right, right), ylim=(-top, top), aspect="equal", xlabel="x", ylabel="y")
    if paths:
        ax.legend(loc="lower right", fontsize=9, framealpha=0.9)
    if title:
        ax.set_title(title)
    words = "; ".join(
        f"{name}: {len(path) - 1} steps from ({path[0, 0]:.1f}, {path[0, 1]:.1f}) to "
        f"({path[-1, 0]:.3g}, {path[-1, 1]:.3g})"
        for name, path in paths.items()
    )
    describe(ax.figure, f"Paths through a valley whose lowest point is (0, 0). {words}.")
    return ax


def plot_rates(rates, groups, ylabel, title=None, ax=None):
    """Draw a result over the learning rate, one line an optimizer, with the range of its seeds.

    Parameters
    ----------
    rates : ndarray, shape (n,)
        Learning rates, rising.
    groups : dict of str to ndarray, shape (n, n_seeds)
        Name of an optimizer and its results at each rate.
    ylabel : str
        What the result is, with its unit.
    title : str, optional
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    ax = ax or plt.subplots(figsize=(WIDTH, 3.2))[1]
    words = []
    for name, values in groups.items():
        color, style = LOOKS[name]
        values = np.asarray(values, dtype=float)
        mean = values.mean(axis=1)
        ax.fill_between(rates, values.min(axis=1), values.max(axis=1), color=color, alpha=0.15)
        ax.plot(rates, mean, color=color, linestyle=style, marker=".", label=name)
        best = int(mean.argmax())
        ax.plot(rates[best], mean[best], color=color, marker="o", markersize=8)
        words.append(f"{name}: best {mean[best]:.3g} at {rates[best]:g}")
    ax.set(xscale="log", xlabel="learning rate", ylabel=ylabel)
    plain_numbers(ax.xaxis)
    ax.grid(axis="y")
    ax.legend(fontsize=9, loc="lower center")
    if title:
        ax.set_title(title)
    describe(ax.figure, f"{ylabel} over the learning rate. {'; '.join(words)}.")
    return ax


def plot_race(curves, ylabel, limits=None, title=None, ax=None):
    """Draw a curve over the epochs for each optimizer, with the range of its seeds.

    Parameters
    ----------
    curves : dict of str to ndarray, shape (n_epochs, n_seeds)
        Name of an optimizer, and its results after epochs 1, 2, ….
    ylabel : str
        What the result is, with its unit.
    limits : pair of float, optional
        Lowest and highest value shown.
    title : str, optional
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    ax = ax or plt.subplots(figsize=(WIDTH, 3.2))[1]
    lines, words = [], []
    for name, values in curves.items():
        color, style = LOOKS[name]
        values = np.asarray(values, dtype=float)
        epochs = np.arange(1, len(values) + 1)
        ax.fill_between(epochs, values.min(axis=1), values.max(axis=1), color=color, alpha=0.15)
        mean = values.mean(axis=1)
        lines += ax.plot(epochs, mean, color=color, linestyle=style, marker=".", label=name)
        words.append(f"{name}: from {mean[0]:.3g} to {mean[-1]:.3g}")
    ax.set(xlabel="epoch", ylabel=ylabel, ylim=limits)
    ax.margins(x=0)
    ax.grid(axis="y")
    if title:
        ax.set_title(title)
    if lines:
        name_at_the_end(ax, lines)
    describe(ax.figure, f"Curves of {ylabel} over the epoch. {'; '.join(words)}.")
    return ax
