"""Gradients: which way they flow, how they look on a curve, how exactly they were measured."""

import math

import numpy as np

from nnlib.plots.painter import plot
from nnlib.plots.style import BACK, EDGE, INK, LAYER_TINTS, THIRD, TRAIN
from nnlib.views.words import power, written

INPUT, HIDDEN, OUTPUT = LAYER_TINTS["input"], LAYER_TINTS["hidden"], LAYER_TINTS["output"]
FORWARD = (  # arrays from left to right: name, shape, tint
    ("X", "{0} × m", INPUT),
    ("Z1", "{1} × m", HIDDEN),
    ("A1", "{1} × m", HIDDEN),
    ("Z2", "{2} × m", OUTPUT),
    ("P", "{2} × m", OUTPUT),
    ("loss", "1 number", INK),
)
STEPS = ("@", "relu", "@", "softmax", "−log")  # between them
BACKWARD = (("dZ1", "{1} × m", HIDDEN), ("dA1", "{1} × m", HIDDEN), ("dZ2", "{2} × m", OUTPUT))
LAYERS = (  # column, parameters with their shapes, tint, what gives dW
    (1, (("W1", "{1} × {0}"), ("b1", "{1} × 1")), HIDDEN, "@ Xᵀ / m"),
    (3, (("W2", "{2} × {1}"), ("b2", "{2} × 1")), OUTPUT, "@ A1ᵀ / m"),
)
ARROWS = (  # on the way back: from, to, what is done, where that stands beside the middle
    ((4.9, 1.62), (3.3, 0.8), "P − Y", (0.35, -0.1)),
    ((2.7, 0.8), (2.3, 0.8), "W2ᵀ @", (0, 0.13)),
    ((1.7, 0.8), (1.3, 0.8), "⊙ relu′", (0, 0.13)),
)
FLOW = (
    "Forward: X ({0} × m) to Z1 and A1 ({1} × m), Z2 and P ({2} × m), then the loss. Back: dZ2 = "
    "P − Y ({2} × m); from it dW2 ({2} × {1}) and db2 ({2} × 1); through W2 transposed dA1, "
    "through the slope of relu dZ1 ({1} × m); from it dW1 ({1} × {0}) and db1 ({1} × 1)."
)
CURVES = ((TRAIN, "-", "o", 0.9), (THIRD, "--", "s", 0.5), (BACK, "-.", "^", 0.62))


@plot(4.1)
def plot_backward_flow(ax, sizes):
    """Draw a network of two layers with its way forward and, below, the way back.

    Parameters
    ----------
    sizes : (int, int, int)
        Inputs, hidden units, outputs.
    """
    for column, (name, shape, tint) in enumerate(FORWARD):
        _draw_box(ax, (column, 2), name, shape.format(*sizes), tint)
    for column, label in enumerate(STEPS):
        _draw_arrow(ax, (column + 0.3, 2), (column + 0.7, 2), label, TRAIN)
    for column, parameters, tint, product in LAYERS:
        _draw_parameters(ax, column, [(n, s.format(*sizes)) for n, s in parameters], tint, product)
    for column, (name, shape, tint) in enumerate(BACKWARD, start=1):
        _draw_box(ax, (column, 0.8), name, shape.format(*sizes), tint, line="--")
    for start, end, label, shift in ARROWS:
        _draw_arrow(ax, start, end, label, BACK, shift)
    ax.text(-0.45, 2.55, "forward", color=TRAIN, fontsize=10, weight="bold")
    ax.text(-0.45, 1.25, "back", color=BACK, fontsize=10, weight="bold")
    ax.set(xlim=(-0.5, 5.5), ylim=(-0.85, 3.6))
    ax.axis("off")
    return FLOW.format(*sizes)


