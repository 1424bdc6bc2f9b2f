"""The gradient microscope: what it shows and says for any weight."""

import time

import numpy as np
import pytest

from nnlib.network import Layer, init_params
from nnlib.views.microscope import REACH, STEPS, WINDOW, subject, units_that_switch, view
from nnlib.views.words import power, precise
from nnlib.widgets import gradient_microscope
from nnlib.widgets.gradients import FLOOR

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("quick")]  # hundreds of pictures

HIDDEN, M = 5, 7


@pytest.fixture(scope="module")
def network():
    """784-5-10 in float32; pixel 0 is paper in all digits, pixel 400 in none; unit 1 is off."""
    rng = np.random.default_rng(0)
    (W1, _), (W2, _) = init_params([784, HIDDEN, 10], rng)
    b2 = rng.normal(size=(10, 1)).astype(np.float32)
    X = (rng.random((784, M)) * (rng.random((784, M)) < 0.2)).astype(np.float32)
    X[0], X[400] = 0, 0.5
    b1 = 0.1 - np.median(W1 @ X, axis=1, keepdims=True)  # each unit is on for four of the digits
    b1[1] = -1000
    return [Layer(W1, b1), Layer(W2, b2)], X, np.arange(M) % 10


@pytest.fixture
def frame(network):
    return gradient_microscope(*network)


@pytest.fixture(scope="module")
def s(network):
    return subject(*network)


def set_to(frame, **values):
    for name, value in values.items():
        frame.parts[name].value = value
    return frame


def panel(frame, name):
    return frame.parts["canvas"].panels[name]


def lines(frame, name):
    """The data of all lines of a panel."""
    return [np.array(line.get_data(), dtype=float) for line in panel(frame, name).lines]


def test_it_opens_at_the_strongest_weight_with_a_step_of_one(frame, s):
    unit, pixel = np.unravel_index(np.abs(s.grads[0].W).argmax(), (HIDDEN, 784))
    parts = frame.parts
    assert (parts["unit"].value, 28 * parts["row"].value + parts["column"].value) == (unit, pixel)
    assert frame.words.value.startswith(f"W1[{unit}, {pixel}]: backpropagation ")
    assert "at step 1" in frame.words.value


def test_the_curve_has_its_tangent_and_the_line_of_the_difference(frame, s):
    set_to(frame, unit=3, row=14, column=8, step=0.5)
    v = view(s, (0, 3, 400), 0.5)
    _trace, curve, tangent, chord, point = lines(frame, "curve")
    np.testing.assert_array_equal(curve, [REACH, v.losses])
    np.testing.assert_allclose(np.diff(tangent[1]) / np.diff(REACH), v.slope, atol=1e-12)
    np.testing.assert_allclose(chord.T, v.ends)
    np.testing.assert_allclose((chord[1, 1] - chord[1, 0]) / 1.0, v.difference)
    np.testing.assert_allclose(point.T, [(0, v.losses[20])])
    assert panel(frame, "curve").get_xlabel() == "change of W1[3, 400]"


def test_the_weight_before_stays_as_a_pale_trace(frame, s):
    set_to(frame, unit=3, row=14, column=8)
    set_to(frame, column=9)
    trace, curve, *_ = lines(frame, "curve")
    np.testing.assert_array_equal(trace[1], view(s, (0, 3, 400), 1.0).losses)
    np.testing.assert_array_equal(curve[1], view(s, (0, 3, 401), 1.0).losses)
    set_to(frame, step=0.01)  # the same weight: the trace stays
    np.testing.assert_array_equal(lines(frame, "curve")[0], trace)


