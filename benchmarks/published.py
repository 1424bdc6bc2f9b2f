"""Mistakes that published tutorials train with, rewritten here to be measured.  Lessons 07, 14.

Each function makes one full-batch step, `step(params, X, y, lr)`, and returns the loss before it
and the parameters after it, as `nnlib.training.train_step` does. Nothing here is to be copied:
`nnlib` holds the same steps without the mistakes.
"""

import numpy as np

from nnlib.activations import relu, relu_derivative
from nnlib.losses import cross_entropy, one_hot
from nnlib.network import Layer, forward
from nnlib.optimizers import SGD
from nnlib.training import train_step


def correct_step(params, X, y, lr):
    """The step of the library, for comparison; with a single layer, softmax regression."""
    return train_step(params, X, y, SGD(lr), ("relu", "softmax")[-len(params) :])


def scalar_bias_step(params, X, y, lr):
    """The mistake: db = np.sum(dZ) / m, one number for all biases of a layer (axis is missing)."""
    (W1, b1), (W2, b2) = params
    m = y.size
    (Z1, Z2), (_, A1, P) = forward(params, X)
    dZ2 = P - one_hot(y, len(P), X.dtype)
    dZ1 = (W2.T @ dZ2) * relu_derivative(Z1)
    return float(cross_entropy(Z2, y)), [
        Layer(W1 - lr * (dZ1 @ X.T / m), b1 - lr * (np.sum(dZ1) / m)),
        Layer(W2 - lr * (dZ2 @ A1.T / m), b2 - lr * (np.sum(dZ2) / m)),
    ]


def whole_matrix_step(params, X, y, lr):
    """Two mistakes: softmax divides by the sum over *all* samples, and no gradient has its 1/m."""
    (W1, b1), (W2, b2) = params
    Z1 = W1 @ X + b1
    A1 = relu(Z1)
    E = np.exp(W2 @ A1 + b2)
    P = E / np.sum(E)
    loss = -np.log(P[y, np.arange(y.size)]).mean()
    dZ2 = P - one_hot(y, len(P), X.dtype)
    dZ1 = (W2.T @ dZ2) * relu_derivative(Z1)
    return float(loss), [
        Layer(W1 - lr * dZ1 @ X.T, b1 - lr * dZ1.sum(axis=1, keepdims=True)),
        Layer(W2 - lr * dZ2 @ A1.T, b2 - lr * dZ2.sum(axis=1, keepdims=True)),
    ]
