"""The deep network in parts: one chain read two ways, bars beside each other.  Lesson 11."""

from nnlib.plots.deep import plot_chain, plot_layer_bars
from nnlib.plots.painter import panels

SLOPES, OUT, HIDDEN = "dA/dZ", "output", "hidden"
AS_A_ROW = (  # name, rows, columns, tint: from dC/dA⁴ back to layer 2 of 784-20-10-10
    ("dC/dA⁴", 1, 10, OUT),
    (SLOPES, 10, 10, OUT),
    ("W⁴", 10, 10, OUT),
    (SLOPES, 10, 10, HIDDEN),
    ("W³", 10, 20, HIDDEN),
    (SLOPES, 20, 20, HIDDEN),
    ("dC/dZ²", 1, 20, HIDDEN),
)
AS_A_COLUMN = (
    (SLOPES, 20, 20, HIDDEN),
    ("W2ᵀ", 20, 10, HIDDEN),
    (SLOPES, 10, 10, HIDDEN),
    ("W3ᵀ", 10, 10, OUT),
    (SLOPES, 10, 10, OUT),
    ("A − Y", 10, 1, OUT),
    ("dZ1", 20, 1, HIDDEN),
)


@panels(4.4)
def plot_chains(figure):
    """Draw the chain of 784-20-10-10 from the output to its first hidden layer, both ways round.

    The source's way (a row, from left to right) stands above ours (a column, from right to left).
    """
    above, below = figure.subplots(2, 1)
    above.set_title("The source: a row walks from left to right")
    below.set_title("Here: a column walks from right to left")
    return f"{plot_chain.paint(above, AS_A_ROW)} {plot_chain.paint(below, AS_A_COLUMN)}"


@panels(2.7)
def plot_bar_panels(figure, panels, ylabel, limits):
    """Draw several sets of bars, one bar a layer, beside each other on one logarithmic axis.

    Parameters
    ----------
    panels : dict of str to sequence of float
        Name of a panel and its values, one a layer.
    ylabel : str
        What the bars measure; written once, at the left.
    limits : pair of float
        Lowest and highest value shown.
    """
    axes, said = figure.subplots(1, len(panels), sharey=True, squeeze=False)[0], []
    for ax, (name, values) in zip(axes, panels.items()):
        said.append(plot_layer_bars.paint(ax, values, limits=limits, log=True, title=name))
        ax.set_title(name)
    axes[0].set_ylabel(ylabel)
    return " ".join(said)
