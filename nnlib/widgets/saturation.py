"""The saturation lab: what start values, pixels and depth do to a network before its first step."""

import math
from typing import NamedTuple

import numpy as np

from nnlib.activations import ACTIVATIONS
from nnlib.backprop import backward, output_error
from nnlib.losses import one_hot
from nnlib.network import Layer, forward
from nnlib.plots.deep import plot_layer_bars
from nnlib.widgets.frame import Canvas, Frame, choice, follow, log_slider, slider

FLAT = 0.001  # a unit is saturated (relu: off) for a digit if its slope is below this
LOSS = "squared_error"
MEASURES = {"the error dZ": "errors", "the gradient dW": "gradients"}
LIMITS = {"errors": (1e-8, 10), "gradients": (1e-6, 1000)}


class State(NamedTuple):
    """What a network is like before its first step, one number a layer each."""

    errors: list[float]  # root mean square of dZ: the error that arrives there
    gradients: list[float]  # the norm of dW
    shares: list[float]  # of all units and digits, those whose slope is below FLAT, 0…1


def deep_sizes(n_hidden):
    """Sizes of a network with so many hidden layers: 784, 20, then layers of 10."""
    return [784, 20, *[10] * n_hidden]


def drawn(sizes, spread, divided=False, seed=0):
    """Start values of a given spread, float32, from one draw that only the spread stretches.

    Parameters
    ----------
    sizes : sequence of int
    spread : float
        Standard deviation s of the weights.
    divided : bool, default False
        False: weights and biases from N(0, s²). True: weights from N(0, s²/n) for n inputs, biases
        0.
    seed : int, default 0

    Returns
    -------
    list of Layer
    """
    rng, params = np.random.default_rng(seed), []
    for n_in, n_out in zip(sizes, sizes[1:]):
        W, b = rng.normal(size=(n_out, n_in)), rng.normal(size=(n_out, 1))
        scale = spread / math.sqrt(n_in) if divided else spread
        b_scale = 0 if divided else spread
        params.append(Layer((scale * W).astype(np.float32), (b_scale * b).astype(np.float32)))
    return params


def slopes(Z, activation):
    """The slope of an activation at each entry of Z."""
    return ACTIVATIONS[activation].backward(np.ones_like(Z), Z)


def look_at(params, X, y, activations):
    """One forward and one backward pass with squared error: the State of a network.

    Parameters
    ----------
    params : list of Layer
    X : ndarray, shape (n_0, m)
    y : ndarray of int, shape (m,)
    activations : sequence of str, one a layer

    Returns
    -------
    State
    """
    Zs, As = forward(params, X, activations)
    Y = one_hot(y, len(As[-1]), X.dtype)
    grads = backward(params, Zs, As, Y, activations, LOSS)
    dZs = [output_error(Zs[-1], As[-1], Y, activations[-1], LOSS)]
    for l in reversed(range(1, len(params))):
        dA = params[l].W.T @ dZs[0]
        dZs.insert(0, ACTIVATIONS[activations[l - 1]].backward(dA, Zs[l - 1]))
    return State(
        [float(np.sqrt((dZ**2).mean())) for dZ in dZs],
        [float(np.linalg.norm(dW)) for dW, _ in grads],
        [float((slopes(Z, name) < FLAT).mean()) for Z, name in zip(Zs, activations)],
    )


def in_words(state):
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


def figures(number):
    """A number with two figures, written out: 6.8, 340, 16,000; beyond a million, only that."""
    if number >= 1e6:
        return "more than a million"
    if number < 10:
        return f"{number:.1f}"
    return f"{round(number, 1 - math.floor(math.log10(number))):,.0f}"


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
    parts = {
        "spread": log_slider("spread s", 1, 0.01, 10),
        "rule": choice("weights from", rules, False),
        "pixels": choice("pixels", [("0…1", 1), ("0…255", 255)], 1),
        "hidden": slider("hidden layers", 2, 1, 6),
        "activation": choice("activation", ["sigmoid", "tanh", "relu"], "sigmoid"),
        "measure": choice("bars show", list(MEASURES.items()), "errors"),
        "canvas": Canvas((5.4, 3.0)),
    }
    controls = [part for name, part in parts.items() if name != "canvas"]
    moves = "start values, pixels, depth and activation of a deep network"
    question = "How much of the error reaches the first layer?"
    frame = Frame(question, controls, parts["canvas"], moves)
    frame.parts, shown = parts, []
    frame.state = lambda: shown[-1]

    def update():
        hidden, activation = parts["hidden"].value, parts["activation"].value
        params = drawn(deep_sizes(hidden), parts["spread"].value, parts["rule"].value)
        images = X * np.float32(parts["pixels"].value)
        names = (activation,) * hidden + ("sigmoid",)
        with np.errstate(all="ignore"):  # silly settings may leave float32
            shown.append(look_at(params, images, y, names))
        before, measure = shown[-2] if len(shown) > 1 else None, parts["measure"].value
        del shown[:-2]
        parts["canvas"].redraw(lambda figure: draw_state(figure, shown[-1], before, measure))
        said = in_words(shown[-1])
        settings = f"s = {parts['spread'].value:.2g}, {hidden + 1} layers, {activation}"
        parts["canvas"].figure.alt_text = f"{settings}: {said}"
        frame.say(f"{settings}: {said}")

    follow(frame, controls, update)
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
