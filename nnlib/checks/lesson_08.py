"""Lesson 08, Turn the knobs: its equations and exercises."""

import itertools
import math

import numpy as np

from nnlib.checks.answers import run
from nnlib.checks.diagnosis import not_finite
from nnlib.checks.lesson_07 import flat, gradient
from nnlib.checks.registry import equation, exercise
from nnlib.checks.values import numbers, shape_of
from nnlib.checks.words import kind_of, listed, plain
from nnlib.gradient_check import numerical_gradient
from nnlib.losses import cross_entropy
from nnlib.network import Layer, forward, he, init_params, multiply_adds
from nnlib.sweep import train_once

N_IN, N_OUT, M = 784, 10, 3200  # pixels, classes, and the digits that this lesson trains on
GOAL, BUDGET = 0.9, 500e6


def flat_gradient(params, X, y):
    """The gradient by backpropagation, as one vector."""
    return flat(gradient(params, X, y))


@equation("8.1", "result", "the noise of a batch shrinks as the root of its size")
def noise_of_a_batch(rng):
    """The mean over all 35 batches of 3 out of 7 samples, against the formula."""
    m, size = 7, 3
    params = init_params([5, 4, 3], rng, "uniform", np.float64)
    X, y = rng.random((5, m)), rng.integers(0, 3, m)
    each = np.stack([flat_gradient(params, X[:, [j]], y[[j]]) for j in range(m)])
    whole = flat_gradient(params, X, y)
    batches = [list(batch) for batch in itertools.combinations(range(m), size)]
    found = [((flat_gradient(params, X[:, b], y[b]) - whole) ** 2).sum() for b in batches]
    variance = ((each - whole) ** 2).sum(axis=1).mean()
    return [np.mean(found)], [variance / size * (m - size) / (m - 1)]


@equation("8.2", "result", "hidden units with the same weights have the same gradient")
def twin_gradients(rng):
    """Row 1 of dW1 by backpropagation, row 2 by central differences, of a network with twins."""
    (W1, b1), (W2, b2) = init_params([6, 5, 4], rng, "uniform", np.float64)
    W1[2], b1[2], W2[:, 2] = W1[1], b1[1], W2[:, 1]
    X, y = rng.random((6, 8)), rng.integers(0, 4, 8)
    dW1 = flat_gradient([Layer(W1, b1), Layer(W2, b2)], X, y)[: W1.size].reshape(W1.shape)

    def loss_with_row_2(row):
        changed = W1.copy()
        changed[2] = row
        Zs, _ = forward([Layer(changed, b1), Layer(W2, b2)], X)
        return cross_entropy(Zs[-1], y)

    return dW1[1], numerical_gradient(loss_with_row_2, W1[2].copy())


@equation("8.3", "result", "a layer with ReLU multiplies the mean square by n v / 2")
def mean_square_after_relu(rng):
    """The mean over all 256 choices of the signs of eight weights, against the formula."""
    A, size = rng.normal(0.3, 1, (8, 5)), 0.7  # weights are plus or minus 0.7: v = 0.49
    signs = np.array(list(itertools.product([-1, 1], repeat=8)))
    after = np.maximum(size * signs @ A, 0)
    return [(after**2).mean()], [0.5 * 8 * size**2 * (A**2).mean()]


class Spread:
    """Draws nothing: its normal numbers all lie one spread above the mean."""

    def normal(self, mean, spread, shape):
        """An array of mean + spread."""
        return np.full(shape, mean + spread)


@equation("8.4", "definition", "He's rule: variance 2 / n")
def he_rule(rng):
    """For 784 inputs 1 / 392, and its root."""
    W, _ = he(1, N_IN, Spread())
    return [W[0, 0] ** 2, W[0, 0]], [0.002551020408163265, 0.050507627227610534]


@equation("8.5", "result", "the multiply-adds of a run")
def cost_of_a_run(rng):
    """A run of 2 epochs, 5 digits, batches of 2, 2 to 4 hidden units: counted by products."""
    h, m, size, epochs = int(rng.integers(2, 5)), 5, 2, 2
    count = 0
    for _, first in itertools.product(range(epochs), range(0, m, size)):
        batch = min(size, m - first)
        count += n_products((h, N_IN), (N_IN, batch)) + n_products((N_OUT, h), (h, batch))
        count += n_products((N_OUT, batch), (batch, h)) + n_products((h, N_OUT), (N_OUT, batch))
        count += n_products((h, batch), (batch, N_IN))
        count += sum(array.size for layer in init_params([N_IN, h, N_OUT], rng) for array in layer)
    return [count], [multiply_adds(h, epochs, size, m)]


