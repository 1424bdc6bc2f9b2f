"""Copies of lessons: without answers, following their lessons until a learner touches them."""

import asyncio
import copy
import json
import re
import shutil
import subprocess
import sys

import nbformat
import pytest
from books import change, code, markdown, names, posix, read, sources, write
from jupyter_core.utils import ensure_async
from jupyter_server.services.contents import largefilemanager
from lessons import PATHS, ROOT, tags
from rough import nothing_lost
from traitlets.config import Config

from nnlib.system.pages import (
    drop_widgets,
    fingerprint,
    follow_lessons,
    forget_widgets,
    renew_page,
)

VIEW = "application/vnd.jupyter.widget-view+json"
HOOK = "nnlib.system.pages.drop_widgets"
HINT = '# hint("05-1")   # take away the first # when you are stuck'


BOOK = {
    "cells": [
        markdown("**Predict:** what is 2 + 2?"),
        code("print(2 + 2)", 1),
        markdown("Ask them.", "teacher"),
        code(HINT, 2),
        code("x = 'ü'", 3, **{VIEW: {"model_id": "0123"}}),
    ],
    "metadata": {},
    "nbformat": 4,
    "nbformat_minor": 4,
}


@pytest.fixture
def lesson(tmp_path):
    (tmp_path / "notebooks").mkdir()
    path = tmp_path / "notebooks" / "05_later ü.ipynb"
    write(path, BOOK)
    return path


@pytest.fixture
def work(tmp_path):
    folder = tmp_path / "work"
    folder.mkdir()
    return folder


@pytest.fixture
def page(lesson, work):
    """The copy of the lesson, as the first start makes it."""
    assert follow_lessons([lesson], work) == []
    return work / lesson.name


def say_more(lesson):
    """Mend a sentence of the lesson."""
    change(lesson, lambda cells: cells[0].update(source="**Predict:** what is 2 + 2, in words?"))


# ---- what a copy holds ----


def test_a_fresh_copy_of_any_lesson_holds_no_answer_and_the_lesson_keeps_its_own(work):
    before = {path: path.read_bytes() for path in PATHS}
    assert follow_lessons(PATHS, work) == []
    assert names(work) == sorted([".origin.json", *(path.name for path in PATHS)])
    for path in PATHS:
        page, whole = (nbformat.read(file, as_version=4) for file in (work / path.name, path))
        nbformat.validate(page)
        said = [(cell.id, cell.source) for cell in whole.cells if "teacher" not in tags(cell)]
        assert [(cell.id, cell.source) for cell in page.cells] == said
        assert not any("teacher" in tags(cell) for cell in page.cells)
        for cell in page.cells:
            assert not cell.get("outputs") and cell.get("execution_count") is None
        text = (work / path.name).read_text(encoding="utf-8")
        assert VIEW not in text and "image/png" not in text and '"widgets"' not in text
        assert any(cell.get("outputs") for cell in whole.cells)
        assert any("teacher" in tags(cell) for cell in whole.cells)
        assert path.read_bytes() == before[path]


def test_pages_can_be_copied_as_they_are(lesson, work):
    assert follow_lessons([lesson], work, with_outputs=True) == []
    assert (work / lesson.name).read_bytes() == lesson.read_bytes()


def test_outputs_may_come_later_but_not_over_what_was_run(lesson, page, work):
    write(page, read(page) | {"metadata": {"saved by": "JupyterLab"}})
    follow_lessons([lesson], work, with_outputs=True)
    assert page.read_bytes() == lesson.read_bytes()
    change(page, lambda cells: cells[1].update(outputs=[]))
    mine = page.read_bytes()
    follow_lessons([lesson], work, with_outputs=True)
    assert page.read_bytes() == mine


def test_the_text_that_a_page_came_from_is_remembered(lesson, page, work):
    origin = read(work / ".origin.json")
    assert list(origin) == [page.name] and re.fullmatch("[0-9a-f]{64}", origin[page.name])
    assert origin[page.name] == fingerprint(lesson) == fingerprint(page)


# ---- touched or not ----

