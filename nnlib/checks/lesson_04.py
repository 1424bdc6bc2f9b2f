"""Lesson 04, Turn scores into probabilities: its equations and exercises."""

import math

import numpy as np

from nnlib.activations import sigmoid, softmax
from nnlib.checks.engine import Task
from nnlib.checks.registry import equation, exercise
from nnlib.clinic.patients import softmax_all, softmax_bare
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


def scores():
    """Scores of any size, all of 10 classes and 4 samples but for the last."""
    Z = np.random.default_rng(0).normal(0, 2, (10, 4))
    return {
        "small scores": (Z,),
        "scores near 1,000": (Z - Z.max(axis=0) + 1000,),
        "one score 1,000 above the others of its column": (Z + 1000 * np.eye(10, 4),),
        "one score 750 above the others of its column": (Z + 750 * np.eye(10, 4),),
        "columns 1,000 apart": (Z + np.array([0, 1000, 0, -1000]),),
        "2 classes and 3 samples": (np.array([[1000.0, 1, 4], [-1000, 3, 2]]),),
    }


def shifted(shift=lambda Z: Z.max(axis=0), axis=0, exp=np.exp):
    """A softmax that subtracts something else, sums along another axis, takes another power."""

    def answer(Z):
        E = exp(Z - shift(Z))
        return E / E.sum(axis=axis, keepdims=True)

    return answer


SOFTMAX = Task(
    right=softmax,
    cases=scores,
    names=("P",),
    slips={
        "the whole matrix sums to 1: it was made one distribution, with one denominator for all; "
        "sum down each column, axis=0": (softmax_all, shifted(axis=None)),
        "each row sums to 1, but a sample is a column: axis=0, not axis=1": (
            shifted(lambda Z: Z.max(axis=1, keepdims=True), axis=1),
            shifted(axis=1),
            shifted(lambda Z: 0, axis=1),
        ),
        "only the *same* number may be subtracted from all scores of a column; a maximum per row, "
        "axis=1, is not": shifted(lambda Z: Z.max(axis=1, keepdims=True)),
        "right for small scores, but a score of 1,000 gives NaN: exp(1000) is infinite; subtract "
        "the maximum of each column first": softmax_bare,
        "right for small scores, but what became NaN for large ones was replaced; subtract the "
        "maximum of each column, and nothing becomes NaN": (
            lambda Z: np.nan_to_num(softmax_bare(Z))
        ),
        "right for small scores, but large ones were cut off, and then two different scores have "
        "the same exp; subtract the maximum of each column": tuple(
            lambda Z, top=top: softmax_bare(np.clip(Z, -top, top)) for top in (50, 100, 500, 700)
        ),
        "one score 1,000 above the others of its column gives NaN: subtract the largest score of a "
        "column, not its smallest": shifted(lambda Z: Z.min(axis=0)),
        "one score 1,000 above the others of its column gives NaN: subtract the largest score of a "
        "column, not its mean": shifted(lambda Z: Z.mean(axis=0)),
        "you subtract one maximum, that of the whole matrix: in a column 1,000 lower every exp "
        "underflows to 0, and 0/0 is NaN; each column needs its own: Z.max(axis=0)": (
            shifted(np.max)
        ),
        "you subtract one maximum, that of the whole matrix, and a small number keeps 0/0 away: "
        "finite, but a column 1,000 lower becomes all alike; each column needs its own": (
            lambda Z: softmax_bare(np.log(np.exp(Z - Z.max()) + 1e-12))
        ),
        "these are powers of 2; softmax takes powers of e, np.exp": shifted(exp=np.exp2),
        "the largest score of each column got all the probability; the others have a share, too": (
            lambda Z: one_hot(Z.argmax(axis=0), len(Z))
        ),
        "these are the exponentials; divide each column by its sum": (
            lambda Z: np.exp(Z - Z.max(axis=0)),
            np.exp,
        ),
        "these are shares of the scores themselves; softmax takes their exponentials first": (
            lambda Z: Z / Z.sum(axis=0)
        ),
        "these are the logarithms of the probabilities": lambda Z: np.log(softmax(Z)),
    },
    symptoms={
        "each column should sum to 1; yours do not": (
            lambda P, _: (
                not np.allclose(sums := P.sum(axis=0), 1)
                and ", ".join(f"{value:.3g}" for value in sums)
            ),
            lambda Z: sigmoid(Z),
        ),
    },
)


exercise(
    "04-1",
    "my_softmax(Z)",
    SOFTMAX,
    praise="A maximum and a sum for each column: it holds for scores of any size.",
    hints=(
        "softmax does not change when a constant is added to a column. Which constant makes the "
        "largest score of each column 0?",
        "Z.max(axis=0) goes down each column and gives m maxima, one a sample; .sum(axis=0) "
        "likewise.",
        "E = np.exp(Z - Z.max(axis=0)); one line more, in which E meets its own sums.",
    ),
)

exercise(
    "04-2",
    "guessing_loss(n_classes)",
    Task(
        right=np.log,
        cases=lambda: [(10,), (26,)],
        names=("the loss",),
        rounding=6e-4,
        slips={
            "your loss is negative: the minus before the logarithm is missing": lambda n: (
                -np.log(n)
            ),
            "this is the logarithm to base 10; the loss takes the natural one": np.log10,
            "this is the logarithm to base 2; the loss takes the natural one": np.log2,
            "this is the probability that the right digit gets; the loss is minus its logarithm": (
                lambda n: 1 / n
            ),
            "this is the share of wrong guesses; the loss is -log of the right one's probability": (
                lambda n: 1 - 1 / n
            ),
            "right for 10 classes, but not for 26: use n_classes": lambda n: np.log(10),
            "this is the sum over all classes; only the right one counts": lambda n: n * np.log(n),
        },
    ),
    praise="Ten classes give 2.303. A first loss far above it means confident and wrong.",
    hints=(
        "who knows nothing gives every class the same probability. Which?",
        "the right class, whichever it is, has got 1 / n_classes. What is the loss of that?",
        "the loss of a sample is minus the logarithm, np.log, of that one number.",
    ),
)
