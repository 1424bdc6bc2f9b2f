"""Lessons under rough use: cells twice, after a restart, in any order, with names shadowed; HTML.

Each lesson is tried in a process of its own, which this file starts as a script and which answers
with one JSON object; two run at a time.
"""

import builtins
import json
import keyword
import os
import random
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import ipywidgets as w
import numpy as np
import pandas as pd
import pytest
from jupyter_client.manager import start_new_kernel
from lessons import NAMES, PATHS, ROOT, code_cells, fresh_shell, paint_nothing, run, shown, streams

from nnlib import widgets
from nnlib.checks import registry
from nnlib.data import Digits
from nnlib.lesson.page import names_made
from nnlib.network import init_params
from nnlib.plots import plot_digit
from nnlib.plots.live import png
from nnlib.widgets.frame import Canvas, Frame, follow, slider
from nnlib.widgets.pad import drawing_pad

N_ORDERS = 20
SHUFFLED = [name for name in NAMES if name[:2] in ("03", "04", "05", "06")]
SHADOWED = [name for name in dir(builtins) if name[0] != "_" and not keyword.iskeyword(name)]
MISSING = ("is made in an earlier cell, in “", "Run that cell first; or choose Run, Run All Above")
CHANGED = ("a name in it now means something else", "Choose Run, Run All Above Selected Cell")
EVIL = "<img src=x onerror=alert(1)>"
registry.load_all()
every_lesson = pytest.mark.parametrize("name", NAMES)


# what runs in a process of its own


def begin(shell):
    """A namespace as after a restart, without the hook."""
    shell.user_ns.clear()
    shell.user_ns.update(shell.at_birth)
    shell.set_custom_exc((), None)


def explained(text):
    """Whether an error's text ends in one of the two sentences of the set-up's hook."""
    sentence = MISSING if "NameError" in text else CHANGED
    return all(part in text for part in sentence)


def shadow(shell, set_up):
    """Give another meaning to all names of the set-up cell and of Python, then run that cell."""
    run(shell, " = ".join([*names_made(set_up), *SHADOWED, "5"]))
    (said, _), error = run(shell, set_up)
    assert "list" in said and "now Python's own again" in said and not error, (said, error)


def twice(shell, cells):
    """Shadow names, then run every cell twice in a row: the cells that showed another thing."""
    begin(shell)
    shadow(shell, cells[0].source)
    found = []
    for number, cell in enumerate(cells, start=1):
        once, again = (run(shell, cell.source) for _ in range(2))
        if not (once == again == (shown(cell), "")):
            found.append([number, *(str(text)[:300] for text in (shown(cell), once, again))])
    return found


def alone(shell, cells):
    """Run the set-up and one other cell, each in turn: how many ran, were explained, were not."""
    begin(shell)
    run(shell, cells[0].source)
    after_set_up = dict(shell.user_ns)
    counts, bare = {"ran": 0, "explained": 0}, []
    for number, cell in enumerate(cells[1:], start=2):
        shell.user_ns.clear()
        shell.user_ns.update(after_set_up)
        _, error = run(shell, cell.source)
        if error and not explained(error):
            bare.append([number, error[-300:]])
        else:
            counts["explained" if error else "ran"] += 1
    return counts | {"bare": bare}


def shuffled(shell, cells, rng, set_up_first):
    """Run the cells in a random order: how many errors were explained, and those that were not."""
    begin(shell)
    order = rng.sample(range(len(cells)), len(cells))
    if set_up_first:
        order = [0, *(k for k in order if k)]
    counts, bare = {"missing": 0, "changed": 0}, []
    for place, k in enumerate(order):
        _, error = run(shell, cells[k].source)
        if error and explained(error):
            counts["missing" if "NameError" in error else "changed"] += 1
        elif error and (0 in order[:place] or "NameError" not in error):  # no hook before set-up
            bare.append([k + 1, error[-400:]])
    return counts, bare


def orders(shell, cells, name):
    """Twenty random orders, ten with the set-up first; after every fourth the page from the top."""
    found = {"missing": 0, "changed": 0, "bare": [], "differ": []}
    for number in range(N_ORDERS):
        rng = random.Random(f"{name} {number}")
        counts, bare = shuffled(shell, cells, rng, set_up_first=number % 2 == 0)
        found |= {kind: found[kind] + counts[kind] for kind in counts}
        found["bare"] += bare
        if number % 4 == 3:
            found["differ"] += top_to_bottom(shell, cells)
    return found


def top_to_bottom(shell, cells):
    """Run the whole lesson in the namespace as it is: the cells that differ from the page."""
    results = [run(shell, cell.source) for cell in cells]
    return [
        [number, str(result)[:300]]
        for number, (cell, result) in enumerate(zip(cells, results), start=1)
        if result != (shown(cell), "")
    ]


