"""Lesson 14, Visit the bug clinic: its equations and exercises."""

import numpy as np

from nnlib.activations import softmax
from nnlib.checks.registry import NotWritten, equation, exercise
from nnlib.clinic.doctor import step_ratio
from nnlib.clinic.patients import PATIENTS, hidden_error, layer_gradient, read, step
from nnlib.gradient_check import relative_error
from nnlib.losses import one_hot
from nnlib.network import Layer


@equation("14.1", "result", "the error of a gradient that is c times the right one")
def error_of_a_multiple(rng):
    """Relative errors of multiples of a random gradient, against the formula."""
    n, factors = rng.normal(size=(4, 3)), np.array([7.0, 0.5, -1.0, 4000.0, 0.0])
    return [relative_error(c * n, n) for c in factors], np.abs(factors - 1) / (np.abs(factors) + 1)


@equation("14.2", "result", "columns of probabilities and of one-hot labels have the same sum")
def columns_have_the_same_sum(rng):
    """Softmax of random scores and one-hot of random labels, summed over the classes."""
    P = softmax(rng.normal(size=(10, 7)))
    return P.sum(axis=0), one_hot(rng.integers(0, 10, 7), dtype=np.float64).sum(axis=0)


@equation("14.3", "definition", "how long a step is, against the weights")
def ratio_by_hand(rng):
    """W = (3, 4), of length 5, and dW = (6, 8), of length 10; with rate 0.1 the ratio is 0.2."""
    b = np.zeros((1, 1))
    before, grads = [Layer(np.array([[3.0, 4.0]]), b)], [Layer(np.array([[6.0, 8.0]]), b)]
    return [step_ratio(before, step(before, grads, 0.1))], [0.2]


@exercise(
    "14-1",
    praise="Two patients are cured: the one maximum a column is enough for any score.",
    hints=(
        "each column is a distribution of its own: what you subtract and what you divide by "
        "belongs to the column.",
        "axis=0 runs down the rows, so Z.max(axis=0) is the largest score of each column.",
        "E = np.exp(Z - Z.max(axis=0)); return E / E.sum(axis=0).",
    ),
)
def judge_softmax(answer):
    """Sums of columns, large scores, columns far apart, then values."""
    Z = np.array([[1.0, 2.0, 0.5], [3.0, 5.0, -1.0], [0.0, 1.0, 0.0], [0.2, 0.1, 2.0]])
    with np.errstate(all="ignore"):
        given = Z.copy()
        P = np.asarray(answer(given), dtype=float)
        large = np.asarray(answer(np.array([[1000.0], [-1000.0]])), dtype=float)
        far = np.array([[1000.0, 1.0, 1000.0], [0.0, 2.0, 999.0]])
        apart = np.asarray(answer(far.copy()), dtype=float)
    if P.shape != Z.shape:
        return f"it should have the shape of Z, {Z.shape}; got {P.shape}"
    sums = P.sum(axis=0)
    if not np.allclose(sums, 1):
        whole = (
            " (all together sum to 1: one denominator for all)" if np.isclose(P.sum(), 1) else ""
        )
        return f"the columns sum to {sums.round(2)} instead of 1{whole}"
    if not np.isfinite(large).all():
        return (
            "scores of 1,000 and -1,000 give NaN: exp(1000) is infinite; subtract the largest first"
        )
    if not np.isfinite(apart).all():
        return (
            "a column with scores 1 and 2 becomes NaN beside one with 1,000: you subtract one "
            "maximum for all, and exp(1 - 1000) is 0; each column needs its own"
        )
    if not (np.allclose(large, [[1], [0]]) and np.allclose(apart, softmax(far))):
        return (
            "finite, but wrong for scores of 1,000: do not clip scores or replace NaN; subtract "
            "the largest score of each column"
        )
    if not np.allclose(P, softmax(Z)):
        return "the columns sum to 1, but the values are not those of softmax"
    if not np.array_equal(given, Z):
        return "the values are right, but Z itself was changed: write Z - …, not Z -= …"
    return None


