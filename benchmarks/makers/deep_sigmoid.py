"""The deep sigmoid network, 784-20-10-10 with squared error, beside its relatives.  Lesson 11.

python -m benchmarks.makers.deep_sigmoid                 all, 4 minutes; needs NNLIB_DATA
python -m benchmarks.makers.deep_sigmoid --sample-only   the sample's rows anew, the others kept
python -m benchmarks.makers.deep_sigmoid --quick         one seed, one epoch, sample, not written

Writes data/records/deep_sigmoid.csv and prints it as a table;
`python -m benchmarks.makers.reproduce --only D` does the same. D is the document S3 of
docs/sources.md: a derivation without code, start
values, learning rate or result. Training is that of M. Nielsen, Neural Networks and Deep Learning
(2015), chapter 1: mini-batches of 10, 30 epochs, plain gradient descent, learning rate 3 unless
the record says otherwise. Sample: 4,000 digits, tested on 1,000. Full set: the first 50,000 digits,
as there, tested on 10,000. Float32, one BLAS thread. A seed draws the start values and deals the
batches.

A row is one run after one epoch (sample: after some): mean loss of the epoch's batches, each before
its update, and the accuracies (0…1; training only after the last epoch).
"""

import functools
import math
from typing import NamedTuple

import numpy as np
import pandas as pd

from benchmarks.makers.frame import RECORDS, read_options, write
from nnlib.data import load_mnist
from nnlib.metrics import accuracy
from nnlib.network import Layer, predict
from nnlib.optimizers import SGD
from nnlib.training import train

RECORD = RECORDS / "deep_sigmoid.csv"
EPOCHS, BATCH_SIZE = 30, 10
KEPT = {"sample": (1, 2, 5, 10, 20, 30), "full": tuple(range(1, EPOCHS + 1))}
SEEDS = {"sample": range(8), "full": range(3)}
N_FULL = 50_000
LOSS = "squared_error"


class Run(NamedTuple):
    """One way of training one network."""

    sizes: tuple[int, ...] = (784, 20, 10, 10)
    pixels: str = "0-1"  # or "0-255"
    start: str = "N(0, 1/n)"  # and biases 0; or "N(0, 1)", weights and biases
    lr: float = 3
    bends: str = "all"  # layers with a sigmoid; or "not 2": hidden layer 2 linear; "last" alone
    sets: tuple[str, ...] = ("sample", "full")

    @property
    def network(self):
        """Such as "784-30-10"."""
        return "-".join(map(str, self.sizes))

    @property
    def activations(self):
        """The activation of each layer; the last always has a sigmoid."""
        names = ["sigmoid"] * (len(self.sizes) - 1)
        linear = {"all": [], "not 2": [1], "last": range(len(names) - 1)}[self.bends]
        return tuple("identity" if l in linear else name for l, name in enumerate(names))


RUNS = (
    Run(pixels="0-255", start="N(0, 1)"),
    Run(start="N(0, 1)"),
    Run(),
    Run((784, 30, 10), start="N(0, 1)"),
    Run((784, 30, 10)),
    Run((784, 20, 10)),
    Run((784, 10)),
    Run((784, 10), lr=0.5),
    Run(lr=0.5, sets=("sample",)),
    Run(lr=0.5, bends="not 2", sets=("sample",)),
    Run(lr=0.05, bends="last", sets=("sample",)),  # at 0.5 its outputs saturate
)


def draw(sizes, start, rng):
    """The start values of all layers, float32."""
    drawn = []
    for n_in, n_out in zip(sizes, sizes[1:]):
        W, b = rng.normal(size=(n_out, n_in)), rng.normal(size=(n_out, 1))
        if start == "N(0, 1/n)":
            W, b = W / math.sqrt(n_in), 0 * b
        drawn.append(Layer(W.astype(np.float32), b.astype(np.float32)))
    return drawn


@functools.cache
def digits(which, pixels):
    """(X, y), (X_test, y_test), with pixels 0…1 or 0…255."""
    (X, y), (X_test, y_test) = load_mnist(which)
    m = N_FULL if which == "full" else y.size
    factor = np.float32(255 if pixels == "0-255" else 1)
    return (X[:, :m] * factor, y[:m]), (X_test * factor, y_test)


def measure(run, which, seed, epochs=EPOCHS):
    """Train one network; a row for each epoch that is kept."""
    (X, y), (X_test, y_test) = digits(which, run.pixels)
    rng, names = np.random.default_rng(seed), run.activations
    params = draw(run.sizes, run.start, rng)
    network = {"activations": names, "loss": LOSS}
    rows = []
    for record in train(params, X, y, SGD(run.lr), epochs, BATCH_SIZE, rng, **network):
        if record.epoch not in KEPT[which]:
            continue
        row = {"network": run.network, "pixels": run.pixels, "start": run.start, "lr": run.lr}
        row |= {"bends": run.bends, "set": which, "seed": seed, "epoch": record.epoch}
        row["loss"] = round(record.loss, 5)
        row["test"] = round(accuracy(predict(record.params, X_test, names), y_test), 4)
        if record.epoch == EPOCHS:
            row["train"] = round(accuracy(predict(record.params, X, names), y), 5)
        rows.append(row)
    return rows


def table(rows):
    """Training and test accuracy in percent after the last epoch, mean and range of the seeds."""
    last = rows[rows["epoch"] == rows["epoch"].max()]
    by = ["set", "network", "pixels", "start", "lr", "bends"]
    lines = []
    for setting, part in last.groupby(by, sort=False):
        test, known = 100 * part["test"], 100 * part.get("train", pd.Series(dtype=float))
        words = "  ".join(f"{value!s:<13}" for value in setting)
        spread = f"{test.mean():.2f} ({test.min():.2f}-{test.max():.2f})"
        lines.append(f"{words} {known.mean():.1f} / {spread}, {len(part)} seeds")
    return "\n".join(lines)


def main(arguments=None):
    """Measure, print, and keep the record."""
    options = read_options(__doc__, arguments, "--sample-only", "--quick")
    if options.quick:
        print(table(pd.DataFrame(row for run in RUNS for row in measure(run, "sample", 0, 1))))
        return
    rows = []
    for which in ("sample",) if options.sample_only else ("sample", "full"):
        for run in RUNS:
            if which in run.sets:
                for seed in SEEDS[which]:
                    rows += measure(run, which, seed)
    record = pd.DataFrame(rows)
    if options.sample_only and RECORD.exists():
        old = pd.read_csv(RECORD)
        record = pd.concat([record, old[old["set"] == "full"]])
    print(table(record))
    write(RECORD.name, record)


if __name__ == "__main__":
    main()
