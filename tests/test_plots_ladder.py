"""Pictures of the ladder: bars, dots, guesses and sizes are those that were given."""

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from pictures import texts

from nnlib.plots import plot_ladder, plot_sizes
from nnlib.plots.style import GUESS, TEST

GROUPS = {"first": [40.0, 36.0], "second": [86.5, 88.0, 87.0], "third": []}


def test_a_bar_to_each_mean_and_a_dot_for_each_value():
    ax = plot_ladder(GROUPS, "test accuracy, %")
    means = [38, np.mean(GROUPS["second"])]
    assert [bar.get_width() for bar in ax.patches] == pytest.approx(means)
    assert [bar.get_y() + bar.get_height() / 2 for bar in ax.patches] == pytest.approx([0, 1])
    for place, (dots, values) in enumerate(zip(ax.collections, GROUPS.values())):
        np.testing.assert_allclose(dots.get_offsets()[:, 0], values)
        assert np.abs(dots.get_offsets()[:, 1] - place).max() < 0.31
    assert [label.get_text() for label in ax.get_yticklabels()] == list(GROUPS)
    assert texts(ax) == ["38.0", "87.2", "?"]
    assert ax.get_xlim() == (0, 100) and ax.get_ylim()[0] > ax.get_ylim()[1]


def test_a_guess_is_a_dotted_grey_stroke_and_none_draws_nothing():
    ax = plot_ladder(GROUPS, "accuracy, %", guesses={"first": 55, "second": None, "third": 70})
    assert [line.get_xdata()[0] for line in ax.lines] == [55, 70]
    assert {(line.get_color(), line.get_linestyle()) for line in ax.lines} == {(GUESS, ":")}
    assert [np.mean(line.get_ydata()) for line in ax.lines] == [0, 2]
    said = "first: mean 38.0, 36.0 to 40.0, guessed 55; second: mean 87.2, 86.5 to 88.0; third: not"
    assert said in ax.figure.alt_text


def test_without_guesses_nothing_is_dotted():
    assert not plot_ladder(GROUPS, "accuracy, %").lines


def test_what_came_before_is_pale():
    ax = plot_ladder(GROUPS, "accuracy, %", pale={"first"})
    first, second = (bar.get_facecolor() for bar in ax.patches)
    assert first[:3] == second[:3] == pytest.approx(to_rgb(TEST))
    assert first[3] < second[3]


def test_sizes_are_counted_whatever_their_sign(rng):
    groups = {"small": rng.normal(size=(20, 50)) / 10, "large": np.array([-2000.0, 3000, 5, -90])}
    ax = plot_sizes(groups, 6.9, "flat", "size of a sum")
    assert ax.get_xscale() == "log"
    assert texts(ax) == ["small", "large", " flat →"]
    heights = [shape.get_path().vertices[:, 1].max() for shape in ax.patches]
    assert heights[1] == 25  # four numbers, each alone in its bin
    assert ax.lines[0].get_xdata()[0] == 6.9
    assert ax.figure.alt_text == (
        "Histograms of size of a sum, logarithmic. flat at 6.9. small: 0 % beyond it; large: 75 % "
        "beyond it."
    )


def test_a_size_of_zero_is_drawn_at_the_edge():
    ax = plot_sizes({"none": np.zeros(5)}, 6.9, "flat", "size")
    assert ax.patches[0].get_path().vertices[:, 1].max() == 100
