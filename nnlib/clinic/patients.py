"""The patients of the bug clinic: one function of a training run is broken in each.  Lesson 14.

A training run is made of the parts named in `Parts`. A `Patient` has one broken part; it also
holds the right one and a unit test that tells the two apart. `nnlib.clinic.examine` trains,
examines and measures them. Most of the 16 mistakes stand in published tutorials; the rest are known
from teaching.
"""

import inspect
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from nnlib.activations import relu_derivative, softmax
from nnlib.losses import one_hot
from nnlib.metrics import accuracy
from nnlib.network import Layer, he

__all__ = ["PATIENTS", "Parts", "Patient", "code", "failure", "softmax_bare"]


def read(table, dtype=np.float32):
    """Images X (n_pixels, m) in 0…1 and labels y (m,), from rows: a label, then bytes."""
    y = table[:, 0].astype(int)
    X = np.ascontiguousarray(table[:, 1:], dtype=dtype).T / 255
    return X, y


def shuffle(X, y, rng):
    """Put the samples into a random order."""
    order = rng.permutation(y.size)
    return X[:, order], y[order]


def error_at_output(P, Y):
    """The dZ of the last layer: softmax and cross-entropy together."""
    return P - Y


def hidden_error(W, dZ, Z):
    """The dZ of a hidden layer (ReLU) with sums Z, from the next layer's W and dZ."""
    return (W.T @ dZ) * relu_derivative(Z)


def layer_gradient(dZ, A):
    """The dW and db of a layer, from its dZ (n_out, m) and the A (n_in, m) that came in."""
    m = dZ.shape[1]
    return dZ @ A.T / m, dZ.sum(axis=1, keepdims=True) / m


def step(params, grads, lr):
    """One step of gradient descent: the new parameters."""
    return [Layer(W - lr * dW, b - lr * db) for (W, b), (dW, db) in zip(params, grads)]


def choose(candidates, validation, test):
    """The best of several networks, and the accuracy to report; data are pairs (X, y)."""
    scores = [accuracy(predict(validation[0]), validation[1]) for predict in candidates]
    best = candidates[int(np.argmax(scores))]
    return best, accuracy(best(test[0]), test[1])


class Parts(NamedTuple):
    """What a training run is made of; the default of each part is the right one."""

    read: Callable = read
    shuffle: Callable = shuffle
    encode: Callable = one_hot
    start: Callable = he
    softmax: Callable = softmax
    error_at_output: Callable = error_at_output
    hidden_error: Callable = hidden_error
    layer_gradient: Callable = layer_gradient
    step: Callable = step
    choose: Callable = choose


def read_raw(table, dtype=np.float32):
    """Images X (n_pixels, m) and labels y (m,), from rows: a label, then bytes."""
    y = table[:, 0].astype(int)
    X = np.ascontiguousarray(table[:, 1:], dtype=dtype).T
    return X, y


def read_all_scaled(table, dtype=np.float32):
    """Images X (n_pixels, m) in 0…1 and labels y (m,), from rows: a label, then bytes."""
    table = table / dtype(255)
    y = table[:, 0].astype(int)
    X = np.ascontiguousarray(table[:, 1:], dtype=dtype).T
    return X, y


def shuffle_apart(X, y, rng):
    """Put the samples into a random order."""
    return X[:, rng.permutation(y.size)], rng.permutation(y)


def encode_max(y, n_classes=10, dtype=np.float32):
    """Write each label as a column of zeros with a single 1."""
    Y = np.zeros((y.max() + 1, y.size), dtype=dtype)
    Y[y, np.arange(y.size)] = 1
    return Y


def encode_off_by_one(y, n_classes=10, dtype=np.float32):
    """Write each label as a column of zeros with a single 1."""
    Y = np.zeros((n_classes, y.size), dtype=dtype)
    Y[y - 1, np.arange(y.size)] = 1
    return Y


def start_zero(n_out, n_in, rng):
    """The first weights and biases of a layer."""
    return np.zeros((n_out, n_in)), np.zeros((n_out, 1))


