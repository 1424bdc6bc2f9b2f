"""What maintainers run replaces a file whole, or leaves it as it was."""

import nbformat
import pytest


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
