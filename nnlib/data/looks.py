"""Do pictures look like digits of MNIST? What is seen is said, and nothing is changed.

The network that travels with the lessons reads some as they lie, and once more transposed,
mirrored, turned and inverted; only where one of these gains 20 points it is said.
"""

import functools
import math
import zipfile
from contextlib import suppress

import numpy as np

from nnlib.data.records import TRAINED
from nnlib.network import Layer, forward

MOST = 1_000  # digits that are tried, taken evenly from all
GAIN = 0.2  # of the digits: so many more must be read right for a change to be advised …
FEW = 4  # … and so many digits more
SOME, MANY, CLASSES = 20, 100, 5  # digits, and classes among them, for a judgment on all
SURER, SURE = 0.08, 0.9  # without labels: gain in the mean probability of what is read, and that
UNREAD = 0.2  # of honest digits, however deformed, more are read right
DARK = 32 / 255  # fainter than this no pen is; what is above, the network reads as it is
PERCENT = 100  # the darkest pixel of 255 where ink was counted so
PAPER = 0.25  # more ink than this at the border, and the paper is dark
BORDER = 0.8  # ink at the border, as a share of the mean ink: on digits there is nearly none
UNREADABLE = (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile)
SIDES = {  # ways to turn images (28, 28, m): are they transposed, then steps down and to the right
    "": (False, 1, 1),
    "transposed": (True, 1, 1),
    "mirrored": (False, 1, -1),
    "flipped upside down": (False, -1, 1),
    "turned by 180°": (False, -1, -1),
    "turned by 90° to the left": (True, -1, 1),
    "turned by 90° to the right": (True, 1, -1),
    "flipped over the other diagonal": (True, -1, -1),
}


def oddities(digits):
    """Say what is odd about pictures that should be digits; nothing of honest ones.

    Parameters
    ----------
    digits : Digits
        Without labels it is asked how surely they are read, in place of how many are read right.

    Returns
    -------
    list of str
        Sentences without their full stop.
    """
    step = -(-digits.X.shape[1] // MOST)
    X, y, top = digits.X[:, ::step], None, float(digits.X.max())
    if digits.y is not None:
        y = digits.y[::step]
    words = []
    if top <= DARK or round(255 * top) == PERCENT:
        words = [
            f"the darkest of all pixels is {255 * top:.0f} of 255; if that is full ink, "
            "take X = X / X.max()"
        ]
        X = X / top
    more = (trained_layers() and better_turned(X, y)) or unlike_digits(X, y)
    return [*words, more] if more else words


def better_turned(X, y):
    """Say which way of turning or inverting makes the network read far more; "" if none does."""
    is_dark = bool(at_border(X) > max(PAPER, X.mean()))
    ways = [(False, ""), *((is_dark, side) for side in SIDES)]
    read = {way: probabilities(changed(X, *way)) for way in ways}
    scores = {way: share_read(P, y) for way, P in read.items()}
    best, plain = max(scores, key=scores.get), scores[False, ""]
    if scores[best] < enough(plain, y, read[best].argmax(axis=0)):
        return ""
    does = "reads right" if y is not None else "is sure of what it reads to"
    whole = " ".join(["inverted"] * best[0] + [best[1]]).strip()
    return (
        f"the network in data/trained.npz {does} {100 * plain:.0f} % as they lie (mean ink "
        f"{255 * X.mean():.0f} of 255) and {100 * scores[best]:.0f} % {whole}; if you agree, take "
        f"X = {recipe(*best)}"
    )


def enough(plain, y, guess):
    """Say what score is enough to tell; for few classes, for ones alone say, a higher one."""
    is_mixed = n_classes(guess if y is None else y) >= CLASSES
    if y is not None:
        return plain + max(GAIN if is_mixed else 2 * GAIN, FEW / y.size)
    if not is_mixed or guess.size < SOME:
        return math.inf
    return max(plain + (SURER if guess.size >= MANY else 1.5 * SURER), SURE)


def unlike_digits(X, y):
    """Say why these can hardly be digits, or the labels theirs; "" if they can."""
    seen = f"(mean ink {255 * X.mean():.0f} of 255)"
    if at_border(X) > BORDER * X.mean():
        return (
            f"there is as much ink at the border as elsewhere {seen}, on digits there is none: are "
            "they digits? if ink and paper are exchanged, take X = 1 - X"
        )
    if y is None or y.size < MANY or n_classes(y) < CLASSES or not trained_layers():
        return ""
    share = share_read(probabilities(X), y)
    if share > UNREAD:
        return ""
    return (
        f"the network in data/trained.npz reads only {100 * share:.0f} % right, however they are "
        f"turned {seen}: are they digits, and these their labels? plot_digits(X, y) shows some"
    )


def at_border(X):
    """Mean ink of the outermost pixels of images (784, m)."""
    images = X.reshape(28, 28, -1)
    return np.concatenate([images[0], images[-1], images[:, 0], images[:, -1]]).mean()


def n_classes(y):
    """Count the classes that have at least a fiftieth of the labels."""
    return int((np.bincount(y) >= max(1, len(y) / 50)).sum())


def changed(X, is_inverted, side):
    """Invert and turn images (784, m)."""
    is_transposed, down, right = SIDES[side]
    images = (1 - X if is_inverted else X).reshape(28, 28, -1)
    images = images.swapaxes(0, 1) if is_transposed else images
    return images[::down, ::right].reshape(784, -1)


def recipe(is_inverted, side):
    """Write down in NumPy what `changed` does."""
    is_transposed, down, right = SIDES[side]
    if not side:
        return "1 - X"
    start = "(1 - X)" if is_inverted else "X"
    turned = ".swapaxes(0, 1)" if is_transposed else ""
    steps = "" if (down, right) == (1, 1) else f"[::{down}, ::{right}]"
    return f"{start}.reshape(28, 28, -1){turned}{steps}.reshape(784, -1)"


def probabilities(X):
    """What the network of the lessons makes of images (784, m): P (10, m)."""
    return forward(trained_layers(), X, ("relu", "softmax"))[1][-1]


def share_read(P, y):
    """Share of images that are read right; without labels, the mean probability of what is read."""
    return float(P.max(axis=0).mean() if y is None else (P.argmax(axis=0) == y).mean())


@functools.cache
def trained_layers():
    """Read the layers of the network of the lessons; None if it is not there, or damaged."""
    with suppress(*UNREADABLE), np.load(TRAINED) as arrays:
        return [Layer(arrays[f"W{l}"], arrays[f"b{l}"]) for l in (1, 2)]
