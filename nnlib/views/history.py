"""A training run, moment by moment: what is kept of it, and what it read at each.  Lesson 07."""

import math
from typing import NamedTuple

import numpy as np

from nnlib.metrics import confusion_matrix
from nnlib.network import forward
from nnlib.training import Record


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


def snapshots(records, start=None):
    """Keep of a training run its milestones, the last record and the loss of every one.

    Parameters
    ----------
    records : iterable of nnlib.training.Record
        A list, or what `train` yields: of an iterator only what is kept stays in memory.
    start : list of Layer, optional
        The parameters before training: they become step 0. Its loss is that of the first step,
        which is measured before the first update (unknown, NaN, if the first record is a later
        step's).

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
        if is_milestone(i):
            kept.append(record)
    if last is not None and not (kept and kept[-1] is last):
        kept.append(last)
    if start is not None:
        known = curve and curve[0][0] == 1
        kept.insert(0, Record(0, 0, curve[0][1] if known else math.nan, start))
    if not kept:
        raise ValueError("a history needs at least one record, or the parameters at the start")
    return History(kept, np.array(curve).reshape(-1, 2).T)


def read_at_each(history, digits):
    """Let the network of each kept moment read all digits.

    Parameters
    ----------
    history : History
    digits : pair of ndarray, X (784, m) and y (m,)

    Returns
    -------
    Readings
    """
    X, y = digits
    P = np.stack([forward(record.params, X)[1][-1] for record in history.kept])
    predicted = P.argmax(axis=1)
    counts = [confusion_matrix(labels, y, P.shape[1]) for labels in predicted]
    return Readings(P, predicted, np.stack(counts))


def most_debated(predicted, y):
    """Find the digit that is read right in the end, after most changes of mind.

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


def largest(arrays):
    """Find the largest finite magnitude in arrays of any shape; 1 if there is none but 0."""
    peaks = [np.abs(array[np.isfinite(array)]).max(initial=0) for array in arrays]
    return float(max(peaks)) or 1.0
