"""Lesson 18, Ask how sure it is: its equations and exercises."""

import itertools

import numpy as np

from nnlib.activations import relu_derivative, softmax
from nnlib.backprop import input_gradient
from nnlib.calibration import expected_calibration_error
from nnlib.checks.engine import Task
from nnlib.checks.registry import equation, exercise
from nnlib.gradient_check import numerical_gradient
from nnlib.losses import cross_entropy, one_hot
from nnlib.network import Layer, forward

SIZES, M = (4, 6, 3), 5  # all different, so that no transpose can hide


def two_layers(rng):
    """Parameters with biases that are not zero, samples, and labels."""
    shapes = zip(SIZES, SIZES[1:])
    params = [Layer(rng.normal(size=(n, k)), rng.normal(size=(n, 1))) for k, n in shapes]
    return params, rng.random((SIZES[0], M)), rng.integers(0, SIZES[-1], M)


def sum_of_losses(params, X, y):
    """The losses of all samples, added up: what one of them pays depends on its column alone."""
    return cross_entropy(forward(params, X)[0][-1], y) * y.size


@equation("18.1", "result", "the expected calibration error")
def calibration_error_by_loops(rng):
    """The library's, against a loop over bins and samples."""
    n_bins, m = 5, 40
    P, y = softmax(rng.normal(0, 2, (3, m))), rng.integers(0, 3, m)
    total = 0
    for b in range(n_bins):
        inside = [j for j in range(m) if b < n_bins * max(P[:, j]) <= b + 1]
        if inside:
            right = sum(P[y[j], j] == max(P[:, j]) for j in inside) / len(inside)
            total += len(inside) / m * abs(right - sum(max(P[:, j]) for j in inside) / len(inside))
    return [expected_calibration_error(P, y, n_bins)], [total]


@equation("18.2", "result", "the slope of the loss by 1/T")
def gaps_and_slope(rng):
    """Gaps between logarithms of P, and central differences by 1 / T; against both formulas.

    A gap that is divided by T > 0 keeps its sign: no order changes.
    """
    Z, y, T = rng.normal(0, 2, (4, M)), rng.integers(0, 4, M), rng.uniform(0.5, 3)
    P = softmax(Z / T)
    slope = numerical_gradient(lambda u: cross_entropy(u * Z, y), np.array(1 / T))
    formula = ((P * Z).sum(axis=0) - Z[y, np.arange(M)]).mean()
    gaps = np.diff(np.log(P), axis=0), np.diff(Z, axis=0) / T
    return [slope, *gaps[0].ravel()], [formula, *gaps[1].ravel()]


@equation("18.3", "result", "the slope of each pixel")
def slope_of_each_pixel(rng):
    """Central differences of each sample's own loss, against lesson 06 and one product more."""
    params, X, y = two_layers(rng)
    (Z1, _), (*_, P) = forward(params, X)
    dZ2 = P - one_hot(y, SIZES[-1], np.float64)
    dZ1 = params[1].W.T @ dZ2 * relu_derivative(Z1)
    return numerical_gradient(lambda X: sum_of_losses(params, X, y), X), params[0].W.T @ dZ1


@equation("18.4", "result", "no change within epsilon raises the loss faster than along the signs")
def along_the_signs(rng):
    """The best of all corners, and central differences along the signs; against the sum."""
    params, X, y = two_layers(rng)
    epsilon, dX = rng.uniform(0.05, 0.3), input_gradient(params, X, y)
    corners = np.array(list(itertools.product((-epsilon, epsilon), repeat=len(X))))
    best = (corners @ dX).max(axis=0)  # a linear change is largest in a corner: one for each sample

    def moved(t):
        return sum_of_losses(params, X + t * epsilon * np.sign(dX), y)

    along = numerical_gradient(moved, np.array(0.0))
    formula = epsilon * np.abs(dX).sum(axis=0)
    return [*best, along], [*formula, formula.sum()]


def bin_of(P, y, low, high, inside=None, confidence=None, is_right=None, change=lambda *bin: bin):
    """The right answer of 18-1, or another where a part is given."""
    largest = P.max(axis=0)
    inside = (largest > low) & (largest <= high) if inside is None else inside
    confidence = largest if confidence is None else confidence
    is_right = P.argmax(axis=0) == y if is_right is None else is_right
    return change(inside.sum(), confidence[inside].mean(), is_right[inside].mean())


