"""A convolution slides small filters over images; a patch under a filter is a sample.  Lesson 17.

Images are (m, channels, rows, columns), m the samples. Filters are a `Layer`: row f of its W
(filters, channels k k) is filter f. The patches of all images are the columns of one matrix U
(channels k k, positions m), sample slowest, and then a convolution is lesson 03's W @ U + b. A
filter as large as its image is a unit of lesson 03, so that a whole network is convolutions.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from nnlib.activations import relu, relu_derivative, softmax
from nnlib.losses import cross_entropy, one_hot
from nnlib.network import STARTS, Layer


class Convolution(NamedTuple):
    """How a layer of filters moves over its images, and what is kept of what they find."""

    filters: int
    k: int  # filters see k x k pixels of every channel
    stride: int = 1  # they move on by so many pixels
    pool: int = 1  # of each pool x pool block of results, the largest is kept


def images_of(X):
    """See X (784, m), one image a column, as images (m, 1, 28, 28), in the same memory."""
    side = math.isqrt(len(X))
    if side**2 != len(X):
        raise ValueError(f"{len(X)} pixels are no square image")
    return X.T.reshape(-1, 1, side, side)


def n_positions(n, k, stride=1):
    """Count the places of a filter of k pixels on n, stride pixels apart: (n - k) // stride + 1."""
    if not 1 <= k <= n or stride < 1:
        raise ValueError(f"a filter of {k} pixels, stride {stride}, has no place on {n} pixels")
    return (n - k) // stride + 1


def patches(images, k, stride=1):
    """Cut every k x k patch out of images (m, c, rows, columns): U (c k k, positions m)."""
    for n in images.shape[2:]:
        n_positions(n, k, stride)
    windows = sliding_window_view(images, (k, k), axis=(2, 3))[:, :, ::stride, ::stride]
    return windows.transpose(1, 4, 5, 0, 2, 3).reshape(images.shape[1] * k * k, -1)


def patches_backward(dU, shape, k, stride=1):
    """Put dU (c k k, positions m) back where `patches` cut: dX of that shape; overlaps add up."""
    m, c, rows, columns = shape
    R, C = n_positions(rows, k, stride), n_positions(columns, k, stride)
    dU, dX = dU.reshape(c, k, k, m, R, C), np.zeros(shape, dU.dtype)
    for i in range(k):
        for j in range(k):
            there = dX[:, :, i : i + stride * R : stride, j : j + stride * C : stride]
            there += dU[:, i, j].transpose(1, 0, 2, 3)
    return dX


def convolve(images, W, b, stride=1):
    """Slide filters W (f, c k k), b (f, 1) over images (m, c, …): Z (m, f, …), and U."""
    m, c, rows, columns = images.shape
    k = math.isqrt(W.shape[1] // c)
    if c * k * k != W.shape[1]:
        raise ValueError(f"filters with {W.shape[1]} weights are not k x k on {c} channels")
    R, C = n_positions(rows, k, stride), n_positions(columns, k, stride)
    U = patches(images, k, stride)
    return (W @ U + b).reshape(len(W), m, R, C).transpose(1, 0, 2, 3), U


def convolve_backward(dZ, U, W, shape=None, stride=1):
    """From dZ (m, f, …), the gradient of the mean loss, Layer(dW, db), and dX.

    dX is for images of the given shape; without one it is None, which saves its time.
    """
    m = len(dZ)
    dZ = dZ.transpose(1, 0, 2, 3).reshape(len(W), -1)  # (f, positions m), as U
    grad = Layer((dZ / m) @ U.T, dZ.sum(axis=1, keepdims=True) / m)
    if shape is None:
        return grad, None
    k = math.isqrt(W.shape[1] // shape[1])
    return grad, patches_backward(W.T @ dZ, shape, k, stride)


def n_blocks(shape, size):
    """Count the size x size blocks of an image (rows, columns), one below another and abreast."""
    if size < 1 or any(n % size for n in shape):
        raise ValueError(f"blocks of {size} x {size} do not fill images {tuple(shape)}")
    return tuple(n // size for n in shape)


def places_in_blocks(images, size):
    """For each place in a size x size block, the pixels of all blocks there: size² views."""
    n_blocks(images.shape[2:], size)
    return [images[:, :, i::size, j::size] for i in range(size) for j in range(size)]


def max_pool(images, size=2):
    """Keep the largest of each size x size block of images (m, c, rows, columns)."""
    first, *others = places_in_blocks(images, size)
    largest = first.copy()
    for pixels in others:
        np.maximum(largest, pixels, out=largest)
    return largest


def max_pool_backward(dP, images, P):
    """Route each slope dP to the pixel that was the largest, the first of equal ones: dX."""
    dX, size = np.empty_like(images), images.shape[2] // P.shape[2]
    is_open = np.ones(P.shape, bool)
    for there, pixels in zip(places_in_blocks(dX, size), places_in_blocks(images, size)):
        is_largest = (pixels == P) & is_open
        there[...] = dP * is_largest
        is_open &= ~is_largest
    return dX


def init_filters(plan, rng, shape=(1, 28, 28), start="he", dtype=np.float32):
    """Draw the layers of a plan, for images of that shape (channels, rows, columns)."""
    params, (c, *sides) = [], shape
    for f, k, stride, pool in plan:
        W, b = STARTS[start](f, c * k * k, rng)
        params.append(Layer(W.astype(dtype), b.astype(dtype)))
        c, sides = f, n_blocks([n_positions(n, k, stride) for n in sides], pool)
    return params


def forward_images(params, X, plan):
    """Send X (784, m) through all filters: scores Z (10, m), and what `backward_images` needs.

    After each layer but the last comes a relu.
    """
    A, kept = images_of(X), []
    for (W, b), layer in zip(params, plan, strict=True):
        Z, U = convolve(A, W, b, layer.stride)
        P = max_pool(Z, layer.pool)  # before relu, which changes no order: fewer to bend
        kept.append((A.shape, U, Z, P))
        A = relu(P)
    if P.shape[2:] != (1, 1):
        raise ValueError(f"the last filters must be as large as their images; they leave {P.shape}")
    return P[:, :, 0, 0].T, kept


def backward_images(params, kept, Y, plan):
    """The gradient of the mean loss, a list of Layer(dW, db), from what `forward_images` kept."""
    scores = kept[-1][-1]
    dP = (softmax(scores[:, :, 0, 0].T) - Y).T.reshape(scores.shape)
    grads = []
    for l in reversed(range(len(params))):
        shape, U, Z, P = kept[l]
        dZ = max_pool_backward(dP, Z, P)
        shape = shape if l > 0 else None
        grad, dA = convolve_backward(dZ, U, params[l].W, shape, plan[l].stride)
        grads.append(grad)
        if l > 0:
            dP = dA * relu_derivative(kept[l - 1][-1])
    return grads[::-1]


def image_step(params, X, y, optimizer, plan):
    """`train_step` for a network of filters: the loss before, the parameters after."""
    Z, kept = forward_images(params, X, plan)
    grads = backward_images(params, kept, one_hot(y, len(Z), X.dtype), plan)
    return float(cross_entropy(Z, y)), optimizer.step(params, grads)
