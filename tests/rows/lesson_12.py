"""Answers to the exercises of lesson 12, as learners give them: (id, answer, what is said)."""

SHARE = "return (sigmoid_derivative(Z) < 0.001).mean()"
ROW_SUMS = "W2.sum(axis=1, keepdims=True)"
FOUR = f"return 2 * W1, 2 * b1, 2 * W2, b2 - {ROW_SUMS}"


def but(text, *changes):
    """A solution with some of its code replaced: (old, new), …"""
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return text


def as_list(dtype="float"):
    return "four = " + FOUR.removeprefix("return ") + f"\nreturn [a.astype({dtype}) for a in four]"


ROWS = [
    ("12-1", SHARE, "✓ 12-1 is right. One number for a layer, and it names the rung."),
    ("12-1", "s = 1 / (1 + np.exp(-Z))\nreturn np.mean(s * (1 - s) < 1e-3)", "✓ 12-1 is right"),
    ("12-1", "return float((np.abs(Z) > 6.906755).mean())", "✓ 12-1 is right"),
    ("12-1", "return (sigmoid_derivative(np.float32(Z)) < 0.001).mean()", "✓ 12-1 is right"),
    ("12-1", f"return [{SHARE.removeprefix('return ')}]", "hand back a number, the next lessons"),
    (
        "12-1",
        but(SHARE, ("(Z)", "(1 / (1 + np.exp(-Z)))")),
        "no sum counts as flat. Did you pass sigmoid(Z)",
    ),
    ("12-1", but(SHARE, ("<", ">=")), "the share that still has a slope; we ask for the flat ones"),
    ("12-1", but(SHARE, ("<", ">")), "(Z of shape (6, 40): 0."),
    ("12-1", "return (Z > 6.9).mean()", "one side alone counts in yours; a sum of -20 is as flat"),
    ("12-1", "return (Z < -6.9).mean()", "one side alone counts in yours; a sum of -20 is as flat"),
    ("12-1", "return (Z > 7).mean()", "one side alone counts in yours"),
    ("12-1", but(SHARE, (".mean()", ".sum()")), "this is a number of sums; a share lies between"),
    ("12-1", but(SHARE, ("return", "return 100 *")), "these are percent; a share lies between 0 a"),
    ("12-1", "return (1 - np.tanh(Z) ** 2 < 0.001).mean()", "tanh is flat; these are sigmoids"),
    ("12-1", but(SHARE, ("0.001", "0.01")), "another number; flat means below 0.001"),
    ("12-1", "return sigmoid_derivative(Z).mean()", "the mean of the slopes; compare each of them"),
    ("12-1", but(SHARE, ("mean()", "mean(axis=1)")), "one number: the share; yours is an array of"),
    ("12-1", but(SHARE, (".mean()", "")), "return one number: the share; yours is an arr"),
    ("12-1", but(SHARE, (".mean()", ".sum() / 240")), "right for Z of shape (6, 40), but not for"),
    ("12-1", "return 0.5", "the share should be 0."),
    ("12-1", "if (sigmoid_derivative(Z) < 0.001):\n    return 1", "want one yes or no, and get an"),
    ("12-1", but(SHARE, ("return ", "print(")) + ")", "printed instead: print only shows a value"),
    (
        "12-1",
        "Z[:] = sigmoid_derivative(Z)\nreturn (Z < 0.001).mean()",
        "your code changes Z, which",
    ),
    ("12-2", FOUR, "✓ 12-2 is right. Whatever a tanh network can say, a sigmoid network can say"),
    ("12-2", as_list(), "✓ 12-2 is right"),
    ("12-2", as_list("np.float32"), "✓ 12-2 is right"),
    ("12-2", but(as_list(), (".astype(float)", ".round(8)")), "✓ 12-2 is right"),
    ("12-2", but(as_list(), (".astype(float)", ".tolist()")), "hand back an array, the next lesso"),
    ("12-2", but(FOUR, ("2 * ", "-2 * "), ("b2 -", "b2 +")), "✓ 12-2 is right"),  # tanh is odd
    ("12-2", but(FOUR, ("W2, b2", "W2 + 0.1, b2")), "entries of W2 are wrong; farthest off is W2["),
    ("12-2", but(FOUR, ("W2, b2", "W2 + 0.1, b2")), "(W1, b1 and b2 are right)"),
    ("12-2", but(FOUR, ("2 * W1, 2 * b1", "W1, b1")), "so W1 and b1 are both doubled"),
    ("12-2", but(FOUR, ("2 * b1", "b1")), "inside stands σ(2z), so W1 and b1 are both doubled"),
    ("12-2", but(FOUR, ("2 * W1", "W1")), "inside stands σ(2z), so W1 and b1 are both doubled"),
    ("12-2", but(FOUR, ("2 * W1, 2 * b1", "W1 / 2, b1 / 2")), "twice the sum, not half of it"),
    ("12-2", but(FOUR, ("2 * W2", "W2")), "2σ - 1 doubles what comes out of each hidden unit, so"),
    ("12-2", but(FOUR, (f" - {ROW_SUMS}", "")), "b2 is the old one, but 2σ is 1 larger than tanh"),
    ("12-2", but(FOUR, ("b2 -", "b2 +")), "makes b2 smaller by W2's row sums; you add"),
    ("12-2", but(FOUR, ("b2 -", "b2 - 2 *")), "you subtract the row sums of the new W2; it loses"),
    ("12-2", but(FOUR, (ROW_SUMS, "W2.sum()")), "every b2 loses the same in yours; class k loses"),
    ("12-2", but(FOUR, (ROW_SUMS, "W2.sum(axis=1)")), "b2 has shape (4, 4); it should be (4, 1)"),
    ("12-2", but(FOUR, (ROW_SUMS, "W2.sum(axis=0)")), "b2 has shape (4, 5); it should be (4, 1)"),
    ("12-2", "return W1, b1, W2, b2", "inside stands σ(2z), so W1 and b1 are both doubled"),
    (
        "12-2",
        but(FOUR, ("2 * W1, 2 * b1", "2 * b1, 2 * W1")),
        "another order: return W1, b1, W2, b2",
    ),
    ("12-2", "return 2 * W1, 2 * b1", "return four arrays: the new W1, b1, W2, b2; yours is a tup"),
    ("12-2", but(FOUR, ("2 * W1,", "2 * W1.T,")), "W1 is (6, 5), transposed: it should be (5, 6)"),
    (
        "12-2",
        f"W1 *= 2\nb1 *= 2\n{but(FOUR, ('2 * W1, 2 * b1', 'W1, b1'))}",
        "your code changes W1",
    ),
    ("12-2", but(FOUR, ("2 * W2", "W2 * np.nan")), "W2 holds NaN in 20 of 20 places"),
]