def _draw_parameters(ax, column, parameters, tint, product):
    """The parameters of one layer above its column, and below their gradients."""
    for side, (name, shape) in zip((-1, 1), parameters):
        far, near = column + 0.3 * side, column + 0.1 * side
        _draw_box(ax, (column + 0.4 * side, 3.2), name, shape, tint)
        _draw_arrow(ax, (far, 2.85), (near, 2.35), "", TRAIN)
        _draw_box(ax, (column + 0.4 * side, -0.4), f"d{name}", shape, tint, line="--")
        _draw_arrow(ax, (near, 0.45), (far, -0.05), "", BACK)
    label = {"color": BACK, "fontsize": 9, "va": "center"}
    ax.text(column - 0.26, 0.24, product, ha="right", **label)
    ax.text(column + 0.26, 0.24, "row mean", ha="left", **label)


def _draw_box(ax, place, name, shape, tint, line="-"):
    """One array: its name in a tinted frame (dashed on the way back), its shape below."""
    box = {"boxstyle": "round,pad=0.25", "fc": "white", "ec": tint, "lw": 1.8, "linestyle": line}
    look = {"ha": "center", "va": "center", "fontsize": 9, "color": INK, "zorder": 3}
    ax.text(*place, f"{name}\n{shape}", bbox=box, **look)


def _draw_arrow(ax, start, end, label, color, shift=(0, 0.13)):
    """One arrow from start to end with a word beside its middle; dashed on the way back."""
    line = "--" if color == BACK else "-"
    arrow = {"arrowstyle": "-|>", "color": color, "lw": 1.5, "ls": line, "shrinkA": 0, "shrinkB": 0}
    ax.annotate("", xy=end, xytext=start, arrowprops=arrow)
    x, y = (start[0] + end[0]) / 2 + shift[0], (start[1] + end[1]) / 2 + shift[1]
    ax.text(x, y, label, color=color, fontsize=9, ha="center", va="bottom")


@plot(3.4)
def plot_paper_network(ax, values, errors, weights, gradients):
    """Draw a small network for one sample: forward values and weights, and below each its gradient.

    Parameters
    ----------
    values : sequence of arrays
        What stands in the units, layer by layer, the input first.
    errors : sequence of arrays or None
        The dZ of each layer, written below its units; None for the input.
    weights, gradients : sequence of arrays, shapes (n_out, n_in)
        W and dW between one layer and the next.
    """
    for layer, (W, dW) in enumerate(zip(weights, gradients, strict=True)):
        for (k, i), weight in np.ndenumerate(W):
            _draw_weight(ax, layer, k, i, weight, dW[k, i])
    for layer, (column, error) in enumerate(zip(values, errors, strict=True)):
        for unit, value in enumerate(column):
            _draw_unit(ax, layer, unit, value, None if error is None else error[unit])
    ax.set(xlim=(-0.35, len(values) - 0.65), ylim=(-len(values[-1]) + 0.5, 0.4))
    ax.axis("off")
    words = "; ".join(", ".join(f"{value:.3g}" for value in column) for column in values)
    return (
        f"A small network. Units, layer by layer: {words}. Their dZ: "
        f"{_slopes_in_words(error for error in errors if error is not None)}. The slopes of the "
        f"weights, layer by layer and row by row: {_slopes_in_words(dW.flat for dW in gradients)}."
    )


def _draw_weight(ax, layer, k, i, weight, slope):
    """The line from unit i of a layer to unit k of the next, its weight and its slope on it."""
    ax.plot([layer, layer + 1], [-i, -k], color=EDGE, lw=1.2, zorder=1)
    along = 0.3 if k == i else 0.22
    place = layer + along, -i + (i - k) * along
    look = {"va": "center", "fontsize": 9, "bbox": {"fc": "white", "ec": "none", "pad": 0.6}}
    ax.text(*place, written(weight, ".3g"), ha="right", **look)
    ax.text(*place, " " + written(slope, "z.3f"), color=BACK, zorder=2, **look)


