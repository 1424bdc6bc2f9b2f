"""Answers to the exercises of lesson 11, as learners give them: (id, answer, what is said)."""

import numpy as np

BACK = """(W1, b1), (W2, b2), (W3, b3) = params
Z1, Z2, Z3 = Zs
X, A1, A2, A3 = As
m = Y.shape[1]
dZ3 = (A3 - Y) * sigmoid_derivative(Z3)
dZ2 = (W3.T @ dZ3) * sigmoid_derivative(Z2)
dZ1 = (W2.T @ dZ2) * sigmoid_derivative(Z1)
grads = []
for dZ, A in ((dZ1, X), (dZ2, A1), (dZ3, A2)):
    dW = dZ @ A.T / m
    db = dZ.sum(axis=1, keepdims=True) / m
    grads.append((dW, db))
return grads
"""
TURNED = """n, h = rows.shape
dW = rows.T @ A.T / n
dB = rows.sum(axis=0).reshape(h, 1) / n
return dW, dB
"""
ALL = "dW1, db1, dW2, db2, dW3 and db3"
PAIRS = "return a list of three pairs, [(dW1, db1), (dW2, db2), (dW3, db3)]; yours is "


def but(text, *changes):
    """A solution with some of its code replaced: (old, new), …"""
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return text


def back(*changes):
    return but(BACK, *changes)


def turned(*changes):
    return but(TURNED, *changes)


