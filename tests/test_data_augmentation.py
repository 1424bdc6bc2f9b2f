"""Digits moved, turned, thickened, covered with noise and deformed, pixel by pixel."""

import pathlib

import numpy as np
import pytest

from nnlib.data import load_mnist
from nnlib.data.augmentation import (
    GRID,
    add_noise,
    affine_field,
    affine_maps,
    as_images,
    deform,
    elastic_field,
    rotate,
    sample_at,
    shift,
    thicken,
)
from nnlib.metrics import accuracy
from nnlib.network import predict
from nnlib.storage import load_network

TRAINED = pathlib.Path(__file__).parents[1] / "data" / "trained.npz"


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


ALL = dict(degrees=15, scale=0.15, slant=0.2, pixels=1, alpha=1.2, sigma=4)
PARTS = [{k: v, "sigma": 4} for k, v in ALL.items() if k != "sigma"]


def bent(X, seed=0, **strengths):
    """The digits deformed from a seed."""
    return deform(X, np.random.default_rng(seed), **strengths)


def test_no_strength_changes_nothing_whatever_sigma(X):
    for sigma in (0.5, 4, 100):
        np.testing.assert_array_equal(bent(X, sigma=sigma), X)


@pytest.mark.parametrize("strengths", [ALL, *PARTS], ids=str)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_deformed_digits_are_digits_in_the_same_memory_layout(X, strengths, dtype):
    X = X.astype(dtype)
    before = X.copy()
    many, one = bent(X, **strengths), bent(X[:, 0], **strengths)
    np.testing.assert_array_equal(X, before)
    assert many.shape == X.shape and one.shape == (784,)
    assert many.dtype == one.dtype == dtype
    assert many.T.flags.c_contiguous and not np.shares_memory(many, X)
    assert 0 <= many.min() and many.max() <= 1
    assert np.abs(many - X).max() > 0.1


def test_the_seed_decides_and_every_digit_bends_in_its_own_way(X):
    np.testing.assert_array_equal(bent(X, **ALL), bent(X, **ALL))
    assert (bent(X, **ALL) != bent(X, 1, **ALL)).any()
    same = np.repeat(X[:, :1], 3, axis=1)
    a, b, c = bent(same, **ALL).T
    assert (a != b).any() and (b != c).any()


def test_weaker_is_the_same_bend_but_less(X):
    far, near = (np.abs(bent(X, alpha=alpha) - X).mean() for alpha in (1.0, 0.1))
    assert 0 < near < 0.3 * far


@pytest.mark.parametrize("degrees", [10, -35, 90, 180])
def test_a_pure_turn_is_that_of_rotate(X, degrees):
    u = np.zeros((6, X.shape[1]), np.float32)
    u[0] = 1
    dr, dc = affine_field(*affine_maps(u, degrees, 0, 0, 0))
    turned = sample_at(as_images(X), GRID[:, None] + dr, GRID + dc)
    np.testing.assert_allclose(turned, as_images(rotate(X, degrees)), atol=1e-5)


@pytest.mark.parametrize(("down", "right"), [(0, 0), (3, -2), (-1, 4), (27, 0), (0, -40)])
def test_a_pure_shift_is_that_of_shift(X, down, right):
    moved = sample_at(
        as_images(X), GRID[:, None] - down + 0 * GRID, GRID - right + 0 * GRID[:, None]
    )
    np.testing.assert_array_equal(moved, as_images(shift(X, down, right)))


def test_half_a_pixel_is_the_mean_of_two(X):
    images = as_images(X)
    moved = sample_at(images, GRID[:, None] + 0.5 + 0 * GRID, GRID + 0 * GRID[:, None])
    np.testing.assert_allclose(moved[:, :-1], (images[:, :-1] + images[:, 1:]) / 2, atol=1e-6)


