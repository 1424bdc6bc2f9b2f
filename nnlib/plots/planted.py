"""A table of errors: which mistake a gradient check sees in which array."""

import matplotlib.pyplot as plt
import numpy as np

from nnlib.plots.style import INK, SEQUENTIAL, WIDTH, describe


def plot_planted(errors, names, bar=1e-7, title=None, ax=None):
    """Draw a table of relative errors, a mistake a row and an array a column.

    Parameters
    ----------
    errors : dict of str to sequence of float, 0…1
        The errors of the arrays, under the name of each mistake.
    names : sequence of str
        What the arrays are called.
    bar : float, default 1e-7
        An error up to this is written "ok".
    title : str, optional
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    table = np.array(list(errors.values()), dtype=float)
    ax = ax or plt.subplots(figsize=(WIDTH, 0.9 + 0.28 * len(table)))[1]
    ax.imshow(table, cmap=SEQUENTIAL, vmin=0, vmax=2, aspect="auto")  # pale: text stays readable
    texts = [["ok" if error <= bar else f"{error:.2f}" for error in row] for row in table]
    for (row, column), error in np.ndenumerate(table):
        look = "normal" if error <= bar else "bold"
        ax.text(column, row, texts[row][column], ha="center", va="center", color=INK, weight=look)
    ax.set_xticks(range(len(names)), names)
    ax.set_yticks(range(len(errors)), list(errors))
    ax.tick_params(length=0, labeltop=True, labelbottom=False)
    ax.spines[:].set_visible(False)
    if title:
        ax.set_title(title)
    said = "; ".join(f"{name}: {', '.join(row)}" for name, row in zip(errors, texts, strict=True))
    describe(ax.figure, f"Relative errors of {', '.join(names)}. {said}.")
    return ax
