"""How good, how sure: confusion, intervals, the luck of the best, learning curves.  Lesson 09."""

import numpy as np
from matplotlib.ticker import MaxNLocator

from nnlib.plots.axes import (
    bare,
    grid_below,
    name_at_the_end,
    one_row_each,
    plain_numbers,
    write_beside,
)
from nnlib.plots.painter import plot
from nnlib.plots.style import INK, PALE, RIGHT, SEQUENTIAL, TEST, TRAIN, WIDTH, WRONG
from nnlib.views.curves import means_at
from nnlib.views.images import SIDE, corners, tile
from nnlib.views.mistakes import mistakes, worst_mistakes
from nnlib.views.words import a_digit, percent

ROOM = (1, 16, 3, 3)  # around a digit; below it there is room for two lines of words


@plot((5.4, 4.4))
def plot_confusion(ax, counts):
    """Draw a confusion matrix with its counts; the right answers stay pale.

    Parameters
    ----------
    counts : ndarray of int, shape (n, n)
        Rows: the true class; columns: the class that was read.
    """
    n, wrong = len(counts), mistakes(counts)
    most = max(int(wrong.max()), 1)
    ax.imshow(wrong, cmap=SEQUENTIAL, vmin=0, vmax=1.3 * most)
    for (k, i), count in np.ndenumerate(counts):
        color = "white" if wrong[k, i] > 0.7 * most else PALE if k == i else INK
        ax.text(i, k, str(count) if count else "", ha="center", va="center", color=color)
    ax.set(xlabel="read as", ylabel="true digit", xticks=range(n), yticks=range(n))
    ax.tick_params(length=0)
    named = ", ".join(f"{k} read as {i}: {often}" for k, i, often in worst_mistakes(counts))
    return (
        f"A table of {counts.sum():,} digits, true class by class read; "
        f"{counts.diagonal().sum():,} on the diagonal are right. "
        + (f"Most frequent mistakes: {named}." if named else "No mistakes.")
    )


def _read_as_inches(columns, rows, **_):
    """The size of a figure for a sheet with so many places."""
    above, below, left, right = ROOM
    high, wide = rows * (SIDE + above + below), columns * (SIDE + left + right)
    width = min(WIDTH, 0.95 * columns)
    return width, 0.35 + width * high / wide


@plot(_read_as_inches)
def plot_read_as(ax, X, y, P, columns=6, rows=3):
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
    """
    shown = min(y.size, columns * rows)
    for j, (top, left) in enumerate(corners(shown, columns, ROOM)):
        ax.text(left, top, str(y[j]), va="top", fontsize=9, color=TRAIN)
        _write_reading(ax, (left + SIDE / 2, top + SIDE), y[j], P[:, j])
    sheet = tile(X.T[:shown], columns, ROOM, paper=0.0, rows=rows)
    ax.imshow(sheet, cmap=SEQUENTIAL, vmin=0, vmax=1)
    bare(ax, frame=False)
    said = [(y[j], P[:, j].argmax(), percent(P[:, j].max())) for j in range(shown)]
    words = "; ".join(f"{a_digit(true)}, {read} with {share}" for true, read, share in said)
    return f"Handwritten digits, what they are and what is read: {words or 'none'}."


def _write_reading(ax, place, true, p):
    """Below a digit the class read and its probability; if it is wrong, that of the true class."""
    said = int(p.argmax())
    share = percent(p[said]).replace("over ", ">")  # there is little room
    lines = [(f"{said}: {share} ✓", RIGHT)]
    if said != true:
        lines = [(f"{said}: {share} ✗", WRONG), (f"{true}: {percent(p[true])}", INK)]
    for number, (line, color) in enumerate(lines):
        below = {"xytext": (0, -2 - 12 * number), "textcoords": "offset points"}
        ax.annotate(line, place, va="top", ha="center", fontsize=9, color=color, **below)


@plot(lambda rows, **_: 0.9 + 0.3 * len(rows))
def plot_intervals(ax, rows, xlabel, mark=None):
    """Draw one value with its interval a row, each written at the right.

    Parameters
    ----------
    rows : dict of str to (value, low, high)
        From top to bottom.
    xlabel : str
        What is measured, with its unit.
    mark : float, optional
        A value to compare all rows with, drawn as a dotted line.
    """
    if mark is not None:
        ax.axvline(mark, color=INK, linestyle=":", linewidth=1)
    words = []
    for place, (name, (value, low, high)) in enumerate(rows.items()):
        ax.plot([low, high], [place, place], color=TEST, linewidth=2.5, solid_capstyle="butt")
        ax.plot(value, place, "o", color=TEST, markersize=6)
        text = f"{value:.3g}, from {low:.3g} to {high:.3g}"
        write_beside(ax, place, text, fontsize=9)
        words.append(f"{name}: {text}")
    one_row_each(ax, rows, xlabel)
    return f"Values with their intervals, {xlabel}. {'; '.join(words)}."


@plot(3.2)
def plot_choice(ax, chosen_by, others, best):
    """Draw networks by two accuracies, the one they are chosen by and that on other digits.

    Parameters
    ----------
    chosen_by, others : sequence of float, length n
        In percent, one value a network.
    best : int
        The network that was chosen.
    """
    chosen_by, others = np.asarray(chosen_by, float), np.asarray(others, float)
    at, mean = (chosen_by[best], others[best]), others.mean()
    ax.scatter(chosen_by, others, s=30, color=TRAIN, alpha=0.6, linewidths=0)
    ax.scatter(*at, s=120, facecolors="none", edgecolors=WRONG)
    ax.scatter(*at, s=30, color=WRONG)
    where = {"xytext": (-10, 0), "textcoords": "offset points", "ha": "right", "va": "center"}
    ax.annotate("the chosen one", at, color=WRONG, fontsize=9, **where)
    ax.axhline(mean, color=INK, linewidth=1, linestyle=":")
    write_beside(ax, mean, f"mean\n{mean:.1f}")
    ax.set(xlabel="accuracy on the digits used for choosing, %", ylabel="on other digits, %")
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10], min_n_ticks=2))
    grid_below(ax)
    return (
        f"{len(others)} networks as dots. On the digits used for choosing they read "
        f"{chosen_by.min():.3g} to {chosen_by.max():.3g} %, on others {others.min():.3g} to "
        f"{others.max():.3g} %, mean {mean:.3g} %. The chosen one: {at[0]:.3g} and {at[1]:.3g} %."
    )


@plot(3.2)
def plot_learning_curves(ax, curves):
    """Draw accuracies against the number of digits learned from: dots, and a line of their means.

    Parameters
    ----------
    curves : dict of str to (sizes, values)
        Two sequences of one length, values in percent; a size may occur more than once. A name
        with "new" or "validation" in it gets the dashed orange line.
    """
    lines, words = [], []
    for name, (sizes, values) in curves.items():
        held_out = "new" in name or "validation" in name
        color, style = (TEST, "--") if held_out else (TRAIN, "-")
        places, means = means_at(sizes, values)
        ax.scatter(sizes, values, s=18, color=color, alpha=0.5, linewidths=0)
        lines += ax.plot(places, means, color=color, linestyle=style, label=name)
        said = ", ".join(f"{size:,}: {mean:.3g}" for size, mean in zip(places, means))
        words.append(f"{name}: {said}")
    ax.set(xscale="log", xlabel="digits learned from", ylabel="accuracy, %")
    plain_numbers(ax.xaxis, (1, 3))
    grid_below(ax)
    name_at_the_end(ax, lines)
    return f"Accuracy in percent by the number of digits. {'; '.join(words)}."