def other_edges(inside):
    """A wrong answer of 18-1 that asks `inside(confidence, low, high)`."""
    return lambda P, y, low, high: bin_of(P, y, low, high, inside(P.max(axis=0), low, high))


def other_numbers(change):
    """A wrong answer of 18-1 with `change(m, count, confidence, share)` as its numbers."""
    return lambda P, y, low, high: bin_of(P, y, low, high, change=lambda *bin: change(y.size, *bin))


def of_the_true_digit(in_bin, in_mean):
    """A wrong answer of 18-1 that takes the probability of the true digit, here or there."""

    def wrong(P, y, low, high):
        true = P[y, np.arange(y.size)]
        inside = (true > low) & (true <= high) if in_bin else None
        return bin_of(P, y, low, high, inside, true if in_mean else None)

    return wrong


def every_probability(P, y, low, high):
    """A wrong answer of 18-1: every probability between the edges counts, whose it may be."""
    inside = (P > low) & (P <= high)
    is_true = np.arange(len(P))[:, None] == y
    return inside.sum(), P[inside].mean(), is_true[inside].mean()


def sure_columns(confidence, n_classes, share, rng):
    """Columns with these largest probabilities, and labels; about that share is read right."""
    c = np.array(confidence)
    second = np.minimum(0.7 * (1 - c), 0.9 * c)
    others = np.tile((1 - c - second) / (n_classes - 2), (n_classes - 2, 1))
    y = np.where(rng.random(c.size) < share, 0, rng.integers(1, n_classes, c.size))
    shift = rng.integers(0, n_classes, c.size)  # another digit is the largest in each column
    places = (np.arange(n_classes)[:, None] - shift) % n_classes
    P = np.take_along_axis(np.vstack([c, second, others]), places, axis=0)
    return P, (y + shift) % n_classes


def bins_to_count():
    """Twenty samples of ten digits, then fourteen of seven; some lie on an edge, to the bit."""
    rng = np.random.default_rng(18)
    middle = [0.3, 0.4, 0.35, 0.38, 0.4, 0.32, 0.9, 0.45, 0.51, 0.3, 0.37, 0.55, 0.99, 0.4, 0.34]
    top = [1, 0.9, 0.93, 0.97, 0.9, 1, 0.99, 0.6, 0.91, 0.85, 0.4, 0.96, 0.9, 0.55]
    return [
        (*sure_columns([*middle, 0.8, 0.36, 0.47, 0.39, 0.6], 10, 0.6, rng), 0.3, 0.4),
        (*sure_columns(top, 7, 0.6, rng), 0.9, 1.0),
    ]


