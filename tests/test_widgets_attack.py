"""The attack desk moves the pixels as sign_attack does, and tells what is read then."""

import html
import itertools

import numpy as np
import pytest

from nnlib.backprop import sign_attack
from nnlib.data import Digits
from nnlib.data.preprocessing import PAD, as_mnist, draw
from nnlib.network import forward, init_params
from nnlib.plots import reading_in_words
from nnlib.widgets import attack_desk
from nnlib.widgets.attack import AWAY, EMPTY, RANDOM, attack_in_words
from nnlib.widgets.pad import MINE

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("quick")]  # many pictures

RNG = np.random.default_rng(4)
DIGITS = Digits((RNG.random((784, 30)) ** 4).astype(np.float32), np.arange(30) % 10)
PARAMS = init_params([784, 9, 10], RNG)
X4 = DIGITS.X[:, [4]]
INK = draw([[(30, 25), (105, 25), (60, 115)]])


@pytest.fixture
def desk():
    return attack_desk(PARAMS, DIGITS)


def words(frame):
    return html.unescape(frame.words.value)


def shown(frame):
    """What the three pictures show: before, change, now."""
    panels = list(frame.parts["canvas"].panels.values())[:3]
    return [np.asarray(ax.images[0].get_array()).ravel() for ax in panels]


def bars(frame):
    """The probabilities before and now."""
    containers = frame.parts["canvas"].panels["mind"].containers
    return [np.array([bar.get_height() for bar in container]) for container in containers]


def probabilities(X):
    return forward(PARAMS, X)[1][-1][:, 0]


def put_ink(frame, ink):
    """Draw on the pad as the browser does."""
    data = np.rint(255 * ink).astype(np.uint8).tobytes()
    frame.parts["pad"].set_state({"value": memoryview(data)})


def check_picture(frame, x, now):
    """The three pictures belong together, and so do the bars."""
    for picture, expected in zip(shown(frame), (x, now - x, now), strict=True):
        np.testing.assert_allclose(picture, expected.ravel(), atol=1e-6)
    for found, X in zip(bars(frame), (x, now), strict=True):
        np.testing.assert_allclose(found, probabilities(X), atol=1e-6)


def test_opens_with_a_four_pushed_away(desk):
    now = sign_attack(PARAMS, X4, np.array([4]), 0.1)
    check_picture(desk, X4, now)
    n = np.count_nonzero(now != X4)
    assert words(desk).startswith(
        f"A 4. Before: {reading_in_words(probabilities(X4))}. Now: it reads "
    )
    assert words(desk).endswith(f" {n} pixels have moved, by 0.10 at most.")


@pytest.mark.parametrize("target", ["0", "4", "9"])
@pytest.mark.parametrize("epsilon", [0.02, 0.3])
def test_a_target_is_approached_and_its_probability_told(desk, target, epsilon):
    desk.parts["target"].value, desk.parts["epsilon"].value = target, epsilon
    now = sign_attack(PARAMS, X4, np.array([int(target)]), -epsilon)
    check_picture(desk, X4, now)
    before, after = (p[int(target)] for p in bars(desk))
    assert after > before or epsilon > 0.1  # so far, the slope does not go straight on
    assert f"The target, {target}, gets " in words(desk)


def test_random_signs_are_of_the_same_size_and_go_nowhere(desk):
    desk.parts["signs"].value = RANDOM
    before, change, now = shown(desk)
    inside = (before > 0.1) & (before < 0.9)
    np.testing.assert_allclose(np.abs(change[inside]), 0.1, atol=1e-6)
    assert abs(np.sign(change[inside]).mean()) < 0.2
    assert now.min() >= 0 and now.max() <= 1
    away = shown(attack_desk(PARAMS, DIGITS))[2]
    assert (away != now).any()
    desk.parts["target"].value = "3"
    np.testing.assert_array_equal(shown(desk)[2], now)  # the same signs, wherever they should go


