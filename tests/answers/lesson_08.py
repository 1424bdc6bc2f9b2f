"""Wrong answers to the exercises of lesson 08: (name, answer, a fragment of the message)."""

import numpy as np

from nnlib.sweep import sweep, train_once


def he_again(n_out, A, rng):
    return rng.normal(0, np.sqrt(2 / len(A)), (n_out, len(A)))


def variance_as_spread(n_out, A, rng):
    return rng.normal(0, 1 / (A**2).sum(axis=0).mean(), (n_out, len(A)))


def n_forgotten(n_out, A, rng):
    return rng.normal(0, np.sqrt(1 / (A**2).mean()), (n_out, len(A)))


def choice(**settings):
    """What a learner's function returns who chose these settings."""
    return lambda: sweep(train_once, [settings], progress=False)


WRONG_ANSWERS = {
    "08-1": [
        ("He's rule again", he_again, "which does not look at A"),
        ("variance for spread", variance_as_spread, "it wants the spread, its root"),
        ("n forgotten", n_forgotten, "n is missing"),
    ],
    "08-2": [
        ("too dear", choice(hidden=64, lr=0.1, batch_size=32, epochs=2), "times the budget"),
        ("too fast", choice(hidden=16, lr=3, batch_size=32, epochs=4), "throws the units off"),
        ("full batch", choice(hidden=24, lr=0.1, batch_size=3200, epochs=3), "updates are few"),
    ],
}
