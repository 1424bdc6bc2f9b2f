"""One hidden unit: what excites it, and what is lost without it.  Lessons 07 and 10."""

import numpy as np

from nnlib.metrics import accuracy, recall_per_class
from nnlib.network import forward


def in_state(a, state):
    """Say what a unit passes on instead of its activations, in a given state.

    Parameters
    ----------
    a : ndarray, shape (m,)
        Its activations for m digits.
    state : {"on", "off", "flip", "freeze"}
        "freeze": their mean, for every digit.

    Returns
    -------
    ndarray, shape (m,)
    """
    changed = {"on": a, "off": np.zeros_like(a), "flip": -a, "freeze": np.full_like(a, a.mean())}
    return changed[state]


def with_unit(params, A1, unit, state, activations=("relu", "softmax")):
    """Compute probabilities when one unit of the first hidden layer is in a given state.

    Only the layers after it are computed again.

    Parameters
    ----------
    params : list of Layer
    A1 : ndarray, shape (n_1, m)
        The activations of the first hidden layer; it is not changed.
    unit : int
        A row of A1.
    state : {"on", "off", "flip", "freeze"}
    activations : sequence of str
        Those of all layers.

    Returns
    -------
    ndarray, shape (n_classes, m)
    """
    changed = A1.copy()
    changed[unit] = in_state(A1[unit], state)
    return forward(params[1:], changed, activations[1:])[1][-1]


def most_exciting(a, most=12):
    """Find the digits with the largest activations, those above 0, largest first.

    Parameters
    ----------
    a : ndarray, shape (m,)
        What one unit holds for m digits.
    most : int, default 12

    Returns
    -------
    ndarray of int, shape (at most `most`,)
        Columns.
    """
    order = np.argsort(-a, kind="stable")[:most]
    return order[a[order] > 0]


def judge(P, y):
    """Compute accuracy and recall of each class, from probabilities P (n_classes, m) and labels y.

    Returns
    -------
    share : float
        0…1.
    recalls : ndarray, shape (n_classes,)
    """
    said = P.argmax(axis=0)
    return accuracy(said, y), recall_per_class(said, y, len(P))


def most_common(labels):
    """Find the label that occurs most often (the smallest of several), and how often it does."""
    classes, counts = np.unique(labels, return_counts=True)
    return int(classes[counts.argmax()]), int(counts.max())
