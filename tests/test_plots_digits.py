"""Pictures of digits: the data that is drawn, and the sentence that describes it."""

import numpy as np
import pandas as pd
import pytest
from pictures import texts

from nnlib.plots import (
    plot_class_counts,
    plot_digit,
    plot_digits,
    plot_maps,
    plot_pixel_values,
)


@pytest.fixture
def X(rng):
    """Seven random images."""
    return rng.random((784, 7))


def test_digit(X):
    ax = plot_digit(X[:, 0], label=4)
    np.testing.assert_array_equal(ax.images[0].get_array(), X[:, 0].reshape(28, 28))
    assert ax.images[0].get_clim() == (0, 1) and texts(ax) == ["4"]
    assert ax.figure.alt_text.startswith("A handwritten 4; ink covers 49% of")
    assert plot_digit(255 * X[:, 0]).images[0].get_clim() == (0, 255)


def test_digits_stand_where_they_belong(X):
    ax = plot_digits(X, y=range(7), columns=3)
    sheet = ax.images[0].get_array()
    assert sheet.shape == (3 * 32, 3 * 32)
    np.testing.assert_array_equal(sheet[34:62, 34:62], X[:, 4].reshape(28, 28))
    assert texts(ax) == list("0123456")
    assert ax.figure.alt_text == "7 handwritten digits: 0, 1, 2, 3, 4, 5, 6."


def test_predictions_carry_tick_or_cross(X):
    ax = plot_digits(X[:, :2], y=[3, 8], predicted=[3, 5], columns=2)
    assert texts(ax) == ["3", "3 ✓", "8", "5 ✗"]
    assert ax.figure.alt_text == "2 digits, in truth 3, 8; predicted 3, 5; 1 of 2 right."


def test_pixel_values_are_written_on_the_pixels():
    ax = plot_pixel_values(np.arange(784) % 256)
    assert [text.get_position() for text in ax.texts[:2]] == [(6, 4), (7, 4)]
    assert texts(ax)[:2] == ["118", "119"] and len(texts(ax)) == 12 * 16
    assert "Rows 4 to 15 and columns 6 to 21" in ax.figure.alt_text


@pytest.mark.parametrize("signed", [False, True])
def test_maps_share_one_scale(rng, signed):
    maps = rng.normal(size=(3, 784))
    *axes, _ = plot_maps(maps, ["a", "b", "c"], signed=signed, columns=2)
    images = [ax.images[0] for ax in axes]
    limit = np.abs(maps).max()
    for image, values in zip(images, maps, strict=True):
        np.testing.assert_array_equal(image.get_array(), values.reshape(28, 28))
        assert image.get_clim() == (-limit if signed else 0, limit)
    assert axes[0].figure.alt_text.endswith("a, b, c.")


def test_class_counts():
    ax = plot_class_counts(np.array([0, 0, 3]))
    assert [bar.get_height() for bar in ax.patches] == [2, 0, 0, 1, 0, 0, 0, 0, 0, 0]
    assert "0: 2, 1: 0, 2: 0, 3: 1" in ax.figure.alt_text


def test_labels_of_a_shuffled_table_are_taken_by_place(X):
    ax = plot_digits(X[:, :3], y=pd.Series([5, 6, 7], index=[2, 0, 1]))
    assert texts(ax) == ["5", "6", "7"]
    assert ax.figure.alt_text == "3 handwritten digits: 5, 6, 7."
