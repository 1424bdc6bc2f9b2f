"""Lesson 02, Try ten templates: its equations and exercises."""

import numpy as np

from nnlib.checks.engine import Task
from nnlib.checks.registry import equation, exercise


@equation("2.1", "result", "a score: pixels times weights, summed, plus bias")
def score(rng):
    """Two loops against one product."""
    W, b, x = rng.normal(size=(10, 784)), rng.normal(size=10), rng.random(784)
    by_loops = []
    for k in range(10):
        total = b[k]
        for i in range(784):
            total += W[k, i] * x[i]
        by_loops.append(total)
    return by_loops, W @ x + b


@equation("2.2", "result", "the scores of all digits: Z = W X + b")
def all_scores(rng):
    """One column after the other against one product, the bias column added to every column."""
    W, b, X = rng.normal(size=(3, 5)), rng.normal(size=(3, 1)), rng.random((5, 7))
    columns = [[W[k] @ X[:, j] + b[k, 0] for j in range(7)] for k in range(3)]
    return columns, W @ X + b


@equation("2.3", "result", "a squared distance is a length minus twice a score")
def distance_as_score(rng):
    """The distances of one digit from ten means, against the right side."""
    means, x = rng.random((10, 784)), rng.random(784)
    distances = [((x - mean) ** 2).sum() for mean in means]
    scores = means @ x - (means**2).sum(axis=1) / 2
    return distances, x @ x - 2 * scores


@equation("2.4", "result", "the nearest mean has the largest score")
def nearest_has_largest_score(rng):
    """Which mean is nearest to each of twenty points, against which score is largest."""
    means, X = rng.random((10, 784)), rng.random((784, 20))
    nearest = [np.argmin([np.linalg.norm(x - mean) for mean in means]) for x in X.T]
    W, b = means, -(means**2).sum(axis=1, keepdims=True) / 2
    return nearest, (W @ X + b).argmax(axis=0)


@equation("2.5", "result", "the difference of two scores is the score of one template")
def difference_of_scores(rng):
    """Two scores subtracted, against a sum over the differences of the weights."""
    W, b, x = rng.normal(size=(10, 784)), rng.normal(size=10), rng.random(784)
    z = W @ x + b
    summed = sum((W[3, i] - W[8, i]) * x[i] for i in range(784)) + (b[3] - b[8])
    return [z[3] - z[8]], [summed]


def made_up_digits():
    """Four digits of each class, in order; then between two and six of each, in any order."""
    rng = np.random.default_rng(2)
    sorted_y = np.repeat(np.arange(10), 4)
    mixed_y = rng.permutation(
        np.repeat(np.arange(10), rng.permutation([2, 2, 3, 3, 4, 4, 5, 5, 6, 6]))
    )
    ink = rng.uniform(0.2, 0.8, (10, 784))
    return [(ink[y].T * rng.uniform(0.8, 1.2, (784, y.size)), y) for y in (sorted_y, mixed_y)]


def means(X, y):
    """The mean digit of each class, (10, 784)."""
    return np.array([X[:, y == k].mean(axis=1) for k in range(10)])


def sums(X, y):
    """The sum of the digits of each class, (10, 784)."""
    return np.array([X[:, y == k].sum(axis=1) for k in range(10)])


def bias(W, factor=-0.5, power=1):
    """The bias of templates, or one with another factor or power."""
    return factor * (W**2).sum(axis=1, keepdims=True) ** power


def with_bias(**slip):
    """The right templates with another bias."""
    return lambda X, y: (means(X, y), bias(means(X, y), **slip))


def with_templates(templates):
    """Other templates, and the bias that would be right for them."""

    def answer(X, y):
        W = templates(X, y)
        return W, bias(W)

    return answer


