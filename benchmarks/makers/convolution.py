"""How far do small filters go?  Networks of convolutions on the full set.  Lesson 17.

Relu, softmax, He start, float32, one BLAS thread, batches of 100; the learning rate falls along a
cosine. A seed draws the start values, the batches and the deformations, which are those of lesson
15's record. Every choice was made on the last 10,000 training digits, with the first 50,000 to
train with (the trials below, all that were finished). Then the smallest and the best of them, this
one with more epochs, are trained anew on all 60,000; the 10,000 test digits are read at the end.

    python -m benchmarks.makers.convolution            the full set (NNLIB_DATA), see `seconds`
    python -m benchmarks.makers.convolution --trials   its trials alone: writes no record
    python -m benchmarks.makers.convolution --train N  trains that final alone: no test digit read
    python -m benchmarks.makers.convolution --quick    one epoch on the sample, writes nothing

Each finished epoch is kept in a folder (build/convolution, or `--folder NAME`): stopped with Ctrl-C
and started again, a run goes on where it was and ends with the same bits; what is finished is not
run again. Written are data/records/convolution.csv, one row an epoch, convolution_trials.csv, one
row a trial, and convolution_mistakes.csv, one row for each test digit that the network `deformed`
misreads: its number in the set, label, answer, its probability, and 784 pixels as two hexadecimal
digits each. train_loss is the mean
over the batches of an epoch, each before its own update, errors are shares 0…1, seconds the time of
an epoch's training (the median in the trials) on a machine with two cores that others used, too.
"""

import argparse
import functools
import pathlib
from typing import NamedTuple

import numpy as np

from benchmarks.makers.frame import run_maker, write
from benchmarks.makers.record import MILD, OPTIMIZERS, epoch_by_epoch
from nnlib.activations import softmax
from nnlib.convolution import Convolution, forward_images, image_step, init_filters
from nnlib.data import Digits, load_mnist
from nnlib.data.augmentation import deform
from nnlib.data.vault import Vault
from nnlib.optimizers import cosine_decay
from nnlib.system.threads import one_blas_thread
from nnlib.training import minibatches

FOLDER = pathlib.Path(__file__).parents[2] / "build" / "convolution"
BATCH = 100


class Run(NamedTuple):
    """What a run is made of, apart from its seed."""

    digits: str  # to train with: "choosing" (the first 50,000), "full" (60,000), or "sample"
    plan: tuple
    epochs: int
    optimizer: str
    lr: float
    deformed: float = 1  # times the strengths of lesson 15's record; 0: digits as they are

    @property
    def strengths(self):
        """The arguments of `deform`."""
        return {k: v * (1 if k == "sigma" else self.deformed) for k, v in MILD.items()}


SMALL = (Convolution(8, 5, pool=2), Convolution(16, 5, pool=2), Convolution(10, 4))
MEDIUM = (
    Convolution(16, 5, pool=2),
    Convolution(48, 5, pool=2),
    Convolution(128, 4),
    Convolution(10, 1),
)
LARGE = (
    Convolution(32, 5, pool=2),
    Convolution(64, 5, pool=2),
    Convolution(128, 4),
    Convolution(10, 1),
)
STRIDES = (
    Convolution(32, 4, stride=2),
    Convolution(64, 5, stride=2),
    Convolution(128, 5),
    Convolution(10, 1),
)
TRIALS = (  # all that were finished; one more, the best of these with 30 epochs, was broken off
    # after eight; nothing was chosen by it
    Run("choosing", SMALL, 8, "Adam", 0.003, deformed=0),
    Run("choosing", STRIDES, 10, "Momentum", 0.05),
    Run("choosing", MEDIUM, 10, "Momentum", 0.05),
    Run("choosing", MEDIUM, 10, "Momentum", 0.05, deformed=0),
    Run("choosing", MEDIUM, 10, "Momentum", 0.05, deformed=0.7),
    Run("choosing", MEDIUM, 10, "Momentum", 0.1),
    Run("choosing", LARGE, 10, "Momentum", 0.05),
)
FINALS = {
    "pooled": Run("full", SMALL, 8, "Adam", 0.003, deformed=0),
    "deformed": Run("full", MEDIUM, 30, "Momentum", 0.05, deformed=0.7),
}


@functools.cache
def parts(digits):
    """The digits to train with, those for validation (or None), and the test set in its vault."""
    train, test = load_mnist("sample" if digits == "sample" else "full")
    if digits != "choosing":
        return train, None, Vault(test)
    (X, y), cut = train, 50_000
    return Digits(X[:, :cut], y[:cut]), Digits(X[:, cut:], y[cut:]), Vault(test)


def error(run, params, digits):
    """The share of digits that a network reads wrongly."""
    scores = [forward_images(params, X, run.plan)[0] for X in in_parts(digits.X)]
    return float((np.hstack(scores).argmax(axis=0) != digits.y).mean())


