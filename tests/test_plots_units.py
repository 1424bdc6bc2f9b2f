"""Hidden units as pictures: the data in the figures, and the sentences that stand for them."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from nnlib.plots import plot_unit_stories, plot_units, plot_worth, use_style
from nnlib.views.images import tile


@pytest.fixture(autouse=True)
def style():
    with plt.rc_context():
        use_style()
        yield


@pytest.fixture
def W(rng):
    return rng.normal(size=(6, 784))


def test_units_stand_on_one_sheet_with_one_scale(W):
    ax = plot_units(W, columns=4, title="Six units")
    sheet = ax.images[0].get_array().filled(np.nan)
    assert np.array_equal(sheet, tile(W, 4), equal_nan=True)
    limit = np.abs(W).max()
    assert ax.images[0].get_clim() == (-limit, limit)
    assert [text.get_text() for text in ax.texts] == list("012345")
    bar = ax.figure.axes[1]
    assert bar.get_yticklabels()[-1].get_text() == f"{limit:.2g}"
    assert ax.figure.alt_text == (
        f"Six units: 6 images (red negative, blue positive, up to about {limit:.1g})."
    )


def test_units_take_names(W):
    ax = plot_units(W[:2], names=["a", "b"])
    assert [text.get_text() for text in ax.texts] == ["a", "b"]


def test_a_story_has_weights_digits_and_outgoing_weights(W, rng):
    X, y = rng.random((784, 12)), np.arange(12) % 10
    outgoing = rng.normal(size=(10, 2))
    liked = [(X[:, :10], y[:10]), (X[:, :3], y[:3])]
    axes = plot_unit_stories(W[:2], liked, outgoing, ["unit 4", "unit 0"])
    rows = np.reshape(axes, (2, 3))
    limit, highest = np.abs(W[:2]).max(), np.abs(outgoing).max()
    for r, (image, digits, bars) in enumerate(rows):
        assert np.array_equal(image.images[0].get_array().ravel(), W[r])
        assert image.images[0].get_clim() == (-limit, limit)
        shown = digits.images[0].get_array().filled(np.nan)
        assert np.array_equal(shown, tile(liked[r][0].T, 5), equal_nan=True)
        assert [text.get_text() for text in digits.texts] == [str(k) for k in liked[r][1]]
        assert np.allclose([bar.get_height() for bar in bars.containers[0]], outgoing[:, r])
        assert bars.get_ylim() == (-highest, highest)
    assert [image.get_ylabel() for image, _, _ in rows] == ["unit 4", "unit 0"]
    assert rows[0, 1].get_title(loc="left") == "what excites it most"
    assert rows[1, 1].get_title(loc="left") == ""
    best = outgoing[:, 1].argmax()
    assert "unit 0: excited most by 0 1 2; it passes on" in axes[0].figure.alt_text
    assert f"it passes on {outgoing[best, 1]:.2f} to class {best}" in axes[0].figure.alt_text


def test_a_unit_that_nothing_excites_has_a_story_too(W):
    none = np.zeros((784, 0)), np.zeros(0, dtype=int)
    axes = plot_unit_stories(W[:1], [none], np.ones((10, 1)), ["dead"])
    assert "dead: excited most by none" in axes[0].figure.alt_text


def test_worth_is_sorted_and_names_the_units():
    points = np.array([0.5, 3.0, -0.2, 0.5])
    ax = plot_worth(points)
    assert [bar.get_height() for bar in ax.containers[0]] == [3.0, 0.5, 0.5, -0.2]
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["1", "0", "3", "2"]
    assert "without unit 1 the accuracy falls by 3.0 points" in ax.figure.alt_text
    assert "without unit 2 by −0.2" in ax.figure.alt_text
    assert list(points) == [0.5, 3.0, -0.2, 0.5]
