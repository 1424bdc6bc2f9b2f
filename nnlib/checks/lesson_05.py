"""Lesson 05, Derive P - Y: its equations and exercises."""

import math

import numpy as np

from nnlib.activations import sigmoid, softmax, softmax_backward
from nnlib.checks.engine import Task
from nnlib.checks.registry import equation, exercise
from nnlib.gradient_check import numerical_gradient
from nnlib.losses import cross_entropy, one_hot, squared_error

RIGHT_DIGIT = 3  # of the one sample that most equations are tried on


def one_sample(rng):
    """Ten scores, their probabilities, and the one-hot truth."""
    z = rng.normal(0, 1.5, 10)
    return z, softmax(z), np.eye(10)[RIGHT_DIGIT]


def batch(rng):
    """Scores (10, 7), labels (7,) and their one-hot columns."""
    y = rng.integers(0, 10, 7)
    return rng.normal(0, 1.5, (10, 7)), y, one_hot(y, dtype=np.float64)


def measured_jacobian(z):
    """The slope of every probability (row) with respect to every score (column), by nudging."""
    return np.array([numerical_gradient(lambda z, k=k: softmax(z)[k], z) for k in range(len(z))])


def measured_dz(z):
    """The slope of one sample's -log P_y with respect to its scores, by nudging."""
    return numerical_gradient(lambda z: -math.log(softmax(z)[RIGHT_DIGIT]), z)


def off_diagonal(J):
    """The entries of a square matrix with row != column."""
    return J[~np.eye(len(J), dtype=bool)]


@equation("5.1", "definition", "central differences")
def slopes_by_nudging(rng):
    """f = z_1² z_2 at (3, 2): the slopes are 2·3·2 = 12 and 3² = 9."""
    return numerical_gradient(lambda z: z[0] ** 2 * z[1], np.array([3.0, 2.0])), [12, 9]


@equation("5.2", "result", "slopes of exp and log")
def exp_and_log(rng):
    """Central differences against e^z and 1 / x."""
    x = rng.uniform(0.5, 3, 5)
    slopes = [numerical_gradient(lambda x, f=f: f(x).sum(), x) for f in (np.exp, np.log)]
    return slopes, [np.exp(x), 1 / x]


@equation("5.3", "result", "quotient rule")
def quotient_rule(rng):
    """u = e^x and v = 1 + x², nudged as one quotient, against the rule."""
    x = rng.uniform(-1, 1, 5)
    u, v, du, dv = np.exp(x), 1 + x**2, np.exp(x), 2 * x
    nudged = numerical_gradient(lambda x: (np.exp(x) / (1 + x**2)).sum(), x)
    return nudged, (du * v - u * dv) / v**2


@equation("5.4", "result", "chain rule over several paths")
def chain_rule(rng):
    """Three numbers z, four between, one loss: nudging z, against slopes times slopes, summed."""
    M, z = rng.normal(size=(4, 3)), rng.normal(size=3)
    nudged = numerical_gradient(lambda z: (np.tanh(M @ z) ** 2).sum(), z)
    P = np.tanh(M @ z)
    paths = [sum(2 * P[k] * (1 - P[k] ** 2) * M[k, i] for k in range(4)) for i in range(3)]
    return nudged, paths


@equation("5.5", "definition", "softmax, with S for the sum")
def softmax_by_hand(rng):
    """Scores log 1, log 2, log 5 have S = 8."""
    return softmax(np.log(np.array([1.0, 2.0, 5.0]))), [1 / 8, 2 / 8, 5 / 8]


@equation("5.6", "result", "the slope of the sum S")
def slope_of_sum(rng):
    """Nudging each score, against its exponential."""
    z, _, _ = one_sample(rng)
    return numerical_gradient(lambda z: np.exp(z).sum(), z), np.exp(z)


@equation("5.7", "result", "k = i, quotient rule")
def same_first(rng):
    """The diagonal of the measured Jacobian."""
    z, _, _ = one_sample(rng)
    E, S = np.exp(z), np.exp(z).sum()
    return np.diag(measured_jacobian(z)), (E * S - E * E) / S**2


@equation("5.8", "result", "k = i, two fractions")
def same_second(rng):
    """The diagonal of the measured Jacobian."""
    z, _, _ = one_sample(rng)
    E, S = np.exp(z), np.exp(z).sum()
    return np.diag(measured_jacobian(z)), E / S * ((S - E) / S)


@equation("5.9", "result", "k = i: P_i (1 - P_i)")
def same_third(rng):
    """The diagonal of the measured Jacobian."""
    z, p, _ = one_sample(rng)
    return np.diag(measured_jacobian(z)), p * (1 - p)


