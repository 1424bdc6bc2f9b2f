"""What a unit's state does to the rest of its network, and what excites it."""

import numpy as np
import pytest

from nnlib.metrics import accuracy, recall_per_class
from nnlib.network import Layer, forward, init_params
from nnlib.optimizers import SGD
from nnlib.training import train
from nnlib.views.units import in_state, judge, most_common, most_exciting, with_unit


@pytest.fixture(scope="module")
def digits():
    """Sixty random pictures, which a network can learn by heart."""
    rng = np.random.default_rng(5)
    return (rng.random((784, 60)) ** 6).astype(np.float32), np.arange(60) % 10


@pytest.fixture(scope="module")
def params(digits):
    start = init_params([784, 7, 10], np.random.default_rng(1))
    (W1, b1), last = list(train(start, *digits, SGD(0.05), epochs=100))[-1].params
    b1 = b1.copy()
    b1[2] = -1000  # unit 2 is dead
    return [Layer(W1, b1), last]


def test_states_change_what_a_unit_passes_on():
    a = np.array([0.0, 1.0, 5.0], dtype=np.float32)
    assert np.array_equal(in_state(a, "on"), a)
    assert np.array_equal(in_state(a, "off"), [0, 0, 0])
    assert np.array_equal(in_state(a, "flip"), [0, -1, -5])
    assert np.array_equal(in_state(a, "freeze"), [2, 2, 2])
    states = ("on", "off", "flip", "freeze")
    assert {in_state(a, state).dtype for state in states} == {np.dtype(np.float32)}
    with pytest.raises(KeyError):
        in_state(a, "asleep")


@pytest.mark.parametrize("unit", [0, 2, 6])
def test_off_is_the_network_without_the_units_outgoing_weights(params, digits, unit):
    X, _ = digits
    (W1, b1), (W2, b2) = params
    without = W2.copy()
    without[:, unit] = 0
    A1 = forward(params, X)[1][1]
    expected = forward([Layer(W1, b1), Layer(without, b2)], X)[1][-1]
    assert np.allclose(with_unit(params, A1, unit, "off"), expected, atol=1e-6)
    flipped = W2.copy()
    flipped[:, unit] *= -1
    expected = forward([Layer(W1, b1), Layer(flipped, b2)], X)[1][-1]
    assert np.allclose(with_unit(params, A1, unit, "flip"), expected, atol=1e-6)


@pytest.mark.parametrize("unit", [0, 5])
def test_frozen_is_a_bias_more_and_a_unit_less(params, digits, unit):
    X, _ = digits
    (W1, b1), (W2, b2) = params
    A1 = forward(params, X)[1][1]
    without = W2.copy()
    without[:, unit] = 0
    biased = b2 + W2[:, [unit]] * A1[unit].mean()
    expected = forward([Layer(W1, b1), Layer(without, biased)], X)[1][-1]
    assert np.allclose(with_unit(params, A1, unit, "freeze"), expected, atol=1e-6)


def test_on_changes_nothing_and_no_argument_is_changed(params, digits):
    X, _ = digits
    Zs, As = forward(params, X)
    A1 = As[1].copy()
    assert np.array_equal(with_unit(params, As[1], 0, "on"), As[-1])
    with_unit(params, As[1], 0, "flip")
    assert np.array_equal(As[1], A1)


def test_deeper_networks_are_followed_to_the_end(rng):
    X = rng.random((5, 9))
    params = init_params([5, 4, 3, 2], rng, dtype=np.float64)
    names = ("tanh", "sigmoid", "softmax")
    A1 = forward(params, X, names)[1][1]
    silent = [params[0], params[1]._replace(W=params[1].W * [1, 0, 1, 1]), params[2]]
    expected = forward(silent, X, names)[1][-1]
    assert np.allclose(with_unit(params, A1, 1, "off", names), expected)


def test_most_exciting_are_the_largest_above_zero_first_come_first():
    a = np.array([0.0, 3.0, 1.0, 3.0, 0.0])
    assert list(most_exciting(a)) == [1, 3, 2]
    assert list(most_exciting(a, most=2)) == [1, 3]
    assert list(most_exciting(np.zeros(4))) == []
    assert most_common(np.array([5, 8, 8, 5])) == (5, 2)


def test_judge_tells_accuracy_and_recall(params, digits):
    P = forward(params, digits[0])[1][-1]
    share, recalls = judge(P, digits[1])
    assert share == accuracy(P.argmax(axis=0), digits[1])
    assert np.array_equal(recalls, recall_per_class(P.argmax(axis=0), digits[1]))