UNTOUCHED = {
    "nothing": lambda cells: None,
    "run": lambda cells: cells[1].update(code("print(2 + 2)", 7)),
    "folded": lambda cells: cells[0]["metadata"].update({"jp-MarkdownHeadingCollapsed": True}),
    "hint 1": lambda cells: cells[2].update(source='hint("05-1")'),
    "hint 2": lambda cells: cells[2].update(source='hint("05-1", 2)'),
    "hint, by name": lambda cells: cells[2].update(source="  hint('05-1', number=3)\n"),
    "two hints": lambda cells: cells[2].update(source=HINT + '\nhint("05-1", 2)'),
    "a hint below": lambda cells: cells.append(code('hint("05-1", 2)', 9)),
    "lines of JupyterLab": lambda cells: cells[1].update(source=["print(2", " + 2)"]),
    "an empty cell at the end": lambda cells: cells.append(code("")),
    "the teacher's cell": lambda cells: cells.insert(2, markdown("Ask them.", "teacher")),
}
TOUCHED = {
    "another text": lambda cells: cells[1].update(source="print(2 + 3)"),
    "another sentence": lambda cells: cells[0].update(source="I say 5"),
    "a cell more": lambda cells: cells.append(markdown("My notes")),
    "a cell less": lambda cells: cells.pop(),
    "a cell moved": lambda cells: cells.insert(0, cells.pop()),
    "another kind of cell": lambda cells: cells[3].update(cell_type="raw"),
    "beside a hint": lambda cells: cells[2].update(source=HINT + "\nanswer = 4"),
    "a note on a hint": lambda cells: cells[2].update(source='hint("05-1")  # so it is 4'),
    "a hint put to use": lambda cells: cells[2].update(source='said = hint("05-1")'),
}


@pytest.mark.parametrize("do", UNTOUCHED.values(), ids=UNTOUCHED)
def test_an_untouched_page_follows_its_lesson_when_that_changes(lesson, page, work, do):
    change(page, do)
    mine = page.read_bytes()
    assert follow_lessons([lesson], work) == []
    assert page.read_bytes() == mine  # outputs stay while the lesson does
    say_more(lesson)
    assert follow_lessons([lesson], work) == []
    assert sources(page)[0].endswith("in words?") and len(sources(page)) == 4
    assert read(work / ".origin.json") == {page.name: fingerprint(lesson)}


@pytest.mark.parametrize("do", TOUCHED.values(), ids=TOUCHED)
def test_a_touched_page_is_kept_and_named_only_once_its_lesson_has_changed(lesson, page, work, do):
    change(page, do)
    with nothing_lost(work):
        assert follow_lessons([lesson], work) == []
        say_more(lesson)
        assert follow_lessons([lesson], work) == [page]
        assert follow_lessons([lesson], work, with_outputs=True) == [page]


def test_what_was_touched_and_put_back_follows_again(lesson, page, work):
    mine = page.read_bytes()
    change(page, TOUCHED["a cell more"])
    follow_lessons([lesson], work)
    page.write_bytes(mine)
    say_more(lesson)
    assert follow_lessons([lesson], work) == [] and sources(page)[0].endswith("in words?")


@pytest.mark.parametrize("place", [1, 2], ids=["outputs", "teacher"])
def test_a_lesson_that_says_the_same_has_not_changed(lesson, page, work, place):
    cell = [None, code("print(2 + 2)", 11), markdown("Ask them twice.", "teacher")][place]
    change(lesson, lambda cells: cells[place].update(cell))
    with nothing_lost(work):
        assert follow_lessons([lesson], work) == []


def test_a_new_lesson_and_a_lost_page_are_copied(lesson, page, work):
    other = lesson.with_name("06_new.ipynb")
    write(other, BOOK)
    page.unlink()
    assert follow_lessons([lesson, other], work) == []
    assert names(work) == [".origin.json", page.name, other.name]


# ---- nothing is lost ----


def test_a_page_of_an_older_version_gets_its_entry_or_counts_as_touched(lesson, work):
    page, other = work / lesson.name, lesson.with_name("06_new.ipynb")
    write(other, BOOK)
    shutil.copy(lesson, page)
    mine = copy.deepcopy(BOOK)
    mine["cells"][0]["source"] = "I say 5"
    write(work / other.name, mine)
    assert follow_lessons([lesson, other], work) == [work / other.name]
    assert read(page) == BOOK and read(work / other.name) == mine
    assert read(work / ".origin.json") == {page.name: fingerprint(lesson)}
    say_more(lesson)
    assert follow_lessons([lesson], work) == [] and sources(page)[0].endswith("in words?")


DAMAGED = [b"", b"{half", b"\xff\xfe", b"[3]", b"null", b"[" * 100_000, b'{"05_later \xc3\xbc']
FOREIGN = ['{"who": "\\ud83d else"}', '{"05_later ü.ipynb": 3}', '{"05_later ü.ipynb": ""}']


@pytest.mark.parametrize("text", [*DAMAGED, *(text.encode() for text in FOREIGN)])
@pytest.mark.parametrize("do", [UNTOUCHED["nothing"], TOUCHED["a cell less"]])
def test_a_damaged_or_foreign_memory_costs_nothing(lesson, page, work, text, do):
    change(page, do)
    mine, whole = page.read_bytes(), fingerprint(page) == fingerprint(lesson)
    (work / ".origin.json").write_bytes(text)
    kept = follow_lessons([lesson], work)
    assert page.read_bytes() == mine and kept == ([] if whole else [page])
    if whole:
        assert read(work / ".origin.json")[page.name] == fingerprint(lesson)
    if b"who" in text:
        assert "who" in read(work / ".origin.json")


