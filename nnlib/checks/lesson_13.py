"""Lesson 13, Take better steps: its equations and exercises."""

import itertools
import math

import numpy as np

from nnlib.checks.registry import equation, exercise
from nnlib.gradient_check import numerical_gradient
from nnlib.losses import cross_entropy, one_hot
from nnlib.network import Layer, init_params
from nnlib.optimizers import SGD, Adam, Momentum, RMSProp, cosine_decay
from nnlib.regularization import (
    add_l2,
    dropout_mask,
    l2_penalty,
    masked_backward,
    masked_forward,
)

SIZES, ACTIVATIONS = [4, 5, 3], ("tanh", "softmax")  # of the small network in the equations
TINY = 1e-30  # an epsilon that is small enough for steps worked by hand


def place(*numbers):
    """A network that holds nothing but these numbers."""
    return [Layer(np.array(numbers, dtype=float)[:, None], np.zeros((1, 1)))]


def numbers_of(params):
    """The numbers of such a network."""
    return params[0].W[:, 0]


def walk(optimizer, gradients, start=(1.0,)):
    """The numbers after each of the given gradients."""
    params, places = place(*start), []
    for g in gradients:
        params = optimizer.step(params, place(*np.atleast_1d(g)))
        places.append(numbers_of(params))
    return np.array(places)


@equation("13.1", "result", "the gradient of the valley")
def gradient_of_the_valley(rng):
    """Central differences of the height, against (x, κ y)."""
    p, kappa = rng.normal(size=2), 20.0
    numeric = numerical_gradient(lambda p: (p[0] ** 2 + kappa * p[1] ** 2) / 2, p)
    return numeric, [p[0], kappa * p[1]]


def descend(lr, kappa, n_steps, start):
    """Where n steps of plain descent lead in the valley."""
    optimizer, params = SGD(lr), place(*start)
    for _ in range(n_steps):
        x, y = numbers_of(params)
        params = optimizer.step(params, place(x, kappa * y))
    return numbers_of(params)


@equation("13.2", "result", "where plain descent is after t steps")
def after_t_steps(rng):
    """Seven steps one after the other, against the two powers."""
    x, y = rng.uniform(1, 3, size=2)
    lr, kappa = 0.09, 20.0
    return descend(lr, kappa, 7, (x, y)), [(1 - lr) ** 7 * x, (1 - lr * kappa) ** 7 * y]


@equation("13.3", "result", "the learning rate from which on plain descent runs away")
def largest_stable_rate(rng):
    """Bisection for the rate at which |y| neither grows nor shrinks, against 2 / κ."""
    kappas = rng.uniform(2, 50, size=3)
    found = []
    for kappa in kappas:
        low, high = 1 / kappa, 4 / kappa
        for _ in range(60):
            middle = (low + high) / 2
            grows = abs(descend(middle, kappa, 1, (1.0, 1.0))[1]) > 1
            low, high = (low, middle) if grows else (middle, high)
        found.append(low)
    return found, 2 / kappas


@equation("13.4", "definition", "two steps of momentum")
def momentum_by_hand(rng):
    """Gradients 2 and -1 from 1, lr 0.1, β 0.9: velocities 2 and 0.8, so 0.8 and 0.72."""
    optimizer = Momentum(lr=0.1, momentum=0.9)
    places = walk(optimizer, [2, -1])[:, 0]
    return [*places, numbers_of(optimizer.velocity)[0]], [0.8, 0.72, 0.8]


@equation("13.5", "result", "the velocity if the gradient stays the same")
def velocity_of_a_constant_gradient(rng):
    """Twelve steps of the optimizer, against the sum of the geometric series."""
    g, optimizer = rng.normal(size=4), Momentum(momentum=0.8)
    walk(optimizer, [g] * 12, start=np.zeros(4))
    return numbers_of(optimizer.velocity), (1 - 0.8**12) / (1 - 0.8) * g


