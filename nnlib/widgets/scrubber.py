"""Scrub through a training run: one slider moves weights, loss, mistakes and one chosen digit."""

import math
from typing import NamedTuple

import ipywidgets as w
import numpy as np

from nnlib.data import Digits
from nnlib.metrics import confusion_matrix
from nnlib.network import forward
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
from nnlib.training import Record
from nnlib.widgets.frame import Frame, button, follow, labelled, slider, switch
from nnlib.widgets.scene import Scene

MOST = 1000  # digits that are read at every moment


class History(NamedTuple):
    """A training run: its loss curve, and the moments that were kept."""

    kept: list[Record]  # ascending by step, each with its parameters
    curve: np.ndarray  # (2, n): step and loss of every record


class Readings(NamedTuple):
    """What the network said about the same m digits at each of the k moments kept."""

    P: np.ndarray  # (k, n_classes, m), probabilities
    predicted: np.ndarray  # (k, m)
    counts: np.ndarray  # (k, n_classes, n_classes), confusion matrices


def is_milestone(i):
    """Tell whether the i-th record of a run is kept: often at first, less and less often.

    The first ten are, then every 2nd up to 20, every 5th up to 50, every 10th up to 100, and so
    on: some 16 for each further factor of ten.

    Parameters
    ----------
    i : int
        1 for the first record.

    Returns
    -------
    bool
    """
    power = 10 ** max(0, math.ceil(math.log10(i)) - 2)  # exact for the i that a run can reach
    apart = next(power * f for f in (1, 2, 5, 10) if power * f * 10 >= i)
    return i % apart == 0


def snapshots(records, start=None, keep=is_milestone):
    """Keep of a training run what `scrubber` needs.

    Parameters
    ----------
    records : iterable of nnlib.training.Record
        A list, or what `train` yields: of an iterator only what is kept stays in memory.
    start : list of Layer, optional
        The parameters before training: they become step 0. Its loss is that of the first step,
        which is measured before the first update (unknown, NaN, if the first record is a later
        step's).
    keep : callable, default `is_milestone`
        Takes the number of a record (1, 2, …), says whether to keep it. The last always is.

    Returns
    -------
    History

    Raises
    ------
    ValueError
        If there is nothing to keep.
    """
    kept, curve, last = [], [], None
    for i, record in enumerate(records, start=1):
        curve.append((record.step, record.loss))
        last = record
        if keep(i):
            kept.append(record)
    if last is not None and not (kept and kept[-1] is last):
        kept.append(last)
    if start is not None:
        known = curve and curve[0][0] == 1
        kept.insert(0, Record(0, 0, curve[0][1] if known else math.nan, start))
    if not kept:
        raise ValueError("a history needs at least one record, or the parameters at the start")
    return History(kept, np.array(curve).reshape(-1, 2).T)


def at_most(digits, most=MOST):
    """Take up to `most` digits, spread evenly over all of them, the same every time.

    Parameters
    ----------
    digits : pair of ndarray, X (784, m) and y (m,)
    most : int, default 1000

    Returns
    -------
    Digits
    """
    X, y = digits
    if y.size <= most:
        return Digits(X, y)
    part = np.arange(most) * y.size // most
    return Digits(X[:, part], y[part])


def read_at_each(history, digits, activations=("relu", "softmax")):
    """Let the network of each kept moment read all digits.

    Parameters
    ----------
    history : History
    digits : Digits
    activations : sequence of str

    Returns
    -------
    Readings
    """
    X, y = digits
    P = np.stack([forward(record.params, X, activations)[1][-1] for record in history.kept])
    predicted = P.argmax(axis=1)
    counts = [confusion_matrix(labels, y, P.shape[1]) for labels in predicted]
    return Readings(P, predicted, np.stack(counts))


def most_debated(predicted, y):
    """The number of the digit that is read right in the end, after most changes of mind.

    Parameters
    ----------
    predicted : ndarray of int, shape (k, m)
        The labels at each moment.
    y : ndarray of int, shape (m,)

    Returns
    -------
    int
        0 if none ever changes and ends right.
    """
    changes = (predicted[1:] != predicted[:-1]).sum(axis=0)
    return int((changes * (predicted[-1] == y)).argmax())


def worst_confusion(counts):
    """The most frequent mistake: true class, class it is read as, how often."""
    wrong = counts.copy()
    np.fill_diagonal(wrong, 0)
    k, i = np.unravel_index(wrong.argmax(), wrong.shape)
    return int(k), int(i), int(wrong[k, i])


def moment_in_words(history, readings, y, i, number):
    """The sentence that says what is seen at the i-th moment kept, for one digit."""
    record, counts, p = history.kept[i], readings.counts[i], readings.P[i, :, number]
    loss = f"loss {record.loss:.2f}, " if math.isfinite(record.loss) else ""
    share = 100 * np.trace(counts) / counts.sum()
    k, said_k, often = worst_confusion(counts)
    mistake = f" ({k} is read as {said_k} most often: {often} times)" if often else ""
    said = int(p.argmax())
    verdict = "right" if said == y[number] else f"wrong, it is a {y[number]}"
    return (
        f"Step {record.step:,}: {loss}test accuracy {share:.1f} %{mistake}. "
        f"Digit {number} is read as {said} with probability {p[said]:.2f}: {verdict}."
    )


