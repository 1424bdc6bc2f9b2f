"""The derivative of softmax and its loss in pictures: the Jacobian, P - Y, the way between them."""

import numpy as np

from nnlib.plots.axes import bare, color_bar, signed_image
from nnlib.plots.painter import panels, plot
from nnlib.plots.style import FOURTH, GUESS, PALE, THIRD, WIDTH, ink_on
from nnlib.views.words import short

STEEPEST = 0.25  # no slope of softmax is larger


def _write_values(ax, values, limit, fontsize=9):
    """Each entry of a matrix on its square, gray if it rounds to 0."""
    for (row, column), value in np.ndenumerate(values):
        color = ink_on(value / limit) if abs(value) >= 0.005 else GUESS
        look = {"ha": "center", "va": "center", "fontsize": fontsize, "color": color}
        ax.text(column, row, short(value), **look)


@plot(lambda columns, **_: (min(WIDTH, 1.1 * columns.shape[1] + 0.8), 0.28 * len(columns) + 0.8))
def plot_columns(ax, columns, names):
    """Draw signed columns side by side, each value written on its square, colors from -1 to 1.

    Parameters
    ----------
    columns : ndarray, shape (n, k)
        Probabilities, one-hot truth, their difference …
    names : sequence of str, length k
        Written above the columns.
    """
    n, k = columns.shape
    signed_image(ax, columns, 1, aspect="auto")
    _write_values(ax, columns, limit=1)
    for edge in np.arange(k - 1) + 0.5:
        ax.axvline(edge, color="white", linewidth=6)
    bare(ax, frame=False)
    ax.set(xticks=range(k), yticks=range(n), ylabel="class")
    ax.set_xticklabels(names)
    ax.xaxis.tick_top()
    ax.tick_params(length=0)
    spoken = (f"{name}: {_in_words(column)}" for name, column in zip(names, columns.T))
    return f"Columns of {n} numbers side by side. {'; '.join(spoken)}."


def _in_words(values):
    """Numbers one after the other."""
    return ", ".join(short(value) for value in values)


@plot(0.76 * WIDTH)
def plot_jacobian(ax, J, numbers=True, title=None):
    """Draw a Jacobian as a signed heat map: row k a probability, column i the nudged score.

    Colors go to ±1/4. Alone in its figure it has a color bar; of several the caller draws one.

    Parameters
    ----------
    J : ndarray, shape (n, n)
        J[k, i] is the slope of output k with respect to score i.
    numbers : bool, default True
        Write each entry on its square.
    """
    image, n = signed_image(ax, J, STEEPEST), len(J)
    if numbers:
        _write_values(ax, J, STEEPEST, fontsize=8)
    ax.set(xticks=range(n), yticks=range(n), xlabel="score i", ylabel="probability k")
    ax.tick_params(length=0)
    if ax.figure.axes == [ax]:
        color_bar(ax, image, (-STEEPEST, 0, STEEPEST))
    k, i = np.unravel_index(np.abs(J).argmax(), J.shape)
    return (
        f"{f'{title}: a' if title else 'A'} {n} by {n} Jacobian, positive on the diagonal (red "
        f"negative, blue positive): diagonal {_in_words(np.diag(J))}; strongest entry "
        f"{short(J[k, i])} in row {k}, column {i}."
    )


@panels(0.68 * WIDTH)
def plot_collapse(figure, slopes, J, products, total):
    """Draw the chain rule as a strip: loss to P, times P to Z, the products, their column sums.

    Parameters
    ----------
    slopes : ndarray, shape (n,)
        The slope of the loss with respect to each probability, -Y / P.
    J : ndarray, shape (n, n)
        The Jacobian of softmax.
    products : ndarray, shape (n, n)
        Row k of J times slopes[k].
    total : ndarray, shape (n,)
        The sum of each column of products.
    """
    n = len(slopes)
    grid = figure.add_gridspec(2, 3, width_ratios=[1.3, 0.72 * n, n], height_ratios=[n, 1.5])
    for place, values, name in (
        (grid[0, 0], slopes[:, np.newaxis], "1: −Y / P"),
        (grid[0, 1], J, "2: Jacobian (k, i)"),
        (grid[0, 2], products, "3: row k of 2, times entry k of 1"),
        (grid[1, 2], total[np.newaxis], "4: each column of 3, summed over k"),
    ):
        _draw_matrix(figure.add_subplot(place), values, n, name)
    figure.axes[0].set_ylabel("class k")
    (alive,) = np.nonzero(slopes)
    return (
        f"Four panels. 1: the column −Y / P, zero but for {short(slopes[alive[0]])} in row "
        f"{alive[0]}. 2: the Jacobian. 3: their products, zero outside row {alive[0]}. "
        f"4: the column sums, {_in_words(total)}."
    )


def _draw_matrix(ax, values, n, name):
    """One panel of the strip: a matrix on its own color scale, with numbers if it is a vector."""
    (rows, columns), limit = values.shape, float(np.abs(values).max())
    signed_image(ax, values, limit, aspect="auto")
    if rows != columns:
        _write_values(ax, values, limit, fontsize=8)
    ax.set(xticks=range(n) if columns == n else [], yticks=range(n) if rows == n else [])
    ax.set_xlabel(f"colors to ±{limit:.2f}" if columns == n else f"±{limit:.2f}")
    ax.tick_params(length=0)
    ax.set_title(name, loc="center", fontsize=10)


@plot(3)
def plot_pulls(ax, z, cross_entropy, squared_error):
    """Draw how hard two losses pull at one score whose target is 1, for all values of the score.

    Parameters
    ----------
    z : ndarray, shape (k,)
        Scores, increasing.
    cross_entropy, squared_error : ndarray, shape (k,)
        The size of the derivative with respect to z.
    """
    peak = int(squared_error.argmax())
    ax.plot(z, cross_entropy, color=THIRD)
    ax.plot(z, squared_error, color=FOURTH, linestyle="--")
    ax.axvline(0, color=PALE, linewidth=1)
    ax.text(0.75 * z[0], cross_entropy[0] - 0.1, "cross-entropy", color=THIRD, ha="center")
    beside = z[peak] - 0.3, squared_error[peak] + 0.05
    ax.text(*beside, "squared error", color=FOURTH, ha="right")
    ax.set(xlabel="score z (target 1: left is wrong, right is right)", ylabel="size of dz")
    ax.set(xlim=(z[0], z[-1]), ylim=(0, 1.1))
    return (
        f"Two curves over the score z of a unit whose target is 1. At z = {z[0]:.0f} cross-entropy "
        f"pulls with {cross_entropy[0]:.2f} and squared error with {squared_error[0]:.4f}; squared "
        f"error is strongest, {squared_error[peak]:.2f}, at z = {z[peak]:.1f}."
    )
