"""Sure, and right? Confidence beside the share read right; what refusing costs.  Lesson 18."""

import numpy as np

from nnlib.metrics import wilson_interval
from nnlib.plots.axes import grid_below, name_at_the_end
from nnlib.plots.painter import panels, plot
from nnlib.plots.style import GUESS, INK, LINES, TRAIN

PERCENT = 100
COUNTS_AT = -9  # percent: below the picture's zero there is room for a row of counts
AT_MOST = 5  # bars of confidence that a sentence tells


@panels((7, 3.7))
def plot_reliability(figure, bins):
    """Draw the share read right over the confidence, bin by bin, with Wilson's intervals.

    On the dotted line both are equal; below it the network is more sure than right.

    Parameters
    ----------
    bins : dict of str to Bins
        One panel each, as `nnlib.calibration.reliability` returns them; empty bins stay empty.
    """
    axes = figure.subplots(1, len(bins), sharex=True, sharey=True, squeeze=False)[0]
    words = [_draw_bins(*pair) for pair in zip(axes, bins.items())]
    axes[0].set_ylabel("read right, %")
    return f"The share read right, by confidence. {' '.join(words)}"


def _draw_bins(ax, named):
    """One panel: the line where both are equal, the bins with their intervals, their counts."""
    name, (count, confidence, right) = named
    middles, full = PERCENT * (np.arange(len(count)) + 0.5) / len(count), np.flatnonzero(count)
    grid_below(ax)
    ax.plot([0, PERCENT], [0, PERCENT], color=GUESS, linestyle=":")
    ends = PERCENT * np.array(wilson_interval(right[full] * count[full], count[full]))
    ax.vlines(PERCENT * confidence[full], *ends, color=TRAIN, linewidth=2.5)
    ax.plot(PERCENT * confidence[full], PERCENT * right[full], "o", color=TRAIN, markersize=5)
    for middle, n in zip(middles[full], count[full]):
        ax.text(middle, COUNTS_AT, f"{n:,}", ha="center", va="center", fontsize=7.5, color=INK)
    ticks = range(0, PERCENT + 1, 20)
    ax.set(xlim=(0, 101), ylim=(-15, 103), xticks=ticks, yticks=ticks)
    ax.text(1, COUNTS_AT, "digits", va="center", fontsize=7.5, color=INK)
    ax.set_xlabel("confidence, %")
    ax.set_title(name, loc="center", fontsize=10)
    told = (
        f"{PERCENT * confidence[b]:.0f} % sure, {PERCENT * right[b]:.0f} % of {count[b]:,} right"
        for b in full
    )
    return f"{name}: {'; '.join(told)}."


@plot(3.2)
def plot_refusing(ax, bars, read, right):
    """Draw what is gained and lost by reading only what the network is sure of.

    Parameters
    ----------
    bars : ndarray, shape (n,)
        The least confidence that is read, 0…1, rising.
    read : ndarray, shape (n,)
        The share of all digits that is read at each.
    right : ndarray, shape (n,)
        The share of these that is read right; NaN where none is read.
    """
    named = {"of these, right": right, "read": read}
    lines = [
        ax.plot(PERCENT * bars, PERCENT * share, color=color, linestyle=dashes, label=name)[0]
        for (name, share), (color, dashes) in zip(named.items(), LINES)
    ]
    ax.set(xlabel="read only with a confidence of at least, %", ylabel="share, %")
    ax.margins(x=0)
    grid_below(ax)
    name_at_the_end(ax, lines)
    told = np.unique(np.linspace(0, len(bars) - 1, AT_MOST).astype(int))
    words = "; ".join(_at_a_bar(bars[i], read[i], right[i]) for i in told)
    return f"Two curves over the least confidence that is read: {words}."


def _at_a_bar(bar, read, right):
    """What a bar of confidence lets through, in words."""
    shares = f"{PERCENT * read:.3g} % read, {PERCENT * right:.3g} % of these right"
    return f"from {PERCENT * bar:.0f} %, {shares if read > 0 else 'nothing read'}"
