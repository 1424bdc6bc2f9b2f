"""Lesson 13, Take better steps: its equations and exercises."""

import itertools

import numpy as np

from nnlib.checks.engine import Task
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


def network_of(*numbers):
    """A network that holds nothing but these numbers."""
    return [Layer(np.array(numbers, dtype=float)[:, None], np.zeros((1, 1)))]


def numbers_of(params):
    """The numbers of such a network."""
    return params[0].W[:, 0]


def walk(optimizer, gradients, start=(1.0,)):
    """The numbers after each of the given gradients."""
    params, places = network_of(*start), []
    for g in gradients:
        params = optimizer.step(params, network_of(*np.atleast_1d(g)))
        places.append(numbers_of(params))
    return np.array(places)


@equation("13.1", "result", "the gradient of the valley")
def gradient_of_the_valley(rng):
    """Central differences of the height, against (x, κ y)."""
    p, kappa = rng.normal(size=2), 20.0
    numeric = numerical_gradient(lambda p: (p[0] ** 2 + kappa * p[1] ** 2) / 2, p)
    return numeric, [p[0], kappa * p[1]]


def end_of_descent(lr, kappa, n_steps, start):
    """Where n steps of plain descent lead in the valley."""
    optimizer, params = SGD(lr), network_of(*start)
    for _ in range(n_steps):
        x, y = numbers_of(params)
        params = optimizer.step(params, network_of(x, kappa * y))
    return numbers_of(params)


@equation("13.2", "result", "where plain descent is after t steps")
def after_t_steps(rng):
    """Seven steps one after the other, against the two powers."""
    x, y = rng.uniform(1, 3, size=2)
    lr, kappa = 0.09, 20.0
    return end_of_descent(lr, kappa, 7, (x, y)), [(1 - lr) ** 7 * x, (1 - lr * kappa) ** 7 * y]


@equation("13.3", "result", "the learning rate from which on plain descent runs away")
def largest_stable_rate(rng):
    """Bisection for the rate at which |y| neither grows nor shrinks, against 2 / κ."""
    kappas = rng.uniform(2, 50, size=3)
    found = []
    for kappa in kappas:
        low, high = 1 / kappa, 4 / kappa
        for _ in range(60):
            middle = (low + high) / 2
            grows = abs(end_of_descent(middle, kappa, 1, (1.0, 1.0))[1]) > 1
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
    params = network_of(1.0)
    for g in (2.0, -2.0):
        params = optimizer.step(params, network_of(g))
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


def steps_to_take():
    """W, velocity, dW, rate and momentum, with numbers that nobody writes down by habit."""
    rng, cases = np.random.default_rng(3), []
    for shape, lr, momentum in (((4, 3), 0.07, 0.8), ((2, 5), 0.3, 0.6)):
        cases.append((*(rng.normal(size=shape) for _ in range(3)), lr, momentum))
    return cases


def stepped(
    new=lambda v, dW, lr, beta: beta * v + dW, move=lambda W, new, v, dW, lr, beta: W - lr * new
):
    """A step of momentum; the new velocity, or how W moves with it, may be another."""

    def answer(W, velocity, dW, lr, momentum):
        found = new(velocity, dW, lr, momentum)
        return move(W, found, velocity, dW, lr, momentum), found

    return answer


exercise(
    "13-1",
    "momentum_step(W, velocity, dW, lr, momentum)",
    Task(
        right=stepped(),
        cases=steps_to_take,
        names=("the new W", "the new velocity"),
        slips={
            "the step uses the old velocity; W moves with the new one, which holds this gradient": (
                stepped(move=lambda W, new, v, dW, lr, beta: W - lr * v)
            ),
            "your velocity is an average, the gradient enters with 1 - momentum; in (13.4) it is "
            "added whole, so that with 0.9 the velocity can grow to ten times the gradient": (
                stepped(lambda v, dW, lr, beta: beta * v + (1 - beta) * dW)
            ),
            "your velocity points downhill and W is added to it: a common form, but ours holds "
            "gradients, momentum * velocity + dW, and the minus stands in the step": (
                stepped(lambda v, dW, lr, beta: beta * v - lr * dW, lambda W, new, *_: W + new),
                stepped(
                    lambda v, dW, lr, beta: beta * v - dW,
                    lambda W, new, v, dW, lr, beta: W + lr * new,
                ),
            ),
            "your velocity holds lr * dW: a common form, but in (13.4) the gradient enters it "
            "whole, and the learning rate stands in the step": (
                stepped(lambda v, dW, lr, beta: beta * v + lr * dW, lambda W, new, *_: W - new),
                stepped(lambda v, dW, lr, beta: beta * v + lr * dW),
            ),
            "you calculate with 0.9; momentum is an argument, which is 0.8 here, then 0.6": (
                stepped(lambda v, dW, lr, beta: 0.9 * v + dW)
            ),
            "the old velocity does not fade; it is multiplied by momentum": (
                stepped(lambda v, dW, lr, beta: v + dW)
            ),
            "momentum belongs to the old velocity alone; the gradient is added whole": (
                stepped(lambda v, dW, lr, beta: beta * (v + dW)),
                stepped(lambda v, dW, lr, beta: v + beta * dW),
            ),
            "the old velocity plays no part in yours: this is a step of plain descent": (
                stepped(lambda v, dW, lr, beta: dW)
            ),
            "the velocity is right, but W does not follow it: W - lr * velocity": (
                stepped(move=lambda W, new, v, dW, lr, beta: W - lr * dW)
            ),
            "the velocity is right, but you walk uphill: W - lr * velocity": (
                stepped(move=lambda W, new, v, dW, lr, beta: W + lr * new)
            ),
            "the velocity is right; the step is lr times it, with the lr that is given": tuple(
                stepped(move=lambda W, new, v, dW, lr, beta, c=c: W - c * new)
                for c in (1, 0.5, 0.1, 0.05, 0.01)
            ),
        },
    ),
    praise="A velocity that fades and grows, and a step along it.",
    hints=(
        "two lines: first the new velocity, then the new W; (13.4) has both.",
        "velocity is multiplied by momentum, and the whole gradient is added to it.",
        "new = momentum * velocity + dW; with it W takes its step, as it did with dW before. "
        "Return both, W first.",
    ),
)


