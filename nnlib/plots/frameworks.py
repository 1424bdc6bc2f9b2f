"""Programs that compute the same, and a computation drawn as a graph.  Lesson 16."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import LogLocator

from nnlib.plots.style import INK, LAYER_TINTS, PALE, TEST, TRAIN, WIDTH, describe

MARKS = ((PALE, "-", 7), (TRAIN, "-", 2), (TEST, "--", 2), (LAYER_TINTS["output"], ":", 2.5))


def plot_same(losses, bar=1e-6, title=None):
    """Draw curves of losses over each other, and below how far each lies from the first.

    Parameters
    ----------
    losses : dict of str to ndarray, shape (n_steps,)
        Two to four programs by name, and the loss of each step.
    bar : float, default 1e-6
        The relative difference that is allowed; a dashed line.
    title : str, optional

    Returns
    -------
    ndarray of matplotlib.axes.Axes, shape (2,)
        The curves, and the relative differences on a logarithmic axis; none is drawn as 1e-17.
    """
    figure, axes = plt.subplots(2, 1, figsize=(WIDTH, 4.2), sharex=True, height_ratios=(3, 2))
    (first, reference), *_ = losses.items()
    steps, words = np.arange(1, len(reference) + 1), []
    for (name, values), (color, style, width) in zip(losses.items(), MARKS, strict=False):
        axes[0].plot(steps, values, color=color, linestyle=style, linewidth=width, label=name)
        if name != first:
            apart = np.abs(np.asarray(values) - reference) / np.abs(reference)
            axes[1].plot(steps, np.maximum(apart, 1e-17), ".", color=color)
            words.append(f"{name} differs from {first} by less than 1e{exponent_above(apart)}")
    axes[0].set(ylabel="loss of the batch")
    axes[0].legend(loc="upper right")
    axes[0].margins(x=0.01)
    axes[1].axhline(bar, color=INK, linestyle="--", linewidth=1)
    axes[1].text(steps[-1], bar, f"allowed: {bar:.0e} ".replace("e-0", "e-"), ha="right", va="top")
    axes[1].set(yscale="log", ylim=(1e-18, 1e-3), xlabel="step", ylabel="difference")
    axes[1].yaxis.set_major_locator(LogLocator(base=1000))
    if title:
        axes[0].set_title(title)
    describe(
        figure,
        f"The loss of {len(steps)} steps, from {reference[0]:.2f} to {reference[-1]:.2f}, drawn "
        f"for {len(losses)} programs: the curves lie on each other. {'; '.join(words)}.",
    )
    return axes


def exponent_above(apart):
    """The smallest whole power of ten, at least 1e-15, that is above all of these numbers."""
    return max(-15, int(np.floor(np.log10(max(apart.max(), 1e-99)))) + 1)


def plot_graph(numbers, places, title=None, ax=None):
    """Draw how a number was computed: what went into what, each value, and each slope.

    Parameters
    ----------
    numbers : dict of str to object
        Name and a number that has a `value`, a `slope` (that of the result with respect to it)
        and `parts`, pairs of a number that it was made of and the slope along that edge. Parts
        that are not in the dict are left out.
    places : dict of str to (x, y)
        Where each stands; x grows towards the result.
    title : str, optional
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    ax = ax or plt.subplots(figsize=(WIDTH, 3.2))[1]
    names = {id(number): name for name, number in numbers.items()}
    for name, number in numbers.items():
        named = [(names[id(part)], local) for part, local in number.parts if id(part) in names]
        is_twice = len({part for part, _ in named}) < len(named)
        for k, (part, local) in enumerate(named):
            bend = 0.35 * (-1) ** k if is_twice else 0.0
            draw_edge(ax, places[part], places[name], local, bend)
    for name, number in numbers.items():
        ax.text(
            *places[name],
            f"${name}$ = {number.value:.2f}\nslope {number.slope:.2f}",
            ha="center",
            va="center",
            bbox={"boxstyle": "round", "facecolor": "white", "edgecolor": TRAIN},
        )
    x, y = np.array(list(places.values())).T
    ax.set(xlim=(x.min() - 0.5, x.max() + 0.5), ylim=(y.min() - 0.5, y.max() + 0.5))
    ax.axis("off")
    if title:
        ax.set_title(title)
    listed = "; ".join(f"{n} {a.value:.2f}, slope {a.slope:.2f}" for n, a in numbers.items())
    describe(ax.figure, f"A graph of the computation, each number with its slope: {listed}.")
    return ax


def draw_edge(ax, start, end, local, bend):
    """An arrow from one number into the next, and the slope along it."""
    arrow = {
        "arrowstyle": "-|>",
        "color": PALE,
        "shrinkA": 22,
        "shrinkB": 26,
        "connectionstyle": f"arc3,rad={bend}",
    }
    ax.annotate("", end, start, arrowprops=arrow)
    (x0, y0), (x1, y1) = start, end
    middle = ((x0 + x1) / 2 + bend * (y1 - y0) / 2, (y0 + y1) / 2 - bend * (x1 - x0) / 2)
    ax.text(*middle, f"×{local:.2f}", ha="center", va="center", color=TEST, backgroundcolor="white")
