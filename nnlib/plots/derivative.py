"""The derivative of softmax and its loss in pictures: the Jacobian, P - Y, the way between them."""

import matplotlib.pyplot as plt
import numpy as np

from nnlib.plots.digits import bare
from nnlib.plots.style import DIVERGING, INK, PALE, WIDTH, describe

GREY = "#777777"
CROSS_ENTROPY = "#7a4fa3"  # purple, solid
SQUARED_ERROR = "#3a8f7b"  # green, dashed


def signed_text(value):
    """A number as it is written into a figure: two decimals and a real minus, but a bare 0 or 1."""
    text = f"{value:.0f}" if value in (-1, 0, 1) else f"{value:.2f}"
    if float(text) == 0:
        return text.removeprefix("-")
    return text.replace("-", "\N{MINUS SIGN}")


def write_values(ax, values, limit, fontsize=9):
    """Write each entry of a matrix on its square: white on dark squares, gray if it rounds to 0."""
    for (row, column), value in np.ndenumerate(values):
        text = signed_text(value)
        color = "white" if abs(value) > 0.6 * limit else INK if abs(value) >= 0.005 else GREY
        ax.text(column, row, text, ha="center", va="center", fontsize=fontsize, color=color)


def plot_columns(columns, names, title=None, ax=None):
    """Draw signed columns side by side, each value written on its square, colors from -1 to 1.

    Parameters
    ----------
    columns : ndarray, shape (n, k)
        Probabilities, one-hot truth, their difference …
    names : sequence of str, length k
        Written above the columns.
    title : str, optional
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    n, k = columns.shape
    ax = ax or plt.subplots(figsize=(min(WIDTH, 1.1 * k + 0.8), 0.28 * n + 0.8))[1]
    ax.imshow(columns, cmap=DIVERGING, vmin=-1, vmax=1, aspect="auto")
    write_values(ax, columns, limit=1)
    for edge in np.arange(k - 1) + 0.5:
        ax.axvline(edge, color="white", linewidth=6)
    bare(ax, frame=False)
    ax.set(xticks=range(k), yticks=range(n), ylabel="class")
    ax.set_xticklabels(names)
    ax.xaxis.tick_top()
    ax.tick_params(length=0)
    if title:
        ax.set_title(title)
    spoken = "; ".join(
        f"{name}: {', '.join(signed_text(value) for value in column)}"
        for name, column in zip(names, columns.T)
    )
    describe(ax.figure, f"Columns of {n} numbers side by side. {spoken}.")
    return ax


def plot_jacobian(J, numbers=True, title=None, limit=0.25, ax=None):
    """Draw a Jacobian as a signed heat map: row k a probability, column i the nudged score.

    Parameters
    ----------
    J : ndarray, shape (n, n)
        J[k, i] is the slope of output k with respect to score i.
    numbers : bool, default True
        Write each entry on its square.
    title : str, optional
    limit : float, default 0.25
        The value of the strongest color; no slope of softmax is larger than 1/4.
    ax : matplotlib.axes.Axes, optional
        A caller who passes one draws the color bar, if any.

    Returns
    -------
    matplotlib.axes.Axes
    """
    alone = ax is None
    ax = ax or plt.subplots(figsize=(WIDTH, 0.76 * WIDTH))[1]
    image = ax.imshow(J, cmap=DIVERGING, vmin=-limit, vmax=limit)
    if numbers:
        write_values(ax, J, limit, fontsize=8)
    n = len(J)
    ax.set(xticks=range(n), yticks=range(n), xlabel="score i", ylabel="probability k")
    ax.tick_params(length=0)
    if alone:
        ax.figure.colorbar(image, ax=ax, ticks=[-limit, 0, limit], shrink=0.8, aspect=25)
    if title:
        ax.set_title(title)
    k, i = np.unravel_index(np.abs(J).argmax(), J.shape)
    one = f"{title}: a" if title else "A"
    describe(
        ax.figure,
        f"{one} {n} by {n} Jacobian, positive on the diagonal (red negative, blue positive): "
        f"diagonal {', '.join(signed_text(value) for value in np.diag(J))}; strongest entry "
        f"{signed_text(J[k, i])} in row {k}, column {i}.",
    )
    return ax


def plot_collapse(slopes, J, products, total, title=None):
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
    title : str, optional

    Returns
    -------
    matplotlib.figure.Figure
    """
    n = len(slopes)
    figure = plt.figure(figsize=(WIDTH, 0.68 * WIDTH))
    grid = figure.add_gridspec(2, 3, width_ratios=[1.3, 0.72 * n, n], height_ratios=[n, 1.5])
    panels = (
        (grid[0, 0], slopes[:, np.newaxis], "1: −Y / P", "class k"),
        (grid[0, 1], J, "2: Jacobian (k, i)", ""),
        (grid[0, 2], products, "3: row k of 2, times entry k of 1", ""),
        (grid[1, 2], total[np.newaxis], "4: each column of 3, summed over k", ""),
    )
    for place, values, name, side in panels:
        limit = float(np.abs(values).max())
        ax = figure.add_subplot(place)
        ax.imshow(values, cmap=DIVERGING, vmin=-limit, vmax=limit, aspect="auto")
        if values.shape != J.shape:
            write_values(ax, values, limit, fontsize=8)
        ax.set(
            xticks=range(n) if values.shape[1] == n else [],
            yticks=range(n) if len(values) == n else [],
            xlabel=f"colors to ±{limit:.2f}" if values.shape[1] == n else f"±{limit:.2f}",
            ylabel=side,
        )
        ax.tick_params(length=0)
        ax.set_title(name, loc="center", fontsize=10)
    if title:
        figure.suptitle(title, x=0.01, ha="left", fontsize=11)
    (alive,) = np.nonzero(slopes)
    spoken = ", ".join(signed_text(value) for value in total)
    describe(
        figure,
        f"Four panels. 1: the column -Y / P, zero but for {signed_text(slopes[alive[0]])} in row "
        f"{alive[0]}. 2: the Jacobian. 3: their products, zero outside row {alive[0]}. "
        f"4: the column sums, {spoken}.",
    )
    return figure


