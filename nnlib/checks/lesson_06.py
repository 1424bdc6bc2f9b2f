"""Lesson 06, Send the error back: its equations and exercises."""

from typing import NamedTuple

import numpy as np

from nnlib.activations import (
    relu,
    relu_derivative,
    sigmoid,
    sigmoid_derivative,
    softmax,
    tanh,
    tanh_derivative,
)
from nnlib.backprop import backward
from nnlib.checks.engine import Task
from nnlib.checks.registry import equation, exercise
from nnlib.gradient_check import numerical_gradient, relative_error
from nnlib.losses import cross_entropy, one_hot
from nnlib.network import Layer, forward, init_params


class Small(NamedTuple):
    """A network with sizes 6-5-4 and seven samples: all different, biases not zero, float64."""

    X: np.ndarray
    y: np.ndarray
    Y: np.ndarray
    W1: np.ndarray
    b1: np.ndarray
    W2: np.ndarray
    b2: np.ndarray
    Z1: np.ndarray
    A1: np.ndarray
    P: np.ndarray
    dZ2: np.ndarray


def small(rng, m=7):
    """Draw one; no weighted sum lies near the kink of relu, where slopes cannot be measured."""
    while True:
        (W1, b1), (W2, b2) = init_params([6, 5, 4], rng, "uniform", np.float64)
        X, y = rng.normal(size=(6, m)), rng.integers(0, 4, m)
        Z1 = W1 @ X + b1
        if np.abs(Z1).min() > 1e-3:
            A1, Y = relu(Z1), one_hot(y, 4, np.float64)
            P = softmax(W2 @ A1 + b2)
            return Small(X, y, Y, W1, b1, W2, b2, Z1, A1, P, P - Y)


def own_losses(Z, y):
    """The loss of each sample, (m,)."""
    return np.array([cross_entropy(Z[:, j : j + 1], y[j : j + 1]) for j in range(y.size)])


def loops(left, right):
    """Row k of one matrix times row i of another, summed over their columns, one by one."""
    total = np.zeros((len(left), len(right)))
    for k, i, j in np.ndindex(len(left), len(right), left.shape[1]):
        total[k, i] += left[k, j] * right[i, j]
    return total


@equation("6.1", "result", "one weight, one sample")
def one_weight_one_sample(rng):
    """Nudge W2 and look at each sample's own loss, against dZ2_kj A1_ij."""
    n = small(rng)
    nudged = [
        numerical_gradient(lambda W, j=j: own_losses(W @ n.A1 + n.b2, n.y)[j], n.W2)
        for j in range(7)
    ]
    by_rule = np.zeros((7, 4, 5))
    for j, k, i in np.ndindex(7, 4, 5):
        by_rule[j, k, i] = n.dZ2[k, j] * n.A1[i, j]
    return nudged, by_rule


@equation("6.2", "result", "one weight, the mean over the samples")
def one_weight_mean(rng):
    """Nudge W2 and look at the mean loss, against the sum over j."""
    n = small(rng)
    nudged = numerical_gradient(lambda W: cross_entropy(W @ n.A1 + n.b2, n.y), n.W2)
    return nudged, loops(n.dZ2, n.A1) / 7


@equation("6.3", "result", "dW2 as a matrix product")
def weights_of_the_last_layer(rng):
    """Three loops against one product."""
    n = small(rng)
    return loops(n.dZ2, n.A1) / 7, n.dZ2 @ n.A1.T / 7


@equation("6.4", "result", "db2 is the mean along each row of dZ2")
def biases_of_the_last_layer(rng):
    """Nudge b2 and look at the mean loss, against the mean over samples."""
    n = small(rng)
    nudged = numerical_gradient(lambda b: cross_entropy(n.W2 @ n.A1 + b, n.y), n.b2)
    return nudged, n.dZ2.sum(axis=1, keepdims=True) / 7


@equation("6.5", "result", "one activation feeds all units of the next layer")
def one_activation(rng):
    """Nudge A1 and look at the summed losses (each sample's own), against the sum over k."""
    n = small(rng)
    nudged = numerical_gradient(lambda A: own_losses(n.W2 @ A + n.b2, n.y).sum(), n.A1)
    by_rule = np.zeros((5, 7))
    for i, j, k in np.ndindex(5, 7, 4):
        by_rule[i, j] += n.W2[k, i] * n.dZ2[k, j]
    return nudged, by_rule


