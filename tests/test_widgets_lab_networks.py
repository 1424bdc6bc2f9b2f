"""The networks of the training lab begin, train, read and cost as the library says."""

import warnings

import numpy as np
import pytest

from nnlib.convolution import Convolution, forward_images, image_step, init_filters
from nnlib.data import Digits
from nnlib.losses import cross_entropy
from nnlib.network import init_params, multiply_adds, predict
from nnlib.optimizers import SGD, Adam
from nnlib.training import Diverged, minibatches, train
from nnlib.widgets.lab_networks import AT_ONCE, PLAN, SmallFilters, TwoLayers


@pytest.fixture
def digits(rng):
    return Digits(rng.random((784, 60), dtype=np.float32), np.arange(60) % 10)


def equal(params, others):
    """Whether two networks have the same numbers."""
    pairs = zip(params, others, strict=True)
    return all(np.array_equal(a, b) for pair in pairs for a, b in zip(*pair))


def test_two_layers_are_those_of_the_library(digits):
    network, rng = TwoLayers(7, "tanh"), np.random.default_rng
    params = network.begin(rng(1))
    assert equal(params, init_params([784, 7, 10], rng(1), "xavier"))
    *_, last = network.train(params, digits, SGD(0.1), 3, 20, rng(2), 1)
    how = {"every": 1, "activations": ("tanh", "softmax")}
    *_, expected = train(params, *digits, SGD(0.1), 3, 20, rng(2), **how)
    assert last[:3] == expected[:3] and equal(last.params, expected.params)
    read = predict(last.params, digits.X, ("tanh", "softmax"))
    np.testing.assert_array_equal(network.read(last.params, digits.X), read)
    assert network.multiply_adds(5, 20) == multiply_adds(7, 5, 20, 20)


def test_filters_are_trained_by_image_steps_and_records_are_means(digits):
    network, rng = SmallFilters(), np.random.default_rng
    params = network.begin(rng(1))
    assert equal(params, init_filters(PLAN, rng(1)))
    records = list(network.train(params, digits, Adam(0.003), 2, 15, rng(2), 2))
    expected, optimizer, dealt, losses = params, Adam(0.003), rng(2), []
    for _ in range(2):
        for batch in minibatches(60, 15, dealt):
            here = digits.X[:, batch], digits.y[batch], optimizer, PLAN
            loss, expected = image_step(expected, *here)
            losses.append(loss)
    assert [(r.step, r.epoch) for r in records] == [(2, 1), (4, 1), (6, 2), (8, 2)]
    means = np.reshape(losses, (4, 2)).mean(axis=1)
    np.testing.assert_allclose([r.loss for r in records], means)
    assert equal(records[-1].params, expected)


def test_filters_read_many_digits_as_they_read_few(digits):
    network = SmallFilters()
    params = network.begin(np.random.default_rng(0))
    X = np.tile(digits.X, AT_ONCE // 60 + 2)
    expected = forward_images(params, X, PLAN)[0].argmax(axis=0)
    np.testing.assert_array_equal(network.read(params, X), expected)
    assert X.shape[1] > AT_ONCE and len(set(expected)) > 1


def test_what_filters_cost_is_counted_product_by_product():
    first, second, last = 8 * 25 * 144, 16 * 200 * 16, 10 * 256
    parameters = 8 * 26 + 16 * 201 + 10 * 257
    cost = 32 * (2 * first + 3 * second + 3 * last) + parameters
    assert SmallFilters().multiply_adds(7, 32) == 7 * cost
    units = SmallFilters((Convolution(20, 28), Convolution(10, 1)))  # two layers, as filters
    assert units.multiply_adds(3, 16) == TwoLayers(20, "relu").multiply_adds(3, 16)
    assert units.units == 20 and SmallFilters().units == 8 * 144 + 16 * 16


@pytest.mark.parametrize("rate", [1e20, 1e30])
def test_diverging_filters_keep_their_last_good_parameters_and_complain_once(digits, rate):
    network = SmallFilters()
    params = network.begin(np.random.default_rng(0))
    with warnings.catch_warnings(), pytest.raises(Diverged) as caught:
        warnings.simplefilter("error")
        list(network.train(params, digits, SGD(rate), 50, 15, np.random.default_rng(0), 3))
    assert all(np.isfinite(layer.W).all() for layer in caught.value.params)
    assert f"with learning rate {rate:g}" in str(caught.value)
    with np.errstate(over="ignore", invalid="ignore"):
        scores = forward_images(caught.value.params, digits.X, PLAN)[0]
    assert np.isfinite(cross_entropy(scores, digits.y))  # the last whose loss was known