@pytest.mark.parametrize("epsilon", [0.0, 0.01, 0.17, 0.3])
def test_no_pixel_moves_by_more_than_epsilon(desk, epsilon):
    for signs in desk.parts["signs"].options:
        desk.parts["signs"].value, desk.parts["epsilon"].value = signs, epsilon
        before, change, now = shown(desk)
        assert np.abs(change).max() <= epsilon + 1e-6
        assert now.min() >= 0 and now.max() <= 1
        moved = f"by {epsilon:.2f} at most." if epsilon else "No pixel has moved."
        assert words(desk).endswith(moved)
        image = desk.parts["canvas"].panels["change"].images[0]
        assert image.get_clim() == (-max(epsilon, 0.01), max(epsilon, 0.01))
        assert image.get_cmap().name == "signed"


@pytest.mark.parametrize(("read", "verdict"), [(4, "✓"), (7, "✗")])
def test_the_verdict_is_about_the_truth(read, verdict):
    blind = [layer._replace(W=0 * layer.W) for layer in PARAMS]
    blind[-1] = blind[-1]._replace(b=blind[-1].b + 9 * np.eye(10)[:, [read]])
    desk = attack_desk(blind, DIGITS)
    assert f"Now: it reads a {read} (over 99 %) {verdict}." in words(desk)
    panels = desk.parts["canvas"].panels
    assert panels["mind"].get_title(loc="left") == f"It reads a {read} (over 99 %) {verdict}"
    assert panels["before"].texts[0].get_text() == "4"


def test_a_drawing_is_pushed_away_from_what_is_read_in_it(desk):
    put_ink(desk, INK)
    x = as_mnist(np.rint(255 * INK) / 255).x[:, None]
    assert desk.parts["digit"].value == MINE
    read = probabilities(x).argmax()
    check_picture(desk, x, sign_attack(PARAMS, x, np.array([read]), 0.1))
    assert words(desk).startswith("Your drawing. Before: it reads a")
    assert "✓" not in words(desk) and "✗" not in words(desk)
    assert desk.parts["canvas"].panels["before"].texts[0].get_text() == ""
    desk.parts["target"].value = "2"
    check_picture(desk, x, sign_attack(PARAMS, x, np.array([2]), -0.1))


def test_an_empty_pad_asks_for_ink_and_the_next_drawing_is_attacked(desk):
    put_ink(desk, INK)
    put_ink(desk, np.zeros((PAD, PAD)))
    assert words(desk) == EMPTY
    assert not any(picture.any() for picture in [*shown(desk), *bars(desk)])
    assert desk.parts["canvas"].panels["mind"].get_title(loc="left") == ""
    put_ink(desk, INK)
    assert words(desk).startswith("Your drawing.") and shown(desk)[1].any()


def test_every_digit_with_every_target_has_words(desk):
    for digit, target in itertools.product("089", desk.parts["target"].options):
        desk.parts["digit"].value, desk.parts["target"].value = digit, target
        a = "An" if digit == "8" else "A"
        assert words(desk).startswith(f"{a} {digit}. ")
        assert ("The target" in words(desk)) == (target != AWAY)


def test_any_depth_and_activation():
    deep = init_params([784, 8, 7, 10], RNG, "xavier")
    names = ("tanh", "tanh", "softmax")
    desk = attack_desk(deep, DIGITS, names)
    expected = sign_attack(deep, X4, np.array([4]), 0.1, names)
    np.testing.assert_allclose(shown(desk)[2], expected.ravel(), atol=1e-6)


def test_how_large_the_change_is_in_words():
    p, moved = np.full(10, 0.1), np.array([0, 0.02, 0.125, 0])
    said = attack_in_words(moved, p, p, None, None)
    assert said.endswith("2 pixels have moved, by 0.12 at most.")
    assert attack_in_words(0 * moved, p, p, 3, 5).endswith(
        "The target, 5, gets 10 %. No pixel has moved."
    )
