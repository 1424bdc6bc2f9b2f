"""class update: a page in a folder is brought up to date, the old one kept, whatever goes wrong."""

import argparse
import copy
import json
import subprocess
import sys

import pytest
from books import change, code, markdown, names, posix, read, sources, write
from rough import nothing_lost

from nnlib.classroom import command, update
from nnlib.classroom.update import update_page
from nnlib.system import pages
from nnlib.system.errors import ClassroomError
from nnlib.system.pages import exchange_page, fingerprint, follow_lessons

STUB = 'def f(x):\n    return None\n\n\ncheck("05-1", f)'
ANSWER = 'def f(x):\n    return 2 * x\n\n\ncheck("05-1", f)'
BOOK = {
    "cells": [
        markdown("# Double it") | {"id": "cell-00"},
        code(STUB, 1) | {"id": "cell-01", "metadata": {"tags": ["exercise"]}},
        markdown("What did we see?") | {"id": "cell-02"},
    ],
    "metadata": {},
    "nbformat": 4,
    "nbformat_minor": 5,
}
NAME, OLD = "05_later.ipynb", "05_later.bak.ipynb"


@pytest.fixture
def lesson(tmp_path):
    (tmp_path / "notebooks").mkdir()
    write(tmp_path / "notebooks" / NAME, BOOK)
    return tmp_path / "notebooks" / NAME


@pytest.fixture
def work(tmp_path):
    (tmp_path / "work").mkdir()
    return tmp_path / "work"


@pytest.fixture
def page(lesson, work):
    """A page with an answer and a note, whose lesson has changed."""
    follow_lessons([lesson], work)
    note = markdown("My note") | {"id": "0123"}
    change(work / NAME, lambda cells: (cells[1].update(source=ANSWER), cells.insert(2, note)))
    change(lesson, lambda cells: cells[2].update(source="What did we see, and why?"))
    return work / NAME


NEW = ["# Double it", ANSWER, "My note", "What did we see, and why?"]


def test_a_page_is_renewed_and_the_old_one_kept(lesson, page, work):
    page.chmod(0o600)
    before = page.read_bytes()
    assert update_page(lesson, work) == (
        f"work/{NAME} is new. Carried over: your answers to 05-1 and 1 own cell. New or "
        f"changed in the lesson: 1 cell. The old page is {OLD} (if the page is open: File, Reload "
        "Notebook from Disk; if asked, Revert)."
    )
    assert sources(page) == NEW and (work / OLD).read_bytes() == before
    assert page.stat().st_mode == (work / OLD).stat().st_mode
    assert read(work / ".origin.json") == {NAME: fingerprint(lesson)}
    assert follow_lessons([lesson], work) == []
    with nothing_lost(work):
        assert "stays as it is" in update_page(lesson, work)


def test_every_old_page_is_kept(lesson, page, work):
    for number in range(3):
        change(lesson, lambda cells: cells[0].update(source=f"# Title {number}"))  # noqa: B023
        update_page(lesson, work)
    marks = ["bak.", "bak2.", "bak3.", ""]
    assert names(work) == [".origin.json", *(f"05_later.{mark}ipynb" for mark in marks)]
    assert sources(page) == ["# Title 2", *NEW[1:]]


def test_a_page_with_nothing_of_ones_own_is_the_new_lesson(lesson, work):
    follow_lessons([lesson], work)
    change(work / NAME, lambda cells: cells[1].update(code(STUB, 7)))
    change(lesson, lambda cells: cells[0].update(source="# Title"))
    assert "held nothing of yours and is now the new lesson" in update_page(lesson, work)
    assert sources(work / NAME)[0] == "# Title" and names(work) == [".origin.json", NAME]


def test_a_missing_page_is_copied(lesson, work):
    assert update_page(lesson, work) == f"work/{NAME} was missing; here it is."
    assert sources(work / NAME) == sources(lesson)
    assert follow_lessons([lesson], work) == []


@pytest.mark.parametrize("memory", [None, b"{half", b"[]", b'{"05_later.ipynb": 5}'])
def test_the_memory_may_be_lost_or_damaged(lesson, page, work, memory):
    (work / ".origin.json").unlink()
    if memory:
        (work / ".origin.json").write_bytes(memory)
    update_page(lesson, work)
    assert sources(page) == NEW and (work / OLD).exists()
    assert read(work / ".origin.json") == {NAME: fingerprint(lesson)}


def test_a_lost_memory_makes_no_new_page_of_the_same_lesson(lesson, work):
    follow_lessons([lesson], work)
    change(work / NAME, lambda cells: cells[1].update(source=ANSWER))
    (work / ".origin.json").unlink()
    before = (work / NAME).read_bytes()
    assert "stays as it is" in update_page(lesson, work)
    assert (work / NAME).read_bytes() == before and names(work) == [".origin.json", NAME]


NO_NOTEBOOK = [
    b"",
    b"{half",
    b"\xff\xfe",
    b"[3]",
    b'{"cells": 5}',
    b'{"cells": [{}]}',
    b"[" * 10**5,
]
NO_NOTEBOOK += [b'{"cells": [{"cell_type": "code", "source": 5, "metadata": {}}]}', b"null"]