@exercise(
    "14-2",
    praise="Bracketed by the widths: first through W, then through this layer's own slopes.",
    hints=(
        "two things happen on the way back: through the weights, then through the ReLU. In this "
        "order.",
        "W.T @ dZ has a row for each hidden unit; the slopes of Z have one, too.",
        "return (W.T @ dZ) * (Z > 0).",
    ),
)
def judge_hidden_error(answer):
    """With equal widths first, so that nothing stops, then with unequal ones."""
    rng = np.random.default_rng(5)
    W, dZ, Z = rng.normal(size=(4, 4)), rng.normal(size=(4, 6)), rng.normal(size=(4, 6))
    right = hidden_error(W, dZ, Z)
    given = np.asarray(answer(W.copy(), dZ.copy(), Z.copy()), dtype=float)
    if given.shape != right.shape:
        return f"it should have the shape of Z, {Z.shape}; got {given.shape}"
    named = {
        "the slopes are multiplied before W.T, on the wrong layer's rows; it runs only because "
        "both layers have the same width": W.T @ (dZ * (Z > 0)),
        "the ReLU is missing on the way back: units that were off get a gradient": W.T @ dZ,
        "you multiply by relu(Z) itself; what belongs there is its slope, 1 or 0": (W.T @ dZ)
        * np.maximum(Z, 0),
        "W is not transposed; with unequal widths it would not even run": (W @ dZ) * (Z > 0),
    }
    for mistake, value in named.items():
        if np.allclose(given, value):
            return f"{mistake} (relative error {relative_error(given, right):.2f})"
    if not np.allclose(given, right):
        return (
            f"it runs, but is not the gradient: relative error {relative_error(given, right):.2f}"
        )
    W, dZ, Z = rng.normal(size=(2, 3)), rng.normal(size=(2, 5)), rng.normal(size=(3, 5))
    right = hidden_error(W, dZ, Z)
    if not np.allclose(answer(W.copy(), dZ.copy(), Z.copy()), right):
        return "right for equal widths, wrong for 3 units before 2"
    return None


@exercise(
    "14-3",
    praise="Ten rows for any batch, and the 1 where the label says.",
    hints=(
        "how many rows? As many as there are classes in the problem, whatever this batch holds.",
        "label 5 belongs into row 5: Python counts rows from 0, and so do the labels.",
        "Y = np.zeros((n_classes, y.size)); Y[y, np.arange(y.size)] = 1; return Y.",
    ),
)
def judge_encode(answer):
    """Shape for a batch without large labels, then the places of the ones."""
    y = np.array([5, 0, 2, 5])
    Y = np.asarray(answer(y.copy(), 10))
    if Y.shape == (y.size, 10):
        return "samples are columns here: shape (10, 4), yours is (4, 10)"
    if Y.shape == (y.max() + 1, y.size):
        return (
            f"labels up to {y.max()} get {len(Y)} rows; P has 10, and P - Y stops, or broadcasts "
            "if only zeros are in the batch"
        )
    if Y.shape != (10, y.size):
        return f"it should be (10, {y.size}); got {Y.shape}"
    if not (Y.sum(axis=0) == 1).all():
        return f"each column holds one 1 and zeros; yours sum to {Y.sum(axis=0)}"
    if not np.array_equal(Y.argmax(axis=0), y):
        return f"labels {y.tolist()} come back as {Y.argmax(axis=0).tolist()}"
    more = np.shape(answer(y.copy(), 12))
    if more != (12, y.size):
        return f"with 12 as n_classes the shape should be (12, {y.size}); got {more}"
    return None


