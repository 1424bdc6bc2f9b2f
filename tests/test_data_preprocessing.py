"""Pictures of digits: prepared as MNIST was, wherever they were drawn."""

import numpy as np
import pytest

from nnlib.data import load_mnist
from nnlib.data.augmentation import shift
from nnlib.data.ink import is_pattern, pieces
from nnlib.data.preprocessing import as_mnist, center_of_mass, cropped, draw
from nnlib.network import predict
from nnlib.storage import load_network

SEVEN = [[(40, 40), (84, 44), (56, 100)]]


@pytest.fixture(scope="module")
def test_digits():
    return load_mnist()[1]


def moved(strokes, by=(0, 0), scale=1.0):
    return [[(scale * x + by[0], scale * y + by[1]) for x, y in stroke] for stroke in strokes]


# ---- as_mnist ----


def test_the_steps_have_their_sizes():
    steps = as_mnist(draw(SEVEN))
    assert steps.boxed.shape == (20, 20) and steps.centered.shape == (28, 28)
    assert steps.x.shape == (784,) and steps.x.dtype == np.float32
    assert steps.x.min() == 0 and steps.x.max() == 1
    for edge in (steps.crop[0], steps.crop[-1], steps.crop[:, 0], steps.crop[:, -1]):
        assert edge.any(), "cropped as far as the ink allows"
    np.testing.assert_array_equal(steps.x.reshape(28, 28), steps.centered)


@pytest.mark.parametrize("width", [1, 4, 12, 30])
def test_center_of_mass_is_in_the_middle(width):
    center = center_of_mass(as_mnist(draw(SEVEN, width)).centered)
    assert np.abs(np.array(center) - 14).max() <= 0.5 + 1e-6


def test_center_of_mass_by_hand():
    image = np.zeros((5, 7))
    image[1, 2], image[3, 6] = 1, 3
    assert center_of_mass(image) == (2.5, 5.0)


@pytest.mark.parametrize("by", [(-25, 0), (40, 30), (0, -30)])
def test_where_on_the_pad_does_not_matter(by):
    here, there = as_mnist(draw(SEVEN)), as_mnist(draw(moved(SEVEN, by)))
    np.testing.assert_array_equal(here.x, there.x)


@pytest.mark.parametrize("scale", [0.5, 1.25])
def test_how_large_does_not_matter(scale):
    small = as_mnist(draw(moved(SEVEN, scale=scale), width=12 * scale)).x
    normal = as_mnist(draw(SEVEN, width=12)).x
    assert np.abs(small - normal).mean() < 0.02 < normal.mean() / 4


def test_a_thin_stroke_survives():
    steps = as_mnist(draw(SEVEN, width=1))
    assert steps.x.max() == 1
    assert (steps.boxed.max(axis=1) > 0.2).all(), "no row is lost"


def test_bytes_and_numbers_give_the_same():
    ink = draw(SEVEN)
    as_bytes = np.rint(255 * ink).astype(np.uint8)
    np.testing.assert_allclose(as_mnist(as_bytes).x, as_mnist(ink).x, atol=1e-6)


def test_real_digits_pass_nearly_unchanged(test_digits):
    passed = np.array([as_mnist(digit.reshape(28, 28)).x for digit in test_digits.X.T]).T
    difference = np.abs(passed - test_digits.X).max(axis=0)
    assert (difference < 0.01).mean() > 0.99  # 1.0 was measured
    params, activations, _ = load_network("data/trained.npz")
    before, after = (
        np.mean(predict(params, digits, activations) == test_digits.y)
        for digits in (test_digits.X, passed)
    )
    assert after >= before - 0.005


def test_moved_digits_come_back(test_digits):
    X = shift(test_digits.X[:, :100], 3, -3)
    passed = np.array([as_mnist(digit.reshape(28, 28)).x for digit in X.T]).T
    assert np.abs(passed - test_digits.X[:, :100]).mean() < 0.01


@pytest.mark.parametrize(
    "place", [(slice(0, 2), slice(0, 140)), (slice(3, 4), slice(5, 6)), (slice(0, 140), 139)]
)
def test_lines_and_dots_have_a_picture_too(place):
    ink = np.zeros((140, 140))
    ink[place] = 1
    steps = as_mnist(ink)
    assert np.isfinite(steps.x).all() and steps.x.max() == 1


def test_ink_is_never_cut_off():
    ink = np.zeros((100, 100))
    ink[:, :3] = ink[-30:] = 1  # an L whose mass lies far from its middle
    steps = as_mnist(ink)
    assert steps.centered.sum() == pytest.approx(steps.boxed.sum())


@pytest.mark.parametrize(
    ("ink", "says"),
    [
        (np.zeros((140, 140)), "no ink"),
        (np.zeros((140, 140), np.uint8), "no ink"),
        (np.full((9, 9), np.nan), "finite"),
        (np.ones(784), r"\(h, w\)"),
    ],
)
def test_what_is_no_drawing_is_refused_in_a_sentence(ink, says):
    with pytest.raises(ValueError, match=says):
        as_mnist(ink)


def test_draw_is_as_wide_as_its_pen():
    ink = draw([[(20, 70), (120, 70)]], width=10)
    assert ink.shape == (140, 140) and ink.dtype == np.float32
    assert ink[:, 70].sum() == pytest.approx(10, abs=0.6)
    assert not draw([]).any() and draw([[(70, 70)]]).sum() > 80  # no stroke; a dot


# ---- pieces and patterns ----


def pieces_by_hand(mask):
    """The same as `pieces`, one pixel after the other."""
    labels = np.zeros(mask.shape, int)
    for y, x in np.argwhere(mask)[::-1]:  # from the largest number down
        reached = [] if labels[y, x] else [(y, x)]
        number = y * mask.shape[1] + x + 1
        while reached:
            y, x = reached.pop()
            labels[y, x] = number
            around = [(j, i) for j in (y - 1, y, y + 1) for i in (x - 1, x, x + 1)]
            reached += [
                (j, i)
                for j, i in around
                if 0 <= j < mask.shape[0] and 0 <= i < mask.shape[1]
                if mask[j, i] and not labels[j, i]
            ]
    return labels


@pytest.mark.parametrize("density", [0.0, 0.1, 0.3, 0.4, 0.5, 0.8, 1.0])
def test_pieces_are_those_found_by_hand(rng, density):
    for shape in [(1, 1), (1, 40), (17, 1), (30, 40), (25, 9)]:
        mask = rng.random(shape) < density
        labels, counts = pieces(mask)
        np.testing.assert_array_equal(labels, pieces_by_hand(mask))
        assert counts[0] == 0 and counts.sum() == mask.sum()
        assert (counts[labels[mask]] > 0).all()


def test_no_test_digit_is_a_pattern(test_digits):
    assert not any(is_pattern(cropped(x.reshape(28, 28) > 0.5)) for x in test_digits.X.T)


@pytest.mark.parametrize(("h", "w"), [(60, 1), (40, 19), (20, 20), (8, 8), (8, 25), (1, 4)])
def test_a_full_box_is_a_pattern_unless_it_is_a_straight_1(h, w):
    assert is_pattern(np.ones((h, w), bool)) == (w >= h / 2)
