"""How good, how sure: confusion, intervals, the luck of the best, learning curves.  Lesson 09."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import MaxNLocator

from nnlib.plots.digits import SIDE, bare
from nnlib.plots.reading import a, percent
from nnlib.plots.style import (
    INK,
    PALE,
    RIGHT,
    SEQUENTIAL,
    TEST,
    TRAIN,
    WIDTH,
    WRONG,
    describe,
    one_row_each,
)
from nnlib.plots.training import name_at_the_end, plain_numbers

FOOT = 15  # room below a digit for two lines of words, in its pixels


def plot_confusion(counts, title=None, ax=None):
    """Draw a confusion matrix with its counts; the right answers stay pale.

    Parameters
    ----------
    counts : ndarray of int, shape (n, n)
        Rows: the true class; columns: the class that was read.
    title : str, optional
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    ax = ax or plt.subplots(figsize=(5.4, 4.4))[1]
    n = len(counts)
    mistakes = np.where(np.eye(n, dtype=bool), 0, counts)
    most = max(int(mistakes.max()), 1)
    ax.imshow(mistakes, cmap=SEQUENTIAL, vmin=0, vmax=1.3 * most)
    for (k, i), count in np.ndenumerate(counts):
        dark = mistakes[k, i] > 0.7 * most
        color = "white" if dark else PALE if k == i else INK
        ax.text(i, k, str(count) if count else "", ha="center", va="center", color=color)
    ax.set(xlabel="read as", ylabel="true digit", xticks=range(n), yticks=range(n))
    ax.tick_params(length=0)
    if title:
        ax.set_title(title)
    describe(ax.figure, confusion_in_words(counts, mistakes))
    return ax


def confusion_in_words(counts, mistakes):
    """The sentence that stands for a confusion matrix: how many are right, the worst cells."""
    total, right = counts.sum(), counts.diagonal().sum()
    worst = np.argsort(-mistakes, axis=None, kind="stable")[:3]
    cells = [(*np.unravel_index(place, counts.shape), mistakes.flat[place]) for place in worst]
    named = ", ".join(f"{k} read as {i}: {count}" for k, i, count in cells if count)
    return (
        f"A table of {total:,} digits, true class by class read; {right:,} on the diagonal are "
        f"right. " + (f"Most frequent mistakes: {named}." if named else "No mistakes.")
    )


def plot_read_as(X, y, P, columns=6, rows=3, title=None, ax=None):
    """Draw digits with two lines below each: the class read and the true class, in percent.

    Parameters
    ----------
    X : ndarray, shape (784, m)
        One digit a column, 0…1; only as many as have room are drawn.
    y : ndarray of int, shape (m,)
    P : ndarray, shape (10, m)
        The network's probabilities.
    columns, rows : int, default 6 and 3
        Places on the sheet; those without a digit stay empty.
    title : str, optional
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    shown = min(y.size, columns * rows)
    wide, high = SIDE + 6, SIDE + FOOT + 2
    sheet = np.zeros((rows * high, columns * wide))
    if ax is None:
        width = min(WIDTH, 0.95 * columns)
        size = (width, 0.35 + width * sheet.shape[0] / sheet.shape[1])
        ax = plt.subplots(figsize=size)[1]
    words = []
    for j in range(shown):
        top, left = (j // columns) * high + 1, (j % columns) * wide + 3
        sheet[top : top + SIDE, left : left + SIDE] = X[:, j].reshape(SIDE, SIDE)
        said = int(P[:, j].argmax())
        ax.text(left, top, str(y[j]), va="top", fontsize=9, color=TRAIN)
        right = said == y[j]
        share = percent(P[said, j]).replace("over ", ">")  # there is little room
        lines = [(f"{said}: {share} {'✓' if right else '✗'}", RIGHT)]
        if not right:
            lines = [(lines[0][0], WRONG), (f"{y[j]}: {percent(P[y[j], j])}", INK)]
        for number, (line, color) in enumerate(lines):
            below = dict(xytext=(0, -2 - 12 * number), textcoords="offset points")
            middle = left + SIDE / 2, top + SIDE
            ax.annotate(line, middle, va="top", ha="center", fontsize=9, color=color, **below)
        words.append(f"{a(y[j])}, {said} with {percent(P[said, j])}")
    ax.imshow(sheet, cmap=SEQUENTIAL, vmin=0, vmax=1)
    bare(ax, frame=False)
    if title:
        ax.set_title(title)
    read = "; ".join(words) if words else "none"
    describe(ax.figure, f"Handwritten digits, what they are and what is read: {read}.")
    return ax


def plot_intervals(rows, xlabel, mark=None, title=None, ax=None):
    """Draw one value with its interval a row, each written at the right.

    Parameters
    ----------
    rows : dict of str to (value, low, high)
        From top to bottom.
    xlabel : str
        What is measured, with its unit.
    mark : float, optional
        A value to compare all rows with, drawn as a dotted line.
    title : str, optional
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    ax = ax or plt.subplots(figsize=(WIDTH, 0.9 + 0.3 * len(rows)))[1]
    if mark is not None:
        ax.axvline(mark, color=INK, linestyle=":", linewidth=1)
    words = []
    for place, (name, (value, low, high)) in enumerate(rows.items()):
        ax.plot([low, high], [place, place], color=TEST, linewidth=2.5, solid_capstyle="butt")
        ax.plot(value, place, "o", color=TEST, markersize=6)
        text = f"{value:.3g}, from {low:.3g} to {high:.3g}"
        ax.text(1.01, place, text, transform=ax.get_yaxis_transform(), va="center", fontsize=9)
        words.append(f"{name}: {text}")
    one_row_each(ax, rows, xlabel)
    if title:
        ax.set_title(title)
    describe(ax.figure, f"Values with their intervals, {xlabel}. {'; '.join(words)}.")
    return ax