@exercise(
    "14-4",
    praise="The old parameters are still there: the next run begins where this one began.",
    hints=(
        "W -= … changes the array that the caller holds; W - … makes a new one.",
        "build a new list, with a new Layer for each layer.",
        "return [Layer(W - lr * dW, b - lr * db) for (W, b), (dW, db) in zip(params, grads)].",
    ),
)
def judge_step(answer):
    """Form of the result, what became of the arguments, then its values."""
    rng = np.random.default_rng(6)

    def layers():
        return [
            Layer(rng.normal(size=(n, k)), rng.normal(size=(n, 1))) for n, k in ((3, 4), (2, 3))
        ]

    def copies(layers):
        return [Layer(W.copy(), b.copy()) for W, b in layers]

    def differ(layers, others):
        pairs = zip(layers, others, strict=True)
        return any(not np.array_equal(a, b) for pair in pairs for a, b in zip(*pair))

    params, grads = layers(), layers()
    given, kept, kept_grads = list(params), copies(params), copies(grads)
    given_grads = list(grads)
    right = step(kept, kept_grads, 0.3)
    result = answer(params, grads, 0.3)
    if not (isinstance(result, list | tuple) and len(result) == 2):
        return "it should return the new list of layers, Layer(W, b) for each of the two"
    is_changed = differ(given, kept)
    if result is params and is_changed:
        return "you change the caller's arrays and return the very list that you were given"
    if is_changed:
        return (
            "a new list, but with the old arrays in it: a copy of a list copies no arrays, and -= "
            "has changed those of the caller"
        )
    if [id(layer) for layer in params] != [id(layer) for layer in given]:
        return "you put new layers into the caller's list; make a list of your own"
    if differ(given_grads, kept_grads):
        return "you change the caller's gradients: lr * dW makes a new array, *= does not"
    for (W, b), (W_right, b_right), old in zip(result, right, kept, strict=True):
        if np.allclose(W, 2 * old.W - W_right):
            return "plus instead of minus: this step goes uphill"
        if np.array_equal(W, old.W):
            return "the weights have not moved"
        if not np.allclose(W, W_right) or not np.allclose(b, b_right):
            return "the arguments are safe, but the step is not W - lr * dW and b - lr * db"
    return None


@exercise(
    "14-5",
    praise="Pixels in 0…1 as columns, labels untouched.",
    hints=(
        "take the table apart first, and scale only the part that holds pixels.",
        "labels are names: integers, never divided. Pixels: / 255, and .T to make columns.",
        "return table[:, 1:].T / 255, table[:, 0].",
    ),
)
def judge_read(answer):
    """Labels, then the shape and the scale of X."""
    table = np.array([[7, 0, 51, 204], [3, 153, 0, 102]])  # no 255, as in many a small batch
    result = answer(table.copy())
    if not (isinstance(result, tuple | list) and len(result) == 2):
        return "it should return two arrays, X and y"
    X, y = np.asarray(result[0]), np.asarray(result[1])
    right = read(table)[0]
    if y.shape != (2,) or y.tolist() != [7, 3]:
        return f"labels 7 and 3 are read as {np.ravel(y).round(3).tolist()}: only pixels are scaled"
    if not np.issubdtype(y.dtype, np.integer):
        return f"labels are {y.dtype}; they count rows, so they must be integers"
    if X.shape == right.T.shape:
        return "one image a row; here samples are columns, X should be (3, 2)"
    if X.shape != right.shape:
        return f"X should be (3, 2), three pixels of two images; got {X.shape}"
    if X.max() > 1:
        return f"the largest value of X is {X.max():g}: sums will be 255 times too large"
    if not np.allclose(X, right):
        return "X is not byte / 255; does your factor depend on X?"
    return None


HEALTHY = "the right function"
ILL_GRADIENTS = {
    name: PATIENTS[name].broken for name in ("scalar bias gradient", "no 1/m", "row for a column")
}


@exercise(
    "14-6",
    praise="Three patients are caught, and the healthy one may go home.",
    hints=(
        "choose a dZ and an A for which you know the answer by hand, with more than one sample "
        "and more than one unit.",
        "two comparisons with the right db: its shape, then its values. The values of dW tell of "
        "the 1/m.",
        "dZ = np.array([[1.0, 2.0, 3.0], [0.0, -1.0, 0.0]]), A = ones: db is [[2], [-1/3]], and "
        "each entry of dW in row 0 is 2. Return True if anything differs.",
    ),
)
def judge_test(answer):
    """The healthy function first, then each patient."""
    said = {}
    for name, part in {HEALTHY: layer_gradient, **ILL_GRADIENTS}.items():
        try:
            said[name] = bool(answer(part))
        except NotWritten:
            said[name] = None
        except AssertionError:
            if name == HEALTHY:
                return "your test stops with assert on the right function, and should return False"
            return f"your test stops with assert on “{name}”; here it should return True instead"
        except Exception:
            if name == HEALTHY:
                raise
            said[name] = True  # a test that stops has found something
    if all(ill is None for ill in said.values()):
        raise NotWritten
    if said[HEALTHY]:
        return "your test calls the right function ill"
    if said.pop(HEALTHY) is None:
        return "your test returns nothing for the right function; it should return False"
    for name, is_found in said.items():
        if is_found is None:
            return f"your test returns nothing for “{name}”; it should return True"
        if not is_found:
            return f"your test sends the patient “{name}” home as healthy"
    return None
