"""Answers to the exercises of lesson 18, as learners give them: (id, answer, what is said)."""


def in_bin(
    confidence="P.max(axis=0)",
    inside="(c > low) & (c <= high)",
    right="P.argmax(axis=0) == y",
    gives="inside.sum(), c[inside].mean(), is_right[inside].mean()",
):
    return f"c = {confidence}\ninside = {inside}\nis_right = {right}\nreturn {gives}"


BY_LOOP = """
n, sure, right = 0, 0, 0
for j in range(y.size):
    column = list(P[:, j])
    if low < max(column) <= high:
        n += 1
        sure += max(column)
        right += column.index(max(column)) == y[j]
return n, sure / n, right / n
"""

ROWS = [
    ("18-1", in_bin(), "✓ 18-1 is right. Three numbers a bin"),
    ("18-1", BY_LOOP, "✓ 18-1 is right"),
    ("18-1", in_bin(gives="[len(c[inside]), c[inside].mean(), is_right[inside].mean()]"), "✓ 18-1"),
    (
        "18-1",
        in_bin(gives="np.array([inside.sum(), c[inside].mean(), is_right[inside].mean()])"),
        "✓ 18-1 is right",
    ),
    ("18-1", in_bin("P[y, np.arange(y.size)]"), "yours is the probability of the true digit"),
    (
        "18-1",
        in_bin(gives="inside.sum(), P[y, range(y.size)][inside].mean(), is_right[inside].mean()"),
        "the confidence of a sample is the largest of its probabilities, whatever its digit is",
    ),
    (
        "18-1",
        in_bin(inside="(c >= low) & (c < high)"),
        "a sample with exactly 1.0 has to be in the",
    ),
    ("18-1", in_bin(inside="(c >= low) & (c <= high)"), "low < c <= high"),
    ("18-1", in_bin(inside="c > low"), "a bin has two edges; yours is open at one side"),
    (
        "18-1",
        in_bin(gives="inside.sum(), c[inside].mean(), (is_right & inside).mean()"),
        "divide by their count, not by m",
    ),
    (
        "18-1",
        in_bin(gives="inside.sum(), (c * inside).mean(), (is_right * inside).mean()"),
        "divide by their count, not by m",
    ),
    (
        "18-1",
        in_bin(gives="inside.sum(), c[inside].mean(), is_right.mean()"),
        "yours is that of all samples",
    ),
    (
        "18-1",
        in_bin(gives="inside.sum(), c.mean(), is_right[inside].mean()"),
        "the mean is about the samples in the bin alone",
    ),
    (
        "18-1",
        in_bin(gives="inside.mean(), c[inside].mean(), is_right[inside].mean()"),
        "the count is a number of samples; yours is their share of all",
    ),
    (
        "18-1",
        in_bin(gives="(inside & is_right).sum(), c[inside].mean(), is_right[inside].mean()"),
        "the count is that of all samples in the bin, read right or not",
    ),
    (
        "18-1",
        in_bin(gives="inside.sum(), c[inside].mean(), 100 * is_right[inside].mean()"),
        "mean and share lie between 0 and 1; yours are percent",
    ),
    (
        "18-1",
        in_bin(gives="inside.sum(), c[inside].sum(), is_right[inside].sum()"),
        "a sum is no mean: divide by the count",
    ),
    (
        "18-1",
        in_bin(right="P.argmax(axis=0) != y"),
        "yours is of those read wrong",
    ),
    (
        "18-1",
        in_bin(gives="inside.sum(), P[:, inside].mean(), is_right[inside].mean()"),
        "yours is over all of its probabilities",
    ),
    (
        "18-1",
        in_bin(gives="inside.sum(), is_right[inside].mean(), c[inside].mean()"),
        "the right things in another order: return the count, the mean confidence, the share",
    ),
    (
        "18-1",
        in_bin(gives="c[inside].mean(), is_right[inside].mean()"),
        "return three numbers: the count, the mean confidence, the share read right; yours is",
    ),
    (
        "18-1",
        in_bin(gives="inside, c[inside].mean(), is_right[inside].mean()"),
        "the count has shape (20,); it should be a single number",
    ),
    (
        "18-1",
        in_bin(gives="len(inside), c[inside].mean(), is_right[inside].mean()"),
        "yours is that of all samples (the count: 10 is right, yours is 20)",
    ),
    (
        "18-1",
        in_bin(gives="inside.sum(), c[inside].mean(), P[y, range(y.size)][inside].mean()"),
        "yours is a mean probability of the true digit",
    ),
    (
        "18-1",
        in_bin(gives="inside.sum(), c[inside].mean(), abs(is_right[inside] - c[inside]).mean()"),
        "the share read right should be 0.4 for low = 0.3, high = 0.4; yours is",
    ),
    (
        "18-1",
        in_bin(gives="inside.sum(), c[inside].mean(), c[inside].mean() - is_right[inside].mean()"),
        "the third number is the share itself",
    ),
    (
        "18-1",
        in_bin(gives="inside.sum(), (low + high) / 2, is_right[inside].mean()"),
        "that is the middle of the bin; the samples in it have a mean of their own",
    ),
    ("18-1", in_bin(inside="low < c <= high"), "your code stopped in line 3"),
    ("18-1", in_bin("P.max(axis=1)"), "your code stopped in line"),
    ("18-1", in_bin(inside="c > low & c <= high"), "your code stopped in line 3"),
    ("18-2", "return np.clip(np.clip(X_new, X - epsilon, X + epsilon), 0, 1)", "✓ 18-2 is right"),
    ("18-2", "return np.clip(np.clip(X_new, 0, 1), X - epsilon, X + epsilon)", "✓ 18-2 is right"),
    (
        "18-2",
        "low, high = np.maximum(X - epsilon, 0), np.minimum(X + epsilon, 1)\n"
        "return np.where(X_new < low, low, np.where(X_new > high, high, X_new))",
        "✓ 18-2 is right. However many steps an attack takes, it stays a picture",
    ),
    (
        "18-2",
        "d = np.clip(X_new - X, -epsilon, epsilon)\nreturn np.clip(X + d, 0, 1)",
        "✓ 18-2 is right",
    ),
    (
        "18-2",
        "return np.clip(X_new, X - epsilon, X + epsilon)",
        "some pixels are below 0 or above 1",
    ),
    ("18-2", "return np.clip(X_new, 0, 1)", "some are further than epsilon from X"),
    ("18-2", "return np.clip(X_new - X, -epsilon, epsilon)", "how far the pixels may move; add it"),
    ("18-2", "return np.clip(np.clip(X_new, -epsilon, epsilon), 0, 1)", "within epsilon of 0"),
    (
        "18-2",
        "d = X_new - X\nd = d * min(1, epsilon / np.abs(d).max())\nreturn np.clip(X + d, 0, 1)",
        "you shrink the whole difference; each pixel is held for itself",
    ),
    (
        "18-2",
        "return np.clip(X + epsilon * np.sign(X_new - X), 0, 1)",
        "you move every pixel by epsilon; one that has moved less stays where it is",
    ),
    (
        "18-2",
        "return np.clip(np.where(abs(X_new - X) > epsilon, X, X_new), 0, 1)",
        "goes to the end of what is allowed, not back to X",
    ),
    (
        "18-2",
        "return np.clip(np.minimum(X_new, X + epsilon), 0, 1)",
        "epsilon holds in both directions; yours lets pixels go as far as they like in one",
    ),
    (
        "18-2",
        "return np.clip(np.clip(X, X_new - epsilon, X_new + epsilon), 0, 1)",
        "the other way round: that is the picture nearest to X, within epsilon of X_new",
    ),
    (
        "18-2",
        "return np.clip(X_new, X - epsilon, X + epsilon, out=X_new)",
        "your code changes X_new, which it was given",
    ),
    ("18-2", "return X", "nothing moves: that is X itself"),
    ("18-2", "return X_new", "X_new comes back as it is, however far from X"),
    ("18-2", "return np.clip(X_new, X, X + epsilon)", "yours lets pixels move in one alone"),
    (
        "18-2",
        "return np.clip(X + np.clip(X - X_new, -epsilon, epsilon), 0, 1)",
        "the pixels move the wrong way: the difference is X_new - X",
    ),
    (
        "18-2",
        "d = np.clip(X_new - X, -epsilon, epsilon)\nreturn np.clip(X_new + d, 0, 1)",
        "add what is left of the difference to X, where the pixels come from, not to X_new",
    ),
    (
        "18-2",
        "return np.clip(X_new, X - epsilon * X, X + epsilon * X)",
        "epsilon is no share of a pixel",
    ),
    (
        "18-2",
        "d = X_new - X\nreturn np.clip(X + d / np.linalg.norm(d) * epsilon, 0, 1)",
        "you shrink the whole difference",
    ),
    (
        "18-2",
        "return np.clip(np.clip(X_new, X - epsilon, X + epsilon), X.min(), X.max())",
        "right for epsilon = 0.1, but not for epsilon = 0.25: ",
    ),
    ("18-2", "return 0.5 * X", "entries of the picture are wrong; farthest off is the picture["),
    ("18-2", "np.clip(X_new, X - epsilon, X + epsilon)", "your code returned None"),
]
