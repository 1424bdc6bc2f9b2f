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
def slopes(rng):
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


NAMES = ("dW1", "db1", "dW2", "db2")


@exercise(
    "06-1",
    praise="Four gradients, each of the shape of its parameter, and only these carry the 1/m.",
    hints=(
        "go backwards: dZ2 = P - Y first; dW2 and db2 need nothing else but A1.",
        "then dA1 = W2.T @ dZ2, and dZ1 is dA1 times relu's slope at Z1, entry by entry.",
        "dW1 = dZ1 @ X.T / m, db1 = dZ1.sum(axis=1, keepdims=True) / m; the second layer alike.",
    ),
)
def judge_backward(answer):
    """Number and order of the results, shapes, then what a wrong value is a multiple of."""
    n = small(np.random.default_rng(0))
    right = right_gradients(n)  # before the answer, which may change what it is given
    m, shapes = 7, ((5, 6), (5, 1), (4, 5), (4, 1))
    try:
        got = answer(layers(n), n.X, n.A1, n.Z1, n.P, n.Y)
    except ValueError as error:
        return (
            f"two shapes do not fit ({error}); the check uses 6 inputs, 5 hidden units, 4 classes "
            "and 7 samples: write the shape beside every line"
        )
    if not isinstance(got, tuple | list) or len(got) != 4:
        return "return four arrays, in the order dW1, db1, dW2, db2"
    got = [np.asarray(array, dtype=np.float64) for array in got]
    if [array.shape for array in got] == [shapes[k] for k in (2, 3, 0, 1)]:
        return "the four are there, but in another order: return dW1, db1, dW2, db2"
    for name, array, shape in zip(NAMES, got, shapes):
        if array.shape != shape:
            return wrong_shape(name, array, shape, m)
    for name, array, true in reversed(list(zip(NAMES, got, right))):
        if not relative_error(array, true) <= 1e-7:
            return wrong_value(name, array, true, n)
    nine = small(np.random.default_rng(1), 9)
    right = right_gradients(nine)
    got = answer(layers(nine), nine.X, nine.A1, nine.Z1, nine.P, nine.Y)
    for array, true in zip(got, right, strict=True):
        if not relative_error(np.asarray(array, dtype=np.float64), true) <= 1e-7:
            return "right for 7 samples, not for 9: m is the number of samples given, X.shape[1]"
    return None


def layers(n):
    """The parameters as the library holds them."""
    return [Layer(n.W1, n.b1), Layer(n.W2, n.b2)]


def right_gradients(n):
    """dW1, db1, dW2, db2."""
    Zs, As = [n.Z1, n.W2 @ n.A1 + n.b2], [n.X, n.A1, n.P]
    return [array for layer in backward(layers(n), Zs, As, n.Y) for array in layer]


def wrong_shape(name, array, shape, m):
    """The sentence for an array of the wrong shape."""
    if name.startswith("dW") and array.shape == shape[::-1]:
        return f"your {name} is {array.shape}, transposed; it has the shape of {name[1:]}, {shape}"
    if array.shape in ((m,), (1, m)):
        return (
            f"your {name} has {m} entries, one a sample: you summed over the units; sum over the "
            f"samples, axis=1, for one entry a unit, {shape}"
        )
    if array.shape == ():
        return (
            f"your {name} is a single number for all units; each unit has its own bias: sum over "
            "the samples only, axis=1, keepdims=True"
        )
    if array.shape == shape[:1]:
        return f"your {name} is {array.shape}; keepdims=True makes it a column, {shape}"
    return f"your {name} is {array.shape}; a gradient has the shape of its parameter, {shape}"


