"""Answers to the exercises of lesson 05, as learners give them: (id, answer, what is said)."""

import numpy as np


def entry(same="p[i] * (1 - p[i])", other="-p[k] * p[i]"):
    """An answer to 05-1 with these two cases."""
    return f"if k == i:\n    return {same}\nreturn {other}"


ROWS = [
    ("05-1", entry(), "✓ 05-1 is right"),
    ("05-1", "return np.float32(p[k]) * ((k == i) - p[i])", "✓ 05-1 is right"),
    ("05-1", entry("[p[i] - p[i] ** 2]", "[-p[k] * p[i]]"), "hand back a number, the next"),
    ("05-1", entry(other="p[k] * p[i]"), "a sign: when one score rises, the probabilities of the"),
    ("05-1", entry(other="p[k] * p[i]"), "k = 0, i = 1: -0.1 is right, yours is 0.1)"),
    ("05-1", entry(same="-p[k] * p[i]"), "the case k = i is missing: a raised score raises its ow"),
    ("05-1", entry(same="-p[k] * p[i]"), "(p = (0.5, 0.2, 0.3), k = 0, i = 0: 0.25 is right, your"),
    ("05-1", "return 0", "the slope should be 0.25 for p = (0.5, 0.2, 0.3), k = 0, i = 0; yours"),
    ("05-1", entry(other="0.0"), "the case k ≠ i is missing: raising one score lowers"),
    ("05-1", entry("p[i] * (p[i] - 1)", "p[k] * p[i]"), "every sign is turned round"),
    ("05-1", "return p[k] * (1 - p[i])", "the 1 in (5.9) stands for k = i only"),
    ("05-1", "return p[i] * ((k == i) - p[i])", "you took one of them twice (p = (0.5, 0.2, 0.3),"),
    ("05-1", "return (np.diag(p) - np.outer(p, p))", "return one number: the slope; yours is an a"),
    ("05-1", "p /= p.sum() / 2\n" + entry(), "your code changes p, which it was given"),
    (
        "05-1",
        "if k == i:\n    return p[i] * (1 - p[i])",
        "your code returned a value for p = (0.5, 0.2, 0.3), k = 0, i = 0, but None for p = (0.5, "
        "0.2, 0.3), k = 0, i = 1: does one of its branches lack its return?",
    ),
    ("05-1", "print(p[k] * ((k == i) - p[i]))", "and printed instead: print only shows a value"),
    ("05-1", "p[k] * ((k == i) - p[i])", "is a return missing, or has it nothing behind it?"),
    (
        "05-1",
        "J = np.diag([0.5, 0.2, 0.3]) - np.outer([0.5, 0.2, 0.3], [0.5, 0.2, 0.3])\nreturn J[k, i]",
        "right for p = (0.5, 0.2, 0.3), k = 0, i = 0, but not for p = (0.1, 0.35, 0.15, 0.4), k =",
    ),
    ("05-2", "A = sigmoid(Z)\nreturn (A - Y) * A * (1 - A)", "✓ 05-2 is right"),
    ("05-2", "A = sigmoid(Z)\nreturn ((A - Y) * A * (1 - A)).tolist()", "hand back an array, the"),
    ("05-2", "A = sigmoid(Z)\nreturn A - Y", "the sigmoid's own slope is missing"),
    ("05-2", "A = sigmoid(Z)\nreturn (Y - A) * A * (1 - A)", "the sign: you return the derivative"),
    (
        "05-2",
        "A = sigmoid(Z)\nreturn (A - Y) * A * (1 - A) / Y.shape[1]",
        "too small by the factor m: no division by m, column j belongs to sample j alone",
    ),
    (
        "05-2",
        "A = sigmoid(Z)\nreturn np.abs(A - Y) * A * (1 - A)",
        "entries of dZ are wrong; farthest off is dZ[",
    ),
    ("05-2", "A = sigmoid(Z)\nreturn A * A * (1 - A)", "entries of dZ are wrong; farthest off is"),
    (
        "05-2",
        "A = sigmoid(Z)\nreturn (A - Y) * A * (1 - A) * (Y == 0)",
        "4 of 12 entries of dZ are wrong; farthest off is dZ[",
    ),
    ("05-2", "A = sigmoid(Z)\nA -= Y\nY *= A\nreturn Y", "your code changes Y, which it was given"),
    ("05-2", "A = sigmoid(Z)\nreturn (A - Y) @ A", "two shapes do not fit: what stands right of @"),
    ("05-2", "return np.zeros((3, 4))", "12 of 12 entries of dZ are wrong"),
    (
        "05-2",
        "A = sigmoid(Z)\nd = (A - Y) * A * (1 - A)\nreturn d if len(Z) == 3 else d[:3]",
        "right for Z of shape (3, 4), but not for Z of shape (5, 7): dZ has shape (3, 7); it",
    ),
    ("05-2", np.zeros((3, 4)), "hand over squared_error_dZ itself, without brackets"),
]