ROWS = [
    ("11-1", TURNED, "✓ 11-1 is right. Rows or columns, the same numbers"),
    ("11-1", turned(("return dW, dB", "return dW.tolist(), dB.tolist()")), "hand back an array"),
    ("11-1", turned(("return dW, dB", "return [dW, dB]")), "✓ 11-1 is right"),
    ("11-1", turned(("A.T / n", "A.T.astype(np.float32) / n")), "✓ 11-1 is right"),
    ("11-1", turned(("/ n", "/ 6")), "in dW and dB you divide by 6, but n is 6 in one case and 9"),
    ("11-1", turned(("A.T / n", "A.T / 6")), "in dW you divide by 6, but n is 6 in one case and 9"),
    ("11-1", turned((" / n", "")), "dW and dB are 6 times too large: divide by n, which is 6 here"),
    ("11-1", turned(("/ n", "/ h")), "divide by 4 in one case and by 3 in another, but n is"),
    ("11-1", turned((".reshape(h, 1)", "")), "your dB is still a row; B is a column (h, 1)"),
    ("11-1", turned(("reshape(h, 1)", "reshape(1, h)")), "would quietly become a matrix, (h, h)"),
    ("11-1", turned(("rows.sum(axis=0).reshape(h, 1) / n", "rows.T")), "a column for each sample;"),
    ("11-1", turned(("sum(axis=0).reshape(h, 1) / n", "mean(axis=1)")), "the mean over the units;"),
    ("11-1", turned(("sum(axis=0).reshape(h, 1) / n", "mean()")), "dB is a single number; it shou"),
    ("11-1", turned(("rows.T @ A.T", "A @ rows")), "dW is (5, 4), transposed: it should be (4, 5)"),
    ("11-1", turned(("return dW, dB", "return dB, dW")), "in another order: return dW, dB"),
    ("11-1", turned(("return dW", "return -dW")), "dW has the wrong sign"),
    ("11-1", turned(("return dW, dB", "return -dW, -dB")), "dW and dB have the wrong sign"),
    ("11-1", turned((", dB\n", "\n")), "return two arrays: dW, dB; yours is an array of shape (4,"),
    (
        "11-1",
        turned(("A.T", "A")),
        "two shapes do not fit: what stands right of @ has 5 rows, what",
    ),
    ("11-1", turned(("n, h =", "n, h, q =")), "unpacking: 3 on the left of =, but only 2 on the r"),
    (
        "11-1",
        turned(("return dW, dB", "print(dW, dB)")),
        "printed instead: print only shows a value",
    ),
    ("11-1", "rows /= len(rows)\n" + turned(("/ n", "")), "your code changes rows, which it was"),
    ("11-1", (np.ones((4, 5)), np.ones((4, 1))), "hand over from_rows itself, without brackets"),
    ("11-2", BACK, "✓ 11-2 is right. That is the code which the derivation announces"),
    (
        "11-2",
        back(("(dW, db))\n", "[dW.tolist(), db.tolist()])\n")),
        "hand back an array, the next",
    ),
    ("11-2", back(("return grads", "return tuple(grads)")), "✓ 11-2 is right"),
    ("11-2", back(("(A3 - Y)", "np.float32(A3 - Y)")), "✓ 11-2 is right"),
    ("11-2", back(("m = Y.shape[1]", "m = 7")), f"in {ALL} you divide by 7, but m is 7 in one ca"),
    ("11-2", back(("Y.shape[1]", "Y.shape[0]")), "you divide by 3 in one case and by 5 in an"),
    ("11-2", back(("Y.shape[1]", "4000")), f"in {ALL} you divide by 4000, but m is 7 in one case "),
    ("11-2", back(("Y.shape[1]", "1")), f"{ALL} are 7 times too large: divide by m, which is 7 he"),
    ("11-2", back(("True) / m", "True)")), "db1, db2 and db3 are 7 times too large: divide by m"),
    ("11-2", back(("A.T / m", "A.T")), "dW1, dW2 and dW3 are 7 times too large: divide by m, whic"),
    ("11-2", back(("A3 - Y", "Y - A3")), "the sign is wrong: the error is output minus truth, A -"),
    ("11-2", back((" * sigmoid_derivative(Z3)", "")), "the last layer lacks its slope: with squar"),
    ("11-2", back(*((f"(Z{l})", f"(A{l})") for l in (1, 2, 3))), "you took the slope of A: sigmoi"),
    ("11-2", back(("(Z3)", "(A3)")), "you took the slope of A: sigmoid_derivative takes Z and"),
    ("11-2", back(("(Z1)", "(A1)"), ("(Z2)", "(A2)")), "those of the hidden layers are taken at A"),
    (
        "11-2",
        back((" * sigmoid_derivative(Z1)", ""), (" * sigmoid_derivative(Z2)", "")),
        "the hidden layers lack their slopes: after W.T @ dZ multiply by σ'(Z), entry by entry",
    ),
    (
        "11-2",
        back(("sigmoid_derivative(Z1)", "A1"), ("sigmoid_derivative(Z2)", "A2")),
        "the hidden layers are multiplied by what they give, A",
    ),
    ("11-2", back(("(dZ2, A1), (dZ3, A2)", "(dZ2, Z1), (dZ3, Z2)")), "not its Z (relative error"),
    ("11-2", back(("return grads", "return grads[::-1]")), "the three pairs come last layer first"),
    ("11-2", back(("True) / m", "True) / m + 0.1 * (A is A2)")), "entries of db3 are wrong; farth"),
    ("11-2", back(("True) / m", "True) / m + 0.1 * (A is A2)")), "(dW1, db1, dW2, db2 and dW3 are"),
    (
        "11-2",
        back(("A.T / m", "A.T / m + 0.1 * (A is X)")),
        "entries of dW1 are wrong; farthest off",
    ),
    ("11-2", back((", keepdims=True", "")), "db3 has shape (3,); it should be a column, (3, 1): k"),
    ("11-2", back(("dZ @ A.T", "A @ dZ.T")), "dW3 is (4, 3), transposed: it should be (3, 4), .T"),
    (
        "11-2",
        back(("W3.T", "W3")),
        "two shapes do not fit: what stands right of @ has 3 rows, what",
    ),
    ("11-2", back(("W3.T", "W3")), "the check uses sizes 6-5-4-3 and 7 samples, then others"),
    ("11-2", back(("X, A1, A2, A3", "A1, A2, A3")), "unpacking: 3 on the left of =, but more on"),
    ("11-2", back(("sum(axis=1, ", "sum(axis=2, ")), "there is no axis 2 in an array with 2 axes;"),
    (
        "11-2",
        back(("grads.append((dW, db))", "grads.append((W1 - 0.5 * dW, b1 - 0.5 * db))")),
        "two shapes do not fit (operands could not be broadcast together",
    ),
    (
        "11-2",
        back(
            ("grads = []", "new = []\nWs, bs = [W1, W2, W3], [b1, b2, b3]"),
            ("grads.append((dW, db))", "new.append((Ws.pop(0) - 0.1 * dW, bs.pop(0) - 0.1 * db))"),
            ("return grads", "return new"),
        ),
        "these are new parameters; what is asked for is the gradient alone",
    ),
    ("11-2", back(("dZ3 = (A3 - Y)", "A3 -= Y\ndZ3 = A3")), "your code changes As, which it was"),
    ("11-2", back(("return grads", "As.pop()\nreturn grads")), "your code changes As, which it wa"),
    ("11-2", "return [None, None, None]", PAIRS + "a list of 3"),
    ("11-2", "return [1, 2, 3]", PAIRS + "a list of 3"),
    ("11-2", "return [(1, 2)]", PAIRS + "a list of 1"),
    ("11-2", "return 'abc'", PAIRS + "the text 'abc'"),
    ("11-2", "return 5", PAIRS + "the number 5"),
    ("11-2", back(("return grads", "return [array for pair in grads for array in pair]")), "of 6"),
    ("11-3", 1 / 4096, "✓ 11-3 is right. Each step back multiplies by one slope"),
    ("11-3", 0.3, "0.3 is not it; go through it once more, or ask for a hint"),
    ("11-3", (1 / 4096, 1), "answer with a number; yours is a tuple of 2"),
]
