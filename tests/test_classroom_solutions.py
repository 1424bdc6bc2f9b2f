"""class solutions: the worked page lies beside the learner's own, and nothing takes it for one."""

import argparse
import shutil

import nbformat
import pytest
from books import change, names, posix, read, write
from exercises import exercise_cells
from lessons import PATHS, tags
from rough import nothing_lost

from nnlib.classroom.solutions import COMMAND, put_solutions
from nnlib.system.errors import ClassroomError
from nnlib.system.lessons import lesson_files, lessons_named
from nnlib.system.pages import follow_lessons, forget_widgets, renew_page

LESSON = PATHS[7]
NAME = f"solutions_{LESSON.name}"


@pytest.fixture
def work(tmp_path):
    (tmp_path / "work").mkdir()
    return tmp_path / "work"


def said(name=NAME):
    return f"work/{name} shows lesson 07 with its outputs and solutions"


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_it_is_the_lesson_without_the_teachers_cells_and_with_open_solutions(path, work):
    put_solutions(path, work)
    page, whole = (nbformat.read(p, 4) for p in (work / f"solutions_{path.name}", path))
    nbformat.validate(page)
    seen = [cell for cell in whole.cells if "teacher" not in tags(cell)]
    assert [(cell.id, cell.get("outputs")) for cell in page.cells] == [
        (cell.id, cell.get("outputs")) for cell in seen
    ]
    for mine, lessons in zip(page.cells, seen, strict=True):
        if "solution" in tags(mine):
            assert mine.source.startswith("<details open><summary>Solution</summary>")
            assert mine.source.replace("<details open>", "<details>") == lessons.source
        else:
            assert mine == lessons
    assert any("solution" in tags(cell) for cell in page.cells)


def test_exercises_keep_their_stubs_so_that_a_run_keeps_no_answer(work):
    put_solutions(LESSON, work)
    texts = [cell["source"] for cell in read(work / NAME)["cells"]]
    assert exercise_cells("07-1")[0] in texts


def test_nobody_takes_it_for_a_lesson_or_a_learners_page(work, tmp_path):
    put_solutions(LESSON, work)
    with nothing_lost(work), pytest.raises(ClassroomError):
        lesson_files(work)
    with nothing_lost(work), pytest.raises(ClassroomError):
        lessons_named([NAME], PATHS)
    before = (work / NAME).read_bytes()
    follow_lessons([LESSON], work)
    change(work / LESSON.name, lambda cells: cells.pop())
    assert follow_lessons([LESSON], work) == []
    forget_widgets(work)
    renew_page(LESSON, work)
    assert (work / NAME).read_bytes() == before
    assert [path.name for path in lesson_files(work)] == ["07_training.bak.ipynb", LESSON.name]
    assert set(read(work / ".origin.json")) == {LESSON.name}


def test_once_more_changes_nothing_and_what_was_written_in_it_is_kept(work):
    assert put_solutions(LESSON, work) == f"{said()}."
    with nothing_lost(work):
        assert put_solutions(LESSON, work) == f"{said()}."
    change(work / NAME, lambda cells: cells[0].update(source="mine"))
    old = "solutions_07_training.bak.ipynb"
    assert put_solutions(LESSON, work) == f"{said()}; what was there is {old}."
    assert read(work / old)["cells"][0]["source"] == "mine" and names(work) == [old, NAME]


def test_lessons_without_solutions_are_told_so(work, tmp_path):
    bare = tmp_path / LESSON.name
    write(bare, {"cells": [{"cell_type": "markdown", "metadata": {}, "source": "Hello"}]})
    with nothing_lost(work), pytest.raises(ClassroomError, match="lies here without its solutions"):
        put_solutions(bare, work)


@posix
@pytest.mark.parametrize("kind", ["read-only", "folder", "link"])
def test_what_may_not_be_written_stays(work, tmp_path, kind):
    match kind:
        case "read-only":
            (work / NAME).write_text("mine")
            (work / NAME).chmod(0o444)
        case "folder":
            (work / NAME).mkdir()
        case "link":
            (work / NAME).symlink_to(tmp_path / "nothing")
    before = (work / NAME).lstat()
    with pytest.raises(ClassroomError, match="rename it"):
        put_solutions(LESSON, work)
    assert names(work) == [NAME] and (work / NAME).lstat().st_mtime_ns == before.st_mtime_ns


def test_a_full_disk_costs_nothing(work, request):
    put_solutions(LESSON, work)
    change(work / NAME, lambda cells: cells.pop())
    request.getfixturevalue("full_disk")
    for lesson in PATHS[6:8]:
        with nothing_lost(work), pytest.raises(OSError, match="No space"):
            put_solutions(lesson, work)


def test_the_command_makes_the_folder_and_says_a_line_for_each(work, monkeypatch, capsys):
    shutil.rmtree(work)
    monkeypatch.setenv("NNLIB_WORK", str(work))
    COMMAND.run(argparse.Namespace(lessons=["7", "07", "work/06_backpropagation.ipynb"]))
    assert len(capsys.readouterr().out.splitlines()) == 2
    assert names(work) == ["solutions_06_backpropagation.ipynb", NAME]
