"""Scores of the ten digits, and results of several runs beside each other.  Lesson 02."""

import matplotlib.pyplot as plt
import numpy as np

from nnlib.plots.style import INK, PALE, TEST, TRAIN, WIDTH, WRONG, describe, one_row_each


def plot_scores(scores, label=None, title=None, ax=None):
    """Draw ten scores as bars and mark the largest, the digit that they name.

    Parameters
    ----------
    scores : sequence of float, length n_classes
        One score a class, of any sign.
    label : int, optional
        The true class; the largest bar then gets a tick or a cross.
    title : str, optional
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    scores = np.asarray(scores, dtype=float).ravel()
    best = int(scores.argmax())
    ax = ax or plt.subplots(figsize=(WIDTH, 2.4))[1]
    bars = ax.bar(range(len(scores)), scores, color=PALE, width=0.7)
    bars[best].set_color(TRAIN if label is None or label == best else WRONG)
    ax.bar_label(bars, [f"{score:.3g}" for score in scores], fontsize=9, padding=2)
    ax.axhline(0, color=INK, linewidth=0.8)
    ax.margins(y=0.2)
    ax.set(xlabel="digit", ylabel="score", xticks=range(len(scores)))
    verdict = "largest" if label is None else f"largest {'✓' if label == best else '✗'}"
    ax.get_xticklabels()[best].set(fontweight="bold", color=bars[best].get_facecolor())
    ax.annotate(
        verdict,
        (best, scores[best]),
        xytext=(0, 14 if scores[best] >= 0 else -22),
        textcoords="offset points",
        ha="center",
        fontsize=9,
        color=bars[best].get_facecolor(),
    )
    if title:
        ax.set_title(title)
    words = ", ".join(f"{k}: {score:.3g}" for k, score in enumerate(scores))
    truth = "" if label is None else f" In truth it is a {label}."
    describe(ax.figure, f"Ten bars, one score a digit: {words}. The largest is {best}.{truth}")
    return ax


def plot_runs(groups, xlabel, title=None, ax=None):
    """Draw the values of several groups as rows of dots, each row with its mean.

    Parameters
    ----------
    groups : dict of str to sequence of float
        Name of a group and its values, one dot a value; drawn from top to bottom.
    xlabel : str
        What is measured, with its unit.
    title : str, optional
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    ax = ax or plt.subplots(figsize=(WIDTH, 0.8 + 0.42 * len(groups)))[1]
    words = []
    for place, (name, values) in enumerate(groups.items()):
        values = np.asarray(values, dtype=float)
        height = place + 0.22 * np.resize([0, 1, -1, 0.5, -0.5], values.size)  # apart, if equal
        ax.scatter(values, height, s=26, color=TEST, alpha=0.6, linewidths=0)
        mean = values.mean()
        ax.plot([mean, mean], [place - 0.38, place + 0.38], color=INK, linewidth=1.5)
        ax.text(1.01, place, f"{mean:.3g}", transform=ax.get_yaxis_transform(), va="center")
        words.append(f"{name}: {values.min():.3g} to {values.max():.3g}, mean {mean:.3g}")
    ax.text(1.01, -0.75, "mean", transform=ax.get_yaxis_transform(), va="center", fontsize=9)
    one_row_each(ax, groups, xlabel)
    if title:
        ax.set_title(title)
    describe(ax.figure, f"Rows of dots, {xlabel}. {'; '.join(words)}.")
    return ax
