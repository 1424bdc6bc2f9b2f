"""Digits moved, turned, thickened and covered with noise, pixel by pixel."""

import numpy as np
import pytest

from nnlib.augmentation import add_noise, rotate, shift, thicken
from nnlib.data import load_mnist


@pytest.fixture(scope="module")
def X():
    """Five real digits."""
    return load_mnist()[1].X[:, :5]


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
