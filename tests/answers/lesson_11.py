"""Wrong answers to the exercises of lesson 11: (name, answer, a fragment of the message)."""

from nnlib.activations import sigmoid_derivative


def swept(params, As, dZ3, slope2, slope1, m):
    """The three pairs from the last error and the two slopes."""
    dZ2 = (params[2].W.T @ dZ3) * slope2
    dZ1 = (params[1].W.T @ dZ2) * slope1
    return [(dZ @ A.T / m, dZ.sum(axis=1, keepdims=True) / m) for dZ, A in zip([dZ1, dZ2, dZ3], As)]


def as_with_softmax(params, Zs, As, Y):
    slopes = [sigmoid_derivative(Z) for Z in Zs]
    return swept(params, As, As[3] - Y, slopes[1], slopes[0], Y.shape[1])


def slope_of_A(params, Zs, As, Y):
    slopes = [sigmoid_derivative(A) for A in As[1:]]
    return swept(params, As, (As[3] - Y) * slopes[2], slopes[1], slopes[0], Y.shape[1])


def no_mean(params, Zs, As, Y):
    slopes = [sigmoid_derivative(Z) for Z in Zs]
    return swept(params, As, (As[3] - Y) * slopes[2], slopes[1], slopes[0], 1)


def index_cut_off(rows, A):
    n = len(rows)
    return rows.T @ A.T / n, rows.mean(axis=0)


def never_turned(rows, A):
    n = len(rows)
    return A @ rows / n, rows.mean(axis=0).reshape(-1, 1)


def summed(rows, A):
    return rows.T @ A.T, rows.sum(axis=0).reshape(-1, 1)


WRONG_ANSWERS = {
    "11-2": [
        ("no slope in the last layer", as_with_softmax, "the last layer lacks its slope"),
        ("slope taken of A", slope_of_A, "you took the slope of A"),
        ("no 1/m", no_mean, "7 times too large"),
    ],
    "11-1": [
        ("dB left a row", index_cut_off, "still a row"),
        ("dW transposed", never_turned, "the transpose"),
        ("no 1/n", summed, "6 times too large"),
    ],
}
