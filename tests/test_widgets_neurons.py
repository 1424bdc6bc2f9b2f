"""The neuron lab: every panel shows the unit, and its state."""

import io

import matplotlib.pyplot as plt
import numpy as np
import pytest
from PIL import Image

from nnlib.network import Layer, forward, init_params
from nnlib.optimizers import SGD
from nnlib.plots.inside import NEGATIVE, POSITIVE
from nnlib.training import train
from nnlib.views.images import tile
from nnlib.views.units import judge, most_exciting, with_unit
from nnlib.widgets import neuron_lab
from nnlib.widgets.neurons import (
    IN_WORDS,
    STATES,
    a_digit,
    effect_in_words,
    excitement_in_words,
    points,
    signed,
)

pytestmark = pytest.mark.slow  # hundreds of pictures


@pytest.fixture(scope="module")
def digits():
    """Sixty random pictures, which a network can learn by heart."""
    rng = np.random.default_rng(5)
    return (rng.random((784, 60)) ** 6).astype(np.float32), np.arange(60) % 10


@pytest.fixture(scope="module")
def params(digits):
    start = init_params([784, 7, 10], np.random.default_rng(1))
    (W1, b1), last = list(train(start, *digits, SGD(0.05), epochs=100))[-1].params
    b1 = b1.copy()
    b1[2] = -1000  # unit 2 is dead
    return [Layer(W1, b1), last]


@pytest.fixture(scope="module")
def made(params, digits):
    return neuron_lab(params, digits)


@pytest.fixture
def frame(made):
    """The widget as it is when it is new."""
    for name, value in (("unit", 0), ("digit", 0), ("state", "on")):
        made.parts[name].value = value
    return made


def test_words_are_what_a_person_would_say():
    before = (0.912, np.array([0.9, 0.9, 0.80]))
    after = (0.884, np.array([0.9, 0.78, 0.81]))
    said = effect_in_words(7, "off", before, after)
    assert said == (
        "Unit 7 off: 91.2 % → 88.4 %; the 1 loses most (−12 points), the 2 gains most (+1 point)."
    )
    flipped = effect_in_words(7, "flip", before, before)
    assert flipped == "Unit 7 with its sign flipped: 91.2 % → 91.2 %; no class changes."
    frozen = effect_in_words(5, "freeze", before, before)
    assert frozen == "Unit 5 held at its mean: 91.2 % → 91.2 %; no class changes."
    assert effect_in_words(7, "on", before, before) == "Unit 7 on: 91.2 % of the digits are read."
    absent = (0.5, np.array([np.nan, 0.5, 0.5])), (0.4, np.array([np.nan, 0.5, 0.3]))
    assert "the 2 loses most (−20 points)." in effect_in_words(0, "off", *absent)


def test_words_for_what_excites_a_unit():
    liked = np.array([3, 3, 5])
    assert excitement_in_words(1.5, 4, 8, liked) == (
        "Digit 4, an 8, sets it to 1.50; of the 3 digits that excite it most, 2 are 3s."
    )
    assert excitement_in_words(1.5, 4, 8, liked[:2]).endswith(
        "; the 2 digits that excite it most are all 3s."
    )
    assert excitement_in_words(-0.5, 4, 2, liked[1:]).endswith(
        "sets it to −0.50; what excites it most is a 3."
    )
    assert excitement_in_words(0, 4, 2, liked[:0]).endswith("no digit excites it.")
    assert (a_digit(8), a_digit(1)) == ("an 8", "a 1")
    assert (points(-0.01), points(0.3)) == ("−1 point", "+30 points")
    assert signed(-1.25, ".1f") == "−1.2"


def test_every_state_fits_into_the_list():
    assert all(len(text) <= 18 for text in STATES)  # 160 pixels
    assert list(STATES.values()) == ["on", "off", "flip", "freeze"]


GRID = [  # each unit in each state; each digit with each of both
    (unit, number, state)
    for i, state in enumerate(STATES.values())
    for unit, number in zip([0, 2, 6], np.roll([0, 31, 59], i))
]


@pytest.fixture(params=GRID, ids=str)
def seen(request, made):
    """Unit, digit and state, with all panels showing them."""
    for name, value in zip(("unit", "digit", "state"), request.param):
        made.parts[name].value = value
    return request.param


@pytest.fixture
def shown(made):
    return made.parts["canvas"].panels


def data(ax):
    """The values of an image, NaN where there is paper."""
    return np.ma.filled(ax.images[0].get_array(), np.nan)


