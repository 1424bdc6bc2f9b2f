"""One visual language for all figures: what colors mean, sizes, and the describing sentence."""

import os

import matplotlib as mpl
from matplotlib.colors import LinearSegmentedColormap

from nnlib.views.words import minus_signs

INK = "#222222"
PALE = "#b8b8b8"  # earlier, or beside the point
EDGE = "#cccccc"  # frames of images and thin lines between things
GRID = "#e6e6e6"
TRAIN = "#0b4f8a"  # dark blue, solid
TEST = "#d1650a"  # orange, dashed
GUESS = "#777777"  # gray, dotted: the learner's own guess; a number that is nearly 0
RIGHT = TRAIN  # with a tick
WRONG = TEST  # with a cross
BACK = "#1f7a63"  # green, dashed: what flows back
LAYER_TINTS = {"input": "#8a8a8a", "hidden": "#2b6cb0", "output": "#7a4fa3"}
THIRD = LAYER_TINTS["output"]  # a curve that is neither training nor test, and the ones after it
FOURTH, FIFTH, SIXTH = "#3a8f7b", LAYER_TINTS["input"], "#b0527c"
CURVES = [TRAIN, TEST, THIRD, FOURTH, FIFTH]
LINES = [  # color and dashes of curves that are told apart without a test curve
    (TRAIN, "-"),
    (THIRD, "-."),
    (FOURTH, (0, (1, 1))),
    (FIFTH, (0, (6, 2))),
    (SIXTH, (0, (4, 1, 1, 1, 1, 1))),
]

SEQUENTIAL = "Greys"  # one quantity: zero is the paper, much is dark ink
SHADES = "Blues"  # the same for what is no ink: activations, accuracies in a table
POSITIVE, NEGATIVE = "#2f7fb8", "#c43c3c"
DIVERGING = LinearSegmentedColormap.from_list(  # signed: red negative, white zero, blue positive
    "signed",  # blue grows darker than red, so that a gray print tells them apart
    [NEGATIVE, "#ea9a84", "#fbd8c9", "white", "#8fc1de", POSITIVE, "#053061"],
    N=257,
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
    "grid.color": GRID,
    "lines.linewidth": 2,
    "image.cmap": SEQUENTIAL,
    "image.interpolation": "nearest",
    "axes.prop_cycle": mpl.cycler(color=CURVES),
}


LARGE = {"savefig.dpi": 140, "font.size": 12, "axes.titlesize": 13, "lines.linewidth": 3}
PRESENTER = {"on": os.environ.get("NNLIB_PRESENTER") == "1"}  # a projector's page is larger


def current_style():
    """The style of the series, with larger letters and lines in presenter mode."""
    return STYLE | (LARGE if PRESENTER["on"] else {})


def use_style():
    """Make the style of the series the one that new figures get."""
    mpl.rcParams.update(current_style())


def ink_on(share):
    """Choose the color of words on a signed color: white where it is dark; `share` is -1…1."""
    return "white" if share > 0.6 or share < -0.85 else INK


def describe(figure, sentence):
    """Attach the sentence that stands for a figure where it cannot be seen; several are joined.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
    sentence : str
        Built from the data that is drawn: what a person would say who looks at it. Its numbers
        get real minus signs; a hyphen is not read aloud.
    """
    old = getattr(figure, "alt_text", "")
    figure.alt_text = f"{old} {minus_signs(sentence)}".strip()
