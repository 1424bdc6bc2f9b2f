"""The shape ledger: what a network of this size holds, and what one digit makes of it."""

import ipywidgets as w
import numpy as np

from nnlib.network import forward, init_params
from nnlib.plots.network import plot_network
from nnlib.plots.style import LAYER_TINTS
from nnlib.widgets.frame import Canvas, Frame, enlarged, follow, slider

SEED = 3  # as in lesson 03
USUAL = [784, 32, 10]  # what every size is compared with
BYTES = 4  # of a float32
WIDE, TALL, MARGIN = 5.1, 4.1, 0.66  # inches; the margin is for the words at the outputs

LEDGER_CSS = """<style>
.nn-ledger table {border-collapse: collapse; margin: 6px 0 0; background: #fff;
  white-space: nowrap;}
.nn-ledger td, .nn-ledger th {font-size: %dpx; line-height: %dpx; padding: 0 0 0 8px;
  border: 0; text-align: right; color: #222;}
.nn-ledger th {border-bottom: 1px solid #bbb; font-weight: normal;}
.nn-ledger td:first-child, .nn-ledger th:first-child {text-align: left; padding: 0;
  font-weight: 600;}
.nn-ledger tr.nn-sum td {border-top: 1px solid #bbb;}
.nn-ledger tr.nn-usual td {color: #999; font-weight: normal;}
</style>"""


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
    hidden = slider("hidden units", 32, 1, 256)
    depth = slider("hidden layers", 1, 1, 3)
    column = slider("digit (column)", 0, 0, max(y.size - 1, 0))
    table, canvas = w.HTML(), Canvas((WIDE, TALL))
    table.add_class("nn-ledger")
    moves = "hidden units, hidden layers and the digit that goes in"
    question = "How large is a network, and where do its numbers sit?"
    frame = Frame(question, [hidden, depth, column, table], canvas, moves)
    frame.parts = dict(hidden=hidden, depth=depth, column=column, table=table, canvas=canvas)

    def update():
        sizes = network_sizes(hidden.value, depth.value)
        x, label = X[:, column.value], y[column.value]
        values = activations_of(sizes, x)
        words = ledger_in_words(sizes, values, label)
        table.value = ledger_table(sizes, y.size)
        canvas.redraw(lambda figure: draw_network(figure, sizes, x, label, values))
        canvas.figure.alt_text = words
        frame.say(words)

    follow(frame, [hidden, depth, column], update)
    return frame


def network_sizes(hidden, depth):
    """The sizes of a network that reads digits: [784, 32, 32, 10] for 32 units, 2 layers."""
    return [784, *[hidden] * depth, 10]


def name_of(sizes):
    """The name of a network: 784-32-10."""
    return "-".join(str(size) for size in sizes)


def activations_of(sizes, x, seed=SEED):
    """What each unit holds for one digit x (784,), after a He start: one array a layer."""
    params = init_params(sizes, np.random.default_rng(seed), "he")
    names = ["relu"] * (len(sizes) - 2) + ["softmax"]
    return [A[:, 0] for A in forward(params, x.reshape(-1, 1), names)[1]]


def ledger_of(sizes, m):
    """Every array of the forward pass as (name, rows, columns, kind of layer), in order."""
    rows = [("X", sizes[0], m, "input")]
    last = len(sizes) - 1
    for l in range(1, last + 1):
        kind, after = ("output", "P") if l == last else ("hidden", f"A{l}")
        rows += [(f"W{l}", sizes[l], sizes[l - 1], kind), (f"b{l}", sizes[l], 1, kind)]
        rows += [(f"Z{l}", sizes[l], m, kind), (after, sizes[l], m, kind)]
    return rows


def count_parameters(sizes):
    """How many weights and biases a network of these sizes has."""
    return sum(n_out * n_in + n_out for n_in, n_out in zip(sizes, sizes[1:]))


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
    css = LEDGER_CSS % (enlarged(12), enlarged(16))
    return f"{css}<table>{''.join(lines)}</table>"


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
