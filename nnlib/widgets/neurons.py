"""The neuron lab: one hidden unit, what it looks for, and what is lost without it."""

import numpy as np

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
from nnlib.views.units import judge, most_common, most_exciting, with_unit
from nnlib.views.words import a_digit, minus_signs, signed
from nnlib.widgets.frame import choice, picture_widget, slider
from nnlib.widgets.scene import Scene

STATES = {"on": "on", "off": "off", "sign flipped": "flip", "held at its mean": "freeze"}
IN_WORDS = {"off": "off", "flip": "with its sign flipped", "freeze": "held at its mean"}
MOST = 12  # digits shown that excite a unit


def totals(state, before, after):
    """The title over the shares of the classes."""
    change = "" if state == "on" else f" → {100 * after:.1f}"
    return f"read: {100 * before:.1f}{change} %"


def points(change):
    """A change of shares, in points, with its sign: "−12 points", "+1 point"."""
    number = round(100 * change)
    return signed(number, ".0f") + (" point" if abs(number) == 1 else " points")


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
    said = minus_signs(f"Digit {number}, {a_digit(label)}, sets it to {activation:.2f}")
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
        With `parts`: the controls "unit", "digit", "state", and the "canvas".

    Raises
    ------
    ValueError
        If the network has no hidden layer.
    """
    if len(params) < 2:
        raise ValueError("a neuron lab needs a network with a hidden layer; this one has none")
    (X, y), (Zs, As) = digits, forward(params, digits[0], activations)
    whole = judge(As[-1], y)
    controls = {
        "unit": slider("hidden unit", 0, 0, len(params[0].W) - 1),
        "digit": slider("digit", 0, 0, y.size - 1),
        "state": choice("the unit is", list(STATES.items()), "on"),
    }
    scene = Scene((4.7, 4.1), PLACES)
    sums = draw_panels(scene.panels, X.T, y, params, whole)

    def show(panels, unit, digit, state):
        z, a = Zs[0][unit, digit], As[1][unit]
        liked = most_exciting(a, MOST)
        after = judge(with_unit(params, As[1], unit, state, activations), y)
        change_unit(panels, params, unit, (X[:, digit], y[digit]), (X.T[liked], y[liked]))
        change_recalls(panels["recalls"], after[1], totals(state, whole[0], after[0]))
        sums.set_text(sum_in_words(z, params[0].b[unit, 0], a[digit]))
        effect = effect_in_words(unit, state, whole, after)
        return f"{effect} {excitement_in_words(a[digit], digit, y[digit], y[liked])}"

    question = "What is one hidden unit good for?"
    moves = "hidden unit, digit, and the unit on, off, flipped or held"
    return picture_widget(question, moves, scene, controls, show)


def draw_panels(panels, pixels, y, params, judged):
    """Draw into the panels whatever is changed later; return the text for the sums."""
    W, outgoing = params[0].W, params[1].W
    plot_digit(pixels[0], y[0], ax=panels["digit"])
    panels["digit"].set_anchor("NW")
    plot_mosaic(W[:1], 1, ax=panels["weights"])
    plot_mosaic(W[:1], 1, ax=panels["product"])
    none_yet = np.zeros((MOST, pixels.shape[1]))
    plot_mosaic(none_yet, 4, signed=False, names=range(MOST), ax=panels["liked"])
    plot_signed_bars(outgoing[:, 0], float(np.abs(outgoing).max()) or 1.0, ax=panels["outgoing"])
    plot_recalls(judged[1], judged[1], ax=panels["recalls"])
    figure, middle = panels["digit"].figure, PLACES["digit"][1] + PLACES["digit"][3] / 2
    for sign, right in (("×", "weights"), ("=", "product")):
        figure.text(PLACES[right][0] - 0.016, middle, sign, ha="center", va="center")
    return figure.text(0.01, 0.58, "", fontsize=9)


def change_unit(panels, params, unit, seen, liked):
    """Show another unit: its weights, on one digit, what it likes, and its outgoing weights.

    `seen` is that digit as (pixels, label), `liked` are the digits that excite the unit most.
    """
    W, limit = params[0].W[[unit]], float(np.abs(params[0].W).max()) or 1.0
    change_digit(panels["digit"], *seen)
    change_mosaic(panels["weights"], W, 1, limit, title=f"weights ±{limit:.2g}")
    change_mosaic(panels["product"], W * seen[0], 1, limit, title="pixel × weight")
    images, labels = liked
    title = "what excites it most" if len(images) else "nothing excites it"
    change_mosaic(panels["liked"], images, 4, 1, False, labels, title)
    target = "outputs" if len(params) == 2 else "next layer"
    title = f"its weights to the {target}"
    change_signed_bars(panels["outgoing"], params[1].W[:, unit], title)


def sum_in_words(z, bias, activation):
    """How the weighted pixels and the bias add up."""
    begin = f"sum {signed(z - bias, '.2f')}, bias {signed(bias, '.2f')}"
    return minus_signs(f"{begin}: activation {activation:.2f}")