def test_without_a_memory_the_copies_are_made_all_the_same(lesson, work):
    (work / ".origin.json").mkdir()
    assert follow_lessons([lesson], work) == []
    assert renew_page(lesson, work) == work / "05_later ü.bak.ipynb"
    assert sources(work / lesson.name)[1] == "print(2 + 2)"


NO_NOTEBOOK = ["", "{half", "[3]", '{"cells": 5}', '{"cells": [{}]}', "[" * 100_000, "\ufeff{}"]


@pytest.mark.parametrize("text", NO_NOTEBOOK)
def test_a_page_that_is_no_notebook_is_kept(lesson, page, work, text):
    page.write_text(text, encoding="utf-8")
    with nothing_lost(work):
        assert follow_lessons([lesson], work) == []
        forget_widgets(work)
        say_more(lesson)
        assert follow_lessons([lesson], work) == [page]


@pytest.mark.parametrize("text", NO_NOTEBOOK)
def test_a_lesson_that_is_no_notebook_is_copied_and_followed_once_it_is_one(lesson, work, text):
    lesson.write_text(text, encoding="utf-8")
    assert follow_lessons([lesson], work) == []
    assert (work / lesson.name).read_bytes() == lesson.read_bytes()
    write(lesson, BOOK)
    assert follow_lessons([lesson], work) == [] and len(sources(work / lesson.name)) == 4


def unread(status):
    """What a file is, without when it was last read: looking at it is no change."""
    return status.st_mode, status.st_ino, status.st_size, status.st_mtime_ns


@posix
@pytest.mark.parametrize("kind", ["link", "link to nothing", "read-only", "unreadable", "folder"])
def test_what_is_no_file_of_ours_is_kept(lesson, page, work, tmp_path, kind):
    elsewhere = tmp_path / "elsewhere.ipynb"
    shutil.move(page, elsewhere)
    match kind:
        case "link":
            page.symlink_to(elsewhere)
        case "link to nothing":
            page.symlink_to(tmp_path / "nothing")
        case "read-only" | "unreadable":
            shutil.copy(elsewhere, page)
            page.chmod(0o444 if kind == "read-only" else 0)
        case "folder":
            page.mkdir()
            write(work / ".origin.json", {page.name: ""})  # as good as its text
    before, text = page.lstat(), elsewhere.read_bytes()
    say_more(lesson)
    assert follow_lessons([lesson], work) == [page]
    assert follow_lessons([lesson], work, with_outputs=True) == [page]
    forget_widgets(work)
    assert unread(page.lstat()) == unread(before) and elsewhere.read_bytes() == text


@posix
def test_a_page_keeps_its_rights_when_it_follows(lesson, page, work):
    page.chmod(0o600)
    say_more(lesson)
    follow_lessons([lesson], work)
    assert sources(page)[0].endswith("in words?") and page.stat().st_mode & 0o777 == 0o600


def test_a_full_disk_costs_nothing_and_the_next_start_makes_up_for_it(page, lesson, work, request):
    other = lesson.with_name("06_new.ipynb")
    write(other, BOOK)
    say_more(lesson)
    make_room = request.getfixturevalue("full_disk")
    with nothing_lost(work):
        for call in (lambda: follow_lessons([lesson], work), lambda: renew_page(lesson, work)):
            with pytest.raises(OSError, match="No space"):
                call()
        with pytest.raises(OSError, match="No space"):
            follow_lessons([other], work)
    make_room()
    assert follow_lessons([lesson, other], work) == [] and sources(page)[0].endswith("in words?")
    assert names(work) == [".origin.json", page.name, other.name]


def test_a_start_that_ends_before_it_remembers_is_made_up_for(page, lesson, work):
    before = (work / ".origin.json").read_bytes()
    say_more(lesson)
    follow_lessons([lesson], work)
    (work / ".origin.json").write_bytes(before)
    assert follow_lessons([lesson], work) == []
    assert read(work / ".origin.json") == {page.name: fingerprint(lesson)}


AT_ONCE = """
import pathlib, sys
from nnlib.system.pages import follow_lessons
lessons, homes = (sorted(pathlib.Path(name).iterdir()) for name in sys.argv[1:])
for home in homes:
    assert follow_lessons(lessons, home) == []
"""