def wrong_value(name, array, true, n):
    """The sentence for an array of the right shape with wrong values."""
    if not np.isfinite(array).all():
        return f"your {name} holds values that are not finite"
    factor = (array * true).sum() / (true**2).sum()
    if np.allclose(array, factor * true, rtol=1e-6, atol=1e-12):
        if np.isclose(factor, -1):
            return f"your {name} has the wrong sign: dZ2 is prediction minus truth, P - Y"
        if np.isclose(factor, 7):
            return f"your {name} is 7 times too large: divide by m, which is 7 here"
        return f"your {name} is {factor:.3g} times the right one; the only factor is 1 / m"
    if np.allclose(array, array.flat[0]):
        return f"all entries of your {name} are equal; each unit has its own bias: sum along axis=1"
    open_gate = n.W2.T @ n.dZ2
    for dZ1, says in (
        (open_gate, "it lacks relu's slope: a unit that was off passes nothing back, relu'(Z1)"),
        (open_gate * n.Z1, "you multiplied by Z1 itself; it is relu's slope, 1 where Z1 > 0"),
        (open_gate * n.A1, "you multiplied by A1 itself; it is relu's slope, 1 where Z1 > 0"),
        (open_gate * (n.Z1 <= 0), "the gate is the wrong way round: the slope is 1 where Z1 > 0"),
    ):
        for value in (dZ1 @ n.X.T / 7, dZ1.sum(axis=1, keepdims=True) / 7):
            if value.shape == array.shape and np.allclose(value, array):
                return f"your {name} is off because of dZ1: {says}"
    if name == "dW2" and np.allclose(array, n.P @ n.A1.T / 7):
        return "your dW2 uses P alone; the error is dZ2 = P - Y"
    error = relative_error(array, true)
    return f"your {name} has relative error {error:.2g}; the shape is right, the values are not"


@exercise(
    "06-2",
    praise="Error, weighted by what leaves the unit, gated by relu, times what came in.",
    hints=(
        "dZ2 = P - Y: subtract the truth, which is 1 for class 0 and 0 for class 1.",
        "hidden unit 0 feeds both outputs: its weights are the column (0.5, -1) of W2.",
        "dW1[1, 0] = dZ1[1] times x[0], and hidden unit 1 is off, so dZ1[1] = 0.",
    ),
)
def judge_on_paper(answer):
    """Each number in turn, and the slips that give another one."""
    got = answer()
    if not isinstance(got, tuple | list | np.ndarray) or np.size(got) != 3:
        return "give three numbers: dZ2[0], dZ1[0], dW1[1, 0]"
    if any(number is None for number in got):
        return "one of the three is still None"
    a, b, c = (float(np.asarray(number).squeeze()) for number in got)
    P = softmax(np.array([0.5, 0.0]))
    dZ2 = P - [1, 0]
    dZ1 = 0.5 * dZ2[0] - dZ2[1]
    right = {"dZ2[0]": (a, dZ2[0]), "dZ1[0]": (b, dZ1), "dW1[1, 0]": (c, 0.0)}
    slips = [
        ("dZ2[0]", -dZ2[0], "the sign: prediction minus truth"),
        ("dZ2[0]", P[0], "the probability; the truth is still to be subtracted"),
        ("dZ1[0]", 0.5 * dZ2[0] - 1.5 * dZ2[1], "row 0 of W2; unit 0 sends along column 0"),
        ("dZ1[0]", -dZ1, "the sign: check dZ2 = P - Y"),
        ("dZ1[0]", 0.5 * dZ2[0], "one of two paths: unit 0 feeds both outputs"),
        ("dZ1[0]", 2 * dZ1, "Z1 as a factor; relu's slope at Z1 = 2 is 1"),
        ("dW1[1, 0]", 4 * dZ2[1], "the gate left open: unit 1 has Z1 = -1 and passes nothing"),
        ("dW1[1, 0]", dZ1, "dW1[0, 1]: the row is the unit the weight leads to"),
        ("dW1[1, 0]", 2 * dZ1, "dW1[0, 0]: row 1 belongs to hidden unit 1"),
    ]
    for name, (value, true) in right.items():
        if abs(value - true) < 0.0015:
            continue
        for slip_of, slip, says in slips:
            if slip_of == name and abs(value - slip) < 0.0015:
                return f"your {name} = {value:.3f} is {says}"
        return f"your {name} = {value:.3f} is not right; go through its line once more"
    return None
