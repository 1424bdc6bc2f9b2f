"""Lesson 04, Turn scores into probabilities: its equations and exercises."""

import math

import numpy as np

from nnlib.activations import softmax
from nnlib.checks.registry import equation, exercise
from nnlib.losses import cross_entropy, one_hot, squared_error


def softmax_by_loops(Z):
    """The formula of softmax, entry by entry and without a shift: small scores only."""
    columns = [[math.exp(z) for z in column] for column in Z.T]
    return np.array([[e / sum(column) for e in column] for column in columns]).T


def some_scores(rng):
    """Scores of seven samples among five classes, and their labels."""
    return rng.normal(0, 3, (5, 7)), rng.integers(0, 5, 7)


@equation("4.1", "definition", "softmax, column by column")
def softmax_of_columns(rng):
    """Exponentials 1, 2, 5 have the sum 8; 3, 3, 2 too."""
    Z = np.log(np.array([[1.0, 3.0], [2.0, 3.0], [5.0, 2.0]]))
    return softmax(Z), [[0.125, 0.375], [0.25, 0.375], [0.625, 0.25]]


@equation("4.2", "result", "softmax(z + c) = softmax(z)")
def softmax_shifted(rng):
    """The library on shifted scores, another c for each column, against loops on the old ones."""
    Z, _ = some_scores(rng)
    return softmax(Z + rng.normal(0, 50, (1, 7))), softmax_by_loops(Z)


@equation("4.3", "definition", "the loss of one sample, -Σ Y log P")
def loss_of_one_sample(rng):
    """The right class was given 1/2, then 1/4: the losses are ln 2 and 2 ln 2."""
    P = np.array([[0.25, 0.25], [0.25, 0.5], [0.5, 0.25]])
    Y = np.array([[0, 1], [0, 0], [1, 0]])
    return -(Y * np.log(P)).sum(axis=0), [0.69314718056, 1.38629436112]


@equation("4.4", "result", "of that sum one term remains, -log P[y, j]")
def one_term_remains(rng):
    """The whole sum with one-hot columns, against picking one entry a column in a loop."""
    Z, y = some_scores(rng)
    P = softmax_by_loops(Z)
    whole = -(one_hot(y, 5, np.float64) * np.log(P)).sum(axis=0)
    return whole, [-math.log(P[label, j]) for j, label in enumerate(y)]


@equation("4.5", "definition", "the mean of the samples' losses")
def mean_of_losses(rng):
    """Right classes given 1/2, 1/4, 1/8: losses of 1, 2 and 3 times ln 2, their mean is 2 ln 2."""
    P = np.array([[0.5, 0.75, 0.125], [0.5, 0.25, 0.875]])
    return cross_entropy(np.log(P), np.array([0, 1, 0])), 1.38629436112


@equation("4.6", "result", "equal probabilities cost log K")
def loss_of_guessing(rng):
    """The library's loss of equal scores, for several K, against the logarithm of K."""
    sizes = (2, 3, 10, 26)
    losses = [cross_entropy(np.full((n, 5), 0.7), rng.integers(0, n, 5)) for n in sizes]
    return losses, [math.log(n) for n in sizes]


@equation("4.7", "result", "log P from scores, without P")
def log_sum_exp(rng):
    """The library's loss for every class of every column, against the log of softmax by loops."""
    Z, _ = some_scores(rng)
    from_scores = [[-cross_entropy(Z[:, [j]], np.array([k])) for j in range(7)] for k in range(5)]
    return from_scores, np.log(softmax_by_loops(Z))


@equation("4.8", "definition", "half the squared distance, averaged")
def half_squared_distance(rng):
    """(0.16 + 0.01) / 2 = 0.085 and (0.09 + 0.25) / 2 = 0.17; their mean is 0.1275."""
    A = np.array([[0.6, 0.3], [0.1, 0.5]])
    return squared_error(A, np.eye(2)), 0.1275


