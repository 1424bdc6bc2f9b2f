"""Optimizers as pictures: paths through a valley, results by learning rate, races.  Lesson 13."""

import numpy as np

from nnlib.plots.axes import name_at_the_end, plain_numbers
from nnlib.plots.painter import plot
from nnlib.plots.style import INK, LINES, PALE, WIDTH
from nnlib.views.curves import valley_heights

NAMES = ("SGD", "Momentum", "RMSProp", "Adam")
LOOKS = dict(zip(NAMES, [*LINES[:3], (INK, LINES[3][1])]))  # color and line style of each
VIEW = (10.5, 4.5)  # half of the width and height of what is shown of a valley
BRACKET = [1.01, 1.03, 1.03, 1.01]  # across: in widths of the axes, from its right edge
LEVELS = (1, 5, 15, 40, 80, 160, 320)  # heights of the contour lines


@plot(lambda view, **_: min(1.0 + 0.85 * WIDTH * view[1] / view[0], 4.6))
def plot_valley(ax, paths, H, *, view=VIEW):
    """Draw paths through the valley f(p) = pᵀ H p / 2, over its contour lines.

    Parameters
    ----------
    paths : dict of str to ndarray, shape (n, 2)
        Name of an optimizer and the points that it visited, the start first.
    H : ndarray, shape (2, 2)
        Symmetric; diag(1, κ) is a valley along the first axis.
    view : pair of float
        Half of the width and of the height of what is shown.
    """
    right, top = view
    ax.contour(*valley_heights(H, right, top), levels=LEVELS, colors=PALE, linewidths=0.8)
    ax.plot(0, 0, marker="+", color=INK, markersize=10, markeredgewidth=1.5)
    for name, path in paths.items():
        color, style = LOOKS[name]
        ax.plot(*path.T, color=color, linestyle=style, linewidth=1.6, marker=".", markersize=4)
        ax.plot(*path[-1], color=color, marker="o", markersize=7, clip_on=True)
        ax.plot([], [], color=color, linestyle=style, marker="o", label=name)
    ax.set(xlim=(-right, right), ylim=(-top, top), aspect="equal", xlabel="x", ylabel="y")
    if paths:
        ax.legend(loc="lower right", fontsize=9, framealpha=0.9)
    words = "; ".join(
        f"{name}: {len(path) - 1} steps from ({path[0, 0]:.1f}, {path[0, 1]:.1f}) to "
        f"({path[-1, 0]:.3g}, {path[-1, 1]:.3g})"
        for name, path in paths.items()
    )
    return f"Paths through a valley whose lowest point is (0, 0). {words}."


def _draw_seeds(ax, x, name, values):
    """The mean of the seeds (n, n_seeds) as a line, their range as an area; mean and line."""
    color, style = LOOKS[name]
    values = np.asarray(values, dtype=float)
    mean = values.mean(axis=1)
    ax.fill_between(x, values.min(axis=1), values.max(axis=1), color=color, alpha=0.15)
    (line,) = ax.plot(x, mean, color=color, linestyle=style, marker=".", label=name)
    return mean, line


@plot(3.2)
def plot_rates(ax, rates, groups, ylabel):
    """Draw a result over the learning rate, one line an optimizer, with the range of its seeds.

    Parameters
    ----------
    rates : ndarray, shape (n,)
        Learning rates, rising.
    groups : dict of str to ndarray, shape (n, n_seeds)
        Name of an optimizer and its results at each rate.
    ylabel : str
        What the result is, with its unit.
    """
    words = []
    for name, values in groups.items():
        mean, line = _draw_seeds(ax, rates, name, values)
        best = int(mean.argmax())
        ax.plot(rates[best], mean[best], color=line.get_color(), marker="o", markersize=8)
        words.append(f"{name}: best {mean[best]:.3g} at {rates[best]:g}")
    ax.set(xscale="log", xlabel="learning rate", ylabel=ylabel)
    plain_numbers(ax.xaxis)
    ax.grid(axis="y")
    ax.legend(fontsize=9, loc="lower center")
    return f"{ylabel} over the learning rate. {'; '.join(words)}."


def _draw_race(ax, curves, ylabel, limits):
    """A curve over the epochs for each optimizer, with the range of its seeds; lines and words."""
    lines, words = [], []
    for name, values in curves.items():
        mean, line = _draw_seeds(ax, np.arange(1, len(values) + 1), name, values)
        lines.append(line)
        words.append(f"{name}: from {mean[0]:.3g} to {mean[-1]:.3g}")
    ax.set(xlabel="epoch", ylabel=ylabel, ylim=limits)
    ax.margins(x=0)
    ax.grid(axis="y")
    return lines, f"Curves of {ylabel} over the epoch. {'; '.join(words)}."


@plot(3.2)
def plot_race(ax, curves, ylabel, limits=None):
    """Draw a curve over the epochs for each optimizer, with the range of its seeds.

    Parameters
    ----------
    curves : dict of str to ndarray, shape (n_epochs, n_seeds)
        Name of an optimizer, and its results after epochs 1, 2, ….
    ylabel : str
        What the result is, with its unit.
    limits : pair of float, optional
        Lowest and highest value shown.
    """
    lines, sentence = _draw_race(ax, curves, ylabel, limits)
    name_at_the_end(ax, lines)
    return sentence


@plot(3.2)
def plot_level_race(ax, curves, ylabel, limits, together):
    """Draw a race whose lines end so close that names at their ends would suggest an order.

    Parameters
    ----------
    curves : dict of str to ndarray, shape (n_epochs, n_seeds)
        Name of an optimizer, and its results after epochs 1, 2, ….
    ylabel : str
        What the result is, with its unit.
    limits : pair of float
        Lowest and highest value shown.
    together : str
        What stands beside the bracket around all ends, "all four".
    """
    _, sentence = _draw_race(ax, curves, ylabel, limits)
    ends, room = [np.mean(values[-1]) for values in curves.values()], 0.02 * np.ptp(limits)
    low, high, across = min(ends) - room, max(ends) + room, ax.get_yaxis_transform()
    look = {"color": INK, "linewidth": 1, "transform": across, "clip_on": False}
    ax.plot(BRACKET, [low, low, high, high], **look)
    words = f"{together}:\n{min(ends):.2g} to {max(ends):.2g}"
    ax.text(1.045, (low + high) / 2, words, transform=across, va="center", fontsize=9)
    ax.legend(*ax.get_legend_handles_labels(), fontsize=9, loc="upper right")
    return sentence
