"""How far does a network with one hidden layer go?  784-800-10 on the full set.  Lesson 15.

Relu, softmax, He start, float32, one BLAS thread; the learning rate falls along a cosine. A seed
draws the start values, the batches, the masks and the deformations. MNIST's 60,000 training digits
are cut into 50,000 to train with and 10,000 for validation, 1,000 of each class; every choice was
made on those 10,000 (the trials below, all of them). The 10,000 test digits are read at the very
end, by the two networks that were chosen.

    python -m benchmarks.makers.record             the full set (NNLIB_DATA), 25 minutes
    python -m benchmarks.makers.record --trials    its trials alone: prints them, writes no record
    python -m benchmarks.makers.record --sample    the 4,000 digits of the sample, its 4 trials
    python -m benchmarks.makers.record --quick     one epoch on the sample, writes nothing

Each finished epoch is kept in a folder (build/record, or `--folder NAME`): stopped with Ctrl-C and
started again, a run goes on where it was and ends with the same bits; what is finished is not run
again. Without an option all trials are run, those on the sample, too; written are
data/records/record.csv, one row an epoch, and record_trials.csv, one row a trial. --sample writes
augmented_sample.csv alone, one row an epoch. train_loss is the mean over the batches of an epoch,
each before its own update, errors are shares 0…1, seconds the time of an epoch's training (the
median in record_trials.csv) on a machine with two cores that others used, too.
"""

import argparse
import functools
import json
import pathlib
import time
from typing import NamedTuple

import numpy as np
from tqdm.auto import tqdm

from benchmarks.makers.frame import run_maker, write
from nnlib.data import load_mnist, split_stratified
from nnlib.data.augmentation import deform
from nnlib.data.vault import Vault
from nnlib.metrics import accuracy
from nnlib.network import Layer, init_params, predict
from nnlib.optimizers import Adam, Momentum, cosine_decay
from nnlib.regularization import regularized_step
from nnlib.sweep import choosing_split
from nnlib.system.files import replacing
from nnlib.system.threads import one_blas_thread
from nnlib.training import minibatches, train_step

FOLDER = pathlib.Path(__file__).parents[2] / "build" / "record"
OPTIMIZERS = {"Momentum": Momentum, "Adam": Adam}
RESULTS = ("train_loss", "validation_error", "test_error", "seconds")


class Run(NamedTuple):
    """What a run is made of, apart from its seed."""

    digits: str  # "full", or of the sample: "choosing" (3,200) or "sample" (all 4,000)
    epochs: int
    optimizer: str
    lr: float
    dropout: float = 0.0
    l2: float = 0.0
    degrees: float = 0  # from here on: how strongly digits are deformed, as `deform` takes it
    scale: float = 0
    slant: float = 0
    pixels: float = 0
    alpha: float = 0
    sigma: float = 4
    hidden: int = 800
    batch: int = 100

    @property
    def strengths(self):
        """The arguments of `deform`; empty if nothing is deformed."""
        names = ("degrees", "scale", "slant", "pixels", "alpha")
        values = {name: getattr(self, name) for name in names}
        return values | {"sigma": self.sigma} if any(values.values()) else {}


