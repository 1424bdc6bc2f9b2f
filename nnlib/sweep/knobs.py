"""One run for choosing settings: trained on 3,200 digits, judged on 800 others.  Lesson 08."""

import functools
import math

import numpy as np

from nnlib.data import load_mnist, split_stratified
from nnlib.metrics import accuracy
from nnlib.network import init_params, predict
from nnlib.optimizers import SGD
from nnlib.training import Diverged, train


@functools.cache
def choosing_split():
    """Cut the sample's 4,000 training digits for choosing settings: 3,200 to train, 800 to judge.

    Returns
    -------
    train, validation : Digits
        320 and 80 of each class. The test set is in neither.
    """
    digits, _ = load_mnist()
    return split_stratified(digits, n_test_per_class=80)


def train_once(hidden=32, lr=0.1, batch_size=32, start="he", epochs=10, seed=0):
    """Train one network on the 3,200 digits for choosing, and judge it after each epoch.

    Parameters
    ----------
    hidden : int, 1 or more
        Hidden units (ReLU); the output is softmax, the loss cross-entropy.
    lr : float
        The learning rate of plain gradient descent.
    batch_size : int or None, default 32
        None: all digits at once.
    start : {"he", "xavier", "uniform"}
    epochs : int
    seed : int
        Draws start values and batches.

    Returns
    -------
    list of dict
        One row an epoch: epoch, train_loss (the mean of its batches, each before its update),
        train_accuracy and validation_accuracy (0…1, after it). If training diverges, the last
        row has the loss NaN, and the accuracies of the last network with a finite loss.

    Raises
    ------
    ValueError
        If hidden, epochs or batch_size is smaller than 1.
    """
    if hidden < 1 or epochs < 1:
        raise ValueError(f"hidden and epochs must be at least 1; got {hidden} and {epochs}")
    rng = np.random.default_rng(seed)
    params = init_params([784, hidden, 10], rng, start)
    digits, validation = choosing_split()
    rows = []
    try:
        for record in train(params, *digits, SGD(lr), epochs, batch_size, rng):
            rows.append(judged(record.epoch, record.loss, record.params, digits, validation))
    except Diverged as error:
        rows.append(judged(len(rows) + 1, math.nan, error.params, digits, validation))
    return rows


def judged(epoch, loss, params, digits, validation):
    """Judge a network after an epoch, on both parts: one row of `train_once`."""
    with np.errstate(over="ignore", invalid="ignore"):  # of a network that diverged
        return {
            "epoch": epoch,
            "train_loss": loss,
            "train_accuracy": accuracy(predict(params, digits.X), digits.y),
            "validation_accuracy": accuracy(predict(params, validation.X), validation.y),
        }
