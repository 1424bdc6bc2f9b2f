"""A race in which all arrive level: one bracket at the end, not a name a line.  Lesson 13."""

import numpy as np

from nnlib.plots.optimizing import plot_race
from nnlib.plots.style import INK

BRACKET = [1.01, 1.03, 1.03, 1.01]  # across: in widths of the axes, from its right edge


def plot_level_race(curves, ylabel, limits, together, title=None, ax=None):
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
        What stands beside the bracket, "all four".
    title : str, optional
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    ax = plot_race(curves, ylabel, limits=limits, title=title, ax=ax)
    for name in list(ax.texts):
        name.remove()
    ends, room = [np.mean(values[-1]) for values in curves.values()], 0.02 * np.ptp(limits)
    low, high = min(ends) - room, max(ends) + room
    across = ax.get_yaxis_transform()
    heights = [low, low, high, high]
    ax.plot(BRACKET, heights, color=INK, linewidth=1, transform=across, clip_on=False)
    words = f"{together}:\n{min(ends):.2g} to {max(ends):.2g}"
    ax.text(1.045, (low + high) / 2, words, transform=across, va="center", fontsize=9)
    ax.legend(*ax.get_legend_handles_labels(), fontsize=9, loc="upper right")
    return ax