exercise(
    "18-1",
    "reliability_bin(P, y, low, high)",
    Task(
        right=bin_of,
        cases=bins_to_count,
        names=("the count", "the mean confidence", "the share read right"),
        gives="three numbers: the count, the mean confidence, the share read right",
        slips={
            "the confidence of a sample is the largest of its probabilities, whatever its digit "
            "is; yours is the probability of the true digit": (
                of_the_true_digit(True, True),
                of_the_true_digit(True, False),
                of_the_true_digit(False, True),
            ),
            "each sample counts once, with the largest of its probabilities; yours counts every "
            "probability in the bin": every_probability,
            "the bin goes to its upper edge and begins above the lower one, low < c <= high: a "
            "sample with exactly 1.0 has to be in the last bin": (
                other_edges(lambda c, low, high: (c >= low) & (c < high)),
                other_edges(lambda c, low, high: (c >= low) & (c <= high)),
                other_edges(lambda c, low, high: (c > low) & (c < high)),
            ),
            "a bin has two edges; yours is open at one side": (
                other_edges(lambda c, low, high: c > low),
                other_edges(lambda c, low, high: c <= high),
                other_edges(lambda c, low, high: c >= low),
                other_edges(lambda c, low, high: c < high),
            ),
            "the two numbers are about the samples in the bin alone: divide by their count, not "
            "by m": (
                other_numbers(lambda m, n, c, share: (n, c, share * n / m)),
                other_numbers(lambda m, n, c, share: (n, c * n / m, share)),
                other_numbers(lambda m, n, c, share: (n, c * n / m, share * n / m)),
            ),
            "the share is about the samples in the bin alone; yours is that of all samples": (
                lambda P, y, low, high: bin_of(
                    P, y, low, high, change=lambda n, c, _: (n, c, (P.argmax(axis=0) == y).mean())
                )
            ),
            "the mean is about the samples in the bin alone; yours is that of all samples": (
                lambda P, y, low, high: bin_of(
                    P, y, low, high, change=lambda n, _, share: (n, P.max(axis=0).mean(), share)
                )
            ),
            "the count is a number of samples; yours is their share of all": (
                other_numbers(lambda m, n, c, share: (n / m, c, share))
            ),
            "the count is that of the samples in the bin; yours is that of all samples": (
                other_numbers(lambda m, n, c, share: (m, c, share))
            ),
            "the count is that of all samples in the bin, read right or not": (
                other_numbers(lambda m, n, c, share: (n * share, c, share))
            ),
            "mean and share lie between 0 and 1; yours are percent": (
                other_numbers(lambda m, n, c, share: (n, c, 100 * share)),
                other_numbers(lambda m, n, c, share: (n, 100 * c, share)),
                other_numbers(lambda m, n, c, share: (n, 100 * c, 100 * share)),
            ),
            "a sum is no mean: divide by the count": (
                other_numbers(lambda m, n, c, share: (n, n * c, n * share)),
                other_numbers(lambda m, n, c, share: (n, n * c, share)),
                other_numbers(lambda m, n, c, share: (n, c, n * share)),
            ),
            "the share is of those that are read right; yours is of those read wrong": (
                other_numbers(lambda m, n, c, share: (n, c, 1 - share))
            ),
            "the share counts how many are read right; yours is a mean probability of the true "
            "digit": (
                lambda P, y, low, high: bin_of(P, y, low, high, is_right=P[y, np.arange(y.size)])
            ),
            "the third number is the share itself; its gap to the confidence is taken later": (
                other_numbers(lambda m, n, c, share: (n, c, abs(share - c))),
                other_numbers(lambda m, n, c, share: (n, c, share - c)),
                other_numbers(lambda m, n, c, share: (n, c, c - share)),
            ),
            "that is the middle of the bin; the samples in it have a mean of their own": (
                lambda P, y, low, high: bin_of(
                    P, y, low, high, change=lambda n, _, share: (n, (low + high) / 2, share)
                )
            ),
            "the mean is over the largest probability of each sample; yours is over all of its "
            "probabilities": (
                lambda P, y, low, high: bin_of(P, y, low, high, confidence=P.mean(axis=0))
            ),
        },
    ),
    praise="Three numbers a bin: how many, how sure, how right. The gap between the last two is "
    "what this lesson is about.",
    hints=(
        "begin with two arrays, (m,): how sure each sample is, and whether it is read right. y "
        "plays no part in the first.",
        "confidence = P.max(axis=0). A comparison gives an array of True and False, & joins two "
        "of them: inside = (confidence > low) & (confidence <= high).",
        "inside.sum() counts, confidence[inside] are those in the bin. What is read is "
        "P.argmax(axis=0); compare it with y, and take the mean where inside is True.",
    ),
)


def nearest(X_new, X, epsilon):
    """The right answer of 18-2."""
    return np.clip(np.clip(X_new, X - epsilon, X + epsilon), 0, 1)


def nudged(change):
    """A wrong answer of 18-2: X with `change(difference, epsilon)` added, within 0…1 or not."""
    return (
        lambda X_new, X, epsilon: np.clip(X + change(X_new - X, epsilon), 0, 1),
        lambda X_new, X, epsilon: X + change(X_new - X, epsilon),
    )


def nearest_step(X_new, X, epsilon, begin):
    """The difference, each pixel within epsilon, added to `begin`."""
    return begin + np.clip(X_new - X, -epsilon, epsilon)


def moved_pictures():
    """Pictures of 9 pixels, with black and white, and of 8, all gray; what became of them."""
    rng, cases = np.random.default_rng(7), []
    for shape, epsilon, ends in (((9, 4), 0.1, (0, 1)), ((8, 6), 0.25, (0.06, 0.9))):
        X = np.clip(rng.normal(0.5, 0.6, shape), *ends)
        cases.append((X + rng.normal(0, 2 * epsilon, shape), X, epsilon))
    return cases


