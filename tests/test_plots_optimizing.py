"""Pictures of optimizers: paths, rates and races are drawn as they were given, and can be heard."""

import numpy as np
import pytest

from nnlib.plots import plot_level_race, plot_race, plot_rates, plot_valley
from nnlib.plots.optimizing import LEVELS, LOOKS, NAMES

H = np.diag([1.0, 20.0])


@pytest.fixture
def paths(rng):
    return {"SGD": rng.normal(size=(5, 2)), "Adam": rng.normal(size=(3, 2))}


def path_lines(ax):
    return [line for line in ax.lines if len(line.get_xdata()) > 1]


def test_a_valley_holds_each_path_and_its_end(paths):
    ax = plot_valley(paths, H)
    for line, (name, path) in zip(path_lines(ax), paths.items(), strict=True):
        np.testing.assert_array_equal(line.get_xydata(), path)
        assert (line.get_color(), line.get_linestyle()) == (LOOKS[name][0], line.get_linestyle())
    ends = [line.get_xydata()[0] for line in ax.lines if len(line.get_xdata()) == 1]
    np.testing.assert_array_equal(ends, [[0, 0], paths["SGD"][-1], paths["Adam"][-1]])
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["SGD", "Adam"]


def test_contour_lines_have_the_height_they_stand_for():
    ax = plot_valley({}, H)
    (contours,) = ax.collections
    assert tuple(contours.levels) == LEVELS
    for level, path in zip(LEVELS, contours.get_paths(), strict=True):
        x, y = path.vertices.T
        np.testing.assert_allclose((x**2 + 20 * y**2) / 2, level, atol=0.04 * level + 0.15)


def test_a_turned_valley_has_turned_contours():
    turned = np.array([[10.5, -9.5], [-9.5, 10.5]])
    (contours,) = plot_valley({}, turned, view=(10, 9)).collections
    x, y = contours.get_paths()[2].vertices.T
    height = (turned[0, 0] * x**2 + 2 * turned[0, 1] * x * y + turned[1, 1] * y**2) / 2
    np.testing.assert_allclose(height, 15, atol=0.8)


def test_the_view_does_not_follow_the_paths():
    ax = plot_valley({"SGD": np.array([[-9.0, 2.0], [1e4, 1e4]])}, H, view=(8, 3))
    assert ax.get_xlim() == (-8, 8) and ax.get_ylim() == (-3, 3)


def test_a_valley_says_where_each_went():
    ax = plot_valley({"Momentum": np.array([[-9.0, 2.0], [1, 1], [0.25, 0.5]])}, H)
    assert "Momentum: 2 steps from (−9.0, 2.0) to (0.25, 0.5)" in ax.figure.alt_text


def test_rates_draw_means_ranges_and_the_best():
    rates = np.array([0.01, 0.1, 1.0])
    groups = {"SGD": [[10, 20], [80, 90], [30, 50]], "Adam": [[90, 92], [50, 60], [10, 10]]}
    ax = plot_rates(rates, groups, "accuracy, %")
    sgd, sgd_best, adam, adam_best = ax.lines
    assert list(sgd.get_ydata()) == [15, 85, 40] and list(adam.get_ydata()) == [91, 55, 10]
    assert list(sgd.get_xdata()) == list(rates) and ax.get_xscale() == "log"
    assert (sgd_best.get_xdata()[0], sgd_best.get_ydata()[0]) == (0.1, 85)
    assert (adam_best.get_xdata()[0], adam_best.get_ydata()[0]) == (0.01, 91)
    heights = ax.collections[0].get_paths()[0].vertices[:, 1]
    assert (heights.min(), heights.max()) == (10, 90)
    words = "accuracy, % over the learning rate. SGD: best 85 at 0.1; Adam: best 91 at 0.01."
    assert ax.figure.alt_text == words


def test_a_race_draws_means_over_epochs():
    curves = {"RMSProp": [[1, 3], [0.5, 0.7]], "Momentum": [[2, 2], [1, 1.0]]}
    ax = plot_race(curves, "training loss", (0, 4))
    first, second = ax.lines
    assert list(first.get_xdata()) == [1, 2] and list(first.get_ydata()) == [2, 0.6]
    assert list(second.get_ydata()) == [2, 1] and ax.get_ylim() == (0, 4)
    assert sorted(text.get_text() for text in ax.texts) == ["Momentum", "RMSProp"]
    assert "RMSProp: from 2 to 0.6; Momentum: from 2 to 1." in ax.figure.alt_text


def test_nobody_in_the_race_is_a_picture_too():
    assert plot_race({}, "loss").lines[:] == []
    assert plot_valley({}, H).get_legend() is None


def test_every_optimizer_has_its_own_look():
    assert len(set(map(str, LOOKS.values()))) == len(NAMES) == 4


def test_a_level_race_has_one_bracket_around_all_ends_and_no_name_there():
    curves = {"SGD": np.array([[0.5, 0.4], [0.1, 0.2]]), "Adam": np.array([[0.6], [0.12]])}
    ax = plot_level_race(curves, "loss", (0, 1), "both")
    (words,) = ax.texts
    assert words.get_text() == "both:\n0.12 to 0.15"
    *_, bracket = ax.get_lines()
    assert min(bracket.get_ydata()) < 0.12 and max(bracket.get_ydata()) > 0.15
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["SGD", "Adam"]
    assert "Adam: from 0.6 to 0.12" in ax.figure.alt_text
