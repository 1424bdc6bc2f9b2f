"""Every combination of five changes to a deep sigmoid network, five seeds each.  Lesson 12.

    python -m benchmarks.makers.ladder            all, about 6 minutes; writes the record
    python -m benchmarks.makers.ladder --quick    the ladder alone, one epoch, nothing written

prints the ladder and writes data/records/ladder.csv. The same budget for all: 10 epochs over 3,200
training digits of the sample in mini-batches of 10, plain gradient descent, float32, one BLAS
thread. Only the learning rate suits itself to a setting: it is the one of RATES with the best mean
accuracy on 800 other training digits (validation) after the budget, seeds 100 and 101. The seeds
0 to 4 are then run with it. A seed draws the start values and deals the batches.

A row is one run: the setting (pixels, start, loss, activation, hidden), lr, seed; loss before the
first step and mean loss of the first epoch; validation accuracy after the first and the last epoch,
and the epoch after which it first reached 90 % (empty: never); test accuracy (seeds 0 to 4 only,
1,000 digits); the step at which a value was no longer finite (empty: none; the accuracies after it
are those of the last finite network).
"""

import functools
import itertools
from typing import NamedTuple

import numpy as np
import pandas as pd

from benchmarks.makers import deep_sigmoid
from benchmarks.makers.frame import RECORDS, read_options, write
from nnlib.data import load_mnist
from nnlib.losses import mean_loss
from nnlib.metrics import accuracy
from nnlib.network import forward, init_params, predict
from nnlib.optimizers import SGD
from nnlib.training import Diverged, train

RECORD = RECORDS / "ladder.csv"
RATES = (10, 3, 1, 0.3, 0.1, 0.03, 0.01, 0.001, 0.0001)
SEEDS, TUNING_SEEDS = range(5), (100, 101)
EPOCHS, BATCH_SIZE = 10, 10
N_VALIDATION, SPLIT_SEED = 800, 12


class Setting(NamedTuple):
    """One network of the grid; each field is a switch."""

    pixels: str = "0-255"  # or "0-1"
    start: str = "normal"  # weights and biases from N(0, 1); or "fitted": He for relu, else Xavier
    loss: str = "squared error"  # with sigmoid outputs; or "cross-entropy" with softmax
    activation: str = "sigmoid"  # of the hidden layers; or "tanh", "relu"
    hidden: str = "20-10"  # units; or "100-10"


GRID = [
    Setting(*values)
    for values in itertools.product(
        ("0-255", "0-1"),
        ("normal", "fitted"),
        ("squared error", "cross-entropy"),
        ("sigmoid", "tanh", "relu"),
        ("20-10", "100-10"),
    )
]
LADDER = [
    Setting(),
    Setting("0-1"),
    Setting("0-1", "fitted"),
    Setting("0-1", "fitted", "cross-entropy"),
    Setting("0-1", "fitted", "cross-entropy", "tanh"),
    Setting("0-1", "fitted", "cross-entropy", "relu"),
    Setting("0-1", "fitted", "cross-entropy", "relu", "100-10"),
]
ASIDE = [
    Setting("0-1", "fitted", "squared error, softmax"),  # half of the change of the loss
    Setting("0-1", "xavier", "cross-entropy", "relu"),  # relu without its own start values
    Setting("0-1", "fitted", "cross-entropy", "relu", "20"),
    Setting("0-1", "fitted", "cross-entropy", "relu", "100"),
]


@functools.cache
def digits(pixels):
    """(X, y) for training, validation and test; 0…1 or 0…255."""
    (X, y), test = load_mnist()
    order = np.random.default_rng(SPLIT_SEED).permutation(y.size)
    used, held = order[N_VALIDATION:], order[:N_VALIDATION]
    factor = np.float32(255 if pixels == "0-255" else 1)
    parts = (X[:, used], y[used]), (X[:, held], y[held]), test
    return [((images.T * factor).T, labels) for images, labels in parts]


def network(setting):
    """Sizes, and what `train` needs to know: activations and loss."""
    hidden = [int(n) for n in setting.hidden.split("-")]
    last = "sigmoid" if setting.loss == "squared error" else "softmax"
    loss = "cross_entropy" if setting.loss == "cross-entropy" else "squared_error"
    activations = (setting.activation,) * len(hidden) + (last,)
    return [784, *hidden, 10], {"activations": activations, "loss": loss}


def draw(setting, sizes, rng):
    """Draw the start values."""
    if setting.start == "normal":
        return deep_sigmoid.draw(sizes, "N(0, 1)", rng)
    fitted = "he" if setting.activation == "relu" else "xavier"
    return init_params(sizes, rng, fitted if setting.start == "fitted" else setting.start)


def run(setting, lr, seed, epochs=EPOCHS):
    """Train one network and return its row of the record."""
    (X, y), validation, test = digits(setting.pixels)
    sizes, names = network(setting)
    rng = np.random.default_rng(seed)
    params = draw(setting, sizes, rng)
    Zs, As = forward(params, X, names["activations"])
    row = setting._asdict() | {"lr": lr, "seed": seed}
    row["first_loss"] = float(mean_loss(Zs[-1], As[-1], y, names["loss"]))
    judge = functools.partial(right, names["activations"])
    shares, losses, broke_at = [], [], None
    try:
        for record in train(params, X, y, SGD(lr), epochs, BATCH_SIZE, rng, **names):
            params = record.params
            shares.append(judge(params, validation))
            losses.append(record.loss)
    except Diverged as error:
        params, broke_at = error.params, error.step
        shares.append(judge(params, validation))
    arrived = np.flatnonzero(np.array(shares) >= 0.9)
    row |= {"loss_1": losses[0] if losses else np.nan, "validation_1": shares[0]}
    row |= {"epochs_to_90": arrived[0] + 1 if arrived.size else np.nan}
    row |= {"validation": shares[-1], "test": np.nan, "broke_at": broke_at}
    return row | ({"test": judge(params, test)} if seed in SEEDS else {})


def right(activations, params, held):
    """The accuracy on digits (X, y); a broken network names one class for all of them."""
    with np.errstate(all="ignore"):
        return accuracy(predict(params, held[0], activations), held[1])


def best_rate(rows):
    """The learning rate with the best mean validation accuracy; no rate that ever broke."""
    shares = pd.DataFrame(rows).groupby("lr")[["validation", "broke_at"]]
    means = shares.mean()
    return float(means["validation"].where(means["broke_at"].isna()).idxmax())


def climb(setting, epochs=EPOCHS, rates=RATES):
    """Choose the learning rate of a setting, then run it: the rows of both."""
    tried = [run(setting, lr, seed, epochs) for lr in rates for seed in TUNING_SEEDS]
    return tried + [run(setting, best_rate(tried), seed, epochs) for seed in SEEDS]


def main(arguments=None):
    """Run all, print the ladder, keep the record."""
    quick = read_options(__doc__, arguments, "--quick").quick
    rows = []
    for setting in LADDER if quick else GRID + ASIDE:
        found = climb(setting, 1 if quick else EPOCHS, RATES[3:5] if quick else RATES)
        rows += found
        if setting in LADDER + ASIDE:
            tests = 100 * pd.DataFrame(found)["test"].dropna()
            text = ", ".join(setting)
            print(f"{text:60} rate {found[-1]['lr']:g}: {tests.mean():.1f} %", flush=True)
    if not quick:
        table = pd.DataFrame(rows).astype({"broke_at": "Int64", "epochs_to_90": "Int64"})
        write(RECORD.name, table, float_format="%.5g")


if __name__ == "__main__":
    main()