def n_products(left, right):
    """The multiplications of a matrix product, counted one by one from the shapes."""
    (rows, inner), (_, columns) = left, right
    return sum(1 for _ in itertools.product(range(rows), range(inner), range(columns)))


def inputs():
    """How many units, and inputs for them (n, m): many of 0 and small, then fewer and larger."""
    cases = []
    for seed, (n_out, n, m), share, largest in (
        (8, (2000, 60, 40), 0.3, 1),
        (9, (4000, 25, 90), 0.5, 3),
    ):
        rng = np.random.default_rng(seed)
        cases.append((n_out, (rng.random((n, m)) < share) * rng.uniform(0, largest, (n, m))))
    return cases


SQUARE = "; the mean square of your sums is {found}, not 1"
START_SAYS = {
    "shape": "W should have the shape {wanted}, (n_out, n); yours is {kind}",
    "twins": "all rows of W are the same: these units begin as twins; draw every row",
    "mean": "the mean of your weights is {mean}; it should be 0",
    "he": "this is He's rule, which does not look at A" + SQUARE,
    "relu": "the 2 is for what ReLU removes; here the sums before ReLU are asked" + SQUARE,
    "unit": "variance 1 / n is right for inputs whose mean square is 1; these have another"
    + SQUARE,
    "spread": "you gave rng.normal the variance; it wants the spread, its root" + SQUARE,
    "n": "n is missing: each sum adds up n products" + SQUARE,
    "axis": "you add up the squares of an input over all digits; a sum of products runs over the "
    "inputs of one digit, axis=0" + SQUARE,
    "square": "the mean square of your sums is {found} for {n} inputs; it should be 1",
    "unsteady": "the same rng gives other weights each time: draw from it, not from np.random",
    "fixed": "another rng gives the same weights: draw from the rng that you are given",
}
VARIANCES = {  # of the weights, under the mistake that leads to it: A -> v
    "he": lambda A: 2 / len(A),
    "relu": lambda A: 2 / (A**2).sum(axis=0).mean(),
    "unit": lambda A: 1 / len(A),
    "spread": lambda A: 1 / (A**2).sum(axis=0).mean() ** 2,
    "n": lambda A: 1 / (A**2).mean(),
    "axis": lambda A: 1 / (A**2).sum(axis=1).mean(),
}


def judge_start(answer):
    """The form, what is known of wrong variances, the mean square itself, then the rng."""
    cases = inputs()
    Ws = [answer(*case, np.random.default_rng(1)) for case in cases]
    forms = (judge_form(W, n_out, len(A)) for W, (n_out, A) in zip(Ws, cases))
    if mistake := next(filter(None, forms), None):
        return mistake
    Ws = [numbers(W) for W in Ws]
    found = [((W @ A) ** 2).mean() for W, (_, A) in zip(Ws, cases)]
    for key, variance in VARIANCES.items():
        if all(math.isclose(W.var(), variance(A), rel_tol=0.05) for W, (_, A) in zip(Ws, cases)):
            return START_SAYS[key].format(found=plain(found[0], 3))
    for square, (_, A) in zip(found, cases):
        if not math.isclose(square, 1, rel_tol=0.05):
            return START_SAYS["square"].format(found=plain(square, 3), n=len(A))
    if not np.array_equal(Ws[0], answer(*cases[0], np.random.default_rng(1))):
        return START_SAYS["unsteady"]
    is_fixed = np.array_equal(Ws[0], answer(*cases[0], np.random.default_rng(2)))
    return START_SAYS["fixed"] if is_fixed else None


def judge_form(value, n_out, n):
    """What is wrong with weights whatever their size, or None."""
    W = numbers(value)
    if W is None or W.shape != (n_out, n):
        return START_SAYS["shape"].format(wanted=(n_out, n), kind=kind_of(value))
    if mistake := not_finite("W", W):
        return mistake
    if (W == W[0]).all():
        return START_SAYS["twins"]
    is_off = abs(W.mean()) > 0.05 * W.std()
    return START_SAYS["mean"].format(mean=plain(W.mean(), 3)) if is_off else None


exercise(
    "08-1",
    "my_start(n_out, A, rng)",
    judge_start,
    praise="A start that looks at its inputs; the idea is used for networks that He's rule misses.",
    hints=(
        "the squares of the sums are on average n · v · (mean square of the inputs). Which v "
        "makes that 1?",
        "n times the mean square is (A**2).sum(axis=0).mean(); v is 1 divided by it.",
        "rng.normal wants the spread, the root of v, and the shape (n_out, len(A)).",
    ),
    says=START_SAYS,
)

