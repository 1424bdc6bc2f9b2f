"""Pictures of calibration show the bins and shares that they are given."""

import numpy as np
import pytest
from pictures import texts

from nnlib.calibration import Bins
from nnlib.metrics import wilson_interval
from nnlib.plots import plot_refusing, plot_reliability

NAN = np.nan
BEFORE = Bins(
    np.array([0, 4, 0, 16]), np.array([NAN, 0.4, NAN, 0.9]), np.array([NAN, 0.25, NAN, 0.75])
)
AFTER = Bins(np.array([0, 0, 1250]), np.array([NAN, NAN, 0.8]), np.array([NAN, NAN, 1.0]))


def test_each_bin_is_a_dot_on_its_interval_with_its_count():
    before, after = plot_reliability({"before": BEFORE, "after": AFTER})
    diagonal, dots = before.lines
    assert np.array_equal(diagonal.get_xydata(), [[0, 0], [100, 100]])
    np.testing.assert_allclose(dots.get_xydata(), [[40, 25], [90, 75]])
    ends = [100 * np.array(wilson_interval(*right_of)) for right_of in ((1, 4), (12, 16))]
    drawn = before.collections[0].get_segments()
    np.testing.assert_allclose([line[:, 1] for line in drawn], ends)
    np.testing.assert_allclose([line[:, 0] for line in drawn], [[40, 40], [90, 90]])
    assert texts(before) == ["4", "16", "digits"] and texts(after) == ["1,250", "digits"]
    assert [text.get_position()[0] for text in before.texts[:2]] == [37.5, 87.5]
    assert [ax.get_title(loc="center") for ax in (before, after)] == ["before", "after"]


def test_reliability_is_told_bin_by_bin_and_an_empty_one_is_not():
    said = plot_reliability({"before": BEFORE, "after": AFTER})[0].figure.alt_text
    assert "before: 40 % sure, 25 % of 4 right; 90 % sure, 75 % of 16 right." in said
    assert said.endswith("after: 80 % sure, 100 % of 1,250 right.")


@pytest.mark.parametrize("n_panels", [1, 3])
def test_one_panel_each_on_the_same_scale(n_panels):
    axes = plot_reliability({str(k): BEFORE for k in range(n_panels)})
    assert len(axes) == n_panels
    assert len({(ax.get_xlim(), ax.get_ylim()) for ax in axes}) == 1
    low, high = axes[0].get_ylim()
    assert low < min(text.get_position()[1] for text in axes[0].texts) < 0 < 100 < high


def test_refusing_draws_both_shares_in_percent():
    bars, read = np.array([0, 0.5, 0.9]), np.array([1, 0.95, 0.0])
    ax = plot_refusing(bars, read, np.array([0.9, 0.925, NAN]))
    right, let_through = ax.lines
    np.testing.assert_allclose(right.get_xydata(), [[0, 90], [50, 92.5], [90, NAN]])
    np.testing.assert_allclose(let_through.get_xydata(), [[0, 100], [50, 95], [90, 0]])
    assert right.get_linestyle() != let_through.get_linestyle()
    assert texts(ax) == ["read", "of these, right"]
    assert ax.figure.alt_text.endswith(
        "from 0 %, 100 % read, 90 % of these right; from 50 %, 95 % read, 92.5 % of these right; "
        "from 90 %, nothing read."
    )


def test_of_many_bars_five_are_told():
    bars = np.linspace(0, 0.99, 100)
    said = plot_refusing(bars, 1 - bars, 0.9 + bars / 10).figure.alt_text
    assert said.count(" read, ") == 5 and "from 0 %" in said and "from 99 %" in said
