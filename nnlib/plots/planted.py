"""A table of errors: which mistake a gradient check sees in which array.  Lesson 06."""

import numpy as np

from nnlib.plots.painter import plot
from nnlib.plots.style import INK, SEQUENTIAL

BAR = 1e-7  # an error up to this is written "ok"


@plot(lambda errors, *_, **__: 0.9 + 0.28 * len(errors))
def plot_planted(ax, errors, names):
    """Draw a table of relative errors, a mistake a row and an array a column.

    Parameters
    ----------
    errors : dict of str to sequence of float, 0…1
        The errors of the arrays, under the name of each mistake.
    names : sequence of str
        What the arrays are called.
    """
    table = np.array(list(errors.values()), dtype=float)
    ax.imshow(table, cmap=SEQUENTIAL, vmin=0, vmax=2, aspect="auto")  # pale: text stays readable
    texts = [["ok" if error <= BAR else f"{error:.2f}" for error in row] for row in table]
    for (row, column), error in np.ndenumerate(table):
        look = "normal" if error <= BAR else "bold"
        ax.text(column, row, texts[row][column], ha="center", va="center", color=INK, weight=look)
    ax.set_xticks(range(len(names)), names)
    ax.set_yticks(range(len(errors)), list(errors))
    ax.tick_params(length=0, labeltop=True, labelbottom=False)
    ax.spines[:].set_visible(False)
    said = "; ".join(f"{name}: {', '.join(row)}" for name, row in zip(errors, texts, strict=True))
    return f"Relative errors of {', '.join(names)}. {said}."