def start_normal(n_out, n_in, rng):
    """Standard normal weights, zero biases: too large, but not a mistake of the code."""
    return rng.normal(size=(n_out, n_in)), np.zeros((n_out, 1))


def softmax_all(Z):
    """Turn scores into probabilities."""
    E = np.exp(Z - Z.max())
    return E / E.sum()


def softmax_bare(Z):
    """Turn each column of scores into probabilities that sum to 1."""
    E = np.exp(Z)
    return E / E.sum(axis=0)


def error_at_output_flipped(P, Y):
    """The dZ of the last layer: softmax and cross-entropy together."""
    return Y - P


def hidden_error_bracketed(W, dZ, Z):
    """The dZ of a hidden layer (ReLU) with sums Z, from the next layer's W and dZ."""
    return W.T @ (dZ * relu_derivative(Z))


def hidden_error_straight(W, dZ, Z):
    """The dZ of a hidden layer (ReLU) with sums Z, from the next layer's W and dZ."""
    return W.T @ dZ


def layer_gradient_scalar(dZ, A):
    """The dW and db of a layer, from its dZ (n_out, m) and the A (n_in, m) that came in."""
    m = dZ.shape[1]
    return dZ @ A.T / m, np.sum(dZ) / m


def layer_gradient_summed(dZ, A):
    """The dW and db of a layer, from its dZ (n_out, m) and the A (n_in, m) that came in."""
    return dZ @ A.T, dZ.sum(axis=1, keepdims=True)


def layer_gradient_row(dZ, A):
    """The dW and db of a layer, from its dZ (n_out, m) and the A (n_in, m) that came in."""
    m = dZ.shape[1]
    return dZ @ A.T / m, dZ.sum(axis=1) / m


def step_in_place(params, grads, lr):
    """One step of gradient descent: the new parameters."""
    for (W, b), (dW, db) in zip(params, grads):
        W -= lr * dW
        b -= lr * db
    return params


def choose_by_test(candidates, validation, test):
    """The best of several networks, and the accuracy to report; data are pairs (X, y)."""
    scores = [accuracy(predict(test[0]), test[1]) for predict in candidates]
    return candidates[int(np.argmax(scores))], max(scores)


# Unit tests: each takes a part and raises AssertionError, with what it found, if the part is ill.


def has_the_shape_of_b(layer_gradient):
    """The gradient db has the shape of b, and row k is the sum over the samples of row k of dZ."""
    dZ, A = np.array([[1.0, 2.0, 3.0], [0.0, -1.0, 0.0]]), np.ones((4, 3))
    db = layer_gradient(dZ, A)[1]
    assert np.shape(db) == (2, 1), f"db has shape {np.shape(db)} instead of (2, 1)"
    assert np.allclose(db, [[2], [-1 / 3]]), f"db is {np.ravel(db)}"


def does_not_care_for_copies(layer_gradient):
    """A batch in which every sample stands twice has the same gradient."""
    dZ, A = np.array([[1.0, 2.0, 3.0], [0.0, -1.0, 0.0]]), np.ones((4, 3))
    once = layer_gradient(dZ, A)[0]
    twice = layer_gradient(np.hstack([dZ, dZ]), np.hstack([A, A]))[0]
    assert np.allclose(once, twice), f"copies multiply dW by {twice[0, 0] / once[0, 0]:.1f}"


def columns_sum_to_1(softmax):
    """Each column of softmax sums to 1, also beside other columns."""
    sums = softmax(np.array([[1.0, 2.0], [3.0, 5.0], [0.0, 1.0]])).sum(axis=0)
    assert np.allclose(sums, 1), f"the columns sum to {sums.round(2)}"


def survives_a_large_score(softmax):
    """A score of 1,000 beside 0 gets the probability 1."""
    with np.errstate(over="ignore", invalid="ignore"):
        P = softmax(np.array([[1000.0], [0.0]]))
    assert np.allclose(P, [[1], [0]]), f"scores 1,000 and 0 give {P.ravel()}"


