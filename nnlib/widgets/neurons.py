"""The neuron lab: one hidden unit, what it looks for, and what is lost without it."""

import numpy as np

from nnlib.data import Digits
from nnlib.metrics import accuracy, recall_per_class
from nnlib.network import forward
from nnlib.plots.digits import plot_digit
from nnlib.plots.inside import (
    change_digit,
    change_mosaic,
    change_recalls,
    change_signed_bars,
    plot_mosaic,
    plot_recalls,
    plot_signed_bars,
)
from nnlib.widgets.frame import Frame, choice, follow, slider
from nnlib.widgets.scene import Scene

STATES = {"on": "on", "off": "off", "sign flipped": "flip", "held at its mean": "freeze"}
IN_WORDS = {"off": "off", "flip": "with its sign flipped", "freeze": "held at its mean"}
MOST = 12  # digits shown that excite a unit


def in_state(a, state):
    """What a unit passes on instead of its activations, in a given state.

    Parameters
    ----------
    a : ndarray, shape (m,)
        Its activations for m digits.
    state : {"on", "off", "flip", "freeze"}
        "freeze": their mean, for every digit.

    Returns
    -------
    ndarray, shape (m,)
    """
    changed = {"on": a, "off": np.zeros_like(a), "flip": -a, "freeze": np.full_like(a, a.mean())}
    return changed[state]


def with_unit(params, A1, unit, state, activations=("relu", "softmax")):
    """Probabilities when one unit of the first hidden layer is in a given state.

    Only the layers after it are computed again.

    Parameters
    ----------
    params : list of Layer
    A1 : ndarray, shape (n_1, m)
        The activations of the first hidden layer; it is not changed.
    unit : int
        A row of A1.
    state : {"on", "off", "flip", "freeze"}
    activations : sequence of str
        Those of all layers.

    Returns
    -------
    ndarray, shape (n_classes, m)
    """
    changed = A1.copy()
    changed[unit] = in_state(A1[unit], state)
    return forward(params[1:], changed, activations[1:])[1][-1]


def most_exciting(a, most=MOST):
    """The numbers of the digits with the largest activations, those above 0, largest first.

    Parameters
    ----------
    a : ndarray, shape (m,)
    most : int, default 12

    Returns
    -------
    ndarray of int, shape (at most `most`,)
    """
    order = np.argsort(-a, kind="stable")[:most]
    return order[a[order] > 0]


def judge(P, y):
    """Accuracy and recall of each class, from probabilities P (n_classes, m) and labels y (m,)."""
    said = P.argmax(axis=0)
    return accuracy(said, y), recall_per_class(said, y, len(P))


def totals(state, before, after):
    """The title over the shares of the classes."""
    change = "" if state == "on" else f" → {100 * after:.1f}"
    return f"read: {100 * before:.1f}{change} %"


def most_common(labels):
    """The label that occurs most often (the smallest of several), and how often."""
    counts = np.bincount(labels)
    return int(counts.argmax()), int(counts.max())


def points(change):
    """A change of shares, in points, with its sign: "−12 points", "+1 point"."""
    number = round(100 * change)
    return signed(number, ".0f") + (" point" if abs(number) == 1 else " points")


def signed(number, form):
    """A number with its sign, minus as it is printed: "+0.5", "−0.5"."""
    return f"{number:+{form}}".replace("-", "−")


def a_digit(label):
    """ "a 5", but "an 8"."""
    return f"an {label}" if label == 8 else f"a {label}"


def effect_in_words(unit, state, before, after):
    """The sentence on what a state does: accuracy in total, and the class that loses most.

    `before` and `after` are pairs, as `judge` gives them.
    """
    if state == "on":
        return f"Unit {unit} on: {100 * before[0]:.1f} % of the digits are read."
    change = after[1] - before[1]
    worst, best = int(np.nanargmin(change)), int(np.nanargmax(change))
    parts = []
    if change[worst] < 0:
        parts.append(f"the {worst} loses most ({points(change[worst])})")
    if change[best] > 0:
        parts.append(f"the {best} gains most ({points(change[best])})")
    effect = ", ".join(parts) or "no class changes"
    shares = f"{100 * before[0]:.1f} % → {100 * after[0]:.1f} %"
    return f"Unit {unit} {IN_WORDS[state]}: {shares}; {effect}."


def excitement_in_words(activation, number, label, liked):
    """The sentence on what one digit does to a unit, and which digits excite it most."""
    said = f"Digit {number}, {a_digit(label)}, sets it to {activation:.2f}".replace("-", "−")
    if len(liked) == 0:
        return f"{said}; no digit excites it."
    k, often = most_common(liked)
    if often == 1:
        return f"{said}; what excites it most is {a_digit(liked[0])}."
    if often == len(liked):
        return f"{said}; the {often} digits that excite it most are all {k}s."
    return f"{said}; of the {len(liked)} digits that excite it most, {often} are {k}s."


