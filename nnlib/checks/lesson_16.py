"""Lesson 16, Go on with frameworks: its equations and exercises."""

import numpy as np

from nnlib.activations import softmax
from nnlib.checks.engine import Task
from nnlib.checks.registry import equation, exercise
from nnlib.gradient_check import numerical_gradient
from nnlib.losses import cross_entropy, one_hot
from nnlib.network import Layer, forward, init_params

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


def crosswise(make, Z, G):
    """Use two layers of one kind, the one forward between the other's forward and backward."""
    one, other = make(), make()
    if not hasattr(one, "forward"):
        return one
    A, _ = one.forward(Z), other.forward(-2 * Z)
    first, second = one.backward(G), other.backward(G)
    one.forward(Z / 2)
    return A, first, second, one.backward(G)


def tanh_layer(back=lambda G, A, Z: G * (1 - A**2), out=np.tanh, keep=lambda self, kept: kept):
    """A class for a tanh layer; what it gives back, or what it keeps, may be another."""

    class Tanh:
        kept = None

        def forward(self, Z):
            self.kept = keep(self, (out(Z), Z))
            return out(Z)

        def backward(self, G):
            return back(G, *self.kept)

    return Tanh


class InTheClass(tanh_layer()):
    """One that keeps its output in the class, which all its layers share."""

    def forward(self, Z):
        InTheClass.A = np.tanh(Z)
        return self.A

    def backward(self, G):
        return G * (1 - self.A**2)


def rows_and_gradients():
    """Rows Z and G, of 5 samples, then of 8."""
    rng = np.random.default_rng(0)
    return [(rng.normal(size=shape), rng.normal(size=shape)) for shape in ((5, 3), (8, 2))]


exercise(
    "16-1",
    "Tanh()",
    Task(
        right=tanh_layer(),
        cases=rows_and_gradients,
        names=(
            "what forward gives",
            "what backward gives",
            "what a second layer's backward gives",
            "what backward gives after a second forward",
        ),
        gives="from Tanh() a layer, which has forward and backward",
        samples=lambda Z, G: len(Z),
        use=crosswise,
        letters=("Z", "G"),
        slips={
            "backward returns the layer's own derivative; the chain rule multiplies it by G": (
                tanh_layer(lambda G, A, Z: 1 - A**2)
            ),
            "you took tanh twice: 1 - A² with A = tanh(Z) is the derivative already": (
                tanh_layer(lambda G, A, Z: G * (1 - np.tanh(A) ** 2))
            ),
            "backward multiplies G by the output; it needs the derivative, 1 - A²": (
                tanh_layer(lambda G, A, Z: G * A)
            ),
            "1 - A² takes the output A = tanh(Z); yours takes Z": (
                tanh_layer(lambda G, A, Z: G * (1 - Z**2))
            ),
            "the derivative at the place G itself; it is taken at Z, of which forward must keep "
            "something": tanh_layer(lambda G, A, Z: G * (1 - np.tanh(G) ** 2)),
            "backward lets everything through; G is multiplied by the derivative, 1 - A²": (
                tanh_layer(lambda G, A, Z: G)
            ),
            "after a second forward, backward still uses the first input": (
                tanh_layer(keep=lambda self, kept: self.kept or kept)
            ),
            "two such layers share what they keep, so the second forward overwrites that of the "
            "first; keep it in self, not in the class or a global": InTheClass,
        },
    ),
    praise="It fits between any two layers, and a gradient check of the whole finds nothing.",
    hints=(
        "forward must keep something in self, so that backward can use it.",
        "Keep A = tanh(Z). Its derivative at the same place is 1 - A².",
        "backward returns G * (1 - self.A**2), each entry for itself.",
    ),
)


def columns_to_rows(params, turn=np.transpose, flat=np.ravel):
    """Two lists, one entry a layer."""
    return [turn(W) for W, _ in params], [flat(b) for _, b in params]


def networks_to_translate():
    """Three layers, then two, with biases that are not zero."""
    rng = np.random.default_rng(1)
    return [
        (init_params(sizes, rng, "uniform", np.float64),) for sizes in ([6, 5, 4, 3], [3, 7, 4])
    ]


exercise(
    "16-2",
    "to_rows(params)",
    Task(
        right=columns_to_rows,
        cases=networks_to_translate,
        names=lambda truth: [
            f"{name}[{l}]" for name in ("coefs", "intercepts") for l in range(len(truth[0]))
        ],
        gives="two lists, coefs and intercepts, with an array for each layer",
        slips={
            "coefs have our shape (n_out, n_in); in rows it is (n_in, n_out): W.T": (
                lambda params: columns_to_rows(params, np.array)
            ),
            "coefs have the right shape and the wrong order: reshape fills row by row; transpose": (
                lambda params: columns_to_rows(params, lambda W: W.reshape(W.shape[::-1]))
            ),
            "intercepts are still columns, (n_out, 1); theirs have no columns at all, (n_out,)": (
                lambda params: columns_to_rows(params, flat=np.array)
            ),
            "intercepts are rows, (1, n_out); theirs have one axis alone, (n_out,)": (
                lambda params: columns_to_rows(params, flat=np.transpose)
            ),
            "these are pairs, one for each layer; theirs are two lists, coefs and intercepts": (
                lambda params: list(zip(*columns_to_rows(params)))
            ),
        },
    ),
    praise="The same weights, in rows, to 1e-6 and far beyond.",
    hints=(
        "Which of our shapes must become which of theirs? Write both down for 784-32-10.",
        "W.T has the shape (n_in, n_out); b has one column, and theirs has no columns at all.",
        "Return two lists: [W.T for W, b in params], and one alike with the only column of each b.",
    ),
)
