"""The saturation lab: what start values, pixels and depth do to a network before its first step."""

import numpy as np

from nnlib.plots.deep import plot_layer_bars
from nnlib.views.saturation import FLAT, deep_sizes, drawn, look_at
from nnlib.views.words import figures
from nnlib.widgets.frame import Trace, choice, log_slider, picture_widget, slider

MEASURES = {"the error dZ": "errors", "the gradient dW": "gradients"}
LIMITS = {"errors": (1e-8, 10), "gradients": (1e-6, 1000)}


def state_in_words(state):
    """The sentence on a state: where it is saturated, and what is left of the error in layer 1."""
    first, last = state.errors[0], state.errors[-1]
    stuck = f"in layer 1, {100 * state.shares[0]:.0f} % of all slopes are below {FLAT:g}"
    if first == 0:
        return f"{stuck}; no error arrives there"
    if first < last:
        arrives = f"{figures(last / first)} times smaller than at the output"
    else:
        arrives = f"{figures(first / last)} times as large as at the output"
    return f"{stuck}; the error that arrives there is {first:.2g}, {arrives}"


def saturation_lab(X, y):
    """Make the widget that shows error, gradient and saturation of each layer at the start.

    Parameters
    ----------
    X : ndarray, shape (784, m)
        One batch of digits, 0…1; a few hundred are enough.
    y : ndarray of int, shape (m,)

    Returns
    -------
    Frame
        With `parts`: the controls "spread", "rule", "pixels", "hidden", "activation", "measure",
        and the "canvas"; `state()` returns what is shown.
    """
    rules = [("N(0, s²)", False), ("N(0, s²/n)", True)]
    controls = {
        "spread": log_slider("spread s", 1, 0.01, 10),
        "rule": choice("weights from", rules, False),
        "pixels": choice("pixels", [("0…1", 1), ("0…255", 255)], 1),
        "hidden": slider("hidden layers", 2, 1, 6),
        "activation": choice("activation", ["sigmoid", "tanh", "relu"], "sigmoid"),
        "measure": choice("bars show", list(MEASURES.items()), "errors"),
    }
    before = Trace()

    def show(figure, spread, rule, pixels, hidden, activation, measure):
        params = drawn(deep_sizes(hidden), spread, rule)
        names = (activation,) * hidden + ("sigmoid",)
        with np.errstate(all="ignore"):  # silly settings may leave float32
            state = look_at(params, X * np.float32(pixels), y, names)
        setting = spread, rule, pixels, hidden, activation, measure
        draw_state(figure, state, before.change(setting, state), measure)
        return f"s = {spread:.2g}, {hidden + 1} layers, {activation}: {state_in_words(state)}"

    question = "How much of the error reaches the first layer?"
    moves = "start values, pixels, depth and activation of a deep network"
    frame = picture_widget(question, moves, (5.4, 3.0), controls, show)
    frame.state = lambda: before.seen
    return frame


def draw_state(figure, state, before, measure):
    """Draw the chosen measure and the saturated share of each layer; pale, what was before."""
    left, right = figure.subplots(1, 2)
    old = None if before is None else getattr(before, measure)
    names = {"errors": "error dZ, root mean square", "gradients": "gradient dW, norm"}
    values = getattr(state, measure)
    plot_layer_bars(values, old, names[measure], LIMITS[measure], True, ax=left)
    old = None if before is None else [100 * share for share in before.shares]
    percent = [100 * share for share in state.shares]
    plot_layer_bars(percent, old, "slope below 0.001, % of cases", (0, 112), ax=right)
    right.set_yticks([0, 50, 100])
