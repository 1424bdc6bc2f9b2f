"""Backpropagation: the gradient of the loss by the chain rule, backwards.  Lessons 05, 06, 18.

Column j of dZ is the derivative of sample j's own loss; only dW and db, derivatives of the mean
loss, carry the 1/m.
"""

import numpy as np

from nnlib.activations import ACTIVATIONS
from nnlib.losses import check_labels, one_hot
from nnlib.network import Layer, forward


def output_error(Z, A, Y, activation="softmax", loss="cross_entropy"):
    """The dZ of the last layer, from its Z and A and the targets Y, all (n_out, m)."""
    if loss == "squared_error":
        return ACTIVATIONS[activation].backward(A - Y, Z)  # here dA = A - Y
    if loss != "cross_entropy":
        raise ValueError(f"the loss is cross_entropy or squared_error; got {loss!r}")
    if activation != "softmax":
        raise ValueError(f"cross_entropy needs softmax as last activation; got {activation!r}")
    return A - Y  # softmax and cross-entropy together


def backward(params, Zs, As, Y, activations=("relu", "softmax"), loss="cross_entropy"):
    """The gradient of the mean loss, a list of Layer(dW, db), from what `forward` returned."""
    if len(activations) != len(params):
        raise ValueError(f"{len(params)} layers need an activation each; got {activations!r}")
    m = Y.shape[1]
    dZ = output_error(Zs[-1], As[-1], Y, activations[-1], loss)
    grads = []
    for l in reversed(range(len(params))):  # params[l] took As[l] and made Zs[l]
        dW = (dZ / m) @ As[l].T  # here 1/m enters
        db = dZ.sum(axis=1, keepdims=True) / m
        grads.append(Layer(dW, db))
        if l > 0:
            dA = params[l].W.T @ dZ
            dZ = ACTIVATIONS[activations[l - 1]].backward(dA, Zs[l - 1])
    return grads[::-1]


def input_gradient(params, X, y, activations=("relu", "softmax")):
    """The slope of each pixel: dX (784, m), column j the derivative of sample j's own loss."""
    Zs, As = forward(params, X, activations)
    check_labels(y, *Zs[-1].shape)  # a single label would be taken for all
    dZ = output_error(Zs[-1], As[-1], one_hot(y, len(As[-1]), X.dtype), activations[-1])
    for l in reversed(range(len(params))):
        dA = params[l].W.T @ dZ
        if l > 0:
            dZ = ACTIVATIONS[activations[l - 1]].backward(dA, Zs[l - 1])
    return dA


def sign_attack(params, X, y, epsilon, activations=("relu", "softmax")):
    """Move each pixel of X (784, m) by epsilon up the slope of the loss for y, within 0…1.

    A negative epsilon goes down the slope; a pixel without a slope stays.

    Goodfellow, Shlens, Szegedy: Explaining and Harnessing Adversarial Examples (2015).
    """
    dX = input_gradient(params, X, y, activations)
    return np.clip(X + float(epsilon) * np.sign(dX), 0, 1)