def plot_pulls(z, cross_entropy, squared_error, title=None, ax=None):
    """Draw how hard two losses pull at one score whose target is 1, for all values of the score.

    Parameters
    ----------
    z : ndarray, shape (k,)
        Scores, increasing.
    cross_entropy, squared_error : ndarray, shape (k,)
        The size of the derivative with respect to z.
    title : str, optional
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    ax = ax or plt.subplots(figsize=(WIDTH, 3))[1]
    ax.plot(z, cross_entropy, color=CROSS_ENTROPY)
    ax.plot(z, squared_error, color=SQUARED_ERROR, linestyle="--")
    ax.axvline(0, color=PALE, linewidth=1)
    ax.text(0.75 * z[0], cross_entropy[0] - 0.1, "cross-entropy", color=CROSS_ENTROPY, ha="center")
    peak = int(squared_error.argmax())
    ax.text(
        z[peak] - 0.3, squared_error[peak] + 0.05, "squared error", color=SQUARED_ERROR, ha="right"
    )
    ax.set(xlabel="score z (target 1: left is wrong, right is right)", ylabel="size of dz")
    ax.set(xlim=(z[0], z[-1]), ylim=(0, 1.1))
    if title:
        ax.set_title(title)
    describe(
        ax.figure,
        f"Two curves over the score z of a unit whose target is 1. At z = {z[0]:.0f} cross-entropy "
        f"pulls with {cross_entropy[0]:.2f} and squared error with {squared_error[0]:.4f}; squared "
        f"error is strongest, {squared_error[peak]:.2f}, at z = {z[peak]:.1f}.",
    )
    return ax
