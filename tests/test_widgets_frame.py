"""What all widgets share: storms collapse, exceptions become sentences, nothing piles up."""

import asyncio
import io
import pathlib
import re
import textwrap
import threading

import ipywidgets as w
import matplotlib.pyplot as plt
import numpy as np
import pytest
from jupyter_client.manager import start_new_kernel
from PIL import Image

from nnlib.data import Digits
from nnlib.plots.style import TEST, TRAIN
from nnlib.system.errors import PictureError
from nnlib.system.pages import WIDGET_VIEW
from nnlib.widgets import frame as frames
from nnlib.widgets.frame import (
    Canvas,
    Frame,
    Kept,
    Trace,
    at_home,
    button,
    choice,
    counter,
    digit_picker,
    follow,
    log_slider,
    picture_widget,
    presenter_mode,
)
from nnlib.widgets.frame import slider as make_slider
from nnlib.widgets.picture import Picture

ROOM = pathlib.Path(frames.__file__).parent
STYLE_SHEET = (ROOM / "style.css").read_text(encoding="utf-8")


@pytest.fixture
def slider():
    return make_slider("hidden size", 3, 1, 9)


def made(slider):
    return Frame("What happens?", [slider], w.HTML(), "hidden size")


def test_without_a_kernel_one_sentence_stands_there(slider):
    sentence = "Interactive: hidden size; run this cell to use it."
    assert repr(made(slider)) == sentence
    assert made(slider)._repr_mimebundle_()["text/plain"] == sentence


@pytest.mark.parametrize("plain", ["", "1"])
def test_in_a_live_page_words_wait_until_the_kernel_has_ended(slider, plain, monkeypatch):
    shown = []
    monkeypatch.setattr(frames, "publish_display_data", shown.append)
    monkeypatch.setenv("NNLIB_PLAIN_FIGURES", plain)
    made_here = made(slider)
    monkeypatch.setattr(frames, "get_ipython", lambda: "a shell")
    frame = made_here._repr_mimebundle_()
    assert WIDGET_VIEW in frame
    assert shown == ([] if plain else [{"text/html": f"<style>{frames.LOST}</style>"}])


def test_words_are_text_never_markup(slider):
    frame = made(slider)
    frame.say("<script>alert(1)</script> & more")
    assert frame.words.value == "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more"


def test_outside_a_loop_each_change_counts(slider):
    seen = []
    follow(made(slider), [slider], lambda: seen.append(slider.value))
    slider.value = 5
    slider.value = 7
    assert seen == [3, 5, 7]


def test_a_storm_collapses_to_the_last_value(slider):
    seen = []

    async def storm():
        follow(made(slider), [slider], lambda: seen.append(slider.value))
        for value in range(60):
            slider.value = value % 8 + 1
        slider.value = 9
        await asyncio.sleep(5 * frames.PAUSE)

    asyncio.run(storm())
    assert seen == [3, 9]


def test_an_exception_becomes_a_sentence_and_the_next_event_works(slider):
    frame = made(slider)

    def update():
        if slider.value == 5:
            raise ValueError("five is <not> allowed")
        frame.say(f"value {slider.value}")

    follow(frame, [slider], update)
    slider.value = 5
    assert "ValueError: five is &lt;not&gt; allowed" in frame.words.value
    slider.value = 6
    assert frame.words.value == "value 6"


def test_controls_have_labels_and_limits(slider):
    assert (slider.description, slider.min, slider.max) == ("hidden size", 1, 9)
    slider.value = 1000
    assert slider.value == 9
    rate = log_slider("learning rate", 0.1, 0.001, 10)
    assert rate.value == pytest.approx(0.1) and rate.min == -3 and rate.max == 1
    assert choice("batch", [8, 32], 32).value == 32
    clicks = []
    button("go", "start", lambda: clicks.append(1)).click()
    assert clicks == [1]


def test_a_button_counts_and_a_mistake_behind_another_becomes_a_sentence():
    counting, broken = counter("again", "once more"), button("go", "start", lambda: 1 / 0)
    frame = Frame("What happens?", [counting, w.HBox([broken])], Canvas((1, 1)), "two buttons")
    counting.click()
    counting.click()
    assert counting.value == 2
    broken.click()
    assert "That did not work: ZeroDivisionError" in frame.words.value


