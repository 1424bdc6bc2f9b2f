"""What every widget keeps: each control moved to its ends, each button pressed, all of it heard."""

import asyncio
import gc
import html
import re
import warnings
import weakref

import ipywidgets as w
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from ipywidgets.widgets import widget as core
from lessons import PATHS, ROOT, code_cells

from nnlib import widgets
from nnlib.clinic.examine import Records
from nnlib.data import Digits
from nnlib.network import init_params
from nnlib.optimizers import SGD
from nnlib.training import train
from nnlib.widgets.frame import Canvas, Frame, all_in, close_whole, is_heard
from nnlib.widgets.pad import Pad, Upload
from nnlib.widgets.picture import Picture
from nnlib.widgets.scene import Scene

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("quick")]

RNG = np.random.default_rng(0)
DIGITS = Digits((RNG.random((784, 60)) ** 6).astype(np.float32), np.arange(60) % 10)
PARAMS = init_params([784, 7, 10], RNG)
RUN = list(train(PARAMS, *DIGITS, SGD(0.1), epochs=12))
RECORDS = {path.stem: pd.read_csv(path) for path in (ROOT / "data" / "records").glob("*.csv")}
CLINIC = Records(*(RECORDS[name] for name in ("clinic", "clinic_words", "clinic_tuning")))
CASES = {"a 3": (np.arange(10.0), 3), "a 5": (np.ones(10), 5, DIGITS.X[:, 5])}
MAKE = {
    "attack_desk": lambda: widgets.attack_desk(PARAMS, DIGITS),
    "confusion_explorer": lambda: widgets.confusion_explorer(PARAMS, DIGITS),
    "deformation_lab": lambda: widgets.deformation_lab(PARAMS, DIGITS),
    "derivative_stepper": lambda: widgets.derivative_stepper(CASES),
    "digit_browser": lambda: widgets.digit_browser(DIGITS),
    "drawing_pad": lambda: widgets.drawing_pad(PARAMS),
    "edit_a_digit": lambda: widgets.edit_a_digit(PARAMS, DIGITS),
    "filter_lab": lambda: widgets.filter_lab(DIGITS, np.ones((2, 25))),
    "gradient_microscope": lambda: widgets.gradient_microscope(PARAMS, *DIGITS),
    "heat_map": lambda: widgets.heat_map(RECORDS["knobs"].query("8 <= hidden <= 32 and lr > 0.05")),
    "ladder_toggles": lambda: widgets.ladder_toggles(RECORDS["ladder"]),
    "neuron_lab": lambda: widgets.neuron_lab(PARAMS, DIGITS),
    "optimizer_race": lambda: widgets.optimizer_race(RECORDS["optimizers"]),
    "patient_picker": lambda: widgets.patient_picker(CLINIC),
    "saturation_lab": lambda: widgets.saturation_lab(*DIGITS),
    "scrubber": lambda: widgets.scrubber(RUN, DIGITS),
    "shape_ledger": lambda: widgets.shape_ledger(DIGITS),
    "softmax_desk": lambda: widgets.softmax_desk(),
    "template_editor": lambda: widgets.template_editor(np.zeros((10, 784)), DIGITS),
    "training_lab": lambda: widgets.training_lab(DIGITS, DIGITS),
}
NO_WIDGETS = {"presenter_mode", "snapshots"}


@pytest.fixture(params=MAKE)
def make(request):
    return MAKE[request.param]


def controls(frame):
    """Everything that can be moved: with a value, and not a button or only words."""
    found = [one for one in all_in(frame.controls) if is_heard(one)]
    return [one for one in found if not isinstance(one, w.Button)]


def buttons(frame):
    return [one for one in all_in(frame.controls) if isinstance(one, w.Button)]


def ends(control):
    """The values at both ends of a control, and what else it offers."""
    if isinstance(control, Pad):
        return [bytes([255]) * len(control.value), bytes(len(control.value))]
    if isinstance(control, Upload):
        return []  # tests/test_widgets_pad.py
    if isinstance(control, w.FloatLogSlider):
        return [control.base**control.min, control.base**control.max]
    if isinstance(control, w.Checkbox):
        return [not control.value, control.value]
    if isinstance(control, (w.Dropdown, w.SelectionSlider)):
        return [value for _, value in control._options_full]
    return [control.min, control.max]


def said(frame):
    """The words as they are read."""
    return html.unescape(frame.words.value.replace("<br>", "\n"))


def listen(frame):
    """Hold the contract of words: some, no error, and the same for who cannot see the picture."""
    assert said(frame) and "nn-error" not in frame.words.value, said(frame)
    pictures = [one for one in all_in(frame.picture) if isinstance(one, Picture)]
    assert pictures and all(one.alt == said(frame).replace("\n", " ") for one in pictures)