def main(name):
    """Try a lesson in every way; print what was found."""
    paint_nothing()
    shell, cells = fresh_shell(), code_cells(PATHS[NAMES.index(name)])
    found = {"twice": twice(shell, cells), "alone": alone(shell, cells)}
    if name in SHUFFLED:
        found["orders"] = orders(shell, cells, name)
    print(json.dumps(found))


# the tests of lessons


@pytest.fixture(scope="module")
def tried(request):
    """What was found in each lesson that is asked for, as futures by name."""

    def start(name):
        command = [sys.executable, __file__, name]
        done = subprocess.run(
            command,
            cwd=ROOT / "notebooks",
            capture_output=True,
            text=True,
            timeout=600,
            env=os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), os.environ["PYTHONPATH"]])},
        )
        assert done.returncode == 0, done.stderr[-2000:]
        return json.loads(done.stdout)

    asked = [getattr(item, "callspec", None) for item in request.session.items]
    names = {spec.params["name"] for spec in asked if spec and "name" in spec.params}
    with ThreadPoolExecutor(2) as pool:
        yield {name: pool.submit(start, name) for name in NAMES if name in names}


@pytest.mark.slow
@every_lesson
def test_every_cell_twice_in_a_row_shows_what_is_stored(tried, name):
    assert tried[name].result()["twice"] == []


@pytest.mark.slow
@every_lesson
def test_after_a_restart_a_cell_runs_or_names_the_cell_to_run_first(tried, name):
    found = tried[name].result()["alone"]
    assert found["bare"] == []
    assert found["ran"] > 0 and found["explained"] > 0


@pytest.mark.slow
@pytest.mark.parametrize("name", SHUFFLED)
def test_in_any_order_no_error_but_an_explained_one_and_the_page_from_the_top_after_it(tried, name):
    found = tried[name].result()["orders"]
    assert found["bare"] == [] and found["differ"] == []
    assert found["missing"] > 0


@pytest.mark.slow
def test_counts(tried, capsys):
    found = [tried[name].result() for name in NAMES if name in tried]
    alone = [sum(one["alone"][kind] for one in found) for kind in ("ran", "explained")]
    mixed = [one["orders"] for one in found if "orders" in one]
    missing, changed = (sum(one[kind] for one in mixed) for kind in ("missing", "changed"))
    with capsys.disabled():
        print(f"\n{sum(alone) + len(found)} cells of {len(found)} lessons twice in a row; after a")
        print(f"restart {alone[0]} ran alone, {alone[1]} named the cell to run first;")
        print(
            f"{N_ORDERS} random orders × {len(mixed)} lessons: {missing} names missing, {changed}"
        )
        print("changed, each explained; 0 other errors, and the page from the top was as stored.")


class Kernel:
    """A real kernel, which can be interrupted."""

    def __init__(self):
        self.manager, self.client = start_new_kernel(kernel_name="python3", cwd=ROOT / "notebooks")

    def run(self, code, interrupt_at=None):
        """Run a cell: what it printed, and the error's text; interrupt it once it prints a word."""
        request, printed, error = self.client.execute(code), "", ""
        while True:
            message = self.client.get_iopub_msg(timeout=120)
            if message["parent_header"].get("msg_id") != request:
                continue
            kind, content = message["msg_type"], message["content"]
            if kind == "stream":
                printed += content["text"]
            if kind == "error":
                error = "\n".join(content["traceback"])
            if kind == "status" and content["execution_state"] == "idle":
                return printed, re.sub(r"\x1b\[[\d;]*m", "", error)
            if interrupt_at is not None and interrupt_at in printed:
                self.manager.interrupt_kernel()
                interrupt_at = None


@pytest.fixture(scope="module")
def kernel():
    kernel = Kernel()
    yield kernel
    kernel.client.stop_channels()
    kernel.manager.shutdown_kernel(now=True)


@pytest.mark.slow
def test_an_interrupted_training_keeps_its_last_good_network(kernel):
    page = {cell.source: cell for cell in code_cells(PATHS[NAMES.index("07_training")])}
    (loop,) = (source for source in page if source.startswith("params, losses = start_params, []"))
    for source in list(page)[: list(page).index(loop)]:
        assert kernel.run(source)[1] == ""
    endless = re.sub(r"range\(100\)", "range(10**9)", loop)
    endless = endless.replace(
        "\n    grads", "\n    _ == 30 and print('under way', flush=True)\n    grads"
    )
    printed, error = kernel.run(endless, interrupt_at="under way")
    assert printed.startswith("under way\n") and "Run All Above" not in error
    assert "KeyboardInterrupt" in printed + error  # printed, where IPython cannot show the line
    state = "print([W.shape for W, b in params], losses[-1] < losses[0])"
    assert kernel.run(state) == ("[(10, 784), (10, 10)] True\n", "")
    assert "SyntaxError" in kernel.run("def broken(:")[1]
    assert kernel.run("In = 3; open = 5; list = 7")[1] == ""
    (said, error), (again, _) = kernel.run(next(iter(page))), kernel.run(next(iter(page)))
    assert said.strip().endswith(": open, list") and again == error == ""
    assert kernel.run(loop) == (streams(page[loop], "stdout"), "")