def _draw_unit(ax, layer, unit, value, error):
    """A unit as a circle around its value, and below it its dZ."""
    tint = (INPUT, HIDDEN, OUTPUT)[layer]
    ax.scatter(layer, -unit, s=1500, color="white", edgecolors=tint, lw=2, zorder=3)
    look = {"color": TRAIN, "weight": "bold", "zorder": 4}
    ax.text(layer, -unit, written(value, ".3g"), ha="center", va="center", **look)
    if error is not None:
        look = {"ha": "center", "va": "top", "fontsize": 9, "color": BACK}
        ax.text(layer, -unit - 0.27, "dZ " + written(error, "z.3f"), **look)


def _slopes_in_words(columns):
    """Slopes, column by column."""
    return "; ".join(", ".join(f"{slope:z.3f}" for slope in column) for column in columns)


@plot(2.5)
def plot_slopes(ax, z, slopes):
    """Draw the slopes of activations, all on the same axes.

    Parameters
    ----------
    z : ndarray, shape (n,)
        The values before the activation, ascending.
    slopes : dict of str to ndarray, shape (n,)
        The slope there, under the name of each (at most three).
    """
    for (name, slope), (color, line, _, along) in zip(slopes.items(), CURVES):
        ax.plot(z, slope, line, color=color)
        place = int(along * len(z))
        ax.annotate(name, (z[place], slope[place]), (4, 5), textcoords="offset points", color=color)
    ax.set(xlabel="z", ylabel="slope", ylim=(-0.08, 1.2))
    largest = ", ".join(f"{name} {slope.max():.2f}" for name, slope in slopes.items())
    return f"Slopes over z from {z[0]:g} to {z[-1]:g}; the largest are {largest}."


@plot(3, fontsize=10)
def plot_tangent(ax, weights, losses, at, slope, ends=None, name="weight"):
    """Draw the loss along one weight, with the tangent that backpropagation found.

    Parameters
    ----------
    weights, losses : ndarray, shape (k,)
        The curve.
    at : pair of float
        The weight as it is, and the loss there.
    slope : float
        The derivative at that point: the tangent's slope.
    ends : pair of pairs of float, optional
        Two points of the curve, (weight, loss) each; the central difference is the line between.
    name : str, default "weight"
        Written along the axis.
    """
    ax.plot(weights, losses, color=TRAIN, label="loss")
    ax.plot(weights, at[1] + slope * (weights - at[0]), "--", color=BACK, label="tangent")
    if ends is not None:
        ax.plot(*zip(*ends), ":o", color=INK, lw=1.5, markersize=4, label="difference")
    ax.plot(*at, "o", color=BACK, markersize=7)
    ax.set(xlabel=name, ylabel="loss")
    return (
        f"Loss along {name}: {losses[0]:.3f} at {weights[0]:.2f}, {losses[-1]:.3f} at "
        f"{weights[-1]:.2f}; the tangent at {at[0]:.2f} has slope {slope:.3f}."
    )


def order(value):
    """Write the nearest power of ten; what rounding leaves differs a little between computers."""
    return power(10.0 ** round(math.log10(value)))


@plot(3.2)
def plot_error_against_step(ax, steps, errors):
    """Draw how far a central difference is from the derivative, for many step sizes.

    Parameters
    ----------
    steps : ndarray, shape (k,)
        Step sizes, positive.
    errors : dict of str to ndarray, shape (k,)
        Relative errors, by name (at most three lines).
    """
    said, middle = [], len(steps) // 2
    for (name, values), (color, line, mark, _) in zip(errors.items(), CURVES):
        ax.plot(steps, values, mark + line, color=color, markersize=4)
        place, best = (steps[middle], values[middle]), int(np.argmin(values))
        ax.annotate(name, place, (7, 5), textcoords="offset points", color=color)
        said.append(
            f"{name}: smallest error near {order(values[best])}, at step {power(steps[best])}"
        )
    ax.set(xscale="log", yscale="log", xlabel="step", ylabel="relative error")
    ax.grid(True)
    return f"Error of central differences against the step. {'; '.join(said)}."