def gradients_to_follow():
    """One step with gradients so small that ε plays a part, then thirty with others."""
    rng = np.random.default_rng(4)
    tiny, many = [np.array([1e-5, -3e-5, 1e-4])], [rng.normal(size=4) for _ in range(30)]
    return {"one small gradient": (tiny, 0.01), "thirty gradients": (many, 0.02)}


def corrected(beta, t):
    """What a mean that started at 0 is divided by after t steps."""
    return 1 - beta**t


def not_corrected(beta, t):
    """A division by 1."""
    return 1


def adam(
    betas=(0.9, 0.999),
    divisors=(corrected, corrected),
    square=np.square,
    root=lambda s: np.sqrt(s) + 1e-8,
    sign=-1,
    start=1,
    keep_hats=False,
    anew=False,
    add_up=True,
):
    """Where Adam arrives from 0; any of its parts may be another."""

    def answer(gradients, lr):
        theta = m = s = np.zeros_like(gradients[0])
        for t, g in enumerate(gradients, start=start):
            t, m, s = (1, 0 * m, 0 * s) if anew else (t, m, s)
            m = betas[0] * m + (1 - betas[0]) * g
            s = betas[1] * s + (1 - betas[1]) * square(g)
            m_hat, s_hat = m / divisors[0](betas[0], t), s / divisors[1](betas[1], t)
            m, s = (m_hat, s_hat) if keep_hats else (m, s)
            theta = (theta if add_up else 0) + sign * lr * m_hat / root(s_hat)
        return theta

    return answer


def in_one_array(gradients, lr):
    """Adam in place, with m and s under two names for one array."""
    theta = np.zeros_like(gradients[0])
    m = s = np.zeros_like(theta)
    for t, g in enumerate(gradients, start=1):
        m *= 0.9
        m += 0.1 * g
        s *= 0.999
        s += 0.001 * g**2
        theta -= lr * m / (1 - 0.9**t) / (np.sqrt(s / (1 - 0.999**t)) + 1e-8)
    return theta


exercise(
    "13-2",
    "my_adam(gradients, lr)",
    Task(
        right=adam(),
        cases=gradients_to_follow,
        names=("theta",),
        slips={
            "no correction: m and s start at 0, so both are too small at first; divide each by its "
            "1 - β**t": adam(divisors=(not_corrected, not_corrected)),
            "only the mean is corrected; the mean square starts at 0 too, and stays near it "
            "longer: the first step should be lr long": adam(divisors=(corrected, not_corrected)),
            "only the mean square is corrected; divide the mean by 1 - 0.9**t as well: the first "
            "step should be lr long": adam(divisors=(not_corrected, corrected)),
            "you divide by 1 - β at every step; it is 1 - β**t, and t grows": (
                adam(divisors=(lambda beta, t: 1 - beta, lambda beta, t: 1 - beta))
            ),
            "the corrected means are kept as m and s, and corrected again at the next step; give "
            "them names of their own, m_hat and s_hat": adam(keep_hats=True),
            "ε stands inside your root. For large gradients that changes nothing; for small ones "
            "it shortens the step, as √1e-8 is 1e-4. Root first, then + 1e-8": (
                adam(root=lambda s: np.sqrt(s + 1e-8))
            ),
            "ε is missing: np.sqrt(s_hat) + 1e-8; without it a gradient of 0 gives 0/0": (
                adam(root=np.sqrt)
            ),
            "you divide by the mean square itself, not by its root": adam(root=lambda s: s + 1e-8),
            "every entry is NaN: does t start at 1? With t = 0 the correction, 1 - 0.9**0, is 0": (
                adam(start=0)
            ),
            "the root of a negative number is NaN: s holds g, not its square, g**2": (
                adam(square=lambda g: g)
            ),
            "m and s are one array under two names: what is written into m stands in s; make two": (
                in_one_array
            ),
            "the two rates are swapped: 0.9 belongs to the mean m, 0.999 to the mean square s": (
                adam(betas=(0.999, 0.9))
            ),
            "you walk uphill: the step is subtracted": adam(sign=1),
            "thirty gradients lead where one does: does return stand inside the loop, or does "
            "theta begin anew?": (
                lambda gradients, lr: adam()(gradients[:1], lr),
                lambda gradients, lr: adam()(gradients[-1:], lr),
                adam(add_up=False),
            ),
            "m and s begin at 0 once, before the loop; yours begin anew at every step": (
                adam(anew=True)
            ),
        },
    ),
    praise="The first step is almost exactly lr long, for large gradients and for small ones.",
    hints=(
        "theta, m and s begin at 0; loop with enumerate(gradients, start=1), so that t is 1 first.",
        "inside: m and s as in (13.7), with 0.9 and 0.999; then divide each by its 1 - β**t.",
        "theta = theta - lr * m_hat / (np.sqrt(s_hat) + 1e-8), with m_hat = m / (1 - 0.9**t).",
    ),
)
