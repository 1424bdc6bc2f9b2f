"""Optimizers: steps worked by hand, an independent scalar loop, and what each is known for."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnlib.network import Layer
from nnlib.optimizers import SGD, Adam, Momentum, RMSProp, cosine_decay, each_array, step_decay

ALL = [SGD, Momentum, RMSProp, Adam]
every_optimizer = pytest.mark.parametrize("kind", ALL)
signs = st.sampled_from([-1.0, 1.0])


def one(theta):
    """A network of a single weight."""
    return [Layer(np.array([[float(theta)]]), np.zeros((1, 1)))]


def walk(optimizer, gradients, theta=1.0):
    """The weight after each step along given gradients."""
    params, places = one(theta), []
    for g in gradients:
        params = optimizer.step(params, one(g))
        places.append(params[0].W.item())
    return places


def by_scalars(kind, gradients, lr, theta=1.0):
    """The same with plain numbers, as the papers write it (defaults of the library)."""
    v = s = m = 0.0
    places = []
    for t, g in enumerate(gradients, start=1):
        if kind is SGD:
            theta -= lr * g
        elif kind is Momentum:
            v = 0.9 * v + g
            theta -= lr * v
        elif kind is RMSProp:
            s = 0.9 * s + 0.1 * g * g
            theta -= lr * g / (math.sqrt(s) + 1e-8)
        else:
            m = 0.9 * m + 0.1 * g
            s = 0.999 * s + 0.001 * g * g
            m_hat, s_hat = m / (1 - 0.9**t), s / (1 - 0.999**t)
            theta -= lr * m_hat / (math.sqrt(s_hat) + 1e-8)
        places.append(theta)
    return places


def test_momentum_by_hand():
    assert walk(Momentum(lr=0.1, momentum=0.9), [2, -1, 0]) == pytest.approx([0.8, 0.72, 0.648])


def test_rmsprop_by_hand():
    """With decay 0.75 the mean square is 1 after the gradient 2, and 1 after -1."""
    places = walk(RMSProp(lr=0.1, decay=0.75, epsilon=1e-15), [2, -1])
    assert places == pytest.approx([0.8, 0.9])


def test_adam_by_hand():
    """Corrected mean and mean square: 2 and 4, then -2/3 and 4."""
    places = walk(Adam(lr=0.1, beta1=0.5, beta2=0.75, epsilon=1e-15), [2, -2])
    assert places == pytest.approx([0.9, 0.9 + 0.1 / 3])


@every_optimizer
@given(gradients=st.lists(st.floats(-10, 10).filter(lambda g: abs(g) > 1e-3), min_size=1))
def test_agrees_with_plain_numbers(kind, gradients):
    places = walk(kind(lr=0.01), gradients)
    np.testing.assert_allclose(places, by_scalars(kind, gradients, 0.01), rtol=1e-9, atol=1e-12)


def test_a_constant_gradient_makes_momentum_ten_times_as_fast():
    places = walk(Momentum(lr=0.1, momentum=0.9), [3.0] * 200)
    assert places[-2] - places[-1] == pytest.approx(10 * 0.1 * 3.0)


@given(st.floats(1e-3, 1e3), signs)
def test_a_constant_gradient_moves_adam_by_lr_in_every_step(size, sign):
    places = walk(Adam(lr=0.1, epsilon=1e-15), [sign * size] * 20, theta=0.0)
    np.testing.assert_allclose(places, -sign * 0.1 * np.arange(1, 21), rtol=1e-9)


def test_rmsprop_starts_faster_than_it_goes_on():
    """Its mean square starts at 0 and is not corrected: the first step is 1 / √0.1 times lr."""
    places = walk(RMSProp(lr=0.1, epsilon=1e-15), [3.0] * 200, theta=0.0)
    assert places[0] == pytest.approx(-0.1 / math.sqrt(0.1))
    assert places[-2] - places[-1] == pytest.approx(0.1)


@pytest.mark.parametrize("kind", [RMSProp, Adam])
@given(scale=st.floats(1e-3, 1e3))
def test_the_scale_of_the_loss_does_not_matter(kind, scale):
    gradients = [2.0, -1.0, 0.5, 3.0]
    scaled = walk(kind(epsilon=1e-15), [scale * g for g in gradients])
    np.testing.assert_allclose(scaled, walk(kind(epsilon=1e-15), gradients), rtol=1e-9)


@pytest.mark.parametrize("kind", [SGD, Momentum])
def test_the_scale_of_the_loss_is_the_scale_of_the_step(kind):
    gradients = np.array([2.0, -1.0, 0.5, 3.0])
    scaled, plain = walk(kind(), 7 * gradients, 0.0), walk(kind(), gradients, 0.0)
    np.testing.assert_allclose(scaled, 7 * np.array(plain), rtol=1e-12)


def test_momentum_zero_is_plain_descent():
    gradients = [2.0, -1.0, 0.5]
    assert walk(Momentum(lr=0.1, momentum=0.0), gradients) == walk(SGD(0.1), gradients)


@every_optimizer
def test_every_array_gets_its_own_step(kind, rng):
    shapes = [((5, 6), (5, 1)), ((3, 5), (3, 1))]
    params, *grads = (
        [Layer(rng.normal(size=W), rng.normal(size=b)) for W, b in shapes] for _ in range(4)
    )
    optimizer, moved = kind(lr=0.01), params
    for grad in grads:
        moved = optimizer.step(moved, grad)
    for l, place in ((0, (2, 3)), (1, (1, 4))):
        gradients = [grad[l].W[place] for grad in grads]
        expected = by_scalars(kind, gradients, 0.01, params[l].W[place])
        assert moved[l].W[place] == pytest.approx(expected[-1])
        gradients = [grad[l].b[1, 0] for grad in grads]
        expected = by_scalars(kind, gradients, 0.01, params[l].b[1, 0])
        assert moved[l].b[1, 0] == pytest.approx(expected[-1])


@every_optimizer
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_keeps_the_dtype_and_its_arguments(kind, dtype, rng):
    params = [Layer(rng.normal(size=(4, 3)).astype(dtype), np.ones((4, 1), dtype))]
    grads = [Layer(rng.normal(size=(4, 3)).astype(dtype), np.zeros((4, 1), dtype))]
    kept = [array.copy() for layer in [*params, *grads] for array in layer]
    optimizer, moved = kind(), params
    for _ in range(3):
        moved = optimizer.step(moved, grads)
    assert all(array.dtype == dtype for layer in moved for array in layer)
    for name in ("velocity", "mean", "mean_square"):
        for layer in getattr(optimizer, name, []):
            assert layer.W.dtype == layer.b.dtype == dtype
    now = [array for layer in [*params, *grads] for array in layer]
    for array, copy in zip(now, kept, strict=True):
        np.testing.assert_array_equal(array, copy)


@every_optimizer
def test_a_changed_learning_rate_acts_on_the_next_step(kind):
    optimizer = kind(lr=0.1)
    params = optimizer.step(one(1), one(2))
    optimizer.lr = 0.0
    assert optimizer.step(params, one(2)) == params


@every_optimizer
def test_a_parameter_without_gradient_stays(kind):
    assert walk(kind(), [0.0, 0.0, 0.0]) == [1.0, 1.0, 1.0]


@pytest.mark.parametrize("kind", [Momentum, RMSProp, Adam])
def test_memory_of_another_network_does_not_fit(kind):
    optimizer = kind()
    wide = [Layer(np.ones((4, 3)), np.ones((4, 1)))]
    optimizer.step(wide, wide)
    narrow = [Layer(np.ones((5, 2)), np.ones((5, 1)))]
    with pytest.raises(ValueError, match="shapes"):
        optimizer.step(narrow, narrow)
    with pytest.raises(ValueError, match="zip"):
        optimizer.step(wide * 2, wide * 2)


def test_each_array_takes_arrays_of_the_same_place():
    layers = [Layer(np.full((2, 3), 2.0), np.full((2, 1), 3.0))]
    ((W, b),) = each_array(lambda p, q: p * q, layers, layers)
    assert (W == 4).all() and (b == 9).all() and W.shape == (2, 3) and b.shape == (2, 1)


def test_step_decay_by_hand():
    rates = [step_decay(0.8, epoch, every=2) for epoch in range(1, 7)]
    assert rates == pytest.approx([0.8, 0.8, 0.4, 0.4, 0.2, 0.2])
    assert step_decay(1.0, 11, every=5, factor=0.1) == pytest.approx(0.01)


def test_cosine_decay_by_hand():
    rates = [cosine_decay(0.4, step, 6) for step in range(7)]
    half = math.sqrt(3) / 2
    expected = [0.4, 0.2 * (1 + half), 0.3, 0.2, 0.1, 0.2 * (1 - half), 0.0]
    assert rates == pytest.approx(expected)
