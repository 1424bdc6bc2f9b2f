"""The digit browser: any digit, the ones beside it, and the numbers it is made of."""

import ipywidgets as w
import numpy as np
from matplotlib.patches import Rectangle

from nnlib.plots.digits import plot_digit, plot_digits
from nnlib.plots.style import TRAIN
from nnlib.views.images import SIDE
from nnlib.widgets.frame import Canvas, choice, picture_widget, slider

CLASSES = ["all", *range(10)]
AROUND = 4  # digits shown on either side of the one chosen
PARTS = {  # of which rows and columns the numbers are written
    "hidden": None,
    "all 784": ((0, 28), (0, 28)),
    "upper left": ((0, 14), (0, 14)),
    "upper right": ((0, 14), (14, 28)),
    "middle": ((7, 21), (7, 21)),
    "lower left": ((14, 28), (0, 14)),
    "lower right": ((14, 28), (14, 28)),
}


def digit_browser(digits):
    """Browse digits by class and number, with a threshold for ink and the pixels as numbers.

    Parameters
    ----------
    digits : Digits, or a pair (X, y)
        Images X (784, m), 0…1, and their labels y (m,).

    Returns
    -------
    Frame
        Its `parts` name the controls: kind, number, threshold, values; and the pictures: canvas,
        grid (the table of numbers).
    """
    X, y = digits
    controls = {
        "kind": choice("digit", CLASSES, "all"),
        "number": slider("which one", min(5, max(y.size, 1)), 1, max(y.size, 1)),
        "threshold": slider("ink is above", 0.5, 0.0, 1.0, 0.01),
        "values": choice("pixel values", list(PARTS), "hidden"),
    }
    canvas, grid = Canvas((5.1, 3.6)), w.HTML()
    grid.add_class("nn-numbers")

    def arrange(parts):
        parts["number"].max = max(places_of(y, parts["kind"].value).size, 1)

    def show(figure, kind, number, threshold, values):
        places, at = places_of(y, kind), number - 1
        if not places.size:
            raise ValueError(f"there is no {kind} among these {y.size:,} digits")
        x = X[:, places[at]]
        shown = ink_above(x, threshold)
        show_numbers(canvas, grid, shown, PARTS[values])
        draw_browser(figure, X, y, x, shown, around(places, at), threshold)
        return browser_in_words(at, places, y[places[at]], kind, shown, threshold)

    question = "Which pixels of a digit are ink?"
    moves = "class, number and ink threshold of a digit, its pixel values"
    frame = picture_widget(question, moves, canvas, controls, show, grid, arrange)
    frame.parts["grid"] = grid
    return frame


def show_numbers(canvas, grid, x, part):
    """Put the numbers of a part of a digit in the place of its picture, or, without, hide them."""
    canvas.layout.display = "none" if part else None
    grid.layout.display = None if part else "none"
    grid.value = table_of_numbers(x, *part) if part else ""


def places_of(y, label="all"):
    """The columns that show this label, or all columns."""
    return np.arange(y.size) if label == "all" else np.flatnonzero(y == label)


def ink_above(x, threshold):
    """The pixels of x that are above the threshold; the others become paper, 0."""
    return np.where(x > threshold, x, 0)


def around(places, at):
    """The chosen place in the middle of its neighbors; None where there is none."""
    wanted = range(at - AROUND, at + AROUND + 1)
    return [int(places[i]) if 0 <= i < len(places) else None for i in wanted]


def browser_in_words(at, places, label, kind, shown, threshold):
    """What is seen, as a sentence."""
    among = "" if kind == "all" else f" of class {kind}"
    article = "an" if label == 8 else "a"
    return (
        f"digit {at + 1:,} of {len(places):,}{among} (column {places[at]:,}): {article} {label}; "
        f"{np.count_nonzero(shown)} of {shown.size} pixels above {threshold:.2f}"
    )


def draw_browser(figure, X, y, x, shown, strip, threshold):
    """Draw the digit as it is, beside it its ink above the threshold, below it its neighbors."""
    figure.set_layout_engine("none")
    label = y[strip[AROUND]]
    left = plot_digit(x, label=label, ax=figure.add_axes((0.01, 0.27, 0.46, 0.66)))
    left.set_title("as it is")
    right = plot_digit(shown, ax=figure.add_axes((0.53, 0.27, 0.46, 0.66)))
    right.set_title(f"only pixels above {threshold:.2f}")
    sheet = [
        X[:, j] * (1 if j == strip[AROUND] else 0.5) if j is not None else 0 * x for j in strip
    ]
    names = ["" if j is None else y[j] for j in strip]
    bottom = figure.add_axes((0.01, 0.01, 0.98, 0.17))
    plot_digits(np.array(sheet).T, y=names, columns=len(strip), ax=bottom)
    frame = (AROUND * (SIDE + 4), 0.5)
    bottom.add_patch(Rectangle(frame, SIDE + 3, SIDE + 2.5, fill=False, edgecolor=TRAIN))


def table_of_numbers(x, rows, columns):
    """A part of a digit as an HTML table of bytes, each cell as dark as its pixel.

    Parameters
    ----------
    x : ndarray, shape (784,)
        Pixels in reading order, 0…1.
    rows, columns : pair of int
        From (included) and to (excluded), 0…28.

    Returns
    -------
    str
    """
    grid = np.rint(255 * x).astype(int).reshape(SIDE, SIDE)
    lines = ["<th></th>" + "".join(f"<th>{c}</th>" for c in range(*columns))]
    for r in range(*rows):
        lines.append(f"<th>{r}</th>" + "".join(byte_cell(v) for v in grid[r, slice(*columns)]))
    table = "".join(f"<tr>{line}</tr>" for line in lines)
    return f"<table class='{'nn-whole' if rows == (0, SIDE) else ''}'>{table}</table>"


def byte_cell(value):
    """One pixel as a cell: paper behind a pale 0, else dark as the pixel, its number on it."""
    if value == 0:
        return "<td>0</td>"
    text, grey = "#fff" if value > 127 else "#000", 255 - value
    return f"<td style='background:rgb({grey},{grey},{grey});color:{text}'>{value}</td>"