SETTINGS = {"hidden": 32, "lr": 0.1, "batch_size": 32, "start": "he", "epochs": 10, "seed": 0}
NEEDED = {"epoch", "train_loss", "validation_accuracy"}
NO_CHOICE = """
def my_choice():
    settings = None
    return sweep(train_once, [settings], progress=False) if settings else None
"""
CHOICE_SAYS = {
    "rows": "return the rows that sweep(train_once, [settings]) gives, a list of dicts; yours is "
    "{kind}",
    "no settings": "these rows hold no settings, so no price; let sweep(train_once, [settings]) "
    "make them",
    "epochs": "one run is asked for, with all its rows, epochs 1, 2, 3 …; yours are of the epochs "
    "{epochs}",
    "odd": "no run can have these settings: {fault}",
    "dear": "it reads {share:.1f} %, but costs {price:,.0f} million multiply-adds, {times:.1f} "
    "times the budget; fewer units or fewer epochs",
    "invented": "your last row says {share:.1f} %, but a run with its settings ends at "
    "{again:.1f} %; hand over the rows that sweep returns",
    "fast": "{share:.1f} % for {price:,.0f} million multiply-adds; a learning rate of {lr:g} "
    "throws the units off; try a tenth of it",
    "few": "{share:.1f} % for {price:,.0f} million multiply-adds; {updates} updates are few; "
    "smaller batches give more of them at the same price",
    "slow": "{share:.1f} % for {price:,.0f} million multiply-adds; a learning rate of {lr:g} is "
    "slow for {updates:,} updates; try ten times as much",
    "left": "{share:.1f} % for {price:,.0f} million multiply-adds; you have {left:,.0f} million "
    "left: another rate, or more units",
}


def judge_choice(answer):
    """The form, the price, whether the run is real, then what goes wrong with rate and batch."""
    rows = answer()
    if mistake := judge_rows(rows):
        return mistake
    settings = {name: rows[0].get(name, usual) for name, usual in SETTINGS.items()}
    hidden, epochs, batch_size = (settings[n] for n in ("hidden", "epochs", "batch_size"))
    price = run(multiply_adds, (hidden, epochs, batch_size))
    if price.error:
        return CHOICE_SAYS["odd"].format(fault=price.error)
    share, price = 100 * rows[-1]["validation_accuracy"], price.value
    if price > BUDGET:
        fields = {"share": share, "price": price / 1e6, "times": price / BUDGET}
        return CHOICE_SAYS["dear"].format(**fields)
    repeated = run(lambda: train_once(**settings), ())
    if repeated.error:
        return CHOICE_SAYS["odd"].format(fault=repeated.error)
    again = 100 * repeated.value[-1]["validation_accuracy"]
    if not abs(share - again) <= 1:
        return CHOICE_SAYS["invented"].format(share=share, again=again)
    return None if share >= 100 * GOAL else what_to_try(settings, share, price)


def judge_rows(rows):
    """What is wrong with the form of rows, or None."""
    if not (isinstance(rows, list) and rows and all(map(is_row, rows))):
        return CHOICE_SAYS["rows"].format(kind=kind_of(rows))
    if not {"hidden", "lr", "batch_size", "epochs"} & set(rows[0]):
        return CHOICE_SAYS["no settings"]
    epochs = [row["epoch"] for row in rows]
    if epochs != list(range(1, len(rows) + 1)):
        return CHOICE_SAYS["epochs"].format(epochs=listed([plain(epoch) for epoch in epochs]))
    return None


def is_row(row):
    """Whether it is a row of a run."""
    return (
        isinstance(row, dict)
        and set(row) >= NEEDED
        and all(shape_of(row[name]) == () for name in NEEDED)
    )


def what_to_try(settings, share, price):
    """Advice to somebody whose run is affordable and not good enough."""
    lr, updates = settings["lr"], settings["epochs"] * math.ceil(M / (settings["batch_size"] or M))
    signs = {"fast": lr >= 1, "few": updates < 200, "slow": lr < 0.03, "left": True}
    fields = {"share": share, "price": price / 1e6, "lr": lr, "updates": updates}
    key = next(key for key, is_so in signs.items() if is_so)
    return CHOICE_SAYS[key].format(**fields, left=(BUDGET - price) / 1e6)


exercise(
    "08-2",
    "my_choice()",
    judge_choice,
    stub=NO_CHOICE,
    praise="Good enough, for a known price: that is what most choices come to.",
    hints=(
        "multiply_adds(hidden, epochs, batch_size) tells the price before you train.",
        "the price is nearly proportional to hidden times epochs; halve both, and pay a quarter. "
        "Then look how many updates are left: are they enough?",
        "24 to 30 units, a rate of 0.05 to 0.1, batches of 8, three epochs; most of these arrive.",
    ),
    says=CHOICE_SAYS,
)
