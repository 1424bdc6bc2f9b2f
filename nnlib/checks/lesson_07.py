"""Lesson 07, Train it: its equations and exercises."""

import math

import numpy as np

from nnlib.backprop import backward
from nnlib.checks.registry import equation, exercise
from nnlib.gradient_check import numerical_gradient
from nnlib.losses import cross_entropy, one_hot
from nnlib.metrics import accuracy
from nnlib.network import Layer, forward, init_params
from nnlib.optimizers import SGD
from nnlib.training import minibatches, train

SIZES, LR = [6, 5, 4], 0.3  # of the small network in the equations


def small_problem(rng, m=12):
    """A small network with biases that are not zero, in float64, and m samples for it."""
    params = init_params(SIZES, rng, "uniform", np.float64)
    return params, rng.random((SIZES[0], m)), rng.integers(0, SIZES[-1], m)


def loss_at(params, X, y):
    """The mean loss of a network."""
    return cross_entropy(forward(params, X)[0][-1], y)


def gradient(params, X, y):
    """The gradient by backpropagation."""
    Zs, As = forward(params, X)
    return backward(params, Zs, As, one_hot(y, len(As[-1]), X.dtype))


def flat(params):
    """All numbers of a list of layers as one vector."""
    return np.concatenate([array.ravel() for layer in params for array in layer])


def unflat(vector):
    """The two layers of the small network from one vector."""
    n_in, n_hidden, n_out = SIZES
    sizes = [n_hidden * n_in, n_hidden, n_out * n_hidden, n_out]
    W1, b1, W2, b2 = np.split(vector, np.cumsum(sizes)[:-1])
    first = Layer(W1.reshape(n_hidden, n_in), b1[:, None])
    return [first, Layer(W2.reshape(n_out, n_hidden), b2[:, None])]


@equation("7.1", "definition", "a parameter minus the learning rate times its derivative")
def update_rule(rng):
    """J = θ² has the slope 2 θ: from 3 and -1, learning rate 0.1 leads to 2.4 and -0.8."""
    theta = np.array([[3.0], [-1.0]])
    zero = np.zeros((2, 1))
    ((stepped, _),) = SGD(0.1).step([Layer(theta, zero)], [Layer(2 * theta, zero)])
    return stepped, [[2.4], [-0.8]]


@equation("7.2", "result", "the four updates of a network with two layers")
def four_updates(rng):
    """One vector minus its numerical gradient, against the optimizer fed by backpropagation."""
    params, X, y = small_problem(rng)
    numeric = numerical_gradient(lambda vector: loss_at(unflat(vector), X, y), flat(params))
    return flat(params) - LR * numeric, flat(SGD(LR).step(params, gradient(params, X, y)))


@equation("7.3", "result", "how fast the loss falls at the beginning of a step")
def slope_along_the_step(rng):
    """Central difference along the step, against minus the squared length of the gradient."""
    params, X, y = small_problem(rng)
    grads = gradient(params, X, y)
    after = [loss_at(SGD(t).step(params, grads), X, y) for t in (1e-5, -1e-5)]
    return [(after[0] - after[1]) / 2e-5], [-(flat(grads) ** 2).sum()]


@equation("7.4", "definition", "accuracy: the share of predictions that are right")
def share_right(rng):
    """Three of four are right."""
    return [accuracy(np.array([7, 2, 1, 0]), np.array([7, 2, 1, 4]))], [0.75]


@equation("7.5", "result", "the gradients of equal batches average to that of all samples")
def batches_average(rng):
    """Twelve samples at once, against three batches of four, dealt at random."""
    params, X, y = small_problem(rng)
    parts = [flat(gradient(params, X[:, b], y[b])) for b in minibatches(12, 4, rng)]
    return flat(gradient(params, X, y)), np.mean(parts, axis=0)


