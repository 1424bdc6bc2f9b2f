"""Gradients: which way they flow, how they look on a curve, how exactly they were measured."""

import matplotlib.pyplot as plt
import numpy as np

from nnlib.plots.style import INK, LAYER_TINTS, TRAIN, WIDTH, describe

BACK = "#1f7a63"  # what flows back: green, with a dashed line
OTHER = LAYER_TINTS["output"]  # a second curve that is neither training nor test


def plot_backward_flow(sizes, m="m", title=None, ax=None):
    """Draw a network of two layers with its way forward and, below, the way back.

    Parameters
    ----------
    sizes : (int, int, int)
        Inputs, hidden units, outputs.
    m : int or str, default "m"
        The number of samples, as it is to be written.
    title : str, optional
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    n0, n1, n2 = sizes
    ax = ax or plt.subplots(figsize=(WIDTH, 4.1))[1]
    grey, blue, purple = LAYER_TINTS["input"], LAYER_TINTS["hidden"], LAYER_TINTS["output"]
    forward = [
        ("X", f"{n0} × {m}", grey),
        ("Z1", f"{n1} × {m}", blue),
        ("A1", f"{n1} × {m}", blue),
        ("Z2", f"{n2} × {m}", purple),
        ("P", f"{n2} × {m}", purple),
        ("loss", "1 number", INK),
    ]
    for column, (name, shape, tint) in enumerate(forward):
        flow_box(ax, column, 2, name, shape, tint)
    for column, label in enumerate(["@", "relu", "@", "softmax", "−log"]):
        flow_arrow(ax, (column + 0.3, 2), (column + 0.7, 2), label, TRAIN)
    flow_layer(ax, 1, ("W1", f"{n1} × {n0}"), ("b1", f"{n1} × 1"), blue, "@ Xᵀ / m")
    flow_layer(ax, 3, ("W2", f"{n2} × {n1}"), ("b2", f"{n2} × 1"), purple, "@ A1ᵀ / m")
    for column, name, n, tint in [
        (1, "dZ1", n1, blue),
        (2, "dA1", n1, blue),
        (3, "dZ2", n2, purple),
    ]:
        flow_box(ax, column, 0.8, name, f"{n} × {m}", tint, back=True)
    flow_arrow(ax, (4.9, 1.62), (3.3, 0.8), "P − Y", BACK, shift=(0.35, -0.1))
    flow_arrow(ax, (2.7, 0.8), (2.3, 0.8), "W2ᵀ @", BACK)
    flow_arrow(ax, (1.7, 0.8), (1.3, 0.8), "⊙ relu′", BACK)
    ax.text(-0.45, 2.55, "forward", color=TRAIN, fontsize=10, weight="bold")
    ax.text(-0.45, 1.25, "back", color=BACK, fontsize=10, weight="bold")
    ax.set(xlim=(-0.5, 5.5), ylim=(-0.85, 3.6))
    ax.axis("off")
    if title:
        ax.set_title(title)
    describe(
        ax.figure,
        f"Forward: X ({n0} × {m}) to Z1 and A1 ({n1} × {m}), Z2 and P ({n2} × {m}), then the loss. "
        f"Back: dZ2 = P − Y ({n2} × {m}); from it dW2 ({n2} × {n1}) and db2 ({n2} × 1); through W2 "
        f"transposed dA1, through the slope of relu dZ1 ({n1} × {m}); from it dW1 ({n1} × {n0}) "
        f"and db1 ({n1} × 1).",
    )
    return ax


def flow_layer(ax, column, W, b, tint, product):
    """The parameters of one layer above its column, and below their gradients."""
    for (name, shape), side in ((W, -1), (b, 1)):
        flow_box(ax, column + 0.4 * side, 3.2, name, shape, tint)
        flow_arrow(ax, (column + 0.3 * side, 2.85), (column + 0.1 * side, 2.35), "", TRAIN)
        flow_box(ax, column + 0.4 * side, -0.4, f"d{name}", shape, tint, back=True)
        flow_arrow(ax, (column + 0.1 * side, 0.45), (column + 0.3 * side, -0.05), "", BACK)
    label = {"color": BACK, "fontsize": 9, "va": "center"}
    ax.text(column - 0.26, 0.24, product, ha="right", **label)
    ax.text(column + 0.26, 0.24, "row mean", ha="left", **label)


def flow_box(ax, x, y, name, shape, tint, back=False):
    """One array: its name in a tinted frame (dashed on the way back), its shape below."""
    box = {"boxstyle": "round,pad=0.25", "fc": "white", "ec": tint, "lw": 1.8}
    box["linestyle"] = "--" if back else "-"
    text = f"{name}\n{shape}"
    ax.text(x, y, text, ha="center", va="center", fontsize=9, color=INK, bbox=box, zorder=3)


def flow_arrow(ax, start, end, label, color, shift=(0, 0.13)):
    """One arrow from start to end with a word beside its middle; dashed on the way back."""
    line = "--" if color == BACK else "-"
    arrow = {"arrowstyle": "-|>", "color": color, "lw": 1.5, "ls": line, "shrinkA": 0, "shrinkB": 0}
    ax.annotate("", xy=end, xytext=start, arrowprops=arrow)
    x, y = (start[0] + end[0]) / 2 + shift[0], (start[1] + end[1]) / 2 + shift[1]
    ax.text(x, y, label, color=color, fontsize=9, ha="center", va="bottom")


def plot_paper_network(values, errors, weights, gradients, title=None, ax=None):
    """Draw a small network for one sample: forward values and weights, and below each its gradient.

    Parameters
    ----------
    values : sequence of arrays
        What stands in the units, layer by layer, the input first.
    errors : sequence of arrays or None
        The dZ of each layer, written below its units; None for the input.
    weights, gradients : sequence of arrays, shapes (n_out, n_in)
        W and dW between one layer and the next.
    title : str, optional
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    ax = ax or plt.subplots(figsize=(WIDTH, 3.4))[1]
    tints = [LAYER_TINTS["input"], LAYER_TINTS["hidden"], LAYER_TINTS["output"]]
    for layer, (W, dW) in enumerate(zip(weights, gradients, strict=True)):
        for (k, i), weight in np.ndenumerate(W):
            ax.plot([layer, layer + 1], [-i, -k], color="#cccccc", lw=1.2, zorder=1)
            x, y = layer + (0.3 if k == i else 0.22), -i + (i - k) * (0.3 if k == i else 0.22)
            white = {"fc": "white", "ec": "none", "pad": 0.6}
            ax.text(x, y, f"{weight:.3g}", ha="right", va="center", fontsize=9, bbox=white)
            ax.text(
                x,
                y,
                f" {dW[k, i] + 0:.3f}",
                va="center",
                fontsize=9,
                color=BACK,
                bbox=white,
                zorder=2,
            )
    for layer, (column, error) in enumerate(zip(values, errors, strict=True)):
        for unit, value in enumerate(column):
            ax.scatter(layer, -unit, s=1500, color="white", edgecolors=tints[layer], lw=2, zorder=3)
            text = f"{value:.3g}"
            ax.text(
                layer, -unit, text, ha="center", va="center", color=TRAIN, weight="bold", zorder=4
            )
            if error is not None:
                below = f"dZ {error[unit] + 0:.3f}"
                ax.text(layer, -unit - 0.27, below, ha="center", va="top", fontsize=9, color=BACK)
    ax.set(xlim=(-0.35, len(values) - 0.65), ylim=(-len(values[-1]) + 0.5, 0.4))
    ax.axis("off")
    if title:
        ax.set_title(title)
    words = "; ".join(", ".join(f"{value:.3g}" for value in column) for column in values)
    back = "; ".join(
        ", ".join(f"{e + 0:.3f}" for e in error) for error in errors if error is not None
    )
    slopes = "; ".join(", ".join(f"{d + 0:.3f}" for d in dW.flat) for dW in gradients)
    describe(
        ax.figure,
        f"A small network. Units, layer by layer: {words}. Their dZ: {back}. The slopes of the "
        f"weights, layer by layer and row by row: {slopes}.",
    )
    return ax