def test_affine_maps_by_hand():
    u = np.zeros((6, 3))
    u[1, 0] = u[2, 1] = u[3, 2] = 1
    u[4:, 2] = 0.5, -1
    A, b = affine_maps(u, 15, 0.25, 0.2, 2)
    np.testing.assert_allclose(A[0], [[1, 0], [0.2, 1]])  # a slant: columns a row
    np.testing.assert_allclose(A[1], [[1.25, 0], [0, 1]])  # first the height, then the width
    np.testing.assert_allclose(A[2], [[1, 0], [0, 1.25]])
    np.testing.assert_allclose(b, [[0, 0], [0, 0], [1, -2]])
    u = np.array([0.5, -1, 1, 0.2, 0, 0])[:, None]
    lean, stretch = np.array([[1, 0], [-0.2, 1]]), np.diag([1.25, 1.05])
    turn = [[np.cos(np.pi / 12), -np.sin(np.pi / 12)], [np.sin(np.pi / 12), np.cos(np.pi / 12)]]
    A, _ = affine_maps(u, 30, 0.25, 0.2, 2)
    np.testing.assert_allclose(A[0], lean @ (turn @ stretch))
    assert affine_maps(u.astype(np.float32), 15, 0.25, 0.2, 2)[0].dtype == np.float32


@pytest.mark.parametrize("sigma", [2, 3, 4])
def test_displacements_are_as_large_as_alpha_everywhere_and_as_smooth_as_sigma(sigma):
    noise = np.random.default_rng(3).standard_normal((2, 3000, 28, 28), dtype=np.float32)
    field = elastic_field(noise, 1.5, sigma)
    assert field.dtype == np.float32
    sizes = field.std(axis=(0, 1))  # of 6,000 numbers a pixel
    assert sizes.min() > 1.5 * 0.95 and sizes.max() < 1.5 * 1.05
    inside, neighbor = field[..., 14, 14], field[..., 14, 14 + sigma]
    expected = np.exp(-1 / 4)  # the correlation of two places sigma apart, of a Gaussian
    assert np.corrcoef(inside.ravel(), neighbor.ravel())[0, 1] == pytest.approx(expected, abs=0.03)
    across = np.corrcoef(field[0, :, 14, 14], field[1, :, 14, 14])[0, 1]
    assert abs(across) < 0.06  # down and right do not know of one another


def test_smoothing_is_a_convolution_seen_as_two_matrix_products():
    noise = np.random.default_rng(0).standard_normal((28, 28))
    slow = np.zeros((28, 28))
    near = np.exp(-((np.arange(28)[:, None] - np.arange(28)) ** 2) / (2 * 3**2))
    for r in range(28):
        for c in range(28):
            weights = np.outer(near[r], near[c])
            slow[r, c] = 0.7 * (weights * noise).sum() / np.sqrt((weights**2).sum())
    np.testing.assert_allclose(elastic_field(noise, 0.7, 3), slow, atol=1e-5)


def test_ink_is_kept_in_the_mean_and_digits_are_still_read():
    digits = load_mnist()[1]
    params, activations, _ = load_network(TRAINED)
    plain = accuracy(predict(params, digits.X, activations), digits.y)
    for strengths in (ALL, dict(degrees=5, scale=0.05, pixels=0.5, alpha=0.5)):
        X = bent(digits.X, **strengths)
        assert X.sum() == pytest.approx(digits.X.sum(), rel=0.03)
    assert accuracy(predict(params, X, activations), digits.y) > plain - 0.015  # the small ones


@pytest.mark.parametrize(
    "change", [lambda X: thicken(X, 0), lambda X: add_noise(X, 0.1, np.random.default_rng(0))]
)
def test_the_result_is_a_copy_with_each_image_in_one_piece(change):
    X = np.random.default_rng(3).random((5, 784), dtype=np.float32).T
    changed = change(X)
    assert changed.flags.f_contiguous and changed.dtype == X.dtype
    assert not np.shares_memory(changed, X)
