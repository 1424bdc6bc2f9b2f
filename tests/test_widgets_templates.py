"""The template editor paints under its brush, and shows what that does to the scores."""

import numpy as np
import pytest

from nnlib.data import Digits
from nnlib.views.painting import brush_box, painted
from nnlib.widgets import template_editor

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("quick")]  # hundreds of pictures


@pytest.fixture
def digits(rng):
    return Digits(rng.random((784, 50), dtype=np.float32), np.tile([3, 8, 1, 8, 0], 10))


@pytest.fixture
def stencils(rng):
    return (rng.random((10, 784)) < 0.2).astype(np.float32)


@pytest.fixture
def frame(stencils, digits):
    return template_editor(stencils, digits)


def axes(frame):
    """The axes of template, product and scores."""
    return frame.parts["canvas"].figure.axes


def template_shown(frame):
    return np.asarray(axes(frame)[0].images[0].get_array()).ravel()


def product_shown(frame):
    return np.ma.filled(axes(frame)[1].images[1].get_array(), 0).ravel()


def bars(frame):
    """The scores before and now; a pale bar stands only where they differ."""
    patches = axes(frame)[2].patches
    now = np.array([patch.get_height() for patch in patches if patch.get_width() < 0.7])
    before = now.copy()
    for patch in patches:
        if patch.get_width() > 0.7:
            before[round(patch.get_x() + 0.45)] = patch.get_height()
    return before, now


def brush_shown(frame):
    """Rows from, to, columns from, to of the brush's frame."""
    (x, y), box = axes(frame)[0].patches[0].get_xy(), axes(frame)[0].patches[0]
    return y + 0.5, y + 0.5 + box.get_height(), x + 0.5, x + 0.5 + box.get_width()


def set_to(frame, **values):
    for name, value in values.items():
        frame.parts[name].value = value


def press(frame, *names):
    for name in names:
        frame.parts[name].click()


def test_opens_unpainted(frame, stencils, digits):
    x = digits.X[:, 1]
    assert np.array_equal(template_shown(frame), stencils[3])
    assert np.allclose(product_shown(frame), stencils[3] * x)
    before, now = bars(frame)
    assert np.allclose(now, stencils @ x) and len(axes(frame)[2].patches) == 10
    assert brush_shown(frame) == (8, 13, 7, 12)
    score = stencils[3] @ x
    share = ((stencils @ digits.X).argmax(axis=0) == digits.y).mean()
    words = (
        f"template 3, 0 pixels painted: its score for this 8 is {score:.1f}, before {score:.1f}; "
        f"read as {before.argmax()}; accuracy on 50 digits {share:.3f}, before {share:.3f}"
    )
    assert frame.words.value == words


@pytest.mark.parametrize(
    "button, value, row, column, size",
    [
        ("minus", -1, 0, 0, 1),
        ("zero", 0, 0, 27, 9),
        ("plus", 1, 27, 0, 9),
        ("minus", -1, 13, 14, 4),
        ("plus", 1, 27, 27, 1),
    ],
)
def test_a_stroke_changes_template_scores_and_words(
    frame, stencils, digits, button, value, row, column, size
):
    set_to(frame, template=7, row=row, column=column, size=size, label=1, which=10)
    press(frame, button)
    top, bottom, left, right = brush_box(row, column, size)
    assert 0 <= top < bottom <= 28 and 0 <= left < right <= 28
    assert brush_shown(frame) == (top, bottom, left, right)
    W = stencils.copy()
    W[7].reshape(28, 28)[top:bottom, left:right] = value
    x = digits.X[:, 47]
    assert np.array_equal(template_shown(frame), W[7])
    assert np.allclose(product_shown(frame), W[7] * x)
    before, now = bars(frame)
    assert np.allclose(before, stencils @ x, atol=1e-4)
    assert np.allclose(now, W @ x, atol=1e-4)
    assert np.array_equal(frame.templates(), W)
    changed = int((W[7] != stencils[7]).sum())
    noun = "pixel" if changed == 1 else "pixels"
    assert f"template 7, {changed} {noun} painted: its score for this 1 is" in frame.words.value
    share = ((W @ digits.X).argmax(axis=0) == digits.y).mean()
    assert f"accuracy on 50 digits {share:.3f}, before" in frame.words.value


def test_pixels_painted_in_other_templates_are_told(frame):
    set_to(frame, size=1)
    press(frame, "minus")
    assert "template 3, 1 pixel painted: " in frame.words.value
    set_to(frame, template=8, size=2)
    press(frame, "minus")
    assert "template 8, 4 pixels painted, 1 in others: " in frame.words.value
    set_to(frame, template=0)
    assert "template 0, 0 pixels painted, 5 in others: its score" in frame.words.value
    press(frame, "reset")
    assert "template 0, 0 pixels painted: " in frame.words.value


def test_it_is_said_how_the_brush_moves(frame):
    controls = list(frame.controls.children)
    (label,) = [one for one in controls if "brush" in str(getattr(one, "value", ""))]
    assert controls.index(label) == controls.index(frame.parts["row"]) - 1


def test_strokes_add_up_over_templates_and_are_taken_back(frame, stencils):
    press(frame, "minus")
    set_to(frame, template=8, row=20)
    press(frame, "plus", "zero")
    strokes = ((3, 10, 9, 5, -1), (8, 20, 9, 5, 1), (8, 20, 9, 5, 0))
    assert frame.parts["strokes"].value == strokes
    assert np.array_equal(frame.templates(), painted(stencils, strokes))
    assert not np.array_equal(frame.templates()[3], stencils[3])
    press(frame, "undo", "undo")
    assert np.array_equal(frame.templates()[8], stencils[8])
    assert np.array_equal(template_shown(frame), stencils[8])
    press(frame, "minus", "reset")
    assert np.array_equal(frame.templates(), stencils)
    press(frame, "undo", "reset")  # nothing left to take back
    assert frame.parts["strokes"].value == ()


def test_what_was_given_is_never_changed(stencils, digits):
    given = stencils.copy()
    frame = template_editor(stencils, digits)
    press(frame, "plus", "minus")
    frame.templates()[:] = 9
    assert np.array_equal(stencils, given)


def test_the_digit_tried_on_is_marked_and_its_number_stays_in_range(frame, digits):
    set_to(frame, label=8, which=20)
    assert frame.parts["which"].max == 20
    set_to(frame, label=0)
    assert frame.parts["which"].value == 10
    labels = [label.get_text() for label in axes(frame)[2].get_xticklabels()]
    best = int(bars(frame)[1].argmax())
    assert labels[best] == f"{best} {'✓' if best == 0 else '✗'}"
    assert axes(frame)[1].get_title(loc="left") == "pixel × weight for this 0"


def test_bars_keep_their_limits_from_digit_to_digit(frame):
    limits = set()
    for which in (1, 7, 20):
        set_to(frame, which=which)
        limits.add(axes(frame)[2].get_ylim())
    assert len(limits) == 1


def test_colors_are_compared_on_one_scale(digits):
    weights = np.linspace(-4, 2, 7840).reshape(10, 784)
    frame = template_editor(weights, digits)
    left, right = axes(frame)[:2]
    largest = np.abs(weights[3]).max()
    assert left.images[0].get_clim() == right.images[1].get_clim() == (-largest, largest)
