"""The softmax desk: the right probabilities and loss at every setting, and nan where it is due."""

import itertools
import re
import warnings

import numpy as np
import pytest

from nnlib.activations import softmax
from nnlib.losses import cross_entropy
from nnlib.views.scores import naive_softmax
from nnlib.widgets import softmax_desk
from nnlib.widgets.softmax import LIFT, SCORES, Before

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("quick")]  # hundreds of pictures


@pytest.fixture
def frame():
    return softmax_desk()


def bars(frame):
    """The heights of all rows of ten bars, in the order they were drawn: {(foot, width): …}."""
    (ax,) = frame.parts["canvas"].figure.axes
    found = {}
    for patch in ax.patches:
        key = (patch.get_y(), round(patch.get_width(), 2))
        found.setdefault(key, []).append(patch.get_height())
    return found


def texts(frame):
    (ax,) = frame.parts["canvas"].figure.axes
    return [text.get_text() for text in ax.texts]


def plain(html):
    """The formula as plain words."""
    return [
        " ".join(re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r"<td>(.*?)</td>", row))
        for row in re.findall(r"<tr>(.*?)</tr>", html)
    ]


def test_opens_with_the_eight_in_doubt(frame):
    p = softmax(np.array(SCORES))
    assert np.allclose(bars(frame)[0, 0.6], p)
    assert np.allclose(bars(frame)[LIFT, 0.6], p)
    assert (0, 0.86) not in bars(frame)  # nothing was moved: no trace
    loss = -np.log(p[8])
    words = f"T = 1: class 8 gets probability {p[8]:.3g}, loss {loss:.3g}; naive and stable agree"
    assert frame.words.value == words
    naive, stable = plain(frame.parts["formula"].value)
    assert naive == "naive P8 = e15.355 / Σ ezi = 4.66·106 / 8.15·106 = 0.572 loss 0.558"
    assert stable == "stable P8 = e15.355 − 15.355 / Σ ezi − 15.355 = 1 / 1.75 = 0.572 loss 0.558"
    (ax,) = frame.parts["canvas"].figure.axes
    assert [label.get_text() for label in ax.get_xticklabels()][8] == "8 ✓"


def test_scores_keep_their_digits_until_they_are_moved():
    scores = np.array([2.00585, 2.19395, 9.4752, 14.78081, 8.48603, 13.61169, 6.721, 3.15729])
    scores = np.append(scores, [15.35502, 10.05516])  # of lesson 04, whose P and loss are these:
    frame = softmax_desk(scores, 8)
    assert frame.words.value.startswith("T = 1: class 8 gets probability 0.572, loss 0.558;")
    moved = frame.parts["scores"][3]
    assert moved.value == 14.8  # what a browser would make of it anyway
    moved.value = 9.9
    z = scores.copy()
    z[3] = 9.9
    assert np.allclose(bars(frame)[0, 0.6], softmax(z), atol=1e-12)
    moved.value = 14.8
    assert np.allclose(bars(frame)[0, 0.6], softmax(scores), atol=1e-12)


def test_the_pale_bars_are_named_when_there_are_some(frame):
    assert "pale: before" not in texts(frame)
    frame.parts["scores"][3].value = 10.0
    assert "pale: before" in texts(frame)


ENDS = [[-5.0] * 10, [20.0] * 10, [20.0] + [-5.0] * 9, [*SCORES]]


@pytest.mark.parametrize("overflow", [False, True])
@pytest.mark.parametrize("temperature", [0.01, 1.0, 100.0])
@pytest.mark.parametrize("scores", ENDS, ids=["low", "high", "both", "usual"])
def test_every_setting_gives_the_right_probabilities(scores, temperature, overflow):
    frame = softmax_desk(scores)
    p = frame.parts
    p["temperature"].value, p["overflow"].value = temperature, overflow
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # an overflow is shown, it does not complain on stderr
        p["right"].value = 1
    z = np.array(scores) / temperature
    assert np.allclose(bars(frame)[0, 0.6], softmax(z), atol=1e-9)
    with np.errstate(all="ignore"):
        naive = naive_softmax(z + 2000 * overflow)
    assert np.allclose(bars(frame)[LIFT, 0.6], np.nan_to_num(naive))
    n_nan = int(np.isnan(naive).sum())
    assert texts(frame).count("nan") == n_nan
    if overflow:
        assert n_nan > 0
    loss = cross_entropy(z.reshape(-1, 1), np.array([1])) + 0.0
    shown = f"{loss:.0f}" if loss > 1000 else f"{loss:.3g}"
    assert f"loss {shown}; " in frame.words.value
    verdict = f"gives nan for {n_nan} of 10 classes" if n_nan else "naive and stable agree"
    assert frame.words.value.endswith(verdict)
    assert "-0" not in frame.words.value.split(";")[0].split("loss")[1]


def test_overflow_is_written_out_beside_the_stable_formula(frame):
    frame.parts["overflow"].value = True
    naive, stable = plain(frame.parts["formula"].value)
    assert naive == "naive P8 = e2015.4 / Σ ezi = ∞ / ∞ = nan loss nan"
    assert stable == "stable P8 = e2015.4 − 2015.4 / Σ ezi − 2015.4 = 1 / 1.75 = 0.572 loss 0.558"
    assert frame.words.value.endswith("the naive formula gives nan for 10 of 10 classes")


def test_probabilities_that_underflow_still_have_a_loss(frame):
    for slider, score in zip(frame.parts["scores"], [20.0] + [-5.0] * 9):
        slider.value = score
    frame.parts["temperature"].value = 0.01
    frame.parts["right"].value = 4
    naive, stable = plain(frame.parts["formula"].value)
    assert naive.endswith("= nan loss nan") or naive.endswith("= 0 loss ∞")
    assert stable.endswith("= 0 loss 2500")
    assert "class 4 gets probability 0 (class 0 gets 1), loss 2500" in frame.words.value


def test_the_trace_is_what_was_seen_before_the_control_was_touched(frame):
    first = softmax(np.array(SCORES))
    for score in (15.0, 16.0, 17.0):  # one drag
        frame.parts["scores"][3].value = score
    assert np.allclose(bars(frame)[0, 0.86], first)
    dragged = np.array(bars(frame)[0, 0.6])
    for temperature in (2.0, 4.0):  # another
        frame.parts["temperature"].value = temperature
    assert np.allclose(bars(frame)[0, 0.86], dragged)


def test_before_ignores_what_did_not_change():
    before = Before()
    assert before.state([1.0, 2.0], "a") is None
    assert before.state([1.0, 2.0 + 1e-15], "a'") is None
    assert before.state([1.0, 3.0], "b") == "a'"
    assert before.state([1.0, 4.0], "c") == "a'"
    assert before.state([0.0, 4.0], "d") == "c"


def test_axes_do_not_move(frame):
    def limits():
        (ax,) = frame.parts["canvas"].figure.axes
        return ax.get_xlim(), ax.get_ylim()

    seen = set()
    for temperature, overflow in itertools.product([0.01, 1.0, 100.0], [False, True]):
        frame.parts["temperature"].value = temperature
        frame.parts["overflow"].value = overflow
        seen.add(limits())
    assert len(seen) == 1


def test_other_scores():
    frame = softmax_desk(np.arange(10.0), np.int64(2))
    assert np.allclose(bars(frame)[0, 0.6], softmax(np.arange(10.0)))
    assert frame.words.value.startswith("T = 1: class 2 gets")
