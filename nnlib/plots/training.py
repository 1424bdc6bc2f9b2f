"""Training as pictures: losses, steps needed, hidden units as they learn.  Lesson 07."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import LogLocator, MaxNLocator, NullFormatter, StrMethodFormatter

from nnlib.plots.style import DIVERGING, GUESS, INK, TEST, TRAIN, WIDTH, describe

SIDE = 28  # pixels
LINES = [
    (TRAIN, "-"),
    ("#7a4fa3", "-."),
    ("#3a8f7b", (0, (1, 1))),
    ("#8a8a8a", (0, (6, 2))),
    ("#b0527c", (0, (4, 1, 1, 1, 1, 1))),
]


def plot_losses(curves, title=None, xlabel="step", ylabel="loss", log=False, limits=None, ax=None):
    """Draw curves of losses (or of accuracies) over the steps, each named at its end.

    Parameters
    ----------
    curves : dict of str to curve
        At most five. A curve is a sequence of the records that `train` yields, or an array of
        values at steps 1, 2, …, or a pair (steps, values). A name with "test" or "validation" in
        it gets a dashed orange line, the first of the others the solid blue of training.
    title : str, optional
    xlabel, ylabel : str
    log : bool, default False
        A logarithmic axis for the values.
    limits : pair of float, optional
        Lowest and highest value shown.
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    if len(curves) > len(LINES):
        raise ValueError(f"at most {len(LINES)} curves can be told apart; got {len(curves)}")
    ax = ax or plt.subplots(figsize=(WIDTH, 3))[1]
    others = iter(LINES)
    lines = []
    for name, curve in curves.items():
        held_out = "test" in name or "validation" in name
        color, style = (TEST, "--") if held_out else next(others)
        lines += ax.plot(*points(curve), color=color, linestyle=style, label=name)
    ax.set(xlabel=xlabel, ylabel=ylabel, ylim=limits)
    if log:
        ax.set_yscale("log")
        plain_numbers(ax.yaxis, (1, 2, 5))
    if all(np.issubdtype(line.get_xdata().dtype, np.integer) for line in lines):
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.grid(axis="y")
    ax.margins(x=0)
    if title:
        ax.set_title(title)
    name_at_the_end(ax, lines)
    describe(ax.figure, f"Curves of {ylabel} over {xlabel}. {'; '.join(map(in_words, lines))}.")
    return ax


def points(curve):
    """Steps and values of a curve in any of the three forms that `plot_losses` takes."""
    if isinstance(curve, tuple) and len(curve) == 2 and np.ndim(curve[0]) == 1:
        return np.asarray(curve[0]), np.asarray(curve[1])
    if hasattr(curve[0], "loss"):
        return np.array([r.step for r in curve]), np.array([r.loss for r in curve])
    return np.arange(1, len(curve) + 1), np.asarray(curve)


def name_at_the_end(ax, lines, apart=13):
    """Write each line's name beside its last point, `apart` points or more from the next."""
    points_per_pixel = 72 / ax.figure.dpi
    lines = [line for line in lines if seen(line, sorted(ax.get_ylim())).any()]
    ends = [last_seen(line, sorted(ax.get_ylim())) for line in lines]
    heights = [ax.transData.transform(end)[1] * points_per_pixel for end in ends]
    lowest = ax.transAxes.transform((0, 0))[1] * points_per_pixel - apart / 2
    for i in np.argsort(heights):
        height = max(heights[i], lowest + apart)
        lowest = height
        ax.annotate(
            lines[i].get_label(),
            ends[i],
            xytext=(5, height - heights[i]),
            textcoords="offset points",
            va="center",
            fontsize=9,
            color=lines[i].get_color(),
            annotation_clip=False,
        )


def seen(line, limits):
    """Which points of a line lie within the limits of the axis; NaN never does."""
    y = np.asarray(line.get_ydata(), dtype=float)
    return (y >= limits[0]) & (y <= limits[1])


def last_seen(line, limits):
    """The last point of a line that lies within the limits of the axis."""
    x, y = (np.asarray(values, dtype=float) for values in line.get_data())
    place = np.flatnonzero(seen(line, limits))[-1]
    return x[place], y[place]


def plain_numbers(axis, marks=(1,)):
    """Write the ticks of a logarithmic axis as plain numbers: 0.1, 5, 10,000."""
    axis.set_major_locator(LogLocator(subs=marks))
    axis.set_major_formatter(StrMethodFormatter("{x:,g}"))
    axis.set_minor_formatter(NullFormatter())