def lifts_the_right_score(error_at_output):
    """A step against dZ lifts the score of the right class and lowers the others."""
    dZ = error_at_output(np.array([[0.2], [0.7], [0.1]]), np.array([[1.0], [0.0], [0.0]]))
    signs = np.sign(-dZ.ravel())
    assert signs.tolist() == [1, -1, -1], f"the scores would move by {signs}"


def reads_pixels_as_0_to_1(read):
    """A white pixel (255) becomes 1."""
    X, _ = read(np.array([[7, 0, 255], [3, 51, 0]]))
    assert X.max() == 1, f"the largest value of X is {X.max():g}"


def keeps_the_labels(read):
    """Labels are read as they are."""
    _, y = read(np.array([[7, 0, 255], [3, 51, 0]]))
    assert y.tolist() == [7, 3], f"labels 7 and 3 are read as {y.tolist()}"


def works_for_unequal_widths(hidden_error):
    """Two units follow on three; the slopes of the three belong to the three."""
    W, dZ = np.array([[1.0, 2.0, 3.0], [0.0, 1.0, 0.0]]), np.array([[1.0], [-1.0]])
    try:
        dA = hidden_error(W, dZ, np.array([[1.0], [-1.0], [1.0]]))
    except ValueError as error:
        raise AssertionError(f"widths 3 and 2 stop it: {str(error).strip()}") from error
    assert np.allclose(dA, [[1], [0], [3]]), f"dZ is {dA.ravel()} instead of [1 0 3]"


def has_ten_rows_always(encode):
    """The number of classes belongs to the problem, not to the batch."""
    rows = encode(np.array([0, 3]), 10).shape[0]
    assert rows == 10, f"labels 0 and 3 get {rows} rows"


def gives_the_label_back(encode):
    """The place of the 1 is the label."""
    found = encode(np.array([5, 0, 9]), 10).argmax(axis=0).tolist()
    assert found == [5, 0, 9], f"labels 5, 0, 9 come back as {found}"


def keeps_pairs_together(shuffle):
    """After shuffling, each image still has its own label."""
    y = np.arange(20)
    X, labels = shuffle(np.vstack([y, y]), y, np.random.default_rng(0))
    n = int((X[0] == labels).sum())
    assert n == 20, f"{n} of 20 images have kept their label"


def leaves_its_arguments_alone(step):
    """The parameters given are the same after a step as before."""
    params = [Layer(np.ones((2, 3)), np.ones((2, 1)))]
    step(params, [Layer(np.ones((2, 3)), np.ones((2, 1)))], 0.5)
    W, b = params[0]
    assert W.min() == 1, f"W was 1, and is {W[0, 0]:g} after the step"
    assert b.min() == 1, f"b was 1, and is {b[0, 0]:g} after the step"


def blocks_sleeping_units(hidden_error):
    """No gradient passes a ReLU whose sum is negative."""
    dZ = hidden_error(np.ones((2, 2)), np.ones((2, 1)), np.array([[-1.0], [1.0]]))
    assert dZ[0, 0] == 0, f"a unit with sum -1 gets the gradient {dZ[0, 0]:g}"


def reports_chance_for_guessers(choose):
    """The best of 200 networks that guess at random is reported as a guesser."""
    rng = np.random.default_rng(0)
    parts = [(name, rng.integers(0, 10, 50)) for name in ("validation", "test")]
    guesses = [{name: rng.integers(0, 10, 50) for name, _ in parts} for _ in range(200)]
    _, reported = choose([guess.get for guess in guesses], *parts)
    assert reported < 0.2, f"the best of 200 guessers is reported with {100 * reported:.0f} %"


def draws_different_units(start):
    """No two units begin alike."""
    W, _ = start(3, 4, np.random.default_rng(0))
    n = len(np.unique(W, axis=0))
    assert n == 3, f"{n} of 3 units differ"


class Patient(NamedTuple):
    """One broken part: what is said of it is computed by `nnlib.clinic.examine`."""

    part: str  # which field of Parts is broken
    broken: Callable
    test: Callable  # a unit test of the part
    why: str  # what is wrong, in words
    others: dict = {}  # noqa: RUF012 - parts that are chosen otherwise, broken or not
    batch_size: int | None = None  # samples a step; None: all
    runs_before: int = 0  # earlier runs from the same start parameters

    @property
    def cure(self):
        """The right function."""
        return Parts._field_defaults[self.part]

    def parts(self, cured=False):
        """Put a training run together with this patient, or with the patient cured."""
        return Parts(**self.others | {self.part: self.cure if cured else self.broken})


