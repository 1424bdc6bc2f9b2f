"""Wrong answers to the exercises of lesson 14: (name, answer, a fragment of the message)."""

import numpy as np

from nnlib.network import Layer


def slopes_inside(W, dZ, Z):
    return W.T @ (dZ * (Z > 0))


def no_slopes(W, dZ, Z):
    return W.T @ dZ


def relu_instead_of_slope(W, dZ, Z):
    return (W.T @ dZ) * np.maximum(Z, 0)


def rows_of_the_batch(y, n_classes):
    Y = np.zeros((y.max() + 1, y.size))
    Y[y, np.arange(y.size)] = 1
    return Y


def off_by_one(y, n_classes):
    Y = np.zeros((n_classes, y.size))
    Y[y - 1, np.arange(y.size)] = 1
    return Y


def samples_as_rows(y, n_classes):
    return np.eye(n_classes)[y]


def in_place(params, grads, lr):
    for (W, b), (dW, db) in zip(params, grads):
        W -= lr * dW
        b -= lr * db
    return params


def shallow_copy(params, grads, lr):
    return in_place(list(params), grads, lr)


def uphill(params, grads, lr):
    return [Layer(W + lr * dW, b + lr * db) for (W, b), (dW, db) in zip(params, grads)]


def raw(table):
    return table[:, 1:].T, table[:, 0]


def all_scaled(table):
    table = table / 255
    return table[:, 1:].T, table[:, 0].astype(int)


def images_as_rows(table):
    return table[:, 1:] / 255, table[:, 0]


DZ, A = np.array([[1.0, 2.0, 3.0], [0.0, -1.0, 0.0]]), np.ones((4, 3))


def shape_only(layer_gradient):
    return np.shape(layer_gradient(DZ, A)[1]) != (2, 1)


def copies_only(layer_gradient):
    twice = layer_gradient(np.hstack([DZ, DZ]), np.hstack([A, A]))[0]
    return not np.allclose(layer_gradient(DZ, A)[0], twice)


def suspects_everyone(layer_gradient):
    dW, db = layer_gradient(DZ, A)
    return not np.allclose(db, DZ.sum(axis=1, keepdims=True))  # forgot its own 1/m


WRONG_ANSWERS = {
    "14-2": [
        ("slopes before the product", slopes_inside, "before W.T"),
        ("no slopes", no_slopes, "missing on the way back"),
        ("relu instead of its slope", relu_instead_of_slope, "its slope, 1 or 0"),
    ],
    "14-3": [
        ("rows counted in the batch", rows_of_the_batch, "labels up to 5 get 6 rows"),
        ("off by one", off_by_one, "come back as [4, 9, 1, 4]"),
        ("samples as rows", samples_as_rows, "yours is (4, 10)"),
    ],
    "14-4": [
        ("in place", in_place, "the very list that you were given"),
        ("a copied list of the same arrays", shallow_copy, "copies no arrays"),
        ("plus", uphill, "uphill"),
    ],
    "14-5": [
        ("bytes", raw, "largest value of X is 204"),
        ("everything scaled", all_scaled, "read as [0, 0]"),
        ("images as rows", images_as_rows, "samples are columns"),
    ],
    "14-6": [
        ("looks at the shape only", shape_only, "“no 1/m”"),
        ("copies the batch only", copies_only, "“scalar bias gradient”"),
        ("a test with a mistake of its own", suspects_everyone, "calls the right function ill"),
    ],
}
