"""How far can an accuracy be trusted, and would more digits help?  Lesson 09.

python -m benchmarks.makers.judging                 all, half a minute; needs NNLIB_DATA
python -m benchmarks.makers.judging --sample-only   the sample's rows anew, the others kept
python -m benchmarks.makers.judging --quick         two seeds, few steps, sample only, not written

The sample's 4,000 training digits are split into 3,000 for learning and 1,000 for validation, as
in the lesson. Its test set is not touched. MNIST's 60,000 training digits give 10,000 *others*, not
in the sample, and 45,000 more to learn from. Every network is 784-n-10 with ReLU, softmax and He's
start values, trained at learning rate 0.1 with 32 digits a step, in float32 on one BLAS thread; the
seed draws start values and batches. Writes to data/records:

- judging_seeds.csv  40 networks, 784-32-10, that differ in their seed alone, 10 epochs: how many
  they read of five lots of 200 validation digits, and of the 10,000 others
- judging_pairs.csv  pairs of networks on the same digits, the validation digits and ten lots of
  1,000 others: how many each reads, how many only the one or only the other
- judging_curve.csv  784-32-10 after 10,000 steps, learning from more and more digits, three seeds:
  shares read of the digits it learned from and of those it is judged on. The row of 60,000 is
  judged on MNIST's own 10,000 test digits; nothing was chosen by them.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from benchmarks.makers.frame import RECORDS, read_options, write
from nnlib.data import Digits, load_mnist, split_stratified
from nnlib.metrics import accuracy
from nnlib.network import init_params, predict
from nnlib.optimizers import SGD
from nnlib.training import train

N_SEEDS, LOTS, EPOCHS = 40, 5, 10
OTHERS_SEED, N_OTHERS, LOT = 9, 10_000, 1_000
SIZES = {"sample": (100, 300, 1_000, 3_000), "full": (100, 300, 1_000, 3_000, 10_000, 45_000)}
CURVE_SEEDS, CURVE_STEPS = 3, 10_000


class Member(NamedTuple):
    """A network of a pair: its hidden units and its seed."""

    hidden: int
    seed: int

    @property
    def name(self):
        """Such as "32 units, seed 0"."""
        return f"{self.hidden} units, seed {self.seed}"


PAIRS = ((Member(32, 0), Member(32, 1)), (Member(32, 0), Member(10, 0)))


def sample_parts():
    """The sample's training digits, split into 3,000 for learning and 1,000 for validation."""
    return split_stratified(load_mnist()[0], n_test_per_class=100)


def full_parts():
    """From MNIST's 60,000: 10,000 that are not in the sample, and all further such digits."""
    known = {image.tobytes() for part in load_mnist() for image in part.X.T}
    X, y = load_mnist("full")[0]
    new = np.flatnonzero([image.tobytes() not in known for image in X.T])
    order = np.random.default_rng(OTHERS_SEED).permutation(new)
    others, rest = order[:N_OTHERS], order[N_OTHERS:]
    return Digits(X[:, rest], y[rest]), Digits(X[:, others], y[others])


def fit(digits, hidden, seed, epochs=EPOCHS):
    """Train one network for some epochs; return its parameters."""
    rng = np.random.default_rng(seed)
    params = init_params([784, hidden, 10], rng)
    *_, record = train(params, *digits, SGD(0.1), epochs, 32, rng)
    return record.params


def hits(params, digits):
    """Which digits are read rightly, (m,) of bool."""
    return predict(params, digits.X) == digits.y


def seeds_table(learn, validation, others, n_seeds=N_SEEDS, epochs=EPOCHS):
    """One row a seed; `others` may be None."""
    rows = []
    lots = np.random.default_rng(0).permutation(validation.y.size).reshape(LOTS, -1)
    for seed in range(n_seeds):
        params = fit(learn, 32, seed, epochs)
        right = hits(params, validation)
        row = {"seed": seed} | {f"lot_{k}": right[lot].sum() for k, lot in enumerate(lots, 1)}
        rows.append(row | ({} if others is None else {"others": hits(params, others).sum()}))
    return pd.DataFrame(rows)