@exercise(
    "07-1",
    praise="Forward, backward, update, repeat: that is all there is to training.",
    hints=(
        "the four lines of the loop above are the body; only the update is for all layers at once.",
        "grads = backward(params, Zs, As, one_hot(y)), then a new list of Layer(W - lr * dW, …).",
        "give the new list the old name, params = [Layer(…) for (W, b), (dW, db) in "
        "zip(params, grads)], inside the loop, and return params after it.",
    ),
)
def judge_training_loop(answer):
    """Form first, then direction and size of one step, then many steps."""
    rng = np.random.default_rng(5)
    X = rng.random((7, 20)).astype(np.float32)
    y = rng.integers(0, 10, 20)
    start = init_params([7, 6, 10], rng, "uniform")
    kept = flat(start).copy()
    one = answer(start, X, y, 0.5, 1)
    if not np.array_equal(flat(start), kept):
        return (
            "your function changed the parameters that it was given (-= works in place); "
            "make new ones: W - lr * dW"
        )
    if not (isinstance(one, list | tuple) and [len(layer) for layer in one] == [2, 2]):
        return "it should return the trained parameters, a list of two Layer(W, b)"
    is_bias = flat([Layer(np.zeros_like(W), np.ones_like(b)) for W, b in start]) == 1
    mistake = judge_one_step(flat(one) - kept, -0.5 * flat(gradient(start, X, y)), is_bias)
    if mistake:
        return mistake
    *_, record = train(start, X, y, SGD(0.5), 40)
    before, after = loss_at(start, X, y), loss_at(answer(start, X, y, 0.5, 40), X, y)
    if np.isclose(after, loss_at(one, X, y)):
        return f"40 steps give what one step gives, loss {after:.2f}: is each step the first again?"
    if not np.isclose(after, loss_at(record.params, X, y), rtol=1e-3):
        return f"one step is right, but 40 steps take the loss from {before:.2f} to {after:.2f}"
    return None


def judge_one_step(moved, wanted, is_bias):
    """What is wrong with the change that one step made to all parameters, or None."""
    if np.abs(moved).max() == 0:
        return "after a step the parameters are the old ones: nothing was updated, or not returned"
    if np.allclose(moved, -wanted, rtol=1e-3, atol=1e-6):
        return "you add the gradient, so the loss rises; subtract it: W - lr * dW"
    ratio = (moved @ wanted) / (wanted @ wanted)
    if not np.allclose(moved, ratio * wanted, rtol=1e-3, atol=1e-6):
        if np.allclose(moved[~is_bias], wanted[~is_bias], rtol=1e-3, atol=1e-6):
            return "the weights move as they should, the biases do not; all four are updated"
        return "one step does not go along the gradient; take all of it from one forward pass"
    if not math.isclose(ratio, 1, rel_tol=1e-3):
        return f"your step is {ratio:.3g} times as long as lr times the gradient"
    return None


# What the lesson's network is after 100 steps at learning rate 10: hidden units that answer, loss,
# accuracy. tests/test_records_sources.py runs it and compares.
AFTER_TEN = 0, math.log(10), 0.1


@exercise(
    "07-2",
    praise="Units that died, and a network that says the same to every digit: ln 10 and 10 %.",
    hints=(
        "learning rate 5 shows the way; ten is worse. Which units still answer?",
        "if every hidden unit is 0, the output sees only b2: one and the same answer for all.",
        "the best fixed answer gives every class 1/10. Lesson 04 has its loss; and how many of "
        "4,000 digits are right if all are called the same, 400 of each?",
    ),
)
def judge_prediction_at_ten(answer):
    """Compare the three numbers with those of a real run, one after the other."""
    units, loss, right = answer()
    true_units, true_loss, true_right = AFTER_TEN
    if not math.isfinite(loss) or loss > 10:
        return (
            f"no explosion: the loss leaps up, but after 100 steps it is {true_loss:.2f} again. "
            "What does softmax give if nothing comes in but b2?"
        )
    if loss < 1.5:
        return f"a loss of {loss:.2f} would mean that it learned; it ends at {true_loss:.2f}"
    if abs(loss - true_loss) > 0.05:
        return f"the loss ends at {true_loss:.2f}, not {loss:.2f}; which famous logarithm is that?"
    if units != true_units:
        return f"the loss is right; but {true_units} units still answer, not {units}"
    if abs(right - true_right) > 0.01:
        return f"the accuracy is {true_right:.2f}, not {right:.2f}: one answer for all digits"
    return None