def test_two_starts_at_once_do_not_harm_each_other(lesson, work):
    for number in range(10):
        write(lesson.with_name(f"{number:02}_x.ipynb"), BOOK)
        (work / str(number)).mkdir()
    command = [sys.executable, "-c", AT_ONCE, lesson.parent, work]
    both = [subprocess.Popen(command, stderr=subprocess.PIPE) for _ in range(2)]
    assert [process.communicate(timeout=120)[1] for process in both] == [b"", b""]
    for home in work.iterdir():
        assert names(home) == [".origin.json", *names(lesson.parent)]
        assert set(read(home / ".origin.json").values()) == {fingerprint(lesson)}
        assert all(len(sources(page)) == 4 for page in home.glob("*.ipynb"))


# ---- a fresh copy, the old one kept ----


def test_a_fresh_copy_keeps_the_old_one_and_is_remembered(lesson, work):
    page = work / lesson.name
    assert renew_page(lesson, work) is None
    for number, mark in enumerate(["bak", "bak2", "bak3"]):
        page.write_text(f"try {number}")
        backup = work / f"05_later ü.{mark}.ipynb"
        assert renew_page(lesson, work) == backup and backup.read_text() == f"try {number}"
    assert sources(page) == [BOOK["cells"][place]["source"] for place in (0, 1, 3, 4)]
    say_more(lesson)
    assert follow_lessons([lesson], work) == [] and sources(page)[0].endswith("in words?")


@posix
def test_a_fresh_copy_takes_the_place_of_a_link_and_the_link_is_kept(lesson, work, tmp_path):
    page = work / lesson.name
    page.symlink_to(tmp_path / "nothing")
    (work / "05_later ü.bak.ipynb").symlink_to(tmp_path / "nothing")
    backup = renew_page(lesson, work)
    assert backup.name == "05_later ü.bak2.ipynb" and backup.is_symlink()
    assert not page.is_symlink() and len(sources(page)) == 4


# ---- widgets of kernels that have ended ----


def without_view(book):
    book = copy.deepcopy(book)
    del book["cells"][4]["outputs"][0]["data"][VIEW]
    return book


def test_widgets_of_ended_kernels_are_forgotten_and_nothing_else(work):
    write(work / "mine.ipynb", BOOK)
    others = {"no_widget.ipynb": json.dumps(without_view(BOOK)), "other.txt": json.dumps(BOOK)}
    for name, text in others.items():
        (work / name).write_text(text, encoding="utf-8")
    forget_widgets(work)
    assert read(work / "mine.ipynb") == without_view(BOOK)
    assert names(work) == sorted(["mine.ipynb", *others])
    assert all((work / name).read_text(encoding="utf-8") == others[name] for name in others)


@pytest.mark.parametrize("manager", ["LargeFileManager", "AsyncLargeFileManager"])
def test_a_server_that_was_told_our_function_saves_pages_without_their_widgets(work, manager):
    config = Config({"ContentsManager": {"pre_save_hook": HOOK, "root_dir": str(work)}})
    contents = getattr(largefilemanager, manager)(config=config)
    states = {"application/vnd.jupyter.widget-state+json": {"state": {"0123": {}}}}
    book = copy.deepcopy(BOOK) | {"metadata": {"widgets": states}}
    model = {"type": "notebook", "content": book}
    answer = asyncio.run(ensure_async(contents.save(model, "mine.ipynb")))
    assert json.loads(nbformat.writes(nbformat.from_dict(without_view(BOOK)))) == read(
        work / "mine.ipynb"
    )
    assert answer["content"] is None


def test_run_py_tells_its_server_our_function():
    files = [ROOT / "run.py", *(ROOT / "nnlib" / "system").glob("*.py")]
    flag = f'"--ContentsManager.pre_save_hook={HOOK}"'
    assert [path.name for path in files if flag in path.read_text(encoding="utf-8")]


@pytest.mark.parametrize("content", [None, 5, "no notebook", [], {}, {"cells": [{"outputs": [7]}]}])
def test_what_is_no_notebook_is_saved_as_it_is(content):
    before = copy.deepcopy(content)
    drop_widgets(model={"type": "file", "content": content}, path="x", contents_manager=None)
    drop_widgets(model={"type": "directory"}, path="x", contents_manager=None)
    assert content == before


@posix
def test_a_file_with_its_own_rights_and_half_a_sign_come_to_no_harm(work):
    page, odd = work / "private.ipynb", copy.deepcopy(BOOK)
    odd["cells"][0]["source"] = "half a sign: \ud83d"  # JSON allows it, UTF-8 does not
    write(page, odd)
    page.chmod(0o600)
    forget_widgets(work)
    assert read(page) == without_view(odd) and page.stat().st_mode & 0o777 == 0o600
    assert names(work) == ["private.ipynb"]
