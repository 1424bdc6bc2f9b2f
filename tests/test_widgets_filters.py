"""The filter lab shows where a filter fits, whichever is chosen or painted, on any digit."""

import html
import itertools

import numpy as np
import pytest

from nnlib.data import Digits
from nnlib.data.preprocessing import PAD, as_mnist, draw
from nnlib.plots.style import DIVERGING
from nnlib.widgets import filter_lab
from nnlib.widgets.filters import FILTERS, PAINTED, clicked
from nnlib.widgets.pad import MINE

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("quick")]  # many pictures

RNG = np.random.default_rng(3)
DIGITS = Digits((RNG.random((784, 30)) ** 4).astype(np.float32), np.arange(30) % 10)
LEARNED = RNG.normal(size=(3, 25)).astype(np.float32)
SEVEN = draw([[(30, 25), (105, 25), (60, 115)]])


@pytest.fixture
def lab():
    return filter_lab(DIGITS, LEARNED)


def words(frame):
    return html.unescape(frame.words.value)


def shown(frame):
    """What each panel shows: digit, map, ink in the frame, filter, product."""
    axes = frame.parts["canvas"].figure.axes
    return [np.asarray(ax.images[0].get_array()) for ax in axes]


def frames(frame):
    """Row, column and size of the frames in the digit and in the map."""
    patches = [ax.patches[0] for ax in frame.parts["canvas"].figure.axes[:2]]
    return [(p.get_y() + 0.5, p.get_x() + 0.5, p.get_width()) for p in patches]


def by_loops(x, w, stride):
    """What a filter finds, place by place."""
    image, w, places = x.reshape(28, 28), w.reshape(5, 5), range(0, 24, stride)
    return np.array([[(image[r : r + 5, c : c + 5] * w).sum() for c in places] for r in places])


def put_ink(frame, ink):
    """Draw on the pad as the browser does."""
    data = np.rint(255 * ink).astype(np.uint8).tobytes()
    frame.parts["pad"].set_state({"value": memoryview(data)})


def test_opens_with_a_filter_on_the_first_digit(lab):
    digit, found, *_ = shown(lab)
    np.testing.assert_array_equal(digit.ravel(), DIGITS.X[:, 0])
    expected = by_loops(DIGITS.X[:, 0], FILTERS["stroke \\"], 1)
    np.testing.assert_allclose(found, expected, atol=1e-5)
    assert words(lab).startswith("stroke \\ on this 0: a map of 24 × 24 places, −")


@pytest.mark.parametrize("name", [*FILTERS, "learned 1", "learned 3"])
@pytest.mark.parametrize("stride", [1, 2])
def test_the_map_of_every_filter(lab, name, stride):
    lab.parts["stride"].value, lab.parts["filter"].value = stride, name
    w = FILTERS[name] if name in FILTERS else LEARNED[int(name[-1]) - 1]
    expected = by_loops(DIGITS.X[:, 0], w, stride)
    _, found, ink, kernel, product = shown(lab)
    np.testing.assert_allclose(found, expected, atol=1e-5)
    np.testing.assert_array_equal(kernel.ravel(), w)
    assert product.sum() == pytest.approx(found.max(), abs=1e-5)
    r, c = np.unravel_index(expected.argmax(), expected.shape)
    assert frames(lab) == [(r * stride, c * stride, 5), (r, c, 1)]
    where = f"rows {r * stride + 1} to {r * stride + 5} and columns {c * stride + 1} to"
    n = 24 // stride
    assert f"{n} × {n} places" in words(lab) and where in words(lab)
    assert f" to {found.max():.2f}; largest with" in words(lab)


def test_relu_keeps_what_is_positive(lab):
    before = shown(lab)[1]
    lab.parts["relu"].value = True
    np.testing.assert_array_equal(shown(lab)[1], before.clip(0))
    assert f"places, 0 to {before.max():.2f}" in words(lab) and before.min() < 0


def test_strokes_ignore_an_even_page():
    strokes = [w for name, w in FILTERS.items() if "stroke" in name]
    assert len(strokes) == 4
    for w in strokes:
        assert w.sum() == pytest.approx(0) and (w == 1).sum() == 5


