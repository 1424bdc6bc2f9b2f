"""The shape ledger counts what a network holds and draws what its units hold for a digit."""

import re

import numpy as np
import pytest

from nnlib.data import Digits
from nnlib.network import forward, init_params
from nnlib.views.ledger import count_parameters, name_of
from nnlib.widgets import shape_ledger

pytestmark = pytest.mark.slow  # hundreds of pictures


@pytest.fixture
def digits(rng):
    return Digits(rng.random((784, 40), dtype=np.float32), np.tile([5, 0, 4, 1], 10))


@pytest.fixture
def frame(digits):
    return shape_ledger(digits)


def lines(frame):
    """The table's lines as lists of words."""
    rows = re.findall(r"<tr.*?>(.*?)</tr>", frame.parts["table"].value, flags=re.S)
    return [re.findall(r"<t[dh].*?>(.*?)</t[dh]>", row) for row in rows]


def circles(frame):
    """What fills the circles of each layer."""
    (ax,) = frame.parts["canvas"].figure.axes
    return [c.get_array() for c in ax.collections if c.get_array() is not None]


def test_opens_with_the_ledger_of_lesson_03(frame):
    assert lines(frame) == [
        ["name", "shape", "numbers", "bytes"],
        ["X", "(784, 40)", "31,360", "125,440"],
        ["W1", "(32, 784)", "25,088", "100,352"],
        ["b1", "(32, 1)", "32", "128"],
        ["Z1", "(32, 40)", "1,280", "5,120"],
        ["A1", "(32, 40)", "1,280", "5,120"],
        ["W2", "(10, 32)", "320", "1,280"],
        ["b2", "(10, 1)", "10", "40"],
        ["Z2", "(10, 40)", "400", "1,600"],
        ["P", "(10, 40)", "400", "1,600"],
        ["784-32-10", "25,450", "101,800"],
        ["784-32-10", "25,450", "101,800"],
    ]
    said = "784-32-10: 25,450 weights and biases, 101,800 bytes; this 5 activates "
    assert frame.words.value.startswith(said)


@pytest.mark.parametrize("hidden", [1, 27, 129, 256])
@pytest.mark.parametrize("depth", [1, 2, 3])
@pytest.mark.usefixtures("quick")
def test_every_size_is_counted_and_drawn(frame, digits, hidden, depth):
    p = frame.parts
    p["hidden"].value, p["depth"].value, p["column"].value = hidden, depth, 39
    sizes = [784, *[hidden] * depth, 10]
    params = init_params(sizes, np.random.default_rng(3), "he")
    count = sum(W.size + b.size for W, b in params)
    assert count_parameters(sizes) == count
    assert lines(frame)[-2] == [name_of(sizes), f"{count:,}", f"{4 * count:,}"]
    assert len(lines(frame)) == 1 + 1 + 4 * (depth + 1) + 2
    As = forward(params, digits.X[:, [39]], ["relu"] * depth + ["softmax"])[1]
    shown = circles(frame)
    assert len(shown) == depth + 2
    for A, filled in zip(As[1:], shown[1:]):
        few = A[:, 0] if len(A) <= 128 else A[[0, 1, 2, 3, 4, -5, -4, -3, -2, -1], 0]
        assert np.allclose(filled, few)
    active = sum(int((A > 0).sum()) for A in As[1:-1])
    assert frame.words.value.startswith(f"{name_of(sizes)}: {count:,} weights and biases")
    assert frame.words.value.endswith(f"this 1 activates {active} of {hidden * depth} units")
    (ax,) = p["canvas"].figure.axes
    assert ax.get_title(loc="left") + ax.get_title() == (
        f"Untrained: it reads this 1 as {As[-1].argmax()}"
    )
    words = [text.get_text() for text in ax.texts]
    assert [f" {k}: {100 * q:.0f} %" for k, q in enumerate(As[-1][:, 0])] == words[-10:]
    assert np.array_equal(ax.images[0].get_array().ravel(), digits.X[:, 39])


@pytest.mark.parametrize("depth", [1, 3])
def test_the_digit_stays_square_and_the_words_stay_inside(frame, depth):
    frame.parts["depth"].value = depth
    canvas = frame.parts["canvas"]
    (ax,) = canvas.figure.axes
    image = ax.images[0].get_window_extent()
    assert image.width == pytest.approx(image.height, rel=0.02)
    width = canvas.figure.bbox.width
    assert all(text.get_window_extent().x1 <= width for text in ax.texts)


def test_the_same_size_and_digit_look_the_same_again(frame):
    p = frame.parts
    before, picture = frame.words.value, p["canvas"].value
    p["hidden"].value = 200
    assert frame.words.value != before
    assert "× 784-32-10" in frame.words.value
    p["hidden"].value = 32
    assert frame.words.value == before and p["canvas"].value == picture


def test_many_weights_are_drawn_as_one_area(frame):
    def lines_and_areas():
        (ax,) = frame.parts["canvas"].figure.axes
        lines = [len(c.get_segments()) for c in ax.collections if hasattr(c, "get_segments")]
        return lines, [area.get_xy()[:-1].tolist() for area in ax.patches]

    assert lines_and_areas() == ([320, 320], [])
    frame.parts["hidden"].value = 71
    lines, areas = lines_and_areas()
    assert not lines and areas[0] == [[0, 5.5], [3, 5.5], [3, -5.5], [0, -5.5]]
