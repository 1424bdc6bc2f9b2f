"""Four published networks, as published and mended, sample and full size.  Lessons 07 and 11.

python -m benchmarks.makers.reproduce                 all, two processes; needs NNLIB_DATA
python -m benchmarks.makers.reproduce --only D        the fourth network; --only ABC: the others
python -m benchmarks.makers.reproduce --sample-only   the sample's rows anew, the others kept
python -m benchmarks.makers.reproduce --quick         two seeds, 20 steps, sample only, not written

Writes data/records/sources.csv and data/records/learning_rates.csv and prints them as tables.
D, the document S3 (784-20-10-10, sigmoids), is benchmarks/makers/deep_sigmoid.py, with its own
record. A, B, C are the documents S0, S1, S2 of docs/sources.md:

- A  784-32-10; reports nothing and gives no learning rate; softmax over the whole matrix, no 1/m
- B  784-10-10, equations without code; reports "around 90 %"; its equations are right
- C  784-10-10, learning rate 0.1, 500 steps; reports 85 % / 84 %; a scalar as bias gradient

Every step uses all training digits. Trained in float32 on one BLAS thread, but for A as published,
which runs in float64 as its code does.
"""

import argparse
import functools
import itertools
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from typing import NamedTuple

import numpy as np
import pandas as pd

from benchmarks.makers import deep_sigmoid
from benchmarks.makers.frame import RECORDS, write
from benchmarks.published import correct_step, scalar_bias_step, whole_matrix_step
from nnlib.data import load_mnist
from nnlib.losses import mean_loss
from nnlib.metrics import accuracy
from nnlib.network import Layer, forward, init_params, predict
from nnlib.system.threads import one_blas_thread
from nnlib.training import is_finite

EARLY = (1, 2, 5, 10, 20)  # the updates before which the loss is recorded
SPLIT_SEED = 7  # of the shuffle that cuts B's and C's sets out of the 60,000


class Run(NamedTuple):
    """One way of training one published network."""

    source: str
    variant: str
    sizes: list[int]
    start: str
    step: Callable
    lr: float
    steps: tuple[int, ...]  # after which accuracies are recorded
    seeds_sample: int
    seeds_full: int
    dtype: type = np.float32


RUNS = [
    Run("A", "published", [784, 32, 10], "half", whole_matrix_step, 0.1, (500,), 8, 2, np.float64),
    Run("A", "published", [784, 32, 10], "half", whole_matrix_step, 1e-5, (500,), 8, 2, np.float64),
    Run("A", "mended", [784, 32, 10], "half", correct_step, 0.1, (500,), 8, 2),
    Run("A", "mended, He", [784, 32, 10], "he", correct_step, 0.1, (500,), 8, 2),
    Run("B", "mended", [784, 10, 10], "uniform", correct_step, 0.1, (500, 2000), 8, 3),
    Run("B", "mended, He", [784, 10, 10], "he", correct_step, 0.1, (500, 2000), 8, 3),
    Run("C", "published", [784, 10, 10], "uniform", scalar_bias_step, 0.1, (500,), 8, 3),
    Run("C", "mended", [784, 10, 10], "uniform", correct_step, 0.1, (500,), 8, 3),
    Run("C", "mended, He", [784, 10, 10], "he", correct_step, 0.1, (500,), 8, 3),
    Run("none", "no hidden layer", [784, 10], "he", correct_step, 0.1, (500,), 8, 3),
]
VARIANTS = ["published", "mended", "mended, He", "no hidden layer"]
REPORTED = {"A": "nothing", "B": "about 90", "C": "85 / 84", "none": ""}
RATES = (3, 1, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001)


def draw(sizes, start, seed, dtype):
    """The start values; "half" is A's: weights uniform in -0.5…0.5, every bias -0.5."""
    rng = np.random.default_rng(seed)
    if start != "half":
        return init_params(sizes, rng, start, dtype)
    drawn = init_params(sizes, rng, "uniform", dtype)
    return [Layer(W, np.full_like(b, -0.5)) for W, b in drawn]


@functools.cache
def digits(which, source):
    """(X, y), (X_test, y_test): the sample, or what the source trained and tested on."""
    train, test = load_mnist(which)
    if which == "sample" or source in ("A", "none"):
        return train, test
    order = np.random.default_rng(SPLIT_SEED).permutation(train.y.size)
    if source == "B":
        return (train.X[:, order[:42_000]], train.y[order[:42_000]]), test
    used, held_out = order[:41_000], order[41_000:42_000]
    return (train.X[:, used], train.y[used]), (train.X[:, held_out], train.y[held_out])


def descend(step, params, X, y, lr, n_steps):
    """Take steps; yield number, loss before, parameters after, till one is not finite."""
    with np.errstate(all="ignore"):  # some of these runs end in NaN, which is what we measure
        for number in range(1, n_steps + 1):
            loss, params = step(params, X, y, lr)
            yield number, loss, params
            if not is_finite(params):
                return


