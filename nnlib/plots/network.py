"""The network itself: its units and weights, its activations, and the shapes of its products."""

import math

from matplotlib.collections import LineCollection
from matplotlib.patches import Polygon, Rectangle

from nnlib.plots.painter import panels, plot
from nnlib.plots.style import INK, LAYER_TINTS, PALE, SEQUENTIAL, TRAIN
from nnlib.views.images import SIDE

MOST = 128  # units drawn in one layer; of a larger one, the first five and the last five
MOST_LINES = 700  # weights drawn between two layers; more of them are drawn as one pale area
TALL = 11  # height of a full layer, where neighbors in a small one are 1 apart
APART = 3  # between two layers
NAMES = {"input": "inputs", "hidden": "hidden units", "output": "outputs"}
TINTS = (("input", "hidden"), ("hidden", "output"))  # before and after layer 1, layer 2


def _layer_kinds(n_layers):
    """What each column of units is: "input", "hidden" …, "output"."""
    return ["input", *["hidden"] * (n_layers - 2), "output"]


def shown_units(size):
    """Choose the units of a layer that are drawn, and their heights, the first unit on top."""
    if size <= MOST:
        units = list(range(size))
        apart = min(1, TALL / max(size - 1, 1))
        return units, [apart * ((size - 1) / 2 - unit) for unit in units]
    units = [0, 1, 2, 3, 4, *range(size - 5, size)]
    return units, [5.5, 4.5, 3.5, 2.5, 1.5, -1.5, -2.5, -3.5, -4.5, -5.5]


@plot(3.6)
def plot_network(ax, sizes, image=None, values=None, outputs=None, shapes=True):
    """Draw the units of a network as columns of circles, joined by its weights.

    Parameters
    ----------
    sizes : sequence of int
        Units in each layer, the input first: [784, 32, 10].
    image : ndarray, shape (784,), optional
        The digit that goes in, drawn on the left.
    values : sequence of ndarray, optional
        What each unit holds, one array (sizes[l],) a layer, 0 or more: much is dark. The darkest
        circle of a layer holds its largest value.
    outputs : sequence of str, optional
        What to write beside each unit of the last layer.
    shapes : bool, default True
        Write the shapes of weights and biases below; False suits a small panel.
    """
    columns = []
    for l, (size, kind) in enumerate(zip(sizes, _layer_kinds(len(sizes)))):
        columns.append(_draw_layer(ax, l, size, None if values is None else values[l], kind))
        name = f"{size} {NAMES[kind]}" if shapes else str(size)
        ax.text(APART * l, 6.2, name, ha="center", va="bottom", color=LAYER_TINTS[kind])
    for l, (left, right) in enumerate(zip(columns, columns[1:]), start=1):
        _draw_weights(ax, left, right)
        if shapes:
            text = f"W{l}: {sizes[l]} × {sizes[l - 1]}\nb{l}: {sizes[l]} × 1"
            ax.text(APART * (l - 0.5), -6.2, text, ha="center", va="top")
    for (x, height), text in zip(columns[-1], outputs or []):
        ax.text(x + 0.3, height, text, va="center")
    if image is not None:
        ax.imshow(image.reshape(SIDE, SIDE), cmap=SEQUENTIAL, extent=(-3.4, -0.4, -3.9, 3.9))
    right_edge = APART * len(sizes) - APART + (1.2 if outputs else 0.8)
    ax.set(xlim=(-3.4 if image is not None else -0.8, right_edge), aspect="auto")
    ax.set_ylim(-8.2 if shapes else -6, 7.6)
    ax.axis("off")
    return _network_in_words(sizes, outputs)


def _draw_layer(ax, l, size, values, kind):
    """One column of circles, empty, or dark where a unit's value is near the largest; places."""
    units, heights = shown_units(size)
    places = [(APART * l, height) for height in heights]
    area = 85 * min(1, 14 / len(places)) ** 1.4
    line = 1.4 if len(places) <= 12 else 0.8
    look = {"s": area, "edgecolors": LAYER_TINTS[kind], "linewidths": line, "zorder": 2}
    if values is None:
        look["facecolors"] = "white"
    else:
        filled, largest = [float(values[unit]) for unit in units], float(values.max())
        look |= {"c": filled, "cmap": SEQUENTIAL, "vmin": 0, "vmax": largest or 1}
    ax.scatter(*zip(*places), **look)
    if size > MOST:
        look = {"ha": "center", "va": "center", "fontsize": 14, "color": LAYER_TINTS[kind]}
        ax.text(APART * l, 0, "⋮", **look)
    return places


def _draw_weights(ax, left, right):
    """A line from every place on the left to every place on the right, or the area of all."""
    lines = [(start, end) for start in left for end in right]
    if len(lines) > MOST_LINES:
        corners = [left[0], right[0], right[-1], left[-1]]
        ax.add_patch(Polygon(corners, facecolor=PALE, alpha=0.3, linewidth=0, zorder=1))
        return
    width = 0.35 if len(lines) < 150 else 0.15
    ax.add_collection(LineCollection(lines, colors=PALE, linewidths=width, zorder=1))