def test_axes_stay_or_grow(frame):
    curve, errors = panel(frame, "curve"), panel(frame, "errors")
    low, high = curve.get_ylim()
    for name, value in [("step", 1e-5), ("unit", 0), ("layer", 1), ("source", 4), ("unit", 9)]:
        set_to(frame, **{name: value})
        assert curve.get_xlim() == (-2, 2) and errors.get_xlim() == (5e-12, 2)
        assert errors.get_ylim() == (FLOOR / 3, 300)
        assert curve.get_ylim()[0] <= low and curve.get_ylim()[1] >= high
        low, high = curve.get_ylim()
        drawn = lines(frame, "curve")[-4][1]
        assert low < drawn.min() and drawn.max() < high
    assert (errors.get_xscale(), errors.get_yscale()) == ("log", "log")


def test_the_curve_of_errors_marks_the_step(frame, s):
    set_to(frame, unit=3, row=14, column=8, step=1e-3)
    v = view(s, (0, 3, 400), frame.parts["step"].value)
    vertical, errors, ring = lines(frame, "errors")
    np.testing.assert_allclose(vertical[0], 1e-3)
    np.testing.assert_array_equal(errors, [STEPS, np.maximum(v.errors["float64"], FLOOR)])
    np.testing.assert_allclose(ring.ravel(), [1e-3, v.error])
    set_to(frame, single=True)
    _, double, single, _ = lines(frame, "errors")
    np.testing.assert_array_equal(double, errors)
    with_both = view(s, (0, 3, 400), 1e-3, (np.float64, np.float32))
    np.testing.assert_array_equal(single[1], np.maximum(with_both.errors["float32"], FLOOR))


def test_magnified_the_curve_is_seen_as_far_as_the_step(frame, s):
    set_to(frame, unit=3, row=14, column=8, magnify=True, single=True, step=1e-6)
    near = panel(frame, "near")
    assert near.get_visible() and not panel(frame, "curve").get_visible()
    v = view(s, (0, 3, 400), frame.parts["step"].value, (np.float64, np.float32), magnify=True)
    double, single, tangent, chord = lines(frame, "near")
    scale = double[1, -1] / v.magnified["float64"][-1]
    np.testing.assert_allclose(double, [WINDOW, scale * v.magnified["float64"]])
    np.testing.assert_allclose(single, [WINDOW, scale * v.magnified["float32"]])
    np.testing.assert_allclose(tangent[1], scale * v.slope * v.step * WINDOW)
    np.testing.assert_allclose(chord[0], [-1, 1])
    assert len(set(single[1])) < 30 < len(set(double[1]))  # float32 goes in stairs
    assert np.abs([double[1], single[1]]).max() <= 1
    assert [label.get_text() for label in near.get_xticklabels()] == ["−1e−6", "0", "1e−6"]
    set_to(frame, magnify=False)
    assert panel(frame, "curve").get_visible() and not near.get_visible()


def test_a_ring_shows_where_the_weight_is(frame, s):
    set_to(frame, unit=3, row=2, column=27)
    image, ring = panel(frame, "place").images[0], lines(frame, "place")[0]
    np.testing.assert_array_equal(image.get_array(), s.grads[0].W[3].reshape(28, 28))
    np.testing.assert_array_equal(ring.ravel(), [27, 2])
    limit = np.abs(s.grads[0].W).max()
    assert image.get_clim() == (-limit, limit)
    set_to(frame, layer=1, unit=9, source=4)
    image, ring = panel(frame, "place").images[0], lines(frame, "place")[0]
    np.testing.assert_array_equal(image.get_array(), s.grads[1].W)
    np.testing.assert_array_equal(ring.ravel(), [4, 9])
    place = panel(frame, "place")
    assert (place.get_xlim(), place.get_ylim()) == ((-0.5, HIDDEN - 0.5), (9.5, -0.5))
    set_to(frame, layer=0)
    assert (place.get_xlim(), place.get_ylim()) == ((-0.5, 27.5), (27.5, -0.5))


def test_the_layer_decides_which_controls_there_are(frame):
    parts = frame.parts
    assert parts["unit"].max == HIDDEN - 1 and parts["source"].layout.display == "none"
    assert parts["row"].layout.display is None
    set_to(frame, layer=1)
    assert (parts["unit"].max, parts["unit"].description) == (9, "to class")
    assert parts["row"].layout.display == parts["column"].layout.display == "none"
    assert parts["source"].layout.display is None
    set_to(frame, unit=9)
    set_to(frame, layer=0)
    assert parts["unit"].value == HIDDEN - 1
    assert frame.words.value.startswith(f"W1[{HIDDEN - 1}, ")


