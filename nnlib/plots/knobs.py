"""What knobs do, as pictures: a table of settings, and the runs behind its cells.  Lesson 08."""

import matplotlib.pyplot as plt
import numpy as np

from nnlib.plots.style import INK, PALE, TEST, TRAIN, WIDTH, describe

SHADES = "Blues"  # one quantity: little is the paper


def plot_settings(
    values, rows, columns, title=None, names=("hidden units", "learning rate"), ax=None
):
    """Draw accuracies of combined settings as a table whose cells are the darker the better.

    Parameters
    ----------
    values : ndarray, shape (n_rows, n_columns)
        Percentages; NaN where nothing was recorded.
    rows, columns : sequence of float
        The settings of the rows, from top to bottom, and of the columns.
    title : str, optional
    names : pair of str
        What the rows and the columns are.
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
        The best cell has a frame.
    """
    values = np.asarray(values, dtype=float)
    if ax is None:
        ax = plt.subplots(figsize=(WIDTH, 1 + 0.38 * len(values)))[1]
    ax.imshow(darkness(values), cmap=SHADES, vmin=0, vmax=1.15, aspect="auto")
    for (r, c), value in np.ndenumerate(values):
        if np.isfinite(value):
            color = "white" if darkness(value) > 0.75 else INK
            ax.text(c, r, f"{value:.1f}", ha="center", va="center", color=color)
    r, c = best_cell(values)
    corner = (c - 0.5, r - 0.5)
    look = {"fill": False, "edgecolor": TEST, "linewidth": 2.5, "zorder": 3, "clip_on": False}
    ax.add_patch(plt.Rectangle(corner, 1, 1, **look))
    ax.set_xticks(range(len(columns)), [f"{value:g}" for value in columns])
    ax.set_yticks(range(len(rows)), [f"{value:g}" for value in rows])
    ax.set(xlabel=names[1], ylabel=names[0])
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    if title:
        ax.set_title(title)
    lines = [
        f"{names[0]} {row:g}: " + ", ".join(f"{value:.1f}" for value in line)
        for row, line in zip(rows, values, strict=True)
    ]
    across = ", ".join(f"{value:g}" for value in columns)
    describe(
        ax.figure,
        f"A table of accuracies in percent; columns: {names[1]} {across}. {'; '.join(lines)}. "
        f"Best: {values[r, c]:.1f} at {names[0]} {rows[r]:g}, {names[1]} {columns[c]:g}.",
    )
    return ax


def darkness(percent):
    """How dark a cell is, 0 … 1: by the logarithm of the error, so that 92 and 94 % differ."""
    wrong = np.clip(100 - np.asarray(percent, dtype=float), 4, 100)
    return 1 - np.log(wrong / 4) / np.log(25)


def best_cell(values):
    """Row and column of the largest value that is not NaN."""
    return np.unravel_index(np.nanargmax(values), np.shape(values))


def plot_replay(run, before=None, names=("", ""), n_epochs=None, axes=None):
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
    axes : pair of matplotlib.axes.Axes, optional
        For the loss and for the accuracies.

    Returns
    -------
    pair of matplotlib.axes.Axes
    """
    if axes is None:
        axes = plt.subplots(2, 1, sharex=True, figsize=(WIDTH, 4))[1]
    upper, lower = axes
    for drawn, colors in [(before, (PALE, PALE)), (run, (TRAIN, TEST))]:
        if drawn is not None:
            epochs, order = np.asarray(drawn["epoch"]), 2 if drawn is run else 1
            upper.plot(epochs, drawn["train_loss"], color=colors[0], zorder=order)
            for name, color, style in zip(("train", "validation"), colors, ("-", "--")):
                shares = 100 * np.asarray(drawn[f"{name}_accuracy"])
                lower.plot(epochs, shares, color=color, linestyle=style, zorder=order)
    upper.set(ylabel="loss", ylim=(0, 2.5))
    lower.set(ylabel="accuracy, %", xlabel="epoch", ylim=(0, 100))
    n_epochs = n_epochs or len(run["epoch"])
    for ax in axes:
        ax.set_xlim(1, max(n_epochs, 2))
        ax.grid(axis="y")
    lower.set_xticks([1, *range(5, n_epochs + 1, 5)])
    name_lines(lower)
    words = replay_in_words(run, names[0])
    if before is not None:
        words += f" Pale: {replay_in_words(before, names[1])}"
    describe(lower.figure, words)
    return upper, lower


def name_lines(ax):
    """Write "training" and "validation" into the corner, in their lines' colors."""
    for height, name, color in [(0.18, "training ──", TRAIN), (0.06, "validation - -", TEST)]:
        ax.text(0.98, height, name, color=color, ha="right", transform=ax.transAxes, fontsize=9)


def replay_in_words(run, name):
    """A recorded run as a sentence."""
    loss, share = np.asarray(run["train_loss"]), np.asarray(run["validation_accuracy"])
    return (
        f"{name}: training loss from {loss[0]:.2f} to {loss[-1]:.2f} in {len(loss)} epochs, "
        f"validation accuracy from {100 * share[0]:.1f} to {100 * share[-1]:.1f} %."
    ).removeprefix(": ")