@exercise(
    "04-1",
    praise="A maximum and a sum for each column: it holds for scores of any size.",
    hints=(
        "softmax does not change when a constant is added to a column. Which constant makes the "
        "largest score of each column 0?",
        "Z.max(axis=0) goes down each column and gives m maxima, one a sample; .sum(axis=0) "
        "likewise.",
        "E = np.exp(Z - Z.max(axis=0)), then divide E by its own sums down the columns.",
    ),
)
def judge_stable_softmax(answer):
    """Small scores first, then large ones, in a column, in all, in some."""
    Z = np.random.default_rng(0).normal(0, 2, (10, 4))
    given = Z.copy()
    with np.errstate(all="ignore"):
        P = np.asarray(answer(Z))
        if not np.array_equal(Z, given):
            return "your function changes Z itself; make a new array: E = np.exp(Z - ...)"
        return wrong_probabilities(P, Z) or wrong_for_large_scores(answer, Z)


def wrong_for_large_scores(answer, Z):
    """What is wrong when scores are large or far apart; None if nothing is."""
    large = answer(Z - Z.max(axis=0) + 1000)  # the largest score of every column is 1,000
    if not np.isfinite(large).all():
        return (
            "right for small scores, but a score of 1,000 gives NaN: exp overflows; subtract "
            "the maximum of each column first"
        )
    if not np.allclose(large, softmax(Z)):
        return (
            "right for small scores, but finite and wrong when all scores are near 1,000: do not "
            "cut off or replace anything, subtract the maximum of each column"
        )
    if not np.isfinite(answer(Z + 1000 * np.eye(10, 4))).all():
        return (
            "one score 1,000 above the others of its column gives NaN: subtract the largest score "
            "of a column, not its smallest or its mean"
        )
    if not np.allclose(answer(Z + np.array([0, 1000, 0, -1000])), softmax(Z)):
        return (
            "you subtract one maximum, that of the whole matrix: in a column 1,000 lower every exp "
            "underflows to 0, and 0/0 is NaN; each column needs its own: Z.max(axis=0)"
        )
    return None


def wrong_probabilities(P, Z):
    """What is wrong with the probabilities of small scores Z (10, 4); None if nothing is."""
    if P.shape != Z.shape:
        return f"ten scores of four samples, shape (10, 4), should keep their shape; got {P.shape}"
    if np.isclose(P.sum(), 1):
        sums = ", ".join(f"{value:.2f}" for value in P.sum(axis=0))
        return (
            f"your columns sum to {sums}, the whole matrix to 1: it was made one distribution; "
            "sum down each column, axis=0"
        )
    if np.allclose(P.sum(axis=1), 1):
        return "each row sums to 1, but a sample is a column: axis=0, not axis=1"
    if not np.allclose(P.sum(axis=0), 1):
        return f"each column should sum to 1; your first one sums to {P[:, 0].sum():.3f}"
    if not np.allclose(P, softmax(Z)):
        return (
            f"the columns sum to 1, but P[0, 0] should be {softmax(Z)[0, 0]:.4f}, you have "
            f"{P[0, 0]:.4f}: only the *same* number may be subtracted from all scores of a "
            "column (a maximum per row, axis=1, is not)"
        )
    return None


@exercise(
    "04-2",
    praise="Ten classes give 2.303. A first loss far above it means confident and wrong.",
    hints=(
        "who knows nothing gives every class the same probability. Which?",
        "the right class, whichever it is, has got 1 / n_classes. What is the loss of that?",
        "return -np.log(1 / n_classes), which is the same as np.log(n_classes).",
    ),
)
def judge_guessing_loss(answer):
    """The usual misreadings at ten classes, then other numbers of classes."""
    loss = float(answer(10))
    if math.isclose(loss, -math.log(10)):
        return f"your loss is negative, {loss:.3f}: the minus before the logarithm is missing"
    if math.isclose(loss, math.log10(10)):
        return "1.000 for ten classes is the logarithm to base 10; the loss takes the natural one"
    if math.isclose(loss, math.log2(10)):
        return "3.322 for ten classes is the logarithm to base 2; the loss takes the natural one"
    if math.isclose(loss, 1 / 10):
        return "0.1 is the probability that the right digit gets; the loss is minus its logarithm"
    if math.isclose(loss, 9 / 10):
        return "0.9 is the share of wrong guesses; the loss is -log of the right one's probability"
    if not math.isclose(loss, math.log(10), rel_tol=1e-3):
        return f"ten classes should give 2.303; got {loss:.3f}"
    if not math.isclose(float(answer(26)), math.log(26), rel_tol=1e-3):
        return (
            f"right for 10 classes, but 26 should give 3.258 and not {float(answer(26)):.3f}: use "
            "n_classes"
        )
    return None
