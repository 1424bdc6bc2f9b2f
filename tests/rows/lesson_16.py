"""Answers to the exercises of lesson 16, as learners give them: (id, answer, what is said)."""

import numpy as np


class Tanh:
    def forward(self, Z):
        self.A = np.tanh(Z)
        return self.A

    def backward(self, G):
        return G * (1 - self.A**2)


class WithSlope:
    """Keeps the derivative instead of the output, by another formula."""

    def __init__(self):
        self.slope = None

    def forward(self, Z):
        self.slope = 1 / np.cosh(Z) ** 2
        return (1 - np.exp(-2 * Z)) / (1 + np.exp(-2 * Z))

    def backward(self, G):
        return self.slope * G


class InTheClass(Tanh):
    """Keeps what it needs in the class."""

    def forward(self, Z):
        InTheClass.A = np.tanh(Z)
        return InTheClass.A


KEPT = []


class InAGlobal(Tanh):
    def forward(self, Z):
        KEPT.append(np.tanh(Z))
        return KEPT[-1]

    def backward(self, G):
        return G * (1 - KEPT[-1] ** 2)


class InANewGlobal(Tanh):
    def forward(self, Z):
        global A_of_all
        A_of_all = np.tanh(Z)
        return A_of_all

    def backward(self, G):
        return G * (1 - A_of_all**2)


class LacksReturn:
    def forward(self, Z):
        self.A = np.tanh(Z)
        return self.A

    def backward(self, G):
        G * (1 - self.A**2)


def gives(back):
    """A layer with another backward."""
    return type("Tanh", (Tanh,), {"backward": back})


def starts(forward):
    """A layer with another forward."""
    return type("Tanh", (Tanh,), {"forward": forward})


def in_place(self, Z):
    self.A = np.tanh(Z, out=Z)
    return self.A


def first_alone(self, Z):
    self.A = getattr(self, "A", np.tanh(Z))
    return np.tanh(Z)


def changed_second_column(self, G):
    back = G * (1 - self.A**2)
    back[:, 1] += 1
    return back


class Misspelled:
    def forward(self, Z):
        return np.tanh(Z)

    def backwards(self, G):
        return G


class Empty:
    x = 3


ROWS_OF_LAYERS = "return [W.T for W, b in params], [b[:, 0] for W, b in params]"


def two(coefs="W.T", intercepts="b[:, 0]"):
    return f"return [{coefs} for W, b in params], [{intercepts} for W, b in params]"


ROWS = [
    ("16-1", Tanh, "✓ 16-1 is right. It fits between any two layers"),
    ("16-1", WithSlope, "✓ 16-1 is right"),
    (
        "16-1",
        starts(lambda s, Z: (setattr(s, "A", np.tanh(Z)), s.A.tolist())[1]),
        "hand back an arr",
    ),
    ("16-1", InTheClass, "two such layers share what they keep, so the second forward overwrites"),
    ("16-1", InANewGlobal, "keep it in self, not in the class or a global"),
    ("16-1", InAGlobal, "your code changes KEPT, which belongs to the lesson and not to your"),
    ("16-1", Tanh(), "hand over Tanh itself, without brackets: the check calls it"),
    ("16-1", starts(in_place), "your code changes Z, which it was given"),
    (
        "16-1",
        gives(lambda s, G: np.multiply(G, 1 - s.A**2, out=G)),
        "your code changes G, which it",
    ),
    ("16-1", gives(lambda s, G: 1 - s.A**2), "the chain rule multiplies it by G"),
    ("16-1", gives(lambda s, G: G * (1 - np.tanh(s.A) ** 2)), "you took tanh twice: 1 - A² with A"),
    (
        "16-1",
        gives(lambda s, G: G * s.A),
        "backward multiplies G by the output; it needs the deriv",
    ),
    (
        "16-1",
        gives(lambda s, G: G * (1 - np.arctanh(s.A) ** 2)),
        "1 - A² takes the output A = tanh",
    ),
    (
        "16-1",
        gives(lambda s, G: G / np.cosh(G) ** 2),
        "the derivative at the place G itself; it is",
    ),
    (
        "16-1",
        gives(lambda s, G: G),
        "backward lets everything through; G is multiplied by the deri",
    ),
    ("16-1", starts(first_alone), "after a second forward, backward still uses the first input"),
    (
        "16-1",
        gives(lambda s, G: G * (1 - s.A**2) / len(G)),
        "what backward gives, what a second la",
    ),
    ("16-1", gives(lambda s, G: G * (1 - s.A**2) / len(G)), "5 times too small: there is one divi"),
    ("16-1", gives(lambda s, G: -G * (1 - s.A**2)), "have the wrong sign"),
    ("16-1", gives(lambda s, G: (G * (1 - s.A**2)).T), "what backward gives is (3, 5), transposed"),
    (
        "16-1",
        gives(changed_second_column),
        "5 of 15 entries of what backward gives are wrong; fart",
    ),
    ("16-1", LacksReturn, "what backward gives is still None"),
    ("16-1", starts(lambda s, Z: setattr(s, "A", np.tanh(Z))), "what forward gives is still None"),
    ("16-1", starts(lambda s, Z: 1 / (1 + np.exp(-Z))), "a Tanh has no A"),
    ("16-1", Misspelled, "your code stopped: a Misspelled has no backward"),
    ("16-1", Empty, "return from Tanh() a layer, which has forward and backward; yours is a Empty"),
    ("16-2", ROWS_OF_LAYERS, "✓ 16-2 is right. The same weights, in rows, to 1e-6"),
    ("16-2", two("np.ascontiguousarray(W.T)", "b.ravel()"), "✓ 16-2 is right"),
    ("16-2", two("np.float32(W.T)", "b.ravel()"), "✓ 16-2 is right"),
    (
        "16-2",
        two("W.T.tolist()", "b.ravel().tolist()"),
        "hand back an array, the next lessons calc",
    ),
    ("16-2", two("W"), "coefs have our shape (n_out, n_in); in rows it is (n_in, n_out): W.T"),
    (
        "16-2",
        two("W.reshape(W.shape[::-1])"),
        "coefs have the right shape and the wrong order: res",
    ),
    ("16-2", two("-W.T"), "have the wrong sign"),
    (
        "16-2",
        two("W.T", "b"),
        "intercepts are still columns, (n_out, 1); theirs have no columns at",
    ),
    (
        "16-2",
        two("W.T", "b.T"),
        "intercepts are rows, (1, n_out); theirs have one axis alone, (n_o",
    ),
    ("16-2", two("W.T", "b[:1, 0]"), "intercepts[0] has shape (1,); it should be (5,)"),
    (
        "16-2",
        "return [(W.T, b[:, 0]) for W, b in params]",
        "these are pairs, one for each layer; t",
    ),
    (
        "16-2",
        "return [W.T for W, b in params]",
        "return two lists, coefs and intercepts, with an a",
    ),
    (
        "16-2",
        "(W1, b1), (W2, b2), (W3, b3) = params\nreturn [W1.T, W2.T, W3.T], [b1[:, 0], b2[:, 0],"
        " b3[:, 0]]",
        "unpacking: 3 on the left of =, but only 2 on the right",
    ),
    ("16-2", "params.reverse()\n" + ROWS_OF_LAYERS, "your code changes params, which it was given"),
]
