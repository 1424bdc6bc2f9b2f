"""The folder of a learner's copies, and whether its pages go with this library."""

import json
import pathlib
import shutil

import pytest
from books import posix
from lessons import PATHS, ROOT

from nnlib.system import lessons
from nnlib.system.lessons import belongs, work_folder
from nnlib.system.pages import follow_lessons


def test_the_learners_folder_is_the_one_that_is_named(monkeypatch, tmp_path):
    monkeypatch.delenv("NNLIB_WORK", raising=False)
    assert work_folder() == ROOT / "work"
    assert work_folder(tmp_path) == tmp_path / "work"
    monkeypatch.setenv("NNLIB_WORK", " ")
    assert work_folder(tmp_path) == tmp_path / "work"
    monkeypatch.setenv("NNLIB_WORK", str(tmp_path / "mine"))
    assert work_folder() == work_folder(ROOT) == tmp_path / "mine"
    monkeypatch.setenv("NNLIB_WORK", "~/mine")
    assert work_folder() == pathlib.Path.home() / "mine"


def test_a_relative_name_means_the_folder_where_it_was_typed(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NNLIB_WORK", "mine")
    assert work_folder() == tmp_path / "mine"


def test_a_page_belongs_to_the_project_that_it_lies_in(tmp_path):
    assert belongs(ROOT / "notebooks") and not belongs(tmp_path) and not belongs(tmp_path / "none")


@posix
def test_an_app_belongs_also_if_a_link_leads_to_its_folder(tmp_path, monkeypatch):
    """A kernel knows the folder by its real name: on macOS /tmp is /private/tmp."""
    (tmp_path / "private" / ".nnlib" / "demo").mkdir(parents=True)
    (tmp_path / "tmp").symlink_to(tmp_path / "private")
    monkeypatch.setenv("NNLIB_WORK", str(tmp_path / "tmp"))
    assert belongs(tmp_path / "private" / ".nnlib" / "demo")
    assert not belongs(tmp_path / "private")


def test_a_copy_of_a_lesson_belongs_wherever_it_lies(tmp_path):
    follow_lessons(PATHS, tmp_path)
    assert belongs(tmp_path)
    for page in tmp_path.glob("*.ipynb"):
        page.write_text("mine", encoding="utf-8")
    assert belongs(tmp_path)  # .origin.json knows what they were made from
    (tmp_path / ".origin.json").unlink()
    assert not belongs(tmp_path)


def test_the_pages_of_another_copy_of_the_project_belong_if_they_are_the_same(tmp_path):
    for path in PATHS[:2]:
        shutil.copy(path, tmp_path)
    assert belongs(tmp_path)
    for path in PATHS[:2]:
        book = json.loads(path.read_bytes())
        book["cells"][0]["source"] = "# Of an older version"
        (tmp_path / path.name).write_text(json.dumps(book), encoding="utf-8")
    assert not belongs(tmp_path)


@pytest.mark.parametrize("text", ["", "[]", '{"00_see_it_work.ipynb": 7}'])
def test_a_damaged_memory_of_origins_is_none(tmp_path, text):
    (tmp_path / ".origin.json").write_text(text, encoding="utf-8")
    assert not belongs(tmp_path)


def test_an_installed_library_goes_with_every_page(tmp_path, monkeypatch):
    monkeypatch.setattr(lessons, "PACKAGE", tmp_path / "site-packages" / "nnlib")
    monkeypatch.setattr(lessons, "shipped", lambda name: tmp_path / "site-packages" / name)
    assert not belongs(tmp_path / "elsewhere")
    (tmp_path / "site-packages" / "nnlib" / "shipped").mkdir(parents=True)
    assert belongs(tmp_path / "elsewhere")
