"""The derivative stepper: what it shows and says at every step."""

import itertools
import warnings

import numpy as np
import pytest

from nnlib.views.scores import chain
from nnlib.views.words import short
from nnlib.widgets import derivative_stepper
from nnlib.widgets.derivative import LAST, number

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("quick")]  # hundreds of pictures

Z = np.array([12.3, 3.1, 17.5, 4.2, 18.5, 10.3, 12.0, 18.3, 10.3, 18.4])
SURE = np.array([-3.4, -1.4, -1.4, 1.9, 9.7, 3.3, 2.8, -3.1, -0.6, 3.9])
PICTURE = np.linspace(0, 1, 784)
CASES = {"our 9": (Z, 9, PICTURE), "a sure mistake": (SURE, 7), "equal": (np.zeros(10), 3)}
SEEN_FROM = {  # the panels, and the step at which each appears
    "z": 0,
    "P": 0,
    "Y": 0,
    "Jacobian": 1,
    "−Y / P": 2,
    "products": 3,
    "sum over k": 4,
    "P − Y": 5,
    "measured": 5,
}


def set_to(frame, **values):
    for name, value in values.items():
        frame.parts[name].value = value
    return frame


def panels(frame):
    """What is drawn: {name: array}."""
    (ax,) = frame.parts["canvas"].figure.axes
    return {image.get_label(): np.asarray(image.get_array()) for image in ax.images}


def limits(frame):
    (ax,) = frame.parts["canvas"].figure.axes
    return {image.get_label(): image.get_clim() for image in ax.images}


def texts(frame):
    (ax,) = frame.parts["canvas"].figure.axes
    return [text.get_text() for text in ax.texts]


def written_on(frame, panel):
    """The numbers on the squares of a panel: {(row, column): text}."""
    (ax,) = frame.parts["canvas"].figure.axes
    (image,) = [image for image in ax.images if image.get_label() == panel]
    (left, right, bottom, top), (n_rows, n_columns) = image.get_extent(), image.get_array().shape
    found = {}
    for text in ax.texts:
        x, y = text.get_position()
        if left < x < right and top < y < bottom:
            row, column = (y - top) / (bottom - top), (x - left) / (right - left)
            found[int(row * n_rows), int(column * n_columns)] = text.get_text()
    return found


@pytest.mark.parametrize("name", CASES)
def test_every_step_shows_what_is_known_by_then(name):
    frame = derivative_stepper(CASES, name)
    c = chain(*CASES[name][:2])
    arrays = {"P": c.p, "Y": c.truth, "−Y / P": c.slopes, "Jacobian": c.J, "products": c.products}
    arrays |= {"sum over k": c.sums, "P − Y": c.p - c.truth, "measured": c.measured}
    fixed = {"Jacobian": (-0.25, 0.25), "−Y / P": (-10, 10), "x": (0, 1)}
    for step in [*range(LAST + 1), *reversed(range(LAST))]:
        drawn = panels(set_to(frame, step=step))
        seen = {panel for panel, since in SEEN_FROM.items() if since <= step}
        seen -= {"Jacobian"} if step >= 3 else {"products"}
        assert set(drawn) - {"x"} == seen
        for panel in seen - {"z"}:
            np.testing.assert_array_equal(drawn[panel].squeeze(), arrays[panel])
        for panel, clim in limits(frame).items():
            assert clim == fixed.get(panel, (-1, 1))


def test_each_number_stands_on_its_square():
    frame = set_to(derivative_stepper(CASES), step=LAST)
    c = chain(Z, 9)
    assert written_on(frame, "z") == {(k, 0): f"{score:.1f}" for k, score in enumerate(Z)}
    assert written_on(frame, "P") == {(k, 0): short(p) for k, p in enumerate(c.p)}
    assert written_on(frame, "−Y / P")[9, 0] == number(c.slopes[9])
    row = {(0, i): short(value) for i, value in enumerate(c.sums)}
    assert written_on(frame, "sum over k") == written_on(frame, "measured") == row
    large = {(9, i): short(v) for i, v in enumerate(c.products[9]) if abs(v) >= 0.005}
    assert written_on(frame, "products") == large and len(large) == 4


def test_step_3_keeps_a_pale_trace_of_the_rows_that_vanish():
    frame = set_to(derivative_stepper(CASES), step=3)
    (ax,) = frame.parts["canvas"].figure.axes
    (trace,) = [line for line in ax.lines if line.get_marker() == "s"]
    c = chain(Z, 9)
    assert len(trace.get_xdata()) == (abs(c.J[:9]) >= 0.005).sum() > 0
    set_to(frame, step=4)
    assert not [line for line in ax.lines if line.get_marker() == "s"]


