"""Which optimizer is faster, does a schedule help, what do L2 and dropout bring?  Lesson 13.

All networks are 784-n-10 with relu and He start, batches of 32, float32, one BLAS thread. A seed
draws the start values, the batches and the masks. 80 training digits of each class are kept back as
a validation part (on the full set 1,000 of each); what is chosen is chosen there, and the test
set is read once for each epoch that is written down.

    python -m benchmarks.makers.optimizers            the sample, 5 minutes; with NNLIB_DATA set
                                               also the last rows, on the full set
    python -m benchmarks.makers.optimizers --quick    one seed, two epochs, writes nothing

prints a table and writes data/records/optimizers.csv (race and schedules, 32 hidden units) and
data/records/regularization.csv (100 hidden units: 500 digits, all digits of the sample, the full
set). One row tells of one run after one epoch: the mean loss on the digits trained with and on the
validation part, both without penalty and dropout, and three accuracies, 0…1.
"""

import functools
import os
from typing import NamedTuple

import numpy as np

from benchmarks.makers.frame import read_options, write
from nnlib.data import load_mnist, split_stratified
from nnlib.losses import cross_entropy
from nnlib.metrics import accuracy
from nnlib.network import forward, init_params, predict
from nnlib.optimizers import SGD, Adam, Momentum, RMSProp, cosine_decay, step_decay
from nnlib.regularization import regularized_step
from nnlib.training import is_finite, minibatches

OPTIMIZERS = {"SGD": SGD, "Momentum": Momentum, "RMSProp": RMSProp, "Adam": Adam}
RATES = (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
SEEDS = range(5)
BATCH = 32
RESULTS = ("train_loss", "train", "validation_loss", "validation", "test")


class Run(NamedTuple):
    """What a run is made of, apart from its seed."""

    digits: int | str  # how many of the sample's training digits, or "full"
    hidden: int
    epochs: int
    optimizer: str
    lr: float
    schedule: str = "constant"
    l2: float = 0.0
    dropout: float = 0.0


RACE = [Run(3200, 32, 10, name, lr) for name in OPTIMIZERS for lr in RATES]
SCHEDULES = [
    Run(3200, 32, 30, name, lr, schedule)
    for name, lr in (("SGD", 0.3), ("Adam", 0.01))
    for schedule in ("constant", "step", "cosine")
]
FEW = [
    Run(500, 100, 60, "Adam", 0.001, "constant", l2, dropout)
    for l2 in (0.0, 0.003, 0.01, 0.03, 0.1)
    for dropout in (0.0, 0.2, 0.5, 0.8)
    if l2 == 0 or dropout == 0 or (l2, dropout) == (0.03, 0.5)
]
ALL = [
    Run(3200, 100, 30, "Adam", 0.001, "cosine", l2, dropout)
    for l2, dropout in ((0.0, 0.0), (0.001, 0.0), (0.003, 0.0), (0.0, 0.2), (0.0, 0.5))
]
FULL = [Run("full", 100, 15, "Adam", 0.001, "cosine", 0.0, dropout) for dropout in (0.0, 0.2)]


@functools.cache
def parts(digits):
    """The digits to train with, the validation part, and the test set."""
    train, test = load_mnist("full" if digits == "full" else "sample")
    train, validation = split_stratified(train, 1000 if digits == "full" else 80)
    if digits != "full" and digits < train.y.size:
        _, train = split_stratified(train, digits // 10)
    return train, validation, test


def rate_in_epoch(run, epoch, step, n_steps):
    """The learning rate before a step, as the schedule has it."""
    if run.schedule == "step":
        return step_decay(run.lr, epoch, every=run.epochs // 5)
    return cosine_decay(run.lr, step, n_steps) if run.schedule == "cosine" else run.lr


def row(run, seed, epoch, params):
    """One row of a record."""
    train, validation, test = parts(run.digits)
    values = run._asdict() | {"seed": seed, "epoch": epoch}
    with np.errstate(over="ignore", invalid="ignore"):
        for name, part in (("train", train), ("validation", validation)):
            Z = forward(params, part.X)[0][-1]
            values[f"{name}_loss"] = f"{cross_entropy(Z, part.y):.4f}"
            values[name] = f"{accuracy(Z.argmax(axis=0), part.y):.4f}"
        values["test"] = f"{accuracy(predict(params, test.X), test.y):.4f}"
    return values


def trained(run, seed, epochs=None):
    """Train one run from one seed, yielding (epoch, params) after each epoch."""
    rng = np.random.default_rng(seed)
    X, y = parts(run.digits)[0]
    params = init_params([784, run.hidden, 10], rng)
    optimizer = OPTIMIZERS[run.optimizer](lr=run.lr)
    step, n_steps = 0, run.epochs * -(-y.size // BATCH)
    for epoch in range(1, (epochs or run.epochs) + 1):
        for batch in minibatches(y.size, BATCH, rng):
            optimizer.lr = rate_in_epoch(run, epoch, step, n_steps)
            _, params = regularized_step(
                params, X[:, batch], y[batch], optimizer, rng, run.l2, run.dropout
            )
            step += 1
        yield epoch, params
        if not is_finite(params):
            return


def rows_of(run, seed, epochs=None):
    """The rows of one run: every epoch of a short one, some of a long one."""
    every = 1 if run.epochs <= 10 else run.epochs // 15 if run.digits != "full" else run.epochs
    return [
        row(run, seed, epoch, params)
        for epoch, params in trained(run, seed, epochs)
        if epoch % every == 0 or epochs
    ]


def record(runs, seeds, epochs=None):
    """Train runs from every seed, print a line for each run, and return the rows."""
    rows = []
    for run in runs:
        members = [rows_of(run, seed, epochs) for seed in seeds]
        words = " ".join(f"{value!s:>8}" for value in run)
        for name in RESULTS:
            mean = np.mean([float(member[-1][name]) for member in members])
            words += f"{mean:8.3f}" if "loss" in name else f"{100 * mean:7.1f}"
        print(words, flush=True)
        rows += [entry for member in members for entry in member]
    return rows


def main(arguments=None):
    """Run everything, print a line a run, write the two records."""
    quick = read_options(__doc__, arguments, "--quick").quick
    seeds, epochs = (range(1), 2) if quick else (SEEDS, None)
    race = record(RACE + SCHEDULES, seeds, epochs)
    few = record(FEW + ALL, seeds, epochs)
    if "NNLIB_DATA" in os.environ and not quick:
        few += record(FULL, range(3), epochs)
    if not quick:
        shared = ("seed", "epoch", *RESULTS)
        write("optimizers.csv", race, columns=("epochs", "optimizer", "lr", "schedule", *shared))
        write("regularization.csv", few, columns=("digits", "l2", "dropout", *shared))


if __name__ == "__main__":
    main()
