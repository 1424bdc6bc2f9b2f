"""Lesson 11, Build the deep sigmoid network: its exercises; its equations stand next door."""

import numpy as np

from nnlib.activations import sigmoid_derivative
from nnlib.backprop import backward
from nnlib.checks.registry import exercise
from nnlib.gradient_check import relative_error
from nnlib.network import forward, init_params

SIZES, M = [6, 5, 4, 3], 7  # all different, so that no wrong shape fits
BENDS = ("sigmoid",) * 3


def problem():
    """Parameters, Zs, As and one-hot Y of a small network; float64, biases not zero."""
    rng = np.random.default_rng(11)
    params = init_params(SIZES, rng, "uniform", np.float64)
    Y = np.eye(SIZES[-1])[:, rng.integers(0, SIZES[-1], M)]
    return params, *forward(params, rng.random((SIZES[0], M)), BENDS), Y


def sweep(params, first, slopes):
    """The three errors dZ from the last one and the slopes used in layers 1 and 2."""
    dZ2 = (params[2].W.T @ first) * slopes[1]
    return [(params[1].W.T @ dZ2) * slopes[0], dZ2, first]


def gradients(dZs, As, divisor=M):
    """(dW, db) of every layer from its error."""
    return [(dZ @ A.T / divisor, dZ.sum(axis=1, keepdims=True) / divisor) for dZ, A in zip(dZs, As)]


def likely_mistakes(params, Zs, As, Y):
    """What else could have been written: {sentence: gradients}."""
    right = [sigmoid_derivative(Z) for Z in Zs]
    of_A = [sigmoid_derivative(A) for A in As[1:]]
    error = As[-1] - Y
    return {
        "the last layer lacks its slope: with squared error its dZ is (A - Y) times σ'(Z3); "
        "the bare A - Y belongs to softmax with cross-entropy": gradients(
            sweep(params, error, right), As
        ),
        "you took the slope of A: sigmoid_derivative takes Z and applies the sigmoid itself; "
        "of A it would be applied twice": gradients(sweep(params, error * of_A[2], of_A), As),
        "the slope of the last layer is right, those of the hidden layers are taken at A; "
        "sigmoid_derivative takes Z": gradients(sweep(params, error * right[2], of_A), As),
        "the hidden layers lack their slopes: after W.T @ dZ multiply by σ'(Z), entry by "
        "entry": gradients(sweep(params, error * right[2], [1, 1]), As),
        "the sign is wrong: the error is output minus truth, A - Y": gradients(
            sweep(params, -error * right[2], right), As
        ),
        f"everything is {M} times too large: dW and db are of the mean, divide by m": gradients(
            sweep(params, error * right[2], right), As, 1
        ),
    }


@exercise(
    "11-2",
    praise="That is the code which the derivation announces: three layers, one pattern.",
    hints=(
        "the last layer first: dZ3 = (A3 - Y) * sigmoid_derivative(Z3). Everything else follows.",
        "one layer back: dZ2 = (W3.T @ dZ3) * sigmoid_derivative(Z2); then dZ1 in the same way.",
        "for each layer dW = dZ @ A.T / m, with the A that went INTO it (X, A1, A2), and "
        "db = dZ.sum(axis=1, keepdims=True) / m; return [(dW1, db1), (dW2, db2), (dW3, db3)].",
    ),
)
def judge_backward(answer):
    """Form, then shapes from the last layer to the first, then the likely mistakes."""
    try:
        got = answer(*problem())  # arrays of its own, which it may change
    except ValueError as error:
        return (
            f"two shapes do not fit ({error}); the check uses sizes 6-5-4-3 and 7 samples: which "
            "product lacks its transpose?"
        )
    if not (is_sequence(got, 3) and all(is_sequence(pair, 2) for pair in got)):
        return "return a list of three pairs, [(dW1, db1), (dW2, db2), (dW3, db3)]"
    params, Zs, As, Y = problem()
    right = backward(params, Zs, As, Y, BENDS, "squared_error")
    if [np.shape(pair[0]) for pair in got] == [np.shape(layer.W) for layer in params[::-1]]:
        return "the three pairs come last layer first; turn the list round: grads[::-1]"
    for l in (3, 2, 1):
        for name, array, true in zip(("dW", "db"), got[l - 1], right[l - 1]):
            if np.shape(array) != true.shape:
                return wrong_shape(f"{name}{l}", np.shape(array), true.shape)
    if all(relative_error(a, b) < 1e-7 for g, r in zip(got, right) for a, b in zip(g, r)):
        return None
    for sentence, wrong in likely_mistakes(params, Zs, As, Y).items():
        if all(np.allclose(a, b, atol=1e-12) for g, r in zip(got, wrong) for a, b in zip(g, r)):
            return sentence
    for part, name in enumerate(("dW", "db")):
        if all(np.allclose(g[part], M * r[part], atol=1e-12) for g, r in zip(got, right)):
            return f"every {name} is {M} times too large: divide it by m"
    return first_wrong(got, right)


