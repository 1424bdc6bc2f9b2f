"""The patient picker shows the recorded curves and the findings up to the stage, no more."""

import html
import math
import time

import numpy as np
import pandas as pd
import pytest
from lessons import ROOT

from nnlib.clinic import examine as clinic
from nnlib.clinic.patients import PATIENTS, code
from nnlib.plots.style import PALE, TRAIN
from nnlib.widgets import clinic as module
from nnlib.widgets import patient_picker
from nnlib.widgets.clinic import GUESSES, NO_GUESS, STAGES, answer_of

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("quick")]  # hundreds of pictures

FILES = ("clinic", "clinic_words", "clinic_tuning")
RECORDS = clinic.Records(*(pd.read_csv(ROOT / "data" / "records" / f"{f}.csv") for f in FILES))


@pytest.fixture
def frame():
    return patient_picker(RECORDS)


def words(frame):
    return " ".join(lines_of_words(frame))


def lines_of_words(frame):
    return [html.unescape(line) for line in frame.words.value.split("<br>")]


def axes(frame):
    return frame.parts["canvas"].figure.axes


def lines(ax, color):
    return [line for line in ax.lines if line.get_color() == color and len(line.get_xdata()) > 1]


def test_opens_with_the_first_patient_and_tells_nothing(frame):
    assert frame.parts["patient"].value == next(iter(PATIENTS))
    assert words(frame).startswith("scalar bias gradient: read the function and the curve")
    assert [text.get_text() for text in axes(frame)[1].texts] == ["?"]
    assert not axes(frame)[1].lines


@pytest.mark.parametrize("name", PATIENTS)
def test_each_stage_adds_one_finding(frame, name):
    frame.parts["patient"].value = name
    findings = clinic.report(RECORDS, name)
    broken, cure = (code(f, docstring=False) for f in (PATIENTS[name].broken, PATIENTS[name].cure))
    for stage in range(1, len(STAGES) + 1):
        frame.parts["stage"].value = stage
        for place, says in enumerate(findings.values(), start=2):
            assert (says in words(frame)) is (place <= stage), (stage, says)
        assert (PATIENTS[name].why in words(frame)) is (stage == len(STAGES))
        shown = html.unescape(frame.parts["code"].value)
        assert (cure if stage == len(STAGES) else broken) in shown
        assert frame.parts["order"].value.count("<b>") == stage


@pytest.mark.parametrize("name", PATIENTS)
def test_each_finding_has_its_line_and_there_is_room_for_all(frame, name):
    frame.parts["patient"].value = name
    frame.parts["guess"].value = "gradient check only"  # the longest
    for stage in range(1, len(STAGES) + 1):
        frame.parts["stage"].value = stage
        lines = lines_of_words(frame)
        headings = [line.split(":")[0] for line in lines]
        findings = ["Accuracy", "Gradient check", "Unit test", "Doctor"][: stage - 1]
        assert headings[: len(findings)] == findings
        assert frame.parts["canvas"].alt == " ".join(lines)
        rows = sum(math.ceil(len(line) / 115) for line in lines)  # a frame is 825 pixels wide
        assert 18.5 * rows <= pixels(frame.words.layout.min_height)
        rows = 1 + frame.parts["code"].value.count("\n") + 1
        assert 16 * rows + 20 <= pixels(frame.parts["code"].layout.min_height)
    assert headings[-1] == "Why"


def pixels(length):
    return int(length.removesuffix("px"))


@pytest.mark.parametrize("name", ["wrong sign", "one-hot from y.max()", "row for a column"])
def test_the_curves_are_the_recorded_ones(frame, name):
    frame.parts["patient"].value = name
    frame.parts["stage"].value = 2
    loss, shares = clinic.curves(RECORDS, name)
    ax, accuracy = axes(frame)
    for color, run in ((PALE, "cured"), (TRAIN, "sick")):
        for line, values in zip(lines(ax, color), loss[run][1].T, strict=True):
            np.testing.assert_array_equal(line.get_ydata(), values)
    for line, values in zip(lines(accuracy, PALE), shares["cured"][1].T, strict=True):
        np.testing.assert_array_equal(line.get_ydata(), values)


def test_a_guess_is_answered_once_the_gradient_check_is_known(frame):
    frame.parts["guess"].value = "both"
    frame.parts["stage"].value = 2
    assert "You guessed" not in words(frame)
    frame.parts["stage"].value = 3
    assert "You guessed “both”; it is “gradient check only”." in words(frame)


def test_a_new_patient_begins_at_the_beginning(frame):
    frame.parts["guess"].value, frame.parts["stage"].value = "neither", 6
    frame.parts["patient"].value = "zero start"
    assert frame.parts["stage"].value == 1 and frame.parts["guess"].value == NO_GUESS
    assert words(frame).startswith("zero start: read")
    assert [text.get_text() for text in axes(frame)[1].texts] == ["?"]


def test_every_answer_can_be_guessed_and_each_guess_is_right_for_someone():
    assert {answer_of(RECORDS, name) for name in PATIENTS} == set(GUESSES) - {NO_GUESS}


def test_a_picture_is_drawn_only_if_it_changes(frame, monkeypatch):
    drawn = []
    monkeypatch.setattr(module, "draw_patient", lambda *arguments: drawn.append(arguments[2]))
    for stage in (2, 3, 4, 5, 6, 1, 2):
        frame.parts["stage"].value = stage
    assert len(drawn) == 3


def test_a_picture_is_quick(frame):
    begin = time.process_time()
    frame.parts["patient"].value = "equal widths"
    assert time.process_time() - begin < 3  # a generous bar; about 0.1 s
