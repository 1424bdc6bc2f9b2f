"""Programs that compute the same, and a computation drawn as a graph.  Lesson 16."""

import numpy as np
from matplotlib.ticker import LogLocator

from nnlib.plots.painter import plot
from nnlib.plots.style import INK, PALE, TEST, THIRD, TRAIN
from nnlib.views.curves import exponent_above, relative_difference
from nnlib.views.words import minus_signs, power, written

MARKS = ((PALE, "-", 7), (TRAIN, "-", 2), (TEST, "--", 2), (THIRD, ":", 2.5))
ALLOWED = 1e-6  # relative difference
LEAST = 1e-17  # where no difference at all is drawn


@plot(4.2, rows=(3, 2))
def plot_same(axes, losses):
    """Draw curves of losses over each other, and below how far each lies from the first.

    Differences are relative, on a logarithmic axis; none is drawn as 1e-17, and a dashed line
    marks 1e-6, which is allowed.

    Parameters
    ----------
    losses : dict of str to ndarray, shape (n_steps,)
        Two to four programs by name, and the loss of each step.
    """
    curves, differences = axes
    (first, reference), *_ = losses.items()
    steps, words = np.arange(1, len(reference) + 1), []
    for (name, values), (color, style, width) in zip(losses.items(), MARKS, strict=False):
        curves.plot(steps, values, color=color, linestyle=style, linewidth=width, label=name)
        if name != first:
            apart = relative_difference(values, reference)
            differences.plot(steps, np.maximum(apart, LEAST), ".", color=color)
            words.append(f"{name} differs from {first} by less than 1e{exponent_above(apart)}")
    curves.set(ylabel="loss of the batch")
    curves.legend(loc="upper right")
    curves.margins(x=0.01)
    _lay_out_differences(differences, steps[-1])
    return (
        f"The loss of {len(steps)} steps, from {reference[0]:.2f} to {reference[-1]:.2f}, drawn "
        f"for {len(losses)} programs: the curves lie on each other. {'; '.join(words)}."
    )


def _lay_out_differences(ax, last):
    """A logarithmic axis for differences, with the line of what is allowed."""
    ax.axhline(ALLOWED, color=INK, linestyle="--", linewidth=1)
    ax.text(last, ALLOWED, f"allowed: {power(ALLOWED)} ", ha="right", va="top")
    ax.set(yscale="log", ylim=(1e-18, 1e-3), xlabel="step", ylabel="difference")
    ax.yaxis.set_major_locator(LogLocator(base=1000))


@plot(3.2)
def plot_graph(ax, numbers, places):
    """Draw how a number was computed: what went into what, each value, and each slope.

    Parameters
    ----------
    numbers : dict of str to object
        Name and a number that has a `value`, a `slope` (that of the result with respect to it)
        and `parts`, pairs of a number that it was made of and the slope along that edge. Parts
        that are not in the dict are left out.
    places : dict of str to (x, y)
        Where each stands; x grows towards the result.
    """
    names = {id(number): name for name, number in numbers.items()}
    for name, number in numbers.items():
        named = [(names[id(part)], local) for part, local in number.parts if id(part) in names]
        is_twice = len({part for part, _ in named}) < len(named)
        for k, (part, local) in enumerate(named):
            bend = 0.35 * (-1) ** k if is_twice else 0.0
            _draw_edge(ax, places[part], places[name], local, bend)
    box = {"boxstyle": "round", "facecolor": "white", "edgecolor": TRAIN}
    for name, number in numbers.items():
        text = minus_signs(f"${name}$ = {number.value:.2f}\nslope {number.slope:.2f}")
        ax.text(*places[name], text, ha="center", va="center", bbox=box)
    x, y = np.array(list(places.values())).T
    ax.set(xlim=(x.min() - 0.5, x.max() + 0.5), ylim=(y.min() - 0.5, y.max() + 0.5))
    ax.axis("off")
    listed = "; ".join(f"{n} {a.value:.2f}, slope {a.slope:.2f}" for n, a in numbers.items())
    return f"A graph of the computation, each number with its slope: {listed}."


def _draw_edge(ax, start, end, local, bend):
    """An arrow from one number into the next, and the slope along it."""
    arrow = {"arrowstyle": "-|>", "color": PALE, "shrinkA": 22, "shrinkB": 26}
    ax.annotate("", end, start, arrowprops=arrow | {"connectionstyle": f"arc3,rad={bend}"})
    (x0, y0), (x1, y1) = start, end
    middle = ((x0 + x1) / 2 + bend * (y1 - y0) / 2, (y0 + y1) / 2 - bend * (x1 - x0) / 2)
    look = {"ha": "center", "va": "center", "color": TEST, "backgroundcolor": "white"}
    ax.text(*middle, "×" + written(local, ".2f"), **look)
