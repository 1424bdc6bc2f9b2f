"""The gradient: every activation, every loss, depth 1 to 4, against central differences."""

import numpy as np
import pytest

from nnlib.backprop import backward, output_error
from nnlib.gradient_check import check_gradient
from nnlib.losses import one_hot
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
