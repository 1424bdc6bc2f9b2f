"""The deep network in parts: one chain read two ways, bars beside each other.  Lesson 11."""

import matplotlib.pyplot as plt

from nnlib.plots.deep import plot_chain, plot_layer_bars
from nnlib.plots.style import WIDTH

SLOPES, OUT, HIDDEN = "dA/dZ", "output", "hidden"
AS_A_ROW = [  # name, rows, columns, tint: from dC/dA⁴ back to layer 2 of 784-20-10-10
    ("dC/dA⁴", 1, 10, OUT),
    (SLOPES, 10, 10, OUT),
    ("W⁴", 10, 10, OUT),
    (SLOPES, 10, 10, HIDDEN),
    ("W³", 10, 20, HIDDEN),
    (SLOPES, 20, 20, HIDDEN),
    ("dC/dZ²", 1, 20, HIDDEN),
]
AS_A_COLUMN = [
    (SLOPES, 20, 20, HIDDEN),
    ("W³ᵀ", 20, 10, HIDDEN),
    (SLOPES, 10, 10, HIDDEN),
    ("W⁴ᵀ", 10, 10, OUT),
    (SLOPES, 10, 10, OUT),
    ("A − Y", 10, 1, OUT),
    ("dZ1", 20, 1, HIDDEN),
]


def plot_chains(title=None):
    """Draw the chain of 784-20-10-10 from the output to its first hidden layer, both ways round.

    Parameters
    ----------
    title : str, optional

    Returns
    -------
    list of matplotlib.axes.Axes
        The source's way (a row, from left to right) above ours (a column, from right to left).
    """
    figure, axes = plt.subplots(2, 1, figsize=(WIDTH, 4.4))
    plot_chain(AS_A_ROW, title="The source: a row walks from left to right", ax=axes[0])
    plot_chain(AS_A_COLUMN, title="Here: a column walks from right to left", ax=axes[1])
    if title:
        figure.suptitle(title, x=0.01, ha="left", fontsize=11)
    return list(axes)


def plot_bar_panels(panels, ylabel, limits, title=None):
    """Draw several sets of bars, one bar a layer, beside each other on one logarithmic axis.

    Parameters
    ----------
    panels : dict of str to sequence of float
        Name of a panel and its values, one a layer.
    ylabel : str
        What the bars measure; written once, at the left.
    limits : pair of float
        Lowest and highest value shown.
    title : str, optional

    Returns
    -------
    list of matplotlib.axes.Axes
    """
    figure, axes = plt.subplots(1, len(panels), figsize=(WIDTH, 2.7), sharey=True, squeeze=False)
    for ax, (name, values) in zip(axes[0], panels.items()):
        plot_layer_bars(values, limits=limits, log=True, title=name, ax=ax)
    axes[0, 0].set_ylabel(ylabel)
    if title:
        figure.suptitle(title, x=0.01, ha="left", fontsize=11)
    return list(axes[0])
