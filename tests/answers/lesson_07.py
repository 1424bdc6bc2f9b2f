"""Wrong answers to the exercises of lesson 07: (name, answer, a fragment of the message)."""

import numpy as np

from nnlib.backprop import backward
from nnlib.losses import one_hot
from nnlib.network import Layer, forward


def uphill(params, X, y, lr, steps):
    for _ in range(steps):
        Zs, As = forward(params, X)
        grads = backward(params, Zs, As, one_hot(y))
        params = [Layer(W + lr * dW, b + lr * db) for (W, b), (dW, db) in zip(params, grads)]
    return params


def always_the_first_step(params, X, y, lr, steps):
    for _ in range(steps):
        Zs, As = forward(params, X)
        grads = backward(params, Zs, As, one_hot(y))
        new = [Layer(W - lr * dW, b - lr * db) for (W, b), (dW, db) in zip(params, grads)]
    return new


def in_place(params, X, y, lr, steps):
    for _ in range(steps):
        Zs, As = forward(params, X)
        for (W, b), (dW, db) in zip(params, backward(params, Zs, As, one_hot(y))):
            W -= lr * dW
            b -= lr * db
    return params


WRONG_ANSWERS = {
    "07-1": [
        ("gradient added", uphill, "you add the gradient"),
        ("new list under another name", always_the_first_step, "is each step the first again"),
        ("-= on the caller's arrays", in_place, "changed the parameters"),
    ],
    "07-2": [
        ("it explodes", lambda: (0, np.inf, 0.1), "no explosion"),
        ("it learns faster", lambda: (10, 0.05, 0.99), "would mean that it learned"),
        ("all units live", lambda: (10, 2.3, 0.1), "0 units still answer"),
    ],
}
