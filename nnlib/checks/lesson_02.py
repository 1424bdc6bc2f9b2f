"""Lesson 02, Try ten templates: its equations and exercises."""

import numpy as np

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


def forty_digits():
    """Four made-up digits of each class, as X (784, 40) and y (40,)."""
    rng = np.random.default_rng(2)
    y = np.repeat(np.arange(10), 4)
    ink = rng.uniform(0.2, 0.8, (10, 784))
    return ink[y].T * rng.uniform(0.8, 1.2, (784, 40)), y


@exercise(
    "02-1",
    praise="Ten means, and for each its price of ink, half its squared length.",
    hints=(
        "row k of W is the mean over the columns X[:, y == k].",
        "the bias is the part of (2.4) that does not hold x; it must have shape (10, 1).",
        "b = -(W**2).sum(axis=1, keepdims=True) / 2 is the whole bias.",
    ),
)
def judge_nearest_mean(answer):
    """Shapes first, then the templates, then the bias."""
    X, y = forty_digits()
    result = answer(X, y)
    if not isinstance(result, tuple | list) or len(result) != 2:
        return "return two arrays, the templates and the biases: return W, b"
    W, b = (np.asarray(part) for part in result)
    means = np.array([X[:, y == k].mean(axis=1) for k in range(10)])
    return template_mistake(W, X, means) or bias_mistake(b, (means**2).sum(axis=1, keepdims=True))


def template_mistake(W, X, means):
    """What is wrong with the templates W, or None."""
    if W.shape == (10, 4):
        return (
            "W has shape (10, 4), one number a digit: you averaged over the pixels; average over "
            "the digits of the class, axis=1"
        )
    if W.shape == (784, 10):
        return "W has one template a column, shape (784, 10); we need one a row, (10, 784): .T"
    if W.shape != (10, 784):
        return f"W should hold one template a row, shape (10, 784); got {W.shape}"
    if np.allclose(W, X.mean(axis=1)):
        return "all ten templates are the mean of all digits; take only the columns X[:, y == k]"
    if np.allclose(W, 4 * means):
        return "your templates are sums: with four digits a class they are 4 times the means"
    if not np.allclose(W, means):
        return "row k of W should be the mean of the columns whose label is k"
    return None


def bias_mistake(b, squares):
    """What is wrong with the bias, for templates whose squared lengths are given, or None."""
    if b.shape == (10,):
        return "b has shape (10,), a row when it is added to W @ X; it must be (10, 1): keepdims"
    if b.shape != (10, 1):
        return f"b should have one row a digit, shape (10, 1); got {b.shape}"
    if not b.any():
        return "without the bias -½‖μ‖² the template with the most ink wins too often"
    if np.allclose(b, squares / 2):
        return "the sign of the bias: a long template must pay for its length, -½‖μ‖²"
    if np.allclose(b, -squares):
        return "your bias is twice too large: it is -½‖μ‖², with a half"
    if np.allclose(b, -np.sqrt(squares) / 2):
        return "the bias holds the *squared* length of the mean; do not take the root"
    if not np.allclose(b, -squares / 2):
        return f"the first bias should be -½‖μ_0‖² = {-squares[0, 0] / 2:.1f}; got {b[0, 0]:.1f}"
    return None


@exercise(
    "02-2",
    praise="What remains is the ink that speaks against the 3, and where it is.",
    hints=(
        "by (2.5), pixel i adds (W[k, i] - W[l, i]) * x[i] to the difference of the scores.",
        "np.minimum(array, 0) keeps the negative entries and makes the others 0.",
        "return np.minimum((W[k] - W[l]) * x, 0).reshape(28, 28)",
    ),
)
def judge_speaks_against(answer):
    """The form first, then the mistakes that have a name, then the numbers."""
    rng = np.random.default_rng(3)
    W, x = rng.normal(size=(10, 784)), rng.random(784) * (rng.random(784) < 0.3)
    got = np.asarray(answer(W, x, 3, 8))
    if got.shape == ():
        return f"you return a single number, {float(got):.1f}; keep the map, do not sum it up"
    if got.size != 784:
        return f"the map should have 784 values, shape (28, 28); got {got.shape}"
    flat = got.ravel()
    difference = W[3] - W[8]
    if np.allclose(flat, np.minimum(difference, 0)):
        return "these are weights alone: a pixel without ink says nothing; multiply by x"
    if np.allclose(flat, difference * x):
        return "all pixels are still there; keep only the negative ones, those against k"
    if np.allclose(flat, np.maximum(difference * x, 0)):
        return "you kept the pixels that speak for k; those against it are negative"
    if np.allclose(flat, np.minimum(-difference * x, 0)):
        return "k and l have changed places: this is what speaks against l"
    if np.allclose(flat, np.minimum(W[3] * x, 0)):
        return "you looked at row k alone; l wins or loses by the difference of the two rows"
    if not np.allclose(flat, np.minimum(difference * x, 0)):
        return "pixel i should hold (W[k, i] - W[l, i]) * x[i] if that is negative, else 0"
    if got.shape != (28, 28):
        return f"the numbers are right; put them back into a square, (28, 28); got {got.shape}"
    return None