def measure(run, which, seed):
    """Train one network; a row for each number of steps at which it is judged."""
    (X, y), (X_test, y_test) = digits(which, run.source)
    X, X_test = X.astype(run.dtype, copy=False), X_test.astype(run.dtype, copy=False)
    start = draw(run.sizes, run.start, seed, run.dtype)
    activations = ("relu", "softmax")[-len(start) :]
    losses, judged = {}, {}
    for number, loss, params in descend(run.step, start, X, y, run.lr, run.steps[-1]):
        losses[number] = loss
        if number in run.steps:
            judged[number] = params
    broke = None if is_finite(params) else number
    rows = []
    for n_steps in run.steps:
        row = {"source": run.source, "variant": run.variant, "set": which, "m": y.size}
        row |= {"hidden": run.sizes[1] if len(run.sizes) > 2 else 0, "start": run.start}
        row |= {"lr": run.lr, "seed": seed, "steps": n_steps, "broke_at": broke}
        row |= judge(judged.get(n_steps, params), activations, X, y, X_test, y_test)
        row |= {f"loss_{k}": round(losses.get(k, np.nan), 4) for k in EARLY}
        rows.append(row)
    return rows


def judge(params, activations, X, y, X_test, y_test):
    """Accuracies and loss of a network as it is, after its last update."""
    with np.errstate(all="ignore"):
        Zs, As = forward(params, X, activations)
        return {
            "train_accuracy": round(accuracy(As[-1].argmax(axis=0), y), 5),
            "test_accuracy": round(accuracy(predict(params, X_test, activations), y_test), 5),
            "loss": round(float(mean_loss(Zs[-1], As[-1], y)), 4),
        }


def steps_to_80(lr, seed, limit=40_000):
    """Full-batch steps till 80 % of the first 1,000 training digits are right; NaN if never.

    The accuracy is that before the update, so the count is of updates made.
    """
    X, y = (part[..., :1000] for part in digits("sample", "rates")[0])
    params, best = init_params([784, 10, 10], np.random.default_rng(seed), "uniform"), 0.0
    for number in range(limit if lr < 3 else 2000):
        right = accuracy(predict(params, X), y)
        best = max(best, right)
        if right >= 0.8:
            return {"lr": lr, "seed": seed, "steps": number, "best_accuracy": best}
        params = correct_step(params, X, y, lr)[1]
    return {"lr": lr, "seed": seed, "steps": np.nan, "best_accuracy": best}


def work(task):
    """Do one task in a worker; tell that it is done."""
    kind, *arguments = task
    result = measure(*arguments) if kind == "source" else [steps_to_80(*arguments)]
    print(*[a if not isinstance(a, Run) else a[:2] for a in arguments], flush=True, file=sys.stderr)
    return result


def tasks(sets, quick):
    """All runs, the long ones first."""
    work_list = []
    for which, run in itertools.product(sets, RUNS):
        n_seeds = run.seeds_full if which == "full" else run.seeds_sample
        short = run._replace(steps=(20,)) if quick else run
        work_list += [("source", short, which, seed) for seed in range(2 if quick else n_seeds)]
    rates = RATES[:3] if quick else RATES
    return work_list, [
        ("rate", lr, seed) for lr in sorted(rates) for seed in range(1 if quick else 3)
    ]


def table(rows):
    """A printed table: train / test accuracy in percent, of every way to train each network."""
    heads = ["network", "trained on", "rate", "steps", "reported", *VARIANTS]
    lines = ["| " + " | ".join(heads) + " |", "|---" * len(heads) + "|"]
    for (_, source, lr, steps), part in rows.groupby(["set", "source", "lr", "steps"]):
        name = f"{source} 784-{part['hidden'].iloc[0]}-10".replace("-0-", "-")
        cells = [name, f"{part['m'].iloc[0]:,}", f"{lr:g}", str(steps), REPORTED[source]]
        cells += [summary(part[part["variant"] == variant]) for variant in VARIANTS]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def summary(runs):
    """Mean train / test accuracy of some runs, the range of the latter, and what went wrong."""
    if runs.empty:
        return ""
    train, test = 100 * runs["train_accuracy"], 100 * runs["test_accuracy"]
    text = f"{train.mean():.1f} / {test.mean():.1f} ({test.min():.1f}-{test.max():.1f})"
    text += f", {len(runs)} seed" + "s" * (len(runs) > 1)
    broken = runs["broke_at"].dropna()
    return text + (f", NaN from step {broken.min():.0f}" if len(broken) else "")


def main(arguments=None):
    """Measure, print, and keep the records."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", choices=("ABC", "D"))
    parser.add_argument("--sample-only", action="store_true")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args(arguments)
    if options.only != "ABC":
        chosen = {"--sample-only": options.sample_only, "--quick": options.quick}
        deep_sigmoid.main([name for name, is_on in chosen.items() if is_on])
    if options.only != "D":
        reproduce_abc(options)


def reproduce_abc(options):
    """Measure A, B, C and the learning rates of lesson 07."""
    sample_only = options.sample_only or options.quick
    work_list, rates = tasks(["sample"] if sample_only else ["sample", "full"], options.quick)
    with ProcessPoolExecutor(options.workers, initializer=one_blas_thread) as pool:
        results = list(pool.map(work, [*work_list, *rates]))
    sources = pd.DataFrame(row for result in results[: len(work_list)] for row in result)
    learning_rates = pd.DataFrame(row for result in results[len(work_list) :] for row in result)
    target = RECORDS / "sources.csv"
    if options.sample_only and target.exists():
        old = pd.read_csv(target)
        sources = pd.concat([sources, old[old["set"] == "full"]])
    print(table(sources))
    print("B's equations are right: published and mended are the same.")
    print(learning_rates.groupby("lr")[["steps", "best_accuracy"]].agg(["mean", "min", "max"]))
    if not options.quick:
        write(target.name, sources)
        write("learning_rates.csv", learning_rates)


if __name__ == "__main__":
    main()
