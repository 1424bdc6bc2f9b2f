"""How a picture is read: the strip of steps, the ten bars, the hidden units."""

import numpy as np
import pytest

from nnlib.data.preprocessing import as_mnist, draw
from nnlib.plots import plot_hidden, plot_pipeline, plot_reading, reading_in_words


def shares(**given):
    p = np.zeros(10)
    for digit, share in given.items():
        p[int(digit[1:])] = share
    return p


@pytest.mark.parametrize(
    ("p", "words"),
    [
        (shares(d7=0.93, d1=0.05, d2=0.02), "it reads a 7 (93 %), next a 1 (5 %)"),
        (shares(d8=0.6, d3=0.4), "it reads an 8 (60 %), next a 3 (40 %)"),
        (shares(d0=0.999, d8=0.001), "it reads a 0 (over 99 %)"),
    ],
)
def test_in_words(p, words):
    assert reading_in_words(p) == words


def test_strip_holds_the_four_pictures():
    ink = draw([[(30, 20), (110, 20), (60, 120)]])
    steps = as_mnist(ink)
    ax = plot_pipeline(ink, steps)
    for image, picture in zip(ax.images, [ink, *steps], strict=True):
        np.testing.assert_array_equal(image.get_array(), picture)
        assert image.get_clim() == (0, 1)
        left, right, bottom, top = image.get_extent()
        h, w = picture.shape
        assert (right - left) / (bottom - top) == pytest.approx(w / h), "no distortion"
    assert [t.get_text() for t in ax.texts if t.get_text() != "→"] == [
        "drawn",
        "cropped",
        "scaled\n20 × 20",
        "centered\n28 × 28",
    ]
    h, w = steps.crop.shape
    assert f"cropped to its ink, {h} by {w} pixels" in ax.figure.alt_text


def test_the_first_picture_may_have_another_name():
    ax = plot_pipeline(np.ones((9, 9)), first="uploaded")
    assert ax.texts[0].get_text() == "uploaded"


def test_an_empty_strip():
    ax = plot_pipeline(np.zeros((140, 140)))
    assert len(ax.images) == 1 and len(ax.patches) == 4
    assert "nothing is drawn" in ax.figure.alt_text


def test_bars_and_their_mark():
    p, before = shares(d5=0.7, d7=0.3), shares(d7=1.0)
    ax = plot_reading(p, before=before, label=7)
    heights = [bar.get_height() for bar in ax.patches]
    np.testing.assert_array_equal(heights[:10], before)
    np.testing.assert_array_equal(heights[10:], p)
    assert [t.get_text() for t in ax.texts] == ["70 % ✗"]
    assert ax.get_ylim() == (0, 1.25)
    assert ax.figure.alt_text.endswith("it reads a 5 (70 %), next a 7 (30 %). In truth it is a 7.")
    assert [t.get_text() for t in plot_reading(p, label=5).texts] == ["70 % ✓"]
    assert [t.get_text() for t in plot_reading(p).texts] == ["70 %"]


@pytest.mark.parametrize(("n", "rows"), [(64, 4), (1, 1), (20, 2)])
def test_hidden_units_as_a_mosaic(rng, n, rows):
    units = np.maximum(rng.normal(size=n), 0)
    ax = plot_hidden(units, limit=5.0)
    sheet = ax.images[0].get_array()
    assert sheet.shape == (rows, 16) and ax.images[0].get_clim() == (0, 5)
    np.testing.assert_array_equal(np.asarray(sheet).ravel()[:n], units)
    assert f"{n} hidden units as squares; {(units > 0).sum()} of them" in ax.figure.alt_text
    assert plot_hidden(np.zeros(4)).images[0].get_clim()[1] > 0