def plot_slopes(z, slopes, title=None, ax=None):
    """Draw the slopes of activations, all on the same axes.

    Parameters
    ----------
    z : ndarray, shape (n,)
        The values before the activation, ascending.
    slopes : dict of str to ndarray, shape (n,)
        The slope there, under the name of each (at most three).
    title : str, optional
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    ax = ax or plt.subplots(figsize=(WIDTH, 2.5))[1]
    looks = [(TRAIN, "-", 0.9), (OTHER, "--", 0.5), (BACK, "-.", 0.62)]
    for (name, slope), (color, line, along) in zip(slopes.items(), looks):
        ax.plot(z, slope, line, color=color)
        place = int(along * len(z))
        ax.annotate(name, (z[place], slope[place]), (4, 5), textcoords="offset points", color=color)
    ax.set(xlabel="z", ylabel="slope", ylim=(-0.08, 1.2))
    if title:
        ax.set_title(title)
    largest = ", ".join(f"{name} {slope.max():.2f}" for name, slope in slopes.items())
    describe(ax.figure, f"Slopes over z from {z[0]:g} to {z[-1]:g}; the largest are {largest}.")
    return ax


def plot_tangent(weights, losses, at, slope, ends=None, name="weight", title=None, ax=None):
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
    title : str, optional
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    ax = ax or plt.subplots(figsize=(WIDTH, 3))[1]
    ax.plot(weights, losses, color=TRAIN, label="loss")
    ax.plot(weights, at[1] + slope * (weights - at[0]), "--", color=BACK, label="tangent")
    if ends is not None:
        ax.plot(*zip(*ends), ":o", color=INK, lw=1.5, markersize=4, label="difference")
    ax.plot(*at, "o", color=BACK, markersize=7)
    ax.set(xlabel=name, ylabel="loss")
    if title:
        ax.set_title(title, fontsize=10)
    describe(
        ax.figure,
        f"Loss along {name}: {losses[0]:.3f} at {weights[0]:.2f}, {losses[-1]:.3f} at "
        f"{weights[-1]:.2f}; the tangent at {at[0]:.2f} has slope {slope:.3f}.",
    )
    return ax


def plot_error_against_step(steps, errors, title=None, ax=None):
    """Draw how far a central difference is from the derivative, for many step sizes.

    Parameters
    ----------
    steps : ndarray, shape (k,)
        Step sizes, positive.
    errors : dict of str to ndarray, shape (k,)
        Relative errors, by name (at most three lines).
    title : str, optional
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    ax = ax or plt.subplots(figsize=(WIDTH, 3.2))[1]
    looks = [(TRAIN, "o-"), (OTHER, "s--"), (BACK, "^-.")]
    said = []
    for (name, values), (color, look) in zip(errors.items(), looks):
        ax.plot(steps, values, look, color=color, markersize=4)
        best, middle = int(np.argmin(values)), len(steps) // 2
        place = (steps[middle], values[middle])
        ax.annotate(name, place, (7, 5), textcoords="offset points", color=color)
        said.append(f"{name}: smallest error about {values[best]:.0e} at step {steps[best]:.0e}")
    ax.set(xscale="log", yscale="log", xlabel="step", ylabel="relative error")
    ax.grid(True)
    if title:
        ax.set_title(title)
    describe(ax.figure, f"Error of central differences against the step. {'; '.join(said)}.")
    return ax
