"""The patient picker: choose a patient, guess who finds it, and examine it one step at a time."""

import html
import math

import ipywidgets as w

from nnlib.clinic.examine import curves, report, seen_by
from nnlib.clinic.patients import PATIENTS, code
from nnlib.plots.clinic import plot_patient
from nnlib.plots.style import PRESENTER
from nnlib.widgets.frame import at_home, choice, enlarged, picture_widget, slider
from nnlib.widgets.scene import Scene

CHANCE = math.log(10)
STAGES = ("symptom curve", "accuracy", "gradient check", "unit test", "doctor", "cure")
NO_GUESS = "not guessed yet"
GUESSES = (NO_GUESS, "both", "accuracy only", "gradient check only", "neither")
HEIGHTS = {"code": 118, "words": 150}  # pixels that the longest of all patients needs


def patient_picker(records):
    """Choose a patient of the clinic, guess what finds it, and follow the examination.

    Nothing is trained: every run was recorded; the checks and unit tests are made here.

    Parameters
    ----------
    records : nnlib.clinic.examine.Records
        The three tables of data/records/clinic*.csv.

    Returns
    -------
    Frame
        Its `parts` name the controls: patient, guess, stage (1 to 6); canvas; code, the text
        of the broken function, or of the right one at the last stage; order, the stages done.
    """
    controls, scene, drawn = patient_controls(), Scene((5.6, 2.5), {}), []
    text = w.HTML(layout={"min_height": f"{enlarged(HEIGHTS['code'])}px"})
    text.add_class("nn-code")
    below = text
    if PRESENTER["on"]:  # the code under the controls, the words at its right
        controls["code"], below = text, None

    def show(_, patient, guess, stage):
        if drawn != [patient, stage == 1]:  # else the picture stays as it is
            drawn.clear()
            draw_patient(scene.figure, records, patient, stage == 1)
            drawn[:] = patient, stage == 1
        text.value, controls["order"].value = code_shown(patient, stage), order_shown(stage)
        return "\n".join(picker_in_words(records, patient, stage, guess))

    question = "Who finds this mistake?"
    moves = "sixteen patients, your guess, and how far the examination has gone"
    frame = picture_widget(question, moves, scene, controls, show, below)
    frame.words.layout.min_height = f"{enlarged(HEIGHTS['words'])}px"
    frame.parts["code"] = text
    frame.add_class("nn-beside")
    return frame


def patient_controls():
    """The controls; with a new patient the examination begins anew."""
    names = list(PATIENTS)
    controls = {
        "patient": choice("patient", names, names[0]),
        "guess": choice("who finds it?", GUESSES, NO_GUESS),
        "stage": slider("examined", 1, 1, len(STAGES)),
        "order": w.HTML(),
    }

    @at_home
    def begin_anew(_):
        controls["guess"].value, controls["stage"].value = NO_GUESS, 1

    controls["patient"].observe(begin_anew, "value")
    return controls


def draw_patient(figure, records, name, hides_accuracy):
    """Draw the curves; before the accuracy is looked at, its picture is a question mark."""
    figure.clear()
    loss, ax = plot_patient(name, *curves(records, name), CHANCE, figure)
    loss.set_position((0.12, 0.19, 0.38, 0.7))
    ax.set_position((0.6, 0.19, 0.38, 0.7))
    if hides_accuracy:
        for artist in [*ax.lines, *ax.texts]:
            artist.remove()
        ax.text(0.5, 0.5, "?", transform=ax.transAxes, ha="center", va="center", fontsize=24)


def order_shown(stage):
    """The stages as HTML, those that are done in bold."""
    lines = [f"{k} {name}" for k, name in enumerate(STAGES, start=1)]
    lines[:stage] = [f"<b>{line}</b>" for line in lines[:stage]]
    return f"<div class='nn-order'>{'<br>'.join(lines)}</div>"


def code_shown(name, stage):
    """The broken function as HTML; at the last stage the right one."""
    patient, is_cured = PATIENTS[name], stage == len(STAGES)
    title = "the cure" if is_cured else "the patient"
    text = html.escape(code(patient.cure if is_cured else patient.broken, docstring=False))
    return f"<b>{title}</b><pre>{text}</pre>"


def answer_of(records, name):
    """Which of the four guesses is right."""
    seen = seen_by(records, name)
    answers = {
        (True, True): "both",
        (True, False): "accuracy only",
        (False, True): "gradient check only",
        (False, False): "neither",
    }
    return answers[seen["accuracy"], seen["gradient check"]]


def picker_in_words(records, name, stage, guess):
    """What has been found so far: sentences, each a line of its own."""
    findings = list(report(records, name).items())
    words = [f"{what.capitalize()}: {says}." for what, says in findings[: stage - 1]]
    if stage == 1:
        words = [f"{name}: read the function and the curve, guess who finds it, then examine."]
    elif stage == 2:
        words.append("And the gradient check?")
    elif guess != NO_GUESS:
        words.append(f"You guessed “{guess}”; it is “{answer_of(records, name)}”.")
    if stage == len(STAGES):
        words.append(f"Why: {PATIENTS[name].why}.")
    return words
