"""Pictures of displacement fields show the field that they are given."""

import numpy as np

from nnlib.plots import plot_elastic_steps, plot_field

rng = np.random.default_rng(0)
X = rng.random(784)
FIELD = rng.normal(size=(2, 28, 28))


def test_arrows_begin_at_pixels_and_point_where_ink_comes_from():
    field = np.zeros((2, 28, 28))
    field[0, 1, 4], field[1, 4, 1] = 2, -3  # down at (1, 4); to the left at (4, 1)
    ax = plot_field(X, field)
    (arrows,) = ax.collections
    at = {tuple(xy): (u, v) for xy, u, v in zip(arrows.XY.tolist(), arrows.U, arrows.V)}
    assert at[4, 1] == (0, 2) and at[1, 4] == (-3, 0)  # x is the column, y grows downwards
    assert sum(move != (0, 0) for move in at.values()) == 2 and len(at) == 81
    assert ax.get_ylim() == (27.5, -0.5) and arrows.scale == 1
    np.testing.assert_array_equal(ax.images[0].get_array().ravel(), X)


def test_the_field_is_told_in_numbers():
    ax = plot_field(X, np.full((2, 28, 28), [[[3.0]], [[4.0]]]))
    assert "5.0 pixels long in the mean, the longest 5.0" in ax.figure.alt_text


def test_the_steps_show_noise_field_and_digit():
    first, second, third, fourth = plot_elastic_steps(X, 2 * FIELD, FIELD, 1 - X)
    np.testing.assert_array_equal(first.images[0].get_array(), 2 * FIELD[0])
    np.testing.assert_array_equal(second.images[0].get_array(), FIELD[0])
    np.testing.assert_array_equal(fourth.images[0].get_array().ravel(), 1 - X)
    assert len(third.collections) == 1
    for ax, values in ((first, 2 * FIELD[0]), (second, FIELD[0])):
        low, high = ax.images[0].get_clim()
        assert -low == high == np.abs(values).max()  # white is zero
        assert f"{high:.1f}" in ax.get_xlabel()
    assert f"up to {np.abs(FIELD[0]).max():.1f} pixels" in first.figure.alt_text
