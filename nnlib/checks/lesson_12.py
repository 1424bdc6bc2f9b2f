"""Lesson 12, Climb the ladder: its equations and exercises."""

import itertools

import numpy as np

from nnlib.activations import sigmoid_derivative, softmax, tanh_derivative
from nnlib.backprop import backward, output_error
from nnlib.checks.engine import Task
from nnlib.checks.registry import equation, exercise
from nnlib.gradient_check import numerical_gradient
from nnlib.losses import cross_entropy, one_hot, squared_error
from nnlib.network import Layer, forward, init_params

NETWORK = {"activations": ("sigmoid", "softmax")}  # of the small network in (12.2)
LR = 1e-4


def plain_sigmoid(Z):
    """The sigmoid by its formula; the library's is written with tanh."""
    return 1 / (1 + np.exp(-Z))


def sums_of_all_draws(s, x, spread_b):
    """The sums for every way to draw ten weights from -s and s, and a bias from -spread_b, +."""
    signs = np.array(list(itertools.product((-1, 1), repeat=x.size + 1)))
    return signs[:, 1:] @ (s * x) + spread_b * signs[:, 0]


@equation("12.1", "result", "pixels 255 times as large are weights 255 times as large")
def larger_pixels(rng):
    """A loop over raw pixels, against one product with larger weights."""
    W, b, x = rng.normal(size=(4, 9)), rng.normal(size=(4, 1)), rng.random((9, 1))
    loop = [[sum(W[k, i] * (255 * x[i, 0]) for i in range(9)) + b[k, 0]] for k in range(4)]
    return loop, (255 * W) @ x + b


@equation("12.2", "result", "on raw pixels the first weights take a step 65,025 times as long")
def longer_steps(rng):
    """A step by backpropagation on raw pixels; one by central differences on scaled ones."""
    first, last = init_params([6, 5, 4], rng, "xavier", np.float64)
    X, y = rng.random((6, 7)), rng.integers(0, 4, 7)
    small = first.W / 255
    Zs, As = forward([Layer(small, first.b), last], 255 * X, **NETWORK)
    raw = backward([Layer(small, first.b), last], Zs, As, one_hot(y, 4, X.dtype), **NETWORK)

    def loss_at(W):
        return cross_entropy(forward([Layer(W, first.b), last], X, **NETWORK)[0][-1], y)

    slope = numerical_gradient(loss_at, first.W)
    return 255 * (small - LR * raw[0].W), first.W - 255**2 * LR * slope


@equation("12.3", "result", "the variance of a sum with random weights and a random bias")
def variance_of_a_sum(rng):
    """All 2,048 ways to draw ten weights from -s and s and the bias from -t and t."""
    s, t, x = 0.3, 0.7, rng.random(10)
    return [np.var(sums_of_all_draws(s, x, t))], [s**2 * (x**2).sum() + t**2]


@equation("12.4", "definition", "the share of sums where the sigmoid is flat")
def flat_share(rng):
    """Slopes at 0, 1, 6, -7, 8, 20, by hand: .25, .197, .00247, .00091, .00034, 2e-9."""
    return [share_by_loop(np.array([[0, 1, 6.0], [-7, 8, 20]]))], [0.5]


@equation("12.5", "result", "dZ of the last layer for three pairs of output and loss")
def three_pairs(rng):
    """Central differences of each sample's own loss, against the three formulas."""
    Z, y = rng.normal(size=(4, 3)), rng.integers(0, 4, 3)
    Y, A, P = one_hot(y, 4, Z.dtype), plain_sigmoid(Z), softmax(Z)
    losses = [
        lambda Z: 3 * squared_error(plain_sigmoid(Z), Y),
        lambda Z: 3 * squared_error(softmax(Z), Y),
        lambda Z: 3 * cross_entropy(Z, y),
    ]
    numeric = [numerical_gradient(loss, Z) for loss in losses]
    formulas = [
        (A - Y) * A * (1 - A),
        P * ((P - Y) - (P * (P - Y)).sum(axis=0)),
        P - Y,
    ]
    return numeric, formulas


