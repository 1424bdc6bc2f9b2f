"""Training as pictures: losses, steps needed, hidden units as they learn.  Lesson 07."""

import numpy as np
from matplotlib.ticker import MaxNLocator

from nnlib.plots.axes import color_bar, name_at_the_end, plain_numbers, signed_image
from nnlib.plots.painter import plot
from nnlib.plots.style import GUESS, INK, LINES, TEST, TRAIN
from nnlib.views.curves import means_at, tenfold_rule
from nnlib.views.images import SIDE, tile


@plot(3)
def plot_losses(ax, curves, *, xlabel="step", ylabel="loss", log=False, limits=None, ends=None):
    """Draw curves of losses (or of accuracies) over the steps, each named at its end.

    Parameters
    ----------
    curves : dict of str to curve
        At most five. A curve is a sequence of the records that `train` yields, or an array of
        values at steps 1, 2, …, or a pair (steps, values). A name with "test" or "validation" in
        it gets a dashed orange line, the first of the others the solid blue of training.
    xlabel, ylabel : str
    log : bool, default False
        A logarithmic axis for the values.
    limits : pair of float, optional
        Lowest and highest value shown.
    ends : dict of str to str, optional
        What the description says of a curve's end, by name, in place of its first and last
        value: "70 ± 15" where these differ from one computer to the next.
    """
    if len(curves) > len(LINES):
        raise ValueError(f"at most {len(LINES)} curves can be told apart; got {len(curves)}")
    others, lines = iter(LINES), []
    for name, curve in curves.items():
        held_out = "test" in name or "validation" in name
        color, style = (TEST, "--") if held_out else next(others)
        lines += ax.plot(*_points(curve), color=color, linestyle=style, label=name)
    ax.set(xlabel=xlabel, ylabel=ylabel, ylim=limits)
    if log:
        ax.set_yscale("log")
        plain_numbers(ax.yaxis, (1, 2, 5))
    if all(np.issubdtype(line.get_xdata().dtype, np.integer) for line in lines):
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.grid(axis="y")
    ax.margins(x=0)
    name_at_the_end(ax, lines)
    said = [_in_words(line, (ends or {}).get(line.get_label())) for line in lines]
    return f"Curves of {ylabel} over {xlabel}. {'; '.join(said)}."


def _points(curve):
    """Steps and values of a curve in any of the three forms that `plot_losses` takes."""
    if isinstance(curve, tuple) and len(curve) == 2 and np.ndim(curve[0]) == 1:
        return np.asarray(curve[0]), np.asarray(curve[1])
    if hasattr(curve[0], "loss"):
        return np.array([r.step for r in curve]), np.array([r.loss for r in curve])
    return np.arange(1, len(curve) + 1), np.asarray(curve)


def _in_words(line, end=None):
    """A line's name, its first and last value, and the largest if it lies between them."""
    if end:
        return f"{line.get_label()}: ends at {end}"
    values = np.asarray(line.get_ydata(), dtype=float)
    values = values[np.isfinite(values)]
    if not values.size:
        return f"{line.get_label()}: no number at all"
    text = f"{line.get_label()}: from {values[0]:.3g} to {values[-1]:.3g}"
    inside = values.max() > 1.05 * max(values[0], values[-1])
    return text + (f", at most {values.max():.3g}" if inside else "")


@plot(3)
def plot_steps_needed(ax, rates, steps):
    """Draw how many steps a goal took at each learning rate, beside the rule "a tenth, ten times".

    Parameters
    ----------
    rates : ndarray, shape (n,)
        Learning rates; a rate may occur more than once.
    steps : ndarray, shape (n,)
        Steps until the goal was reached; NaN where it never was.
    """
    rates, steps = np.asarray(rates, dtype=float), np.asarray(steps, dtype=float)
    reached, never = np.isfinite(steps), np.unique(rates[np.isnan(steps)])
    ax.scatter(rates[reached], steps[reached], s=26, color=TRAIN, zorder=3)
    ends, needed = tenfold_rule(rates, steps)
    ax.plot(ends, needed, color=GUESS, linestyle=":")
    ax.text(ends[1], needed[1], " the rule", va="center", fontsize=9, color=GUESS)
    for rate in never:
        ax.plot(rate, needed[0], marker="x", color=TEST, markersize=8, markeredgewidth=2)
        ax.text(rate, needed[0], "never ", ha="right", va="center", fontsize=9, color=TEST)
    ax.set(xscale="log", yscale="log", xlabel="learning rate", ylabel="steps needed")
    plain_numbers(ax.xaxis)
    plain_numbers(ax.yaxis)
    ax.grid()
    means = zip(*means_at(rates[reached], steps[reached]))
    words = [f"{rate:g}: {mean:,.0f} steps" for rate, mean in means]
    words += [f"{rate:g}: never" for rate in never]
    return f"Steps needed at each learning rate, both axes logarithmic. {', '.join(words)}."


@plot(lambda history, **_: 0.6 + 6.0 * len(history) / len(history[0]))
def plot_unit_strip(ax, history, names):
    """Draw the weights into every hidden unit, one row of images for each moment of training.

    Parameters
    ----------
    history : sequence of ndarray, each of shape (n_units, 784)
        The first layer's W (or a part or a change of it) at each moment.
    names : sequence of str
        The moments, written at the left.
    """
    most, n_units = [np.abs(W).max() for W in history], len(history[0])
    limit, cell = float(max(most)), SIDE + 2
    image = signed_image(ax, tile(np.concatenate(history), n_units), limit)
    ax.set(xticks=[], yticks=np.arange(len(history)) * cell + cell / 2, yticklabels=names)
    ax.tick_params(length=0, colors=INK)
    ax.spines[:].set_visible(False)
    color_bar(ax, image, (-limit, 0, limit))
    sizes = ", ".join(f"{name}: up to {size:.2g}" for name, size in zip(names, most, strict=True))
    return (
        f"Weights of {n_units} hidden units as images of 28 by 28 pixels (red negative, "
        f"blue positive), {len(history)} rows. Largest magnitude at {sizes}."
    )
