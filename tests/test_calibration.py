"""Calibration: bins and error against loops, the temperature against differences and a grid."""

import re

import numpy as np
import pytest

from nnlib.activations import softmax
from nnlib.calibration import (
    expected_calibration_error,
    fit_temperature,
    reliability,
    temperature_slope,
)
from nnlib.gradient_check import numerical_gradient
from nnlib.losses import cross_entropy

BINS = [1, 2, 3, 7, 10, 15, 100]


def columns_of(confidence, dtype=np.float64):
    """Probabilities (4, m) with these largest ones, in the first row; the rest is spread."""
    confidence = np.array(confidence, dtype)
    return np.vstack([confidence, *np.tile((1 - confidence) / 3, (3, 1))])


def bins_by_loops(P, y, n_bins):
    """Each bin's count, mean confidence and share right, by the definition of its edges."""
    found = []
    for b in range(n_bins):
        low, high = P.dtype.type(b / n_bins), P.dtype.type((b + 1) / n_bins)
        inside = [j for j in range(len(y)) if low < max(P[:, j]) <= high]
        right = [P[y[j], j] == max(P[:, j]) for j in inside]
        sure = [float(max(P[:, j])) for j in inside]
        n = len(inside)
        found.append((n, sum(sure) / n, sum(right) / n) if n else (0, np.nan, np.nan))
    return np.transpose(found)


