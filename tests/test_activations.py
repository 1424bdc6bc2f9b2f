"""Activations and their derivatives: values, slopes, dtypes, and what must hold for any scores."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from nnlib import activations
from nnlib.activations import (
    ACTIVATIONS,
    identity,
    relu,
    relu_derivative,
    sigmoid,
    sigmoid_derivative,
    softmax,
    tanh_derivative,
)
from nnlib.gradient_check import numerical_gradient, relative_error

ELEMENT_WISE = ["identity", "relu", "sigmoid", "tanh"]
shapes = hnp.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=12)


def scores(limit, dtype):
    """Any matrix of scores up to a limit."""
    numbers = st.floats(-limit, limit, width=32 if dtype == np.float32 else 64)
    return hnp.arrays(dtype, shapes, elements=numbers)


def test_values_worked_by_hand():
    Z = np.array([[-2.0, 0.0, 3.0]])
    np.testing.assert_array_equal(relu(Z), [[0, 0, 3]])
    np.testing.assert_array_equal(relu_derivative(Z), [[0, 0, 1]])
    np.testing.assert_array_equal(identity(Z), Z)
    np.testing.assert_allclose(sigmoid(Z), [[0.11920292, 0.5, 0.95257413]], atol=1e-8)
    np.testing.assert_allclose(sigmoid_derivative(Z), [[0.10499359, 0.25, 0.04517666]], atol=1e-8)
    np.testing.assert_allclose(tanh_derivative(Z), [[0.07065082, 1, 0.00986604]], atol=1e-8)


def test_softmax_worked_by_hand():
    P = softmax(np.array([[1.3, 1.3], [5.1, 5.1], [2.2, 2.2]]))
    np.testing.assert_allclose(P[:, 0], [0.02076, 0.92817, 0.05107], atol=5e-6)
    np.testing.assert_array_equal(P[:, 0], P[:, 1])


@pytest.mark.parametrize("name", ELEMENT_WISE)
def test_derivative_is_the_slope(name, rng):
    function = getattr(activations, name)
    derivative = getattr(activations, f"{name}_derivative")
    Z = rng.normal(size=(4, 7))
    Z[np.abs(Z) < 1e-2] = 0.5  # away from the kink of relu
    slope = (function(Z + 1e-5) - function(Z - 1e-5)) / 2e-5
    assert relative_error(derivative(Z), slope) < 1e-7


@pytest.mark.parametrize("name", list(ACTIVATIONS))
def test_backward_carries_a_gradient(name, rng):
    Z, dA = rng.normal(size=(5, 3)), rng.normal(size=(5, 3))
    Z[np.abs(Z) < 1e-2] = 0.5
    numeric = numerical_gradient(lambda Z: (dA * ACTIVATIONS[name].function(Z)).sum(), Z)
    assert relative_error(ACTIVATIONS[name].backward(dA, Z), numeric) < 1e-7


@pytest.mark.parametrize("name", list(ACTIVATIONS))
def test_float32_stays_float32_and_arguments_stay_as_they_were(name, rng):
    Z, dA = rng.normal(size=(2, 5, 3)).astype(np.float32)
    before = Z.copy(), dA.copy()
    assert ACTIVATIONS[name].function(Z).dtype == np.float32
    assert ACTIVATIONS[name].backward(dA, Z).dtype == np.float32
    np.testing.assert_array_equal(Z, before[0])
    np.testing.assert_array_equal(dA, before[1])


@pytest.mark.parametrize("z", [-800.0, -40.0, 40.0, 800.0])
def test_sigmoid_never_overflows(z):
    with np.errstate(all="raise", under="ignore"):
        assert sigmoid(np.array([z]))[0] == pytest.approx(float(z > 0), abs=1e-15)
        assert sigmoid_derivative(np.array([z]))[0] == pytest.approx(0, abs=1e-15)


@pytest.mark.parametrize(
    ("limit", "dtype"), [(1e300, np.float64), (float(np.float32(1e30)), np.float32)]
)
def test_softmax_is_a_distribution_for_any_scores(limit, dtype):
    @given(scores(limit, dtype))
    def holds(Z):
        with np.errstate(under="ignore"):
            P = softmax(Z)
        assert P.shape == Z.shape and P.dtype == dtype
        assert np.isfinite(P).all() and (P >= 0).all()
        np.testing.assert_allclose(P.sum(axis=0), 1, rtol=1e-5 if dtype == np.float32 else 1e-12)

    holds()


@given(scores(50, np.float64), st.floats(-50, 50))
def test_softmax_ignores_a_shift(Z, shift):
    np.testing.assert_allclose(softmax(Z + shift), softmax(Z), rtol=1e-9, atol=1e-300)


@given(scores(50, np.float64), st.randoms(use_true_random=False))
def test_softmax_follows_a_permutation(Z, random):
    order = list(range(Z.shape[0]))
    random.shuffle(order)
    np.testing.assert_allclose(softmax(Z[order]), softmax(Z)[order], rtol=1e-12)


@given(scores(50, np.float64))
def test_softmax_works_column_by_column(Z):
    alone = np.hstack([softmax(Z[:, j : j + 1]) for j in range(Z.shape[1])])
    np.testing.assert_allclose(softmax(Z), alone, rtol=1e-12)