PATIENTS = {
    "scalar bias gradient": Patient(
        "layer_gradient",
        layer_gradient_scalar,
        has_the_shape_of_b,
        "each unit has its own bias, so each needs its own sum, over the samples only",
    ),
    "softmax over everything": Patient(
        "softmax",
        softmax_all,
        columns_sum_to_1,
        "each column is one distribution; here all samples share one denominator",
    ),
    "wrong sign": Patient(
        "error_at_output",
        error_at_output_flipped,
        lifts_the_right_score,
        "a step against this gradient climbs: prediction minus truth, not the reverse",
    ),
    "no 1/m": Patient(
        "layer_gradient",
        layer_gradient_summed,
        does_not_care_for_copies,
        "the gradient of the summed loss is m times that of the mean, and so is the step",
    ),
    "exp overflow": Patient(
        "softmax",
        softmax_bare,
        survives_a_large_score,
        "exp of a large score is infinite; subtract the column's largest score first",
        {"start": start_normal},
    ),
    "raw pixels": Patient(
        "read",
        read_raw,
        reads_pixels_as_0_to_1,
        "bytes of 0 to 255 make sums 255 times too large for the start weights and the rate",
    ),
    "equal widths": Patient(
        "hidden_error",
        hidden_error_bracketed,
        works_for_unequal_widths,
        "the slopes belong to the hidden units, so they come after the product with W.T",
    ),
    "row for a column": Patient(
        "layer_gradient",
        layer_gradient_row,
        has_the_shape_of_b,
        "a column minus a row is a whole matrix, by broadcasting: keepdims=True",
        batch_size=10,
    ),
    "one-hot from y.max()": Patient(
        "encode",
        encode_max,
        has_ten_rows_always,
        "a batch without a 9 gets nine rows; the number of classes belongs to the problem",
        batch_size=32,
    ),
    "one-hot off by one": Patient(
        "encode",
        encode_off_by_one,
        gives_the_label_back,
        "the network faithfully learns to answer one less",
    ),
    "shuffled apart": Patient(
        "shuffle",
        shuffle_apart,
        keeps_pairs_together,
        "two permutations: the images no longer belong to their labels",
    ),
    "changed in place": Patient(
        "step",
        step_in_place,
        leaves_its_arguments_alone,
        "-= changes the caller's arrays, so a second run begins where the first one ended",
        runs_before=1,
    ),
    "no ReLU derivative": Patient(
        "hidden_error",
        hidden_error_straight,
        blocks_sleeping_units,
        "a unit that was off had no influence and must get no gradient",
    ),
    "tuned on the test set": Patient(
        "choose",
        choose_by_test,
        reports_chance_for_guessers,
        "the digits that chose the network are no longer new to it: choose by validation",
    ),
    "zero start": Patient(
        "start",
        start_zero,
        draws_different_units,
        "units that begin alike get the same gradient and stay alike; draw them at random",
    ),
    "labels scaled too": Patient(
        "read",
        read_all_scaled,
        keeps_the_labels,
        "label / 255 cut to an integer is 0: every digit is called a 0, and rightly so",
    ),
}


def failure(test, part):
    """Run a unit test on a part.

    Parameters
    ----------
    test : function
        Raises AssertionError for a part that is ill.
    part : function

    Returns
    -------
    str or None
        What it finds, or None if the part passes.
    """
    try:
        test(part)
    except AssertionError as error:
        return str(error)
    return None


def code(function, docstring=True):
    """Show the text of a function as it stands in its file.

    Parameters
    ----------
    function : function
    docstring : bool, default True
        False leaves its first docstring line out.

    Returns
    -------
    str
    """
    lines = inspect.getsource(function).strip().splitlines()
    return "\n".join(line for line in lines if docstring or not line.startswith('    """'))
