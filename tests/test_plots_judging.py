"""Pictures of judging show the counts, intervals and curves that they are given."""

import numpy as np
import pytest
from pictures import texts

from nnlib.plots import (
    plot_choice,
    plot_confusion,
    plot_intervals,
    plot_learning_curves,
    plot_read_as,
)

COUNTS = np.array([[8, 0, 2], [1, 9, 0], [5, 0, 5]])


def test_confusion_shows_every_count_and_shades_only_mistakes():
    ax = plot_confusion(COUNTS)
    assert texts(ax) == ["8", "", "2", "1", "9", "", "5", "", "5"]
    shades = np.asarray(ax.images[0].get_array())
    assert np.array_equal(shades, [[0, 0, 2], [1, 0, 0], [5, 0, 0]])
    assert ax.images[0].get_clim()[0] == 0
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("read as", "true digit")
    alt = ax.figure.alt_text
    assert "30 digits" in alt and "22 on the diagonal" in alt
    assert "2 read as 0: 5, 0 read as 2: 2, 1 read as 0: 1" in alt


def test_no_mistakes_are_said_to_be_none():
    ax = plot_confusion(np.diag([3, 4]))
    assert ax.figure.alt_text.endswith("No mistakes.")


def test_read_as_writes_what_was_read_and_what_the_truth_got(rng):
    X = rng.random((784, 3))
    P = np.full((10, 3), 0.01)
    P[7, 0], P[4, 1], P[9, 1], P[2, 2] = 0.9, 0.35, 0.55, 0.999
    ax = plot_read_as(X, np.array([7, 4, 5]), P, columns=2, rows=2)
    assert texts(ax) == [
        *("7", "7: 90 % ✓"),
        *("4", "9: 55 % ✗", "4: 35 %"),
        *("5", "2: >99 % ✗", "5: 1 %"),
    ]
    sheet = np.asarray(ax.images[0].get_array())
    assert np.array_equal(sheet[1:29, 3:31], X[:, 0].reshape(28, 28))
    assert np.array_equal(sheet[1:29, 37:65], X[:, 1].reshape(28, 28))
    assert sheet[46:, 34:].max() == 0  # the fourth place is empty
    assert "a 4, 9 with 55 %" in ax.figure.alt_text


@pytest.mark.parametrize(("m", "shown"), [(0, 0), (4, 4), (9, 4)])
def test_read_as_has_the_same_room_for_few_and_many(rng, m, shown):
    ax = plot_read_as(rng.random((784, m)), np.arange(m), np.ones((10, m)) / 10, 2, 2)
    assert ax.images[0].get_array().shape == (2 * 45, 2 * 34)
    assert len([text for text in texts(ax) if ":" not in text]) == shown
    if not m:
        assert ax.figure.alt_text.endswith("none.")


def test_intervals_are_lines_with_a_dot_and_numbers():
    ax = plot_intervals({"a": (90, 85.1, 93.4), "b": (84, 81.6, 86.1)}, "recall, %", mark=88)
    mark, *lines = ax.lines
    assert list(mark.get_xdata()) == [88, 88]
    assert list(lines[0].get_xdata()) == [85.1, 93.4] and list(lines[0].get_ydata()) == [0, 0]
    assert list(lines[3].get_xdata()) == [84]
    assert texts(ax) == ["90, from 85.1 to 93.4", "84, from 81.6 to 86.1"]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["a", "b"]
    assert "b: 84, from 81.6 to 86.1" in ax.figure.alt_text


def test_the_chosen_one_is_ringed_and_the_mean_drawn():
    ax = plot_choice([90, 95, 92.5], [89, 89.5, 91], best=1)
    dots, ring, _ = (scatter.get_offsets() for scatter in ax.collections)
    assert np.array_equal(dots, [[90, 89], [95, 89.5], [92.5, 91]])
    assert np.array_equal(ring, [[95, 89.5]])
    assert ax.lines[0].get_ydata()[0] == pytest.approx(89.8333, abs=1e-3)
    assert ax.figure.alt_text.endswith("The chosen one: 95 and 89.5 %.")


def test_learning_curves_are_dots_and_means_on_a_logarithmic_axis():
    new = ([100, 100, 1000], [70, 74, 88.0])
    ax = plot_learning_curves({"known digits": ([100, 1000], [100, 99]), "new digits": new})
    known, held_out = ax.lines
    assert list(held_out.get_xdata()) == [100, 1000] and list(held_out.get_ydata()) == [72, 88]
    assert held_out.get_linestyle() == "--" and known.get_linestyle() == "-"
    assert len(ax.collections[1].get_offsets()) == 3
    assert ax.get_xscale() == "log"
    assert sorted(texts(ax)) == ["known digits", "new digits"]
    assert "new digits: 100: 72, 1,000: 88" in ax.figure.alt_text
