"""Pictures of digits: prepared as MNIST was, wherever they were drawn; moved, turned, thickened."""

import numpy as np
import pytest

from nnlib.data import load_mnist
from nnlib.data.pictures import (
    add_noise,
    as_mnist,
    center_of_mass,
    draw,
    rotate,
    shift,
    thicken,
)
from nnlib.network import predict
from nnlib.storage import load_network

SEVEN = [[(40, 40), (84, 44), (56, 100)]]


@pytest.fixture(scope="module")
def test_digits():
    return load_mnist()[1]


@pytest.fixture
def X(test_digits):
    """Five real digits."""
    return test_digits.X[:, :5]


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


# ---- shift, rotate, thicken, add_noise ----


@pytest.mark.parametrize(("down", "right"), [(0, 0), (2, 0), (-3, 1), (0, -4), (5, 30), (-40, 0)])
def test_shift_pixel_by_pixel(X, down, right):
    got = shift(X, down, right).reshape(28, 28, -1)
    old = X.reshape(28, 28, -1)
    for r in range(28):
        for c in range(28):
            inside = 0 <= r - down < 28 and 0 <= c - right < 28
            expected = old[r - down, c - right] if inside else np.zeros(X.shape[1])
            np.testing.assert_array_equal(got[r, c], expected)


def test_turning_by_right_angles_is_clockwise(X):
    image = X[:, 0].reshape(28, 28)
    for degrees, turns in [(90, -1), (-90, 1), (180, 2)]:
        turned = rotate(X[:, 0], degrees).reshape(28, 28)
        np.testing.assert_allclose(turned, np.rot90(image, turns), atol=1e-6)


def test_turning_forth_and_back(X):
    np.testing.assert_array_equal(rotate(X, 0), X)
    assert np.abs(rotate(rotate(X, 20), -20) - X).mean() < 0.05


def test_thicken_by_hand():
    x = np.zeros(784, np.float32)
    x[28 * 5 + 7] = 1
    plus = np.zeros((28, 28))
    plus[5, 6:9] = plus[4:7, 7] = 1
    np.testing.assert_array_equal(thicken(x, 1).reshape(28, 28), plus)
    np.testing.assert_array_equal(thicken(thicken(x, 1), -1), x)
    assert thicken(x, 0.5).sum() == pytest.approx(1 + 4 * 0.5)


def test_thicker_has_more_ink(X):
    ink = [thicken(X, pixels).sum() for pixels in (-1.5, -1, -0.5, 0, 0.5, 1, 1.5, 3)]
    assert (np.diff(ink) > 0).all()
    np.testing.assert_array_equal(thicken(X, 0), X)


def test_noise_has_a_seed_and_a_size(X):
    def noisy(amount):
        return add_noise(X, amount, np.random.default_rng(4))

    np.testing.assert_array_equal(noisy(0), X)
    np.testing.assert_array_equal(noisy(0.3), noisy(0.3))
    assert noisy(5.0).min() == 0 and noisy(5.0).max() == 1
    middle = np.full(X.shape, 0.5)
    assert add_noise(middle, 0.1, np.random.default_rng(4)).std() == pytest.approx(0.1, rel=0.1)


@pytest.mark.parametrize(
    "change",
    [
        lambda X: shift(X, 1, 2),
        lambda X: rotate(X, 15),
        lambda X: thicken(X, 0.7),
        lambda X: thicken(X, -0.7),
        lambda X: add_noise(X, 0.2, np.random.default_rng(0)),
    ],
)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_one_digit_or_many_same_type_and_nothing_changed(X, change, dtype):
    X = X.astype(dtype)
    before = X.copy()
    many, one = change(X), change(np.ascontiguousarray(X[:, 0]))
    np.testing.assert_array_equal(X, before)
    assert many.shape == X.shape and one.shape == (784,)
    assert many.dtype == one.dtype == dtype
    assert 0 <= many.min() and many.max() <= 1
    if change(X[:, :1]).sum() != many[:, :1].sum():  # noise depends on how many there are
        return
    np.testing.assert_array_equal(many[:, 0], one)


def test_an_image_stays_in_one_piece(X):
    assert shift(X, 1, 1).T.flags.c_contiguous and thicken(X, 1).T.flags.c_contiguous
