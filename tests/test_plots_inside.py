"""Small panels: what is drawn is what was given, and a change replaces it entirely."""

import numpy as np

from nnlib.plots.digits import plot_digit
from nnlib.plots.inside import (
    change_confusion,
    change_digit,
    change_mind,
    change_mosaic,
    change_place,
    change_recalls,
    change_signed_bars,
    plot_change_of_mind,
    plot_mosaic,
    plot_place_on_curve,
    plot_recalls,
    plot_signed_bars,
    plot_small_confusion,
)

CURVE = (np.array([1, 2, 3, 4]), np.array([2.0, 1.5, np.nan, 1.0]))
P, BEFORE = np.array([0.1, 0.7, 0.2]), np.array([0.5, 0.3, 0.2])


def test_a_mosaic_is_signed_or_ink_and_fewer_images_leave_paper(rng):
    images = rng.random((6, 784))
    ax = plot_mosaic(images, 3, 0.5, names="abcdef", title="Units")
    assert ax.images[0].get_clim() == (-0.5, 0.5)
    assert ax.get_title(loc="left") == "Units"
    assert "6 images (red negative, blue positive, up to about 0.5)" in ax.figure.alt_text
    change_mosaic(ax, images[:2], 3, 2.0, signed=False, names="xy")
    assert ax.images[0].get_clim() == (0, 2)
    data = ax.images[0].get_array()
    assert data.shape == (60, 90)
    assert np.isnan(data.filled(np.nan)[30:]).all()
    assert [text.get_text() for text in ax.texts] == ["x", "y", "", "", "", ""]
    assert plot_mosaic(np.zeros((40, 784)), 8, names=range(40)).texts[:] == []


def test_the_place_on_a_curve_splits_it():
    ax = plot_place_on_curve(CURVE, 2, 1.5)
    whole, passed, here, dot = ax.lines
    assert np.array_equal(whole.get_ydata(), CURVE[1], equal_nan=True)
    assert list(passed.get_xdata()) == [1, 2]
    assert (dot.get_xdata(), dot.get_ydata()) == ([2], [1.5])
    assert ax.get_xlim() == (0, 4) and ax.get_ylim() == (0, 2.1)
    assert "a dot at step 2, loss 1.5" in ax.figure.alt_text
    change_place(ax, 4, 1.0, "on")
    assert list(passed.get_xdata()) == [1, 2, 3, 4] and here.get_xdata() == [4, 4]
    assert ax.get_ylim() == (0, 2.1)


def test_an_empty_curve_still_has_axes():
    ax = plot_place_on_curve((np.array([]), np.array([])), 0, float("nan"))
    assert ax.get_xlim() == (0, 1) and ax.get_ylim() == (0, 1)


def test_confusion_shows_counts_and_frames_a_cell():
    counts = np.array([[5, 1], [2, 4]])
    ax = plot_small_confusion(counts, 6)
    assert np.array_equal(ax.images[0].get_array(), counts)
    assert ax.images[0].get_clim() == (0, 6)
    assert ax.patches[0].get_xy() == (-0.5, -0.5)
    assert "9 of 12 on its diagonal" in ax.figure.alt_text
    right = ax.patches[0].get_edgecolor()
    change_confusion(ax, counts.T, (1, 0))
    assert np.array_equal(ax.images[0].get_array(), counts.T)
    assert ax.patches[0].get_xy() == (-0.5, 0.5)
    assert ax.patches[0].get_edgecolor() != right


def test_probabilities_stand_before_what_they_were():
    ax = plot_change_of_mind(P, BEFORE, 1, "pale: step 0")
    pale, strong = ([bar.get_height() for bar in bars] for bars in ax.containers)
    assert strong == list(P) and pale == list(BEFORE)
    assert ax.get_xlabel() == "pale: step 0" and ax.get_ylim() == (0, 1)
    assert "the largest for 1: 0.70; before, for 0: 0.50" in ax.figure.alt_text
    change_mind(ax, BEFORE, P, 2)
    assert [bar.get_height() for bar in ax.containers[1]] == list(BEFORE)
    weights = [name.get_weight() for name in ax.get_xticklabels()]
    assert weights == ["normal", "normal", "bold"]


def test_a_digit_and_its_label_change(rng):
    ax = plot_digit(rng.random(784), 3)
    other = rng.random(784)
    change_digit(ax, other, 8)
    assert np.array_equal(ax.images[0].get_array().ravel(), other)
    assert ax.texts[0].get_text() == "8"


def test_signed_bars_change_height_and_color():
    ax = plot_signed_bars(np.array([0.5, -0.2]), 1.0, "out")
    assert ax.get_ylim() == (-1, 1)
    assert "from −0.20 for 1 to 0.50 for 0" in ax.figure.alt_text
    before = [bar.get_facecolor() for bar in ax.containers[0]]
    change_signed_bars(ax, np.array([-0.5, 0.2]))
    assert [bar.get_height() for bar in ax.containers[0]] == [-0.5, 0.2]
    assert [bar.get_facecolor() for bar in ax.containers[0]] == before[::-1]
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["−1", "0", "1"]


def test_recalls_join_before_and_after():
    before, after = np.array([0.9, np.nan, 0.8]), np.array([0.9, np.nan, 0.3])
    ax = plot_recalls(before, after)
    pale, strong = (line.get_ydata() for line in ax.lines)
    assert np.allclose(pale, 100 * before, equal_nan=True)
    assert np.allclose(strong, 100 * after, equal_nan=True)
    assert "before and after: 0: 90 → 90, 2: 80 → 30." in ax.figure.alt_text
    change_recalls(ax, before)
    assert np.allclose(ax.collections[0].get_segments()[2], [[2, 80], [2, 80]])
