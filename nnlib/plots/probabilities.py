"""Scores, the probabilities they become, and the loss of a probability."""

import numpy as np

from nnlib.plots.digits import plot_digit
from nnlib.plots.painter import panels, plot
from nnlib.plots.style import INK, LAYER_TINTS, WIDTH

OUTPUT = LAYER_TINTS["output"]
WORTH_A_LABEL = 0.09  # where bars are many, only probabilities from here on get their number


def _heights(X):
    """How high the panels of a column are, in inches: the digit if there is one, two of bars."""
    return [1.6, 1.6] if X is None else [1.1, 1.5, 1.5]


def _inches(Z, X, title, **_):
    """The size of the figure for so many columns."""
    return WIDTH if Z.shape[1] > 1 else 0.6 * WIDTH, sum(_heights(X)) + (0.3 if title else 0)


@panels(_inches)
def plot_probabilities(figure, Z, P, names=None, X=None, y=None):
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
    """
    heights, s, words = _heights(X), Z.shape[1], []
    grid = {"height_ratios": heights, "sharey": "row", "squeeze": False}
    axes = figure.subplots(len(heights), s, **grid)
    for j in range(s):
        if X is not None:
            words.append(plot_digit.paint(axes[0, j], X[:, j], None if y is None else y[j]))
        if names is not None:
            axes[0, j].set_title(names[j], loc="center", fontsize=10)
        _draw_bars(axes[-2, j], axes[-1, j], Z[:, j], P[:, j], P.size <= 10)
        words.append(_in_words(Z[:, j], P[:, j], names and names[j]))
    axes[-2, 0].set_ylabel("score")
    axes[-1, 0].set_ylabel("probability")
    return " ".join(words)


def _draw_bars(top, bottom, z, p, label_all):
    """One column: its scores in the upper axes, its probabilities in the lower."""
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


def _in_words(z, p, name):
    """The sentence that stands for one column of bars: the range of scores, the likeliest three."""
    likeliest = np.argsort(-p, kind="stable")[:3]
    shares = ", ".join(f"{k}: {p[k]:.2f}" for k in likeliest)
    return (
        f"{name + ': ' if name else ''}{len(z)} scores from {z.min():.1f} to {z.max():.1f} "
        f"become probabilities, the largest {shares}."
    )


@plot(2.8)
def plot_loss_of_probability(ax, p, losses, marks=()):
    """Draw the loss of a sample over the probability that its right class was given.

    Parameters
    ----------
    p : ndarray, shape (n,)
        Probabilities, above 0, up to 1.
    losses : ndarray, shape (n,)
        The loss at each of them.
    marks : sequence of pairs (probability, loss), optional
        Points to mark, each with its two numbers.
    """
    ax.grid(True)
    ax.plot(p, losses, color=OUTPUT)
    above = {"xytext": (6, 6), "textcoords": "offset points", "fontsize": 9}
    for probability, loss in marks:
        ax.plot(probability, loss, "o", color=INK, markersize=5, clip_on=False)
        ax.annotate(f"{probability:.2g} → {loss:z.2f}", (probability, loss), **above)
    ax.set(xlabel="probability given to the right class", ylabel="loss", xlim=(0, 1.12))
    ax.set_ylim(bottom=0)
    words = ", ".join(f"{probability:.2g}: {loss:z.2f}" for probability, loss in marks)
    return (
        f"A curve of the loss that falls from {losses[0]:z.2f} at probability {p[0]:.2g} to "
        f"{losses[-1]:z.2f} at {p[-1]:.2g}{'; marked are ' + words if marks else ''}."
    )
