"""What the learner wrote is kept beside the pages, and used where it is still right."""

import json
import shutil

import numpy as np
import pytest
from exercises import exercise_cells, learner

from nnlib.activations import softmax
from nnlib.checks import check, kept
from nnlib.checks.kept import keep, mine


@pytest.fixture
def page(tmp_path, monkeypatch):
    """A learner's folder, in which this test stands."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / kept.MARK).write_text(json.dumps({}))
    return tmp_path


def typed(source, tmp_path, name="my_softmax"):
    """A function as a page makes it: its source can be found again."""
    path = tmp_path / "a_cell.py"
    path.write_text(source, encoding="utf-8")
    names = {"np": np, "__name__": "__main__"}
    exec(compile(source, str(path), "exec"), names)
    return names[name]


RIGHT = """def shifted(Z):
    return np.exp(Z - Z.max(axis=0))


def my_softmax(Z):
    E = shifted(Z)
    return E / E.sum(axis=0)
"""


def test_a_right_answer_is_kept_with_its_helpers_and_found_again(page, capsys):
    keep("04-1", typed(RIGHT, page))
    assert (page / "mine" / "04_1.py").read_text(encoding="utf-8") == RIGHT
    assert mine("04-1", otherwise=softmax) is not softmax
    said = capsys.readouterr().out.splitlines()
    assert said == [
        "  kept as mine/04_1.py; later lessons use it",
        "04-1: yours, from mine/04_1.py",
    ]


def test_without_any_the_librarys_is_used(page, capsys):
    assert mine("04-1", otherwise=softmax) is softmax
    assert (
        capsys.readouterr().out == "04-1: the library's; yours comes here once its check says ✓\n"
    )


@pytest.mark.parametrize(
    ("changed", "words"),
    {
        "wrong": (RIGHT.replace("axis=0)\n", "axis=1)\n"), "no longer right (✗ 04-1"),
        "no Python": ("def my_softmax(Z:\n", "stopped with SyntaxError"),
        "a name of the page": (RIGHT.replace("E / ", "E / scale * "), "no longer right"),
        "nothing": ("", "stopped with IndexError"),
        "no text": (b"\xff\xfe\x00", "stopped with UnicodeDecodeError"),
    }.values(),
)
def test_what_is_no_longer_right_is_said_and_not_used(page, capsys, changed, words):
    keep("04-1", typed(RIGHT, page))
    changed = changed if isinstance(changed, bytes) else changed.encode()
    (page / "mine" / "04_1.py").write_bytes(changed)
    capsys.readouterr()
    assert mine("04-1", otherwise=softmax) is softmax
    said = " ".join(capsys.readouterr().out.split())
    assert said.startswith("04-1: the library's, for yours is no longer right (") and words in said


@pytest.mark.parametrize("id", ["04-1", "06-1", "07-1"])
def test_the_solutions_run_with_numpy_and_the_mathematics_alone(page, id):
    _, solution = exercise_cells(id)
    file = page / "mine" / f"{id.replace('-', '_')}.py"
    file.parent.mkdir()
    file.write_text(solution, encoding="utf-8")
    assert mine(id, otherwise=None) is not None
    assert learner(solution, id)


def test_outside_a_learners_folder_nothing_is_kept(page, capsys):
    (page / kept.MARK).unlink()
    keep("04-1", typed(RIGHT, page))
    assert not (page / "mine").exists() and capsys.readouterr().out == ""
    assert mine("04-1", otherwise=softmax) is softmax


def test_a_choice_and_a_builtin_are_not_kept(page, capsys):
    for answer in ("b", 3.0, np.exp, len):
        keep("04-1", answer)
    assert not (page / "mine").exists() and capsys.readouterr().out == ""


def test_a_folder_that_cannot_be_written_stops_no_lesson(page, capsys):
    answer = typed(RIGHT, page)
    (page / "mine").write_text("a file stands where the folder should be")
    keep("04-1", answer)
    assert capsys.readouterr().out.startswith("  (it could not be kept for later lessons: ")


def test_a_function_that_was_not_typed_in_a_cell_stops_no_lesson(page, capsys):
    answer = typed(RIGHT, page)
    shutil.rmtree(page / "mine", ignore_errors=True)
    (page / "a_cell.py").unlink()
    keep("04-1", answer)
    assert "could not be kept" in capsys.readouterr().out


def test_check_keeps_what_it_praises_and_nothing_else(page, capsys):
    check("04-1", typed(RIGHT.replace("axis=0)\n", "axis=1)\n"), page))
    assert not (page / "mine").exists()
    check("04-1", typed(RIGHT, page))
    assert (page / "mine" / "04_1.py").exists()
    assert capsys.readouterr().out.endswith("  kept as mine/04_1.py; later lessons use it\n")
