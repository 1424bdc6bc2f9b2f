"""Lesson 07 trains with what the learner wrote in 04, 06 and 07, where that is still right."""

import json

import nbformat
import pytest
from exercises import exercise_cells, lesson_of
from lessons import cells, tags
from nbclient import NotebookClient

pytestmark = pytest.mark.slow  # real kernels, in a learner's own folder
IDS = ("04-1", "06-1", "07-1")
SAYS = "this network was trained by"


def printed(sources, folder):
    """Run cells in a kernel of their own, in a folder, and return what they print."""
    page = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(s) for s in sources])
    NotebookClient(page, timeout=120, resources={"metadata": {"path": str(folder)}}).execute()
    return "".join(out.text for c in page.cells for out in c.outputs if out.get("name") == "stdout")


def solved(id):
    """The set-up cell of a lesson, the solution of an exercise, and its check."""
    set_up = next(cell.source for cell in cells(lesson_of(id)) if "setup" in tags(cell))
    stub, solution = exercise_cells(id)
    asked = next(line for line in stub.splitlines() if line.startswith("check("))
    return [set_up, solution, asked]


def lesson_07():
    """The code cells of lesson 07 that its last section needs, to its end."""
    page = [cell for cell in cells(lesson_of("07-1")) if cell.cell_type == "code"]
    kept = [c for c in page if not {"exercise", "widget"} & set(tags(c))]
    return [cell.source for cell in kept]


@pytest.fixture
def work(tmp_path):
    """A learner's folder, as `run.py lab` makes it, beside the project's data."""
    folder = tmp_path / "work"
    folder.mkdir()
    (folder / ".origin.json").write_text(json.dumps({}), encoding="utf-8")
    (tmp_path / "data").symlink_to(lesson_of("07-1").parents[1] / "data")
    return folder


def test_three_solutions_are_kept_and_train_lesson_07(work):
    for id in IDS:
        assert f"kept as mine/{id.replace('-', '_')}.py" in printed(solved(id), work)
    text = printed(lesson_07(), work)
    assert [f"{id}: yours" in text for id in IDS] == [True] * 3
    assert f"{SAYS} your code" in text and "all errors below 1e-7: True" in text


def test_wrong_ones_are_said_and_the_lesson_reads_as_well_as_before(work):
    (work / "mine").mkdir()
    for id, wrong in zip(IDS, ("def f(Z):\n    return Z", "x = 1 / 0", "def f(:")):
        (work / "mine" / f"{id.replace('-', '_')}.py").write_text(wrong, encoding="utf-8")
    text = printed(lesson_07(), work)
    assert [f"{id}: the library's, for yours is no longer right" in text for id in IDS] == [
        True
    ] * 3
    assert f"{SAYS} the library's code" in text and "test accuracy: 84.6" in text