@equation("13.6", "definition", "two steps of RMSProp")
def rmsprop_by_hand(rng):
    """Gradients 2 and -1 from 1, lr 0.1, β 0.75: the mean square is 1 and 1, so 0.8 and 0.9.

    With ε = 1 beside the root both steps are half as long, 0.9 and 0.95.
    """
    optimizer = RMSProp(lr=0.1, decay=0.75, epsilon=TINY)
    places = walk(optimizer, [2, -1])[:, 0]
    halves = walk(RMSProp(lr=0.1, decay=0.75, epsilon=1), [2, -1])[:, 0]
    return [*places, numbers_of(optimizer.mean_square)[0], *halves], [0.8, 0.9, 1.0, 0.9, 0.95]


@equation("13.7", "definition", "Adam's two means")
def adam_means_by_hand(rng):
    """Gradients 2 and -2, β1 0.5, β2 0.75: means 1 and -0.5, mean squares 1 and 1.75."""
    optimizer, found = Adam(beta1=0.5, beta2=0.75), []
    params = place(1.0)
    for g in (2.0, -2.0):
        params = optimizer.step(params, place(g))
        found += [numbers_of(optimizer.mean)[0], numbers_of(optimizer.mean_square)[0]]
    return found, [1.0, 1.0, -0.5, 1.75]


@equation("13.8", "result", "how far a mean that starts at 0 falls short")
def expected_mean(rng):
    """The average of m over all 64 ways to draw 6 gradients from two values, against E[g]."""
    values = rng.uniform(1, 2, size=2)
    ends = []
    for gradients in itertools.product(values, repeat=6):
        m = 0.0
        for g in gradients:
            m = 0.9 * m + (1 - 0.9) * g
        ends.append(m)
    return [np.mean(ends)], [(1 - 0.9**6) * values.mean()]


@equation("13.9", "definition", "two steps of Adam")
def adam_by_hand(rng):
    """The means of (13.7), corrected: 2 and 4, then -2/3 and 4; so 0.9 and 0.9 + 0.1 / 3.

    With ε = 2 beside the root both steps are half as long, 0.95 and 0.95 + 0.1 / 6.
    """
    places, halves = (
        walk(Adam(lr=0.1, beta1=0.5, beta2=0.75, epsilon=epsilon), [2, -2])[:, 0]
        for epsilon in (TINY, 2)
    )
    return [*places, *halves], [0.9, 0.9 + 0.1 / 3, 0.95, 0.95 + 0.1 / 6]


@equation("13.10", "definition", "the cosine schedule")
def cosine_by_hand(rng):
    """From 0.4 in six steps: whole, three quarters, half, a quarter, nothing."""
    rates = [cosine_decay(0.4, step, 6) for step in (0, 2, 3, 4, 6)]
    return rates, [0.4, 0.3, 0.2, 0.1, 0.0]


def small_network(rng):
    """A network with biases that are not zero, digits, and one mask: float64."""
    params = init_params(SIZES, rng, "uniform", np.float64)
    mask = dropout_mask((SIZES[1], 7), 0.4, rng, np.float64)
    return params, rng.random((SIZES[0], 7)), rng.integers(0, SIZES[-1], 7), [mask]


def numeric_first(loss, params):
    """Central differences of a loss with respect to the first layer: dW and db beside it."""
    (W1, b1), last = params
    dW = numerical_gradient(lambda W: loss([Layer(W, b1), last]), W1)
    return np.hstack([dW, numerical_gradient(lambda b: loss([Layer(W1, b), last]), b1)])


@equation("13.11", "result", "what the penalty adds to the gradient")
def gradient_with_l2(rng):
    """Central differences of loss plus penalty, against dW + λ W, and db as it is."""
    params, X, y, _ = small_network(rng)
    ones = [np.ones((SIZES[1], 7))]

    def loss(params):
        Z = masked_forward(params, X, ones, ACTIVATIONS)[0][-1]
        return cross_entropy(Z, y) + l2_penalty(params, 0.3)

    Zs, As = masked_forward(params, X, ones, ACTIVATIONS)
    plain = masked_backward(params, Zs, As, one_hot(y, 3, X.dtype), ones, ACTIVATIONS)
    return numeric_first(loss, params), np.hstack(add_l2(plain, params, 0.3)[0])