def _network_in_words(sizes, outputs):
    """The sentence that stands for a diagram."""
    kinds = _layer_kinds(len(sizes))
    layers = ", ".join(f"{size} {NAMES[kind]}" for size, kind in zip(sizes, kinds))
    sentence = f"A network in columns: {layers}; every unit is joined to all of the next column."
    return f"{sentence} At the outputs: {'; '.join(outputs)}." if outputs else sentence


@panels(2.5)
def plot_activations(figure, z, curves):
    """Draw activations side by side, on the same axes.

    Parameters
    ----------
    z : ndarray, shape (n,)
        The values before the activation, ascending.
    curves : dict of str to ndarray, shape (n,)
        The values after it, under the name of each.
    """
    axes = figure.subplots(1, len(curves), sharex=True, sharey=True, squeeze=False)
    for ax, (name, a) in zip(axes.flat, curves.items()):
        ax.axhline(0, color=PALE, linewidth=0.8)
        ax.axvline(0, color=PALE, linewidth=0.8)
        ax.plot(z, a, color=TRAIN)
        ax.set_title(name)
        ax.set(xlabel="z", xticks=[z[0], 0, z[-1]])
    axes[0, 0].set_ylabel("a")
    ranges = "; ".join(f"{name} from {a[0]:.2g} to {a[-1]:.2g}" for name, a in curves.items())
    return f"Curves over z from {z[0]:g} to {z[-1]:g}: {ranges}."


def _drawn_side(n):
    """The length that stands for a side of n rows or columns."""
    return 0.1 + 0.33 * math.log10(n)


@plot(lambda n_out, n_in, **_: 3 * (_drawn_side(max(n_out, n_in)) / 2) + 0.95)
def plot_product(ax, n_out, n_in, m, names=("W1", "X", "b1", "Z1"), layer=1):
    """Draw W @ A + b = Z as rectangles with the shapes along their edges.

    One row of W, one column of A and the entry of Z that they make are marked. Sides are drawn
    on a logarithmic scale.

    Parameters
    ----------
    n_out, n_in, m : int
        Units of this layer, units of the layer before, samples.
    names : sequence of four str
        The names of weights, input, bias and result.
    layer : int, default 1
        1 is tinted as the hidden layer fed by the input, 2 as the output fed by the hidden layer.
    """
    before, after = (LAYER_TINTS[kind] for kind in TINTS[layer - 1])
    shapes = [(n_out, n_in), (n_in, m), (n_out, 1), (n_out, m)]
    left, tall = 0.0, _drawn_side(max(n_out, n_in)) / 2
    for place, (shape, tint) in enumerate(zip(shapes, (after, before, after, after))):
        height, width = (_drawn_side(n) for n in shape)
        box = (left, -height / 2, width, height)
        _draw_matrix(ax, names[place], shape, box, tint)
        ax.add_patch(_patch(_marked(place, box), facecolor=tint, alpha=0.75, linewidth=0))
        left += width + 0.65
        ax.text(left - 0.48, 0, "@+= "[place].strip(), ha="center", va="center", fontsize=14)
    ax.set(xlim=(-0.3, left - 0.6), ylim=(-tall - 0.25, tall + 0.25), aspect="equal")
    ax.axis("off")
    parts = [f"{name} ({r:,} by {c:,})" for name, (r, c) in zip(names, shapes)]
    return "{} times {} plus {} gives {}.".format(*parts)


def _marked(place, box):
    """A row of W (place 0) and b (2), a column of A (1), and the entry of Z (3) they make."""
    left, bottom, width, height = box
    row = (left, bottom + height - 0.21, width, 0.07)
    column = (left + 0.25, bottom, 0.07, height)
    entry = (column[0], row[1], 0.07, 0.07)
    return (row, column, row, entry)[place]


def _patch(box, **look):
    """A rectangle from (left, bottom, width, height)."""
    return Rectangle(box[:2], box[2], box[3], **look)


def _draw_matrix(ax, name, shape, box, tint):
    """One rectangle, its name below and its two sizes along its edges."""
    left, bottom, width, height = box
    ax.add_patch(_patch(box, facecolor=tint, alpha=0.22, linewidth=0))
    ax.add_patch(_patch(box, fill=False, edgecolor=tint, linewidth=1.5))
    ax.text(left + width / 2, bottom + height + 0.04, f"{shape[1]:,}", ha="center", va="bottom")
    ax.text(left - 0.04, bottom + height / 2, f"{shape[0]:,}", ha="right", va="center")
    ax.text(left + width / 2, bottom - 0.05, name, ha="center", va="top", color=INK, weight="bold")
