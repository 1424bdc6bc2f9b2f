"""Lesson 14, Visit the bug clinic: its equations and exercises."""

import numpy as np

from nnlib.activations import softmax
from nnlib.checks.lesson_01 import ONE_HOT, READ
from nnlib.checks.lesson_04 import SOFTMAX
from nnlib.checks.registry import NotWritten, equation, exercise
from nnlib.clinic.doctor import step_ratio
from nnlib.clinic.patients import PATIENTS, hidden_error, layer_gradient, step
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


exercise(
    "14-1",
    "my_softmax(Z)",
    SOFTMAX,
    praise="Two patients are cured: the one maximum a column is enough for any score.",
    hints=(
        "each column is a distribution of its own: what you subtract and what you divide by "
        "belongs to the column.",
        "axis=0 runs down the rows, so Z.max(axis=0) is the largest score of each column.",
        "E = np.exp(Z - Z.max(axis=0)); then divide E by what belongs to its column.",
    ),
)


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


exercise(
    "14-3",
    "my_one_hot(y, n_classes)",
    ONE_HOT,
    praise="Ten rows for any batch, and the 1 where the label says.",
    hints=(
        "how many rows? As many as there are classes in the problem, whatever this batch holds.",
        "label 5 belongs into row 5: Python counts rows from 0, and so do the labels.",
        "Y = np.zeros((n_classes, y.size)), then a 1 into each of the places (y[j], j).",
    ),
)


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


exercise(
    "14-5",
    "my_read(table)",
    READ,
    praise="Pixels in 0…1 as columns, labels untouched.",
    hints=(
        "take the table apart first, and scale only the part that holds pixels.",
        "labels are names: integers, never divided. Pixels: / 255, and .T to make columns.",
        "two things come back: table[:, 0] as it is, and the other columns, turned and scaled.",
    ),
)


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