@equation("13.12", "result", "dropout forwards and backwards, the mask held fixed")
def gradient_with_dropout(rng):
    """Central differences through the mask, against the masked backward pass; and M ⊙ A by hand."""
    params, X, y, masks = small_network(rng)
    Zs, As = masked_forward(params, X, masks, ACTIVATIONS)
    grads = masked_backward(params, Zs, As, one_hot(y, 3, X.dtype), masks, ACTIVATIONS)

    def loss(params):
        return cross_entropy(masked_forward(params, X, masks, ACTIVATIONS)[0][-1], y)

    by_hand = np.where(masks[0] > 0, np.tanh(Zs[0]) / (1 - 0.4), 0)
    left = np.append(numeric_first(loss, params), As[1])
    return left, np.append(np.hstack(grads[0]), by_hand)


@exercise(
    "13-1",
    praise="A velocity that fades and grows, and a step along it.",
    hints=(
        "two lines: first the new velocity, then the new W; (13.4) has both.",
        "velocity is multiplied by momentum, and the whole gradient is added to it.",
        "new = momentum * velocity + dW; return W - lr * new, new.",
    ),
)
def judge_momentum(answer):
    """The form, the velocity, then the step; with numbers that nobody writes down by habit."""
    rng = np.random.default_rng(3)
    W, velocity, dW = (rng.normal(size=(4, 3)) for _ in range(3))
    kept = [array.copy() for array in (W, velocity, dW)]
    lr, momentum = 0.07, 0.8
    result = answer(W, velocity, dW, lr, momentum)
    if any(not np.array_equal(a, b) for a, b in zip((W, velocity, dW), kept, strict=True)):
        return "your function changed an array that it was given (+= works in place); make new ones"
    if not (isinstance(result, tuple | list) and [np.shape(a) for a in result] == [W.shape] * 2):
        return "it should return two arrays of W's shape: the new W and the new velocity"
    moved, new = result
    right = momentum * velocity + dW
    if np.allclose(moved, right) and np.allclose(new, W - lr * right):
        return "both are right and in the wrong order: return the new W first, then the velocity"
    if np.allclose(moved, W - lr * velocity) and np.allclose(new, right):
        return (
            "the step uses the old velocity; the new one, with this gradient in it, should move W"
        )
    for sentence, wrong in likely_velocities(velocity, dW, lr, momentum):
        if np.allclose(new, wrong):
            return sentence
    if not np.allclose(new, right):
        ratio = np.abs(new).sum() / np.abs(right).sum()
        return f"the velocity is not momentum * velocity + dW; yours is {ratio:.2f} times its size"
    if np.allclose(moved, W + lr * new):
        return "the velocity is right, but you walk uphill: W - lr * velocity"
    if not np.allclose(moved, W - lr * new):
        return f"the velocity is right; the step is not lr times it (here lr is {lr})"
    return None


def likely_velocities(velocity, dW, lr, momentum):
    """What else the new velocity could be: pairs (sentence, array)."""
    faded = momentum * velocity
    average = (
        "your velocity is an average, the gradient enters with 1 - momentum; in (13.4) it is "
        "added whole, so that with 0.9 the velocity can grow to ten times the gradient"
    )
    downhill = (
        "your velocity points downhill and W is added to it: a common form, but ours holds "
        "gradients, momentum * velocity + dW, and the minus stands in the step"
    )
    scaled = (
        "your velocity holds lr * dW: a common form, but in (13.4) the gradient enters it whole, "
        "and the learning rate stands in the step"
    )
    habit = f"you calculate with 0.9; momentum is an argument, here it is {momentum}"
    return [
        (average, faded + (1 - momentum) * dW),
        (downhill, faded - lr * dW),
        (downhill, faded - dW),
        (scaled, faded + lr * dW),
        (habit, 0.9 * velocity + dW),
    ]