def in_parts(X):
    """Cut X into parts of 500 digits, which need little memory each."""
    return np.array_split(X, -(-X.shape[1] // 500), axis=1)


def one_epoch(run, params, optimizer, rng, steps_before):
    """Train for one epoch: the mean loss of its batches, and the network after it."""
    X, y = parts(run.digits)[0]
    batches, losses = minibatches(y.size, BATCH, rng), []
    for step, batch in enumerate(batches, start=steps_before):
        optimizer.lr = cosine_decay(run.lr, step, run.epochs * len(batches))
        x = X[:, batch]
        if run.deformed:
            x = deform(x, rng, **run.strengths)
        loss, params = image_step(params, x, y[batch], optimizer, run.plan)
        losses.append(loss)
    return sum(losses) / len(losses), params


def file_of(run, seed, folder):
    """The file in which a run is kept."""
    return folder / f"{'-'.join(map(str, settings(run).values()))}-{seed}.npz"


def train(run, seed=0, folder=None, epochs=None):
    """Train a run, or its first epochs, going on from what is in the folder: network and rows."""
    rng = np.random.default_rng(seed)
    params, optimizer = init_filters(run.plan, rng), OPTIMIZERS[run.optimizer]()
    digits, validation, _ = parts(run.digits)

    def epoch_after(params, n_before):
        steps = n_before * -(-digits.y.size // BATCH)
        return one_epoch(run, params, optimizer, rng, steps)

    def judge(params):
        return error(run, params, validation) if validation else None

    file = folder and file_of(run, seed, folder)
    return epoch_by_epoch(epochs or run.epochs, epoch_after, judge, params, optimizer, rng, file)


def settings(run):
    """The settings of a run as the columns of a table."""
    return run._asdict() | {"plan": " ".join("-".join(map(str, layer)) for layer in run.plan)}


def tried(trials, folder):
    """Train the trials; one row for each, as it is after its last epoch."""
    table = []
    for run in trials:
        _, rows = train(run, folder=folder)
        result = {k: rows[-1][k] for k in ("train_loss", "validation_error")}
        seconds = np.median([float(row["seconds"]) for row in rows])
        table.append(settings(run) | result | {"seconds": f"{seconds:.2f}"})
        print(*table[-1].values(), flush=True)
    return table


def tested(name, run, folder):
    """Open the test set once for a network that is trained: rows of all its epochs, mistakes."""
    params, rows = train(run, folder=folder)
    vault = parts(run.digits)[2]
    digits = vault.open(f"the error of the network that validation chose, {name}")
    rows[-1]["test_error"] = f"{error(run, params, digits):.4f}"
    print(name, *rows[-1].values(), vault, flush=True)
    columns = ("epoch", "train_loss", "test_error", "seconds")
    rows = [{"run": name} | {k: row.get(k, "") for k in columns} for row in rows]
    return rows, mistakes(run, params, digits)


def mistakes(run, params, digits):
    """The digits that a network misreads: number, label, answer, its probability, and pixels."""
    P = np.hstack([softmax(forward_images(params, X, run.plan)[0]) for X in in_parts(digits.X)])
    read, inks = P.argmax(axis=0), (255 * digits.X).round().astype(np.uint8)
    return [
        {
            "digit": j,
            "label": digits.y[j],
            "read": read[j],
            "probability": f"{P[read[j], j]:.3f}",
            "pixels": inks[:, j].tobytes().hex(),
        }
        for j in np.flatnonzero(read != digits.y)
    ]


def main(arguments=None):
    """Run what the options say, print a line for each run, write the records."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=pathlib.Path, default=FOLDER)
    one_of = parser.add_mutually_exclusive_group()
    one_of.add_argument("--quick", action="store_true")
    one_of.add_argument("--trials", action="store_true")
    one_of.add_argument("--train", choices=FINALS)
    options = parser.parse_args(arguments)
    one_blas_thread()
    if options.quick:
        print(*train(Run("sample", SMALL, 8, "Adam", 0.003), epochs=1)[1][0].values())
    elif options.trials:
        tried(TRIALS, options.folder)
    elif options.train:
        train(FINALS[options.train], folder=options.folder)
    else:
        whole_record(options.folder)


def whole_record(folder):
    """Run all trials, then the networks that they chose, and write the three records."""
    table = tried(TRIALS, folder)
    for run in FINALS.values():  # all are trained before the test set is opened
        train(run, folder=folder)
    found = {name: tested(name, run, folder) for name, run in FINALS.items()}
    write("convolution_trials.csv", table)
    write("convolution.csv", [row for rows, _ in found.values() for row in rows])
    write("convolution_mistakes.csv", found["deformed"][1])


if __name__ == "__main__":
    run_maker(main)