exercise(
    "02-1",
    "nearest_mean_templates(X, y)",
    Task(
        right=with_templates(means),
        cases=made_up_digits,
        names=("W", "b"),
        gives="two arrays, the templates and the biases: return W, b",
        sizes="; the check uses 784 pixels and 40 digits, then 40 others in any order",
        slips={
            "W has one number a digit: you averaged over the pixels; average over the digits of "
            "the class, axis=1": with_templates(
                lambda X, y: np.array([X[:, y == k].mean(axis=0) for k in range(10)])
            ),
            "all ten templates are the mean of all digits; take only the columns X[:, y == k]": (
                with_templates(lambda X, y: np.tile(X.mean(axis=1), (10, 1)))
            ),
            "your templates are sums; divide each by the number of digits of its class": (
                with_templates(sums)
            ),
            "you divide by the same number for each class; the classes may hold more digits or "
            "fewer: .mean(axis=1) counts them": (
                with_templates(lambda X, y: sums(X, y) / 4),
                with_templates(lambda X, y: sums(X, y) / (y.size / 10)),
            ),
            "you take the digits by their place; y says which class a column is of: X[:, y == k]": (
                with_templates(lambda X, y: X.reshape(784, 10, -1).mean(axis=2).T)
            ),
            "b is flat, (10,), a row when it is added to W @ X; it must be (10, 1): keepdims": (
                lambda X, y: (means(X, y), bias(means(X, y)).ravel())
            ),
            "without the bias -½‖μ‖² the template with the most ink wins too often": (
                with_bias(factor=0)
            ),
            "the sign of the bias: a long template must pay for its length, -½‖μ‖²": (
                with_bias(factor=0.5)
            ),
            "your bias is twice too large: it is -½‖μ‖², with a half": with_bias(factor=-1),
            "the bias holds the *squared* length of the mean; do not take the root": (
                with_bias(power=0.5)
            ),
        },
    ),
    praise="Ten means, and for each its price of ink, half its squared length.",
    hints=(
        "row k of W is the mean over the columns X[:, y == k].",
        "the bias is the part of (2.4) that does not hold x; it must have shape (10, 1).",
        "(W**2).sum(axis=1, keepdims=True) are the ten squared lengths; the rows of W come from a "
        "loop over k.",
    ),
)


def against(W, x, k, l):
    """What each pixel adds against class k and for class l."""
    return np.minimum((W[k] - W[l]) * x, 0).reshape(28, 28)


def two_digits():
    """Ten templates and a digit, twice: 3 against 8, then 5 against 1."""
    cases = []
    for seed, (k, l) in ((3, (3, 8)), (4, (5, 1))):
        rng = np.random.default_rng(seed)
        x = rng.random(784) * (rng.random(784) < 0.3)
        cases.append((rng.normal(size=(10, 784)), x, k, l))
    return cases


exercise(
    "02-2",
    "speaks_against(W, x, k, l)",
    Task(
        right=against,
        cases=two_digits,
        names=("the map",),
        slips={
            "you return a single number; keep the map, do not sum it up": (
                lambda *given: against(*given).sum()
            ),
            "these are weights alone: a pixel without ink says nothing; multiply by x": (
                lambda W, x, k, l: against(W, np.ones(784), k, l)
            ),
            "all pixels are still there; keep only the negative ones, those against k": (
                lambda W, x, k, l: ((W[k] - W[l]) * x).reshape(28, 28)
            ),
            "you kept the pixels that speak for k; those against it are negative": (
                lambda W, x, k, l: np.maximum((W[k] - W[l]) * x, 0).reshape(28, 28)
            ),
            "k and l have changed places: this is what speaks against l": (
                lambda W, x, k, l: against(W, x, l, k)
            ),
            "you looked at row k alone; l wins or loses by the difference of the two rows": (
                lambda W, x, k, l: np.minimum(W[k] * x, 0).reshape(28, 28)
            ),
            "right for 3 and 8 only; take the rows k and l that you are given": (
                lambda W, x, k, l: against(W, x, 3, 8)
            ),
            "the numbers are right; put them back into a square, (28, 28)": (
                lambda *given: against(*given).ravel()
            ),
        },
    ),
    praise="What remains is the ink that speaks against the 3, and where it is.",
    hints=(
        "by (2.5), pixel i adds (W[k, i] - W[l, i]) * x[i] to the difference of the scores.",
        "np.minimum(array, 0) keeps the negative entries and makes the others 0.",
        "the difference of the two rows, times x, is what np.minimum takes; at the end a square: "
        ".reshape(28, 28).",
    ),
)
