"""The attack desk: a small change of every pixel, made to fool the network.  Lesson 18."""

import numpy as np

from nnlib.backprop import sign_attack
from nnlib.network import predict
from nnlib.plots import plot_digit, reading_in_words
from nnlib.plots.axes import bare, signed_image
from nnlib.plots.inside import change_digit, change_mind, plot_change_of_mind
from nnlib.views.images import SIDE
from nnlib.views.words import a_digit, percent
from nnlib.widgets.frame import choice, enlarged, picture_widget, slider
from nnlib.widgets.pad import MINE, capitalized, digit_or_drawing, hidden_and_probabilities
from nnlib.widgets.scene import Scene

AWAY = "away from what it is"
SLOPE, RANDOM = "along the slope", "random"
NOTHING = np.zeros(10)  # no probabilities, where there is no ink
EMPTY = "There is no ink to attack yet: draw a digit on the pad."
TITLE = {"loc": "center", "fontsize": 10}
PLACES = {  # left, bottom, width and height in parts of the figure
    "before": (0.01, 0.47, 0.29, 0.44),
    "change": (0.355, 0.47, 0.29, 0.44),
    "now": (0.70, 0.47, 0.29, 0.44),
    "mind": (0.08, 0.11, 0.91, 0.24),
}


def attack_desk(params, digits, activations=("relu", "softmax")):
    """Move every pixel of a digit or a drawing a little, and see what the network reads then.

    Parameters
    ----------
    params : list of Layer
        A network for 784 pixels and ten digits.
    digits : Digits
        X (784, m), 0…1, and y (m,).
    activations : sequence of str, default ("relu", "softmax")

    Returns
    -------
    Frame
        Its `parts`: the controls "digit", "which", "epsilon", "target" and "signs"; "pad" (a Pad)
        and "canvas".
    """
    picker, column = digit_or_drawing(digits, "4")
    picker["pad"].size = enlarged(170, 1.05)  # so that a projector shows all of the desk
    scene = Scene((5.1, 3.6), PLACES)
    draw_empty(scene)

    def show(panels, digit, which, pad, epsilon, target, signs):
        x, label = column(digit, which, pad), None if digit == MINE else int(digit)
        if not x.any():
            change_panels(panels, x, x, (NOTHING, NOTHING), None, epsilon)
            return EMPTY
        aim = None if target == AWAY else int(target)
        now = attacked(params, x, label, aim, epsilon, signs, activations)
        read = [hidden_and_probabilities(params, one, activations)[1] for one in (x, now)]
        change_panels(panels, x, now, read, label, epsilon)
        return attack_in_words(np.abs(now - x), *read, label, aim)

    question = "How small a change does it take to fool it?"
    moves = "a digit, how far each of its pixels moves, and where to"
    frame = picture_widget(question, moves, scene, picker | attack_controls(), show)
    frame.words.layout.min_height = f"{enlarged(38)}px"  # two lines: the page below stays
    return frame


def attack_controls():
    """How far the pixels move, and where to."""
    return {
        "epsilon": slider("epsilon", 0.1, 0.0, 0.3, step=0.01),
        "target": choice("target", [AWAY, *map(str, range(10))], AWAY),
        "signs": choice("signs", [SLOPE, RANDOM], SLOPE),
    }


def attacked(params, x, label, aim, epsilon, signs, activations):
    """A digit (784,) with each pixel moved by epsilon: to the aim, off the label, or at random.

    Without a label (a drawing) it is pushed away from what is read in it.
    """
    X = x[:, None]
    if signs == RANDOM:
        random = np.random.default_rng(0).choice(np.array([-1, 1], X.dtype), X.shape)
        return np.clip(X + epsilon * random, 0, 1)[:, 0]
    if aim is not None:
        return sign_attack(params, X, np.array([aim]), -epsilon, activations)[:, 0]
    y = predict(params, X, activations) if label is None else np.array([label])
    return sign_attack(params, X, y, epsilon, activations)[:, 0]


def attack_in_words(moved, before, after, label, aim):
    """The line under the picture; no label: a drawing, no aim: away from what it is."""
    truth = "Your drawing" if label is None else capitalized(a_digit(label))
    target = "" if aim is None else f" The target, {aim}, gets {percent(after[aim])}."
    n = int((moved > 0).sum())
    far = f"{n} pixels have moved, by {moved.max():.2f} at most"
    then, now = reading_in_words(before), read_and_judged(after, label)
    return f"{truth}. Before: {then}. Now: {now}.{target} {far if n else 'No pixel has moved'}."


def read_and_judged(p, label):
    """What is read, and whether it is right if there is a label."""
    verdict = "" if label is None else " ✓" if p.argmax() == label else " ✗"
    return f"{reading_in_words(p)}{verdict}"


def draw_empty(scene):
    """Draw into the panels of a scene whatever is changed later."""
    paper, panels = np.zeros(SIDE * SIDE), scene.panels
    for name in ("before", "now"):
        plot_digit(paper, "", ax=panels[name]).set_title(name, **TITLE)
    signed_image(panels["change"], paper.reshape(SIDE, SIDE), 1)
    bare(panels["change"])
    for sign, left in (("+", 0.327), ("=", 0.672)):
        scene.figure.text(left, 0.69, sign, ha="center", va="center", fontsize=14)
    plot_change_of_mind(NOTHING, NOTHING, None, "digit (pale: before)", ax=panels["mind"])


def change_panels(panels, x, now, probabilities, label, epsilon):
    """Show a digit (784,), what is added to it, their sum, and the readings (10,) of both."""
    limit, (before, after) = max(epsilon, 0.01), probabilities
    change_digit(panels["before"], x, "" if label is None else label)
    change_digit(panels["now"], now, "")
    image = panels["change"].images[0]
    image.set_data((now - x).reshape(SIDE, SIDE))
    image.set_clim(-limit, limit)
    panels["change"].set_title(f"change, ±{limit:.2f}", **TITLE)
    title = capitalized(read_and_judged(after, label)) if x.any() else ""
    change_mind(panels["mind"], after, before, label, title)
