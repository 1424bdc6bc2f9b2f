"""A slow cell says beside its outputs how long it takes, and takes it back when it is done."""

import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from nnlib.lesson import waiting

CELLS = [
    {"cell_type": "markdown", "source": "# A lesson"},
    {"cell_type": "code", "source": ["total = 1 + 1\n", "print(total)"]},
    {"cell_type": "code", "source": "print('quick')"},
]


@pytest.fixture
def shell(monkeypatch):
    monkeypatch.setattr(waiting, "lesson_cells", lambda number: CELLS)
    monkeypatch.setattr(waiting, "slow_cells", lambda number: {1: 12.4} if number == "02" else {})
    shell = InteractiveShell.instance()
    yield shell
    InteractiveShell.clear_instance()


def shown(shell, source):
    """The displays of a cell as (is it a change of an earlier one, its words), and its output."""
    with capture_output() as captured:
        shell.run_cell(source)
    said = [(out.update, out.data["text/markdown"]) for out in captured.outputs]
    return said, captured.stdout


def test_the_words_come_before_the_output_and_go_after_it(shell):
    waiting.announce_slow_cells(shell, "02")
    said, printed = shown(shell, "total = 1 + 1\nprint(total)")
    assert said == [(False, "*This cell takes about 12 seconds in a browser.*"), (True, "")]
    assert printed == "2\n"  # nothing is added to what the cell prints


@pytest.mark.parametrize("source", ["print('quick')", "total = 1 + 1", ""])
def test_other_cells_say_nothing(shell, source):
    waiting.announce_slow_cells(shell, "02")
    assert shown(shell, source)[0] == []


def test_a_cell_that_fails_takes_its_words_back(shell, monkeypatch):
    monkeypatch.setattr(waiting, "lesson_cells", lambda number: [{}, {"source": "1 / 0"}])
    waiting.announce_slow_cells(shell, "02")
    assert [change for change, _ in shown(shell, "1 / 0")[0]] == [False, True]


def test_started_twice_it_is_said_once_and_another_lesson_forgets(shell):
    waiting.announce_slow_cells(shell, "02")
    waiting.announce_slow_cells(shell, "02")
    assert len(shown(shell, "total = 1 + 1\nprint(total)")[0]) == 2
    waiting.announce_slow_cells(shell, "03")
    assert shown(shell, "total = 1 + 1\nprint(total)")[0] == []