@equation("12.6", "result", "the pull on the right class when the output for it is a")
def three_pulls(rng):
    """The library's dZ of the right class, two classes left, against the three products."""
    a = rng.uniform(0.02, 0.98, 6)
    z = np.log(a / (1 - a))
    Z, Y = np.array([z, 0 * z]), np.array([np.ones(6), np.zeros(6)])
    P = softmax(Z)
    found = [
        output_error(Z, plain_sigmoid(Z), Y, "sigmoid", "squared_error")[0],
        output_error(Z, P, Y, "softmax", "squared_error")[0],
        output_error(Z, P, Y)[0],
    ]
    return found, [-a * (1 - a) ** 2, -2 * a * (1 - a) ** 2, -(1 - a)]


@equation("12.7", "result", "tanh is a sigmoid, stretched and shifted")
def tanh_from_sigmoid(rng):
    """NumPy's tanh, against the sigmoid by its formula."""
    z = rng.normal(0, 2, 20)
    return np.tanh(z), 2 * plain_sigmoid(2 * z) - 1


@equation("12.8", "result", "the slope of tanh is four times that of the sigmoid at 2z")
def slope_of_tanh(rng):
    """Central differences of tanh, against the sigmoid's slope; the last one is at 0."""
    z = np.append(rng.normal(0, 1, 20), 0.0)
    A = plain_sigmoid(2 * z)
    return (np.tanh(z + 1e-5) - np.tanh(z - 1e-5)) / 2e-5, 4 * A * (1 - A)


@equation("12.9", "result", "a network with tanh is a network with sigmoids")
def tanh_network(rng):
    """The scores of both, for weights drawn at random."""
    (W1, b1), (W2, b2) = some_network(rng)
    X = rng.random((6, 7))
    ones = np.ones((5, 1))
    left = W2 @ np.tanh(W1 @ X + b1) + b2
    return left, 2 * W2 @ plain_sigmoid(2 * W1 @ X + 2 * b1) + (b2 - W2 @ ones)


@equation("12.10", "result", "relu keeps half of the mean square of a sum")
def relu_keeps_half(rng):
    """Over all 2,048 ways to draw weights and bias from two opposite numbers each."""
    z = sums_of_all_draws(0.3, rng.random(10), 0.7)
    return [(np.maximum(z, 0) ** 2).mean()], [(z**2).mean() / 2]


def some_network(rng):
    """Two layers with biases that are not zero, float64."""
    return init_params([6, 5, 4], rng, "uniform", np.float64)


def share_by_loop(Z):
    """The share of sums where the sigmoid's slope is below 0.001, one by one."""
    slopes = [plain_sigmoid(z) * (1 - plain_sigmoid(z)) for z in np.ravel(Z)]
    return sum(slope < 0.001 for slope in slopes) / len(slopes)


def many_sums():
    """Sums from far to the left to far to the right, then fewer and smaller, then none but 0."""
    rng = np.random.default_rng(12)
    return [(rng.normal(0, 8, (6, 40)),), (rng.normal(0.5, 5, (7, 30)),), (np.zeros((3, 6)),)]


def below(bound):
    """The share of slopes below another bound."""
    return lambda Z: (sigmoid_derivative(Z) < bound).mean()


exercise(
    "12-1",
    "saturated_share(Z)",
    Task(
        right=share_by_loop,
        cases=many_sums,
        names=("the share",),
        slips={
            "no sum counts as flat. Did you pass sigmoid(Z)? sigmoid_derivative takes Z, the sum; "
            "between 0 and 1 the slope is never small": (
                lambda Z: (sigmoid_derivative(plain_sigmoid(Z)) < 0.001).mean()
            ),
            "that is the share that still has a slope; we ask for the flat ones": (
                lambda Z: (sigmoid_derivative(Z) >= 0.001).mean()
            ),
            "one side alone counts in yours; a sum of -20 is as flat as one of 20": tuple(
                lambda Z, sign=sign, edge=edge: (sign * Z > edge).mean()
                for sign in (1, -1)
                for edge in (6.5, 6.9, 6.906755, 7, 8)
            ),
            "this is a number of sums; a share lies between 0 and 1: divide, or take the mean": (
                lambda Z: (sigmoid_derivative(Z) < 0.001).sum()
            ),
            "these are percent; a share lies between 0 and 1": (lambda Z: 100 * share_by_loop(Z)),
            "that is the share where tanh is flat; these are sigmoids": (
                lambda Z: (tanh_derivative(Z) < 0.001).mean()
            ),
            "the slope is compared with another number; flat means below 0.001": tuple(
                map(below, (0.1, 0.01, 0.0001))
            ),
            "that is the mean of the slopes; compare each of them with 0.001 first": (
                lambda Z: sigmoid_derivative(Z).mean()
            ),
        },
    ),
    praise="One number for a layer, and it names the rung.",
    hints=(
        "sigmoid_derivative(Z) is the slope for every unit and every digit.",
        "comparing an array with a number, slopes < 0.001, gives True and False of the same shape.",
        "the mean of True and False is the share of True: (… < 0.001).mean().",
    ),
)


