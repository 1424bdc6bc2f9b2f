"""The pictures in parts of lessons 11 and 13: what is drawn is what was given."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from nnlib.plots import plot_bar_panels, plot_chains, plot_level_race


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def title(ax):
    return ax.get_title() or ax.get_title(loc="left")  # where the style puts it


def sizes(ax):
    return [(patch.get_height(), patch.get_width()) for patch in ax.patches]


def test_the_chains_are_two_products_whose_sizes_fit():
    for ax in plot_chains("a title"):
        *factors, result = sizes(ax)
        assert len(factors) == 6
        for (_, columns), (rows, _) in zip(factors, factors[1:]):
            assert columns == rows
        assert result == (factors[0][0], factors[-1][1])
    assert plt.gcf().get_suptitle() == "a title"
    assert plt.gcf().alt_text.count("A product:") == 2


def test_one_chain_is_the_other_transposed():
    row, column = (sizes(ax) for ax in plot_chains())
    assert [shape[::-1] for shape in row[-2::-1]] == column[:-1]
    assert row[-1][::-1] == column[-1]


def test_panels_hold_the_bars_and_share_their_axis():
    left, right = plot_bar_panels({"one": [0.1, 0.02], "two": [0.3, 0.2, 0.1]}, "size", (0.01, 1))
    assert [bar.get_height() for bar in right.patches] == [0.3, 0.2, 0.1]
    assert left.get_ylim() == right.get_ylim() == (0.01, 1)
    assert (title(left), title(right)) == ("one", "two")
    assert (left.get_ylabel(), right.get_ylabel()) == ("size", "")


def test_a_level_race_has_one_bracket_around_all_ends_and_no_name_there():
    curves = {"SGD": np.array([[0.5, 0.4], [0.1, 0.2]]), "Adam": np.array([[0.6], [0.12]])}
    ax = plot_level_race(curves, "loss", (0, 1), "both", title="level?")
    (words,) = ax.texts
    assert words.get_text() == "both:\n0.12 to 0.15"
    *_, bracket = ax.get_lines()
    assert min(bracket.get_ydata()) < 0.12 and max(bracket.get_ydata()) > 0.15
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["SGD", "Adam"]
    assert title(ax) == "level?" and "Adam: from 0.6 to 0.12" in ax.figure.alt_text
