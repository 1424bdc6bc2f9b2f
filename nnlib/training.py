"""The training loop: forward, backward, step, and again.  Lesson 07."""

import math
from typing import NamedTuple

import numpy as np

from nnlib.backprop import backward
from nnlib.losses import mean_loss, one_hot
from nnlib.network import Layer, forward


class Record(NamedTuple):
    """What `train` tells on its way."""

    step: int  # updates made so far
    epoch: int  # passes through the data, the current one included
    loss: float  # mean over the batches since the last record, each before its own update
    params: list[Layer]  # the network after this step


class Diverged(ArithmeticError):
    """A loss or parameter is not finite; `.params` had the last finite loss, or are the first."""

    def __init__(self, step, lr, params):
        first = "look for NaN in X, or " if step == 1 else ""  # its loss is older than any update
        super().__init__(
            f"training diverged at step {step} with learning rate {lr:g}: a value is no longer "
            f"finite; {first}try a learning rate ten times smaller (the last good parameters are "
            f"kept in .params)"
        )
        self.step, self.lr, self.params = step, lr, params


def minibatches(m, batch_size, rng):
    """Deal the samples 0 … m - 1 into shuffled batches; batch_size None is one batch of all."""
    if batch_size is None:
        return [slice(0, m)]  # columns 0 to m: a view, where a list of numbers would copy
    if rng is None:
        raise ValueError("mini-batches are shuffled: pass rng=np.random.default_rng(seed)")
    if batch_size < 1:
        raise ValueError(f"batch_size is at least 1, or None for all; got {batch_size}")
    order = rng.permutation(m)
    return [order[start : start + batch_size] for start in range(0, m, batch_size)]


def train_step(params, X, y, optimizer, activations=("relu", "softmax"), loss="cross_entropy"):
    """Make one update from a batch X (n_0, m), y (m,): the loss before, the parameters after."""
    with np.errstate(over="ignore", invalid="ignore"):  # no warnings: train looks at the loss
        Zs, As = forward(params, X, activations)
        Y = one_hot(y, len(As[-1]), X.dtype)
        grads = backward(params, Zs, As, Y, activations, loss)
        return float(mean_loss(Zs[-1], As[-1], y, loss)), optimizer.step(params, grads)


def is_finite(params):
    """Tell whether every weight and bias is a finite number."""
    return all(np.isfinite(W).all() and np.isfinite(b).all() for W, b in params)


def train(
    params,
    X,
    y,
    optimizer,
    epochs,
    batch_size=None,
    rng=None,
    every=None,
    activations=("relu", "softmax"),
    loss="cross_entropy",
):
    """Train on X (n_0, m), y (m,), yielding a Record after each epoch, or after every k steps.

    Plots, progress bars and a Stop button consume the records. The parameters given are never
    changed. Raises Diverged.
    """
    X, y = np.asarray(X), np.asarray(y)
    if y.shape != X.shape[1:] or y.size == 0:
        raise ValueError(f"y must be (m,), a label for each column of X {X.shape}; got {y.shape}")
    step, losses, good = 0, [], params
    for epoch in range(1, epochs + 1):
        batches = minibatches(y.size, batch_size, rng)
        for batch in batches:
            here = X[:, batch], y[batch]
            before, stepped = train_step(params, *here, optimizer, activations, loss)
            step += 1
            losses.append(before)
            is_due = step % (every or len(batches)) == 0
            if not math.isfinite(before) or (is_due and not is_finite(stepped)):
                raise Diverged(step, optimizer.lr, params if math.isfinite(before) else good)
            good, params = params, stepped  # good: the latest whose loss is known to be finite
            if is_due:
                yield Record(step, epoch, sum(losses) / len(losses), params)
                losses = []
