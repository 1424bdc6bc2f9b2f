"""Answers to the exercises of lesson 03, as learners give them: (id, answer, what is said)."""

FORWARD = """(W1, b1), (W2, b2), (W3, b3) = params
A1 = np.maximum(W1 @ X + b1, 0)
A2 = np.maximum(W2 @ A1 + b2, 0)
Z3 = W3 @ A2 + b3
return Z3"""
COLLAPSE = """W, b = params[0]
for W_next, b_next in params[1:]:
    W, b = W_next @ W, W_next @ b + b_next
return W, b"""


def but(text, *changes):
    """A solution with some of its code replaced: (old, new), …"""
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return text


ROWS = [
    ("03-1", FORWARD, "✓ 03-1 is right"),
    ("03-1", but(FORWARD, ("return Z3", "return Z3.tolist()")), "✓ 03-1 is right"),
    ("03-1", "X /= 255\n" + FORWARD, "your code changes X"),
    ("03-1", "for _, b in params:\n    b[:] = 0\n" + FORWARD, "your code changes params"),
    ("03-1", but(FORWARD, ("np.maximum(", "("), (", 0)", ")")), "your three layers are worth one"),
    ("03-1", but(FORWARD, ("return Z3", "return np.maximum(Z3, 0)")), "hidden layers only"),
    ("03-1", but(FORWARD, ("A2 = np.maximum(", "A2 = ("), ("A1 + b2, 0)", "A1 + b2)")), "second h"),
    (
        "03-1",
        but(FORWARD, ("A1 = np.maximum(", "A1 = ("), ("X + b1, 0)", "X + b1)")),
        "the first h",
    ),
    (
        "03-1",
        but(FORWARD, ("np.maximum(", "1 / (1 + np.exp(-("), (", 0)", ")))")),
        "these are sigmoids",
    ),
    ("03-1", but(FORWARD, ("np.maximum(", "np.tanh("), (", 0)", ")")), "these are tanh"),
    ("03-1", but(FORWARD, (" + b1", ""), (" + b2", ""), (" + b3", "")), "the biases are missing"),
    (
        "03-1",
        but(FORWARD, ("+ b1", "+ b1.ravel()"), ("+ b2", "+ b2.ravel()"), ("+ b3", "+ b3.ravel()")),
        "each digit got a bias of its own",
    ),
    (
        "03-1",
        but(FORWARD, ("return Z3", "E = np.exp(Z3)\nreturn E / E.sum(axis=0)")),
        "these are the probabilities; stop one step earlier",
    ),
    (
        "03-1",
        but(FORWARD, ("return Z3", "return Z3.T")),
        "Z3 is transposed, its rows should be its columns: .T",
    ),
    (
        "03-1",
        but(FORWARD, ("return Z3", "return A1, A2, Z3")),
        "return one array, the scores of the",
    ),
    ("03-1", but(FORWARD, ("return Z3", "return Z3 + 1")), "100 of 100 entries of Z3 are wrong; f"),
    (
        "03-1",
        but(FORWARD, ("np.maximum(W1 @ X + b1, 0)", "[z if z > 0 else 0 for z in W1 @ X + b1]")),
        "if, and, or, not want one yes or no",
    ),
    (
        "03-1",
        but(FORWARD, (", (W3, b3)", "")),
        "“(W1, b1), (W2, b2) = params”: unpacking: 2 on the left of =, but more on the right",
    ),
    (
        "03-1",
        but(FORWARD, ("W1 @ X", "W1 @ X.T")),
        "what stands left of it has 784 columns; write the shape beside every line; params",
    ),
    ("03-2", COLLAPSE, "✓ 03-2 is right"),
    ("03-2", "params = list(params)\n" + but(COLLAPSE, ("[0]", ".pop(0)"), ("[1:]", "")), "✓ 03-2"),
    ("03-2", but(COLLAPSE, ("[0]", ".pop(0)"), ("[1:]", "")), "your code changes params"),
    ("03-2", but(COLLAPSE, ("W_next @ W,", "W @ W_next,")), "the wrong order: x meets W1 first"),
    ("03-2", but(COLLAPSE, ("W_next @ b + b_next", "b + b_next")), "multiply it by W2, then W3"),
    ("03-2", but(COLLAPSE, ("W_next @ b + b_next", "b_next")), "that of the last layer alone"),
    ("03-2", but(COLLAPSE, ("[1:]", "[1:-1]")), "the last layer is not in it"),
    ("03-2", but(COLLAPSE, ("[1:]", "[1:3]")), "right for three layers only"),
    ("03-2", but(COLLAPSE, ("return W, b", "return W")), "return two arrays: W, b; yours is an ar"),
    ("03-2", but(COLLAPSE, ("return W, b", "return W, 2 * b")), "b is twice as large as right"),
    ("03-2", but(COLLAPSE, ("return W, b", "return W, b + 1")), "4 of 4 entries of b are wrong; "),
    ("03-2", but(COLLAPSE, ("return W, b", "return W, b + 1")), "(W is right)"),
    ("03-2", but(COLLAPSE, ("return W, b", "return W, b.ravel()")), "b has shape (4,); it should"),
]