@pytest.mark.parametrize("layer, unit", [(0, 0), (0, 4), (1, 0), (1, 9)])
def test_the_button_finds_the_strongest_input_of_the_unit(frame, s, layer, unit):
    set_to(frame, layer=layer, unit=unit)
    frame.parts["strongest"].click()
    best = np.abs(s.grads[layer].W[unit]).argmax()
    assert frame.words.value.startswith(f"W{layer + 1}[{unit}, {best}]: ")


def test_words_hold_both_slopes_the_error_and_the_step(frame, s):
    set_to(frame, layer=1, unit=2, source=4, step=1e-5)
    v = view(s, (1, 2, 4), frame.parts["step"].value)
    assert frame.words.value == (
        f"W2[2, 4]: backpropagation {precise(v.slope)}, difference {precise(v.difference)}, "
        f"error {power(v.error)} at step 1e−5."
    )


def test_words_say_why_a_weight_does_nothing(frame):
    said = set_to(frame, unit=4, row=0, column=0).words.value
    assert "backpropagation 0.000000, difference 0.000000, error 0 at step 1. " in said
    assert said.endswith(". Pixel 0 is paper in all 7 digits: this weight does nothing.")
    assert "0: there is no slope" in panel(frame, "errors").get_title(loc="left")
    said = set_to(frame, unit=1, row=14, column=8).words.value
    assert said.endswith(". Unit 1 is off wherever this pixel has ink.")
    said = set_to(frame, layer=1, unit=2, source=1).words.value
    assert said.endswith(". Unit 1 is off for all 7 digits: this weight does nothing.")


def test_words_say_that_a_step_crosses_the_kink(frame, s):
    set_to(frame, unit=3, row=14, column=8, step=1.0)
    switching = units_that_switch(s.params, s.X, (0, 3, 400), 1.0)
    kink = f" at step 1; unit 3 switches for {switching} of 7 digits."
    assert switching > 0 and frame.words.value.endswith(kink)
    assert "switches" not in set_to(frame, step=1e-11).words.value


def test_the_step_beside_its_slider_is_written_short(frame):
    assert frame.parts["step"].readout_format == ".0e"  # "0.0000031" would be cut off


def test_numbers_beyond_the_ends_are_taken_back_to_them(frame):
    set_to(frame, step=1e30, unit=1000, row=-5)
    assert frame.parts["step"].value == 1 and frame.parts["unit"].value == HIDDEN - 1
    assert frame.words.value.startswith(f"W1[{HIDDEN - 1}, {frame.parts['column'].value}]")


def test_it_wants_two_layers_and_784_pixels(network):
    params, X, y = network
    with pytest.raises(ValueError, match="expected two layers and 784 pixels; got 1 layers"):
        gradient_microscope(params[:1], X, y)
    with pytest.raises(ValueError, match=r"X of shape \(7, 784\)"):
        gradient_microscope(params, X.T, y)


def test_drawing_it_again_piles_nothing_up(frame):
    set_to(frame, step=1e-5)
    count = [len(ax.get_children()) for ax in frame.parts["canvas"].figure.axes]
    for step in (1e-3, 1e-5):
        set_to(frame, step=step)
    assert [len(ax.get_children()) for ax in frame.parts["canvas"].figure.axes] == count


def test_a_change_is_drawn_soon(network):
    params = init_params([784, 32, 10], np.random.default_rng(0))
    frame = gradient_microscope(params, np.tile(network[1], 14), np.tile(network[2], 14))
    begin = time.process_time()
    for step in (1e-1, 1e-2, 1e-3, 1e-4, 1e-5):
        set_to(frame, step=step)
    assert (time.process_time() - begin) / 5 < 1  # a safety time-out; 0.05 is usual
