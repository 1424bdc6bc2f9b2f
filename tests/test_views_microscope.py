"""What is measured of one weight is what whole passes through the network measure."""

import numpy as np
import pytest

from nnlib.backprop import backward
from nnlib.gradient_check import relative_error
from nnlib.losses import cross_entropy, one_hot
from nnlib.network import Layer, forward, init_params
from nnlib.views.microscope import (
    REACH,
    STEPS,
    WINDOW,
    central_differences,
    losses_along,
    subject,
    units_that_switch,
    view,
)

HIDDEN, M = 5, 7
PLACES = [(0, 3, 400), (0, 0, 783), (0, 1, 5), (0, 4, 0), (1, 9, 4), (1, 0, 0), (1, 2, 1)]


@pytest.fixture(scope="module")
def network():
    """784-5-10 in float32; pixel 0 is paper in all digits, pixel 400 in none; unit 1 is off."""
    rng = np.random.default_rng(0)
    (W1, _), (W2, _) = init_params([784, HIDDEN, 10], rng)
    b2 = rng.normal(size=(10, 1)).astype(np.float32)
    X = (rng.random((784, M)) * (rng.random((784, M)) < 0.2)).astype(np.float32)
    X[0], X[400] = 0, 0.5
    b1 = 0.1 - np.median(W1 @ X, axis=1, keepdims=True)  # each unit is on for four of the digits
    b1[1] = -1000
    return [Layer(W1, b1), Layer(W2, b2)], X, np.arange(M) % 10


@pytest.fixture(scope="module")
def s(network):
    return subject(*network)


def loss_with(s, place, value):
    """The loss with one weight changed, by a forward pass through everything."""
    l, unit, source = place
    changed = [Layer(W.copy(), b) for W, b in s.params]
    changed[l].W[unit, source] = value
    return cross_entropy(forward(changed, s.X)[0][-1], s.y)


@pytest.mark.parametrize("place", PLACES)
def test_losses_along_are_those_of_whole_forward_passes(s, place):
    values = np.array([-3.0, -0.1, 0.0, 2.5])
    whole = [loss_with(s, place, value) for value in values]
    before = [W.copy() for W, _ in s.params]
    np.testing.assert_allclose(losses_along(s.params, s.X, s.y, place, values), whole, rtol=1e-12)
    assert all(np.array_equal(W, old) for (W, _), old in zip(s.params, before))


@pytest.mark.parametrize("place", PLACES)
def test_central_differences_agree_with_backpropagation_and_stay_in_their_dtype(s, network, place):
    l, unit, source = place
    steps = np.array([1e-4, 1e-5])
    np.testing.assert_allclose(
        central_differences(s.params, s.X, s.y, place, steps), s.grads[l].W[unit, source], atol=1e-8
    )
    coarse = central_differences(*network, place, steps)
    assert coarse.dtype == np.float32


def test_the_gradient_under_the_microscope_is_that_of_float64(network, s):
    params = [Layer(W.astype(np.float64), b.astype(np.float64)) for W, b in network[0]]
    Zs, As = forward(params, network[1].astype(np.float64))
    grads = backward(params, Zs, As, one_hot(network[2], dtype=np.float64))
    for ours, theirs in zip(s.grads, grads):
        np.testing.assert_array_equal(ours.W, theirs.W)


def test_a_unit_switches_where_the_nudge_crosses_zero(s):
    (W, b), _ = s.params
    for step in (1e-9, 0.3, 1e4):
        crossed = [
            (W[3] @ x + b[3] - step * x[400] > 0) != (W[3] @ x + b[3] + step * x[400] > 0)
            for x in s.X.T
        ]
        assert units_that_switch(s.params, s.X, (0, 3, 400), step) == sum(crossed).item()
    assert units_that_switch(s.params, s.X, (0, 3, 400), 1e4) == M
    assert units_that_switch(s.params, s.X, (1, 3, 4), 1e4) == 0


@pytest.mark.parametrize("place", PLACES)
def test_a_view_holds_what_its_parts_measure(s, place):
    l, unit, source = place
    weight, slope = s.params[l].W[unit, source], s.grads[l].W[unit, source]
    v = view(s, place, 0.01, (np.float64, np.float32), magnify=True)
    up, down = loss_with(s, place, weight + 0.01), loss_with(s, place, weight - 0.01)
    assert v.name == f"W{l + 1}[{unit}, {source}]" and v.slope == slope
    np.testing.assert_allclose(v.difference, (up - down) / 0.02, atol=1e-12)
    assert v.error == relative_error(np.float64(v.difference), slope)
    np.testing.assert_allclose(v.losses, [loss_with(s, place, weight + d) for d in REACH])
    np.testing.assert_allclose(v.ends, [(-0.01, down), (0.01, up)])
    assert list(v.errors) == list(v.magnified) == ["float64", "float32"]
    measured = central_differences(s.params, s.X, s.y, place, STEPS)
    errors = [relative_error(d, slope) for d in measured]
    np.testing.assert_array_equal(v.errors["float64"], errors)
    change = [loss_with(s, place, weight + 0.01 * d) for d in WINDOW] - loss_with(s, place, weight)
    np.testing.assert_allclose(v.magnified["float64"], change, atol=1e-12)
    np.testing.assert_allclose(v.magnified["float32"], change, atol=1e-5)
    assert view(s, place, 0.01).magnified == {}


def test_errors_form_a_u_and_float32_is_coarser(s):
    place = (1, *np.unravel_index(np.abs(s.grads[1].W).argmax(), (10, HIDDEN)))
    errors = view(s, place, 1.0, (np.float64, np.float32)).errors
    best = int(errors["float64"].argmin())
    assert 1e-7 < STEPS[best] < 1e-2 and errors["float64"][best] < 1e-8
    assert errors["float64"][0] > 100 * errors["float64"][best]
    assert errors["float64"][-1] > 1e4 * errors["float64"][best]
    assert errors["float32"][0] == 1 and errors["float32"].min() > 1e-6
