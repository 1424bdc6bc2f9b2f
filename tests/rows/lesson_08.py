"""Answers to the exercises of lesson 08, as learners give them: (id, answer, what is said)."""

import functools

from nnlib.sweep import sweep, train_once


def drawn(variance, draw="rng.normal(0, np.sqrt({}), (n_out, len(A)))"):
    """An answer to 08-1 that draws weights of this variance."""
    return "return " + draw.format(variance)


ENERGY = "(A**2).sum(axis=0).mean()"
UNIFORM = "{0}.uniform(-np.sqrt(3 / (A**2).sum(axis=0).mean()), np.sqrt(3 / " + ENERGY + "), "
UNIFORM += "(n_out, len(A)))"
BY_TRIAL = """W = rng.normal(size=(n_out, len(A)))
return W / np.sqrt(((W @ A) ** 2).mean())"""


@functools.cache
def ran(hidden, lr, batch_size, epochs):
    """The rows of a run."""
    settings = {"hidden": hidden, "lr": lr, "batch_size": batch_size, "epochs": epochs}
    return sweep(train_once, [settings], progress=False)


def chosen(*settings):
    """An answer to 08-2 with these settings: hidden, lr, batch_size, epochs."""
    return lambda: ran(*settings)


def changed(of=slice(None), **values):
    """An answer to 08-2 with some of the solution's rows, and other values in them."""
    return lambda: [row | values for row in ran(28, 0.07, 8, 3)[of]]


ROWS = [
    ("08-1", drawn(f"1 / {ENERGY}"), "✓ 08-1 is right"),
    ("08-1", drawn("rng", UNIFORM), "✓ 08-1 is right"),
    ("08-1", drawn("rng", UNIFORM) + ".astype(np.float32).tolist()", "✓ 08-1 is right"),
    ("08-1", BY_TRIAL, "✓ 08-1 is right"),
    ("08-1", drawn("np.random.default_rng()", UNIFORM), "the same rng gives other weights each"),
    ("08-1", drawn("np.random.default_rng(0)", UNIFORM), "another rng gives the same weights"),
    ("08-1", drawn("2 / len(A)"), "this is He's rule, which does not look at A; the mean square"),
    ("08-1", drawn(f"2 / {ENERGY}"), "the 2 is for what ReLU removes; here the sums before ReLU"),
    ("08-1", drawn("1 / len(A)"), "variance 1 / n is right for inputs whose mean square is 1;"),
    ("08-1", drawn(f"1 / {ENERGY}**2"), "you gave rng.normal the variance; it wants the spread"),
    ("08-1", drawn("1 / (A**2).mean()"), "n is missing: each sum adds up n products"),
    ("08-1", drawn("1 / (A**2).sum(axis=1).mean()"), "over all digits; a sum of products runs ove"),
    ("08-1", drawn("1"), "for 60 inputs; it should be 1"),
    ("08-1", drawn("1 / 6"), "for 25 inputs; it should be 1"),
    ("08-1", drawn(f"1 / {ENERGY}") + "[:1] * np.ones((n_out, 1))", "all rows of W are the same"),
    ("08-1", "return np.full((n_out, len(A)), 0.1)", "all rows of W are the same"),
    (
        "08-1",
        drawn(f"1 / {ENERGY}") + " + 0.1",
        "the mean of your weights is 0.0988; it should be 0",
    ),
    ("08-1", drawn(f"1 / {ENERGY}") + ".T", "W should have the shape (2000, 60), (n_out, n); your"),
    ("08-1", drawn(f"1 / {ENERGY}") + " / 0", "W holds inf in 120000 of 120000 places"),
    ("08-1", "A[A == 0] = 1\n" + BY_TRIAL, "your code changes A, which it was given"),
    ("08-1", BY_TRIAL.replace("return ", "print(") + ")", "returned None and printed instead"),
    ("08-2", chosen(28, 0.07, 8, 3), "✓ 08-2 is right"),
    ("08-2", chosen(64, 0.1, 32, 2), "it reads 88.5 %, but costs 665 million multiply-adds, 1.3 t"),
    ("08-2", chosen(16, 3, 32, 4), "a learning rate of 3 throws the units off; try a tenth of it"),
    ("08-2", chosen(24, 0.1, 3200, 3), "3 updates are few; smaller batches give more of them"),
    ("08-2", chosen(24, 0.1, None, 3), "3 updates are few; smaller batches give more of them"),
    ("08-2", chosen(28, 0.01, 8, 3), "a learning rate of 0.01 is slow for 1,200 updates; try ten"),
    ("08-2", chosen(8, 0.1, 8, 3), "million left: another rate, or more units"),
    ("08-2", lambda: train_once(28, 0.07, 8, epochs=3), "these rows hold no settings, so no price"),
    ("08-2", lambda: ran(28, 0.07, 8, 3) * 2, "one run is asked for, with all its rows, epochs 1,"),
    ("08-2", lambda: ran(28, 0.07, 8, 3)[-1:], "yours are of the epochs 3"),
    ("08-2", changed(hidden=12), "your last row says 91.0 %, but a run with its settings ends at"),
    ("08-2", changed(hidden="many"), "no run can have these settings: can only conc"),
    ("08-2", changed(start="she"), "no run can have these settings: "),
    ("08-2", changed(epoch="one"), "return the rows that sweep(train_once, [settings]) gives, a l"),
    ("08-2", lambda: {"hidden": 28}, "a list of dicts; yours is a dict"),
    ("08-2", ran(28, 0.07, 8, 3), "hand over my_choice itself, without brackets"),
    (
        "08-2",
        "sweep(train_once, [dict(hidden=1, epochs=1)], progress=False)",
        "your code returned None: is a return missing",
    ),
    (
        "08-2",
        "return sweep(train_once, [dict(hiden=1)], progress=False)",
        "hiden",
    ),
]
