"""Answers to the exercises of lesson 14, as learners give them: (id, answer, what is said)."""

from nnlib.clinic.patients import PATIENTS

ERROR = "return (W.T @ dZ) * (Z > 0)"
WHERE = "return np.where(Z > 0, W.T @ dZ, 0)"
STEP = """new = []
for (W, b), (dW, db) in zip(params, grads):
    W, b = W.copy(), b.copy()
    W -= lr * dW
    b -= lr * db
    new.append(Layer(W, b))
return new
"""
IN_PLACE = """for (W, b), (dW, db) in zip(params, grads):
    W -= lr * dW
    b -= lr * db
return params
"""
TEST = """dZ, A = np.array([[1.0, 2.0, 3.0], [0.0, -1.0, 0.0]]), np.ones((4, 3))
dW, db = layer_gradient(dZ, A)
has_shape = np.shape(db) == (2, 1)
is_right = has_shape and np.allclose(db, [[2], [-1 / 3]]) and np.allclose(dW[0], 2)
return not is_right
"""
COPIES = """dZ, A = np.array([[1.0, 2.0, 3.0], [0.0, -1.0, 0.0]]), np.ones((4, 3))
dW, db = layer_gradient(dZ, A)
if np.shape(db) != (2, 1):
    return True
dW2, db2 = layer_gradient(np.hstack([dZ, dZ]), np.hstack([A, A]))
return not (np.allclose(dW, dW2) and np.allclose(db, db2))
"""
GOES_HOME = "your test sends the patient “{}” home as healthy"


def but(text, *changes):
    """A solution with some of its code replaced: (old, new), …"""
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return text


def error(*changes):
    return but(ERROR, *changes)


def step(*changes):
    return but(STEP, *changes)


def test(*changes):
    return but(TEST, *changes)


