"""Lesson 17, Slide a small filter: its equations and exercises."""

import itertools

import numpy as np

from nnlib.checks.engine import Task
from nnlib.checks.registry import equation, exercise
from nnlib.convolution import convolve, max_pool
from nnlib.gradient_check import numerical_gradient

M, C, K, STRIDE, F = 2, 3, 2, 2, 4  # samples, channels, side of a filter, stride, filters
ROWS, COLUMNS = 5, 7  # places of a filter: 2 and 3
PLACES = 2, 3


def small_convolution(rng):
    """Images, filters, biases, and slopes that come back."""
    images, W = rng.normal(size=(M, C, ROWS, COLUMNS)), rng.normal(size=(F, C * K * K))
    return images, W, rng.normal(size=(F, 1)), rng.normal(size=(M, F, *PLACES))


def pulled(images, W, b, dZ):
    """A number whose derivative with respect to the convolution's results is dZ."""
    return (convolve(images, W, b, STRIDE)[0] * dZ).sum()


def places_and_weights():
    """All places of the sum in (17.1): sample, filter, row, column, channel, and place in it."""
    return itertools.product(*map(range, (M, F, *PLACES, C, K, K)))


@equation("17.1", "result", "one filter at every place")
def filters_at_every_place(rng):
    """The library's convolution, against loops over everything."""
    images, W, b, _ = small_convolution(rng)
    filters = W.reshape(F, C, K, K)
    Z = np.zeros((M, F, *PLACES)) + b[:, :, None]
    for n, f, r, c, d, i, j in places_and_weights():
        Z[n, f, r, c] += filters[f, d, i, j] * images[n, d, STRIDE * r + i, STRIDE * c + j]
    return convolve(images, W, b, STRIDE)[0], Z


@equation("17.2", "result", "how many places a filter has")
def number_of_places(rng):
    """Places counted one by one, against the formula, for some sizes."""
    sizes = [(28, 5, 1), (28, 5, 2), (12, 5, 2), (9, 2, 3), (7, 7, 4)]
    counted = [len(range(0, n - k + 1, s)) for n, k, s in sizes]
    return counted, [(n - k) // s + 1 for n, k, s in sizes]


@equation("17.3", "result", "the gradient of the filters")
def gradient_of_filters(rng):
    """Central differences of the mean over the samples, against the product of lesson 06."""
    images, W, b, dZ = small_convolution(rng)
    dW = numerical_gradient(lambda W: pulled(images, W, b, dZ) / M, W)
    db = numerical_gradient(lambda b: pulled(images, W, b, dZ) / M, b)
    _, U = convolve(images, W, b, STRIDE)
    columns = dZ.transpose(1, 0, 2, 3).reshape(F, -1)
    return np.hstack([dW, db]), np.hstack([columns @ U.T, columns.sum(1, keepdims=True)]) / M


@equation("17.4", "result", "slopes add where patches overlap")
def slopes_of_pixels(rng):
    """Central differences for each pixel, against loops that send every slope back."""
    images, W, b, dZ = small_convolution(rng)
    filters, dX = W.reshape(F, C, K, K), np.zeros_like(images)
    for n, f, r, c, d, i, j in places_and_weights():
        dX[n, d, STRIDE * r + i, STRIDE * c + j] += filters[f, d, i, j] * dZ[n, f, r, c]
    return numerical_gradient(lambda images: pulled(images, W, b, dZ), images), dX


@equation("17.5", "result", "pooling sends a slope to the largest")
def slopes_through_pooling(rng):
    """Central differences of the largest of each block, against the rule."""
    Z, dP = rng.permutation(M * F * 24).reshape(M, F, 4, 6) / 10.0, rng.normal(size=(M, F, 2, 3))
    blocks = Z.reshape(M, F, 2, 2, 3, 2)
    is_largest = blocks == blocks.max(axis=(3, 5), keepdims=True)
    numeric = numerical_gradient(lambda Z: (max_pool(Z) * dP).sum(), Z)
    return numeric, (is_largest * dP[:, :, :, None, :, None]).reshape(Z.shape)


def bias_gradient(dZ):
    """The right answer of 17-1: (f, 1)."""
    return dZ.sum(axis=(0, 2, 3))[:, None] / len(dZ)


def slopes_that_come_back():
    """dZ of 3 samples and 4 filters, then of 5 and 2, all sizes different."""
    rng = np.random.default_rng(0)
    return [(rng.normal(size=shape),) for shape in ((3, 4, 2, 6), (5, 2, 7, 3))]


exercise(
    "17-1",
    "filter_bias_gradient(dZ)",
    Task(
        right=bias_gradient,
        cases=slopes_that_come_back,
        names=("db",),
        gives="one array, db (filters, 1)",
        samples=len,
        slips={
            "db is the mean over the samples, but the sum over the places: do not divide by "
            "their number": lambda dZ: dZ.mean(axis=(0, 2, 3))[:, None],
            "this is the sum over the samples; db belongs to the mean loss: divide by m": (
                lambda dZ: dZ.sum(axis=(0, 2, 3))[:, None]
            ),
            "the numbers are right, the shape is not: db is a column, (filters, 1)": (
                lambda dZ: dZ.sum(axis=(0, 2, 3)) / len(dZ)
            ),
            "each filter has one bias, used at every place: add the slopes of all its places": (
                lambda dZ: dZ.sum(axis=0) / len(dZ),
                lambda dZ: dZ.sum(axis=0),
            ),
            "the samples come first in dZ: reshape without transpose puts several filters into "
            "one row": lambda dZ: dZ.reshape(dZ.shape[1], -1).sum(1, keepdims=True) / len(dZ),
            "these are sums for each sample; a filter is the second axis of dZ": (
                lambda dZ: dZ.sum(axis=(1, 2, 3))[:, None] / len(dZ)
            ),
        },
    ),
    praise="One number a filter: every place it was used at pulls on it, and the pulls add up.",
    hints=(
        "a filter has one bias. At how many places, in how many images, is it used?",
        "paths add: sum dZ over the images and over both directions of the page; which axes "
        "are these in (m, filters, rows, columns)?",
        "dZ.sum(axis=(0, 2, 3)) has the shape (filters,); make it a column, and remember the 1/m.",
    ),
)
