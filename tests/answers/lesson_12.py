"""Wrong answers to the exercises of lesson 12: (name, answer, a fragment of the message)."""

import numpy as np

from nnlib.activations import sigmoid, sigmoid_derivative


def of_the_activation(Z):
    return (sigmoid_derivative(sigmoid(Z)) < 0.001).mean()


def still_alive(Z):
    return (sigmoid_derivative(Z) >= 0.001).mean()


def one_side(Z):
    return (Z > 6.906755).mean()


def inside_forgotten(W1, b1, W2, b2):
    return W1, b1, 2 * W2, b2 - W2.sum(axis=1, keepdims=True)


def old_bias(W1, b1, W2, b2):
    return 2 * W1, 2 * b1, 2 * W2, b2


def wrong_sign(W1, b1, W2, b2):
    return 2 * W1, 2 * b1, 2 * W2, b2 + W2 @ np.ones((W2.shape[1], 1))


WRONG_ANSWERS = {
    "12-1": [
        ("derivative of the activation", of_the_activation, "takes Z, the sum"),
        ("those that are not flat", still_alive, "still has a slope"),
        ("large sums only", one_side, "one side only"),
    ],
    "12-2": [
        ("W1 and b1 as they were", inside_forgotten, "both doubled"),
        ("b2 as it was", old_bias, "b2 is the old one"),
        ("plus the row sums", wrong_sign, "you add"),
    ],
}
