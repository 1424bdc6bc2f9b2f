"""The saturation lab shows one real pass forward and back through the network that is set."""

import itertools

import numpy as np
import pytest

from nnlib.views.saturation import State, deep_sizes, drawn, look_at
from nnlib.widgets import saturation_lab
from nnlib.widgets.saturation import LIMITS, state_in_words

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("quick")]  # hundreds of pictures


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


GRID = list(itertools.product((0.01, 1, 10), (False, True), (1, 255), (1, 6), ("sigmoid", "relu")))


@pytest.mark.parametrize(("spread", "rule", "pixels", "hidden", "activation"), GRID)
def test_bars_and_words_are_those_of_the_network(
    frame, digits, spread, rule, pixels, hidden, activation
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
    assert state_in_words(State([0.01, 0.24], [1, 1], [0.45, 0])) == (
        "in layer 1, 45 % of all slopes are below 0.001; the error that arrives there is 0.01, "
        "24 times smaller than at the output"
    )
    assert "2.0 times as large" in state_in_words(State([0.2, 0.1], [1, 1], [0, 0]))
    assert state_in_words(State([0.0, 0.1], [0, 1], [1, 0])).endswith("no error arrives there")
