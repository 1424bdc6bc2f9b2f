"""Activations bend a weighted sum, so that layers do more than one layer could.  Lessons 03 to 05.

Every function works on Z of any shape, entry by entry, and keeps its dtype; only `softmax` looks
at a whole column. Every derivative takes Z, the value *before* the activation.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np


def identity(Z):
    """Return Z unchanged: no activation at all."""
    return Z


def identity_derivative(Z):
    """The slope of the identity: 1 everywhere. Shape of Z."""
    return np.ones_like(Z)


def relu(Z):
    """Keep what is positive, replace the rest by 0."""
    return np.maximum(Z, 0)


def relu_derivative(Z):
    """The slope of relu: 1 where Z > 0, else 0 (at the kink, Z = 0, we choose 0). Shape of Z."""
    return (Z > 0).astype(Z.dtype)


def sigmoid(Z):
    """Squeeze Z into 0…1: 1 / (1 + exp(-Z)), written with tanh so that it cannot overflow."""
    return (1 + np.tanh(Z / 2)) / 2


def sigmoid_derivative(Z):
    """The slope of the sigmoid: A (1 - A), at most 1/4. Shape of Z."""
    A = sigmoid(Z)
    return A * (1 - A)


def tanh(Z):
    """Squeeze Z into -1…1."""
    return np.tanh(Z)


def tanh_derivative(Z):
    """The slope of tanh: 1 - tanh(Z)², at most 1. Shape of Z."""
    return 1 - np.tanh(Z) ** 2


def softmax(Z):
    """Turn each column of scores Z (n_classes, m) into probabilities that sum to 1."""
    E = np.exp(Z - Z.max(axis=0))  # the shift changes nothing but avoids overflow
    return E / E.sum(axis=0)


def softmax_backward(dA, Z):
    """Carry dA (n_classes, m) back through softmax to dZ, where each output depends on every score.

    This is the product of dA with softmax's Jacobian, P_k ([k = i] - P_i), column by column.
    """
    P = softmax(Z)
    return P * (dA - (P * dA).sum(axis=0))


class Table(dict):
    """Things of one kind under their names; a misspelled name is answered with those there are."""

    def __init__(self, kind, entries):
        super().__init__(entries)
        self.kind = kind

    def __missing__(self, name):
        raise ValueError(f"there is no {self.kind} {name!r}; there are {', '.join(self)}")


class Activation(NamedTuple):
    """A function, and how a derivative travels back through it: `backward(dA, Z)` gives dZ."""

    function: Callable
    backward: Callable


ACTIVATIONS = Table(
    "activation",
    {
        "identity": Activation(identity, lambda dA, Z: dA * identity_derivative(Z)),
        "relu": Activation(relu, lambda dA, Z: dA * relu_derivative(Z)),
        "sigmoid": Activation(sigmoid, lambda dA, Z: dA * sigmoid_derivative(Z)),
        "tanh": Activation(tanh, lambda dA, Z: dA * tanh_derivative(Z)),
        "softmax": Activation(softmax, softmax_backward),
    },
)
