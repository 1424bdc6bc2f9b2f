"""The deep network: chunks of a digit, the chain of derivatives, one bar a layer.  Lesson 11."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Rectangle

from nnlib.plots.digits import SIDE, bare
from nnlib.plots.style import INK, LAYER_TINTS, PALE, SEQUENTIAL, TEST, WIDTH, describe
from nnlib.plots.training import plain_numbers


def plot_chunks(images, boxes, names, title=None):
    """Draw images side by side with the same numbered boxes over each, and the ink in every box.

    Parameters
    ----------
    images : ndarray, shape (n, 784)
        0…1.
    boxes : sequence of (top, bottom, left, right)
        Pixels, the second of each pair not included.
    names : sequence of str, length n
        Written over the images.
    title : str, optional

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = plt.subplots(1, len(images), figsize=(WIDTH, 2.9), squeeze=False)
    said = []
    for ax, image, name in zip(axes.flat, images, names, strict=True):
        square = image.reshape(SIDE, SIDE)
        ax.imshow(square, cmap=SEQUENTIAL, vmin=0, vmax=1.6)  # pale: the boxes are the message
        bare(ax)
        inks = []
        for number, (top, bottom, left, right) in enumerate(boxes, start=1):
            ink = square[top:bottom, left:right].mean()
            inks.append(f"{number}: {ink:.2f}")
            corner, size = (left - 0.5, top - 0.5), (right - left, bottom - top)
            ax.add_patch(Rectangle(corner, *size, fill=False, edgecolor=TEST, linewidth=1.5))
            ax.text(left, top + 0.4, str(number), va="top", fontsize=8, color=INK)
        ax.set_title(name)
        said.append(f"{name}: {', '.join(inks)}")
    if title:
        figure.suptitle(title, x=0.01, ha="left", fontsize=11)
    describe(figure, f"Images with {len(boxes)} numbered boxes. Mean ink in {'; '.join(said)}.")
    return figure


def plot_chain(factors, title=None, ax=None):
    """Draw the factors of a matrix product as rectangles, true to scale, their sizes at the edges.

    Parameters
    ----------
    factors : sequence of (name, rows, columns, kind)
        From left to right; the last is the result, after an equals sign. `kind` is "input",
        "hidden" or "output": the tint of the layer that the factor belongs to.
    title : str, optional
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    ax = ax or plt.subplots(figsize=(WIDTH, 2.4))[1]
    gap, left = 9.0, 0.0
    tallest = max(rows for _, rows, _, _ in factors)
    for place, (name, rows, columns, kind) in enumerate(factors):
        tint = LAYER_TINTS[kind]
        look = {"facecolor": tint, "alpha": 0.25, "edgecolor": tint, "linewidth": 1.4}
        ax.add_patch(Rectangle((left, -rows / 2), columns, rows, **look))
        middle = left + columns / 2
        ax.text(middle, tallest / 2 + 1.5, name, ha="center", va="bottom", fontsize=9, color=tint)
        shape = f"{rows} × {columns}"
        ax.text(middle, -tallest / 2 - 1.5, shape, ha="center", va="top", fontsize=9)
        left += columns + gap
        if place < len(factors) - 1:
            sign = "=" if place == len(factors) - 2 else "@"
            ax.text(left - gap / 2, 0, sign, ha="center", va="center", fontsize=11)
    ax.set(xlim=(-4, left - gap + 4), ylim=(-tallest / 2 - 6, tallest / 2 + 6), aspect="equal")
    ax.axis("off")
    if title:
        ax.set_title(title)
    words = [f"{name} ({rows} by {columns})" for name, rows, columns, _ in factors]
    describe(ax.figure, f"A product: {' times '.join(words[:-1])} gives {words[-1]}.")
    return ax


def plot_layer_bars(values, before=None, ylabel="", limits=None, log=False, title=None, ax=None):
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
    title : str, optional
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    ax = ax or plt.subplots(figsize=(WIDTH, 2.6))[1]
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
    (low, high), size = ax.get_ylim(), 9 if len(values) < 6 else 8
    top = high / (high / low) ** 0.1 if log else high - 0.1 * (high - low)
    for layer, value in zip(layers, values):
        height = min(max(value, low), top)
        ax.text(layer, height, brief(value), ha="center", va="bottom", fontsize=size, clip_on=True)
    ax.set(xlabel="layer", ylabel=ylabel, xticks=layers, xlim=(0.4, len(values) + 0.6))
    if log:
        plain_numbers(ax.yaxis)
    ax.tick_params(axis="x", length=0)
    if title:
        ax.set_title(title)
    words = ", ".join(f"layer {layer}: {brief(value)}" for layer, value in zip(layers, values))
    describe(ax.figure, f"Bars, {ylabel or title}: {words}.")
    return ax


def brief(value):
    """A number in at most five signs: 99, 0.46, 0.021, 3e-4, 0."""
    if value == 0 or value >= 10:
        return f"{value:,.0f}"
    return f"{value:.2g}" if value >= 0.01 else f"{value:.0e}".replace("e-0", "e-")
