"""Digits and everything of their shape: images, pixel values, weights, class counts."""

import math

import matplotlib.pyplot as plt
import numpy as np

from nnlib.plots.style import DIVERGING, RIGHT, SEQUENTIAL, TRAIN, WIDTH, WRONG, describe

SIDE = 28  # pixels


def counted(number, noun):
    """ "1 digit", "3 digits": a number with its noun."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def plot_digit(x, label=None, ax=None):
    """Draw one digit, dark ink on light paper.

    Parameters
    ----------
    x : ndarray, shape (784,)
        Pixels in reading order, 0…1 (or 0…255: the darkest is then 255).
    label : int or str, optional
        Written in the corner.
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    ax = ax or plt.subplots(figsize=(2.4, 2.4))[1]
    full = 255 if x.max() > 1 else 1
    ax.imshow(x.reshape(SIDE, SIDE), cmap=SEQUENTIAL, vmin=0, vmax=full)
    bare(ax)
    if label is not None:
        ax.text(1, 1, str(label), va="top", fontsize=12)
    name = "digit" if label is None else label
    describe(ax.figure, f"A handwritten {name}; ink covers {x.mean() / full:.0%} of the page.")
    return ax


def plot_digits(X, y=None, predicted=None, columns=10, title=None, ax=None):
    """Draw many digits side by side, each with its label, and what was predicted for it.

    Parameters
    ----------
    X : ndarray, shape (784, m)
        One digit a column, 0…1.
    y : sequence of int, length m, optional
        True labels, written in the corners.
    predicted : sequence of int, length m, optional
        Predicted labels, written below with a tick or a cross; needs y.
    columns : int, default 10
    title : str, optional
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    m = X.shape[1]
    y = None if y is None else np.asarray(y)  # by place, not by the index of a table
    rows = math.ceil(m / columns)
    foot = 0 if predicted is None else 9  # room below each digit, in pixels
    cell = SIDE + 4
    sheet = np.zeros((rows * (cell + foot), columns * cell))
    corners = [((j // columns) * (cell + foot) + 2, (j % columns) * cell + 2) for j in range(m)]
    for j, (top, left) in enumerate(corners):
        sheet[top : top + SIDE, left : left + SIDE] = X[:, j].reshape(SIDE, SIDE)
    if ax is None:
        height = WIDTH * sheet.shape[0] / sheet.shape[1]
        ax = plt.subplots(figsize=(WIDTH, height + (0.35 if title else 0.05)))[1]
    ax.imshow(sheet, cmap=SEQUENTIAL, vmin=0, vmax=1)
    for j, (top, left) in enumerate(corners):
        if y is not None:
            ax.text(left, top, str(y[j]), va="top", fontsize=9, color=TRAIN)
        if predicted is not None:
            right = predicted[j] == y[j]
            verdict = f"{predicted[j]} {'✓' if right else '✗'}"
            color = RIGHT if right else WRONG
            middle = left + SIDE / 2
            ax.text(middle, top + SIDE + 1, verdict, va="top", ha="center", fontsize=9, color=color)
    bare(ax, frame=False)
    if title:
        ax.set_title(title)
    describe(ax.figure, digits_in_words(m, y, predicted))
    return ax


def digits_in_words(m, y, predicted):
    """The sentence that stands for a sheet of digits."""
    if y is None:
        return f"{counted(m, 'handwritten digit')}."
    names = ", ".join(str(label) for label in y[:20]) + (" …" if m > 20 else "")
    if predicted is None:
        return f"{counted(m, 'handwritten digit')}: {names}."
    right = int(np.sum(np.asarray(predicted) == np.asarray(y)))
    guesses = ", ".join(str(label) for label in predicted[:20]) + (" …" if m > 20 else "")
    return f"{counted(m, 'digit')}, in truth {names}; predicted {guesses}; {right} of {m} right."


def plot_pixel_values(x, rows=(4, 16), columns=(6, 22), ax=None):
    """Draw a part of a digit with the value of every pixel written on it.

    Parameters
    ----------
    x : ndarray, shape (784,)
        Pixels in reading order, 0…255.
    rows, columns : pair of int
        The part to show, from (included) and to (excluded), 0…28.
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    part = x.reshape(SIDE, SIDE)[slice(*rows), slice(*columns)]
    if ax is None:
        ax = plt.subplots(figsize=(WIDTH, WIDTH * part.shape[0] / part.shape[1] + 0.3))[1]
    extent = (columns[0] - 0.5, columns[1] - 0.5, rows[1] - 0.5, rows[0] - 0.5)
    ax.imshow(part, cmap=SEQUENTIAL, vmin=0, vmax=255, extent=extent)
    for (r, c), value in np.ndenumerate(part):
        color = "white" if value > 127 else "black"
        ax.text(
            c + columns[0], r + rows[0], value, ha="center", va="center", fontsize=8, color=color
        )
    ax.set(xlabel="column", ylabel="row", xticks=range(*columns), yticks=range(*rows))
    describe(
        ax.figure,
        f"Rows {rows[0]} to {rows[1] - 1} and columns {columns[0]} to {columns[1] - 1} of a digit "
        f"with the value of each pixel, from {part.min()} to {part.max()}.",
    )
    return ax


