"""The ladder: bars with every seed a dot and the learner's guess, and sizes of sums.  Lesson 12."""

import matplotlib.pyplot as plt
import numpy as np

from nnlib.plots.style import GUESS, INK, PALE, TEST, TRAIN, WIDTH, describe, one_row_each

COLORS = [TRAIN, TEST, "#7a4fa3", "#3a8f7b", "#8a8a8a"]


def plot_ladder(groups, xlabel, guesses=None, pale=(), title=None, limits=(0, 100), ax=None):
    """Draw a bar for the mean of each group, a dot for each of its values, and what was guessed.

    Parameters
    ----------
    groups : dict of str to sequence of float
        Name and values, drawn from top to bottom. Without values a "?" stands for the bar.
    xlabel : str
        What is measured, with its unit.
    guesses : dict of str to float or None, optional
        The learner's guess for some groups: a dotted gray stroke; None draws nothing.
    pale : collection of str, optional
        Groups that came before: their bars are pale.
    title : str, optional
    limits : pair of float, default (0, 100)
        Ends of the axis; bars begin at the first.
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    ax = ax or plt.subplots(figsize=(WIDTH, 0.8 + 0.42 * len(groups)))[1]
    words = []
    for place, (name, values) in enumerate(groups.items()):
        values = np.asarray(values, dtype=float)
        if values.size:
            draw_bar(ax, place, values, limits, name in pale)
            words.append(f"{name}: mean {values.mean():.1f}, {values.min():.1f} to ")
            words[-1] += f"{values.max():.1f}"
        else:
            ax.text(limits[0] + 0.01 * (limits[1] - limits[0]), place, "?", va="center")
            words.append(f"{name}: not shown yet")
        guess = (guesses or {}).get(name)
        if guess is not None:
            draw_guess(ax, place, guess)
            words[-1] += f", guessed {guess:g}"
    one_row_each(ax, groups, xlabel)
    ax.set_xlim(limits)
    if title:
        ax.set_title(title)
    describe(ax.figure, f"Bars, {xlabel}; each seed a dot. {'; '.join(words)}.")
    return ax


def draw_bar(ax, place, values, limits, is_pale):
    """One bar up to the mean, its number at the right, and a dot for each value."""
    alpha = 0.25 if is_pale else 0.6
    mean, width = values.mean(), values.mean() - limits[0]
    ax.barh(place, width, left=limits[0], height=0.62, color=TEST, alpha=alpha)
    height = place + 0.2 * np.resize([0, 1, -1, 0.5, -0.5], values.size)  # apart, if equal
    ax.scatter(values, height, s=16, color=PALE if is_pale else INK, linewidths=0, zorder=3)
    across = ax.get_yaxis_transform()
    color = GUESS if is_pale else INK
    ax.text(1.01, place, f"{mean:.1f}", transform=across, va="center", color=color)


def draw_guess(ax, place, guess):
    """The learner's guess: a dotted gray stroke across the bar, as if drawn by hand."""
    (stroke,) = ax.plot([guess, guess], [place - 0.42, place + 0.42], color=GUESS, linestyle=":")
    stroke.set(linewidth=2.5, zorder=4, label="guess")
    stroke.set_sketch_params(scale=1.5, length=20, randomness=2)


def plot_sizes(groups, edge, edge_name, xlabel, title=None, ax=None):
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
    title : str, optional
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    ax = ax or plt.subplots(figsize=(WIDTH, 2.6))[1]
    bins, words = np.logspace(-3, 4, 71), []
    for color, (name, numbers) in zip(COLORS, groups.items()):
        sizes = np.clip(np.abs(numbers).ravel(), bins[0], bins[-1])
        counts, _, _ = ax.hist(sizes, bins, weights=np.full(sizes.size, 100 / sizes.size),
                               histtype="stepfilled", color=color, alpha=0.45)  # fmt: skip
        top = int(counts.argmax())
        label = ax.text(bins[top], counts[top], name, ha="center", va="bottom", color=color)
        label.set(fontsize=9, bbox={"facecolor": "white", "edgecolor": "none", "pad": 1})
        words.append(f"{name}: {100 * (sizes > edge).mean():.0f} % beyond it")
    ax.axvline(edge, color=INK, linewidth=1, linestyle="--")
    ax.text(edge, 1, f" {edge_name} →", transform=ax.get_xaxis_transform(), va="top", fontsize=9)
    ax.set(xscale="log", xlabel=xlabel, ylabel="share of them, %", xlim=(bins[0], bins[-1]))
    ax.margins(y=0.3)
    if title:
        ax.set_title(title)
    sentence = f"Histograms of {xlabel}, logarithmic. {edge_name} at {edge:.3g}. "
    describe(ax.figure, f"{sentence}{'; '.join(words)}.")
    return ax
