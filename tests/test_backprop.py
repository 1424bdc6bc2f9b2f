"""The gradient: every activation, every loss, depth 1 to 4, against central differences."""

import numpy as np
import pytest

from nnlib.backprop import backward, input_gradient, output_error, sign_attack
from nnlib.gradient_check import check_gradient, numerical_gradient, relative_error
from nnlib.losses import cross_entropy, one_hot
from nnlib.network import forward, init_params

BAR = 1e-7
SIZES = (7, 6, 5, 4, 3)  # all different, so that no transposition can hide
M = 8
HIDDEN = ["identity", "relu", "sigmoid", "tanh", "softmax"]
OUTPUTS = [("softmax", "cross_entropy")] + [(name, "squared_error") for name in HIDDEN]


def drawn(depth, names):
    """A network of some depth with biases that are not zero, no relu unit near its kink."""
    rng = np.random.default_rng(depth)
    sizes = SIZES[-depth - 1 :]
    while True:
        params = init_params(sizes, rng, "uniform", np.float64)
        X, y = rng.normal(size=(sizes[0], M)), rng.integers(0, sizes[-1], M)
        Zs, _ = forward(params, X, names)
        kinks = [np.abs(Z).min() for Z, name in zip(Zs, names, strict=True) if name == "relu"]
        if not kinks or min(kinks) > 1e-3:
            return params, X, y


@pytest.mark.parametrize("depth", [1, 2, 3, 4])
@pytest.mark.parametrize("hidden", HIDDEN)
@pytest.mark.parametrize(("output", "loss"), OUTPUTS)
def test_gradient_is_right(depth, hidden, output, loss):
    names = (hidden,) * (depth - 1) + (output,)
    params, X, y = drawn(depth, names)
    errors = check_gradient(params, X, y, names, loss)
    for l, (error_W, error_b) in enumerate(errors, start=1):
        assert error_W < BAR, f"dW of layer {l}"
        assert error_b < BAR, f"db of layer {l}"


@pytest.mark.parametrize("loss", ["cross_entropy", "squared_error"])
def test_every_gradient_has_the_shape_and_dtype_of_its_parameter(loss):
    rng = np.random.default_rng(0)
    params = init_params([7, 6, 5], rng)
    X, y = rng.random((7, 4), dtype=np.float32), rng.integers(0, 5, 4)
    Zs, As = forward(params, X)
    grads = backward(params, Zs, As, one_hot(y, 5), loss=loss)
    for layer, grad in zip(params, grads, strict=True):
        assert grad.W.shape == layer.W.shape and grad.b.shape == layer.b.shape
        assert grad.W.dtype == grad.b.dtype == np.float32


def test_doubling_the_batch_changes_nothing(rng):
    params = init_params([7, 6, 5], rng, "uniform", np.float64)
    X, y = rng.random((7, 4)), rng.integers(0, 5, 4)
    grads = []
    for copies in (1, 2):
        Zs, As = forward(params, np.tile(X, copies))
        grads.append(backward(params, Zs, As, one_hot(np.tile(y, copies), 5)))
    for once, twice in zip(*grads, strict=True):
        np.testing.assert_allclose(once.W, twice.W, rtol=1e-12, atol=1e-16)
        np.testing.assert_allclose(once.b, twice.b, rtol=1e-12, atol=1e-16)


def test_arguments_stay_as_they_were(rng):
    params = init_params([7, 6, 5], rng, "uniform", np.float64)
    Zs, As = forward(params, rng.random((7, 4)))
    Y = one_hot(rng.integers(0, 5, 4), 5)
    arrays = [*Zs, *As, Y, *(array for layer in params for array in layer)]
    before = [array.copy() for array in arrays]
    backward(params, Zs, As, Y)
    for array, copy in zip(arrays, before, strict=True):
        np.testing.assert_array_equal(array, copy)


def test_cross_entropy_without_softmax_is_refused(rng):
    params = init_params([7, 6, 5], rng)
    Zs, As = forward(params, rng.random((7, 4)), ("relu", "sigmoid"))
    with pytest.raises(ValueError, match="needs softmax as last activation; got 'sigmoid'"):
        backward(params, Zs, As, one_hot(np.arange(4), 5), ("relu", "sigmoid"))


@pytest.mark.parametrize("loss", ["mse", "cross-entropy", "Squared_Error"])
def test_an_unknown_loss_is_refused_and_the_two_are_named(loss, rng):
    A = rng.random((3, 4))
    with pytest.raises(ValueError, match="cross_entropy or squared_error; got"):
        output_error(A, A, A, "softmax", loss)