MILD = {"degrees": 15, "scale": 0.15, "slant": 0.2, "pixels": 1, "alpha": 1.2, "sigma": 5}
LESS = {"degrees": 10, "scale": 0.1, "slant": 0.1, "pixels": 0.5}
SMALL = {"hidden": 256, "batch": 32}
TRIALS = (  # all that were finished; two more were broken off: MILD with l2 1e-5 after one epoch,
    # and 500 epochs instead of the 200 below after 160; nothing was chosen by them
    Run("full", 10, "Momentum", 0.05, **MILD | {"sigma": 4}),
    Run("full", 10, "Adam", 0.001, **MILD | {"sigma": 4}),
    Run("full", 10, "Momentum", 0.05),
    Run("full", 10, "Momentum", 0.05, **LESS, alpha=1.2, sigma=4),
    Run("full", 10, "Momentum", 0.05, **MILD),
    Run("full", 40, "Momentum", 0.05, **MILD),
    Run("full", 40, "Momentum", 0.05, **MILD | {"alpha": 1.8}),
    Run("full", 40, "Momentum", 0.1, **MILD),
    Run("full", 40, "Momentum", 0.05, **LESS, alpha=1.5, sigma=5),
    Run("full", 40, "Momentum", 0.1, dropout=0.5),
    Run("full", 40, "Momentum", 0.1),
    Run("full", 40, "Momentum", 0.1, l2=1e-4),
)
FINALS = {
    "plain": Run("full", 100, "Momentum", 0.1, dropout=0.5),
    "deformed": Run("full", 200, "Momentum", 0.1, **MILD),
}
SAMPLE_TRIALS = (
    Run("choosing", 60, "Momentum", 0.05),
    Run("choosing", 60, "Momentum", 0.05, **MILD, **SMALL),
    Run("choosing", 60, "Momentum", 0.05, **MILD, hidden=400, batch=50),
    Run("choosing", 60, "Momentum", 0.05, **MILD | {"alpha": 1.6}, **SMALL),
)
SAMPLE = SAMPLE_TRIALS[-1]._replace(digits="sample")
SAMPLE_SEEDS = range(3)


@functools.cache
def parts(digits):
    """The digits to train with, those for validation (or None), and the test set in its vault."""
    train, test = load_mnist("full" if digits == "full" else "sample")
    if digits == "sample":
        return train, None, Vault(test)
    return *(split_stratified(train, 1000) if digits == "full" else choosing_split()), Vault(test)


def error(params, digits):
    """The share of digits that a network reads wrongly."""
    return 1 - accuracy(predict(params, digits.X), digits.y)


def one_epoch(run, params, optimizer, rng, steps_before):
    """Train for one epoch: the mean loss of its batches, and the network after it."""
    X, y = parts(run.digits)[0]
    batches, losses = minibatches(y.size, run.batch, rng), []
    for step, batch in enumerate(batches, start=steps_before):
        optimizer.lr = cosine_decay(run.lr, step, run.epochs * len(batches))
        x = X[:, batch]
        if run.strengths:
            x = deform(x, rng, **run.strengths)
        if run.dropout or run.l2:
            loss, params = regularized_step(
                params, x, y[batch], optimizer, rng, run.l2, run.dropout
            )
        else:
            loss, params = train_step(params, x, y[batch], optimizer)
        losses.append(loss)
    return sum(losses) / len(losses), params


