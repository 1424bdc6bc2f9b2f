"""The shape ledger: what a network of this size holds, and what one digit makes of it."""

import ipywidgets as w
import numpy as np

from nnlib.plots.network import plot_network
from nnlib.plots.style import LAYER_TINTS
from nnlib.views.ledger import (
    activations_of,
    count_parameters,
    ledger_of,
    name_of,
    network_sizes,
)
from nnlib.widgets.frame import picture_widget, slider

USUAL = [784, 32, 10]  # what every size is compared with
BYTES = 4  # of a float32
WIDE, TALL, MARGIN = 5.1, 4.1, 0.66  # inches; the margin is for the words at the outputs


def shape_ledger(digits):
    """Choose hidden size and depth; see every array's shape and size, and a digit's activations.

    Parameters
    ----------
    digits : Digits, or a pair (X, y)
        Images X (784, m), 0…1, and their labels y (m,).

    Returns
    -------
    Frame
        Its `parts` name the controls: hidden, depth, column; and what they move: canvas, table.
    """
    X, y = digits
    table = w.HTML()
    table.add_class("nn-ledger")
    controls = {
        "hidden": slider("hidden units", 32, 1, 256),
        "depth": slider("hidden layers", 1, 1, 3),
        "column": slider("digit (column)", 0, 0, max(y.size - 1, 0)),
        "table": table,
    }

    def show(figure, hidden, depth, column):
        sizes, x, label = network_sizes(hidden, depth), X[:, column], y[column]
        values = activations_of(sizes, x)
        table.value = ledger_table(sizes, y.size)
        draw_network(figure, sizes, x, label, values)
        return ledger_in_words(sizes, values, label)

    question = "How large is a network, and where do its numbers sit?"
    moves = "hidden units, hidden layers and the digit that goes in"
    return picture_widget(question, moves, (WIDE, TALL), controls, show)


def ledger_table(sizes, m):
    """The ledger as an HTML table: name, shape, numbers, bytes, and the sum of the parameters.

    Parameters
    ----------
    sizes : sequence of int
        Units in each layer, the input first.
    m : int
        Digits that pass through.

    Returns
    -------
    str
    """
    lines = ["<tr><th>name</th><th>shape</th><th>numbers</th><th>bytes</th></tr>"]
    for name, rows, columns, kind in ledger_of(sizes, m):
        tint = f"<td style='color:{LAYER_TINTS[kind]}'>{name}</td>"
        lines.append(table_line(f"{tint}<td>({rows:,}, {columns:,})</td>", rows * columns))
    for network, look in ((sizes, "nn-sum"), (USUAL, "nn-usual")):
        name = f"<td colspan='2'>{name_of(network)}</td>"
        lines.append(table_line(name, count_parameters(network), look))
    return f"<table>{''.join(lines)}</table>"


def table_line(cells, numbers, look=""):
    """One line of the ledger: the cells it begins with, how many numbers, how many bytes."""
    sizes = f"<td>{numbers:,}</td><td>{BYTES * numbers:,}</td>"
    return f"<tr class='{look}'>{cells}{sizes}</tr>"


def ledger_in_words(sizes, values, label):
    """What is seen, as a sentence."""
    count = count_parameters(sizes)
    times = "" if sizes == USUAL else f", {count / count_parameters(USUAL):.3g} × {name_of(USUAL)}"
    inner = np.concatenate(values[1:-1])
    return (
        f"{name_of(sizes)}: {count:,} weights and biases, {BYTES * count:,} bytes{times}; "
        f"this {label} activates {np.count_nonzero(inner)} of {inner.size} units"
    )


def draw_network(figure, sizes, x, label, values):
    """Draw the network with what its units hold for one digit."""
    figure.set_layout_engine("none")
    ax = figure.add_axes((0.01, 0.01, 0.98, 0.9))
    outputs = [f" {k}: {100 * p:.0f} %" for k, p in enumerate(values[-1])]
    title = f"Untrained: it reads this {label} as {values[-1].argmax()}"
    plot_network(sizes, x, values, outputs, shapes=len(sizes) == 3, title=title, ax=ax)
    left, right = ax.get_xlim()[0], 3 * (len(sizes) - 1) + 0.3
    ax.set_xlim(left, right + (right - left) * MARGIN / (WIDE - MARGIN))
    make_square(ax, ax.images[0])


def make_square(ax, image):
    """Give an image the height on the page that it has as a width, around height 0."""
    left, right, *_ = image.get_extent()
    box, wide, tall = ax.get_window_extent(), np.ptp(ax.get_xlim()), np.ptp(ax.get_ylim())
    half = (right - left) / 2 * (box.width / wide) / (box.height / tall)
    image.set_extent((left, right, -half, half))
