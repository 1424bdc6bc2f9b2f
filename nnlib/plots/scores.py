"""Scores of the ten digits, and results of several runs beside each other.  Lesson 02."""

import numpy as np

from nnlib.plots.axes import dots_in_row, one_row_each, rows_high, write_beside
from nnlib.plots.painter import plot
from nnlib.plots.style import INK, PALE, TEST, TRAIN, WRONG
from nnlib.views.words import written


@plot(2.4)
def plot_scores(ax, scores, label=None):
    """Draw ten scores as bars and mark the largest, the digit that they name.

    Parameters
    ----------
    scores : sequence of float, length n_classes
        One score a class, of any sign.
    label : int, optional
        The true class; the largest bar then gets a tick or a cross.
    """
    scores = np.asarray(scores, dtype=float).ravel()
    best = int(scores.argmax())
    color = TRAIN if label is None or label == best else WRONG
    bars = ax.bar(range(len(scores)), scores, color=PALE, width=0.7)
    bars[best].set_color(color)
    ax.bar_label(bars, [written(score, ".3g") for score in scores], fontsize=9, padding=2)
    ax.axhline(0, color=INK, linewidth=0.8)
    ax.margins(y=0.2)
    ax.set(xlabel="digit", ylabel="score", xticks=range(len(scores)))
    ax.get_xticklabels()[best].set(fontweight="bold", color=color)
    verdict = "largest" if label is None else f"largest {'✓' if label == best else '✗'}"
    place = {"xytext": (0, 14 if scores[best] >= 0 else -22), "textcoords": "offset points"}
    ax.annotate(verdict, (best, scores[best]), ha="center", fontsize=9, color=color, **place)
    words = ", ".join(f"{k}: {score:.3g}" for k, score in enumerate(scores))
    truth = "" if label is None else f" In truth it is a {label}."
    return f"Ten bars, one score a digit: {words}. The largest is {best}.{truth}"


@plot(rows_high)
def plot_runs(ax, groups, xlabel):
    """Draw the values of several groups as rows of dots, each row with its mean.

    Parameters
    ----------
    groups : dict of str to sequence of float
        Name of a group and its values, one dot a value; drawn from top to bottom.
    xlabel : str
        What is measured, with its unit.
    """
    words = []
    for place, (name, values) in enumerate(groups.items()):
        values = np.asarray(values, dtype=float)
        dots_in_row(ax, place, values, 0.22, s=26, color=TEST, alpha=0.6)
        mean = values.mean()
        ax.plot([mean, mean], [place - 0.38, place + 0.38], color=INK, linewidth=1.5)
        write_beside(ax, place, f"{mean:.3g}")
        words.append(f"{name}: {values.min():.3g} to {values.max():.3g}, mean {mean:.3g}")
    write_beside(ax, -0.75, "mean", fontsize=9)
    one_row_each(ax, groups, xlabel)
    return f"Rows of dots, {xlabel}. {'; '.join(words)}."