def test_a_picture_widget_draws_what_its_controls_say():
    seen, kept, table = [], Kept(value="open"), w.HTML("a table")
    controls = {
        "size": make_slider("size", 3, 1, 9),
        "row": {"go": button("go", "start", lambda: None), "on": choice("on", [0, 1], 0)},
        "words": w.Label("only words"),
        "kept": kept,
    }

    def arrange(parts):
        parts["size"].max = 9 - parts["on"].value

    def show(figure, **values):
        seen.append(values)
        figure.subplots().plot([0, values["size"]])
        return f"size {values['size']}\n<on> {values['on']}"

    frame = picture_widget("How?", "a size", (2, 1), controls, show, table, arrange)
    canvas = frame.parts["canvas"]
    assert seen == [{"size": 3, "on": 0, "kept": "open"}]
    assert frame.words.value == "size 3<br>&lt;on&gt; 0" and canvas.alt == "size 3 <on> 0"
    assert [type(one) for one in frame.controls.children] == [w.IntSlider, w.HBox, w.Label]
    assert list(frame.parts) == ["size", "go", "on", "words", "kept", "canvas"]
    assert frame.picture.children == (canvas, table)
    frame.parts["size"].value = 9
    frame.parts["on"].value, kept.value = 1, "closed"  # the largest size is 8 now
    assert seen[-1] == {"size": 8, "on": 1, "kept": "closed"}
    assert canvas.figure.axes[0].lines[0].get_ydata().tolist() == [0, 8]


def test_a_trace_is_what_was_seen_at_the_setting_before():
    before = Trace()
    assert before.change("a", 1) is None and before.change("a", 2) is None
    assert before.change("b", 3) == 2 and before.change("b", 4) == 2
    assert before.change("a", 5) == 4 and before.seen == 5


def test_a_digit_is_picked_by_class_and_number_and_begins_anew_after_the_last():
    digits = Digits(np.arange(784 * 5).reshape(784, 5), np.array([3, 1, 3, 1, 3]))
    controls, column = digit_picker(digits, "3")
    assert controls["digit"].options == ("1", "3") and controls["which"].max == 3
    assert [column("3", which)[0] for which in (1, 2, 3)] == [0, 2, 4]
    assert [column("1", which)[0] for which in (1, 2, 3)] == [1, 3, 1]


def test_the_style_sheet_has_the_colors_of_the_series_and_knows_its_classes():
    assert Picture._css == STYLE_SHEET
    for color in (TRAIN, TEST):
        assert color in STYLE_SHEET
    code = "".join(path.read_text(encoding="utf-8") for path in ROOM.glob("*.py"))
    scripts = "".join(path.read_text(encoding="utf-8") for path in ROOM.glob("*.js"))
    named = set(re.findall(r"\.(nn-[\w-]+)", STYLE_SHEET))
    assert named == set(re.findall(r"\bnn-[\w-]+", code + scripts))
    assert code.count("<style") == 1, "only what outlives the kernel stands in the page itself"
    assert "<style" not in scripts and 'make("style"' not in scripts


def test_a_canvas_draws_without_pyplot_and_keeps_one_figure():
    canvas = Canvas((4, 2))
    for height in (1, 2):
        canvas.redraw(lambda figure, height=height: figure.subplots().plot([0, height]))
    assert plt.get_fignums() == []
    assert canvas.figure.axes[0].lines[0].get_ydata().tolist() == [0, 2]
    assert Image.open(io.BytesIO(canvas.value)).size == (400, 200)


def test_presenter_mode_enlarges_what_is_made_after_it(slider):
    try:
        presenter_mode()
        canvas, frame = Canvas((4, 2)), made(slider)
        canvas.redraw(lambda figure: figure.subplots().set_title("large"))
        assert Image.open(io.BytesIO(canvas.value)).size == (560, 280)
        assert "nn-large" in frame._dom_classes and plt.rcParams["savefig.dpi"] == 140
    finally:
        presenter_mode(False)
    assert "nn-large" not in made(slider)._dom_classes and plt.rcParams["savefig.dpi"] == 100