def largest(arrays):
    """The largest finite magnitude in all arrays; 1 if there is none but 0."""
    peaks = [np.abs(array[np.isfinite(array)]).max(initial=0) for array in arrays]
    return float(max(peaks)) or 1.0


PLACES = {  # left, bottom, width, height in parts of the figure
    "units": (0.01, 0.56, 0.62, 0.37),
    "curve": (0.74, 0.62, 0.24, 0.31),
    "confusion": (0.07, 0.09, 0.32, 0.36),
    "picture": (0.43, 0.17, 0.19, 0.22),
    "bars": (0.68, 0.09, 0.31, 0.36),
}


def scrubber(history, digits, activations=("relu", "softmax")):
    """Make the widget that goes forwards and backwards through a training run.

    Everything that it shows is computed when it is made; a move of the slider only draws.

    Parameters
    ----------
    history : History or iterable of nnlib.training.Record
        What `snapshots` keeps of a run; records are passed through it.
    digits : pair of ndarray, X (784, m) and y (m,)
        Test digits; 1,000 of them are used if there are more.
    activations : sequence of str, default ("relu", "softmax")

    Returns
    -------
    Frame
        With `parts`: the controls "step" (chooses one of the steps kept), "digit", "added"
        (subtract the first moment's weights), "back", "next", and the "scene".
    """
    history = history if isinstance(history, History) else snapshots(history)
    digits = at_most(digits)
    readings = read_at_each(history, digits, activations)
    steps = [record.step for record in history.kept]
    step = w.SelectionSlider(options=steps, value=steps[0], **labelled("step"))
    digit = slider("digit", most_debated(readings.predicted, digits.y), 0, digits.y.size - 1)
    added = switch("weights: only what training added")

    def move(by):
        step.index = min(max(step.index + by, 0), len(steps) - 1)

    back = button("◀ Back", "to the moment before", lambda: move(-1))
    forth = button("Next ▶", "to the moment after", lambda: move(1))
    scene = Scene((4.7, 4.1), PLACES)
    controls = [step, w.HBox([back, forth]), digit, added]
    frame = Frame("When does the network learn what?", controls, scene, "training step and digit")
    frame.parts = {"step": step, "digit": digit, "added": added, "back": back, "next": forth}
    frame.parts["scene"] = scene
    show = moments(scene.panels, history, readings, digits)

    def update():
        show(step.index, digit.value, added.value)
        sentence = moment_in_words(history, readings, digits.y, step.index, digit.value)
        scene.show(sentence)
        frame.say(sentence)

    follow(frame, [step, digit, added], update)
    return frame


def moments(panels, history, readings, digits):
    """Draw the first moment into the panels; return the function that shows another one."""
    weights = [record.params[0].W for record in history.kept]
    added = [W - weights[0] for W in weights]
    limits = largest(weights), largest(added)
    names = range(len(weights[0])) if len(weights[0]) <= MOST_NAMED else None
    columns = math.ceil(math.sqrt(2.4 * len(weights[0])))
    pixels, labels = digits.X.T, digits.y
    first = readings.P[0].T
    start = history.kept[0].step
    before = f"pale: step {start:,}"
    plot_mosaic(weights[0], columns, names=names, ax=panels["units"])
    plot_place_on_curve(history.curve, start, history.kept[0].loss, ax=panels["curve"])
    plot_small_confusion(readings.counts[0], np.bincount(labels).max(), ax=panels["confusion"])
    plot_digit(pixels[0], labels[0], ax=panels["picture"])
    plot_change_of_mind(first[0], first[0], labels[0], before, ax=panels["bars"])

    def show(i, number, only_added):
        record, label, said = history.kept[i], labels[number], readings.predicted[i, number]
        images, limit = (added[i], limits[1]) if only_added else (weights[i], limits[0])
        what = "added by training" if only_added else "hidden units"
        title = f"{what}: red −{limit:.2g} … blue +{limit:.2g}"
        change_mosaic(panels["units"], images, columns, limit, names=names, title=title)
        share = np.trace(readings.counts[i]) / labels.size
        title = f"test accuracy {100 * share:.1f} %"
        change_place(panels["curve"], record.step, record.loss, title)
        title = f"{labels.size:,} test digits"
        change_confusion(panels["confusion"], readings.counts[i], (label, said), title)
        change_digit(panels["picture"], pixels[number], label)
        title = f"it reads {said} {'✓' if said == label else '✗'}"
        change_mind(panels["bars"], readings.P[i, :, number], first[number], label, title)

    return show
