"""Scrub through a training run: one slider moves weights, loss, mistakes and one chosen digit."""

import math

import ipywidgets as w
import numpy as np

from nnlib.data import Digits
from nnlib.plots.digits import plot_digit
from nnlib.plots.inside import (
    MOST_NAMED,
    change_confusion,
    change_digit,
    change_mind,
    change_mosaic,
    change_place,
    plot_change_of_mind,
    plot_mosaic,
    plot_place_on_curve,
    plot_small_confusion,
)
from nnlib.views.history import History, largest, most_debated, read_at_each, snapshots
from nnlib.views.mistakes import most_frequent_mistake
from nnlib.widgets.frame import button, labelled, picture_widget, slider, switch
from nnlib.widgets.scene import Scene

MOST = 1000  # digits that are read at every moment


def at_most(digits):
    """Take up to MOST of the digits X (784, m), y (m,), evenly, the same every time."""
    X, y = digits
    part = np.arange(MOST) * y.size // MOST if y.size > MOST else slice(None)
    return Digits(X[:, part], y[part])


def moment_in_words(history, readings, y, i, number):
    """The sentence that says what is seen at the i-th moment kept, for one digit."""
    record, counts, p = history.kept[i], readings.counts[i], readings.P[i, :, number]
    loss = f"loss {record.loss:.2f}, " if math.isfinite(record.loss) else ""
    share = 100 * np.trace(counts) / counts.sum()
    k, said_k, often = most_frequent_mistake(counts)
    mistake = f" ({k} is read as {said_k} most often: {often} times)" if often else ""
    said = int(p.argmax())
    verdict = "right" if said == y[number] else f"wrong, it is a {y[number]}"
    return (
        f"Step {record.step:,}: {loss}test accuracy {share:.1f} %{mistake}. "
        f"Digit {number} is read as {said} with probability {p[said]:.2f}: {verdict}."
    )


PLACES = {  # left, bottom, width, height in parts of the figure
    "units": (0.01, 0.56, 0.62, 0.37),
    "curve": (0.74, 0.62, 0.24, 0.31),
    "confusion": (0.07, 0.09, 0.32, 0.36),
    "picture": (0.43, 0.17, 0.19, 0.22),
    "bars": (0.68, 0.09, 0.31, 0.36),
}


def scrubber(history, digits):
    """Make the widget that goes forwards and backwards through a training run.

    Everything that it shows is computed when it is made; a move of the slider only draws.

    Parameters
    ----------
    history : History or iterable of nnlib.training.Record
        What `snapshots` keeps of a run; records are passed through it.
    digits : pair of ndarray, X (784, m) and y (m,)
        Test digits; 1,000 of them are used if there are more.

    Returns
    -------
    Frame
        With `parts`: the controls "step" (chooses one of the steps kept), "digit", "added"
        (subtract the first moment's weights), "back", "next", and the "canvas".
    """
    history = history if isinstance(history, History) else snapshots(history)
    X, y = digits = at_most(digits)
    readings = read_at_each(history, digits)
    controls = scrubber_controls([record.step for record in history.kept], readings, y)
    scene, weights = Scene((4.7, 4.1), PLACES), weights_of(history)
    draw_first(scene.panels, history, readings, digits)

    def show(panels, step, digit, added):
        i = controls["step"].index
        change_units(panels["units"], i, added, *weights[added])
        change_place_of(panels["curve"], history.kept[i], readings.counts[i])
        p, first = readings.P[i, :, digit], readings.P[0, :, digit]
        change_reading(panels, X[:, digit], y[digit], p, first, readings.counts[i])
        return moment_in_words(history, readings, y, i, digit)

    question = "When does the network learn what?"
    return picture_widget(question, "training step and digit", scene, controls, show)


def scrubber_controls(steps, readings, y):
    """The controls; the buttons go to the neighbors of a step and stop at the ends."""
    step = w.SelectionSlider(options=steps, value=steps[0], **labelled("step"))

    def move(by):
        step.index = min(max(step.index + by, 0), len(steps) - 1)

    return {
        "step": step,
        "buttons": {
            "back": button("◀ Back", "to the moment before", lambda: move(-1)),
            "next": button("Next ▶", "to the moment after", lambda: move(1)),
        },
        "digit": slider("digit", most_debated(readings.predicted, y), 0, y.size - 1),
        "added": switch("weights: only what training added"),
    }


def weights_of(history):
    """The first layer's weights at each moment and their limit; the same of what was added."""
    weights = [record.params[0].W for record in history.kept]
    added = [W - weights[0] for W in weights]
    return {False: (weights, largest(weights)), True: (added, largest(added))}


def draw_first(panels, history, readings, digits):
    """Draw the first moment into the panels."""
    W, start, (X, y) = history.kept[0].params[0].W, history.kept[0], digits
    p = readings.P[0, :, 0]
    plot_mosaic(W, columns_for(W), names=names_for(W), ax=panels["units"])
    plot_place_on_curve(history.curve, start.step, start.loss, ax=panels["curve"])
    most = np.unique(y, return_counts=True)[1].max()
    plot_small_confusion(readings.counts[0], most, ax=panels["confusion"])
    plot_digit(X[:, 0], y[0], ax=panels["picture"])
    plot_change_of_mind(p, p, y[0], f"pale: step {start.step:,}", ax=panels["bars"])


def columns_for(W):
    """How many units stand side by side."""
    return math.ceil(math.sqrt(2.4 * len(W)))


def names_for(W):
    """The numbers of the units, if there is room for them."""
    return range(len(W)) if len(W) <= MOST_NAMED else None


def change_units(ax, i, added, weights, limit):
    """Show the weights of the i-th moment."""
    W, what = weights[i], "added by training" if added else "hidden units"
    title = f"{what}: red −{limit:.2g} … blue +{limit:.2g}"
    change_mosaic(ax, W, columns_for(W), limit, names=names_for(W), title=title)


def change_place_of(ax, record, counts):
    """Show where on the curve a moment is, and its accuracy."""
    share = np.trace(counts) / counts.sum()
    change_place(ax, record.step, record.loss, f"test accuracy {100 * share:.1f} %")


def change_reading(panels, x, label, p, first, counts):
    """Show one digit, what is read in it now and at first, and its cell among all digits."""
    said = int(p.argmax())
    title = f"{counts.sum():,} test digits"
    change_confusion(panels["confusion"], counts, (label, said), title)
    change_digit(panels["picture"], x, label)
    title = f"it reads {said} {'✓' if said == label else '✗'}"
    change_mind(panels["bars"], p, first, label, title)
