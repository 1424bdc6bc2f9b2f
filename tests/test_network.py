"""Parameters and the forward pass."""

import numpy as np
import pytest

from nnlib.activations import relu, softmax
from nnlib.network import STARTS, Layer, forward, init_params, predict


def test_forward_by_hand():
    params = [
        Layer(np.array([[1.0, -1.0], [2.0, 0.5]]), np.array([[0.5], [-4.0]])),
        Layer(np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([[0.0], [1.0]])),
    ]
    Zs, As = forward(params, np.array([[1.0], [2.0]]), ("relu", "identity"))
    np.testing.assert_array_equal(Zs[0], [[-0.5], [-1.0]])
    np.testing.assert_array_equal(As[1], [[0], [0]])
    np.testing.assert_array_equal(As[2], [[0], [1]])


def test_forward_is_the_two_lines_of_the_lesson(rng):
    params = init_params([6, 5, 4], rng, "uniform", np.float64)
    (W1, b1), (W2, b2) = params
    X = rng.random((6, 7))
    P = softmax(W2 @ relu(W1 @ X + b1) + b2)
    Zs, As = forward(params, X)
    np.testing.assert_array_equal(As[-1], P)
    assert As[0] is X and len(Zs) == 2 and len(As) == 3
    np.testing.assert_array_equal(predict(params, X), P.argmax(axis=0))


@pytest.mark.parametrize("last", ["softmax", "sigmoid", "identity"])
def test_a_batch_equals_its_samples_one_at_a_time(rng, last):
    params = init_params([6, 5, 4, 3], rng, "uniform", np.float64)
    X = rng.random((6, 7))
    names = ("tanh", "relu", last)
    Zs, As = forward(params, X, names)
    alone = [forward(params, X[:, j : j + 1], names)[1][-1] for j in range(7)]
    np.testing.assert_allclose(As[-1], np.hstack(alone), rtol=1e-12)


@pytest.mark.parametrize("start", list(STARTS))
def test_shapes_dtype_and_seed(start):
    sizes = [784, 32, 16, 10]
    params = init_params(sizes, np.random.default_rng(3), start)
    again = init_params(sizes, np.random.default_rng(3), start)
    for (W, b), (W2, b2), n_in, n_out in zip(params, again, sizes, sizes[1:], strict=False):
        assert W.shape == (n_out, n_in) and b.shape == (n_out, 1)
        assert W.dtype == b.dtype == np.float32
        np.testing.assert_array_equal(W, W2)
        np.testing.assert_array_equal(b, b2)


@pytest.mark.parametrize(
    ("start", "variance"), [("he", 2 / 784), ("xavier", 2 / (784 + 500)), ("uniform", 1 / 12)]
)
def test_start_values_have_the_promised_variance(start, variance):
    ((W, b),) = init_params([784, 500], np.random.default_rng(0), start, np.float64)
    assert W.var() == pytest.approx(variance, rel=0.02)
    assert abs(W.mean()) < 4 * np.sqrt(variance / W.size)
    assert (b == 0).all() if start != "uniform" else b.std() > 0.2


def test_arguments_stay_as_they_were(rng):
    params = init_params([6, 5, 4], rng, dtype=np.float64)
    X = rng.random((6, 7))
    before = X.copy(), [(W.copy(), b.copy()) for W, b in params]
    forward(params, X)
    np.testing.assert_array_equal(X, before[0])
    for (W, b), (W0, b0) in zip(params, before[1], strict=True):
        np.testing.assert_array_equal(W, W0)
        np.testing.assert_array_equal(b, b0)


@pytest.mark.parametrize("names", [("relu",), ("relu", "relu", "softmax"), ()])
def test_one_activation_for_each_layer(rng, names):
    with pytest.raises(ValueError, match="2 layers need an activation each; got"):
        forward(init_params([6, 5, 4], rng), rng.random((6, 7)), names)


def test_misspelled_names_are_answered_with_those_there_are(rng):
    with pytest.raises(ValueError, match="no activation 'ReLU'; there are identity, relu, sigmoid"):
        forward(init_params([6, 5, 4], rng), rng.random((6, 7)), ("ReLU", "softmax"))
    with pytest.raises(ValueError, match="no start 'He'; there are he, xavier, uniform"):
        init_params([6, 5], rng, start="He")


def test_one_digit_as_a_vector_is_refused(rng):
    """W @ x + b would add the biases along the wrong axis: n digits out of one."""
    params = init_params([6, 5, 3], rng)
    with pytest.raises(ValueError, match=r"one sample a column; got shape \(6,\)"):
        predict(params, rng.random(6))