PLACES = {  # left, bottom, width, height in parts of the figure
    "digit": (0.01, 0.67, 0.2, 0.23),
    "weights": (0.24, 0.67, 0.2, 0.23),
    "product": (0.47, 0.67, 0.2, 0.23),
    "liked": (0.70, 0.56, 0.3, 0.34),
    "outgoing": (0.09, 0.10, 0.36, 0.35),
    "recalls": (0.57, 0.10, 0.42, 0.35),
}


def neuron_lab(params, digits, activations=("relu", "softmax")):
    """Make the widget that looks at one unit of the first hidden layer, and disturbs it.

    Parameters
    ----------
    params : list of Layer
        A trained network with a hidden layer.
    digits : pair of ndarray, X (784, m) and y (m,)
        Digits that it is judged by.
    activations : sequence of str, default ("relu", "softmax")

    Returns
    -------
    Frame
        With `parts`: the controls "unit", "digit", "state", and the "scene".

    Raises
    ------
    ValueError
        If the network has no hidden layer.
    """
    if len(params) < 2:
        raise ValueError("a neuron lab needs a network with a hidden layer; this one has none")
    digits = Digits(*digits)
    unit = slider("hidden unit", 0, 0, len(params[0].W) - 1)
    digit = slider("digit", 0, 0, digits.y.size - 1)
    state = choice("the unit is", list(STATES.items()), "on")
    scene = Scene((4.7, 4.1), PLACES)
    question = "What is one hidden unit good for?"
    moves = "hidden unit, digit, and the unit on, off, flipped or held"
    frame = Frame(question, [unit, digit, state], scene, moves)
    frame.parts = {"unit": unit, "digit": digit, "state": state, "scene": scene}
    show = units(scene.panels, params, digits, activations)

    def update():
        sentence = show(unit.value, digit.value, state.value)
        scene.show(sentence)
        frame.say(sentence)

    follow(frame, [unit, digit, state], update)
    return frame


def draw_panels(panels, pixels, y, W, outgoing, judged):
    """Draw into the panels whatever is changed later, and the signs between the first three."""
    plot_digit(pixels[0], y[0], ax=panels["digit"])
    panels["digit"].set_anchor("NW")
    plot_mosaic(W[:1], 1, ax=panels["weights"])
    plot_mosaic(W[:1], 1, ax=panels["product"])
    none_yet = np.zeros((MOST, pixels.shape[1]))
    plot_mosaic(none_yet, 4, signed=False, names=range(MOST), ax=panels["liked"])
    plot_signed_bars(outgoing[:, 0], float(np.abs(outgoing).max()) or 1.0, ax=panels["outgoing"])
    plot_recalls(judged[1], judged[1], ax=panels["recalls"])
    middle = PLACES["digit"][1] + PLACES["digit"][3] / 2
    for sign, right in (("×", "weights"), ("=", "product")):
        where = PLACES[right][0] - 0.016
        panels["digit"].figure.text(where, middle, sign, ha="center", va="center")


def units(panels, params, digits, activations):
    """Draw unit 0 into the panels; return the function that shows another and says what is seen."""
    (X, y), (W, b) = digits, params[0]
    Zs, As = forward(params, X, activations)
    judged = judge(As[-1], y)
    limit, outgoing = float(np.abs(W).max()) or 1.0, params[1].W
    draw_panels(panels, X.T, y, W, outgoing, judged)
    sums = panels["weights"].figure.text(0.01, 0.58, "", fontsize=9)
    target = "outputs" if len(params) == 2 else "next layer"

    def show(unit, number, state):
        x, z, a = X[:, number], Zs[0][unit, number], As[1][unit]
        liked = most_exciting(a)
        after = judge(with_unit(params, As[1], unit, state, activations), y)
        change_digit(panels["digit"], x, y[number])
        title = f"weights ±{limit:.2g}"
        change_mosaic(panels["weights"], W[[unit]], 1, limit, title=title)
        change_mosaic(panels["product"], W[[unit]] * x, 1, limit, title="pixel × weight")
        total, bias = signed(z - b[unit, 0], ".2f"), signed(b[unit, 0], ".2f")
        sums.set_text(f"sum {total}, bias {bias}: activation {a[number]:.2f}".replace("-", "−"))
        title = "what excites it most" if len(liked) else "nothing excites it"
        change_mosaic(panels["liked"], X.T[liked], 4, 1, False, y[liked], title)
        change_signed_bars(panels["outgoing"], outgoing[:, unit], f"its weights to the {target}")
        change_recalls(panels["recalls"], after[1], totals(state, judged[0], after[0]))
        effect = effect_in_words(unit, state, judged, after)
        return f"{effect} {excitement_in_words(a[number], number, y[number], y[liked])}"

    return show