def pairs(entry):
    """entry(k, i) for all pairs of different classes, row by row."""
    return [entry(k, i) for k in range(10) for i in range(10) if k != i]


@equation("5.10", "result", "k ≠ i, quotient rule")
def other_first(rng):
    """The measured Jacobian beside its diagonal."""
    z, _, _ = one_sample(rng)
    E, S = np.exp(z), np.exp(z).sum()
    formula = pairs(lambda k, i: (0 * S - E[k] * E[i]) / S**2)
    return off_diagonal(measured_jacobian(z)), formula


@equation("5.11", "result", "k ≠ i, two fractions")
def other_second(rng):
    """The measured Jacobian beside its diagonal."""
    z, _, _ = one_sample(rng)
    E, S = np.exp(z), np.exp(z).sum()
    return off_diagonal(measured_jacobian(z)), pairs(lambda k, i: -(E[k] / S) * (E[i] / S))


@equation("5.12", "result", "k ≠ i: -P_k P_i")
def other_third(rng):
    """The measured Jacobian beside its diagonal."""
    z, p, _ = one_sample(rng)
    return off_diagonal(measured_jacobian(z)), pairs(lambda k, i: -p[k] * p[i])


@equation("5.13", "result", "both cases in one formula")
def both_cases(rng):
    """The whole measured Jacobian, against the bracket entry by entry."""
    z, p, _ = one_sample(rng)
    return measured_jacobian(z), [[p[k] * ((k == i) - p[i]) for i in range(10)] for k in range(10)]


@equation("5.14", "result", "D = diag(p) - p pᵀ")
def as_matrix(rng):
    """The whole measured Jacobian, against two matrices."""
    z, p, _ = one_sample(rng)
    return measured_jacobian(z), np.diag(p) - np.outer(p, p)


@equation("5.15", "result", "one gains, the others lose")
def columns_balance(rng):
    """The diagonal of the measured Jacobian, against minus the rest of each column."""
    J = measured_jacobian(one_sample(rng)[0])
    rest = [-sum(J[k, i] for k in range(10) if k != i) for i in range(10)]
    return np.diag(J), rest


@equation("5.16", "result", "the loss of one sample")
def loss_of_one(rng):
    """From the scores, as the library does, against the sum over classes."""
    z, p, t = one_sample(rng)
    by_library = cross_entropy(z[:, np.newaxis], np.array([RIGHT_DIGIT]))
    return by_library, -sum(t[k] * math.log(p[k]) for k in range(10))


@equation("5.17", "result", "the slope for P: -Y / P")
def slope_for_P(rng):
    """Nudging the probabilities themselves, none so small that a nudge would be large beside it."""
    p, t = softmax(rng.normal(0, 0.3, 10)), np.eye(10)[RIGHT_DIGIT]
    return numerical_gradient(lambda p: -(t * np.log(p)).sum(), p), -t / p


@equation("5.18", "result", "chain rule through the ten probabilities")
def chain_first(rng):
    """Nudging the scores, against ten paths for each."""
    z, p, t = one_sample(rng)
    paths = [sum(-t[k] / p[k] * p[k] * ((k == i) - p[i]) for k in range(10)) for i in range(10)]
    return measured_dz(z), paths


@equation("5.19", "result", "P_k cancels")
def chain_second(rng):
    """Nudging the scores."""
    z, p, t = one_sample(rng)
    return measured_dz(z), [sum(-t[k] * ((k == i) - p[i]) for k in range(10)) for i in range(10)]


@equation("5.20", "result", "two sums")
def chain_third(rng):
    """Nudging the scores."""
    z, p, t = one_sample(rng)
    first = [-sum(t[k] * (k == i) for k in range(10)) for i in range(10)]
    second = [sum(p[i] * t[k] for k in range(10)) for i in range(10)]
    return measured_dz(z), np.add(first, second)


@equation("5.21", "result", "the bracket picks Y_i")
def chain_fourth(rng):
    """Nudging the scores."""
    z, p, t = one_sample(rng)
    return measured_dz(z), -t + p * t.sum()


@equation("5.22", "result", "dz = P - Y")
def p_minus_y(rng):
    """Nudging the scores."""
    z, p, t = one_sample(rng)
    return measured_dz(z), p - t


@equation("5.23", "result", "the loss as log S minus the right score")
def loss_without_a_fraction(rng):
    """-log of softmax, against the form without a fraction."""
    z, p, _ = one_sample(rng)
    return -math.log(p[RIGHT_DIGIT]), math.log(np.exp(z).sum()) - z[RIGHT_DIGIT]