@pytest.mark.parametrize(
    ("before", "after"), [(-1, 0), (0, 1), (1, -1), (-0.25, 0), (0.04, 1), (1.7, -1), (-3, -1)]
)
def test_a_click_goes_on_to_the_next_of_three_weights(before, after):
    weights = np.full(25, before)
    painted = clicked(weights, (1, 2))
    assert painted[7] == after and (np.delete(painted, 7) == before).all()
    assert (weights == before).all()


def test_painting_begins_with_the_filter_that_was_chosen(lab):
    lab.parts["filter"].value = "learned 2"
    lab.parts["cells"][4, 0].click()
    expected = clicked(LEARNED[1], (4, 0))
    assert lab.parts["filter"].value == PAINTED and words(lab).startswith("painted on this 0")
    np.testing.assert_allclose(shown(lab)[3].ravel(), expected)
    lab.parts["filter"].value = "blur"
    lab.parts["filter"].value = PAINTED  # what was painted is kept
    np.testing.assert_allclose(shown(lab)[3].ravel(), expected)
    np.testing.assert_allclose(shown(lab)[1], by_loops(DIGITS.X[:, 0], expected, 1), atol=1e-5)


def test_an_empty_filter_finds_nothing_and_the_cells_say_what_they_hold(lab):
    cells = lab.parts["cells"]
    lab.parts["zeros"].click()
    assert words(lab) == "painted on this 0: a map of 24 × 24 places, 0 everywhere."
    cells[1, 3].click()
    cells[2, 2].click()
    cells[2, 2].click()
    assert [cells[place].description for place in [(0, 0), (1, 3), (2, 2)]] == ["0", "1", "−1"]
    assert cells[2, 2].tooltip == "row 3, column 3: −1"
    assert len({cell.tooltip for cell in cells.values()}) == 25
    looks = [cells[place].style.button_color for place in [(0, 0), (1, 3), (2, 2)]]
    expected = [DIVERGING(share)[:3] for share in (0.5, 1.0, 0.0)]
    for look, color in zip(looks, expected, strict=True):
        assert look == "#" + "".join(f"{round(255 * part):02x}" for part in color)


def test_a_drawing_takes_the_place_of_the_digit(lab):
    put_ink(lab, SEVEN)
    x = as_mnist(SEVEN).x
    assert lab.parts["digit"].value == MINE and lab.parts["which"].disabled
    np.testing.assert_allclose(shown(lab)[0].ravel(), x, atol=0.01)
    expected = by_loops(shown(lab)[0], FILTERS["stroke \\"], 1)
    np.testing.assert_allclose(shown(lab)[1], expected, atol=1e-5)
    assert words(lab).startswith("stroke \\ on my drawing: ")
    put_ink(lab, draw([[(20, 70), (120, 70)]]))
    assert np.abs(shown(lab)[0].ravel() - x).max() > 0.5  # as it is drawn


def test_an_empty_pad_asks_for_ink_and_lets_a_digit_stay(lab):
    put_ink(lab, SEVEN)
    put_ink(lab, np.zeros((PAD, PAD)))
    assert words(lab) == "There is no ink yet: draw a digit on the pad."
    lab.parts["digit"].value = "4"
    assert not lab.parts["which"].disabled and "on this 4" in words(lab)
    put_ink(lab, SEVEN)
    lab.parts["digit"].value = "4"
    put_ink(lab, np.zeros((PAD, PAD)))  # a new sheet is no drawing
    assert "on this 4" in words(lab)


def test_every_digit_with_every_filter_has_words(lab):
    for digit, name in itertools.product("059", lab.parts["filter"].options):
        lab.parts["digit"].value, lab.parts["filter"].value = digit, name
        assert words(lab).startswith(f"{name} on this {digit}: a map of 24 × 24 places")


@pytest.mark.parametrize("learned", [np.ones((3, 9)), np.ones(25), np.ones((2, 5, 5)), 3])
def test_learned_filters_of_another_size_are_refused(learned):
    with pytest.raises(ValueError, match=r"learned filters are \(n, 25\), one a row; got \("):
        filter_lab(DIGITS, learned)
