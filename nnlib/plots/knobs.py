"""What knobs do, as pictures: a table of settings, and the runs behind its cells.  Lesson 08."""

import matplotlib.pyplot as plt
import numpy as np

from nnlib.plots.painter import plot
from nnlib.plots.style import INK, PALE, SHADES, TEST, TRAIN
from nnlib.views.tables import best_cell, darkness

FRAME = {"fill": False, "edgecolor": TEST, "linewidth": 2.5, "zorder": 3, "clip_on": False}
ROWS, COLUMNS = "hidden units", "learning rate"


@plot(lambda values, **_: 1 + 0.38 * len(values))
def plot_settings(ax, values, rows, columns):
    """Draw accuracies of combined settings as a table whose cells are the darker the better.

    The best cell has a frame.

    Parameters
    ----------
    values : ndarray, shape (n_rows, n_columns)
        Percentages; NaN where nothing was recorded.
    rows, columns : sequence of float
        Numbers of hidden units, from top to bottom, and learning rates.
    """
    values = np.asarray(values, dtype=float)
    ax.imshow(darkness(values), cmap=SHADES, vmin=0, vmax=1.15, aspect="auto")
    for (r, c), value in np.ndenumerate(values):
        if np.isfinite(value):
            color = "white" if darkness(value) > 0.75 else INK
            ax.text(c, r, f"{value:.1f}", ha="center", va="center", color=color)
    r, c = best_cell(values)
    ax.add_patch(plt.Rectangle((c - 0.5, r - 0.5), 1, 1, **FRAME))
    ax.set_xticks(range(len(columns)), [f"{value:g}" for value in columns])
    ax.set_yticks(range(len(rows)), [f"{value:g}" for value in rows])
    ax.set(xlabel=COLUMNS, ylabel=ROWS)
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    best = f"{values[r, c]:.1f} at {ROWS} {rows[r]:g}, {COLUMNS} {columns[c]:g}"
    return f"{_table_in_words(values, rows, columns)} Best: {best}."


def _table_in_words(values, rows, columns):
    """All numbers of a table, row by row."""
    across = ", ".join(f"{value:g}" for value in columns)
    lines = [
        f"{ROWS} {row:g}: "
        + ", ".join(f"{value:.1f}" if np.isfinite(value) else "none" for value in line)
        for row, line in zip(rows, values, strict=True)
    ]
    return f"A table of accuracies in percent; columns: {COLUMNS} {across}. {'; '.join(lines)}."


@plot(4, rows=(1, 1), titled=False)
def plot_replay(axes, run, before=None, names=("", ""), n_epochs=None):
    """Draw a recorded run, loss above accuracies; an earlier one stays pale behind it.

    Parameters
    ----------
    run : mapping
        Columns epoch, train_loss, train_accuracy and validation_accuracy (0…1) of equal length.
    before : mapping, optional
        Another such run.
    names : pair of str
        What the two runs are, for the description.
    n_epochs : int, optional
        Length of the horizontal axis; by default that of the run.
    """
    upper, lower = axes
    if before is not None:
        _draw_run(axes, before, (PALE, PALE), 1)
    _draw_run(axes, run, (TRAIN, TEST), 2)
    upper.set(ylabel="loss", ylim=(0, 2.5))
    lower.set(ylabel="accuracy, %", xlabel="epoch", ylim=(0, 100))
    n_epochs = n_epochs or len(run["epoch"])
    for ax in axes:
        ax.set_xlim(1, max(n_epochs, 2))
        ax.grid(axis="y")
    lower.set_xticks([1, *range(5, n_epochs + 1, 5)])
    for height, name, color in [(0.18, "training ──", TRAIN), (0.06, "validation - -", TEST)]:
        where = {"ha": "right", "transform": lower.transAxes}
        lower.text(0.98, height, name, color=color, fontsize=9, **where)
    words = replay_in_words(run, names[0])
    return words if before is None else f"{words} Pale: {replay_in_words(before, names[1])}"


def _draw_run(axes, run, colors, order):
    """The loss of a run in the upper Axes, its two accuracies in the lower."""
    epochs = np.asarray(run["epoch"])
    axes[0].plot(epochs, run["train_loss"], color=colors[0], zorder=order)
    for name, color, style in zip(("train", "validation"), colors, ("-", "--")):
        shares = 100 * np.asarray(run[f"{name}_accuracy"])
        axes[1].plot(epochs, shares, color=color, linestyle=style, zorder=order)


def replay_in_words(run, name):
    """Tell a recorded run in a sentence."""
    loss, share = np.asarray(run["train_loss"]), np.asarray(run["validation_accuracy"])
    return (
        f"{name}: training loss from {loss[0]:.2f} to {loss[-1]:.2f} in {len(loss)} epochs, "
        f"validation accuracy from {100 * share[0]:.1f} to {100 * share[-1]:.1f} %."
    ).removeprefix(": ")
