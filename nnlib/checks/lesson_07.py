"""Lesson 07, Train it: its equations and exercises."""

import math

import numpy as np

from nnlib.backprop import backward
from nnlib.checks.engine import Task
from nnlib.checks.registry import equation, exercise
from nnlib.checks.words import plain
from nnlib.gradient_check import numerical_gradient
from nnlib.losses import cross_entropy, one_hot
from nnlib.metrics import accuracy
from nnlib.network import Layer, forward, init_params
from nnlib.optimizers import SGD
from nnlib.training import minibatches

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


def problems():
    """A step for 20 digits, two for 9, then twelve."""
    cases = []
    for seed, m, sizes, lr, steps in (
        (5, 20, [7, 6, 10], 0.5, 1),
        (6, 9, [5, 4, 10], 0.2, 2),
        (5, 20, [7, 6, 10], 0.5, 12),
    ):
        rng = np.random.default_rng(seed)
        X, y = rng.random((sizes[0], m)).astype(np.float32), rng.integers(0, 10, m)
        cases.append((init_params(sizes, rng, "uniform"), X, y, lr, steps))
    return cases


def descend(length=lambda lr, m: lr, share=(1, 1), turns=lambda steps: steps):
    """A way to train: how long each step is, which part of it W and b take, how many there are."""

    def answer(params, X, y, lr, steps):
        for _ in range(turns(steps)):
            step, grads = length(lr, y.size), gradient(params, X, y)
            params = [
                Layer(*(old - np.float32(part * step) * d for old, d, part in zip(*layers, share)))
                for layers in zip(params, grads)
            ]
        return params

    return answer


def layer_by_layer(order):
    """Train with a forward pass of its own for each layer."""

    def answer(params, X, y, lr, steps):
        params = list(params)
        for l in order * steps:
            (W, b), (dW, db) = params[l], gradient(params, X, y)[l]
            params[l] = Layer(W - lr * dW, b - lr * db)
        return params

    return answer


exercise(
    "07-1",
    "my_train(params, X, y, lr, steps)",
    Task(
        right=descend(),
        cases=problems,
        gives="the trained parameters, a list of two Layer(W, b)",
        sizes="; the check uses 7 inputs, 6 hidden units, 10 classes, and 20 samples, then others",
        slips={
            "after a step the parameters are the old ones: nothing was updated, or not returned": (
                descend(turns=lambda steps: 0)
            ),
            "you add the gradient, so the loss rises; subtract it: W - lr * dW": (
                descend(lambda lr, m: -lr)
            ),
            "many steps give what one step gives: is each step the first again, or does return "
            "stand inside the loop?": descend(turns=lambda steps: 1),
            "you take one step too many; range(steps) runs steps times": (
                descend(turns=lambda steps: steps + 1)
            ),
            "you take one step too few; range(steps) runs steps times": (
                descend(turns=lambda steps: steps - 1)
            ),
            "the number of steps is not the one that is given": tuple(
                descend(turns=lambda _, n=n: n) for n in (2, 10, 12, 40, 100)
            ),
            "the weights move as they should, the biases do not; all four are updated": (
                descend(share=(1, 0))
            ),
            "the biases move as they should, the weights do not; all four are updated": (
                descend(share=(0, 1))
            ),
            "your step is a multiple of lr times the gradient: lr comes once, and backward has "
            "divided by m already": (
                descend(lambda lr, m: lr / m),
                descend(lambda lr, m: lr * m),
                descend(lambda lr, m: lr * lr),
                *(descend(lambda lr, m, n=n: lr * n) for n in (0.1, 0.5, 2, 10)),
            ),
            "your step has a length of its own; it is lr times the gradient, with the lr that is "
            "given": tuple(descend(lambda _, m, lr=lr: lr) for lr in (1, 0.5, 0.3, 0.1, 0.01)),
            "one step does not go along the gradient; take all of it from one forward pass": (
                layer_by_layer([0, 1]),
                layer_by_layer([1, 0]),
            ),
            "this is the gradient; what is asked for are new parameters, W - lr * dW": (
                lambda params, X, y, lr, steps: gradient(params, X, y),
                lambda params, X, y, lr, steps: gradient(
                    descend(turns=lambda steps: steps - 1)(params, X, y, lr, steps), X, y
                ),
            ),
        },
    ),
    praise="Forward, backward, update, repeat: that is all there is to training.",
    hints=(
        "the loop above, without its line for the losses, is the body.",
        "grads = backward(params, Zs, As, one_hot(y)), then a new list of Layer(W - lr * dW, …).",
        "give the new list the old name, params = [Layer(…) for (W, b), (dW, db) in "
        "zip(params, grads)], inside the loop, and return params after it.",
    ),
)

# What the lesson's network is after 100 steps at learning rate 10: hidden units that answer, loss,
# accuracy. tests/test_records_sources.py runs it and compares.
AFTER_TEN = 0, math.log(10), 0.1
EXPLODES = (
    "no explosion: the loss leaps up, but comes down again. What does softmax give if nothing "
    "comes in but b2?"
)


def told_by(part, is_off):
    """What shows that a part is off: the number that was said."""
    return lambda got, want: is_off(got[part], want[part]) and f"you say {plain(got[part])}"


exercise(
    "07-2",
    "at_ten()",
    Task(
        right=lambda: AFTER_TEN,
        cases=lambda: [()],
        names=("units", "loss", "accuracy"),
        gives="three numbers: how many units still answer, the loss, the accuracy",
        rounding=0.01,
        is_secret=True,
        slips={
            EXPLODES: (lambda: (0, math.inf, 0.1), lambda: (0, math.nan, 0.1)),
        },
        symptoms={
            EXPLODES: (
                told_by(1, lambda loss, _: loss > 10),
                lambda: (0, 1000, 0.1),
            ),
            "with such a loss it would have learned; units that died learn nothing": (
                told_by(1, lambda loss, _: loss < 1.5),
                lambda: (10, 0.05, 0.99),
            ),
            "that is not the loss; one answer for all digits has a famous logarithm as its loss": (
                told_by(1, lambda loss, right: abs(loss - right) > 0.01),
                lambda: (0, 2.0, 0.1),
            ),
            "the loss is right; but with it, how many units can still answer?": (
                told_by(0, lambda units, right: units != right),
                lambda: (10, 2.3, 0.1),
            ),
            "units and loss are right; the accuracy is a share, 0…1, of a network that has one "
            "answer for all digits": (
                told_by(2, lambda share, right: abs(share - right) > 0.01),
                lambda: (0, 2.3, 0),
            ),
        },
    ),
    praise="Units that died, and a network that says the same to every digit: ln 10 and 10 %.",
    hints=(
        "learning rate 5 shows the way; ten is worse. Which units still answer?",
        "if every hidden unit is 0, the output sees only b2: one and the same answer for all.",
        "the best fixed answer gives every class 1/10. Lesson 04 has its loss; and how many of "
        "4,000 digits are right if all are called the same, 400 of each?",
    ),
)
