"""Lesson 16, Go on with frameworks: its equations and exercises."""

import numpy as np

from nnlib.activations import softmax
from nnlib.checks.registry import NotWritten, equation, exercise
from nnlib.gradient_check import numerical_gradient, relative_error
from nnlib.losses import cross_entropy, one_hot
from nnlib.network import Layer, forward, init_params, predict

N_IN, N_OUT, M = 4, 3, 5  # all different, so that no transpose can hide


def small_layer(rng):
    """Weights, a bias, samples as rows, and labels."""
    W, b = rng.normal(size=(N_OUT, N_IN)), rng.normal(size=(N_OUT, 1))
    return W, b, rng.normal(size=(M, N_IN)), rng.integers(0, N_OUT, M)


def mean_loss_of_rows(W, b, rows, y):
    """The mean loss of one layer with softmax and cross-entropy."""
    return cross_entropy(W @ rows.T + b, y)


def error_in_rows(W, b, rows, y):
    """The derivative of the mean loss with respect to the scores, by the formula, in rows."""
    P = softmax(W @ rows.T + b).T
    return (P - one_hot(y, N_OUT, np.float64).T) / M


@equation("16.1", "result", "weighted sums in rows")
def sums_in_rows(rng):
    """Columns, by the library's forward pass, turned over; against the formula in rows."""
    W, b, rows, _ = small_layer(rng)
    Zs, _ = forward([Layer(W, b)], rows.T, ("identity",))
    return Zs[0].T, rows @ W.T + b.T


@equation("16.2", "result", "the error at the output, in rows")
def output_error_in_rows(rng):
    """Central differences of the mean loss with respect to the scores, against the formula."""
    W, b, rows, y = small_layer(rng)
    Z = rows @ W.T + b.T
    return numerical_gradient(lambda Z: cross_entropy(Z.T, y), Z), error_in_rows(W, b, rows, y)


@equation("16.3", "result", "the gradient of weights and bias, in rows")
def gradient_in_rows(rng):
    """Central differences of the mean loss, against the two products."""
    W, b, rows, y = small_layer(rng)
    G = error_in_rows(W, b, rows, y)
    dW = numerical_gradient(lambda W: mean_loss_of_rows(W, b, rows, y), W)
    db = numerical_gradient(lambda b: mean_loss_of_rows(W, b, rows, y), b)
    return np.hstack([dW, db]), np.hstack([G.T @ rows, G.sum(axis=0)[:, None]])


@equation("16.4", "result", "the derivative handed to the layer before")
def handed_back(rng):
    """Central differences with respect to what goes in, against the product."""
    W, b, rows, y = small_layer(rng)
    numeric = numerical_gradient(lambda rows: mean_loss_of_rows(W, b, rows, y), rows)
    return numeric, error_in_rows(W, b, rows, y) @ W


@equation("16.5", "result", "the sum over all paths")
def sum_over_paths(rng):
    """Central differences of (tanh(w x + b) - t)², against the paths, written out one by one."""
    w, x, b, t = rng.normal(size=4)
    numeric = numerical_gradient(
        lambda u: (np.tanh(u[0] * u[1] + u[2]) - t) ** 2, np.array([w, x, b])
    )
    a = np.tanh(w * x + b)
    e = a - t
    to_z = [e * 1 * (1 - a**2), e * 1 * (1 - a**2)]  # z → a → e → L, by either edge into L
    return numeric, [sum(path * 1 * part for path in to_z) for part in (x, w, 1)]


@equation("16.6", "result", "a filter at every place")
def convolution(rng):
    """The windows of NumPy, each times the filter, against four loops."""
    X, K = rng.normal(size=(6, 5)), rng.normal(size=(3, 3))
    windows = np.lib.stride_tricks.sliding_window_view(X, (3, 3))
    R = np.zeros((4, 3))
    for r, c in np.ndindex(R.shape):
        for i, j in np.ndindex(K.shape):
            R[r, c] += K[i, j] * X[r + i, c + j]
    return (windows * K).sum(axis=(2, 3)), R


def given(result):
    """What a learner's method returned; not written if it is None."""
    if result is None:
        raise NotWritten
    return np.asarray(result)