@equation("5.24", "result", "P - Y a second way")
def second_way(rng):
    """Nudging the form without a fraction, against its two slopes; softmax is not called."""
    z, _, t = one_sample(rng)
    nudged = numerical_gradient(lambda z: math.log(np.exp(z).sum()) - z[RIGHT_DIGIT], z)
    return nudged, np.exp(z) / np.exp(z).sum() - t


@equation("5.25", "result", "back through softmax, one score")
def vector_jacobian_entry(rng):
    """The measured Jacobian times dP, against the formula for each score."""
    z, p, _ = one_sample(rng)
    dP = rng.normal(size=10)
    dz = [p[i] * dP[i] - p[i] * sum(p[k] * dP[k] for k in range(10)) for i in range(10)]
    return measured_jacobian(z).T @ dP, dz


@equation("5.26", "result", "back through softmax, whole columns")
def vector_jacobian(rng):
    """The measured Jacobian of each column times dA, against the library's line."""
    Z, _, _ = batch(rng)
    dA = rng.normal(size=Z.shape)
    columns = [measured_jacobian(Z[:, j]).T @ dA[:, j] for j in range(7)]
    return np.array(columns).T, softmax_backward(dA, Z)


@equation("5.27", "result", "dZ = P - Y for all samples")
def all_samples(rng):
    """Nudging the SUM of the losses of seven samples."""
    Z, y, Y = batch(rng)
    return numerical_gradient(lambda Z: cross_entropy(Z, y) * 7, Z), softmax(Z) - Y


@equation("5.28", "result", "one push up, nine pushes down")
def pushes_balance(rng):
    """1 - P of the right class, against the nine other slopes, measured."""
    z, p, _ = one_sample(rng)
    return 1 - p[RIGHT_DIGIT], sum(np.delete(measured_dz(z), RIGHT_DIGIT))


@equation("5.29", "result", "a last bias: the row mean of dZ")
def bias_slope(rng):
    """Nudging b in the mean loss of Z + b, against the row means of P - Y."""
    Z, y, Y = batch(rng)
    b = rng.normal(size=(10, 1))
    nudged = numerical_gradient(lambda b: cross_entropy(Z + b, y), b)
    dZ = softmax(Z + b) - Y
    return nudged.ravel(), [sum(dZ[k, j] for j in range(7)) / 7 for k in range(10)]


@equation("5.30", "definition", "half the squared distance")
def half_square(rng):
    """Outputs 0.8 and 0.4, targets 1 and 0: (0.04 + 0.16) / 2."""
    return squared_error(np.array([[0.8], [0.4]]), np.array([[1.0], [0.0]])), 0.1


@equation("5.31", "result", "squared error: dA = A - Y")
def squared_dA(rng):
    """Nudging the outputs in the SUM of the losses."""
    Z, _, Y = batch(rng)
    A = sigmoid(Z)
    return numerical_gradient(lambda A: squared_error(A, Y) * 7, A), A - Y


@equation("5.32", "result", "the sigmoid and its slope A (1 - A)")
def sigmoid_slope(rng):
    """Value and measured slope of the sigmoid, against the first of two probabilities."""
    z = rng.normal(0, 2, 6)
    A = np.exp(z) / (np.exp(z) + 1)
    return [sigmoid(z), numerical_gradient(lambda z: sigmoid(z).sum(), z)], [A, A * (1 - A)]


@equation("5.33", "result", "dZ = (A - Y) ⊙ A ⊙ (1 - A)")
def squared_dZ(rng):
    """Nudging the scores in the SUM of the losses."""
    Z, _, Y = batch(rng)
    A = 1 / (1 + np.exp(-Z))
    nudged = numerical_gradient(lambda Z: squared_error(sigmoid(Z), Y) * 7, Z)
    return nudged, (A - Y) * A * (1 - A)


@equation("5.34", "result", "log10 shrinks the slopes")
def common_logarithm(rng):
    """Nudging -log10 P_y, against (P - Y) / ln 10."""
    z, p, t = one_sample(rng)
    nudged = numerical_gradient(lambda z: -math.log10(softmax(z)[RIGHT_DIGIT]), z)
    return nudged, (p - t) / math.log(10)


def slope(p, k, i):
    """The entry (k, i) of the Jacobian of softmax."""
    return p[k] * ((k == i) - p[i])


