"""The instrument itself: right gradients pass, twelve classic mistakes do not."""

import numpy as np
import pytest

from nnlib.activations import ACTIVATIONS, softmax
from nnlib.backprop import backward
from nnlib.gradient_check import check_gradient, numerical_gradient, relative_error
from nnlib.losses import cross_entropy, mean_loss, one_hot
from nnlib.network import Layer, forward, init_params

BAR = 1e-7


def test_numerical_gradient_of_a_known_function(rng):
    a = rng.normal(size=(3, 4))
    before = a.copy()
    assert relative_error(numerical_gradient(lambda a: (a**3).sum(), a), 3 * a**2) < 1e-9
    np.testing.assert_array_equal(a, before)


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ([3.0, 4.0], [3.0, 4.0], 0),
        ([3.0, 4.0], [-3.0, -4.0], 1),  # the sign
        ([3.0, 4.0], [0.0, 0.0], 1),  # nothing
        ([3.0, 4.0], [21.0, 28.0], 0.75),  # seven times too large
        ([0.0, 0.0], [0.0, 0.0], 0),
    ],
)
def test_relative_error_can_be_read(a, b, expected):
    assert relative_error(np.array(a), np.array(b)) == pytest.approx(expected)


def drawn_network(seed, sizes=(6, 5, 4, 3), m=7, activations=("relu", "tanh", "softmax")):
    """A small network whose relu units stay away from the kink: redrawn until they do."""
    rng = np.random.default_rng(seed)
    while True:
        params = init_params(sizes, rng, "uniform", np.float64)  # biases are not zero
        X, y = rng.normal(size=(sizes[0], m)), rng.integers(0, sizes[-1], m)
        Zs, _ = forward(params, X, activations)
        if min(np.abs(Z).min() for Z in Zs) > 1e-3:
            return params, X, y


def test_a_right_gradient_passes():
    params, X, y = drawn_network(0)
    errors = check_gradient(params, X, y, ("relu", "tanh", "softmax"))
    assert all(error < BAR for layer in errors for error in layer)


# Twelve mistakes in backpropagation, as they have been published. Each is a `backward` for a
# network of three layers, sigmoid, sigmoid, softmax; the two hidden layers have the *same* width,
# so that no wrong shape gives it away.

NAMES = ("sigmoid", "sigmoid", "softmax")


def slope(Z):
    """The derivative of the sigmoid, in the textbook form."""
    A = ACTIVATIONS["sigmoid"].function(Z)
    return A * (1 - A)


def three_layers(params, Zs, As, Y, **mistake):
    """A backward pass written out, with places where a mistake can be planted."""
    m = Y.shape[1]
    how = {
        "first": lambda P, Y: P - Y,
        "scale": m,
        "bias": lambda dZ: dZ.sum(axis=1, keepdims=True),
        "back": lambda W, dZ, Z: (W.T @ dZ) * slope(Z),
        "outer": lambda dZ, A: dZ @ A.T,
        "input": As[0],
    } | mistake
    dZ3 = how["first"](As[3], Y)
    dZ2 = how["back"](params[2].W, dZ3, Zs[1]) if "wide" not in how else how["wide"](dZ3)
    dZ1 = how["back"](params[1].W, dZ2, Zs[0])
    pairs = [(dZ1, how["input"]), (dZ2, As[1]), (dZ3, As[2])]
    return [Layer(how["outer"](dZ, A) / how["scale"], how["bias"](dZ) / m) for dZ, A in pairs]


def keeps_shape(f):
    """A way back that has its mistake only where the widths agree, and is right elsewhere."""

    def back(W, dZ, Z):
        square = W.shape[0] == W.shape[1]
        return f(W, dZ, Z) if square else (W.T @ dZ) * slope(Z)

    return back


