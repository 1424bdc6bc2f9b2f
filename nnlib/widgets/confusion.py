"""The confusion explorer: each cell of a confusion matrix opens the digits that it counts."""

import ipywidgets as w
import numpy as np
from matplotlib import colormaps
from matplotlib.colors import to_hex

from nnlib.metrics import confusion_matrix
from nnlib.network import forward
from nnlib.plots.judging import plot_read_as
from nnlib.plots.style import INK, PALE, SEQUENTIAL
from nnlib.views.mistakes import most_frequent_mistake
from nnlib.views.words import percent
from nnlib.widgets.frame import Kept, button, choice, enlarged, picture_widget

ORDERS = ["as they come", "most confident first", "least confident first"]
PLURALS = "zeros ones twos threes fours fives sixes sevens eights nines".split()
COLUMNS, ROWS = 6, 3  # of the sheet of digits
CELL = 25, 24  # width and height of a button, in pixels


def confusion_explorer(params, digits, activations=("relu", "softmax")):
    """Click a cell of a network's confusion matrix and see the digits that it counts.

    Parameters
    ----------
    params : list of Layer
        A network with ten outputs.
    digits : Digits, or a pair (X, y)
        Images X (784, m), 0…1, and labels y (m,).
    activations : sequence of str

    Returns
    -------
    Frame
        Its `parts`: cells, the buttons as a dict under (true, read); chosen, whose value is the
        cell that is open; order, how its digits are sorted; and canvas.
    """
    X, y = digits
    P = forward(params, X, activations)[1][-1]
    said = P.argmax(axis=0)
    counts = confusion_matrix(said, y)
    chosen = Kept(value=most_frequent_mistake(counts)[:2])  # the cell that is open
    cells = buttons(counts, chosen)
    order = choice("sort", ORDERS, ORDERS[1])

    def show(figure, chosen, order):
        true, read = chosen
        mark(cells, chosen)
        places = sorted_places(np.flatnonzero((y == true) & (said == read)), P[read], order)
        title = f"true {true}, read as {read}"
        draw_sheet(figure, X[:, places], y[places], P[:, places], title)
        return cell_in_words(true, read, P[read, places], counts[true].sum(), order)

    question = "What does the network confuse?"
    moves = "a cell of the confusion matrix, and how its digits are sorted"
    controls = {"grid": button_table(cells), "order": order, "chosen": chosen}
    frame = picture_widget(question, moves, (5.4, 4.0), controls, show)
    frame.parts["cells"] = cells
    return frame


def sorted_places(places, p, order):
    """Columns of a cell in one of ORDERS, by p (m,), the probability of the class read."""
    if order == ORDERS[0]:
        return places
    sign = -1 if order == ORDERS[1] else 1
    return places[np.argsort(sign * p[places], kind="stable")]


def cell_in_words(true, read, p, n_true, order):
    """What a cell holds, as a sentence; p are the probabilities of the class read, as shown."""
    begin = f"true {true}, read as {read}: {p.size} of {n_true:,} {PLURALS[true]}"
    if not p.size:
        return f"{begin}; none to show."
    room = COLUMNS * ROWS
    some = f", {room} of them shown" if p.size > room else ""
    if p.size == 1:
        return f"{begin}; the network gave the {read} a probability of {percent(p[0])}."
    between = f"{percent(p.min())} to {percent(p.max())}"
    return f"{begin}{some}, {order}; the {read} got probabilities of {between}."


def colors(counts):
    """Background and text color of each cell, (10, 10, 2) of str; the diagonal stays pale."""
    mistakes = counts - np.diag(counts.diagonal())
    shades = colormaps[SEQUENTIAL](mistakes / (1.3 * max(mistakes.max(), 1)))
    made = np.empty((*counts.shape, 2), dtype=object)
    for k, i in np.ndindex(counts.shape):
        dark = mistakes[k, i] > 0.7 * mistakes.max() > 0
        made[k, i] = to_hex(shades[k, i]), "white" if dark else PALE if k == i else INK
    return made


def buttons(counts, chosen):
    """One button a cell, its count on it; pressing it puts (true, read) into `chosen`."""
    layout = w.Layout(width=f"{enlarged(CELL[0])}px", height=f"{enlarged(CELL[1])}px", margin="0")
    shades, styles, made = colors(counts), {}, {}
    for true, read in np.ndindex(counts.shape):
        look = tuple(shades[true, read])
        if look not in styles:  # cells of one look share a style: a hundred would be slow
            styles[look] = w.ButtonStyle(button_color=look[0], text_color=look[1])
        n = int(counts[true, read])
        made[true, read] = button(
            str(n) if n else "·",
            f"true {true}, read as {read}: {n}",
            lambda cell=(true, read): chosen.set_trait("value", cell),
            layout=layout,
            style=styles[look],
        )
    return made


def mark(cells, chosen):
    """Put the frame around the open cell alone."""
    for place, cell in cells.items():
        if place == chosen:
            cell.add_class("nn-chosen")
        elif "nn-chosen" in cell._dom_classes:
            cell.remove_class("nn-chosen")


def button_table(cells):
    """The buttons under the classes read and beside the true classes."""
    box = w.Layout(width=f"{enlarged(CELL[0])}px", height=f"{enlarged(CELL[1])}px")

    def name(text):
        return w.Label(text, layout=box)

    rows = [w.HBox([name("")] + [name(str(read)) for read in range(10)])]
    for true in range(10):
        rows.append(w.HBox([name(str(true))] + [cells[true, read] for read in range(10)]))
    over = w.HTML("rows: true digit; columns: read as")
    made = w.VBox([over, *rows], layout={"margin": "0 0 8px"})
    made.add_class("nn-cells")
    return made


def draw_sheet(figure, X, y, P, title):
    """Draw the digits of a cell; an empty sheet says that there are none."""
    figure.set_layout_engine("none")
    ax = figure.add_axes((0.01, 0.01, 0.98, 0.91))
    plot_read_as(X, y, P, COLUMNS, ROWS, title=title, ax=ax)
    if not y.size:
        ax.text(0.5, 0.5, "none", transform=ax.transAxes, ha="center", fontsize=14, color=PALE)
