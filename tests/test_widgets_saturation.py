"""The saturation lab shows one real pass forward and back through the network that is set."""

import gc
import itertools
import weakref

import matplotlib.pyplot as plt
import numpy as np
import pytest
from ipywidgets import Widget

from nnlib.activations import sigmoid, sigmoid_derivative
from nnlib.gradient_check import numerical_gradient
from nnlib.losses import squared_error
from nnlib.network import Layer, forward
from nnlib.widgets import saturation_lab
from nnlib.widgets.saturation import (
    LIMITS,
    State,
    deep_sizes,
    drawn,
    figures,
    in_words,
    look_at,
    slopes,
)

pytestmark = pytest.mark.slow  # hundreds of pictures


@pytest.fixture(scope="module")
def digits():
    rng = np.random.default_rng(4)
    return rng.random((784, 40), dtype=np.float32), rng.integers(0, 10, 40)


@pytest.fixture
def frame(digits):
    """The widget as it is when it is new."""
    return saturation_lab(*digits)


def shown(frame):
    """For both panels: heights of the pale bars (if any) and of the others."""
    panels = []
    for ax in frame.parts["canvas"].figure.axes:
        groups = [[bar.get_height() for bar in group] for group in ax.containers]
        panels.append((groups[0] if len(groups) == 2 else None, groups[-1]))
    return panels


def test_start_values_are_one_draw_that_is_stretched():
    sizes = deep_sizes(2)
    assert sizes == [784, 20, 10, 10] and deep_sizes(1) == [784, 20, 10]
    one, two, divided = drawn(sizes, 1), drawn(sizes, 2), drawn(sizes, 2, divided=True)
    for (W, b), (V, c), (U, d), n in zip(one, two, divided, sizes):
        assert W.dtype == np.float32
        assert np.allclose(V, 2 * W) and np.allclose(c, 2 * b) and b.any()
        assert np.allclose(U, 2 * W / np.sqrt(n)) and not d.any()
    assert np.std(one[0].W) == pytest.approx(1, abs=0.02)


def test_slopes_are_those_of_the_activation():
    Z = np.array([[-8.0, -1.0, 0.5, 8.0]])
    assert np.allclose(slopes(Z, "sigmoid"), sigmoid_derivative(Z))
    assert np.array_equal(slopes(Z, "relu"), [[0, 0, 1, 1]])
    assert np.allclose(slopes(Z, "tanh"), 1 - np.tanh(Z) ** 2)


def test_a_state_is_what_nudging_finds(rng):
    sizes, m = [6, 5, 4, 3], 7
    params = [
        Layer(rng.normal(size=(n, k)), rng.normal(size=(n, 1))) for k, n in zip(sizes, sizes[1:])
    ]
    X, y = rng.random((6, m)), rng.integers(0, 3, m)
    names = ("tanh", "sigmoid", "sigmoid")
    Zs, _ = forward(params, X, names)
    Y = np.eye(3)[:, y]
    state = look_at(params, X, y, names)

    def loss_from_Z2(Z):
        return m * squared_error(sigmoid(params[2].W @ sigmoid(Z) + params[2].b), Y)

    dZ2 = numerical_gradient(loss_from_Z2, Zs[1])
    assert state.errors[1] == pytest.approx(np.sqrt((dZ2**2).mean()), rel=1e-6)

    def loss_with_W1(W):
        return squared_error(forward([Layer(W, params[0].b), *params[1:]], X, names)[1][-1], Y)

    dW1 = numerical_gradient(loss_with_W1, params[0].W)
    assert state.gradients[0] == pytest.approx(np.linalg.norm(dW1), rel=1e-6)
    flat = [1 - np.tanh(Zs[0]) ** 2 < 0.001, *(sigmoid_derivative(Z) < 0.001 for Z in Zs[1:])]
    assert state.shares == [share.mean() for share in flat]


def test_saturated_is_counted_in_every_layer(digits):
    params = drawn(deep_sizes(2), 1)
    Zs, _ = forward(params, 255 * digits[0], ("sigmoid",) * 3)
    state = look_at(params, 255 * digits[0], digits[1], ("sigmoid",) * 3)
    assert state.shares == pytest.approx([(np.abs(Z) > 6.9058).mean() for Z in Zs], abs=1e-3)
    assert state.shares[0] > 0.95


GRID = list(itertools.product((0.01, 1, 10), (False, True), (1, 255), (1, 6), ("sigmoid", "relu")))


