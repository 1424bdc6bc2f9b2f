"""A network's state before its first step is what nudging finds."""

import numpy as np
import pytest

from nnlib.activations import sigmoid, sigmoid_derivative
from nnlib.gradient_check import numerical_gradient
from nnlib.losses import squared_error
from nnlib.network import Layer, forward
from nnlib.views.saturation import deep_sizes, drawn, look_at, slopes


@pytest.fixture(scope="module")
def digits():
    rng = np.random.default_rng(4)
    return rng.random((784, 40), dtype=np.float32), rng.integers(0, 10, 40)


def test_start_values_are_one_draw_that_is_stretched():
    sizes = deep_sizes(2)
    assert sizes == [784, 20, 10, 10] and deep_sizes(1) == [784, 20, 10]
    one, two, divided = drawn(sizes, 1), drawn(sizes, 2), drawn(sizes, 2, divided=True)
    for (W, b), (V, c), (U, d), n in zip(one, two, divided, sizes):
        assert W.dtype == np.float32
        assert np.allclose(V, 2 * W) and np.allclose(c, 2 * b) and b.any()
        assert np.allclose(U, 2 * W / np.sqrt(n)) and not d.any()
    assert np.std(one[0].W) == pytest.approx(1, abs=0.02)


def test_slopes_are_those_of_the_activation():
    Z = np.array([[-8.0, -1.0, 0.5, 8.0]])
    assert np.allclose(slopes(Z, "sigmoid"), sigmoid_derivative(Z))
    assert np.array_equal(slopes(Z, "relu"), [[0, 0, 1, 1]])
    assert np.allclose(slopes(Z, "tanh"), 1 - np.tanh(Z) ** 2)


def test_a_state_is_what_nudging_finds(rng):
    sizes, m = [6, 5, 4, 3], 7
    params = [
        Layer(rng.normal(size=(n, k)), rng.normal(size=(n, 1))) for k, n in zip(sizes, sizes[1:])
    ]
    X, y = rng.random((6, m)), rng.integers(0, 3, m)
    names = ("tanh", "sigmoid", "sigmoid")
    Zs, _ = forward(params, X, names)
    Y = np.eye(3)[:, y]
    state = look_at(params, X, y, names)

    def loss_from_Z2(Z):
        return m * squared_error(sigmoid(params[2].W @ sigmoid(Z) + params[2].b), Y)

    dZ2 = numerical_gradient(loss_from_Z2, Zs[1])
    assert state.errors[1] == pytest.approx(np.sqrt((dZ2**2).mean()), rel=1e-6)

    def loss_with_W1(W):
        return squared_error(forward([Layer(W, params[0].b), *params[1:]], X, names)[1][-1], Y)

    dW1 = numerical_gradient(loss_with_W1, params[0].W)
    assert state.gradients[0] == pytest.approx(np.linalg.norm(dW1), rel=1e-6)
    flat = [1 - np.tanh(Zs[0]) ** 2 < 0.001, *(sigmoid_derivative(Z) < 0.001 for Z in Zs[1:])]
    assert state.shares == [share.mean() for share in flat]


def test_saturated_is_counted_in_every_layer(digits):
    params = drawn(deep_sizes(2), 1)
    Zs, _ = forward(params, 255 * digits[0], ("sigmoid",) * 3)
    state = look_at(params, 255 * digits[0], digits[1], ("sigmoid",) * 3)
    assert state.shares == pytest.approx([(np.abs(Z) > 6.9058).mean() for Z in Zs], abs=1e-3)
    assert state.shares[0] > 0.95
