"""One weight: its slope by backpropagation and by nudging, along steps and types.  Lesson 06."""

from typing import NamedTuple

import numpy as np

from nnlib.activations import ACTIVATIONS
from nnlib.backprop import backward
from nnlib.gradient_check import relative_error
from nnlib.losses import cross_entropy, one_hot
from nnlib.network import Layer, forward

REACH = np.linspace(-2, 2, 41)  # how far the weight is moved for its curve of losses
WINDOW = np.linspace(-1.5, 1.5, 61)  # the same, in steps, for the magnified curve
STEPS = 10.0 ** np.arange(-11, 0.01, 0.25)  # for the curve of errors


def losses_along(params, X, y, place, values):
    """Compute the mean loss of a relu network if one of its weights had each of some values.

    Moving W[unit, source] of a layer changes one row of that layer's Z and no other. So what
    stands before is computed once, and that row for all values in one product.

    Parameters
    ----------
    params : list of Layer
        One hidden layer with relu, then softmax.
    X : ndarray, shape (n_0, m)
    y : ndarray of int, shape (m,)
    place : (int, int, int)
        Layer (0 or 1), row and column of the weight.
    values : ndarray, shape (k,)

    Returns
    -------
    ndarray, shape (k,)
        In the dtype of params and X.
    """
    l, unit, source = place
    Zs, As = forward(params, X)
    weights = np.tile(params[l].W[unit], (len(values), 1))
    weights[:, source] = values
    losses = []
    for row in weights @ As[l] + params[l].b[unit]:  # (k, m): one row for each value
        Z = Zs[l].copy()
        Z[unit] = row
        if l == 0:
            Z = params[1].W @ ACTIVATIONS["relu"].function(Z) + params[1].b
        losses.append(cross_entropy(Z, y))
    return np.array(losses)


def central_differences(params, X, y, place, steps):
    """Measure the slope of the loss along one weight with each of some steps.

    Parameters
    ----------
    params, X, y, place
        As for `losses_along`.
    steps : ndarray, shape (k,)
        Positive.

    Returns
    -------
    ndarray, shape (k,)
        Computed from the nudge to the loss in the dtype of params and X.
    """
    l, unit, source = place
    weight = params[l].W[unit, source]
    steps = np.asarray(steps, dtype=weight.dtype)
    both = np.concatenate([weight + steps, weight - steps])
    up, down = losses_along(params, X, y, place, both).reshape(2, -1)
    return (up - down) / (2 * steps)


def units_that_switch(params, X, place, step):
    """Count the samples for which a nudge of W1 by -step … step takes relu across its kink.

    Parameters
    ----------
    params, X, place
        As for `losses_along`.
    step : float

    Returns
    -------
    int
        0 for a weight of W2.
    """
    l, unit, source = place
    if l != 0:
        return 0
    (W, b), _ = params
    Z, nudge = W[unit] @ X + b[unit], step * X[source]
    return int(((Z - nudge > 0) != (Z + nudge > 0)).sum())


class Subject(NamedTuple):
    """What lies under the microscope: a network with its digits, and what backpropagation says."""

    params: list
    X: np.ndarray
    y: np.ndarray
    A1: np.ndarray  # (n_hidden, m)
    grads: list


def subject(params, X, y):
    """Take a network and its digits in float64, and compute the gradient once.

    Parameters
    ----------
    params : list of two Layers
        784 pixels, hidden units with relu, classes with softmax.
    X : ndarray, shape (784, m)
    y : ndarray of int, shape (m,)

    Returns
    -------
    Subject

    Raises
    ------
    ValueError
        For another number of layers or pixels.
    """
    if len(params) != 2 or len(X) != 784:
        raise ValueError(
            f"expected two layers and 784 pixels; got {len(params)} layers and X of shape {X.shape}"
        )
    params, X = in_dtype(params, X, np.float64)
    Zs, As = forward(params, X)
    grads = backward(params, Zs, As, one_hot(y, len(As[-1]), np.float64))
    return Subject(params, X, y, As[1], grads)


def in_dtype(params, X, dtype):
    """Convert a network and samples X (n_0, m) to another type of number."""
    return [Layer(W.astype(dtype), b.astype(dtype)) for W, b in params], X.astype(dtype)


class View(NamedTuple):
    """All that is seen of one weight with one step."""

    name: str  # "W1[17, 407]"
    step: float
    slope: float  # what backpropagation says
    difference: float  # what nudging by the step measures, in float64
    error: float  # between the two
    losses: np.ndarray  # along REACH
    ends: list  # of the difference: two pairs (change of the weight, loss)
    errors: dict  # along STEPS, by type of number
    magnified: dict  # change of the loss along WINDOW, by type of number; empty if not wanted


def view(s, place, step, dtypes=(np.float64,), magnify=False):
    """Measure everything about one weight that is to be seen.

    Parameters
    ----------
    s : Subject
    place : (int, int, int)
        Layer (0 or 1), row and column of the weight.
    step : float
        Of the central difference.
    dtypes : sequence of numpy types, default (np.float64,)
        In which the curve of errors is computed.
    magnify : bool, default False
        Compute the losses near the weight, too.

    Returns
    -------
    View
    """
    l, unit, source = place
    weight, slope = s.params[l].W[unit, source], s.grads[l].W[unit, source] + 0.0
    moved = np.concatenate([REACH, [step, -step]])
    *losses, up, down = losses_along(s.params, s.X, s.y, place, weight + moved)
    difference = (up - down) / (2 * step) + 0.0
    return View(
        name=f"W{l + 1}[{unit}, {source}]",
        step=step,
        slope=slope,
        difference=difference,
        error=relative_error(difference, slope),
        losses=np.array(losses),
        ends=[(-step, down), (step, up)],
        errors={t.__name__: errors_by_step(s, place, t) for t in dtypes},
        magnified={t.__name__: near(s, place, step, t) for t in dtypes if magnify},
    )


def errors_by_step(s, place, dtype):
    """Compute the relative error (k,) of the central difference for each of STEPS, in a dtype."""
    l, unit, source = place
    measured = central_differences(*in_dtype(s.params, s.X, dtype), s.y, place, STEPS)
    slope = s.grads[l].W[unit, source]
    return np.array([relative_error(d, slope) for d in measured.astype(np.float64)])


def near(s, place, step, dtype):
    """Compute how the loss changes along WINDOW times the step, (k,), in a dtype."""
    l, unit, source = place
    params, X = in_dtype(s.params, s.X, dtype)
    weight = params[l].W[unit, source]
    values = weight + np.append(0, WINDOW * step).astype(dtype)
    losses = losses_along(params, X, s.y, place, values).astype(np.float64)
    return losses[1:] - losses[0]
