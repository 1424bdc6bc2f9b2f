"""Pictures of the clinic: curves, crosses and dots are those that were given."""

import numpy as np
from matplotlib.colors import to_rgb

from nnlib.plots import plot_patient, plot_wall, plot_who_sees
from nnlib.plots.clinic import LIMITS, TOP
from nnlib.plots.style import INK, PALE, TEST, TRAIN, WRONG

STEPS = np.array([1, 10, 100, 300])
CURED = np.array([[2.3, 2.4], [1.5, 1.6], [0.8, 0.9], [0.3, 0.4]])
SICK = np.array([[2.3, 2.4], [9.0, 1.7], [np.nan, 1.8], [np.nan, 1.9]])
LOSS = {"cured": (STEPS, CURED), "sick": (STEPS, SICK)}
SHARES = {"cured": (STEPS, 100 - 10 * CURED), "sick": (STEPS, np.full((4, 2), 10.0))}


def solid(ax, color):
    """The lines of a color that are not single marks."""
    return [line for line in ax.lines if line.get_color() == color and len(line.get_xdata()) > 2]


def crosses(ax):
    marks = [line for line in ax.lines if line.get_marker() == "X"]
    assert all(mark.get_color() == WRONG for mark in marks)
    return [(mark.get_xdata()[0], mark.get_ydata()[0]) for mark in marks]


def test_sick_curves_lie_over_the_cured():
    loss, share = plot_patient("two seeds", LOSS, SHARES, np.log(10))
    for ax, runs, color in ((loss, LOSS, TRAIN), (share, SHARES, TEST)):
        for drawn, run in ((solid(ax, PALE), "cured"), (solid(ax, color), "sick")):
            for line, values in zip(drawn, runs[run][1].T, strict=True):
                np.testing.assert_array_equal(line.get_xdata(), STEPS)
                np.testing.assert_array_equal(line.get_ydata(), values)
    assert loss.get_ylim() == LIMITS and loss.get_yscale() == loss.get_xscale() == "log"
    assert [t.get_text() for t in loss.get_legend().get_texts()] == ["cured", "sick"]
    assert share.get_ylim() == (0, 102)


def test_a_cross_where_a_curve_ends_early_and_nowhere_else():
    loss, share = plot_patient("two seeds", LOSS, SHARES, 2.3)
    assert crosses(loss) == [(10, 9.0)]
    assert crosses(share) == []


def test_a_run_that_stopped_has_fewer_steps_and_a_cross():
    stopped = {"cured": (STEPS, CURED), "sick": (STEPS[:2], CURED[:2])}
    loss, _ = plot_patient("stops", stopped, SHARES, 2.3)
    assert crosses(loss) == [(10, 1.5), (10, 1.6)]
    assert loss.get_xlim()[1] > 300
    assert "loss, sick: from 2.3 to 1.5, ends after step 10;" in loss.figure.alt_text


def test_a_run_without_a_number_has_a_cross_on_top():
    loss, _ = plot_patient("none", LOSS | {"sick": (STEPS, SICK * np.nan)}, SHARES, 2.3)
    assert crosses(loss) == [(1, TOP)] * 2
    assert "loss, sick: no number at all" in loss.figure.alt_text


def test_an_accuracy_that_cannot_be_measured_is_said():
    shares = SHARES | {"sick": (STEPS, np.full((4, 2), np.nan))}
    _, share = plot_patient("none", LOSS, shares, 2.3)
    assert not solid(share, TEST) and crosses(share) == []
    assert [text.get_text() for text in share.texts] == ["sick: cannot be measured"]


def test_the_words_tell_the_first_seed():
    loss, _ = plot_patient("two seeds", LOSS, SHARES, 2.3)
    assert loss.figure.alt_text == (
        "two seeds, over the step: loss, cured: from 2.3 to 0.3; loss, sick: from 2.3 to 9, ends "
        "after step 10; test accuracy, cured: from 77.0 to 97.0; test accuracy, sick: from 10.0 "
        "to 10.0."
    )


def test_a_wall_shares_its_axes_and_draws_one_seed():
    names = [f"patient {k}" for k in range(6)]
    axes = plot_wall({name: LOSS for name in names}, 2.3)
    assert [ax.get_title(loc="left") or ax.get_title() for ax in axes] == names
    assert len({ax.get_ylim() for ax in axes}) == 1 == len({ax.get_xlim() for ax in axes})
    for ax in axes:
        assert len(solid(ax, PALE)) == len(solid(ax, TRAIN)) == 1
        np.testing.assert_array_equal(solid(ax, TRAIN)[0].get_ydata(), SICK[:, 0])
        assert crosses(ax) == [(10, 9.0)]
    assert sum(ax.axison for ax in axes[0].figure.axes) == 6
    assert "patient 5: from 2.3 to 9, ends after step 10" in axes[0].figure.alt_text


def test_a_full_dot_for_who_sees_and_a_ring_for_who_does_not():
    table = {"first": {"a": True, "b": False}, "second": {"a": False, "b": False}}
    ax = plot_who_sees(table)
    places = [(line.get_xdata()[0], line.get_ydata()[0]) for line in ax.lines]
    assert places == [(0, 0), (1, 0), (0, 1), (1, 1)]
    faces = [to_rgb(line.get_markerfacecolor()) for line in ax.lines]
    assert faces == [to_rgb(INK if full else "white") for full in (True, False, False, False)]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["first", "second"]
    assert ax.figure.alt_text == "Who finds which patient. first: a; second: nobody."