def test_the_picture_of_the_digit_is_shown_with_its_label_if_there_is_one():
    frame = derivative_stepper(CASES)
    np.testing.assert_array_equal(panels(frame)["x"].ravel(), PICTURE)
    assert texts(frame)[-1] == "9"
    assert "x" not in panels(set_to(frame, digit="equal"))


def test_places_stay_where_they_are():
    frame = derivative_stepper(CASES)
    (ax,) = frame.parts["canvas"].figure.axes
    places = []
    for step in range(LAST + 1):
        set_to(frame, step=step)
        places.append({image.get_label(): image.get_extent() for image in ax.images})
        assert (ax.get_xlim(), ax.get_ylim()) == ((0, 5.6), (4.2, 0))
    for before, after in zip(places, places[1:]):
        assert all(before[panel] == after[panel] for panel in set(before) & set(after))


def test_the_words_of_each_step_hold_its_lines_and_its_numbers():
    frame = derivative_stepper(CASES)
    said = []
    for step in range(LAST + 1):
        said.append(set_to(frame, step=step).words.value)
    c = chain(Z, 9)
    lines = ["5.5", "5.13", "5.17", "5.18, 5.19", "5.20, 5.21", "5.22"]
    for line, sentence in zip(lines, said, strict=True):
        assert sentence.startswith(f"Our 9, line{'s' if ',' in line else ''} {line}: ")
    assert f"score 18.40 of the truth, 9, becomes P = {c.p[9]:.2f}" in said[0]
    assert f"P of 4 moves by {c.J[4, 4]:.2f}, P of 9 by −{-c.J[9, 4]:.2f}" in said[1]
    assert f"= −{1 / c.p[9]:.2f} in row 9" in said[2]
    assert f"(−{-c.J[9, 4]:.2f}) = {c.p[4]:.2f}, the P of 4" in said[3]
    assert f"{c.p[4]:.2f} for 4, −{1 - c.p[9]:.2f} for 9" in said[4]
    assert "relative error" in said[5] and f"{c.p[9]:.2f} − 1 = −{1 - c.p[9]:.2f}" in said[5]


def test_scores_that_differ_little_are_told_apart_in_words():
    z = Z.copy()
    z[[4, 9]] = 18.54, 18.48
    said = derivative_stepper({"our 9": (z, 9)}).words.value
    assert "score 18.48 of the truth, 9, becomes P = 0." in said
    assert "; score 18.54 of 4 becomes 0." in said


def test_a_sure_mistake_has_a_huge_link_and_a_tiny_one():
    said = set_to(derivative_stepper(CASES), digit="a sure mistake", step=3).words.value
    assert "row 7 times −3.6e5" in said and "= 0.99, the P of 4" in said


def test_buttons_go_on_and_back_and_stop_at_the_ends():
    frame = derivative_stepper(CASES)
    step, back, forth = (frame.parts[name] for name in ("step", "back", "next"))
    assert (back.disabled, forth.disabled) == (True, False)
    back.click()
    assert step.value == 0
    for _ in range(LAST + 3):
        forth.click()
    assert step.value == LAST and (back.disabled, forth.disabled) == (False, True)
    assert "P − Y" in panels(frame)
    back.click()
    assert step.value == LAST - 1 and "P − Y" not in panels(frame)


@pytest.mark.parametrize("step", [0, LAST])
def test_scores_can_be_changed(step):
    frame = set_to(derivative_stepper(CASES), step=step)
    for of_class, by in itertools.product([0, 9], [-10.0, -0.1, 10.0]):
        set_to(frame, of_class=of_class, by=by)
        z = Z.copy()
        z[of_class] += by
        np.testing.assert_allclose(panels(frame)["P"].ravel(), chain(z, 9).p)
        assert frame.words.value.startswith(
            f"Our 9, score {of_class} {by:+.1f}, line".replace("-", "−")
        )
    assert np.array_equal(CASES["our 9"][0], Z)


def test_the_first_digit_can_be_chosen_and_its_right_class_is_offered():
    frame = derivative_stepper(CASES, "equal")
    assert (frame.parts["digit"].value, frame.parts["of_class"].value) == ("equal", 3)


def test_scores_beyond_the_computer_become_a_sentence():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        frame = derivative_stepper({"mad": (np.arange(10) * 100.0, 0)})
        for step in range(LAST + 1):
            said = set_to(frame, step=step).words.value
            assert said.startswith("Mad, line") and "did not work" not in said
            assert ("became 0; 1 / 0 has no value" in said) == (step >= 2)
            assert ("−∞" in texts(frame)) == (step >= 2)


def test_drawing_it_again_piles_nothing_up():
    frame = set_to(derivative_stepper(CASES), step=LAST)
    (ax,) = frame.parts["canvas"].figure.axes
    before = len(ax.get_children())
    for _ in range(3):
        set_to(frame, step=0)
        set_to(frame, step=LAST)
    assert len(ax.get_children()) == before