ROWS = [
    ("04-1", PATIENTS["exp overflow"].cure, "✓ 04-1 is right"),  # 14-1 asks for the same
    ("04-1", PATIENTS["exp overflow"].broken, "a score of 1,000 gives NaN"),
    ("01-2", PATIENTS["raw pixels"].cure, "✓ 01-2 is right"),
    ("01-2", PATIENTS["raw pixels"].broken, "the pixels are still bytes"),
    ("14-2", ERROR, "✓ 14-2 is right. Bracketed by the widths: first through W"),
    ("14-2", WHERE, "✓ 14-2 is right"),
    ("14-2", "dA = W.T @ dZ\ndA[Z <= 0] = 0\nreturn dA", "✓ 14-2 is right"),
    ("14-2", PATIENTS["equal widths"].cure, "✓ 14-2 is right"),
    ("14-2", "return ((W.T @ dZ) * (Z > 0)).tolist()", "hand back an array, the next lessons calc"),
    ("14-2", "return (W.T.astype(np.float32) @ dZ) * (Z > 0)", "✓ 14-2 is right"),
    (
        "14-2",
        "out = np.where(Z > 0, W.T @ dZ, 0)\nZ[:] = 0\nreturn out",
        "your code changes Z, whi",
    ),
    (
        "14-2",
        "Z[Z > 0] = 1\nZ[Z < 0] = 0\nreturn (W.T @ dZ) * Z",
        "your code changes Z, which it w",
    ),
    ("14-2", PATIENTS["equal widths"].broken, "on the wrong layer's rows; it runs only if both la"),
    (
        "14-2",
        "return W.T @ (dZ * (Z > 0))",
        "the slopes are multiplied before W.T, on the wrong la",
    ),
    ("14-2", error((" * (Z > 0)", "")), "the ReLU is missing on the way back: units that were off"),
    ("14-2", error((" * (Z > 0)", "")), "get a gradient (relative error 0."),
    ("14-2", error(("(Z > 0)", "np.maximum(Z, 0)")), "what belongs there is the slope, 1 or 0"),
    ("14-2", error(("(Z > 0)", "Z")), "you multiply by Z, or by relu(Z); what belongs there is th"),
    ("14-2", error(("Z > 0", "Z < 0")), "the gate is the wrong way round: the slope is 1 where Z"),
    ("14-2", error(("W.T", "W")), "W is not transposed; with unequal widths it does not even run"),
    ("14-2", error(("(Z > 0)", "Z > 0")), "> comes after * in Python: the comparison needs bracke"),
    (
        "14-2",
        error(("(Z > 0)", "(Z > 0) / Z.shape[1]")),
        "the hidden dZ is 6 times too small: there",
    ),
    ("14-2", error(("return ", "return -")), "the hidden dZ has the wrong sign"),
    ("14-2", error(("return ", "return 4 * ")), "the hidden dZ is 4 times the right value"),
    ("14-2", WHERE + " + (len(W) != len(Z))", "right for equal widths, but not for 3 units before"),
    ("14-2", error(("return ", "return dZ * ")), "13 of 24 entries of the hidden dZ are wrong"),
    ("14-2", error(("(Z > 0)", "1 if Z > 0 else 0")), "want one yes or no, and get an array of th"),
    ("14-2", "relu_derivative(W.T @ dZ)", "there is no relu_derivative; is it spelled as where it"),
    ("14-4", STEP, "✓ 14-4 is right. The old parameters are still there: the next run begins"),
    (
        "14-4",
        step(("Layer(W, b)", "(W, b)"), ("return new", "return tuple(new)")),
        "✓ 14-4 is righ",
    ),
    ("14-4", step(("Layer(W, b)", "[W.tolist(), b.tolist()]")), "hand back an array, the next les"),
    ("14-4", IN_PLACE, "the very list that you were given; make new layers, in a list of your own"),
    (
        "14-4",
        "params = list(params)\n" + IN_PLACE,
        "a new list, but with the old arrays in it: a co",
    ),
    (
        "14-4",
        "params = params.copy()\n" + IN_PLACE,
        "a copy of a list copies no arrays, and -= has",
    ),
    (
        "14-4",
        step(("W, b = W.copy(), b.copy()", "W = W.copy()")),
        "your code changes params, which",
    ),
    (
        "14-4",
        step(("W -=", "dW *= 1\n    W -="), ("1\n", "lr\n"), ("lr * dW", "dW")),
        "changes grads",
    ),
    (
        "14-4",
        step(("return new", "params[:] = new\nreturn params")),
        "the very list that you were give",
    ),
    ("14-4", step(("-= lr", "+= lr")), "plus instead of minus: this step goes uphill"),
    ("14-4", step(("Layer(W, b)", "Layer(*params[len(new)])")), "the weights have not moved"),
    ("14-4", step(("lr * ", "")), "lr is missing: this step is as long as the gradient"),
    ("14-4", step(("b -= lr * db", "pass")), "the weights move as they should, the biases do not"),
    ("14-4", step(("lr * db", "lr * 2 * db")), "entries of b1 are wrong; farthest off is b1["),
    (
        "14-4",
        step(("return new", "return new[:2]")),
        "right for lr = 0.3, but not for lr = 0.7: ret",
    ),
    (
        "14-4",
        step(("return new", "return new[:2]")),
        "a list of layers, three Layer(W, b); yours i",
    ),
    (
        "14-4",
        step(("new.append(Layer(W, b))\n", "new.append(Layer(W, b))\n    return new\n")),
        "two L",
    ),
    ("14-4", step(("return new", "return new[::-1]")), "in another order: return W1, b1, W2, b2"),
    ("14-4", "return params[0].W - lr * grads[0].W", "a list of layers, two Layer(W, b)"),
    ("14-6", TEST, "✓ 14-6 is right. Three patients are caught, and the healthy one may go home."),
    ("14-6", COPIES, "✓ 14-6 is right"),
    ("14-6", test(("return not is_right", "return int(not is_right)")), "✓ 14-6 is right"),
    (
        "14-6",  # a scalar stops it: found
        "db = layer_gradient(np.array([[1.0, 3], [0, 1]]), np.ones((4, 2)))[1]\n"
        "return abs(db[1, 0] - 0.5) > 1e-9",
        "✓ 14-6 is right",
    ),
    (
        "14-6",
        test(("return not is_right", "if not is_right:\n    1 / 0\nreturn False")),
        "✓ 14-6 is",
    ),
    (
        "14-6",
        test(
            ("= has_shape and np", "= np"), ("(db, [[2], [-1 / 3]]", "(np.ravel(db), [2, -1 / 3]")
        ),
        GOES_HOME.format("row for a column"),
    ),
    (
        "14-6",
        test(("is_right = has_shape and", "is_right = has_shape #")),
        GOES_HOME.format("no 1/m"),
    ),
    (
        "14-6",
        COPIES.replace("if np.shape(db) != (2, 1)", "if False"),
        GOES_HOME.format("scalar bias gradient"),
    ),
    (
        "14-6",
        test((", [[2], [-1 / 3]]", ", dZ.sum(axis=1, keepdims=True)")),
        "the right function ill",
    ),
    ("14-6", test(("return not", "return")), "your test calls the right function ill"),
    (
        "14-6",
        "return True",
        "your test never calls the function that it is given; whether it is ill",
    ),
    (
        "14-6",
        "return layer_gradient.__name__ != 'layer_gradient'",
        "your test never calls the funct",
    ),
    (
        "14-6",
        test(("return not is_right", "return layer_gradient.__name__ != 'layer_gradient'")),
        "hom",
    ),
    (
        "14-6",
        test(("return not is_right", "assert is_right")),
        "nothing for the right function; it",
    ),
    (
        "14-6",
        test(("return not is_right", "assert is_right\nreturn False")),
        "on “scalar bias gradien",
    ),
    (
        "14-6",
        test(("return not", "assert not")),
        "your test stops with assert on the right function",
    ),
    (
        "14-6",
        test(("return not is_right", "return None if is_right else True")),
        "nothing for the ri",
    ),
    (
        "14-6",
        test(("return not is_right", "return False if is_right else None")),
        "“scalar bias gra",
    ),
    (
        "14-6",
        test(("return not is_right", "return 'healthy' if is_right else 'ill'")),
        "True or Fal",
    ),
    ("14-6", test(("return not is_right", "return np.array([not is_right])")), "✓ 14-6 is right"),
    (
        "14-6",
        test(("return not is_right", "return is_right, not is_right")),
        "yours is a tuple of 2",
    ),
    (
        "14-6",
        test(("(dZ, A)\n", "(dZ)\n")),
        "layer_gradient() missing 1 required positional argumen",
    ),
]