@equation("6.6", "result", "dA1 as a matrix product")
def back_through_the_weights(rng):
    """Three loops against one product."""
    n = small(rng)
    return loops(n.W2.T, n.dZ2.T), n.W2.T @ n.dZ2


@equation("6.7", "result", "dZ1: through the weights, then through relu")
def back_through_relu(rng):
    """Nudge Z1 and look at the summed losses, against the bracketed form."""
    n = small(rng)
    nudged = numerical_gradient(lambda Z: own_losses(n.W2 @ relu(Z) + n.b2, n.y).sum(), n.Z1)
    return nudged, (n.W2.T @ n.dZ2) * relu_derivative(n.Z1)


@equation("6.8", "result", "the slopes of relu, sigmoid and tanh")
def activation_slopes(rng):
    """Nudge Z, away from relu's kink."""
    Z = rng.uniform(0.1, 2, (3, 4)) * rng.choice([-1, 1], (3, 4))
    nudged = [numerical_gradient(lambda Z, f=f: f(Z).sum(), Z) for f in (relu, sigmoid, tanh)]
    return nudged, [relu_derivative(Z), sigmoid_derivative(Z), tanh_derivative(Z)]


@equation("6.9", "result", "dW1 and db1: the same two rules, one layer further back")
def first_layer(rng):
    """Nudge W1 and b1 and look at the mean loss; weights and biases side by side."""
    n = small(rng)

    def mean_loss_of(W, b):
        return cross_entropy(n.W2 @ relu(W @ n.X + b) + n.b2, n.y)

    dW = numerical_gradient(lambda W: mean_loss_of(W, n.b1), n.W1)
    db = numerical_gradient(lambda b: mean_loss_of(n.W1, b), n.b1)
    dZ1 = (n.W2.T @ n.dZ2) * relu_derivative(n.Z1)
    return np.hstack([dW, db]), np.hstack([dZ1 @ n.X.T, dZ1.sum(axis=1, keepdims=True)]) / 7


@equation("6.10", "result", "the whole path of one weight of the first layer")
def whole_path(rng):
    """Nudge W1 and look at each sample's own loss, against the chain with nothing reused."""
    n = small(rng)

    def own(W):
        return own_losses(n.W2 @ relu(W @ n.X + n.b1) + n.b2, n.y)

    nudged = [numerical_gradient(lambda W, j=j: own(W)[j], n.W1) for j in range(7)]
    by_rule = np.zeros((7, 5, 6))
    for j, i, p in np.ndindex(7, 5, 6):
        through = sum(n.dZ2[k, j] * n.W2[k, i] for k in range(4))
        by_rule[j, i, p] = through * (n.Z1[i, j] > 0) * n.X[p, j]
    return nudged, by_rule


@equation("6.11", "result", "one step back, for any layer")
def any_layer(rng):
    """Nudge Z[1] of a 6-5-4-3 tanh network, against the rule with dZ[2] measured by nudging."""
    params = init_params([6, 5, 4, 3], rng, "uniform", np.float64)
    X, y = rng.normal(size=(6, 7)), rng.integers(0, 3, 7)
    _, (W2, b2), (W3, b3) = params
    Zs, _ = forward(params, X, ("tanh", "tanh", "softmax"))

    def from_Z2(Z):
        return own_losses(W3 @ tanh(Z) + b3, y).sum()

    dZ1 = numerical_gradient(lambda Z: from_Z2(W2 @ tanh(Z) + b2), Zs[0])
    dZ2 = numerical_gradient(from_Z2, Zs[1])
    return dZ1, (W2.T @ dZ2) * tanh_derivative(Zs[0])


@equation("6.12", "result", "the error of a gradient without its 1/m")
def missing_mean(rng):
    """The summed gradient against the mean one, for three batch sizes, and (m - 1) / (m + 1)."""
    mean, sizes = rng.normal(size=(4, 5)), np.array([2, 7, 4000])
    return [relative_error(m * mean, mean) for m in sizes], (sizes - 1) / (sizes + 1)


