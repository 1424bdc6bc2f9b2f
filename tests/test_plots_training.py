"""Pictures of training: what is drawn is what was given, and it can be heard."""

import numpy as np
import pytest

from nnlib.network import init_params
from nnlib.optimizers import SGD
from nnlib.plots import plot_losses, plot_steps_needed, plot_unit_strip
from nnlib.plots.style import TEST, TRAIN
from nnlib.training import train


@pytest.fixture
def records(rng):
    X, y = rng.random((6, 12)).astype(np.float32), rng.integers(0, 4, 12)
    return list(train(init_params([6, 5, 4], rng), X, y, SGD(0.1), epochs=7))


def test_an_end_that_differs_between_computers_is_said_with_its_tolerance():
    ax = plot_losses({"calm": [3, 2, 1], "wild": [3, 40, 2.3]}, ends={"wild": "2 ± 1"})
    assert "calm: from 3 to 1; wild: ends at 2 ± 1." in ax.figure.alt_text


def test_losses_draw_records_arrays_and_pairs(records):
    values = np.array([3.0, 2.0, 1.5])
    ax = plot_losses({"run": records, "array": values, "pair": ([0, 10, 20], values)})
    run, array, pair = ax.lines
    assert list(run.get_xdata()) == [1, 2, 3, 4, 5, 6, 7]
    assert list(run.get_ydata()) == [record.loss for record in records]
    assert list(array.get_xdata()) == [1, 2, 3]
    assert list(pair.get_xdata()) == [0, 10, 20]
    assert list(array.get_ydata()) == list(pair.get_ydata()) == list(values)


def test_training_is_solid_blue_and_test_dashed_orange():
    ax = plot_losses({"training": [2, 1], "test": [2.0, 1.4]})
    looks = [(line.get_color(), line.get_linestyle()) for line in ax.lines]
    assert looks == [(TRAIN, "-"), (TEST, "--")]


def test_each_curve_is_named_at_its_end_and_names_do_not_touch():
    ax = plot_losses({"one": [3, 1.0], "two": [3, 1.001], "three": [3, 2.0]})
    assert [text.get_text() for text in ax.texts] == ["one", "two", "three"]
    per_pixel = 72 / ax.figure.dpi
    heights = [
        ax.transData.transform(text.xy)[1] * per_pixel + text.get_position()[1] for text in ax.texts
    ]
    assert np.diff(sorted(heights)).min() > 12.9
    assert [text.xy for text in ax.texts] == [(2, 1.0), (2, 1.001), (2, 2.0)]


def test_losses_say_first_last_and_a_peak_between():
    ax = plot_losses({"calm": [3, 2, 1], "wild": [3, 40, 2.3, np.nan]}, log=True)
    assert ax.get_yscale() == "log"
    assert ax.figure.alt_text == (
        "Curves of loss over step. calm: from 3 to 1; wild: from 3 to 2.3, at most 40."
    )


def test_limits_hold_and_a_name_stays_inside_them():
    ax = plot_losses({"promise": [2, 1, -9], "broken": [2, 1.5, np.nan]}, limits=(0, 4))
    assert ax.get_ylim() == (0, 4)
    assert [text.xy for text in ax.texts] == [(2, 1), (2, 1.5)]


def test_steps_needed_marks_what_was_reached_and_what_never():
    ax = plot_steps_needed([3, 1, 0.1, 0.01], [np.nan, 50, 260, 2600])
    assert ax.collections[0].get_offsets().tolist() == [[1, 50], [0.1, 260], [0.01, 2600]]
    rule, never = ax.lines
    assert np.allclose(rule.get_xdata() * rule.get_ydata(), 26)
    assert list(never.get_xdata()) == [3]
    assert ax.figure.alt_text.endswith("0.01: 2,600 steps, 0.1: 260 steps, 1: 50 steps, 3: never.")


def test_strip_holds_every_weight_in_its_place(rng):
    history = [rng.normal(size=(3, 784)), rng.normal(size=(3, 784))]
    ax = plot_unit_strip(history, ["step 0", "step 9"])
    image = ax.images[0]
    sheet = image.get_array()
    assert sheet.shape == (60, 90)
    assert np.array_equal(sheet[31:59, 61:89].ravel(), history[1][2])
    limit = max(abs(history[0]).max(), abs(history[1]).max())
    assert image.get_clim() == (-limit, limit)
    assert [label.get_text() for label in ax.get_yticklabels()] == ["step 0", "step 9"]
    assert "3 hidden units" in ax.figure.alt_text and "step 9: up to" in ax.figure.alt_text


def test_a_curve_without_a_visible_point_is_named_in_words_alone():
    ax = plot_losses({"calm": [3, 2], "broken": [np.nan, np.nan], "far": [90, 91]}, limits=(0, 4))
    assert [text.get_text() for text in ax.texts] == ["calm"]
    assert "broken: no number at all; far: from 90 to 91" in ax.figure.alt_text


def test_a_sixth_curve_is_refused_in_words():
    with pytest.raises(ValueError, match="at most 5 curves"):
        plot_losses({name: [2, 1] for name in "abcdef"})