def is_sequence(value, length):
    """Whether it is a list or tuple of so many things."""
    return isinstance(value, list | tuple) and len(value) == length


def wrong_shape(name, shape, wanted):
    """The sentence for an array of the wrong shape."""
    if shape == wanted[::-1] and name.startswith("dW"):
        return f"your {name} is {shape}, transposed; it is dZ @ A.T, of the shape of W, {wanted}"
    if name.startswith("db") and shape in ((wanted[0],), (1, wanted[0])):
        return f"your {name} is {shape}, not a column {wanted}: sum with keepdims=True, axis=1"
    return f"your {name} is {shape}; a gradient has the shape of its parameter, {wanted}"


def first_wrong(got, right):
    """The sentence that names the layer nearest the output where something is wrong."""
    for l in (3, 2, 1):
        errors = [relative_error(np.asarray(a), true) for a, true in zip(got[l - 1], right[l - 1])]
        dW_right, db_right = (error < 1e-7 for error in errors)
        if dW_right and not db_right:
            return (
                f"your db{l} has relative error {errors[1]:.2g}; dW{l} is right, so dZ{l} is too: "
                f"look at the sum for db{l}"
            )
        if db_right and not dW_right:
            return (
                f"your dW{l} has relative error {errors[0]:.2g}; db{l} is right, so dZ{l} is too: "
                f"look at what went into layer {l}"
            )
        if not dW_right:
            rest = "" if l == 3 else "layers after it are right, so "
            return (
                f"your dW{l} has relative error {errors[0]:.2g}; {rest}look at dZ{l} first, then "
                f"at what went into layer {l}"
            )
    return None


@exercise(
    "11-1",
    praise="Rows or columns, the same numbers; only their place differs.",
    hints=(
        "one sample first: equation 7 is rows[k] as a column times column k of A as a row.",
        "rows.T has a column for each sample, (h, n); that is our dZ. What is dW in terms of dZ?",
        "dW = rows.T @ A.T / n; dB is the mean over the samples, stood up as a column: "
        "rows.mean(axis=0).reshape(-1, 1).",
    ),
)
def judge_rows(answer):
    """Shapes of both, then factor and values; the widths differ, so accidents do not fit."""
    rng = np.random.default_rng(7)
    n, h, q = 6, 4, 5
    rows, A = rng.normal(size=(n, h)), rng.random((q, n))
    try:
        got = answer(rows.copy(), A.copy())
    except ValueError as error:
        return f"two shapes do not fit ({error}): rows is (n, h), A is (q, n); sum over n"
    if not isinstance(got, list | tuple) or len(got) != 2:
        return "return two arrays: dW, dB"
    dW, dB = (np.asarray(array, dtype=float) for array in got)
    if (dW.shape, dB.shape) == ((h, 1), (h, q)):
        return "the right shapes in the wrong order: return dW first, then dB"
    if dW.shape == (q, h):
        return f"your dW is {dW.shape}, the transpose; dW has the shape of W, {(h, q)}"
    if dW.shape != (h, q):
        return f"your dW is {dW.shape}; it has the shape of W, {(h, q)}: one sum over the samples"
    if dB.shape in ((h,), (1, h)):
        return (
            f"your dB is {dB.shape}, still a row: B is a column {(h, 1)}, and B - dB would "
            f"quietly become {(h, h)}"
        )
    if dB.shape == (h, n):
        return f"your dB is {(h, n)}, a column for each sample; average them"
    if dB.shape != (h, 1):
        return f"your dB is {dB.shape}; it has the shape of B, {(h, 1)}"
    right = rows.T @ A.T / n, rows.mean(axis=0)[:, None]
    for name, array, true in zip(("dW", "dB"), (dW, dB), right):
        if np.allclose(array, n * true):
            return f"your {name} is {n} times too large: equations 5 and 6 divide by n"
        if np.allclose(array, -true):
            return f"your {name} has the sign turned; equations 5 and 6 have no minus"
        if not np.allclose(array, true):
            return f"your {name} has the right shape and wrong values, relative error " + (
                f"{relative_error(array, true):.2g}"
            )
    return None