@pytest.mark.parametrize("n_bins", BINS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_bins_are_those_of_loops(rng, n_bins, dtype):
    P, y = softmax(rng.normal(0, 3, (5, 60))).astype(dtype), rng.integers(0, 5, 60)
    found = reliability(P, y, n_bins)
    np.testing.assert_allclose(found, bins_by_loops(P, y, n_bins), rtol=1e-6)
    assert found.count.sum() == 60 and found.count.dtype.kind == "i"
    assert all(part.shape == (n_bins,) for part in found)


@pytest.mark.parametrize("n_bins", [n for n in BINS if n > 3])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_every_edge_belongs_to_the_bin_below_it(n_bins, dtype):
    """7 / 100 times 100 is above 7, by rounding; the edge itself is not."""
    edges = np.arange(1, n_bins + 1).astype(dtype) / dtype(n_bins)
    edges = edges[edges > 0.3]  # the largest of four
    y = np.zeros(len(edges), int)
    on, above = (columns_of(c, dtype) for c in (edges, np.nextafter(edges[:-1], dtype(2))))
    bins = np.arange(n_bins - len(edges), n_bins)
    np.testing.assert_array_equal(np.flatnonzero(reliability(on, y, n_bins).count), bins)
    np.testing.assert_array_equal(np.flatnonzero(reliability(above, y[1:], n_bins).count), bins[1:])


def test_an_empty_bin_has_no_mean_and_warns_of_nothing():
    count, confidence, right = reliability(columns_of([0.95, 1.0]), np.array([0, 1]))
    np.testing.assert_array_equal(count, [0] * 9 + [2])
    assert np.isnan(confidence[:9]).all() and np.isnan(right[:9]).all()
    assert confidence[9] == pytest.approx(0.975) and right[9] == 0.5


def test_a_probability_a_rounding_above_one_is_in_the_last_bin():
    P = columns_of([1.0, 0.8])
    P[0, 0] += 1e-7
    np.testing.assert_array_equal(reliability(P, np.array([0, 0]), 2).count, [0, 2])


def test_the_error_by_hand():
    """Two samples at 0.9, one right: a gap of 0.4. Three at 0.5, all right: a gap of 0.5."""
    P, y = columns_of([0.9, 0.5, 0.5, 0.9, 0.5]), np.array([0, 0, 0, 2, 0])
    assert expected_calibration_error(P, y) == pytest.approx((2 * 0.4 + 3 * 0.5) / 5, rel=1e-12)
    assert expected_calibration_error(P, y, 1) == pytest.approx(abs(0.8 - 0.66), rel=1e-12)
    assert expected_calibration_error(P, list(y)) == expected_calibration_error(P, y)


def test_who_is_right_as_often_as_sure_has_no_error():
    P, y = columns_of([0.75] * 4), np.array([0, 0, 3, 0])
    assert expected_calibration_error(P, y) == 0


@pytest.mark.parametrize("n_bins", BINS)
def test_the_error_is_the_mean_gap_of_loops(rng, n_bins):
    P, y = softmax(rng.normal(0, 3, (5, 60))), rng.integers(0, 5, 60)
    count, confidence, right = bins_by_loops(P, y, n_bins)
    gaps = [n / 60 * abs(r - c) for n, c, r in zip(count, confidence, right) if n]
    assert expected_calibration_error(P, y, n_bins) == pytest.approx(sum(gaps), rel=1e-12)


@pytest.mark.parametrize("T", [0.3, 1.0, 4.0])
def test_the_slope_is_that_of_the_loss_by_one_over_t(rng, T):
    Z, y = rng.normal(0, 3, (6, 9)), rng.integers(0, 6, 9)
    slope = numerical_gradient(lambda u: cross_entropy(u * Z, y), np.array(1 / T))
    assert temperature_slope(Z, y, T) == pytest.approx(float(slope), rel=1e-7)


def too_sure(rng, factor, dtype=np.float64):
    """Scores whose labels were drawn from softmax(Z / factor)."""
    Z = rng.normal(0, 2, (5, 3000))
    drawn = (softmax(Z).cumsum(axis=0) < rng.random(3000)).sum(axis=0)
    return (factor * Z).astype(dtype), np.minimum(drawn, 4)


@pytest.mark.parametrize("factor", [0.2, 1.0, 5.0])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_temperature_has_the_smallest_loss_of_a_fine_grid(rng, factor, dtype):
    Z, y = too_sure(rng, factor, dtype)
    T = fit_temperature(Z, y)
    grid = T * np.geomspace(0.5, 2, 401)
    losses = [cross_entropy(Z.astype(np.float64) / t, y) for t in grid]
    assert int(np.argmin(losses)) == 200  # T itself; its neighbors are 0.35 % away
    assert T == pytest.approx(factor, rel=0.1)
    before, after = (expected_calibration_error(softmax(Z / t), y) for t in (1, T))
    assert after < before or factor == 1
    np.testing.assert_array_equal((Z / T).argmax(axis=0), Z.argmax(axis=0))


def test_the_best_temperature_outside_is_answered_with_the_end(rng):
    Z, y = too_sure(rng, 1.0)
    assert fit_temperature(Z, y, 2, 8) == pytest.approx(2)
    assert fit_temperature(Z, y, 0.1, 0.5) == pytest.approx(0.5)
    all_right = fit_temperature(Z, Z.argmax(axis=0))
    assert all_right == pytest.approx(0.05)


def test_arguments_stay_as_they_are(rng):
    Z, y = too_sure(rng, 2.0)
    P = softmax(Z)
    before = [array.copy() for array in (Z, P, y)]
    fit_temperature(Z, y), expected_calibration_error(P, y)
    for array, copy in zip((Z, P, y), before, strict=True):
        np.testing.assert_array_equal(array, copy)


P3, Z3, Y3 = columns_of([0.9, 0.8, 0.5]), np.eye(4)[:, :3], np.array([0, 0, 1])
every_use = pytest.mark.parametrize(
    "use",
    [
        lambda y: reliability(P3, y),
        lambda y: expected_calibration_error(P3, y),
        lambda y: temperature_slope(Z3, y, 2.0),
        lambda y: fit_temperature(Z3, y),
    ],
)


@every_use
@pytest.mark.parametrize(
    "y", [np.array([1]), np.array([0, 1, 4]), np.array([0, -1, 1]), np.eye(4)[:, :3], Y3 / 1]
)
def test_labels_that_do_not_fit_are_refused(use, y):
    with pytest.raises(ValueError, match=r"labels must be \(3,\), whole numbers from 0 to 3; got"):
        use(y)


@pytest.mark.parametrize(
    ("P", "found"),
    [
        (np.where(P3 > 0.8, np.nan, P3), "nan…nan"),
        (100 * P3, "90"),
        (np.log(P3), "…-0.1"),
        (P3 - 0.1, "-0.06"),
        (np.where(P3 > 0.8, np.inf, P3), "…inf"),
    ],
)
def test_what_are_no_probabilities_is_refused(P, found):
    with pytest.raises(ValueError, match="P holds probabilities, as softmax gives; got ") as caught:
        expected_calibration_error(P, Y3)
    assert re.search(found, str(caught.value)), caught.value


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_scores_without_a_value_are_refused(bad):
    """Half of them would end at 0.05 without a word: a comparison with NaN is false."""
    Z = Z3.copy()
    Z[2, 1] = bad
    with pytest.raises(ValueError, match="NaN or infinite; did the training diverge"):
        fit_temperature(Z, Y3)
