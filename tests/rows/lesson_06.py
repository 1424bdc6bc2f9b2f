"""Answers to the exercises of lesson 06, as learners give them: (id, answer, what is said)."""

import numpy as np

FIRST = """(W1, b1), (W2, b2) = params
m = X.shape[1]
dZ2 = P - Y
dW2, db2 = dZ2 @ A1.T / m, dZ2.sum(axis=1, keepdims=True) / m
dZ1 = (W2.T @ dZ2) * (Z1 > 0)
dW1, db1 = dZ1 @ X.T / m, dZ1.sum(axis=1, keepdims=True) / m
return dW1, db1, dW2, db2
"""


def but(*changes):
    """The solution of exercise 06-1 with some of its code replaced: (old, new), …"""
    text = FIRST
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return text


EVERY = "dW1, db1, dW2 and db2"
ROWS = [
    ("06-1", FIRST, "✓ 06-1 is right"),
    (
        "06-1",
        but(("return dW1", "return [x.tolist() for x in (dW1"), ("db2\n", "db2)]\n")),
        "hand b",
    ),
    ("06-1", but(("= P - Y", "= (P - Y).astype(np.float32)")), "✓ 06-1 is right"),
    ("06-1", but(("dZ2 = P - Y", "dZ2 = P\ndZ2 -= Y")), "your code changes P"),
    ("06-1", but(("m = X.shape[1]", "m = 7")), f"in {EVERY} you divide by 7, but m is 7 in one ca"),
    ("06-1", but(("m = X.shape[1]", "m = 4000")), f"in {EVERY} you divide by 4000, but m is 7 in"),
    ("06-1", but(("X.shape[1]", "Y.shape[0]")), f"in {EVERY} you divide by 4, but m is 7"),
    ("06-1", but(("m = X.shape[1]", "m = 1")), f"{EVERY} are 7 times too large: divide by m, whi"),
    ("06-1", but(("m = X.shape[1]", "m = X.shape[1] ** 2")), f"{EVERY} are 7 times too small: th"),
    ("06-1", but(("A1.T / m", "A1.T")), "dW2 is 7 times too large: divide by m"),
    ("06-1", but(("A1.T / m", "A1.T * 3 / m")), "dW2 is 3 times the right value"),
    ("06-1", but(("A1.T / m", "A1.T * 2 / m")), "dW2 is twice as large as right"),
    ("06-1", but(("X.T / m", "X.T / -m")), "dW1 has the wrong sign"),
    ("06-1", but(("P - Y", "Y - P")), "the wrong sign: dZ2 is prediction minus truth"),
    ("06-1", but((" * (Z1 > 0)", "")), "it lacks relu's slope"),
    ("06-1", but(("(Z1 > 0)", "Z1")), "you multiplied by Z1 itself"),
    ("06-1", but(("(Z1 > 0)", "A1")), "you multiplied by A1 itself"),
    ("06-1", but(("Z1 > 0", "Z1 < 0")), "the gate is the wrong way round"),
    ("06-1", but(("dZ2 @ A1.T", "P @ A1.T")), "dW2 uses P alone"),
    (
        "06-1",
        but(("= P - Y", "= P * (P - Y - (P * (P - Y)).sum(axis=0))")),
        "P - Y holds the slope of softmax already",
    ),
    (
        "06-1",
        but(("= P - Y", "= np.eye(4)[:, P.argmax(axis=0)] - Y")),
        "dZ2 takes the probabilities P, not the class that is read",
    ),
    (
        "06-1",
        but(("return ", "return W1 - 0.1 * dW1, b1 - 0.1 * db1, W2 - 0.1 * dW2, b2 - 0.1 * db2 #")),
        "these are new parameters",
    ),
    ("06-1", but(("axis=1", "axis=0")), "you summed over the units"),
    ("06-1", but(("(axis=1, keepdims=True)", "()")), "each unit has its own bias"),
    (
        "06-1",
        but((", keepdims=True", "")),
        "db2 has shape (4,); it should be a column, (4, 1): kee",
    ),
    ("06-1", but(("dZ2 @ A1.T", "A1 @ dZ2.T")), "dW2 is (5, 4), transposed: it should be (4, 5)"),
    ("06-1", but(("dW1, db1, dW2, db2\n", "dW2, db2, dW1, db1\n")), "in another order: return dW1"),
    (
        "06-1",
        but(("return dW1, db1, ", "return ")),
        "return four arrays: dW1, db1, dW2, db2; yours",
    ),
    ("06-1", but(("return dW1, ", "return None, ")), "dW1 is still None"),
    ("06-1", but(("return dW1, ", "return 'dW1', ")), "dW1 should hold numbers; yours is the text"),
    ("06-1", but(("X.T / m", "X.T / m + 0.1")), "30 of 30 entries of dW1 are wrong; farthest off"),
    ("06-1", but(("X.T / m", "X.T / m + 0.1")), "(relative error 0."),
    ("06-1", but(("X.T / m", "X.T / m + 0.1")), "(db1, dW2 and db2 are right)"),
    ("06-1", but(("X.T / m", "X.T / (m - m)")), "dW1 holds inf in "),
    (
        "06-1",
        but(("(W1, b1), (W2, b2)", "W1, b1, W2, b2")),
        "your code stopped in line 2, “W1, b1, W2, b2 = params”: unpacking: 4 on the left of =, "
        "but only 2 on the right",
    ),
    (
        "06-1",
        but(("(W1, b1), (W2, b2)", "W1, ")),
        "unpacking: 1 on the left of =, but more on the rig",
    ),
    ("06-1", but(("m = ", "m, n = ")), "several on the left of =, but one int on the right"),
    (
        "06-1",
        but(("(Z1 > 0)", "(1 if Z1 > 0 else 0)")),
        "else 0)”: if, and, or, not want one yes or no, and get an array of them",
    ),
    (
        "06-1",
        but(("dZ2.sum(axis=1", "dZ2.sum(axis=2")),
        "there is no axis 2 in an array with 2 axes",
    ),
    (
        "06-1",
        but(("W2.T @ dZ2", "W2 @ dZ2")),
        "two shapes do not fit: what stands right of @ has 4 rows, what stands left of it has 5 "
        "columns; write the shape beside every line; the check uses 6 inputs, 5 hidden units",
    ),
    ("06-1", but(("P - Y", "P - Y.T")), "two shapes do not fit (operands could not be broadcast"),
    ("06-1", but(("m = X.shape[1]", "m = M")), "“m = M”: there is no M; is it spelled as where"),
    ("06-1", but(("m = X.shape[1]", "X = X / m\nm = 7")), "m is used before it has a value"),
    (
        "06-1",
        "return my_backward(params, X, A1, Z1, P, Y)",
        "“return my_backward(params, X, A1, Z1, P, Y)”: it calls itself without end",
    ),
    ("06-1", but(("return ", "raise SystemExit #")), "it ends Python; return ends a function"),
    ("06-1", but(("return ", "{}['dW1'] #")), "#dW1, db1, dW2, db2”: KeyError: 'dW1'"),
    ("06-1", but(("return ", "assert False #")), "#dW1, db1, dW2, db2”: AssertionError"),
    (
        "06-1",
        but(("return ", "print(")).rstrip() + ")",
        "your code returned None for m = 7 and prin",
    ),
    ("06-1", but(("return ", "")), "your code returned None for m = 7: is a return missing"),
    (
        "06-1",
        but(("return ", "if m == 7:\n    return ")),
        "your code returned a value for m = 7, but None for m = 9: does one of its branches",
    ),
    (
        "06-1",
        lambda params, X: X,
        "my_backward is called as my_backward(params, X, A1, Z1, P, Y)",
    ),
    ("06-2", "return -0.378, -0.566, 0", "✓ 06-2 is right"),
    ("06-2", "return np.array([-0.378, -0.566, 0])", "✓ 06-2 is right"),
    (
        "06-2",
        "return 0.378, -0.566, 0",
        "the sign of dZ2[0]: it is prediction minus truth (your dZ",
    ),
    ("06-2", "return -0.378, -0.755, 0", "along column 0 (your dZ1[0] is -0.755)"),
    ("06-2", "return -0.378, -0.566, 1.510", "the gate was left open"),
    (
        "06-2",
        "return 0.6225, 0.3, 0",
        "the truth is still to be subtracted (your dZ2[0] is 0.6225)",
    ),
    ("06-2", "return -0.378, -0.4, 0", "your dZ1[0] = -0.4 is not right; go through its line once"),
    ("06-2", "return -0.378, None, 0", "dZ1[0] is still None"),
    ("06-2", "return -0.378, -0.566", "return three numbers: dZ2[0], dZ1[0], dW1[1, 0]; yours is"),
    ("06-2", (-0.378, -0.566, 0), "hand over on_paper itself, without brackets"),
    ("06-2", np.array([-0.378, -0.566, 0]), "hand over on_paper itself, without brackets"),
]
