"""The ladder's switches hide a result until it is guessed, and then show the recorded one."""

import itertools
import time

import numpy as np
import pandas as pd
import pytest
from lessons import ROOT

from nnlib.widgets import ladder_toggles
from nnlib.widgets.ladder import FIELDS, FIRST, IN_WORDS, ROWS, changes, results_of

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("quick")]  # hundreds of pictures

RECORD = pd.read_csv(ROOT / "data" / "records" / "ladder.csv")
SETTINGS = list(itertools.product(*(IN_WORDS[field] for field in FIELDS)))


@pytest.fixture
def frame():
    return ladder_toggles(RECORD)


def ax(frame):
    (only,) = frame.parts["canvas"].figure.axes
    return only


def bars(frame):
    return [bar.get_width() for bar in ax(frame).patches]


def names(frame):
    return [label.get_text() for label in ax(frame).get_yticklabels()]


def set_to(frame, setting):
    for field, value in zip(FIELDS, setting, strict=True):
        is_switch = field in ("pixels", "start", "loss")
        frame.parts[field].value = list(IN_WORDS[field]).index(value) > 0 if is_switch else value


def reveal(frame, setting, guess=50):
    set_to(frame, setting)
    frame.parts["guess"].value = guess
    frame.parts["show"].click()


def recorded(setting):
    """The five test accuracies of a setting, in percent, read another way."""
    rows = RECORD[RECORD["seed"] < 5]
    for field, value in zip(FIELDS, setting, strict=True):
        rows = rows[rows[field] == value]
    return 100 * rows["test"].to_numpy()


def test_every_combination_is_recorded_with_five_seeds():
    results = results_of(RECORD)
    assert len(SETTINGS) == 48
    for setting in SETTINGS:
        np.testing.assert_allclose(results[setting].tests, recorded(setting))
        assert results[setting].tests.size == 5


def test_opens_with_the_first_network_alone(frame):
    assert bars(frame) == [pytest.approx(recorded(FIRST).mean())]
    assert names(frame) == ["0  the first network"]
    assert frame.words.value.startswith(
        "pixels 0…255, start N(0, 1), squared error, sigmoid, 20 + 10 units; learning rate "
    )


@pytest.mark.parametrize("setting", SETTINGS[1:])
def test_each_combination_is_hidden_until_guessed(frame, setting):
    set_to(frame, setting)
    first, own = recorded(FIRST).mean(), recorded(setting)
    assert bars(frame) == [pytest.approx(first)]
    assert [text.get_text() for text in ax(frame).texts][-1] == "?"
    assert f"{own.mean():.1f} %" not in frame.words.value.replace(f"{first:.1f} %", "")
    frame.parts["show"].click()
    assert frame.words.value == "Set your guess first; then press show."
    assert len(frame.parts["history"].value) == 1
    frame.parts["guess"].value = 73
    assert [line.get_xdata()[0] for line in ax(frame).lines] == [73]
    assert "Your guess is 73 %" in frame.words.value
    frame.parts["show"].click()
    assert bars(frame) == pytest.approx([first, own.mean()])
    np.testing.assert_allclose(ax(frame).collections[-1].get_offsets()[:, 0], own)
    before, now = (bar.get_facecolor()[3] for bar in ax(frame).patches)
    assert before < now
    assert [line.get_xdata()[0] for line in ax(frame).lines] == [73]
    assert f"test accuracy {own.mean():.1f} %, 5 seeds" in frame.words.value
    gain = f"{round(own.mean(), 1) - round(first, 1):+.1f}".replace("-", "−")
    assert f"; {gain} points, you guessed 73 %" in frame.words.value
    assert frame.parts["guess"].value == 0


def test_the_last_rows_stay_in_order_and_no_more_than_five(frame):
    climbed = [SETTINGS[i] for i in (1, 5, 11, 23, 40, 47)]
    for setting in climbed:
        reveal(frame, setting)
    assert bars(frame) == pytest.approx([recorded(s).mean() for s in climbed[-ROWS:]])
    assert [name.split()[0] for name in names(frame)] == ["2", "3", "4", "5", "6"]
    assert ax(frame).get_xlim() == (0, 100)
    assert ax(frame).get_ylim() == (ROWS - 0.5, -0.6)


def test_rows_are_named_by_what_changed(frame):
    reveal(frame, ("0-1", *FIRST[1:]))
    reveal(frame, ("0-1", "fitted", "cross-entropy", "sigmoid", "20-10"))
    reveal(frame, ("0-1", "normal", "squared error", "tanh", "20-10"))
    assert names(frame)[1:] == [
        "1  pixels 0…1",
        "2  start fitted,\ncross-entropy",
        "3  3 changes",
    ]
    assert changes(FIRST, FIRST) == []


def test_going_back_to_what_is_shown_takes_the_question_away(frame):
    set_to(frame, SETTINGS[7])
    set_to(frame, FIRST)
    assert names(frame) == ["0  the first network"]
    frame.parts["guess"].value = 100
    frame.parts["show"].click()
    assert frame.words.value.startswith("This one is shown already.")


def test_start_over(frame):
    reveal(frame, SETTINGS[-1], 1)
    frame.parts["again"].click()
    assert frame.parts["history"].value == ((FIRST, 0),)
    assert bars(frame) == [pytest.approx(recorded(FIRST).mean())]
    assert not frame.parts["pixels"].value and frame.parts["activation"].value == "sigmoid"


def test_what_is_not_recorded_is_said():
    part = RECORD[(RECORD["pixels"] == "0-255")]
    frame = ladder_toggles(part)
    reveal(frame, ("0-1", *FIRST[1:]))
    assert frame.words.value == "No run of this combination was recorded."
    assert len(frame.parts["history"].value) == 1


def test_a_picture_is_quick(frame):
    for setting in SETTINGS[1:6]:
        reveal(frame, setting)
    begin = time.process_time()
    frame.parts["guess"].value = 40
    assert time.process_time() - begin < 1  # a generous bar; about 0.04 s