@pytest.mark.parametrize("text", NO_NOTEBOOK)
def test_a_page_that_is_no_notebook_stays(lesson, page, work, text):
    page.write_bytes(text)
    with nothing_lost(work), pytest.raises(ClassroomError) as caught:
        update_page(lesson, work)
    assert "cannot be read as a notebook" in str(caught.value)
    assert "run.py reset 05" in str(caught.value)


def test_a_lesson_that_is_no_notebook_costs_nothing(lesson, page, work):
    lesson.write_bytes(b"{half")
    with nothing_lost(work), pytest.raises(ClassroomError, match="or its lesson, cannot be read"):
        update_page(lesson, work)


@posix
@pytest.mark.parametrize("kind", ["read-only", "link", "folder"])
def test_what_may_not_be_written_stays(lesson, page, work, tmp_path, kind):
    if kind == "read-only":
        page.chmod(0o444)
    else:
        elsewhere = page.rename(tmp_path / "elsewhere.ipynb")
        page.symlink_to(elsewhere) if kind == "link" else page.mkdir()
    with nothing_lost(tmp_path), nothing_lost(work), pytest.raises(ClassroomError, match="stays"):
        update_page(lesson, work)


def test_a_full_disk_costs_nothing(lesson, page, work, full_disk):
    with nothing_lost(work), pytest.raises(OSError, match="No space"):
        update_page(lesson, work)


@pytest.mark.parametrize("nth", [1, 2, 3])
def test_a_disk_that_fills_up_in_the_middle_costs_nothing(lesson, page, work, monkeypatch, nth):
    real, calls = pages.write_whole, []

    def write_whole(*given):
        calls.append(given)
        if len(calls) == nth:
            raise OSError(28, "No space left on device")
        return real(*given)

    monkeypatch.setattr(pages, "write_whole", write_whole)
    before = page.read_bytes()
    if nth == 3:  # the memory alone: the page is done, and the next start remembers
        update_page(lesson, work)
        assert sources(page) == NEW and (work / OLD).read_bytes() == before
    else:
        with nothing_lost(work), pytest.raises(OSError, match="No space"):
            update_page(lesson, work)


def test_a_page_that_is_saved_in_between_stays_as_it_was_saved(lesson, page, work, monkeypatch):
    def slowly(*given):
        change(page, lambda cells: cells[0].update(source="# Saved by JupyterLab"))
        return real(*given)

    real = update.carry_over
    monkeypatch.setattr(update, "carry_over", slowly)
    with pytest.raises(ClassroomError, match="was saved while it was brought up to date"):
        update_page(lesson, work)
    assert sources(page)[0] == "# Saved by JupyterLab" and names(work) == [".origin.json", NAME]


AT_ONCE = """
import pathlib, sys
from nnlib.classroom.update import update_page
from nnlib.system.errors import ClassroomError
lesson, work = map(pathlib.Path, sys.argv[1:])
try:
    update_page(lesson, work)
except (ClassroomError, FileExistsError):
    pass
"""


@pytest.mark.slow
def test_two_at_once_lose_nothing(lesson, page, work):
    before = page.read_bytes()
    command = [sys.executable, "-c", AT_ONCE, lesson, work]
    both = [subprocess.Popen(command, stderr=subprocess.PIPE) for _ in range(2)]
    assert [process.communicate(timeout=120)[1] for process in both] == [b"", b""]
    assert sources(page) == NEW
    assert before in [path.read_bytes() for path in work.glob("*.bak*.ipynb")]


def test_exchanging_never_leaves_less_than_one_of_both(page, work):
    old = page.read_bytes()
    backup = exchange_page(page, old, b"new")
    assert (page.read_bytes(), backup.read_bytes()) == (b"new", old)
    with nothing_lost(work), pytest.raises(ClassroomError):
        exchange_page(page, old, b"newer")


def test_a_stick_with_new_lessons_updates_pages_that_were_copied_over(lesson, page, tmp_path):
    other = tmp_path / "new project" / "work"
    other.mkdir(parents=True)
    for path in (page, page.with_name(".origin.json")):
        (other / path.name).write_bytes(path.read_bytes())
    assert follow_lessons([lesson], other) == [other / NAME]
    update_page(lesson, other)
    assert sources(other / NAME) == NEW and (other / OLD).exists()


def test_several_lessons_are_named_and_each_gets_its_line(page, work, monkeypatch, capsys):
    folder = work.parent / "notebooks"
    other = copy.deepcopy(BOOK)
    write(folder / "06_more.ipynb", other)
    monkeypatch.setenv("NNLIB_WORK", str(work))
    monkeypatch.setattr(command, "lesson_files", lambda: sorted(folder.glob("*.ipynb")))
    update.COMMAND.run(argparse.Namespace(lessons=["5", "06"]))
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith(f"work/{NAME} is new.") and second.startswith("work/06_more.ipynb was")
    assert json.loads((work / "06_more.ipynb").read_bytes())["cells"]
