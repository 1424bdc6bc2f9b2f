"""Wrong answers to the exercises of lesson 03: a name, the answer, what its message must say."""

import numpy as np


def without_relu(params, X):
    """Send X through three linear layers."""
    (W1, b1), (W2, b2), (W3, b3) = params
    return W3 @ (W2 @ (W1 @ X + b1) + b2) + b3


def relu_on_the_scores(params, X):
    """Bend after every layer, the last one included."""
    A = X
    for W, b in params:
        A = np.maximum(W @ A + b, 0)
    return A


def flat_biases(params, X):
    """Add each bias as a flat array (n,), along the wrong axis."""
    (W1, b1), (W2, b2), (W3, b3) = params
    A1 = np.maximum(W1 @ X + b1.ravel(), 0)
    A2 = np.maximum(W2 @ A1 + b2.ravel(), 0)
    return W3 @ A2 + b3.ravel()


def wrong_order(params):
    """Multiply the matrices in the order in which they are met."""
    W, b = params[0]
    for W_next, b_next in params[1:]:
        W, b = W @ W_next, W_next @ b + b_next
    return W, b


def biases_added(params):
    """Add the biases without sending them through the later layers."""
    W, b = params[0]
    for W_next, b_next in params[1:]:
        W, b = W_next @ W, b + b_next
    return W, b


def last_bias_only(params):
    """Forget all biases but the last."""
    W, b = params[0]
    for W_next, b_next in params[1:]:
        W, b = W_next @ W, b_next
    return W, b


WRONG_ANSWERS = {
    "03-1": [
        ("no relu", without_relu, "your three layers are worth one"),
        ("relu on the scores", relu_on_the_scores, "hidden layers only"),
        ("flat biases", flat_biases, "each digit got a bias of its own"),
    ],
    "03-2": [
        ("wrong order", wrong_order, "the wrong order"),
        ("biases added", biases_added, "multiply it by W2"),
        ("last bias only", last_bias_only, "the last layer alone"),
    ],
}
