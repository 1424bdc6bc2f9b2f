"""What `start` does: one thread, alt text in the output, and help with a missing name."""

import matplotlib.pyplot as plt
import pytest
from IPython.core.interactiveshell import InteractiveShell
from lessons import PATHS, code_cells
from threadpoolctl import threadpool_info

from nnlib import lesson
from nnlib.plots import describe
from nnlib.threads import one_blas_thread

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


def test_the_hook_adds_the_sentence_to_the_error(monkeypatch, capsys):
    shell = InteractiveShell()
    monkeypatch.setattr(lesson, "lesson_cells", lambda number: CELLS)
    lesson.explain_missing_names(shell, "01")
    shell.run_cell("W1 + 1")
    shown = capsys.readouterr().out
    assert "NameError" in shown and "the one that begins: W1 = 1" in shown
    shell.run_cell("nobody_makes_this")
    assert "is made in" not in capsys.readouterr().out


def test_one_thread():
    one_blas_thread()
    assert all(pool["num_threads"] == 1 for pool in threadpool_info() if pool["user_api"] == "blas")


def test_a_figure_is_shown_with_its_description():
    figure = plt.figure()
    describe(figure, "A line.")
    describe(figure, "It rises.")
    png, metadata = lesson.figure_as_png(figure)
    assert png.startswith(b"\x89PNG") and metadata == {"alt": "A line. It rises."}


def test_start_outside_a_notebook_sets_the_style():
    lesson.start("01")
    assert plt.rcParams["figure.dpi"] == 100 and plt.rcParams["figure.figsize"][0] == 7


def test_every_lesson_starts_itself():
    for path in PATHS:
        assert f'start("{path.stem[:2]}")' in code_cells(path)[0].source