def entries():
    """All entries for three classes, then some for four."""
    three, four = np.array([0.5, 0.2, 0.3]), np.array([0.1, 0.35, 0.15, 0.4])
    all_nine = [(three, k, i) for k in range(3) for i in range(3)]
    return [*all_nine, *((four, k, i) for k, i in ((1, 1), (3, 1), (0, 3), (3, 3)))]


exercise(
    "05-1",
    "jacobian_entry(p, k, i)",
    Task(
        right=slope,
        cases=entries,
        names=("the slope",),
        slips={
            "the case k ≠ i is missing: raising one score lowers the probabilities of the others; "
            "softmax is not element-wise": lambda p, k, i: slope(p, k, i) * (k == i),
            "the case k = i is missing: a raised score raises its own probability, so this slope "
            "is positive": lambda p, k, i: -p[k] * p[i],
            "a sign: when one score rises, the probabilities of the others fall": (
                lambda p, k, i: abs(slope(p, k, i))
            ),
            "every sign is turned round: for k = i the slope is positive, for k ≠ i negative": (
                lambda p, k, i: -slope(p, k, i)
            ),
            "the 1 in (5.9) stands for k = i only": (
                lambda p, k, i: p[k] * (1 - p[i]),
                lambda p, k, i: p[i] * (1 - p[k]),
            ),
            "for k ≠ i two probabilities play a part, P_k and P_i; you took one of them twice": (
                lambda p, k, i: p[k] * ((k == i) - p[k]),
                lambda p, k, i: p[i] * ((k == i) - p[i]),
            ),
        },
    ),
    praise="Two cases, one formula: P_k ((k == i) - P_i).",
    hints=(
        "there are two cases: the nudged score belongs to the same class (k = i), or to another.",
        "the cases are (5.9) and (5.12); p[k] and p[i] are all you need.",
        "if k == i: return p[i] * (1 - p[i]); otherwise the product of both, with a minus.",
    ),
)


def through_sigmoid(error=lambda A, Y: A - Y, slope=lambda A, Z: A * (1 - A), times=lambda Y: 1):
    """A way to dZ: the slope for the outputs, that of the sigmoid, a factor; any may be off."""
    return lambda Z, Y: error(sigmoid(Z), Y) * slope(sigmoid(Z), Z) * times(Y)


def scores_and_truth():
    """Unequal sizes and scores of both signs, twice."""
    cases = []
    for seed, n_classes, labels in ((5, 3, [2, 0, 1, 0]), (6, 5, [4, 0, 3, 1, 1, 2, 4])):
        Z = np.random.default_rng(seed).normal(0, 2, (n_classes, len(labels)))
        cases.append((Z, one_hot(np.array(labels), n_classes, np.float64)))
    return cases


exercise(
    "05-2",
    "squared_error_dZ(Z, Y)",
    Task(
        right=through_sigmoid(),
        cases=scores_and_truth,
        names=("dZ",),
        slips={
            "this is dA, the slope for the outputs; the sigmoid's own slope is missing": (
                through_sigmoid(slope=lambda A, Z: 1)
            ),
            "the sign: you return the derivative times -1, from Y - A; a step would climb": (
                through_sigmoid(times=lambda Y: -1)
            ),
            "too small by the factor m: no division by m, column j belongs to sample j alone": (
                through_sigmoid(times=lambda Y: 1 / Y.shape[1])
            ),
            "too small by the number of classes: the loss sums over them, it does not average": (
                through_sigmoid(times=lambda Y: 1 / len(Y))
            ),
            "twice too large: the loss has a 1/2, which cancels the 2 of the square": (
                through_sigmoid(times=lambda Y: 2)
            ),
            "the slope of the sigmoid alone; the slope of the loss, A - Y, is missing": (
                through_sigmoid(error=lambda A, Y: 1)
            ),
            "the slope of the sigmoid is A (1 - A), not Z (1 - Z)": (
                through_sigmoid(slope=lambda A, Z: Z * (1 - Z))
            ),
            "the sigmoid was applied twice: its slope is A (1 - A) with A = sigmoid(Z)": (
                through_sigmoid(slope=lambda A, Z: sigmoid(A) * (1 - sigmoid(A)))
            ),
            "this is softmax with cross-entropy; here each output is a sigmoid": (
                lambda Z, Y: softmax(Z) - Y
            ),
        },
    ),
    praise="The factor A (1 - A) stays, and no 1/m: column j belongs to sample j alone.",
    hints=(
        "first the outputs: A = sigmoid(Z). Each depends on its own score only.",
        "two slopes multiply, entry by entry: (5.31) for the loss, (5.32) for the sigmoid.",
        "the sigmoid's slope is A * (1 - A); the slope of the loss for A stands before it.",
    ),
)