def plot_maps(maps, titles, signed=False, limit=None, columns=5, title=None):
    """Draw quantities that have one value a pixel, all on the same color scale.

    Parameters
    ----------
    maps : ndarray, shape (k, 784)
        Weights, means, differences …
    titles : sequence of str, length k
    signed : bool, default False
        True: red negative, white zero, blue positive. False: light to dark from zero.
    limit : float, optional
        The value of the strongest color; by default the largest magnitude in `maps`.
    columns : int, default 5
    title : str, optional

    Returns
    -------
    matplotlib.figure.Figure
    """
    limit = float(np.abs(maps).max()) if limit is None else limit
    rows = math.ceil(len(maps) / columns)
    size = (WIDTH, rows * (WIDTH - 0.8) / columns * 1.15 + (0.3 if title else 0))
    figure, axes = plt.subplots(rows, columns, figsize=size, squeeze=False)
    for ax in axes.flat:
        ax.axis("off")
    for ax, values, name in zip(axes.flat, maps, titles):
        image = ax.imshow(
            values.reshape(SIDE, SIDE),
            cmap=DIVERGING if signed else SEQUENTIAL,
            vmin=-limit if signed else 0,
            vmax=limit,
        )
        ax.axis("on")
        bare(ax)
        ax.set_title(name, loc="center", fontsize=10)
    ticks = [-limit, 0, limit] if signed else [0, limit]
    bar = figure.colorbar(image, ax=axes, ticks=ticks, shrink=0.8, aspect=25)
    bar.ax.set_yticklabels([f"{tick:.2g}" for tick in ticks])
    if title:
        figure.suptitle(title, x=0.01, ha="left", fontsize=11)
    kind = "red negative, blue positive" if signed else "dark is much"
    names = ", ".join(titles)
    describe(
        figure,
        f"{counted(len(maps), 'map')} of 28 by 28 pixels ({kind}, up to {limit:.2g}): {names}.",
    )
    return figure


def plot_class_counts(y, title=None, ax=None):
    """Draw how many digits of each class there are.

    Parameters
    ----------
    y : ndarray of int, shape (m,)
    title : str, optional
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    counts = np.bincount(y, minlength=10)
    ax = ax or plt.subplots(figsize=(WIDTH, 2.4))[1]
    bars = ax.bar(range(len(counts)), counts, color=TRAIN, width=0.7)
    ax.bar_label(bars, fontsize=9)
    ax.set(xlabel="digit", ylabel="how many", xticks=range(len(counts)))
    if title:
        ax.set_title(title)
    words = ", ".join(f"{label}: {count}" for label, count in enumerate(counts))
    describe(ax.figure, f"Bars that count the digits of each class: {words}.")
    return ax


def bare(ax, frame=True):
    """Take the ticks off an image, and its frame if asked."""
    ax.set(xticks=[], yticks=[])
    for spine in ax.spines.values():
        spine.set(visible=frame, color="#cccccc")
