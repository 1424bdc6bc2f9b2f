"""What maintainers run replaces a file whole, or leaves it as it was."""

import nbformat
import pytest
from lessons import PATHS, cells


@pytest.fixture
def lesson(tmp_path):
    """A small lesson, never executed."""
    cells = [nbformat.v4.new_code_cell("print(1 + 1)")]
    path = tmp_path / "00_small.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return path


def test_a_lesson_is_executed_in_place(maintain, lesson):
    maintain.execute(lesson)
    (cell,) = nbformat.read(lesson, as_version=4).cells
    assert cell.id == "cell-00" and cell.outputs[0].text == "2\n"
    assert lesson.read_bytes().endswith(b"}\n") and list(lesson.parent.iterdir()) == [lesson]


def test_an_interrupted_execution_leaves_the_lesson_whole(maintain, lesson, monkeypatch):
    before = lesson.read_bytes()

    def interrupted(descriptor):
        raise KeyboardInterrupt

    monkeypatch.setattr("nnlib.system.files.os.fsync", interrupted)  # when all is written
    with pytest.raises(KeyboardInterrupt):
        maintain.execute(lesson)
    assert lesson.read_bytes() == before and list(lesson.parent.iterdir()) == [lesson]


def test_sections_of_a_lesson_take_what_its_sittings_take(maintain):
    for path in PATHS:
        of_sections = sum(maintain.sections(cells(path)).values())
        assert of_sections == pytest.approx(sum(maintain.sittings(cells(path))), abs=0.1)


def test_what_follows_an_exercise_belongs_to_the_section_around_it(maintain):
    page = [
        nbformat.v4.new_markdown_cell("# Title\n\n" + "word " * 200),
        nbformat.v4.new_markdown_cell("## A\n\n" + "word " * 100 + "\n\n### Exercise 07-1: try\n"),
        nbformat.v4.new_code_cell("def f():\n    pass", metadata={"tags": ["exercise"]}),
        nbformat.v4.new_code_cell("# a hint, no heading"),
        nbformat.v4.new_markdown_cell("# no heading", metadata={"tags": ["solution"]}),
        nbformat.v4.new_code_cell("print()"),
    ]
    found = {name: round(spent, 1) for name, spent in maintain.sections(page).items()}
    assert found == {"Title": 1.0, "A": 1.0, "Exercise 07-1": 8.5}
