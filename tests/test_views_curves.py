"""What is read off curves: their ends, means, differences, rules."""

import numpy as np
import pytest

from nnlib.views.curves import (
    exponent_above,
    last_within,
    means_at,
    relative_difference,
    tenfold_rule,
    thinned,
    valley_heights,
)


@pytest.mark.parametrize(
    ("y", "limits", "place"),
    [
        ([3, 2, 1], (), 2),
        ([3, 2, np.nan, np.inf], (), 1),
        ([3, 2, 1, 9], (1, 4), 2),
        ([np.nan, 5], (0, 4), None),
        ([], (), None),
    ],
)
def test_the_last_place_in_sight(y, limits, place):
    assert last_within(y, *limits) == place


def test_values_at_one_place_are_averaged():
    places, means = means_at([3, 1, 3], [4, 5, 8])
    assert list(places) == [1, 3] and list(means) == [5, 6]


def test_a_difference_is_measured_in_parts_of_the_reference():
    np.testing.assert_allclose(relative_difference([2.2, -1], [2, -4]), [0.1, 0.75])


@pytest.mark.parametrize(("size", "exponent"), [(0, -15), (3e-16, -15), (2e-8, -7), (0.02, -1)])
def test_the_power_of_ten_above(size, exponent):
    assert exponent_above(np.array([size, 0])) == exponent


def test_a_tenth_of_the_rate_takes_ten_times_the_steps():
    rates, steps = np.array([3, 1, 0.1, 0.01]), np.array([np.nan, 50, 260, 2600])
    ends, needed = tenfold_rule(rates, steps)
    assert list(ends) == [0.01, 3]
    np.testing.assert_allclose(needed * ends, 26)


def test_a_valley_is_half_a_quadratic_form():
    H = np.array([[10.5, -9.5], [-9.5, 10.5]])
    x, y, height = valley_heights(H, 10, 4)
    p = np.array([x[5, 7], y[5, 7]])
    assert height[5, 7] == pytest.approx(p @ H @ p / 2)
    assert (x.min(), x.max(), y.min(), y.max()) == (-10, 10, -4, 4)


def test_thinned_keeps_the_end():
    points = thinned(list(range(1000)), list(range(1000)))
    assert len(points) < 400 and points[-1] == (999, 999)
    assert thinned([], []) == []
