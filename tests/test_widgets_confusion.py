"""The confusion explorer: a cell opens the digits that it counts, and says so."""

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from nnlib.data import Digits
from nnlib.metrics import confusion_matrix
from nnlib.network import Layer
from nnlib.views.mistakes import most_frequent_mistake
from nnlib.widgets import confusion_explorer
from nnlib.widgets.confusion import (
    COLUMNS,
    ORDERS,
    PLURALS,
    ROWS,
    cell_in_words,
    colors,
    sorted_places,
)

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("quick")]  # hundreds of pictures

ACTIVATIONS = ("softmax",)


@pytest.fixture(scope="module")
def digits():
    """Digits whose first ten pixels decide what is read: here 60, many of them read wrongly."""
    rng = np.random.default_rng(4)
    X = rng.random((784, 60)).astype(np.float32)
    y = np.tile([0, 1, 2, 3, 4, 5, 6, 7, 8, 4], 6)
    X[:10] = 0.2 * rng.random((10, 60))
    read = np.where(np.arange(60) % 10 == 9, 9, y)  # every second 4 is read as a 9
    read[y == 8] = 6
    X[read, np.arange(60)] = 0.5 + 0.4 * rng.random(60)
    return Digits(X, y)


@pytest.fixture(scope="module")
def params():
    W = np.zeros((10, 784), dtype=np.float32)
    W[:, :10] = 6 * np.eye(10)
    return [Layer(W, np.zeros((10, 1), dtype=np.float32))]


@pytest.fixture(scope="module")
def made(params, digits):
    return confusion_explorer(params, digits, ACTIVATIONS)


@pytest.fixture
def frame(made):
    """The widget as it is when it is new."""
    made.parts["chosen"].value = (4, 9)
    made.parts["order"].value = ORDERS[1]
    return made


@pytest.fixture(scope="module")
def P(params, digits):
    Z = params[0].W @ digits.X
    return np.exp(Z) / np.exp(Z).sum(axis=0)


def sheet(frame):
    """The images on the sheet, (rows * columns, 784), and the texts."""
    (ax,) = frame.parts["canvas"].figure.axes
    pixels = np.asarray(ax.images[0].get_array())
    high, wide = pixels.shape[0] // ROWS, pixels.shape[1] // COLUMNS
    cuts = [
        pixels[r * high + 1 : r * high + 29, c * wide + 3 : c * wide + 31].ravel()
        for r in range(ROWS)
        for c in range(COLUMNS)
    ]
    return np.array(cuts), [text.get_text() for text in ax.texts], ax.get_title(loc="left")


def test_opens_with_the_most_frequent_mistake(frame, digits, P):
    said = P.argmax(axis=0)
    counts = confusion_matrix(said, digits.y)
    assert most_frequent_mistake(counts) == (4, 9, 6)
    places = np.flatnonzero((digits.y == 4) & (said == 9))
    places = places[np.argsort(-P[9, places])]
    images, texts, title = sheet(frame)
    assert np.array_equal(images[:6], digits.X[:, places].T) and images[6:].max() == 0
    assert texts[:2] == ["4", f"9: {100 * P[9, places[0]]:.0f} % ✗"]
    assert title == "true 4, read as 9"
    words = frame.words.value
    assert words.startswith("true 4, read as 9: 6 of 12 fours, most confident first;")
    ends = (100 * P[9, places].min(), 100 * P[9, places].max())
    assert words.endswith("the 9 got probabilities of {:.0f} % to {:.0f} %.".format(*ends))


def test_every_cell_shows_its_count_and_opens_its_digits(frame, digits, P):
    said = P.argmax(axis=0)
    counts = confusion_matrix(said, digits.y)
    for (true, read), button in frame.parts["cells"].items():
        n = counts[true, read]
        assert button.description == (str(n) if n else "·")
        assert button.tooltip == f"true {true}, read as {read}: {n}"
    for cell in [(4, 9), (8, 6), (0, 0), (9, 9), (1, 0), (9, 0)]:
        frame.parts["cells"][cell].click()
        assert frame.parts["chosen"].value == cell
        true, read = cell
        images, texts, title = sheet(frame)
        assert (images.max(axis=1) > 0).sum() == counts[cell]
        assert title == f"true {true}, read as {read}"
        beginning = f"true {true}, read as {read}: {counts[cell]} of {(digits.y == true).sum()} "
        assert frame.words.value.startswith(beginning + PLURALS[true])
        assert ("none" in texts) == ("none to show" in frame.words.value) == (not counts[cell])
        shown = [c for c, b in frame.parts["cells"].items() if "nn-chosen" in b._dom_classes]
        assert shown == [cell]


@pytest.mark.parametrize("order", ORDERS)
def test_digits_are_sorted_as_asked(frame, digits, P, order):
    frame.parts["order"].value = order
    places = np.flatnonzero((digits.y == 4) & (P.argmax(axis=0) == 9))
    if order != ORDERS[0]:
        places = places[np.argsort(P[9, places] * (-1 if order == ORDERS[1] else 1))]
    assert np.array_equal(sheet(frame)[0][:6], digits.X[:, places].T)
    assert order in frame.words.value


def test_more_digits_than_room(params, digits):
    many = Digits(np.tile(digits.X, 5), np.tile(digits.y, 5))
    frame = confusion_explorer(params, many, ACTIVATIONS)
    frame.parts["cells"][8, 6].click()
    assert (sheet(frame)[0].max(axis=1) > 0).all()
    assert "30 of 30 eights, 18 of them shown, most confident first;" in frame.words.value


def test_words_for_one_and_for_none():
    assert cell_in_words(7, 1, np.array([0.62]), 100, ORDERS[1]) == (
        "true 7, read as 1: 1 of 100 sevens; the network gave the 1 a probability of 62 %."
    )
    assert cell_in_words(7, 1, np.zeros(0), 100, ORDERS[1]).endswith(
        "0 of 100 sevens; none to show."
    )


def test_sorting_is_stable():
    places, p = np.array([2, 5, 7]), np.array([0, 0, 0.5, 0, 0, 0.9, 0, 0.5])
    assert list(sorted_places(places, p, ORDERS[0])) == [2, 5, 7]
    assert list(sorted_places(places, p, ORDERS[1])) == [5, 2, 7]
    assert list(sorted_places(places, p, ORDERS[2])) == [2, 7, 5]


def test_the_diagonal_stays_pale_and_more_mistakes_are_darker():
    counts = np.diag([90] * 10)
    counts[3, 2], counts[9, 4] = 1, 6
    made = colors(counts)
    assert made[0, 0][0] == made[5, 7][0] == "#ffffff"
    light = {cell: sum(to_rgb(made[cell][0])) for cell in [(3, 2), (9, 4)]}
    assert light[9, 4] < light[3, 2] < 3
    assert made[9, 4][1] == "white" and made[3, 2][1] != "white"
    assert (colors(np.diag([5] * 10))[:, :, 0] == "#ffffff").all()  # no mistakes at all
