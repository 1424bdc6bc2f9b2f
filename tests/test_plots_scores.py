"""The bars of ten scores and the dots of several runs: their data, their marks, their sentences."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from pictures import texts

from nnlib.plots import plot_runs, plot_scores
from nnlib.plots.style import TEST, TRAIN, WRONG

SCORES = [0.5, -2.0, 3.25, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 3.0]
RUNS = {"without": [89.4, 90.0, 89.7], "with": [83.1, 85.3]}


def test_a_bar_for_each_score_and_the_largest_marked():
    ax = plot_scores(SCORES)
    assert [bar.get_height() for bar in ax.patches] == SCORES
    assert ax.patches[2].get_facecolor() == plt.matplotlib.colors.to_rgba(TRAIN)
    assert texts(ax)[:3] == ["0.5", "−2", "3.25"]
    (mark,) = [text for text in ax.texts if text.get_text() == "largest"]
    assert mark.xy == (2, 3.25)


@pytest.mark.parametrize(("label", "mark", "color"), [(2, "✓", TRAIN), (9, "✗", WRONG)])
def test_a_label_turns_the_mark_into_a_verdict(label, mark, color):
    ax = plot_scores(np.array(SCORES)[:, None], label=label)  # a column will do as well
    assert f"largest {mark}" in texts(ax)
    assert ax.patches[2].get_facecolor() == plt.matplotlib.colors.to_rgba(color)
    assert ax.figure.alt_text.endswith(f"The largest is 2. In truth it is a {label}.")


def test_the_scores_can_be_heard():
    ax = plot_scores(SCORES)
    assert ax.figure.alt_text.startswith("Ten bars, one score a digit: 0: 0.5, 1: −2, 2: 3.25,")
    assert ax.figure.alt_text.endswith("The largest is 2.")


def test_all_negative_scores_have_a_largest_too():
    ax = plot_scores([-3.0, -1.0, -2.0] + 7 * [-5.0])
    (mark,) = [text for text in ax.texts if text.get_text() == "largest"]
    assert mark.xy == (1, -1.0)


def test_a_dot_for_each_value_and_the_mean_of_each_row():
    ax = plot_runs(RUNS, "test accuracy, %")
    for dots, line, place, values in zip(ax.collections, ax.lines, (0, 1), RUNS.values()):
        places = dots.get_offsets()
        np.testing.assert_allclose(places[:, 0], values)
        assert np.abs(places[:, 1] - place).max() < 0.38
        assert dots.get_facecolor()[0][:3] == pytest.approx(plt.matplotlib.colors.to_rgb(TEST))
        np.testing.assert_allclose(line.get_xdata(), 2 * [np.mean(values)])
    assert [label.get_text() for label in ax.get_yticklabels()] == ["without", "with"]
    assert texts(ax) == ["89.7", "84.2", "mean"]
    assert ax.get_xlabel() == "test accuracy, %"
    low, high = ax.get_ylim()
    assert low > high  # the first group stands at the top


def test_the_runs_can_be_heard():
    ax = plot_runs(RUNS, "test accuracy, %")
    assert ax.figure.alt_text == (
        "Rows of dots, test accuracy, %. without: 89.4 to 90, mean 89.7; with: 83.1 to 85.3, "
        "mean 84.2."
    )