class Kernel:
    """A kernel that is talked to as JupyterLab does: cells with an id, and slider messages."""

    def __init__(self):
        self.manager, self.client = start_new_kernel(kernel_name="python3")

    def run(self, code, cell="cell-1"):
        """Run a cell and return what it printed."""
        content = {"code": textwrap.dedent(code), "silent": False, "store_history": True}
        content |= {"user_expressions": {}, "allow_stdin": False}
        message = self.client.session.msg("execute_request", content, metadata={"cellId": cell})
        self.client.shell_channel.send(message)
        printed = []
        while True:
            reply = self.client.get_iopub_msg(timeout=60)
            if reply["parent_header"].get("msg_id") != message["header"]["msg_id"]:
                continue
            if reply["msg_type"] == "stream" and reply["content"]["name"] == "stdout":
                printed.append(reply["content"]["text"])
            if reply["msg_type"] == "error":
                raise AssertionError("\n".join(reply["content"]["traceback"]))
            if reply["msg_type"] == "status" and reply["content"]["execution_state"] == "idle":
                return "".join(printed).strip()

    def move(self, comm, value):
        """What the browser sends when a control is moved."""
        data = {"method": "update", "state": {"value": value}, "buffer_paths": []}
        message = self.client.session.msg("comm_msg", {"comm_id": comm, "data": data})
        self.client.shell_channel.send(message)


@pytest.fixture(scope="module")
def kernel():
    """A real kernel."""
    kernel = Kernel()
    yield kernel
    kernel.client.stop_channels()
    kernel.manager.shutdown_kernel(now=True)


@pytest.mark.slow
def test_sixty_messages_lead_to_few_computations(kernel):
    comm = kernel.run("""
        import time
        import ipywidgets as w
        from nnlib.widgets.frame import Frame, follow, slider
        seen, moved = [], slider("value", 0, 0, 100)
        frame = Frame("How much?", [moved], w.HTML(), "a value")

        def update():
            time.sleep(0.1)
            seen.append(moved.value)

        follow(frame, [moved], update)
        print(moved.comm.comm_id)
        """)
    for value in range(1, 61):
        kernel.move(comm, value)
    kernel.run("import asyncio; await asyncio.sleep(1)", cell="cell-2")
    seen = [int(value) for value in kernel.run("print(*seen)", cell="cell-2").split()]
    assert seen[-1] == 60 and len(seen) <= 7


@pytest.mark.slow
def test_running_a_cell_twenty_times_piles_nothing_up(kernel):
    cell = """
        import gc, asyncio
        from matplotlib.figure import Figure
        from nnlib.data import load_mnist
        from nnlib.widgets.lab import training_lab
        from nnlib.widgets.frame import Canvas
        train, test = load_mnist()
        lab = training_lab(train, test)
        lab.restart()
        """
    count = """
        import ipywidgets.widgets.widget as core
        from nnlib.widgets.frame import SHOWN
        await asyncio.sleep(0.2)
        tasks = [t for t in asyncio.all_tasks() if "train_and_draw" in repr(t)]
        gc.collect()
        print(len(core._instances), len(tasks), len(SHOWN))
        """
    kernel.run(cell, cell="lab")
    first = kernel.run(count, cell="count")
    for _ in range(20):
        kernel.run(cell, cell="lab")
    assert kernel.run(count, cell="count") == first
    kernel.run("lab.stop()", cell="count")


def test_a_callback_runs_in_the_thread_that_made_it():
    """JupyterLab delivers a widget's messages on another thread than the cells'."""
    seen = []

    async def cell():
        act = at_home(lambda value: seen.append((threading.current_thread(), value)))
        other = threading.Thread(target=act, args=(7,))
        other.start()
        other.join()
        assert seen == []  # it waits for its turn in this loop
        await asyncio.sleep(0.05)
        act(8)

    asyncio.run(cell())
    assert seen == [(threading.main_thread(), 7), (threading.main_thread(), 8)]


def test_an_error_of_ours_is_said_without_its_type():
    frame = Frame("a question?", [], Canvas((1, 1)), "nothing")
    frame.say_error(PictureError("my.png is <empty>; take another"))
    assert "That did not work" not in frame.words.value and "PictureError" not in frame.words.value
    assert "my.png is &lt;empty&gt;; take another." in frame.words.value