def adam_places(gradients, lr, c1=True, c2=True, inside=False, eps=1e-8):
    """The places that Adam visits from 0, or those of one of its misreadings."""
    theta, m, s = np.zeros_like(gradients[0]), 0.0, 0.0
    for t, g in enumerate(gradients, start=1):
        m, s = 0.9 * m + 0.1 * g, 0.999 * s + 0.001 * g**2
        m_hat = m / (1 - 0.9**t) if c1 else m
        s_hat = s / (1 - 0.999**t) if c2 else s
        root = np.sqrt(s_hat + eps) if inside else np.sqrt(s_hat) + eps
        theta = theta - lr * m_hat / root
    return theta


MISREADINGS = (
    (dict(c1=False, c2=False), "no correction: the first step should be lr long, yours is {}"),
    (
        dict(c2=False),
        "only the mean is corrected; the mean square starts at 0 too, and stays near it longer: "
        "your first step is {}, it should be lr long",
    ),
    (
        dict(c1=False),
        "only the mean square is corrected; divide the mean by 1 - 0.9**t as well: your first step "
        "is {}, it should be lr long",
    ),
    (
        dict(inside=True),
        "ε stands inside your root. For large gradients that changes nothing; for small ones, as "
        "√1e-8 is 1e-4, it shortens the step to {}. Root first, then + 1e-8",
    ),
    (
        dict(eps=0),
        "ε is missing: np.sqrt(s_hat) + 1e-8; without it a gradient of 0 gives 0/0",
    ),
)


@exercise(
    "13-2",
    praise="The first step is almost exactly lr long, for large gradients and for small ones.",
    hints=(
        "theta, m and s begin at 0; loop with enumerate(gradients, start=1), so that t is 1 first.",
        "inside: m and s as in (13.7), with 0.9 and 0.999; then divide each by its 1 - β**t.",
        "theta = theta - lr * m_hat / (np.sqrt(s_hat) + 1e-8), with m_hat = m / (1 - 0.9**t).",
    ),
)
def judge_adam(answer):
    """One step with tiny gradients, then many."""
    rng = np.random.default_rng(4)
    tiny = [np.array([1e-5, -3e-5, 1e-4])]
    with np.errstate(all="ignore"):
        first = np.asarray(answer([g.copy() for g in tiny], 0.01), dtype=float)
    if first.shape != (3,):
        return f"it should return an array like the gradients, of shape (3,); got {first.shape}"
    if not np.isfinite(first).all():
        return (
            "NaN after the first step: does t start at 1 (with t = 0 the correction, 1 - 0.9**0, "
            "is 0)? Are m and s two arrays?"
        )
    if np.allclose(first, -adam_places(tiny, 0.01), rtol=1e-4):
        return "you walk uphill: the step is subtracted"
    for misreading, words in MISREADINGS:
        if np.allclose(first, adam_places(tiny, 0.01, **misreading), rtol=1e-4):
            return words.format(f"{abs(first[0]) / 0.01:.2g} × lr")
    if not np.allclose(first, adam_places(tiny, 0.01), rtol=1e-4):
        length = abs(first[0]) / 0.01
        return f"the first step should be lr long in every parameter; yours is {length:.2g} × lr"
    many = [rng.normal(size=3) for _ in range(30)]
    if not np.allclose(answer([g.copy() for g in many], 0.01), adam_places(many, 0.01), rtol=1e-6):
        if math.isclose(np.abs(answer(many, 0.01)).max(), 0.01, rel_tol=1e-3):
            return "30 gradients lead where one does: is each step the first again?"
        return "the first step is right, later ones are not; does t grow, and are m and s kept?"
    return None