MISTAKES = {
    "sign of the output error": {"first": lambda P, Y: Y - P},
    "output error divided by P": {"first": lambda P, Y: -Y / P},
    "softmax taken element by element": {"first": lambda P, Y: -Y * (1 - P)},
    "missing 1/m in dW": {"scale": 1},
    "scalar bias gradient": {"bias": lambda dZ: np.full((len(dZ), 1), dZ.sum())},
    "bias gradient over the units": {"bias": lambda dZ: np.full((len(dZ), 1), dZ.sum(axis=0)[0])},
    "bias never trained": {"bias": lambda dZ: np.zeros((len(dZ), 1))},
    "derivative forgotten": {"back": lambda W, dZ, Z: W.T @ dZ},
    "derivative of the activation, not of Z": {
        "back": lambda W, dZ, Z: (W.T @ dZ) * slope(ACTIVATIONS["sigmoid"].function(Z))
    },
    "W not transposed": {"back": keeps_shape(lambda W, dZ, Z: (W @ dZ) * slope(Z))},
    "bracket in the wrong place": {"back": keeps_shape(lambda W, dZ, Z: W.T @ (dZ * slope(Z)))},
    "input one sample off": {"input": None},
}


@pytest.mark.parametrize("name", MISTAKES)
def test_twelve_planted_mistakes_are_caught(name):
    params, X, y = drawn_network(1, (6, 5, 5, 3), activations=NAMES)
    Zs, As = forward(params, X, NAMES)
    Y = one_hot(y, 3, np.float64)
    right = three_layers(params, Zs, As, Y)
    for layer, reference in zip(right, backward(params, Zs, As, Y, NAMES), strict=True):
        np.testing.assert_allclose(layer.W, reference.W, rtol=1e-12)
        np.testing.assert_allclose(layer.b, reference.b, rtol=1e-12, atol=1e-16)

    mistake = dict(MISTAKES[name])
    if "input" in mistake:
        mistake["input"] = np.roll(X, 1, axis=1)
    wrong = three_layers(params, Zs, As, Y, **mistake)
    errors = []
    for l, layer in enumerate(wrong):
        for part in ("W", "b"):

            def loss(array, l=l, part=part):
                changed = list(params)
                changed[l] = params[l]._replace(**{part: array})
                Zs, As = forward(changed, X, NAMES)
                return mean_loss(Zs[-1], As[-1], y)

            numeric = numerical_gradient(loss, getattr(params[l], part))
            errors.append(relative_error(getattr(layer, part), numeric))
    assert len(MISTAKES) == 12
    assert max(errors) > 1e-3, f"{name} was not caught"


def test_the_scalar_bias_gradient_says_exactly_one(rng):
    Z, y = rng.normal(size=(10, 7)), rng.integers(0, 10, 7)
    b = np.zeros((10, 1))
    numeric = numerical_gradient(lambda b: cross_entropy(Z + b, y), b)
    scalar = (softmax(Z) - one_hot(y, dtype=np.float64)).sum() / 7
    assert abs(scalar) < 1e-15  # the columns of P and of Y both sum to 1
    assert relative_error(np.full((10, 1), scalar), numeric) == pytest.approx(1, abs=1e-9)


@pytest.mark.parametrize("a", [np.nan, np.inf])
def test_what_is_not_finite_is_never_right(a):
    with np.errstate(invalid="ignore"):
        errors = (
            relative_error(np.array([a]), np.ones(1)),
            relative_error(np.array([a]), np.array([a])),
        )
    assert not any(error <= 1e-7 for error in errors)


def test_whole_numbers_have_slopes_too():
    gradient = numerical_gradient(lambda a: (a**2).sum(), np.array([1, 2, 3]))
    np.testing.assert_allclose(gradient, [2, 4, 6], rtol=1e-6)


@pytest.mark.parametrize(
    ("factor", "expected"),
    [(1, 0), (-1, 1), (7, 0.75)],  # right, a wrong sign, a missing 1/m
)
def test_another_backward_of_the_same_form_is_examined(factor, expected):
    params, X, y = drawn_network(0)
    names = ("relu", "tanh", "softmax")

    def other(*given):
        return [Layer(factor * dW, factor * db) for dW, db in backward(*given)]

    errors = np.array(check_gradient(params, X, y, names, backward=other))
    np.testing.assert_allclose(errors, expected, atol=BAR)