def plot_choice(chosen_by, others, best, title=None, ax=None):
    """Draw networks by two accuracies, the one they are chosen by and that on other digits.

    Parameters
    ----------
    chosen_by, others : sequence of float, length n
        In percent, one value a network.
    best : int
        The network that was chosen.
    title : str, optional
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    chosen_by, others = np.asarray(chosen_by, float), np.asarray(others, float)
    ax = ax or plt.subplots(figsize=(WIDTH, 3.2))[1]
    ax.scatter(chosen_by, others, s=30, color=TRAIN, alpha=0.6, linewidths=0)
    ax.scatter(chosen_by[best], others[best], s=120, facecolors="none", edgecolors=WRONG)
    ax.scatter(chosen_by[best], others[best], s=30, color=WRONG)
    at = (chosen_by[best], others[best])
    where = dict(xytext=(-10, 0), textcoords="offset points", ha="right", va="center")
    ax.annotate("the chosen one", at, color=WRONG, fontsize=9, **where)
    mean = others.mean()
    ax.axhline(mean, color=INK, linewidth=1, linestyle=":")
    ax.text(1.01, mean, f"mean\n{mean:.1f}", transform=ax.get_yaxis_transform(), va="center")
    ax.set(xlabel="accuracy on the digits used for choosing, %", ylabel="on other digits, %")
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10], min_n_ticks=2))
    ax.grid()
    ax.set_axisbelow(True)
    if title:
        ax.set_title(title)
    describe(
        ax.figure,
        f"{len(others)} networks as dots. On the digits used for choosing they read "
        f"{chosen_by.min():.3g} to {chosen_by.max():.3g} %, on others {others.min():.3g} to "
        f"{others.max():.3g} %, mean {mean:.3g} %. The chosen one: {chosen_by[best]:.3g} and "
        f"{others[best]:.3g} %.",
    )
    return ax


def plot_learning_curves(curves, title=None, ax=None):
    """Draw accuracies against the number of digits learned from: dots, and a line of their means.

    Parameters
    ----------
    curves : dict of str to (sizes, values)
        Two sequences of one length, values in percent; a size may occur more than once. A name
        with "new" or "validation" in it gets the dashed orange line.
    title : str, optional
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    ax = ax or plt.subplots(figsize=(WIDTH, 3.2))[1]
    lines, words = [], []
    for name, (sizes, values) in curves.items():
        sizes, values = np.asarray(sizes), np.asarray(values, float)
        held_out = "new" in name or "validation" in name
        color, style = (TEST, "--") if held_out else (TRAIN, "-")
        places = np.unique(sizes)
        means = [values[sizes == size].mean() for size in places]
        ax.scatter(sizes, values, s=18, color=color, alpha=0.5, linewidths=0)
        lines += ax.plot(places, means, color=color, linestyle=style, label=name)
        said = ", ".join(f"{size:,}: {mean:.3g}" for size, mean in zip(places, means))
        words.append(f"{name}: {said}")
    ax.set(xscale="log", xlabel="digits learned from", ylabel="accuracy, %")
    plain_numbers(ax.xaxis, (1, 3))
    ax.grid()
    ax.set_axisbelow(True)
    if title:
        ax.set_title(title)
    name_at_the_end(ax, lines)
    describe(ax.figure, f"Accuracy in percent by the number of digits. {'; '.join(words)}.")
    return ax