def layers(n):
    """The parameters as the library holds them."""
    return [Layer(n.W1, n.b1), Layer(n.W2, n.b2)]


def small_networks():
    """What exercise 06-1 gives, for 7 samples, then for 9."""
    nets = [small(np.random.default_rng(seed), m) for seed, m in ((0, 7), (1, 9))]
    return [(layers(n), n.X, n.A1, n.Z1, n.P, n.Y) for n in nets]


def right_gradients(params, X, A1, Z1, P, Y):
    """dW1, db1, dW2, db2 by the library."""
    (W2, b2) = params[1]
    return [array for g in backward(params, [Z1, W2 @ A1 + b2], [X, A1, P], Y) for array in g]


def by_hand(error=lambda P, Y: P - Y, gate=lambda Z1, A1: Z1 > 0, error2=None, A=None):
    """Another way to dW1, db1, dW2, db2: other errors, another gate, another A before layer 2."""

    def answer(params, X, A1, Z1, P, Y):
        dZ2 = error(P, Y)
        dZ1 = (params[1].W.T @ dZ2) * gate(Z1, A1)
        last = (error2 or error)(P, Y)
        pairs = (dZ1, X), (last, A(Z1, A1) if A else A1)
        of = [(dZ @ A.T / X.shape[1], dZ.mean(axis=1, keepdims=True)) for dZ, A in pairs]
        return [array for pair in of for array in pair]

    return answer


def only_dW2(wrong):
    """The right gradients, but dW2 from elsewhere."""

    def answer(*given):
        dW1, db1, _, db2 = right_gradients(*given)
        return dW1, db1, wrong(*given)[2], db2

    return answer


def with_biases(db):
    """The right gradients, but db1, db2, or both made by `db(dZ)`."""

    def making(which):
        def answer(params, X, A1, Z1, P, Y):
            got = list(right_gradients(params, X, A1, Z1, P, Y))
            dZ2 = P - Y
            dZs = {1: (params[1].W.T @ dZ2) * (Z1 > 0), 3: dZ2}
            return [db(dZs[p]) if p in which else array for p, array in enumerate(got)]

        return answer

    return tuple(making(which) for which in ((1, 3), (3,), (1,)))


def updated(lr):
    """New parameters instead of the gradient."""

    def answer(params, *given):
        old = [array for layer in params for array in layer]
        return [a - lr * g for a, g in zip(old, right_gradients(params, *given))]

    return answer


