"""The digit browser shows the digit, the ink and the numbers that its controls ask for."""

import re

import numpy as np
import pytest

from nnlib.data import Digits
from nnlib.widgets import digit_browser
from nnlib.widgets.digits import AROUND, PARTS, around, ink_above, places_of, table_of_numbers

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("quick")]  # hundreds of pictures


@pytest.fixture
def digits(rng):
    X = (rng.integers(0, 256, (784, 60)) * (rng.random((784, 60)) < 0.3) / 255).astype(np.float32)
    return Digits(X, np.tile([3, 1, 8, 3, 0, 1], 10))


@pytest.fixture
def frame(digits):
    return digit_browser(digits)


def shown(frame):
    """The digit as it is, its ink above the threshold, and the strip of neighbors."""
    figure = frame.parts["canvas"].figure
    return [np.asarray(ax.images[0].get_array()) for ax in figure.axes]


def texts_of(html):
    """The numbers of a table, without its headings: rows of whole numbers."""
    rows = re.findall(r"<tr>(.*?)</tr>", html, flags=re.S)[1:]
    return np.array([[int(n) for n in re.findall(r"<td[^>]*>(\d+)</td>", row)] for row in rows])


def test_opens_with_a_digit_its_ink_and_its_neighbors(frame, digits):
    whole, ink, strip = shown(frame)
    x = digits.X[:, 4].reshape(28, 28)
    assert np.array_equal(whole, x)
    assert np.array_equal(ink, np.where(x > 0.5, x, 0))
    cells = [strip[2:30, 32 * k + 2 : 32 * k + 30] for k in range(2 * AROUND + 1)]
    for place, cell in enumerate(cells):
        strength = 1 if place == AROUND else 0.5
        assert np.allclose(cell, strength * digits.X[:, place].reshape(28, 28))
    names = [text.get_text() for text in frame.parts["canvas"].figure.axes[2].texts]
    assert names == [str(label) for label in digits.y[:9]]
    count = (digits.X[:, 4] > 0.5).sum()
    words = f"digit 5 of 60 (column 4): a 0; {count} of 784 pixels above 0.50"
    assert frame.words.value == words


@pytest.mark.parametrize("kind", ["all", 0, 1, 3, 8])
@pytest.mark.parametrize("threshold", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("end", ["first", "last"])
def test_every_setting_shows_its_digit_and_says_so(frame, digits, kind, threshold, end):
    p = frame.parts
    p["kind"].value, p["threshold"].value = kind, threshold
    p["number"].value = p["number"].max if end == "last" else 1
    places = places_of(digits.y, kind)
    assert p["number"].max == places.size
    j = places[-1 if end == "last" else 0]
    whole, ink, _ = shown(frame)
    assert np.array_equal(whole.ravel(), digits.X[:, j])
    assert np.array_equal(ink.ravel(), ink_above(digits.X[:, j], threshold))
    article = "an" if digits.y[j] == 8 else "a"
    n_ink = np.count_nonzero(digits.X[:, j] > threshold)
    assert f"(column {j}): {article} {digits.y[j]}; {n_ink} of 784" in frame.words.value
    assert f"of {places.size} of class {kind}" in frame.words.value or kind == "all"
    if threshold == 1:
        assert ink.max() == 0 and "; 0 of 784 pixels above 1.00" in frame.words.value


def test_a_smaller_class_moves_the_number_into_its_range(frame, digits):
    frame.parts["number"].value = 60
    frame.parts["kind"].value = 0
    assert frame.parts["number"].value == 10
    assert frame.words.value.startswith("digit 10 of 10 of class 0 (column 58): a 0")


def test_at_the_ends_the_strip_has_gaps_and_jumps_within_a_class():
    places = np.array([2, 5, 9])
    assert around(places, 0) == [None] * 4 + [2, 5, 9, None, None]
    assert around(places, 2) == [None, None, 2, 5, 9] + [None] * 4


@pytest.mark.parametrize("part", [name for name in PARTS if PARTS[name]])
def test_pixel_values_replace_the_picture_by_bytes(frame, digits, part):
    p = frame.parts
    p["values"].value = part
    assert p["canvas"].layout.display == "none" and p["grid"].layout.display is None
    rows, columns = PARTS[part]
    ink = ink_above(digits.X[:, 4], 0.5).reshape(28, 28)[slice(*rows), slice(*columns)]
    assert np.array_equal(texts_of(p["grid"].value), np.rint(255 * ink))
    headings = re.findall(r"<th>(\d+)</th>", p["grid"].value)
    assert [int(n) for n in headings] == [*range(*columns), *range(*rows)]
    p["threshold"].value = 0.0
    ink = digits.X[:, 4].reshape(28, 28)[slice(*rows), slice(*columns)]
    assert np.array_equal(texts_of(p["grid"].value), np.rint(255 * ink))
    p["values"].value = "hidden"
    assert p["canvas"].layout.display is None and p["grid"].layout.display == "none"
    assert np.array_equal(shown(frame)[1].ravel(), digits.X[:, 4])


def test_numbers_are_readable_on_their_pixels():
    html = table_of_numbers(np.repeat([0, 127, 128, 255], 196) / 255, (0, 28), (0, 28))
    assert "<td>0</td>" in html
    assert "background:rgb(128,128,128);color:#000'>127<" in html
    assert "background:rgb(127,127,127);color:#fff'>128<" in html
    assert "background:rgb(0,0,0);color:#fff'>255<" in html


def test_a_missing_class_is_told_and_the_next_event_works(frame):
    frame.parts["kind"].value = 5
    assert "there is no 5 among these 60 digits" in frame.words.value
    assert "nn-error" in frame.words.value
    frame.parts["kind"].value = 8
    assert "an 8; " in frame.words.value and "nn-error" not in frame.words.value