def test_every_widget_is_here():
    assert set(MAKE) == set(widgets.__all__) - NO_WIDGETS


def test_lessons_import_only_what_is_for_them():
    source = "\n".join(cell.source for path in PATHS for cell in code_cells(path))
    lines = re.findall(r"^from nnlib\.widgets\S* import (.+)$", source, flags=re.M)
    used = {name for line in lines for name in line.split(", ")}
    assert MAKE.keys() <= used <= set(widgets.__all__)


def test_every_end_of_every_control_leads_to_words_that_are_the_alt_text(make):
    frame = make()
    listen(frame)
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # nothing complains on stderr
        for control in controls(frame):
            for value in [*ends(control), control.value]:
                control.value = value
                listen(frame)


def test_every_button_leads_to_words_that_are_the_alt_text(make):
    frame = make()
    for one in buttons(frame) + buttons(frame)[::-1]:
        one.click()
        listen(frame)


def test_every_control_has_a_name_and_every_button_a_hint(make):
    frame = make()
    for one in controls(frame):
        assert isinstance(one, (Pad, Upload)) or one.description, type(one)  # these say their own
    assert all(one.description and one.tooltip for one in buttons(frame))


def test_without_a_kernel_one_sentence_stands_there(make):
    text = repr(make())
    assert text.startswith("Interactive: ") and text.endswith("; run this cell to use it.")
    assert len(text) <= 110


def move(frame):
    """Set the last control of a frame to an end where it is not."""
    control = next(one for one in controls(frame)[::-1] if len(ends(one)) > 1)
    control.value = next(value for value in ends(control) if value != control.value)


def test_an_exception_becomes_a_sentence_and_the_next_event_works(make, monkeypatch):
    frame = make()
    with monkeypatch.context() as patch:
        for kind, method in ((Canvas, "redraw"), (Scene, "redraw"), (Frame, "say")):
            patch.setattr(kind, method, lambda *_: 1 / 0)
        move(frame)
    assert "nn-error" in frame.words.value
    assert "That did not work: ZeroDivisionError" in frame.words.value
    move(frame)
    listen(frame)


def burst(control):
    """Sixty values from end to end."""
    if isinstance(control, Pad):
        return [bytes([k]) * len(control.value) for k in range(60)]
    low, *_, high = ends(control)
    if isinstance(control, (w.Checkbox, w.Dropdown, w.SelectionSlider)):
        return [low, high] * 30
    space = np.geomspace if isinstance(control, w.FloatLogSlider) else np.linspace
    return [type(control.value)(value) for value in space(low, high, 60)]


def starts_a_training(control):
    """Such bursts are in tests/test_widgets_lab.py."""
    return getattr(control, "description", "") == "hidden size" and not control.continuous_update


def test_sixty_events_in_one_burst_lead_to_few_computations(make, monkeypatch):
    count, say = [], Frame.say
    monkeypatch.setattr(Frame, "say", lambda frame, words: (count.append(words), say(frame, words)))
    heard = set()

    async def storm():
        frame = make()
        for control in controls(frame):
            if len(ends(control)) < 2 or starts_a_training(control):
                continue
            count.clear()
            for value in burst(control):
                control.value = value
            await asyncio.sleep(0.1)
            assert len(count) <= 6, control
            heard.update(count)
            listen(frame)

    asyncio.run(storm())
    assert heard


def figures(frame):
    return [one.figure for one in all_in(frame) if hasattr(one, "figure")]


def use(frame):
    """Move every control, press buttons."""
    for control in controls(frame):
        for value in ends(control)[:1]:
            control.value = value
    for one in buttons(frame)[:20]:
        one.click()


def test_closing_leaves_nothing_behind(make):
    before = set(core._instances)
    frame = make()
    use(frame)
    kept = [*all_in(frame), *figures(frame), *getattr(frame, "parts", {}).values()]
    kept = [weakref.ref(one) for one in kept if not isinstance(one, (list, dict))]
    frame.retire()
    close_whole(frame)
    assert set(core._instances) == before  # no widget, so no comm
    del frame
    gc.collect()
    assert [ref() for ref in kept if ref() is not None] == []  # nothing that observes or calls
    assert plt.get_fignums() == []


def test_two_of_a_kind_share_nothing(make):
    first, second = make(), make()
    seen = [one.value for one in controls(second)], second.words.value
    use(first)
    assert ([one.value for one in controls(second)], second.words.value) == seen
    assert not set(map(id, figures(first))) & set(map(id, figures(second)))