exercise(
    "06-1",
    "my_backward(params, X, A1, Z1, P, Y)",
    Task(
        right=right_gradients,
        cases=small_networks,
        names=("dW1", "db1", "dW2", "db2"),
        samples=lambda params, X, *_: X.shape[1],
        sizes="; the check uses 6 inputs, 5 hidden units, 4 classes, and 7 samples, then 9",
        backwards=True,
        with_error=True,
        slips={
            "the wrong sign: dZ2 is prediction minus truth, P - Y": by_hand(lambda P, Y: Y - P),
            "dW2 uses P alone; the error is dZ2 = P - Y": (
                by_hand(error2=lambda P, Y: P),
                by_hand(lambda P, Y: P),
                only_dW2(by_hand(lambda P, Y: P)),
            ),
            "P - Y holds the slope of softmax already; you sent it through softmax once more": (
                by_hand(lambda P, Y: P * ((P - Y) - (P * (P - Y)).sum(axis=0))),
                by_hand(lambda P, Y: (P - Y) * P * (1 - P)),
            ),
            "dZ2 takes the probabilities P, not the class that is read (argmax)": (
                by_hand(lambda P, Y: one_hot(P.argmax(axis=0), len(P), P.dtype) - Y)
            ),
            "these are new parameters; what is asked for is the gradient alone": tuple(
                updated(lr) for lr in (1, 0.5, 0.1, 0.01)
            ),
            "dW2 takes A1, what went into layer 2, not Z1": by_hand(A=lambda Z1, A1: Z1),
            "dW1 and db1 are off because of dZ1: it lacks relu's slope: a unit that was off passes "
            "nothing back, relu'(Z1)": by_hand(gate=lambda Z1, A1: 1),
            "dW1 and db1 are off because of dZ1: you multiplied by Z1 itself; it is relu's slope, "
            "1 where Z1 > 0": by_hand(gate=lambda Z1, A1: Z1),
            "dW1 and db1 are off because of dZ1: you multiplied by A1 itself; it is relu's slope, "
            "1 where Z1 > 0": by_hand(gate=lambda Z1, A1: A1),
            "dW1 and db1 are off because of dZ1: the gate is the wrong way round: the slope is 1 "
            "where Z1 > 0": by_hand(gate=lambda Z1, A1: Z1 <= 0),
            "a bias has an entry a unit; yours has an entry a sample: you summed over the units; "
            "sum over the samples, axis=1": (
                *with_biases(lambda dZ: dZ.sum(axis=0, keepdims=True) / dZ.shape[1]),
                *with_biases(lambda dZ: dZ.sum(axis=0) / dZ.shape[1]),
            ),
            "a bias gradient is one number for all units; each unit has its own bias: sum over the "
            "samples only, axis=1, keepdims=True": (
                *with_biases(lambda dZ: dZ.sum() / dZ.shape[1]),
                *with_biases(lambda dZ: np.full((len(dZ), 1), dZ.sum() / dZ.shape[1])),
            ),
        },
    ),
    praise="Four gradients, each of the shape of its parameter, and only these carry the 1/m.",
    hints=(
        "go backwards: dZ2 = P - Y first; dW2 and db2 need nothing else but A1.",
        "then dA1 = W2.T @ dZ2, and dZ1 is dA1 times relu's slope at Z1, entry by entry.",
        "dW1 = dZ1 @ X.T / m, db1 = dZ1.sum(axis=1, keepdims=True) / m; the second layer alike.",
    ),
)

P = softmax(np.array([0.5, 0.0]))  # of the network on paper
ERROR, WEIGHTS = P - [1, 0], np.array([0.5, -1.0])  # dZ2, and column 0 of W2
HIDDEN = float(WEIGHTS @ ERROR)  # dZ1[0]


def on_paper(first=ERROR[0], second=HIDDEN, third=0.0):
    """An answer with these three numbers."""
    return lambda: (first, second, third)


exercise(
    "06-2",
    "on_paper()",
    Task(
        right=on_paper(),
        cases=lambda: [()],
        names=("dZ2[0]", "dZ1[0]", "dW1[1, 0]"),
        gives="three numbers: dZ2[0], dZ1[0], dW1[1, 0]",
        rounding=0.0015,
        is_secret=True,
        slips={
            "the sign of dZ2[0]: it is prediction minus truth": on_paper(first=-ERROR[0]),
            "the probability is not yet dZ2[0]; the truth is still to be subtracted": (
                on_paper(first=P[0])
            ),
            "you went along row 0 of W2; unit 0 sends along column 0": (
                on_paper(second=0.5 * ERROR[0] - 1.5 * ERROR[1])
            ),
            "the sign of dZ1[0]: check dZ2 = P - Y": on_paper(second=-HIDDEN),
            "that is one of two paths: unit 0 feeds both outputs": (
                on_paper(second=0.5 * ERROR[0]),
                on_paper(second=-ERROR[1]),
            ),
            "you took Z1 as a factor; relu's slope at Z1 = 2 is 1": on_paper(second=2 * HIDDEN),
            "the gate was left open: unit 1 has Z1 = -1 and passes nothing": (
                on_paper(third=4 * ERROR[1])
            ),
            "this is dW1[0, 1]: the row is the unit that the weight leads to": (
                on_paper(third=HIDDEN)
            ),
            "this is dW1[0, 0]: row 1 belongs to hidden unit 1": on_paper(third=2 * HIDDEN),
        },
    ),
    praise="Error, weighted by what leaves the unit, gated by relu, times what came in.",
    hints=(
        "dZ2 = P - Y: subtract the truth, which is 1 for class 0 and 0 for class 1.",
        "hidden unit 0 feeds both outputs: its weights are the column (0.5, -1) of W2.",
        "dW1[1, 0] = dZ1[1] times x[0]; is hidden unit 1 on or off?",
    ),
)