@pytest.fixture
def quick(monkeypatch):
    """Draw, but make no PNG of it."""
    write = "matplotlib.backends.backend_agg.FigureCanvasAgg.print_png"
    monkeypatch.setattr(write, lambda canvas, buffer, **_: buffer.write(b"PNG"))


@pytest.mark.parametrize(("spread", "rule", "pixels", "hidden", "activation"), GRID)
def test_bars_and_words_are_those_of_the_network(
    quick, frame, digits, spread, rule, pixels, hidden, activation
):
    values = {"spread": spread, "rule": rule, "pixels": pixels, "hidden": hidden}
    for name, value in (values | {"activation": activation}).items():
        frame.parts[name].value = value
    params = drawn(deep_sizes(hidden), spread, rule)
    names = (activation,) * hidden + ("sigmoid",)
    with np.errstate(all="ignore"):
        state = look_at(params, digits[0] * np.float32(pixels), digits[1], names)
    assert frame.state() == state
    (_, errors), (_, percent) = shown(frame)
    assert np.allclose(errors, np.maximum(state.errors, LIMITS["errors"][0]))
    assert np.allclose(percent, 100 * np.array(state.shares))
    assert f"{hidden + 1} layers, {activation}: " in frame.words.value
    assert f"{100 * state.shares[0]:.0f} % of all slopes" in frame.words.value
    frame.parts["measure"].value = "gradients"
    heights = shown(frame)[0][1]
    assert np.allclose(heights, np.maximum(state.gradients, LIMITS["gradients"][0]))
    left = frame.parts["canvas"].figure.axes[0]
    assert left.get_ylim() == LIMITS["gradients"] and "gradient" in left.get_ylabel()


def test_the_state_before_a_change_stays_pale_and_axes_do_not_jump(frame):
    first = frame.state()
    assert [pale for pale, _ in shown(frame)] == [None, None]
    limits = [ax.get_ylim() for ax in frame.parts["canvas"].figure.axes]
    frame.parts["pixels"].value = 255
    assert np.allclose(shown(frame)[0][0], first.errors)
    assert np.allclose(shown(frame)[1][0], 100 * np.array(first.shares))
    frame.parts["hidden"].value = 5  # the pale bars are fewer now
    assert len(shown(frame)[0][0]) == 3 and len(shown(frame)[0][1]) == 6
    assert [ax.get_ylim() for ax in frame.parts["canvas"].figure.axes] == limits


def test_words_say_how_much_arrives():
    assert in_words(State([0.01, 0.24], [1, 1], [0.45, 0])) == (
        "in layer 1, 45 % of all slopes are below 0.001; the error that arrives there is 0.01, "
        "24 times smaller than at the output"
    )
    assert "2.0 times as large" in in_words(State([0.2, 0.1], [1, 1], [0, 0]))
    assert in_words(State([0.0, 0.1], [0, 1], [1, 0])).endswith("no error arrives there")
    assert [figures(n) for n in (6.84, 24, 219.6, 7911, 3e7)] == [
        *("6.8", "24", "220", "7,900", "more than a million")
    ]


def test_words_are_the_alt_text(frame):
    assert frame.parts["canvas"].alt == frame.parts["canvas"].figure.alt_text
    assert frame.parts["canvas"].alt.startswith("s = 1, 3 layers, sigmoid: in layer 1,")


def test_an_exception_is_a_sentence_and_the_next_event_works(frame, monkeypatch):
    canvas = frame.parts["canvas"]
    redraw = canvas.redraw
    monkeypatch.setattr(canvas, "redraw", lambda draw: 1 / 0)
    frame.parts["pixels"].value = 255
    assert "That did not work: ZeroDivisionError" in frame.words.value
    monkeypatch.setattr(canvas, "redraw", redraw)
    frame.parts["hidden"].value = 3
    assert "4 layers" in frame.words.value


def test_its_text_is_one_short_sentence_and_no_figure_is_left(digits):
    frames = [saturation_lab(*digits) for _ in range(20)]
    text = repr(frames[0])
    assert text.startswith("Interactive: ") and text.endswith("; run this cell to use it.")
    assert len(text) <= 110
    assert plt.get_fignums() == []
    made = [weakref.ref(frame.parts["canvas"].figure) for frame in frames]
    del frames
    Widget.close_all()
    gc.collect()
    assert [figure() for figure in made] == [None] * 20