def tanh_networks():
    """W1, b1, W2, b2 of two networks; no two sizes alike, biases not zero."""
    cases = []
    for seed, sizes in ((3, [6, 5, 4]), (4, [3, 7, 2])):
        first, last = init_params(sizes, np.random.default_rng(seed), "uniform", np.float64)
        cases.append((*first, *last))
    return cases


def doubled(W1, b1, W2, b2, factors=(2, 2, 2), less=lambda W2: W2.sum(axis=1, keepdims=True)):
    """The sigmoid network; the factors of W1, b1, W2, and what b2 loses, may be others."""
    return *(c * array for c, array in zip(factors, (W1, b1, W2))), b2 - less(W2)


def doubled_but(*factors, **slip):
    """A sigmoid network with something else in it."""
    slip |= {"factors": factors} if factors else {}
    return lambda *given: doubled(*given, **slip)


def has_the_scores(got, W1, b1, W2, b2):
    """Whether four arrays make the same scores, in whatever way."""
    X = np.random.default_rng(5).random((W1.shape[1], 50))
    V1, c1, V2, c2 = (np.asarray(array, dtype=float) for array in got)
    scores = W2 @ np.tanh(W1 @ X + b1) + b2
    return np.abs(V2 @ plain_sigmoid(V1 @ X + c1) + c2 - scores).max() < 1e-5


exercise(
    "12-2",
    "as_sigmoid(W1, b1, W2, b2)",
    Task(
        right=doubled,
        cases=tanh_networks,
        names=("W1", "b1", "W2", "b2"),
        gives="four arrays: the new W1, b1, W2, b2",
        sizes="; the check uses 6 inputs, 5 hidden units, 4 classes, then others",
        accepts=has_the_scores,
        slips={
            "inside stands σ(2z), so W1 and b1 are both doubled": (
                doubled_but(1, 1, 2),
                doubled_but(2, 1, 2),
                doubled_but(1, 2, 2),
            ),
            "inside stands σ(2z): twice the sum, not half of it, so W1 and b1 are doubled": (
                doubled_but(0.5, 0.5, 2),
                doubled_but(0.5, 0.5, 0.5),
            ),
            "2σ - 1 doubles what comes out of each hidden unit, so W2 is doubled": (
                doubled_but(2, 2, 1)
            ),
            "b2 is the old one, but 2σ is 1 larger than tanh, for every hidden unit": (
                doubled_but(less=lambda W2: 0)
            ),
            "the -1 of each hidden unit makes b2 smaller by W2's row sums; you add": (
                doubled_but(less=lambda W2: -W2.sum(axis=1, keepdims=True))
            ),
            "of b2 you subtract the row sums of the new W2; it loses those of the old one": (
                doubled_but(less=lambda W2: 2 * W2.sum(axis=1, keepdims=True))
            ),
            "every b2 loses the same in yours; class k loses the sum of its own row, row k of W2": (
                doubled_but(less=lambda W2: W2.sum()),
                doubled_but(less=lambda W2: W2.shape[1]),
                doubled_but(less=lambda W2: 1),
            ),
        },
    ),
    praise="Whatever a tanh network can say, a sigmoid network can say; only learning differs.",
    hints=(
        "put (12.7) for tanh into W2 tanh(W1 x + b1) + b2 and multiply out.",
        "inside, the sigmoid gets twice the sum, so W1 and b1 double; outside, W2 doubles.",
        "the -1 of every hidden unit goes through W2: W2.sum(axis=1, keepdims=True) leaves b2.",
    ),
)
