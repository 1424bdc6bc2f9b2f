"""Wrong answers to the exercises of lesson 06: (name, answer, a fragment of the message)."""


def four(dZ2, dZ1, X, A1, divisor):
    """The four gradients from the two errors."""
    return (
        dZ1 @ X.T / divisor,
        dZ1.sum(axis=1, keepdims=True) / divisor,
        dZ2 @ A1.T / divisor,
        dZ2.sum(axis=1, keepdims=True) / divisor,
    )


def sum_instead_of_mean(params, X, A1, Z1, P, Y):
    dZ2 = P - Y
    return four(dZ2, (params[1].W.T @ dZ2) * (Z1 > 0), X, A1, 1)


def gate_forgotten(params, X, A1, Z1, P, Y):
    dZ2 = P - Y
    return four(dZ2, params[1].W.T @ dZ2, X, A1, X.shape[1])


def bias_over_units(params, X, A1, Z1, P, Y):
    m, dZ2 = X.shape[1], P - Y
    dZ1 = (params[1].W.T @ dZ2) * (Z1 > 0)
    dW1, _, dW2, _ = four(dZ2, dZ1, X, A1, m)
    return dW1, dZ1.sum(axis=0, keepdims=True) / m, dW2, dZ2.sum(axis=0, keepdims=True) / m


def truth_minus_prediction():
    return 0.378, -0.566, 0


def row_for_column():
    return -0.378, -0.755, 0


def gate_left_open():
    return -0.378, -0.566, 1.510


WRONG_ANSWERS = {
    "06-1": [
        ("no 1/m", sum_instead_of_mean, "7 times too large: divide by m"),
        ("no relu slope", gate_forgotten, "it lacks relu's slope"),
        ("bias summed over the units", bias_over_units, "you summed over the units"),
    ],
    "06-2": [
        ("sign", truth_minus_prediction, "the sign: prediction minus truth"),
        ("row of W2", row_for_column, "along column 0"),
        ("relu ignored", gate_left_open, "the gate left open"),
    ],
}
