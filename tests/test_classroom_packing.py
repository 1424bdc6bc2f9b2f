"""What a bundle for a class holds, what it does not, and that all its links lead somewhere."""

import os
import re
import subprocess

import mistune
import nbformat
import pytest
from bs4 import BeautifulSoup
from lessons import PATHS, ROOT, tags

from nnlib.classroom.packing import FILES, files_of_bundle

SOME = PATHS[:8]
LESSONS = {"all": PATHS, "some": SOME, "the last": PATHS[-1:]}


@pytest.fixture(scope="module")
def files():
    """What a bundle of all lessons holds."""
    return files_of_bundle(ROOT, PATHS)


def page(files, path):
    return nbformat.reads(files[f"notebooks/{path.name}"].decode(), as_version=4)


def test_every_pattern_finds_files_and_nothing_for_authors_or_teachers_is_in(files):
    for pattern in FILES:
        assert any(ROOT.glob(pattern)) or pattern.startswith("nnlib/**"), pattern
    rooms = {name.split("/")[0] for name in files}
    assert rooms == {
        *("LICENSE", "README.md", "data", "docs", "locks", "nnlib", "notebooks"),
        *("pyproject.toml", "run.py"),
    }
    assert not any(re.search("teaching|contributing|pycache|tests/", name) for name in files)
    assert [name for name in files if name.endswith(".lock")] == [
        "locks/lab.lock"
    ]  # for the doctor


def test_all_that_the_project_knows_of_its_library_and_data_is_in(files):
    ask = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "nnlib", "data"]
    known = subprocess.run(ask, cwd=ROOT, capture_output=True, encoding="utf-8")
    if known.returncode:
        pytest.skip("this folder is no clone")
    assert {name for name in files if name.startswith(("nnlib/", "data/"))} == {
        *known.stdout.splitlines()
    }


@pytest.mark.parametrize("with_solutions", [False, True])
def test_the_lessons_are_whole_but_for_what_is_not_for_learners(with_solutions):
    files = files_of_bundle(ROOT, PATHS, with_solutions)
    away = {"teacher"} if with_solutions else {"teacher", "solution"}
    for path in PATHS:
        mine, whole = page(files, path), nbformat.read(path, as_version=4)
        nbformat.validate(mine)
        kept = [cell for cell in whole.cells if away.isdisjoint(tags(cell))]
        assert [(c.id, c.cell_type) for c in mine.cells] == [(c.id, c.cell_type) for c in kept]
        assert [c.metadata for c in mine.cells] == [c.metadata for c in kept]
        for cell, before in zip(mine.cells, kept):
            if cell.cell_type == "code":
                assert cell.source == before.source
                assert cell.outputs == [] and cell.execution_count is None
        assert any("solution" in tags(cell) for cell in mine.cells) == with_solutions


def test_no_lesson_promises_solutions_that_are_not_there():
    for with_solutions in (False, True):
        said = files_of_bundle(ROOT, PATHS[:1], with_solutions)[
            f"notebooks/{PATHS[0].name}"
        ].decode()
        assert ("solution to unfold" in said) == with_solutions


def links(text):
    """The links and pictures of Markdown that lead into the project."""
    html = BeautifulSoup(mistune.html(text), "html.parser")
    found = [tag.get("href") or tag.get("src") for tag in html.find_all(["a", "img"])]
    return [link for link in found if not re.match(r"\w+:|#", link)]


@pytest.mark.parametrize("lessons", LESSONS)
def test_every_link_leads_somewhere(lessons):
    files = files_of_bundle(ROOT, LESSONS[lessons])
    places = {*files, *(os.path.dirname(name) for name in files)}
    for name, data in files.items():
        if name.endswith(".ipynb"):
            cells = nbformat.reads(data.decode(), as_version=4).cells
            text = "\n\n".join(c.source for c in cells if c.cell_type == "markdown")
        else:
            text = data.decode() if name.endswith(".md") else ""
        for link in links(text):
            path = os.path.normpath(os.path.join(os.path.dirname(name), link.split("#")[0]))
            assert path in places, (name, link)


def test_a_lesson_that_is_not_in_it_is_said_to_be_elsewhere():
    said = files_of_bundle(ROOT, SOME)[f"notebooks/{SOME[-1].name}"].decode()
    assert "**Next:** Turn the knobs (not in this bundle)." in said
    said = files_of_bundle(ROOT, SOME)[f"notebooks/{SOME[-2].name}"].decode()
    assert f"[Train it]({SOME[-1].name})" in said


def test_its_readme_says_how_to_start_and_what_it_is(files):
    said = files["README.md"].decode()
    assert "discreet, not secret" in said and "nnlib/checks" in said
    assert "python3 run.py lab" in said and "class update 00" in said and "$" not in said
    assert re.search("Python [0-9., or]+", said)[0] in (ROOT / "README.md").read_text("utf-8")
    assert [f"notebooks/{path.name}" in said for path in PATHS] == [True] * len(PATHS)
    assert "without the solutions" in said
    assert "with the solutions" in files_of_bundle(ROOT, PATHS, True)["README.md"].decode()
    some = files_of_bundle(ROOT, PATHS[3:5])["README.md"].decode()
    assert "class update 03" in some and PATHS[5].name not in some
