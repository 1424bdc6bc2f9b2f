"""What start values, pixels and depth do to a network before its first step.  Lesson 11."""

import math
from typing import NamedTuple

import numpy as np

from nnlib.activations import ACTIVATIONS
from nnlib.backprop import backward, output_error
from nnlib.losses import one_hot
from nnlib.network import Layer, forward

FLAT = 0.001  # a unit is saturated (relu: off) for a digit if its slope is below this
LOSS = "squared_error"


class State(NamedTuple):
    """What a network is like before its first step, one number a layer each."""

    errors: list[float]  # root mean square of dZ: the error that arrives there
    gradients: list[float]  # the norm of dW
    shares: list[float]  # of all units and digits, those whose slope is below FLAT, 0…1


def deep_sizes(n_hidden):
    """List the sizes of a network with so many hidden layers: 784, 20, then layers of 10."""
    return [784, 20, *[10] * n_hidden]


def drawn(sizes, spread, divided=False, seed=0):
    """Draw start values of a given spread, float32; the spread only stretches what is drawn.

    Parameters
    ----------
    sizes : sequence of int
    spread : float
        Standard deviation s of the weights.
    divided : bool, default False
        False: weights and biases from N(0, s²). True: weights from N(0, s²/n) for n inputs, biases
        0.
    seed : int, default 0

    Returns
    -------
    list of Layer
    """
    rng, params = np.random.default_rng(seed), []
    for n_in, n_out in zip(sizes, sizes[1:]):
        W, b = rng.normal(size=(n_out, n_in)), rng.normal(size=(n_out, 1))
        scale = spread / math.sqrt(n_in) if divided else spread
        b_scale = 0 if divided else spread
        params.append(Layer((scale * W).astype(np.float32), (b_scale * b).astype(np.float32)))
    return params


def slopes(Z, activation):
    """Compute the slope of an activation at each entry of Z (n, m)."""
    return ACTIVATIONS[activation].backward(np.ones_like(Z), Z)


def look_at(params, X, y, activations):
    """Go forward and backward once, with squared error, and measure the State of a network.

    Parameters
    ----------
    params : list of Layer
    X : ndarray, shape (n_0, m)
    y : ndarray of int, shape (m,)
    activations : sequence of str, one a layer

    Returns
    -------
    State
    """
    Zs, As = forward(params, X, activations)
    Y = one_hot(y, len(As[-1]), X.dtype)
    grads = backward(params, Zs, As, Y, activations, LOSS)
    dZs = [output_error(Zs[-1], As[-1], Y, activations[-1], LOSS)]
    for l in reversed(range(1, len(params))):
        dA = params[l].W.T @ dZs[0]
        dZs.insert(0, ACTIVATIONS[activations[l - 1]].backward(dA, Zs[l - 1]))
    return State(
        [float(np.sqrt((dZ**2).mean())) for dZ in dZs],
        [float(np.linalg.norm(dW)) for dW, _ in grads],
        [float((slopes(Z, name) < FLAT).mean()) for Z, name in zip(Zs, activations)],
    )