def test_backward_wants_one_activation_for_each_layer(rng):
    """The last name would be taken for the last layer, whatever stands between."""
    params = init_params([7, 5, 3], rng)
    Zs, As = forward(params, rng.random((7, 4)))
    with pytest.raises(ValueError, match="2 layers need an activation each; got"):
        backward(
            params, Zs, As, one_hot(np.arange(3).repeat(2)[:4], 3), ("relu", "relu", "softmax")
        )


def losses_of(params, X, y, names):
    """Each sample's own loss, (m,)."""
    Z = forward(params, X, names)[0][-1]
    return np.array([cross_entropy(Z[:, [j]], y[[j]]) for j in range(y.size)])


@pytest.mark.parametrize("depth", [1, 2, 3, 4])
@pytest.mark.parametrize("hidden", HIDDEN)
def test_the_slope_of_each_pixel_is_that_of_its_own_sample(depth, hidden):
    names = (hidden,) * (depth - 1) + ("softmax",)
    params, X, y = drawn(depth, names)
    dX = input_gradient(params, X, y, names)
    for j in range(M):
        numeric = numerical_gradient(
            lambda x, j=j: losses_of(params, x, y[[j]], names)[0], X[:, [j]]
        )
        assert relative_error(dX[:, [j]], numeric) < BAR
    alone = np.hstack([input_gradient(params, X[:, [j]], y[[j]], names) for j in range(M)])
    np.testing.assert_allclose(dX, alone, rtol=1e-12)  # no 1/m


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_slopes_and_attacks_have_the_shape_and_dtype_of_the_pixels(rng, dtype):
    params = init_params([7, 6, 5], rng, dtype=dtype)
    X, y = rng.random((7, 4)).astype(dtype), rng.integers(0, 5, 4)
    for made in (input_gradient(params, X, y), sign_attack(params, X, y, 0.1)):
        assert made.shape == X.shape and made.dtype == dtype


@pytest.mark.parametrize("y", [[3], [0, 1, 2], [0, 1, 2, 5], [0.0, 1, 2, 3], np.eye(5, 4)])
def test_a_slope_wants_a_label_for_each_sample(rng, y):
    params, X = init_params([7, 6, 5], rng), rng.random((7, 4))
    for use in (input_gradient, lambda *given: sign_attack(*given, 0.1)):
        with pytest.raises(ValueError, match=r"labels must be \(\d,\), whole numbers from 0 to 4"):
            use(params, X, np.array(y))


@pytest.mark.parametrize("depth", [1, 2, 3])
@pytest.mark.parametrize("hidden", ["relu", "tanh"])
def test_an_attack_raises_every_loss_and_with_a_minus_lowers_that_of_a_target(depth, hidden):
    names = (hidden,) * (depth - 1) + ("softmax",)
    params, X, y = drawn(depth, names)
    X = np.clip(0.5 + X / 8, 0.1, 0.9)  # pixels, and room on both sides
    target = (y + 1) % len(params[-1].W)
    before = losses_of(params, X, y, names), losses_of(params, X, target, names)
    away = sign_attack(params, X, y, 0.01, names)
    towards = sign_attack(params, X, target, -0.01, names)
    assert (losses_of(params, away, y, names) > before[0]).all()
    assert (losses_of(params, towards, target, names) < before[1]).all()
    for moved in (away, towards):
        np.testing.assert_allclose(np.abs(moved - X), 0.01, rtol=1e-12)


@pytest.mark.parametrize("epsilon", [0, 0.3, -0.3, 5.0])
def test_an_attack_stays_a_picture_within_epsilon(rng, epsilon):
    params, y = init_params([7, 6, 5], rng, "uniform", np.float64), rng.integers(0, 5, 9)
    X = np.clip(rng.normal(0.5, 0.5, (7, 9)), 0, 1)
    before = X.copy()
    moved = sign_attack(params, X, y, epsilon)
    assert moved.min() >= 0 and moved.max() <= 1
    assert np.abs(moved - X).max() <= abs(epsilon) + 1e-12
    np.testing.assert_array_equal(X, before)
    signs = np.sign(moved - X) * np.sign(input_gradient(params, X, y)) * np.sign(epsilon)
    assert (signs >= 0).all() and (signs.any() or epsilon == 0)


def test_a_pixel_that_no_unit_sees_does_not_move(rng):
    params = init_params([7, 6, 5], rng, "uniform", np.float64)
    params[0].W[:, 2] = 0
    X, y = rng.random((7, 4)), np.arange(4)
    assert not (input_gradient(params, X, y)[2]).any()
    np.testing.assert_array_equal(sign_attack(params, X, y, 0.1)[2], X[2])
