"""Ten scores of one digit: probabilities, loss, and every link to its slopes.  Lessons 04, 05."""

from typing import NamedTuple

import numpy as np

from nnlib.activations import softmax
from nnlib.gradient_check import numerical_gradient
from nnlib.losses import cross_entropy


def naive_softmax(z):
    """Turn scores z (n,) into probabilities straight from the formula; nan where it overflows."""
    with np.errstate(all="ignore"):
        return np.exp(z) / np.exp(z).sum()


def loss_of(z, y):
    """Compute the loss of one digit from its scores z (n,) and its right class y, safely."""
    return float(cross_entropy(z[:, np.newaxis], np.array([y]))) + 0.0  # never -0


class Chain(NamedTuple):
    """Every link between n scores and the slopes of the loss, for one digit."""

    y: int  # the right class
    z: np.ndarray  # (n,) scores
    p: np.ndarray  # (n,) probabilities
    truth: np.ndarray  # (n,) one-hot
    loss: float
    J: np.ndarray  # (n, n) the Jacobian of softmax: row k a probability, column i a score
    slopes: np.ndarray  # (n,) -Y / P
    products: np.ndarray  # (n, n) row k of J times slopes[k]
    sums: np.ndarray  # (n,) of each column of products
    measured: np.ndarray  # (n,) central differences of the loss


def chain(z, y):
    """Go from scores to the slopes of the loss by the chain rule, and measure them beside it.

    Parameters
    ----------
    z : ndarray, shape (n,)
        Scores of one digit, float64.
    y : int
        Its right class.

    Returns
    -------
    Chain
        With a right class so improbable that its P is 0, the products of its row are NaN.
    """
    p, truth = softmax(z), np.eye(len(z))[y]
    J = np.diag(p) - np.outer(p, p)
    with np.errstate(divide="ignore", invalid="ignore"):
        slopes = np.where(truth > 0, -1 / p, 0.0)
        products = slopes[:, np.newaxis] * J
    measured = numerical_gradient(lambda z: loss_of(z, y), z)
    return Chain(y, z, p, truth, loss_of(z, y), J, slopes, products, products.sum(axis=0), measured)


def rival(c):
    """Find the most probable of the wrong classes in a Chain."""
    return int(np.where(c.truth > 0, -1, c.p).argmax())
