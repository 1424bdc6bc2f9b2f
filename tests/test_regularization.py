"""L2 and dropout: exact where they are arithmetic, and gradients that pass the check."""

import numpy as np
import pytest

from nnlib.backprop import backward
from nnlib.gradient_check import numerical_gradient, relative_error
from nnlib.losses import cross_entropy, one_hot
from nnlib.network import Layer, forward, init_params
from nnlib.optimizers import SGD, Adam
from nnlib.regularization import (
    add_l2,
    dropout_mask,
    l2_penalty,
    masked_backward,
    masked_forward,
    regularized_step,
)
from nnlib.training import train_step

SIZES, BAR = [4, 5, 6, 3], 1e-7
HIDDEN = ["relu", "tanh", "sigmoid", "identity"]


@pytest.fixture
def problem(rng):
    """A network with odd sizes and biases that are not zero, data, and masks: float64."""
    params = init_params(SIZES, rng, "uniform", np.float64)
    X, y = rng.random((4, 7)), rng.integers(0, 3, 7)
    masks = [dropout_mask((n, 7), 0.4, rng, np.float64) for n in SIZES[1:-1]]
    return params, X, y, masks


def errors(loss_of, params, grads):
    """The relative error of each array of a gradient, against central differences."""
    found = []
    for l, layer in enumerate(params):
        for name in ("W", "b"):

            def loss(array, l=l, name=name):
                return loss_of([*params[:l], params[l]._replace(**{name: array}), *params[l + 1 :]])

            numeric = numerical_gradient(loss, getattr(layer, name))
            found.append(relative_error(getattr(grads[l], name), numeric))
    return found


def test_the_penalty_by_hand():
    params = [Layer(np.array([[1.0, -2.0]]), np.array([[7.0]])), Layer(np.array([[3.0]]), [[9.0]])]
    assert l2_penalty(params, 0.5) == pytest.approx(0.5 / 2 * (1 + 4 + 9))


def test_the_gradient_of_the_penalty_leaves_biases_alone(problem):
    params, *_ = problem
    zero = [Layer(0 * W, 0 * b) for W, b in params]
    grads = add_l2(zero, params, 0.3)
    assert all((db == 0).all() for _, db in grads)
    weights = [
        error
        for error in errors(lambda p: l2_penalty(p, 0.3), params, grads)[::2]  # W only
    ]
    assert max(weights) < BAR


def test_a_mask_has_two_values_and_the_mean_one(rng):
    mask = dropout_mask((400, 500), 0.25, rng)
    assert mask.dtype == np.float32
    assert np.unique(mask).tolist() == pytest.approx([0, 4 / 3])
    assert mask.mean() == pytest.approx(1, abs=0.01)
    assert (mask == 0).mean() == pytest.approx(0.25, abs=0.005)


def test_rate_zero_is_a_mask_of_ones(rng):
    assert (dropout_mask((3, 4), 0.0, rng, np.float64) == 1).all()


@pytest.mark.parametrize("hidden", HIDDEN)
def test_the_masked_gradient_passes_the_check(problem, hidden):
    params, X, y, masks = problem
    names = (hidden, hidden, "softmax")
    Zs, As = masked_forward(params, X, masks, names)
    Y = one_hot(y, 3, np.float64)
    grads = masked_backward(params, Zs, As, Y, masks, names)

    def loss_of(params):
        return cross_entropy(masked_forward(params, X, masks, names)[0][-1], y)

    assert max(errors(loss_of, params, grads)) < BAR


def test_both_together_pass_the_check(problem):
    params, X, y, masks = problem
    names = ("tanh", "relu", "softmax")
    Zs, As = masked_forward(params, X, masks, names)
    plain = masked_backward(params, Zs, As, one_hot(y, 3, np.float64), masks, names)

    def loss_of(params):
        Z = masked_forward(params, X, masks, names)[0][-1]
        return cross_entropy(Z, y) + l2_penalty(params, 0.2)

    assert max(errors(loss_of, params, add_l2(plain, params, 0.2))) < BAR
    assert max(errors(loss_of, params, plain)) > 1e-3  # without the penalty it does not