def train(run, seed=0, folder=None, epochs=None):
    """Train a run, or its first epochs, going on from what is in the folder: network and rows."""
    rng = np.random.default_rng(seed)
    params, optimizer = init_params([784, run.hidden, 10], rng), OPTIMIZERS[run.optimizer]()
    digits, validation, _ = parts(run.digits)
    file = folder and folder / f"{'-'.join(map(str, run))}-{seed}.npz"

    def epoch_after(params, n_before):
        steps = n_before * -(-digits.y.size // run.batch)
        return one_epoch(run, params, optimizer, rng, steps)

    def judge(params):
        return error(params, validation) if validation else None

    return epoch_by_epoch(epochs or run.epochs, epoch_after, judge, params, optimizer, rng, file)


def epoch_by_epoch(n_epochs, epoch_after, judge, params, optimizer, rng, file):
    """Train, going on from what is in the file, and keep each finished epoch: network and rows."""
    rows = []
    if file and file.exists():
        params, rows = restored(file, optimizer, rng)
    with tqdm(total=n_epochs, initial=len(rows), unit="epoch", disable=None) as bar:
        for epoch in range(len(rows) + 1, n_epochs + 1):
            start = time.perf_counter()
            loss, params = epoch_after(params, epoch - 1)
            rows.append({"epoch": epoch, "train_loss": f"{loss:.6f}"})
            rows[-1]["seconds"] = f"{time.perf_counter() - start:.2f}"
            share = judge(params)
            rows[-1]["validation_error"] = "" if share is None else f"{share:.4f}"
            if file:
                keep(file, params, optimizer, rng, rows)
            bar.update()
            bar.set_postfix(rows[-1])
    return params, rows


def keep(file, params, optimizer, rng, rows):
    """Write everything that the next epoch depends on into one file, whole or not at all."""
    memory = {"params": params} | {k: v for k, v in vars(optimizer).items() if k != "lr"}
    arrays = {"rng": json.dumps(rng.bit_generator.state), "rows": json.dumps(rows)}
    for name, value in memory.items():
        if isinstance(value, list):
            for l, (W, b) in enumerate(value):
                arrays |= {f"{name} W{l}": W, f"{name} b{l}": b}
        else:
            arrays[name] = value
    file.parent.mkdir(parents=True, exist_ok=True)
    with replacing(file) as draft:
        np.savez(draft, **arrays)


def restored(file, optimizer, rng):
    """Read what `keep` wrote; optimizer and rng become what they were."""
    with np.load(file, allow_pickle=False) as arrays:
        saved = {name: arrays[name] for name in arrays.files}
    rng.bit_generator.state = json.loads(str(saved.pop("rng")))
    rows = json.loads(str(saved.pop("rows")))
    lists = {name.split()[0] for name in saved if " " in name}
    for name in lists:
        depth = sum(key.startswith(f"{name} W") for key in saved)
        found = [Layer(saved[f"{name} W{l}"], saved[f"{name} b{l}"]) for l in range(depth)]
        if name == "params":
            params = found
        else:
            setattr(optimizer, name, found)
    for name in saved:
        if " " not in name:
            setattr(optimizer, name, saved[name].item())
    return params, rows


def log(name, run, rows):
    """Print one line about a finished run."""
    settings = " ".join(f"{value!s:>8}" for value in run)
    seconds = np.mean([float(row["seconds"]) for row in rows])
    last = rows[-1]
    errors = f"{last['validation_error'] or '-':>7} {last.get('test_error', '-'):>7}"
    print(f"{name:>9} {settings} {last['train_loss']} {errors} {seconds:6.2f}", flush=True)


def in_order(rows, **first):
    """Rows of one run with all columns, in one order."""
    return [first | {k: row.get(k, "") for k in ("epoch", *RESULTS)} for row in rows]


def tried(trials, folder):
    """Train the trials; one row for each, as it is after its last epoch."""
    table = []
    for run in trials:
        _, rows = train(run, folder=folder)
        log("trial", run, rows)
        result = {k: rows[-1][k] for k in ("train_loss", "validation_error")}
        seconds = np.median([float(row["seconds"]) for row in rows])
        table.append(run._asdict() | result | {"seconds": f"{seconds:.2f}"})
    return table


def tested(name, run, seeds, folder, reason):
    """Train one run from each seed, and open the test set for it once: rows of all epochs."""
    table = []
    for seed in seeds:
        params, rows = train(run, seed, folder)
        digits = parts(run.digits)[2].open(f"{reason}, {name}, seed {seed}")
        rows[-1]["test_error"] = f"{error(params, digits):.4f}"
        log(name, run, rows)
        table += in_order(rows, run=name, seed=seed)
    print(parts(run.digits)[2])
    return table


def main(arguments=None):
    """Run what the options say, print a line for each run, write the records."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=pathlib.Path, default=FOLDER)
    one_of = parser.add_mutually_exclusive_group()
    for option in ("--quick", "--trials", "--sample"):
        one_of.add_argument(option, action="store_true")
    options = parser.parse_args(arguments)
    folder = options.folder
    one_blas_thread()
    if options.quick:
        log("quick", SAMPLE, train(SAMPLE, epochs=1)[1])
    elif options.trials:
        tried(TRIALS, folder)
    elif options.sample:
        tried(SAMPLE_TRIALS, folder)
        rows = tested("augmented", SAMPLE, SAMPLE_SEEDS, folder, "the sample, deformed")
        write("augmented_sample.csv", rows)
    else:
        whole_record(folder)


def whole_record(folder):
    """Run all trials, then the networks that they chose, and write both records."""
    table = tried(TRIALS + SAMPLE_TRIALS, folder)
    for run in FINALS.values():  # both are trained before the test set is opened
        log("trained", run, train(run, folder=folder)[1])
    reason = "the error of the network that validation chose"
    rows = [row for name, run in FINALS.items() for row in tested(name, run, [0], folder, reason)]
    write("record_trials.csv", table)
    write("record.csv", rows)


if __name__ == "__main__":
    run_maker(main)
