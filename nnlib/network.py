"""A network is a list of layers; the forward pass sends the digits through them.  Lesson 03."""

import math
from typing import NamedTuple

import numpy as np

from nnlib.activations import ACTIVATIONS, Table


class Layer(NamedTuple):
    """The parameters of one layer; gradients come in the same form."""

    W: np.ndarray  # (n_out, n_in): row k holds the weights into unit k
    b: np.ndarray  # (n_out, 1)


def he(n_out, n_in, rng):
    """Normal weights of variance 2 / n_in, zero biases: for relu (He et al. 2015)."""
    return rng.normal(0, math.sqrt(2 / n_in), (n_out, n_in)), np.zeros((n_out, 1))


def xavier(n_out, n_in, rng):
    """Normal weights of variance 2 / (n_in + n_out), zero biases: for tanh (Glorot 2010)."""
    return rng.normal(0, math.sqrt(2 / (n_in + n_out)), (n_out, n_in)), np.zeros((n_out, 1))


def uniform(n_out, n_in, rng):
    """Weights and biases uniform in -0.5…0.5: common in tutorials, too large for 784 inputs."""
    return rng.uniform(-0.5, 0.5, (n_out, n_in)), rng.uniform(-0.5, 0.5, (n_out, 1))


STARTS = Table("start", {"he": he, "xavier": xavier, "uniform": uniform})


def init_params(sizes, rng, start="he", dtype=np.float32):
    """Draw the layers between these sizes; [784, 32, 10] gives W (32, 784) and (10, 32)."""
    drawn = [STARTS[start](n_out, n_in, rng) for n_in, n_out in zip(sizes, sizes[1:])]
    return [Layer(W.astype(dtype), b.astype(dtype)) for W, b in drawn]


def forward(params, X, activations=("relu", "softmax")):
    """Send X (n_0, m) through all layers; return every Z and every A, beginning with A[0] = X.

    params[l] takes As[l] and makes Zs[l], its weighted sums, and As[l + 1]; each layer has its
    activation, named in `activations`.
    """
    if np.ndim(X) != 2:
        raise ValueError(f"X must be (n_0, m), one sample a column; got shape {np.shape(X)}")
    if len(activations) != len(params):
        raise ValueError(f"{len(params)} layers need an activation each; got {activations!r}")
    Zs, As = [], [X]
    for (W, b), name in zip(params, activations):
        Zs.append(W @ As[-1] + b)  # (n_out, m)
        As.append(ACTIVATIONS[name].function(Zs[-1]))
    return Zs, As


def predict(params, X, activations=("relu", "softmax")):
    """Name the class with the largest output for each column of X (n_0, m): labels (m,)."""
    Zs, As = forward(params, X, activations)
    return As[-1].argmax(axis=0)


def multiply_adds(hidden, epochs, batch_size, m=3200):
    """Count the multiplications, each with an addition, of a run of 784-hidden-10 on m digits.

    Per digit both products forward, then dW2, dA1 and dW1; in each update one for each parameter.
    """
    updates = math.ceil(m / (batch_size or m))
    a_digit = (2 * 784 + 3 * 10) * hidden
    parameters = (784 + 1) * hidden + (hidden + 1) * 10
    return epochs * (m * a_digit + updates * parameters)
