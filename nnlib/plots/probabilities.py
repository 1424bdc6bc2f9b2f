"""Scores, the probabilities they become, and the loss of a probability."""

import matplotlib.pyplot as plt
import numpy as np

from nnlib.plots.digits import plot_digit
from nnlib.plots.style import INK, LAYER_TINTS, WIDTH, describe

OUTPUT = LAYER_TINTS["output"]
WORTH_A_LABEL = 0.09  # where bars are many, only probabilities from here on get their number


def plot_probabilities(Z, P, names=None, X=None, y=None, title=None):
    """Draw scores as bars and below them the probabilities they become, one panel a column.

    Parameters
    ----------
    Z : ndarray, shape (n_classes, s)
        Scores, one digit (or one setting) a column.
    P : ndarray, shape (n_classes, s)
        Their probabilities, 0…1.
    names : sequence of str, length s, optional
        Written above each column of panels.
    X : ndarray, shape (784, s), optional
        The digits themselves, 0…1, drawn on top.
    y : sequence of int, length s, optional
        Their true labels, written in the corners; needs X.
    title : str, optional

    Returns
    -------
    matplotlib.figure.Figure
    """
    n_classes, s = Z.shape
    heights = [1.6, 1.6] if X is None else [1.1, 1.5, 1.5]
    figure, axes = plt.subplots(
        len(heights),
        s,
        figsize=(WIDTH if s > 1 else 0.6 * WIDTH, sum(heights) + (0.3 if title else 0)),
        height_ratios=heights,
        sharey="row",
        squeeze=False,
    )
    for j in range(s):
        if X is not None:
            plot_digit(X[:, j], label=None if y is None else y[j], ax=axes[0, j])
        if names is not None:
            axes[0, j].set_title(names[j], loc="center", fontsize=10)
        draw_bars(axes[-2, j], axes[-1, j], Z[:, j], P[:, j], P.size <= 10)
        describe(figure, probabilities_in_words(Z[:, j], P[:, j], names and names[j]))
    axes[-2, 0].set_ylabel("score")
    axes[-1, 0].set_ylabel("probability")
    if title:
        figure.suptitle(title, x=0.01, ha="left", fontsize=11)
    return figure


def draw_bars(top, bottom, z, p, label_all):
    """Draw one column: its scores in the upper axes, its probabilities in the lower."""
    classes = range(len(z))
    top.bar(classes, z, color=OUTPUT, alpha=0.45, width=0.7)
    top.axhline(0, color=INK, linewidth=0.8)
    bars = bottom.bar(classes, p, color=OUTPUT, width=0.7)
    words = [f"{value:.2f}" if label_all or value >= WORTH_A_LABEL else "" for value in p]
    bottom.bar_label(bars, words, fontsize=8)
    bottom.set(xlabel="class", ylim=(0, 1.2), yticks=[0, 0.5, 1])
    for ax in (top, bottom):
        ax.set_xticks(classes)
        ax.tick_params(axis="x", labelsize=8)


def probabilities_in_words(z, p, name=None):
    """The sentence that stands for one column of bars: the range of scores, the likeliest three."""
    likeliest = np.argsort(-p, kind="stable")[:3]
    shares = ", ".join(f"{k}: {p[k]:.2f}" for k in likeliest)
    return (
        f"{name + ': ' if name else ''}{len(z)} scores from {z.min():.1f} to {z.max():.1f} "
        f"become probabilities, the largest {shares}."
    )


def plot_loss_of_probability(p, losses, marks=(), title=None, ax=None):
    """Draw the loss of a sample over the probability that its right class was given.

    Parameters
    ----------
    p : ndarray, shape (n,)
        Probabilities, above 0, up to 1.
    losses : ndarray, shape (n,)
        The loss at each of them.
    marks : sequence of pairs (probability, loss), optional
        Points to mark, each with its two numbers.
    title : str, optional
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    ax = ax or plt.subplots(figsize=(WIDTH, 2.8))[1]
    ax.grid(True)
    ax.plot(p, losses, color=OUTPUT)
    for probability, loss in marks:
        ax.plot(probability, loss, "o", color=INK, markersize=5, clip_on=False)
        ax.annotate(
            f"{probability:.2g} → {loss:z.2f}",
            (probability, loss),
            xytext=(6, 6),
            textcoords="offset points",
            fontsize=9,
        )
    ax.set(xlabel="probability given to the right class", ylabel="loss", xlim=(0, 1.12))
    ax.set_ylim(bottom=0)
    if title:
        ax.set_title(title)
    words = ", ".join(f"{probability:.2g}: {loss:z.2f}" for probability, loss in marks)
    describe(
        ax.figure,
        f"A curve of the loss that falls from {losses[0]:z.2f} at probability {p[0]:.2g} to "
        f"{losses[-1]:z.2f} at {p[-1]:.2g}{'; marked are ' + words if marks else ''}.",
    )
    return ax