def test_a_mask_forgotten_on_the_way_back_is_seen(problem):
    params, X, y, masks = problem
    names = ("tanh", "tanh", "softmax")
    Zs, As = masked_forward(params, X, masks, names)
    wrong = backward(params, Zs, As, one_hot(y, 3, np.float64), names)

    def loss_of(params):
        return cross_entropy(masked_forward(params, X, masks, names)[0][-1], y)

    assert max(errors(loss_of, params, wrong)) > 0.01


def test_masks_of_ones_change_nothing(problem):
    params, X, y, masks = problem
    names = ("relu", "tanh", "softmax")
    ones = [np.ones_like(mask) for mask in masks]
    Zs, As = forward(params, X, names)
    masked = masked_forward(params, X, ones, names)
    for plain, other in zip([*Zs, *As], [*masked[0], *masked[1]], strict=True):
        np.testing.assert_array_equal(plain, other)
    Y = one_hot(y, 3, np.float64)
    grads = masked_backward(params, Zs, As, Y, ones, names)
    for plain, other in zip(backward(params, Zs, As, Y, names), grads, strict=True):
        np.testing.assert_array_equal(plain.W, other.W)
        np.testing.assert_array_equal(plain.b, other.b)


def test_without_l2_and_dropout_it_is_train_step(problem, rng):
    params, X, y, _ = problem
    names = ("relu", "relu", "softmax")
    loss, stepped = regularized_step(params, X, y, SGD(0.5), rng, activations=names)
    plain_loss, plain = train_step(params, X, y, SGD(0.5), names)
    assert loss == plain_loss
    for layer, other in zip(stepped, plain, strict=True):
        np.testing.assert_array_equal(layer.W, other.W)
        np.testing.assert_array_equal(layer.b, other.b)


def test_a_step_with_l2_shrinks_by_hand(problem, rng):
    """Where the gradient of the loss is known, lr * strength * W comes on top."""
    params, X, y, _ = problem
    names = ("relu", "relu", "softmax")
    plain_loss, plain = regularized_step(params, X, y, SGD(0.5), rng, activations=names)
    loss, stepped = regularized_step(params, X, y, SGD(0.5), rng, l2=0.1, activations=names)
    for before, layer, other in zip(params, stepped, plain, strict=True):
        np.testing.assert_allclose(layer.W, other.W - 0.5 * 0.1 * before.W)
        np.testing.assert_array_equal(layer.b, other.b)
    assert l2_penalty(params, 0.1) > 0
    assert loss == pytest.approx(plain_loss + l2_penalty(params, 0.1))


def test_the_same_generator_gives_the_same_step_and_another_another(problem):
    params, X, y, _ = problem
    names = ("relu", "relu", "softmax")
    steps = [
        regularized_step(
            params, X, y, SGD(0.5), np.random.default_rng(seed), dropout=0.5, activations=names
        )[1][0].W
        for seed in (1, 1, 2)
    ]
    np.testing.assert_array_equal(steps[0], steps[1])
    assert (steps[0] != steps[2]).any()


def test_float32_stays_and_arguments_too(rng):
    params = init_params([6, 5, 10], rng)
    X, y = rng.random((6, 9), dtype=np.float32), rng.integers(0, 10, 9)
    kept = [array.copy() for layer in params for array in layer]
    optimizer, moved = Adam(), params
    for _ in range(3):
        _, moved = regularized_step(moved, X, y, optimizer, rng, l2=0.1, dropout=0.5)
    assert all(array.dtype == np.float32 for layer in moved for array in layer)
    for array, copy in zip([a for layer in params for a in layer], kept, strict=True):
        np.testing.assert_array_equal(array, copy)