@exercise(
    "16-1",
    praise="It fits between any two layers, and a gradient check of the whole finds nothing.",
    hints=(
        "forward must keep something in self, so that backward can use it.",
        "Keep A = tanh(Z). Its derivative at the same place is 1 - A².",
        "backward returns G * (1 - self.A**2), each entry for itself.",
    ),
)
def judge_tanh_layer(make):
    """Forward, backward, and again after a second forward; G must stay as it is."""
    if not callable(make):
        return "hand in the class, Tanh, without brackets."
    rng = np.random.default_rng(0)
    Z, G = rng.normal(size=(5, 3)), rng.normal(size=(5, 3))
    given_Z, given_G, layer = Z.copy(), G.copy(), make()
    A, slope = np.tanh(Z), 1 - np.tanh(Z) ** 2
    out = given(layer.forward(given_Z))
    if out.shape != A.shape or not np.allclose(out, A):
        return "forward does not return tanh of each entry of Z."
    back = given(layer.backward(given_G))
    for name, array, kept in (
        ("forward changes Z", given_Z, Z),
        ("backward changes G", given_G, G),
    ):
        if not np.array_equal(array, kept):
            return f"{name} itself; return a new array."
    if back.shape == Z.shape and relative_error(back, G * slope) < 1e-9:
        second = given(layer.forward(2 * Z)) is not None and given(layer.backward(G))
        if not relative_error(second, G * (1 - np.tanh(2 * Z) ** 2)) <= 1e-9:
            return "after a second forward, backward still uses the first input."
        return None
    if back.shape == Z.shape and np.allclose(back, slope):
        return "backward returns the layer's own derivative; the chain rule multiplies it by G."
    if back.shape == Z.shape and np.allclose(back, G * (1 - np.tanh(A) ** 2)):
        return "you took tanh twice: 1 - A² with A = tanh(Z) is the derivative already."
    if back.shape == Z.shape and np.allclose(back, G * A):
        return "backward multiplies G by the output; it needs the derivative, 1 - A²."
    if back.shape != Z.shape:
        return f"backward should return G * (1 - A²), shape {Z.shape}; yours has {back.shape}."
    found, right = back[0, 0], (G * slope)[0, 0]
    return (
        f"backward has the right shape, but its first entry is {found:.4f}, expected {right:.4f}: "
        "it is G * (1 - A²)."
    )


@exercise(
    "16-2",
    praise="The same probabilities, in rows, to 1e-6 and far beyond.",
    hints=(
        "Which of our shapes must become which of theirs? Write both down for 784-32-10.",
        "W.T has the shape (n_in, n_out); b has one column, and theirs has no columns at all.",
        "Return [W.T for W, b in params] and [b[:, 0] for W, b in params].",
    ),
)
def judge_to_rows(to_rows):
    """Shapes and numbers layer by layer, then the digits that are read."""
    rng = np.random.default_rng(1)
    drawn = init_params([6, 5, 4, 3], rng, "xavier", np.float64)
    params = [Layer(W, rng.normal(size=b.shape)) for W, b in drawn]
    result = to_rows([Layer(W.copy(), b.copy()) for W, b in params])
    if not isinstance(result, tuple | list) or len(result) != 2:
        return "return two lists: coefs, intercepts."
    coefs, intercepts = ([np.asarray(array) for array in part] for part in result)
    if len(coefs) != len(params) or len(intercepts) != len(params):
        return f"there are {len(params)} layers; you return {len(coefs)} and {len(intercepts)}."
    for l, ((W, b), V, c) in enumerate(zip(params, coefs, intercepts, strict=True), start=1):
        if V.shape == W.shape:
            return f"coefs of layer {l} has our shape {V.shape}; in rows it is (n_in, n_out)."
        if V.shape != W.T.shape:
            return f"coefs of layer {l} has shape {V.shape}; expected {W.T.shape}."
        if np.allclose(V, W.reshape(V.shape)):
            return f"coefs of layer {l} has the right shape and the wrong order: transpose it."
        if not np.allclose(V, W.T):
            return f"coefs of layer {l} does not hold the numbers of W.T."
        if c.shape != (len(b),):
            return f"intercepts of layer {l} has shape {c.shape}; expected ({len(b)},)."
        if not np.allclose(c, b[:, 0]):
            return f"intercepts of layer {l} does not hold the numbers of its bias."
    X = rng.normal(size=(6, 7))
    A, activations = X.T, ("tanh", "tanh", "identity")
    for V, c, name in zip(coefs, intercepts, activations, strict=True):
        A = np.tanh(A @ V + c) if name == "tanh" else A @ V + c
    if not np.array_equal(A.argmax(axis=1), predict(params, X, activations)):
        return "the digits are not read as before."
    return None
