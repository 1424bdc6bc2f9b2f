"""The deep network: chunks of a digit, the chain of derivatives, one bar a layer.  Lesson 11."""

import numpy as np
from matplotlib.patches import Rectangle

from nnlib.plots.axes import ink_image, plain_numbers
from nnlib.plots.painter import panels, plot
from nnlib.plots.style import INK, LAYER_TINTS, PALE, TEST
from nnlib.views.images import ink_in
from nnlib.views.words import brief

GAP = 9.0  # between two factors of a chain, in rows of their matrices


@panels(2.9)
def plot_chunks(figure, images, boxes, names):
    """Draw images side by side with the same numbered boxes over each, and the ink in every box.

    Parameters
    ----------
    images : ndarray, shape (n, 784)
        0…1.
    boxes : sequence of (top, bottom, left, right)
        Pixels, the second of each pair not included.
    names : sequence of str, length n
        Written over the images.
    """
    axes, said = figure.subplots(1, len(images), squeeze=False), []
    for ax, image, name in zip(axes.flat, images, names, strict=True):
        ink_image(ax, image, most=1.6)  # pale: the boxes are the message
        for number, (top, bottom, left, right) in enumerate(boxes, start=1):
            corner, size = (left - 0.5, top - 0.5), (right - left, bottom - top)
            ax.add_patch(Rectangle(corner, *size, fill=False, edgecolor=TEST, linewidth=1.5))
            ax.text(left, top + 0.4, str(number), va="top", fontsize=8, color=INK)
        ax.set_title(name)
        inks = (f"{number}: {ink:.2f}" for number, ink in enumerate(ink_in(image, boxes), 1))
        said.append(f"{name}: {', '.join(inks)}")
    return f"Images with {len(boxes)} numbered boxes. Mean ink in {'; '.join(said)}."


@plot(2.4)
def plot_chain(ax, factors):
    """Draw the factors of a matrix product as rectangles, true to scale, their sizes at the edges.

    Parameters
    ----------
    factors : sequence of (name, rows, columns, kind)
        From left to right; the last is the result, after an equals sign. `kind` is "input",
        "hidden" or "output": the tint of the layer that the factor belongs to.
    """
    left, tallest = 0.0, max(rows for _, rows, _, _ in factors)
    for place, (name, rows, columns, kind) in enumerate(factors):
        tint, middle = LAYER_TINTS[kind], left + columns / 2
        look = {"facecolor": tint, "alpha": 0.25, "edgecolor": tint, "linewidth": 1.4}
        ax.add_patch(Rectangle((left, -rows / 2), columns, rows, **look))
        above, below = tallest / 2 + 1.5, -tallest / 2 - 1.5
        ax.text(middle, above, name, ha="center", va="bottom", fontsize=9, color=tint)
        ax.text(middle, below, f"{rows} × {columns}", ha="center", va="top", fontsize=9)
        left += columns + GAP
        if place < len(factors) - 1:
            sign = "=" if place == len(factors) - 2 else "@"
            ax.text(left - GAP / 2, 0, sign, ha="center", va="center", fontsize=11)
    ax.set(xlim=(-4, left - GAP + 4), ylim=(-tallest / 2 - 6, tallest / 2 + 6), aspect="equal")
    ax.axis("off")
    words = [f"{name} ({rows} by {columns})" for name, rows, columns, _ in factors]
    return f"A product: {' times '.join(words[:-1])} gives {words[-1]}."


@plot(2.6)
def plot_layer_bars(ax, values, before=None, ylabel="", limits=None, log=False, title=None):
    """Draw one bar a layer, with its number above; pale behind it, what was there before.

    Parameters
    ----------
    values : sequence of float, length n_layers
    before : sequence of float, optional
        Of the same or another number of layers.
    ylabel : str
    limits : pair of float, optional
        Lowest and highest value shown; beyond them a bar is cut off, its number is not.
    log : bool, default False
        A logarithmic axis, which needs `limits`.
    """
    layers, floor = np.arange(1, len(values) + 1), limits[0] if log else -np.inf
    if log:
        ax.set_yscale("log")
    if before is not None:
        old = np.maximum(before, floor)
        ax.bar(np.arange(1, len(before) + 1), old, color=PALE, alpha=0.55, width=0.85)
    tints = [LAYER_TINTS["hidden"]] * (len(values) - 1) + [LAYER_TINTS["output"]]
    ax.bar(layers, np.maximum(values, floor), color=tints, width=0.55)
    if limits:
        ax.set_ylim(limits)
    _write_numbers(ax, values, log)
    ax.set(xlabel="layer", ylabel=ylabel, xticks=layers, xlim=(0.4, len(values) + 0.6))
    if log:
        plain_numbers(ax.yaxis)
    ax.tick_params(axis="x", length=0)
    words = ", ".join(f"layer {layer}: {brief(value)}" for layer, value in zip(layers, values))
    return f"Bars, {ylabel or title or 'one a layer'}: {words}."


def _write_numbers(ax, values, log):
    """Each value above its bar, or below the upper edge if the bar is cut off there."""
    low, high = ax.get_ylim()
    top = high / (high / low) ** 0.1 if log else high - 0.1 * (high - low)
    look = {"ha": "center", "va": "bottom", "fontsize": 9 if len(values) < 6 else 8}
    for layer, value in enumerate(values, start=1):
        ax.text(layer, min(max(value, low), top), brief(value), clip_on=True, **look)
