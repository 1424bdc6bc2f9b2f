"""Answers to the exercises of lesson 04, as learners give them: (id, answer, what is said)."""

import numpy as np

ROWS = [
    ("04-1", "E = np.exp(Z - Z.max(axis=0))\nreturn E / E.sum(axis=0)", "✓ 04-1 is right"),
    (
        "04-1",
        "S = Z - Z.max(axis=0, keepdims=True)\nreturn np.exp(S - np.log(np.exp(S).sum(axis=0)))",
        "✓ 04-1 is right",
    ),
    (
        "04-1",
        "columns = [np.exp(z - max(z)) for z in Z.T]\n"
        "return np.array([column / sum(column) for column in columns]).T",
        "✓ 04-1 is right",
    ),
    (
        "04-1",
        "E = np.exp(Z - Z.max(axis=0))\nreturn (E / E.sum(axis=0)).tolist()",
        "hand back an array",
    ),
    (
        "04-1",
        "E = np.exp((Z - Z.max(axis=0)).astype(np.float32))\nreturn E / E.sum(axis=0)",
        "✓ 04-1 is right",
    ),
    (
        "04-1",
        "E = np.matrix(np.exp(Z - Z.max(axis=0)))\nreturn E / E.sum(axis=0)",
        "hand back an array",
    ),
    ("04-1", "E = np.exp(Z)\nreturn E / E.sum(axis=0)", "a score of 1,000 gives NaN"),
    ("04-1", "E = np.exp(Z - Z.max(axis=0))\nreturn E / np.sum(E)", "one distribution"),
    ("04-1", "E = np.exp(Z - Z.max())\nreturn E / E.sum()", "the whole matrix sums to 1"),
    ("04-1", "E = np.exp(Z - Z.max())\nreturn E / E.sum(axis=0)", "underflows to 0"),
    ("04-1", "E = np.exp(Z - Z.max()) + 1e-12\nreturn E / E.sum(axis=0)", "keeps 0/0 away"),
    ("04-1", "E = np.exp(Z - Z.min(axis=0))\nreturn E / E.sum(axis=0)", "not its smallest"),
    ("04-1", "E = np.exp(Z - Z.mean(axis=0))\nreturn E / E.sum(axis=0)", "not its mean"),
    ("04-1", "Z -= Z.max(axis=0)\nE = np.exp(Z)\nreturn E / E.sum(axis=0)", "your code changes Z"),
    (
        "04-1",
        "E = np.exp(np.clip(Z, -50, 50))\nreturn E / E.sum(axis=0)",
        "right for small scores, but large ones were cut off",
    ),
    (
        "04-1",
        "E = np.exp(Z - Z.max(axis=0)) * (Z < 900)\nreturn E / E.sum(axis=0)",
        "right for small scores, but not for scores near 1,000: P holds NaN in 40 of 40 places",
    ),
    (
        "04-1",
        "E = np.exp(Z)\nreturn np.nan_to_num(E / E.sum(axis=0))",
        "what became NaN for large ones was replaced",
    ),
    (
        "04-1",
        "E = np.exp(Z - Z.max(axis=0))\nreturn np.tile((E / E.sum(axis=0))[:, :1], Z.shape[1])",
        "30 of 40 entries of P are wrong; farthest off is P[",
    ),
    (
        "04-1",
        "E = np.exp(Z - Z.max(axis=0))\nreturn E / E.sum(axis=0)[0]",
        "each column should sum to 1; yours do not (1, ",
    ),
    (
        "04-1",
        "for z in Z.T:\n    E = np.exp(z - z.max())\n    return E / E.sum()",
        "P has shape (10,); it should be (10, 4)",
    ),
    (
        "04-1",
        "E = 2 ** (Z - Z.max(axis=0))\nreturn E / E.sum(axis=0)",
        "these are powers of 2; softmax takes powers of e",
    ),
    ("04-1", "return (Z == Z.max(axis=0)).astype(float)", "got all the probability"),
    ("04-1", "return Z / Z.sum(axis=0)", "shares of the scores themselves"),
    (
        "04-1",
        "E = np.exp(Z - Z.max(axis=0))\nE / E.sum(axis=0)",
        "your code returned None for smal",
    ),
    ("04-1", "E = np.exp(Z - Z.max(axis=0))\nprint(E / E.sum(axis=0))", "and printed instead"),
    (
        "04-1",
        "E = np.exp(Z - Z.max(axis=1))\nreturn E / E.sum(axis=0)",
        "your code stopped in line 2, “E = np.exp(Z - Z.max(axis=1))”: two shapes do not fit (ope",
    ),
    ("04-2", "return np.log(n_classes)", "✓ 04-2 is right"),
    ("04-2", "return np.array([np.log(n_classes)])", "hand back a number"),
    ("04-2", "return round(np.log(n_classes), 3)", "✓ 04-2 is right"),
    ("04-2", np.log, "✓ 04-2 is right"),
    ("04-2", "return np.log(1 / n_classes)", "negative: the minus before the logarithm is missing"),
    ("04-2", "return np.log10(n_classes)", "base 10"),
    ("04-2", "return np.log(10)", "right for 10 classes, but not for 26: use n_classes"),
    (
        "04-2",
        "return 2.303",
        "for 26: use n_classes (n_classes = 26: 3.258 is right, yours is 2.30",
    ),
    ("04-2", "return 0.5 * np.log(n_classes)", "the loss is half as large as right"),
    ("04-2", "return 2 + n_classes", "the loss should be 2.303 for n_classes = 10; yours is 12"),
    ("04-2", np.float64(2.302585), "hand over guessing_loss itself, without brackets"),
    ("04-2", "return -np.log(1 / n_classes), 1", "return one number: the loss; yours is a tuple"),
    ("04-2", "return -np.log(1 / n_clases)", "there is no n_clases"),
]
