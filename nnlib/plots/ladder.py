"""The ladder: bars with every seed a dot and the learner's guess, and sizes of sums.  Lesson 12."""

import numpy as np

from nnlib.plots.axes import dots_in_row, one_row_each, rows_high, write_beside
from nnlib.plots.painter import plot
from nnlib.plots.style import CURVES, GUESS, INK, PALE, TEST

BINS = np.logspace(-3, 4, 71)


@plot(rows_high)
def plot_ladder(ax, groups, xlabel, guesses=None, pale=()):
    """Draw a bar for the mean of each group, a dot for each of its values, and what was guessed.

    Parameters
    ----------
    groups : dict of str to sequence of float
        Name and values in percent, drawn from top to bottom. Without values a "?" stands for the
        bar.
    xlabel : str
        What is measured, with its unit.
    guesses : dict of str to float or None, optional
        The learner's guess for some groups: a dotted gray stroke; None draws nothing.
    pale : collection of str, optional
        Groups that came before: their bars are pale.
    """
    words = []
    for place, (name, values) in enumerate(groups.items()):
        said = _draw_bar(ax, place, np.asarray(values, dtype=float), name in pale)
        guess = (guesses or {}).get(name)
        if guess is not None:
            _draw_guess(ax, place, guess)
            said += f", guessed {guess:g}"
        words.append(f"{name}: {said}")
    one_row_each(ax, groups, xlabel)
    ax.set_xlim(0, 100)
    return f"Bars, {xlabel}; each seed a dot. {'; '.join(words)}."


def _draw_bar(ax, place, values, is_pale):
    """One bar up to the mean, its number at the right, a dot for each value; the words for it."""
    if not values.size:
        ax.text(1, place, "?", va="center")
        return "not shown yet"
    mean = values.mean()
    ax.barh(place, mean, height=0.62, color=TEST, alpha=0.25 if is_pale else 0.6)
    dots_in_row(ax, place, values, 0.2, s=16, color=PALE if is_pale else INK, zorder=3)
    write_beside(ax, place, f"{mean:.1f}", color=GUESS if is_pale else INK)
    return f"mean {mean:.1f}, {values.min():.1f} to {values.max():.1f}"


def _draw_guess(ax, place, guess):
    """The learner's guess: a dotted gray stroke across the bar, as if drawn by hand."""
    (stroke,) = ax.plot([guess, guess], [place - 0.42, place + 0.42], color=GUESS, linestyle=":")
    stroke.set(linewidth=2.5, zorder=4, label="guess")
    stroke.set_sketch_params(scale=1.5, length=20, randomness=2)


@plot(2.6)
def plot_sizes(ax, groups, edge, edge_name, xlabel):
    """Draw how large the numbers of each group are, whatever their sign, on a logarithmic axis.

    Parameters
    ----------
    groups : dict of str to ndarray
        Name and numbers, of any shape; at most five groups.
    edge : float
        A size that is marked.
    edge_name : str
        What lies beyond it.
    xlabel : str
    """
    words = []
    for color, (name, numbers) in zip(CURVES, groups.items()):
        sizes = np.clip(np.abs(numbers).ravel(), BINS[0], BINS[-1])
        share = np.full(sizes.size, 100 / sizes.size)
        look = {"histtype": "stepfilled", "color": color, "alpha": 0.45}
        counts, _, _ = ax.hist(sizes, BINS, weights=share, **look)
        top = int(counts.argmax())
        label = ax.text(BINS[top], counts[top], name, ha="center", va="bottom", color=color)
        label.set(fontsize=9, bbox={"facecolor": "white", "edgecolor": "none", "pad": 1})
        words.append(f"{name}: {100 * (sizes > edge).mean():.0f} % beyond it")
    ax.axvline(edge, color=INK, linewidth=1, linestyle="--")
    ax.text(edge, 1, f" {edge_name} →", transform=ax.get_xaxis_transform(), va="top", fontsize=9)
    ax.set(xscale="log", xlabel=xlabel, ylabel="share of them, %", xlim=(BINS[0], BINS[-1]))
    ax.margins(y=0.3)
    head = f"Histograms of {xlabel}, logarithmic. {edge_name} at {edge:.3g}."
    return f"{head} {'; '.join(words)}."
