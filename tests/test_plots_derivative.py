"""The pictures of lesson 05 show the numbers they are given, and say them in words."""

import numpy as np
from pictures import texts

from nnlib.plots import plot_collapse, plot_columns, plot_jacobian, plot_pulls

P = np.array([0.5, 0.2, 0.3])
TRUTH = np.array([0.0, 0.0, 1.0])
J = np.diag(P) - np.outer(P, P)


def shown(ax):
    """The array of the only image of an Axes."""
    (image,) = ax.images
    return image.get_array()


def test_columns_show_their_values_on_one_scale():
    columns = np.column_stack([P, TRUTH, P - TRUTH])
    ax = plot_columns(columns, ["P", "Y", "P − Y"])
    assert np.array_equal(shown(ax), columns)
    assert ax.images[0].get_clim() == (-1, 1)
    assert texts(ax) == ["0.50", "0", "0.50", "0.20", "0", "0.20", "0.30", "1", "−0.70"]
    assert [label.get_text() for label in ax.get_xticklabels()] == ["P", "Y", "P − Y"]


def test_columns_are_told_in_words():
    ax = plot_columns(np.column_stack([P, P - TRUTH]), ["P", "P − Y"])
    assert "P: 0.50, 0.20, 0.30; P − Y: 0.50, 0.20, −0.70." in ax.figure.alt_text


def test_a_value_that_rounds_to_zero_has_no_minus():
    ax = plot_columns(np.array([[-0.001], [-0.0]]), ["tiny"])
    assert texts(ax) == ["0.00", "0"]


def test_numbers_on_dark_squares_are_white():
    ax = plot_columns(np.array([[-0.9], [0.1], [0.001]]), ["x"])
    assert [text.get_color() for text in ax.texts] == ["white", "#222222", "#777777"]


def test_jacobian_shows_every_entry_to_a_quarter():
    ax = plot_jacobian(J)
    assert np.array_equal(shown(ax), J)
    assert ax.images[0].get_clim() == (-0.25, 0.25)
    assert texts(ax)[:2] == ["0.25", "−0.10"]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("score i", "probability k")


def test_jacobian_is_told_in_words():
    words = plot_jacobian(J).figure.alt_text
    assert "diagonal 0.25, 0.16, 0.21" in words
    assert "strongest entry 0.25 in row 0, column 0" in words


def test_jacobian_without_numbers_writes_none():
    assert texts(plot_jacobian(J, numbers=False)) == []


def test_collapse_shows_all_four_steps():
    slopes = -TRUTH / P
    products = slopes[:, np.newaxis] * J
    axes = plot_collapse(slopes, J, products, products.sum(axis=0))
    first, second, third, fourth = axes
    assert np.array_equal(shown(first)[:, 0], slopes)
    assert np.array_equal(shown(second), J)
    assert np.array_equal(shown(third), products)
    assert np.allclose(shown(fourth)[0], P - TRUTH)
    assert texts(fourth) == ["0.50", "0.20", "−0.70"]
    assert "−3.33 in row 2" in first.figure.alt_text
    assert "the column sums, 0.50, 0.20, −0.70." in first.figure.alt_text


def test_pulls_draw_both_curves():
    z = np.linspace(-8, 8, 33)
    A = 1 / (1 + np.exp(-z))
    ax = plot_pulls(z, 1 - A, (1 - A) * A * (1 - A))
    ours, theirs = ax.lines[:2]
    assert np.array_equal(ours.get_ydata(), 1 - A)
    assert np.array_equal(theirs.get_ydata(), (1 - A) * A * (1 - A))
    assert (ours.get_linestyle(), theirs.get_linestyle()) == ("-", "--")
    assert texts(ax) == ["cross-entropy", "squared error"]
    assert "At z = −8 cross-entropy pulls with 1.00 and squared error with 0.0003" in (
        ax.figure.alt_text
    )
