"""What `start` does: one thread, alt text in the output, and help with mixed-up names."""

import base64

import matplotlib.pyplot as plt
import pytest
from bs4 import BeautifulSoup
from IPython.core.interactiveshell import InteractiveShell
from lessons import PATHS, code_cells
from threadpoolctl import threadpool_info

from nnlib.lesson import page as lesson
from nnlib.plots import describe
from nnlib.system.errors import DataFileError
from nnlib.system.threads import one_blas_thread

CELLS = [
    {"cell_type": "markdown", "source": ["# Title\n", "\n", "## One neuron\n", "text"]},
    {"cell_type": "code", "source": ["W1 = 1\n", "for k in range(3):\n", "    total = k\n"]},
    {"cell_type": "code", "source": ["def relu(Z):\n", "    inner = 1\n", "import numpy as np\n"]},
]


@pytest.mark.parametrize("name", ["W1", "k", "total", "relu", "np"])
def test_a_name_is_traced_to_its_cell(name):
    said = lesson.where_made(name, CELLS)
    assert said.startswith(f"{name} is made in an earlier cell, in “One neuron”")
    assert "Run All Above" in said


@pytest.mark.parametrize("name", ["inner", "nothing"])
def test_other_names_get_no_advice(name):
    assert lesson.where_made(name, CELLS) == ""


def test_names_made_survives_magics_and_comprehensions():
    assert lesson.names_made("%matplotlib inline") == set()
    assert lesson.names_made("squares = [i * i for i in range(3)]") == {"squares"}
    assert lesson.names_made("a, (b, *c) = 1, (2, 3)") == {"a", "b", "c"}


def test_every_lesson_can_be_searched():
    for path in PATHS:
        assert lesson.lesson_cells(path.stem[:2])
    assert lesson.lesson_cells("99") == []


@pytest.fixture
def shell(monkeypatch):
    """An IPython whose set-up has run, in a lesson of the cells above."""
    shell = InteractiveShell(colors="nocolor")
    monkeypatch.setattr(lesson, "lesson_cells", lambda number: CELLS)
    lesson.explain_errors(shell, "01")
    return shell


def said(shell, capsys, source):
    """What a cell prints, errors included."""
    shell.run_cell(source, store_history=True)
    return capsys.readouterr().out


def test_the_hook_adds_the_sentence_to_the_error(shell, capsys):
    text = said(shell, capsys, "W1 + 1")
    assert "NameError" in text and "the one that begins: W1 = 1" in text
    assert "is made in" not in said(shell, capsys, "nobody_makes_this")
    assert "is made in" in said(shell, capsys, "def f(x):\n    return W1\n\nf(1)")


FOR_LOOP = "".join(CELLS[1]["source"])


@pytest.mark.parametrize("source", [FOR_LOOP, FOR_LOOP + "\n"])
def test_the_hook_explains_an_error_in_a_cell_of_the_lesson(shell, capsys, source):
    text = said(shell, capsys, "range = 3") + said(shell, capsys, source)
    assert "TypeError" in text and "a name in it now means something else" in text
    assert "Run All Above Selected Cell" in text
    del shell.user_ns["range"]
    assert said(shell, capsys, source) == ""


@pytest.mark.parametrize(
    "source",
    [
        "W1 = 1 / 0",  # the reader's own cell
        FOR_LOOP.replace("3", "'3'"),  # a cell of the lesson, changed
        "open('no such file')",
        "def broken(:",
        "raise KeyboardInterrupt",
    ],
)
def test_other_errors_stay_as_they_are_and_the_next_cell_works(shell, capsys, source):
    assert "Run All Above" not in said(shell, capsys, source)
    assert said(shell, capsys, "print(1 + 1)") == "2\n"
    assert "is made in" in said(shell, capsys, "relu")


def test_an_error_at_the_doors_keeps_its_own_next_step():
    for error in (DataFileError("a.csv is empty"), ValueError("shapes")):
        advice = lesson.advice_on(error, FOR_LOOP, CELLS)
        assert bool(advice) == (type(error) is ValueError)


def test_pythons_own_names_come_back(shell, capsys):
    lesson.give_back_names(shell)
    assert capsys.readouterr().out == ""
    said(shell, capsys, "list = 3; open = 5; exit = 7; mine = 9; _ = __doc__ = 4")
    lesson.give_back_names(shell)
    sentence, names = capsys.readouterr().out.split(": ")
    assert sentence == "Had another meaning, and is now Python's own again"
    assert sorted(names.strip().split(", ")) == ["exit", "list", "open"]
    assert shell.user_ns["_"] == shell.user_ns["__doc__"] == 4
    assert said(shell, capsys, "print(list((1, 2)), open, mine)").startswith("[1, 2] <")
    lesson.give_back_names(shell)
    assert capsys.readouterr().out == ""


def test_one_thread():
    one_blas_thread()
    assert all(pool["num_threads"] == 1 for pool in threadpool_info() if pool["user_api"] == "blas")


@pytest.fixture
def show(monkeypatch):
    """What a page gets of a figure: data and metadata, by media type."""
    shell = InteractiveShell()
    monkeypatch.setattr(shell, "enable_gui", lambda gui=None: None)
    monkeypatch.delenv("NNLIB_PLAIN_FIGURES", raising=False)  # as in a learner's page
    lesson.show_figures_with_alt_text(shell)
    return shell.display_formatter.format


def test_a_figure_is_shown_with_its_description(show):
    figure = plt.figure()
    describe(figure, 'A "line" <1>.')
    describe(figure, "It rises.")
    data, metadata = show(figure)
    assert {*data} == {"text/plain", "text/html", "image/png"}
    assert base64.b64decode(data["image/png"]).startswith(b"\x89PNG")
    assert metadata == {"image/png": {"alt": 'A "line" <1>. It rises.'}}
    image = BeautifulSoup(data["text/html"], "html.parser").img
    assert image["alt"] == 'A "line" <1>. It rises.'
    assert image["src"] == f"data:image/png;base64,{data['image/png']}"


def test_a_figure_is_painted_once(show, monkeypatch):
    figure, painted = plt.figure(), []
    describe(figure, "A line.")
    save = figure.savefig
    monkeypatch.setattr(figure, "savefig", lambda *a, **k: painted.append(1) or save(*a, **k))
    show(figure)
    assert painted == [1]


def test_a_figure_without_a_description_pretends_to_none(show):
    assert {*show(plt.figure())[0]} == {"text/plain", "image/png"}


def test_a_stored_figure_is_a_picture_alone(show, monkeypatch):
    monkeypatch.setenv("NNLIB_PLAIN_FIGURES", "1")
    figure = plt.figure()
    describe(figure, "A line.")
    data, metadata = show(figure)
    assert {*data} == {"text/plain", "image/png"}
    assert metadata == {"image/png": {"alt": "A line."}}


def test_start_outside_a_notebook_sets_the_style():
    lesson.start("01")
    assert plt.rcParams["figure.dpi"] == 100 and plt.rcParams["figure.figsize"][0] == 7


def test_every_lesson_starts_itself():
    for path in PATHS:
        assert f'start("{path.stem[:2]}")' in code_cells(path)[0].source
