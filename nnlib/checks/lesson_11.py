"""Lesson 11, Build the deep sigmoid network: its exercises; its equations stand next door."""

import numpy as np

from nnlib.activations import sigmoid_derivative
from nnlib.backprop import backward
from nnlib.checks.engine import Task
from nnlib.checks.registry import exercise
from nnlib.network import forward, init_params


def networks():
    """Parameters, Zs, As, one-hot Y of two networks; no two sizes alike, biases not zero."""
    cases = []
    for seed, sizes, m in ((11, [6, 5, 4, 3], 7), (12, [3, 4, 6, 5], 9)):
        rng = np.random.default_rng(seed)
        params = init_params(sizes, rng, "uniform", np.float64)
        Y = np.eye(sizes[-1])[:, rng.integers(0, sizes[-1], m)]
        cases.append((params, *forward(params, rng.random((sizes[0], m)), ("sigmoid",) * 3), Y))
    return cases


def of_Z(Z, A):
    """The slope of a sigmoid."""
    return sigmoid_derivative(Z)


def of_A(Z, A):
    """The slope of a sigmoid of a sigmoid."""
    return sigmoid_derivative(A)


def no_slope(Z, A):
    """What is left without a slope."""
    return 1


def swept(error=lambda A, Y: A - Y, last=of_Z, hidden=of_Z, into=lambda Zs, As: As):
    """A way to the three pairs; error, slopes, or what goes into the layers may be others."""

    def answer(params, Zs, As, Y):
        dZs = [error(As[-1], Y) * last(Zs[-1], As[-1])]
        for l in (2, 1):
            dZs.insert(0, (params[l].W.T @ dZs[0]) * hidden(Zs[l - 1], As[l]))
        m = Y.shape[1]
        return [
            (dZ @ A.T / m, dZ.sum(axis=1, keepdims=True) / m) for dZ, A in zip(dZs, into(Zs, As))
        ]

    return answer


def sigmoid_gradient(params, Zs, As, Y):
    """The three pairs by the library."""
    return backward(params, Zs, As, Y, ("sigmoid",) * 3, "squared_error")


def updated_pairs(lr):
    """New parameters instead of the gradient."""
    return lambda params, *given: [
        (W - lr * dW, b - lr * db)
        for (W, b), (dW, db) in zip(params, sigmoid_gradient(params, *given))
    ]


exercise(
    "11-2",
    "my_backward(params, Zs, As, Y)",
    Task(
        right=sigmoid_gradient,
        cases=networks,
        names=("dW1", "db1", "dW2", "db2", "dW3", "db3"),
        gives="a list of three pairs, [(dW1, db1), (dW2, db2), (dW3, db3)]",
        samples=lambda params, Zs, As, Y: Y.shape[1],
        sizes="; the check uses sizes 6-5-4-3 and 7 samples, then others",
        backwards=True,
        with_error=True,
        slips={
            "the last layer lacks its slope: with squared error its dZ is (A - Y) times σ'(Z3); "
            "the bare A - Y belongs to softmax with cross-entropy": swept(last=no_slope),
            "you took the slope of A: sigmoid_derivative takes Z and applies the sigmoid itself; "
            "of A it would be applied twice": (
                swept(last=of_A, hidden=of_A),
                swept(last=of_A),
            ),
            "the slope of the last layer is right, those of the hidden layers are taken at A; "
            "sigmoid_derivative takes Z": swept(hidden=of_A),
            "the hidden layers lack their slopes: after W.T @ dZ multiply by σ'(Z), entry by "
            "entry": swept(hidden=no_slope),
            "the hidden layers are multiplied by what they give, A; what belongs there is the "
            "slope, σ'(Z)": swept(hidden=lambda Z, A: A),
            "the sign is wrong: the error is output minus truth, A - Y": (
                swept(error=lambda A, Y: Y - A)
            ),
            "dW takes what went into a layer, the A of the layer before, not its Z": (
                swept(into=lambda Zs, As: [As[0], *Zs])
            ),
            "the three pairs come last layer first; turn the list round: grads[::-1]": (
                lambda *given: sigmoid_gradient(*given)[::-1]
            ),
            "these are new parameters; what is asked for is the gradient alone": tuple(
                updated_pairs(lr) for lr in (1, 0.5, 0.1)
            ),
        },
    ),
    praise="That is the code which the derivation announces: three layers, one pattern.",
    hints=(
        "the last layer first: dZ3 = (A3 - Y) * sigmoid_derivative(Z3). Everything else follows.",
        "one layer back: dZ2 = (W3.T @ dZ3) * sigmoid_derivative(Z2); then dZ1 in the same way.",
        "for each layer dW = dZ @ A.T / m, with the A that went INTO it (X, A1, A2), and "
        "db = dZ.sum(axis=1, keepdims=True) / m; return [(dW1, db1), (dW2, db2), (dW3, db3)].",
    ),
)


def rows_and_columns():
    """Errors in rows (n, h) and columns (q, n) for 6 samples, then for 9; no two sizes alike."""
    cases = []
    for seed, (n, h, q) in ((7, (6, 4, 5)), (8, (9, 3, 7))):
        rng = np.random.default_rng(seed)
        cases.append((rng.normal(size=(n, h)), rng.random((q, n))))
    return cases


def turned(rows, A):
    """dW and dB in columns."""
    return rows.T @ A.T / len(rows), rows.mean(axis=0)[:, None]


def with_dB(wrong):
    """The right dW, and another dB."""
    return lambda rows, A: (turned(rows, A)[0], wrong(rows))


exercise(
    "11-1",
    "from_rows(rows, A)",
    Task(
        right=turned,
        cases=rows_and_columns,
        names=("dW", "dB"),
        samples=lambda rows, A: len(rows),
        letter="n",
        sizes="; the check uses rows (6, 4) and A (5, 6), then others: sum over n",
        slips={
            "your dB is still a row; B is a column (h, 1), and B - dB would quietly become a "
            "matrix, (h, h)": (
                with_dB(lambda rows: rows.mean(axis=0)),
                with_dB(lambda rows: rows.mean(axis=0, keepdims=True)),
            ),
            "your dB has a column for each sample; average them": with_dB(lambda rows: rows.T),
            "your dB is the mean over the units; it is the mean over the samples, the rows": (
                with_dB(lambda rows: rows.mean(axis=1)),
                with_dB(lambda rows: rows.mean(axis=1, keepdims=True)),
            ),
        },
    ),
    praise="Rows or columns, the same numbers; only their place differs.",
    hints=(
        "one sample first: equation 7 is rows[k] as a column times column k of A as a row.",
        "rows.T has a column for each sample, (h, n); that is our dZ. What is dW in terms of dZ?",
        "dW = rows.T @ A.T / n; dB is the mean over the samples, stood up as a column: "
        "rows.mean(axis=0).reshape(-1, 1).",
    ),
)
