"""Answers to the exercises of lesson 02, as learners give them: (id, answer, what is said)."""

MEANS = "W = np.array([X[:, y == k].mean(axis=1) for k in range(10)])\n"
BIAS = "b = -(W**2).sum(axis=1, keepdims=True) / 2\n"
GIVE = "return W, b"
MAP = "return np.minimum((W[k] - W[l]) * x, 0).reshape(28, 28)"


def templates(old, new):
    """The solution with its templates changed."""
    assert old in MEANS
    return MEANS.replace(old, new) + BIAS + GIVE


ROWS = [
    ("02-1", MEANS + BIAS + GIVE, "✓ 02-1 is right"),
    ("02-1", MEANS + BIAS + "return [W, b]", "✓ 02-1 is right"),
    ("02-1", MEANS + BIAS + "return W.tolist(), b", "hand back an array"),
    ("02-1", "X /= 255\n" + MEANS + BIAS + GIVE, "your code changes X"),
    ("02-1", MEANS + BIAS + "y[:] = np.roll(y, 4)\n" + GIVE, "your code changes y"),
    ("02-1", "y[:] = np.roll(y, 4)\n" + MEANS + BIAS + GIVE, "your code changes y"),
    ("02-1", templates("mean(axis=1)", "mean(axis=0)"), "averaged over the pixels"),
    ("02-1", templates("[:, y == k]", ""), "all ten templates are the mean of all digits"),
    ("02-1", templates("mean(axis=1)", "sum(axis=1)"), "your templates are sums"),
    ("02-1", templates("mean(axis=1)", "sum(axis=1) / 4"), "by the same number for each class"),
    (
        "02-1",
        templates("mean(axis=1)", "sum(axis=1) / (len(y) / 10)"),
        "by the same number for each class",
    ),
    (
        "02-1",
        "W = X.reshape(784, 10, -1).mean(2).T\n" + BIAS + GIVE,
        "you take the digits by their place",
    ),
    ("02-1", MEANS + BIAS + "return W.T, b", "W is (784, 10), transposed: it should be (10, 784)"),
    ("02-1", MEANS + BIAS + "return b, W", "in another order: return W, b"),
    ("02-1", MEANS + BIAS + "return W", "return two arrays, the templates and the biases: return"),
    ("02-1", MEANS + "b = np.zeros((10, 1))\n" + GIVE, "without the bias -½‖μ‖²"),
    ("02-1", MEANS + BIAS + "return W, b.ravel()", "it must be (10, 1): keepdims"),
    ("02-1", MEANS + BIAS + "return W, -b", "the sign of the bias"),
    ("02-1", MEANS + BIAS + "return W, 2 * b", "your bias is twice too large"),
    ("02-1", MEANS + BIAS + "return W, -np.sqrt(-b / 2)", "do not take the root"),
    ("02-1", MEANS + BIAS + "return W, b + 1", "10 of 10 entries of b are wrong; farthest off"),
    ("02-2", MAP, "✓ 02-2 is right"),
    ("02-2", "x[x < 0.5] = 0\n" + MAP, "your code changes x"),
    ("02-2", MAP.replace("W[k] - W[l]", "W[3] - W[8]"), "right for 3 and 8 only"),
    ("02-2", MAP.replace(" * x", ""), "a pixel without ink says nothing; multiply by x"),
    ("02-2", MAP.replace("minimum", "maximum"), "you kept the pixels that speak for k"),
    ("02-2", MAP.replace("W[k] - W[l]", "W[l] - W[k]"), "k and l have changed places"),
    ("02-2", MAP.replace("W[k] - W[l]", "W[k]"), "you looked at row k alone"),
    ("02-2", MAP.replace("np.minimum(", "(").replace(", 0)", ")"), "all pixels are still there"),
    ("02-2", MAP.replace(".reshape(28, 28)", ""), "put them back into a square"),
    ("02-2", MAP.replace(".reshape(28, 28)", ".sum()"), "you return a single number; keep the map"),
    ("02-2", MAP.replace(", 0)", ", 1)"), "of 784 entries of the map are wrong; farthest off"),
]