exercise(
    "18-2",
    "keep_near(X_new, X, epsilon)",
    Task(
        right=nearest,
        cases=moved_pictures,
        names=("the picture",),
        gives="one array of the shape of X",
        slips={
            "near enough, but some pixels are below 0 or above 1, which no picture holds": (
                lambda X_new, X, epsilon: np.clip(X_new, X - epsilon, X + epsilon)
            ),
            "all pixels lie in 0…1, but some are further than epsilon from X": (
                lambda X_new, X, epsilon: np.clip(X_new, 0, 1)
            ),
            "that is how far the pixels may move; add it to X": (
                lambda X_new, X, epsilon: np.clip(X_new - X, -epsilon, epsilon),
                lambda X_new, X, epsilon: np.clip(np.clip(X_new - X, -epsilon, epsilon), 0, 1),
            ),
            "that keeps the pixels within epsilon of 0; they should be within epsilon of X": (
                lambda X_new, X, epsilon: np.clip(X_new, -epsilon, epsilon),
                lambda X_new, X, epsilon: np.clip(X_new, 0, epsilon),
            ),
            "you shrink the whole difference; each pixel is held for itself, and one that has "
            "moved less than epsilon stays where it is": (
                *nudged(lambda d, epsilon: d * epsilon / np.abs(d).max()),
                *nudged(lambda d, epsilon: d * epsilon / np.abs(d).max(axis=0)),
                *nudged(lambda d, epsilon: d * epsilon / np.linalg.norm(d)),
                *nudged(lambda d, epsilon: d * epsilon),
            ),
            "you move every pixel by epsilon; one that has moved less stays where it is": nudged(
                lambda d, epsilon: epsilon * np.sign(d)
            ),
            "a pixel that has moved too far goes to the end of what is allowed, not back to X": (
                nudged(lambda d, epsilon: np.where(np.abs(d) <= epsilon, d, 0))
            ),
            "epsilon holds in both directions; yours lets pixels go as far as they like in one": (
                *nudged(np.minimum),
                *nudged(lambda d, epsilon: np.maximum(d, -epsilon)),
            ),
            "epsilon holds in both directions; yours lets pixels move in one alone": (
                *nudged(lambda d, epsilon: np.clip(d, 0, epsilon)),
                *nudged(lambda d, epsilon: np.clip(d, -epsilon, 0)),
            ),
            "the pixels move the wrong way: the difference is X_new - X": (
                nudged(lambda d, epsilon: np.clip(-d, -epsilon, epsilon))
            ),
            "add what is left of the difference to X, where the pixels come from, not to X_new": (
                lambda X_new, X, epsilon: np.clip(nearest_step(X_new, X, epsilon, X_new), 0, 1),
                lambda X_new, X, epsilon: nearest_step(X_new, X, epsilon, X_new),
            ),
            "epsilon is no share of a pixel: every pixel may move by as much": (
                lambda X_new, X, epsilon: np.clip(X_new, X * (1 - epsilon), X * (1 + epsilon)),
                lambda X_new, X, epsilon: np.clip(
                    np.clip(X_new, X * (1 - epsilon), X * (1 + epsilon)), 0, 1
                ),
            ),
            "X_new comes back as it is, however far from X": lambda X_new, X, epsilon: 1 * X_new,
            "nothing moves: that is X itself": lambda X_new, X, epsilon: 1 * X,
            "the other way round: that is the picture nearest to X, within epsilon of X_new": (
                lambda X_new, X, epsilon: nearest(X, X_new, epsilon),
                lambda X_new, X, epsilon: np.clip(X, X_new - epsilon, X_new + epsilon),
            ),
        },
    ),
    praise="However many steps an attack takes, it stays a picture, and within epsilon.",
    hints=(
        "each pixel for itself: what is the smallest and the largest value it may have, once "
        "because of X and epsilon, once because it is a picture?",
        "np.clip(a, low, high) takes every entry to the nearest value between low and high; these "
        "may be arrays of the same shape.",
        "first between X - epsilon and X + epsilon, then between 0 and 1: one clip around another.",
    ),
)