def pair_rows(a, b, parts, learn, epochs=EPOCHS):
    """Rows for a pair of networks, one for each of the named parts {name: digits}."""
    params = [fit(learn, *member, epochs) for member in (a, b)]
    rows = []
    for lot, digits in parts.items():
        right_a, right_b = (hits(p, digits) for p in params)
        row = {"a": a.name, "b": b.name, "lot": lot, "m": digits.y.size}
        row |= {"a_right": right_a.sum(), "b_right": right_b.sum()}
        row |= {"only_a": (right_a & ~right_b).sum(), "only_b": (right_b & ~right_a).sum()}
        rows.append(row)
    return rows


def lots_of(others):
    """Ten lots of 1,000 others, by the names "1" … "10"."""
    cuts = [slice(k * LOT, (k + 1) * LOT) for k in range(others.y.size // LOT)]
    return {str(k): Digits(others.X[:, cut], others.y[cut]) for k, cut in enumerate(cuts, 1)}


def curve_row(which, digits, size, judged, seed, steps=CURVE_STEPS):
    """Learn from `size` of the digits, drawn by the seed, for a number of steps; one row."""
    rng = np.random.default_rng(seed)
    drawn = rng.permutation(digits.y.size)[:size]
    X, y = np.ascontiguousarray(digits.X[:, drawn].T).T, digits.y[drawn]
    params = init_params([784, 32, 10], rng)
    record = next(train(params, X, y, SGD(0.1), steps, 32, rng, every=steps))
    return {
        "set": which,
        "size": size,
        "seed": seed,
        "learned": f"{accuracy(predict(record.params, X), y):.5f}",
        "judged": f"{accuracy(predict(record.params, judged.X), judged.y):.4f}",
        "judged_on": judged.y.size,
    }


def curve_rows(which, digits, judged, sizes, n_seeds=CURVE_SEEDS, steps=CURVE_STEPS):
    """The rows of one set of digits, for all sizes and seeds."""
    return [
        curve_row(which, digits, size, judged, seed, steps)
        for size in sizes
        for seed in range(n_seeds)
    ]


def kept(name, rows, column, of_sample):
    """The sample's rows anew, the others as the record has them; pairs stay together."""
    old = pd.read_csv(RECORDS / name, dtype=str)
    rows = pd.concat([rows.astype(str), old[old[column] != of_sample]], ignore_index=True)
    if "b" not in rows:
        return rows
    places = {pair[1].name: place for place, pair in enumerate(PAIRS)}
    return rows.sort_values("b", key=lambda b: b.map(places), kind="stable")


def measure_sample(quick):
    """The three tables, as far as the sample goes."""
    learn, validation = sample_parts()
    short = {"epochs": 1} if quick else {}
    seeds = seeds_table(learn, validation, None, 2 if quick else N_SEEDS, **short)
    parts = {"validation": validation}
    pairs = [row for pair in PAIRS for row in pair_rows(*pair, parts, learn, **short)]
    short = {"n_seeds": 1, "steps": 100} if quick else {}
    curve = curve_rows("sample", learn, validation, SIZES["sample"], **short)
    return seeds, pd.DataFrame(pairs), pd.DataFrame(curve)


def measure_full():
    """The three tables with all rows."""
    learn, validation = sample_parts()
    rest, others = full_parts()
    parts = {"validation": validation} | lots_of(others)
    pairs = [row for pair in PAIRS for row in pair_rows(*pair, parts, learn)]
    curve = curve_rows("sample", learn, validation, SIZES["sample"])
    curve += curve_rows("full", rest, others, SIZES["full"])
    whole, test = load_mnist("full")
    curve += curve_rows("MNIST", whole, test, [whole.y.size])
    return seeds_table(learn, validation, others), pd.DataFrame(pairs), pd.DataFrame(curve)


def main(arguments=None):
    """Measure, print, and keep the records."""
    options = read_options(__doc__, arguments, "--sample-only", "--quick")
    if options.sample_only or options.quick:
        seeds, pairs, curve = measure_sample(options.quick)
    else:
        seeds, pairs, curve = measure_full()
    if options.sample_only:
        old = pd.read_csv(RECORDS / "judging_seeds.csv")
        seeds = seeds.merge(old[["seed", "others"]], on="seed")
        pairs = kept("judging_pairs.csv", pairs, "lot", "validation")
        curve = kept("judging_curve.csv", curve, "set", "sample")
    for table in (seeds, pairs, curve):
        print(table.to_string(index=False))
    if not options.quick:
        for name, table in (("seeds", seeds), ("pairs", pairs), ("curve", curve)):
            write(f"judging_{name}.csv", table)


if __name__ == "__main__":
    main()