def test_the_first_panels_show_digit_weights_and_their_product(seen, shown, params, digits):
    (unit, number, _), (X, y), (W1, b1) = seen, digits, params[0]
    assert np.array_equal(data(shown["digit"]).ravel(), X[:, number])
    assert shown["digit"].texts[0].get_text() == str(y[number])
    assert np.array_equal(data(shown["weights"])[1:-1, 1:-1].ravel(), W1[unit])
    product = data(shown["product"])
    assert np.array_equal(product[1:-1, 1:-1].ravel(), W1[unit] * X[:, number])
    assert shown["weights"].images[0].get_clim() == shown["product"].images[0].get_clim()
    total = np.nansum(product, dtype=np.float64) + float(b1[unit, 0])
    Zs, _ = forward(params, X)
    assert total == pytest.approx(float(Zs[0][unit, number]), rel=1e-3)


def test_the_digits_that_excite_a_unit_are_shown_and_named(seen, shown, params, digits):
    (unit, *_), (X, y) = seen, digits
    liked = most_exciting(forward(params, X)[1][1][unit])
    expected, sheet = tile(X.T[liked], 4), data(shown["liked"])
    assert np.array_equal(sheet[: len(expected)], expected, equal_nan=True)
    assert np.isnan(sheet[len(expected) :]).all()
    names = [text.get_text() for text in shown["liked"].texts]
    assert names == [str(k) for k in y[liked]] + [""] * (12 - len(liked))
    assert shown["liked"].images[0].get_clim() == (0, 1)


def test_bars_are_the_weights_to_the_outputs(seen, shown, params):
    outgoing = params[1].W[:, seen[0]]
    bars = shown["outgoing"].containers[0]
    assert np.allclose([bar.get_height() for bar in bars], outgoing)
    colors = [plt.matplotlib.colors.to_hex(bar.get_facecolor()) for bar in bars]
    assert colors == [POSITIVE if value >= 0 else NEGATIVE for value in outgoing]


def test_recalls_and_words_tell_the_effect_of_the_state(seen, shown, made, params, digits):
    (unit, number, state), (X, y) = seen, digits
    A1, whole = forward(params, X)[1][1:]
    (share, recalls), (now, after) = judge(whole, y), judge(with_unit(params, A1, unit, state), y)
    pale, strong = (line.get_ydata() for line in shown["recalls"].lines)
    assert np.allclose(pale, 100 * recalls) and np.allclose(strong, 100 * after)
    segments = shown["recalls"].collections[0].get_segments()
    assert np.allclose([line[:, 1] for line in segments], np.c_[pale, strong])
    words = made.words.value
    assert words.startswith(f"Unit {unit} {IN_WORDS.get(state, 'on')}: {100 * share:.1f} %")
    assert (f"{100 * share:.1f} % → {100 * now:.1f} %" in words) == (state != "on")
    assert f"sets it to {A1[unit, number]:.2f}" in words
    assert ("no digit excites it" in words) == (unit == 2)


def test_a_dead_unit_changes_nothing_in_any_state(frame):
    frame.parts["unit"].value = 2
    for state in ("off", "flip", "freeze"):
        frame.parts["state"].value = state
        assert "no class changes" in frame.words.value
    assert frame.parts["canvas"].panels["liked"].get_title(loc="left") == "nothing excites it"


def test_axes_stay_while_units_move(frame):
    panels = frame.parts["canvas"].panels
    limits = {(name, *ax.get_xlim(), *ax.get_ylim()) for name, ax in panels.items()}
    for unit in range(7):
        frame.parts["unit"].value = unit
        frame.parts["state"].value = "flip"
        assert {(name, *ax.get_xlim(), *ax.get_ylim()) for name, ax in panels.items()} == limits


def test_values_beyond_the_ends_are_the_ends(frame):
    frame.parts["unit"].value = 99
    frame.parts["digit"].value = -7
    assert frame.words.value.startswith("Unit 6 on:") and "Digit 0," in frame.words.value


def test_no_hidden_layer_is_refused_and_one_unit_is_enough(digits, rng):
    with pytest.raises(ValueError, match="hidden layer"):
        neuron_lab(init_params([784, 10], rng), digits)
    frame = neuron_lab(init_params([784, 1, 10], rng), digits)
    frame.parts["unit"].value = 1
    frame.parts["state"].value = "off"
    assert frame.words.value.startswith("Unit 0 off:")


def test_a_deeper_network_shows_the_weights_to_its_next_layer(digits, rng):
    params = init_params([784, 5, 14, 10], rng, start="xavier")
    frame = neuron_lab(params, digits, ("tanh", "sigmoid", "softmax"))
    frame.parts["unit"].value = 4
    panel = frame.parts["canvas"].panels["outgoing"]
    assert len(panel.containers[0]) == 14
    assert "next layer" in panel.get_title(loc="left")


def test_the_picture_fits_and_turning_back_restores_it(frame):
    before = frame.parts["canvas"].value
    size = Image.open(io.BytesIO(before)).size
    assert size[0] <= 480 and size[1] <= 420
    frame.parts["state"].value = "freeze"
    assert frame.parts["canvas"].value != before
    frame.parts["state"].value = "on"
    assert frame.parts["canvas"].value == before
