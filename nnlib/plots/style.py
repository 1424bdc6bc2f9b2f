"""One visual language for all figures: what colors mean, sizes, and the describing sentence."""

import matplotlib as mpl
from matplotlib.colors import LinearSegmentedColormap

INK = "#222222"
PALE = "#b8b8b8"
TRAIN = "#0b4f8a"  # dark blue, solid
TEST = "#d1650a"  # orange, dashed
GUESS = "#777777"  # gray, dotted: the learner's own guess
RIGHT = TRAIN  # with a tick
WRONG = TEST  # with a cross
LAYER_TINTS = {"input": "#8a8a8a", "hidden": "#2b6cb0", "output": "#7a4fa3"}

SEQUENTIAL = "Greys"  # one quantity: zero is the paper, much is dark ink
DIVERGING = LinearSegmentedColormap.from_list(  # signed: red negative, white zero, blue positive
    "signed", ["#67001f", "#c43c3c", "#f2a68a", "white", "#8fc1de", "#2f7fb8", "#053061"], N=257
)

WIDTH = 7  # inches, at 100 dots an inch

STYLE = {
    "figure.figsize": (WIDTH, 3),
    "figure.dpi": 100,
    "savefig.dpi": 100,
    "figure.constrained_layout.use": True,
    "figure.facecolor": "white",
    "font.size": 10,
    "axes.titlesize": 11,
    "axes.titlelocation": "left",
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "axes.titlecolor": INK,
    "text.color": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": False,
    "grid.color": "#e6e6e6",
    "lines.linewidth": 2,
    "image.cmap": SEQUENTIAL,
    "image.interpolation": "nearest",
    "axes.prop_cycle": mpl.cycler(color=[TRAIN, TEST, "#7a4fa3", "#3a8f7b", "#8a8a8a"]),
}


def use_style():
    """Make the style of the series the one that new figures get."""
    mpl.rcParams.update(STYLE)


def describe(figure, sentence):
    """Attach the sentence that stands for a figure where it cannot be seen; several are joined.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
    sentence : str
        Built from the data that is drawn: what a person would say who looks at it.
    """
    old = getattr(figure, "alt_text", "")
    figure.alt_text = f"{old} {sentence}".strip()


def one_row_each(ax, names, xlabel):
    """Lay an axis out for one row a name, the first on top, and a grid to read values off.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    names : sequence of str
        The name at place k, counted from 0, labels the height k.
    xlabel : str
        What is measured, with its unit.
    """
    ax.set(xlabel=xlabel, yticks=range(len(names)), yticklabels=names)
    ax.set_ylim(len(names) - 0.5, -0.6)
    ax.tick_params(axis="y", length=0)
    ax.grid(axis="x")
    ax.set_axisbelow(True)