# a learner's words on the page


def html_in(widget):
    """Every text of a widget that the browser takes as HTML."""
    if isinstance(widget, w.HTML | w.HTMLMath):
        yield widget.value
    if getattr(widget, "description_allow_html", False):
        yield widget.description
    for child in getattr(widget, "children", ()):
        yield from html_in(child)


def fail(words):
    raise ValueError(words)


def test_html_is_used_nowhere_else():
    """What `html_in` does not look at, or what would show a text as HTML, is not used at all."""
    forbidden = r"_repr_html_|innerHTML|outerHTML|insertAdjacentHTML|document\.write|HTMLMath"
    forbidden += (
        r"|description_allow_html|display\(HTML|Javascript\(|_repr_javascript_|%%(html|js|java)"
    )
    files = [*ROOT.glob("nnlib/**/*.py"), *ROOT.glob("nnlib/**/*.js")]
    texts = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in files}
    texts |= {path.stem: "\n".join(cell.source for cell in code_cells(path)) for path in PATHS}
    assert {
        name: found[0] for name, text in texts.items() if (found := re.search(forbidden, text))
    } == {}


SCORES, DIGITS = np.arange(10.0), Digits(np.eye(784, 20, dtype=np.float32), np.arange(20) % 10)
PICTURE = png(np.pad(np.zeros((9, 3), np.uint8), 9, constant_values=255))
WITH_WORDS = {
    "a frame's question": lambda: Frame(EVIL, [slider(EVIL, 0, 0, 9)], w.HTML(), EVIL),
    "the words below": lambda: saying(lambda frame: frame.say(EVIL)),
    "an error": lambda: saying(lambda frame: frame.say_error(ValueError(EVIL))),
    "an error in a callback": lambda: saying(lambda frame: follow(frame, [], lambda: fail(EVIL))),
    "the name of a file that is no picture": lambda: uploading(b"no picture"),
    "the name of a picture": lambda: uploading(PICTURE),
    "names of digits": lambda: widgets.derivative_stepper({EVIL: (SCORES, 9)}),
    "what held-out digits are called": lambda: widgets.training_lab(DIGITS, DIGITS, held_out=EVIL),
}


ESCAPED = [pytest.param(make, id=case) for case, make in WITH_WORDS.items()]


def saying(act):
    """A frame after `act(frame)`."""
    frame = Frame("question", [], w.HTML(), "moves")
    act(frame)
    return frame


def uploading(file):
    """The drawing pad after a file of this name was uploaded."""
    params = init_params([784, 4, 10], np.random.default_rng(0))
    frame = drawing_pad(params, ("relu", "softmax"))
    frame.parts["upload"].value = (EVIL, file)
    return frame


@pytest.mark.parametrize("make", ESCAPED)
def test_a_widget_shows_words_as_words(make):
    texts = "".join(html_in(make()))
    assert EVIL not in texts and "onerror=alert(1)&gt;" in texts


ANSWERS = [
    EVIL,
    lambda *_: EVIL,
    lambda *_: (EVIL, EVIL),
    lambda *_: fail(f"{EVIL} $\\frac$ {{0}} %s"),
    pd.DataFrame,
]


@pytest.mark.parametrize("id", sorted(registry.EXERCISES))
def test_a_check_answers_in_one_line_of_plain_text_whatever_it_is_given(id):
    for answer in ANSWERS:
        line = registry.verdict(id, answer)
        assert type(line) is str and len(line.splitlines()) == 1 and line.startswith("✗")


def test_a_table_shows_the_header_of_a_file_as_words():
    shown = pd.DataFrame({EVIL: [EVIL]})._repr_html_()
    assert EVIL not in shown and shown.count("&lt;img") == 2


def test_a_broken_formula_in_a_title_becomes_a_sentence_and_the_next_picture_is_drawn():
    words, canvas = w.Text("$\\frac$"), Canvas((4, 2))
    frame = Frame("question", [words], canvas, "moves")
    follow(frame, [words], lambda: canvas.redraw(lambda figure: figure.suptitle(words.value)))
    assert "That did not work: ValueError" in frame.words.value and canvas.value == b""
    words.value = "costs $5"
    assert canvas.value.startswith(b"\x89PNG")
    plot_digit(np.zeros(784), label=EVIL).figure.canvas.draw()


if __name__ == "__main__":
    main(sys.argv[1])
