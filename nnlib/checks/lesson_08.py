"""Lesson 08, Turn the knobs: its equations and exercises."""

import itertools
import math

import numpy as np

from nnlib.backprop import backward
from nnlib.checks.registry import equation, exercise
from nnlib.gradient_check import numerical_gradient
from nnlib.losses import cross_entropy, one_hot
from nnlib.network import Layer, forward, he, init_params

N_IN, N_OUT, M = 784, 10, 3200  # pixels, classes, and the digits that this lesson trains on
GOAL, BUDGET = 0.9, 500e6


def gradient(params, X, y):
    """The gradient by backpropagation, as one vector."""
    Zs, As = forward(params, X)
    grads = backward(params, Zs, As, one_hot(y, len(As[-1]), X.dtype))
    return np.concatenate([array.ravel() for layer in grads for array in layer])


@equation("8.1", "result", "the noise of a batch shrinks as the root of its size")
def noise_of_a_batch(rng):
    """The mean over all 35 batches of 3 out of 7 samples, against the formula."""
    m, size = 7, 3
    params = init_params([5, 4, 3], rng, "uniform", np.float64)
    X, y = rng.random((5, m)), rng.integers(0, 3, m)
    each = np.stack([gradient(params, X[:, [j]], y[[j]]) for j in range(m)])
    whole = gradient(params, X, y)
    batches = [list(batch) for batch in itertools.combinations(range(m), size)]
    found = [((gradient(params, X[:, b], y[b]) - whole) ** 2).sum() for b in batches]
    variance = ((each - whole) ** 2).sum(axis=1).mean()
    return [np.mean(found)], [variance / size * (m - size) / (m - 1)]


@equation("8.2", "result", "hidden units with the same weights have the same gradient")
def twins(rng):
    """Row 1 of dW1 by backpropagation, row 2 by central differences, of a network with twins."""
    (W1, b1), (W2, b2) = init_params([6, 5, 4], rng, "uniform", np.float64)
    W1[2], b1[2], W2[:, 2] = W1[1], b1[1], W2[:, 1]
    X, y = rng.random((6, 8)), rng.integers(0, 4, 8)
    dW1 = gradient([Layer(W1, b1), Layer(W2, b2)], X, y)[: W1.size].reshape(W1.shape)

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
    """A run of 2 epochs, 5 digits, batches of 2, 3 hidden units: counted product by product."""
    h, m, size, epochs = int(rng.integers(2, 5)), 5, 2, 2
    count = 0
    for _, first in itertools.product(range(epochs), range(0, m, size)):
        batch = min(size, m - first)
        count += n_products((h, N_IN), (N_IN, batch)) + n_products((N_OUT, h), (h, batch))
        count += n_products((N_OUT, batch), (batch, h)) + n_products((h, N_OUT), (N_OUT, batch))
        count += n_products((h, batch), (batch, N_IN))
        count += sum(array.size for layer in init_params([N_IN, h, N_OUT], rng) for array in layer)
    return [count], [cost(h, epochs, size, m)]


def n_products(left, right):
    """The multiplications of a matrix product, counted one by one from the shapes."""
    (rows, inner), (_, columns) = left, right
    return sum(1 for _ in itertools.product(range(rows), range(inner), range(columns)))


def cost(hidden, epochs, batch_size, m=M):
    """Equation (8.5)."""
    updates = math.ceil(m / (batch_size or m))
    parameters = (N_IN + 1) * hidden + (hidden + 1) * N_OUT
    return epochs * (m * (2 * N_IN + 3 * N_OUT) * hidden + updates * parameters)