def in_words(line):
    """A line's name, its first and last value, and the largest if it lies between them."""
    values = np.asarray(line.get_ydata(), dtype=float)
    values = values[np.isfinite(values)]
    if not values.size:
        return f"{line.get_label()}: no number at all"
    text = f"{line.get_label()}: from {values[0]:.3g} to {values[-1]:.3g}"
    inside = values.max() > 1.05 * max(values[0], values[-1])
    return text + (f", at most {values.max():.3g}" if inside else "")


def plot_steps_needed(rates, steps, title=None, ax=None):
    """Draw how many steps a goal took at each learning rate, beside the rule "a tenth, ten times".

    Parameters
    ----------
    rates : ndarray, shape (n,)
        Learning rates; a rate may occur more than once.
    steps : ndarray, shape (n,)
        Steps until the goal was reached; NaN where it never was.
    title : str, optional
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    rates, steps = np.asarray(rates, dtype=float), np.asarray(steps, dtype=float)
    reached = np.isfinite(steps)
    ax = ax or plt.subplots(figsize=(WIDTH, 3))[1]
    ax.scatter(rates[reached], steps[reached], s=26, color=TRAIN, zorder=3)
    smallest = rates[reached].min()
    most = steps[rates == smallest].mean()
    ends = np.array([smallest, rates.max()])
    ax.plot(ends, most * smallest / ends, color=GUESS, linestyle=":")
    ax.text(ends[1], most * smallest / ends[1], " the rule", va="center", fontsize=9, color=GUESS)
    never = np.unique(rates[~reached])
    for rate in never:
        ax.plot(rate, most, marker="x", color=TEST, markersize=8, markeredgewidth=2)
        ax.text(rate, most, "never ", ha="right", va="center", fontsize=9, color=TEST)
    ax.set(xscale="log", yscale="log", xlabel="learning rate", ylabel="steps needed")
    plain_numbers(ax.xaxis)
    plain_numbers(ax.yaxis)
    ax.grid()
    if title:
        ax.set_title(title)
    words = ", ".join(
        f"{rate:g}: {steps[(rates == rate) & reached].mean():,.0f} steps"
        for rate in np.unique(rates[reached])
    )
    words += "".join(f", {rate:g}: never" for rate in never)
    describe(ax.figure, f"Steps needed at each learning rate, both axes logarithmic. {words}.")
    return ax


def plot_unit_strip(history, names, title=None, ax=None):
    """Draw the weights into every hidden unit, one row of images for each moment of training.

    Parameters
    ----------
    history : sequence of ndarray, each of shape (n_units, 784)
        The first layer's W (or a part or a change of it) at each moment.
    names : sequence of str
        The moments, written at the left.
    title : str, optional
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    limit = max(float(np.abs(W).max()) for W in history)
    cell = SIDE + 2
    sheet = np.full((len(history) * cell, len(history[0]) * cell), np.nan)
    for r, W in enumerate(history):
        for k, weights in enumerate(W):
            top, left = r * cell + 1, k * cell + 1
            sheet[top : top + SIDE, left : left + SIDE] = weights.reshape(SIDE, SIDE)
    if ax is None:
        ax = plt.subplots(figsize=(WIDTH, 0.6 + 6.0 * sheet.shape[0] / sheet.shape[1]))[1]
    image = ax.imshow(sheet, cmap=DIVERGING, vmin=-limit, vmax=limit)
    middles = np.arange(len(history)) * cell + cell / 2
    ax.set(xticks=[], yticks=middles, yticklabels=names)
    ax.tick_params(length=0, colors=INK)
    ax.spines[:].set_visible(False)
    bar = ax.figure.colorbar(image, ax=ax, ticks=[-limit, 0, limit], shrink=0.8, aspect=25)
    bar.ax.set_yticklabels([f"{tick:.2g}" for tick in (-limit, 0, limit)])
    if title:
        ax.set_title(title)
    sizes = ", ".join(
        f"{name}: up to {np.abs(W).max():.2g}" for name, W in zip(names, history, strict=True)
    )
    describe(
        ax.figure,
        f"Weights of {len(history[0])} hidden units as images of 28 by 28 pixels (red negative, "
        f"blue positive), {len(history)} rows. Largest magnitude at {sizes}.",
    )
    return ax