@exercise(
    "08-1",
    praise="A start that looks at its inputs; the idea is used for networks that He's rule misses.",
    hints=(
        "the squares of the sums are on average n · v · (mean square of the inputs). Which v "
        "makes that 1?",
        "n times the mean square is (A**2).sum(axis=0).mean(); v is 1 divided by it.",
        "rng.normal wants the spread, the root of v, and the shape (n_out, len(A)).",
    ),
)
def judge_start(answer):
    """Shape first, then what is known of wrong variances, then the mean square itself."""
    rng = np.random.default_rng(8)
    A = np.where(rng.random((60, 40)) < 0.3, rng.random((60, 40)), 0)
    energy, n_out = (A**2).sum(axis=0).mean(), 2000
    W = np.asarray(answer(n_out, A.copy(), np.random.default_rng(1)))
    if W.shape != (n_out, len(A)):
        return f"W should have the shape {(n_out, len(A))}, (n_out, n); yours has {W.shape}"
    if np.ptp(W) == 0:
        return "all your weights are the same: these units are twins for ever; draw them"
    if abs(W.mean()) > 0.05 * W.std():
        return f"the mean of your weights is {W.mean():.3f}; it should be 0"
    found = ((W @ A) ** 2).mean()
    mistake = name_variance(W.var(), len(A), energy, (A**2).mean())
    if mistake:
        return f"{mistake}; the mean square of your sums is {found:.3g}, not 1"
    if not math.isclose(found, 1, rel_tol=0.05):
        return f"the mean square of your sums is {found:.3g}; it should be 1"
    if not np.array_equal(W, answer(n_out, A.copy(), np.random.default_rng(1))):
        return "the same rng gives other weights each time: draw from it, not from np.random"
    if np.array_equal(W, answer(n_out, A.copy(), np.random.default_rng(2))):
        return "another rng gives the same weights: draw from the rng that you are given"
    return None


def name_variance(variance, n, energy, mean_square):
    """The mistake that leads to this variance of the weights, or None."""
    known = {
        2 / n: "this is He's rule, which does not look at A",
        2 / energy: "the 2 is for what ReLU removes; here the sums before ReLU are asked",
        1 / n: "variance 1 / n is right for inputs whose mean square is 1; these have another",
        1 / energy**2: "you gave rng.normal the variance; it wants the spread, its root",
        1 / mean_square: "n is missing: each sum adds up n products",
    }
    near = [words for v, words in known.items() if math.isclose(variance, v, rel_tol=0.05)]
    return near[0] if near else None


@exercise(
    "08-2",
    praise="Good enough, for a known price: that is what most choices come to.",
    hints=(
        "multiply_adds(hidden, epochs, batch_size) tells the price before you train.",
        "the price is nearly proportional to hidden times epochs; halve both, and pay a quarter. "
        "Then look how many updates are left: are they enough?",
        "24 to 30 units, a rate of 0.05 to 0.1, batches of 8, three epochs; most of these arrive.",
    ),
)
def judge_budget(answer):
    """The form, the price, then what is known to go wrong with rate and batch."""
    rows = answer()
    needed = {"epoch", "train_loss", "validation_accuracy"}
    if not (isinstance(rows, list) and rows and all(needed <= set(row) for row in rows)):
        return "return the rows that sweep(train_once, [settings]) gives, a list of dicts"
    if [row["epoch"] for row in rows] != list(range(1, len(rows) + 1)):
        return "these are the rows of several runs; one run is asked for"
    if not {"hidden", "lr", "batch_size", "epochs"} & set(rows[0]):
        return (
            "these rows hold no settings, so no price; let sweep(train_once, [settings]) make them"
        )
    hidden, lr = rows[0].get("hidden", 32), rows[0].get("lr", 0.1)
    batch_size, epochs = rows[0].get("batch_size", 32), rows[0].get("epochs", 10)
    spent, share = cost(hidden, epochs, batch_size), rows[-1]["validation_accuracy"]
    price = f"{spent / 1e6:,.0f} million multiply-adds"
    if spent > BUDGET:
        return (
            f"it reads {100 * share:.1f} %, but costs {price}, {spent / BUDGET:.1f} times the "
            "budget; fewer units or fewer epochs"
        )
    if share >= GOAL:
        return None
    return f"{100 * share:.1f} % for {price}; {what_to_try(lr, batch_size, epochs, spent)}"


def what_to_try(lr, batch_size, epochs, spent):
    """Advice to somebody whose run is affordable and not good enough."""
    updates = epochs * math.ceil(M / (batch_size or M))
    if lr >= 1:
        return f"a learning rate of {lr:g} throws the units off; try a tenth of it"
    if updates < 200:
        return f"{updates} updates are few; smaller batches give more of them at the same price"
    if lr < 0.03:
        return f"a learning rate of {lr:g} is slow for {updates:,} updates; try ten times as much"
    return f"you have {(BUDGET - spent) / 1e6:,.0f} million left: another rate, or more units"
