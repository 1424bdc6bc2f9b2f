"""Every exercise tells the solution, the stub and its wrong answers apart, by a message each."""

import ast
import functools
import importlib
import re
import time

import numpy as np
import pytest
from lessons import NAMES, PATHS, cells, code_cells, streams, tags

from nnlib.checks import check, hint, questions, registry

registry.load_all()
every_exercise = pytest.mark.parametrize("id", sorted(registry.EXERCISES))


@functools.cache
def namespace(path):
    """What the set-up cell of a lesson gives its exercises; copy it before you add to it."""
    set_up = next(cell.source for cell in cells(path) if "setup" in tags(cell))
    names = {}
    exec(set_up, names)
    names.setdefault("np", np)
    return names


def exercise_cells(id):
    """The stub and the solution of an exercise, as texts, and the names they may use."""
    path = next(path for path in PATHS if path.stem.startswith(id[:2]))
    stub = next(
        cell.source
        for cell in cells(path)
        if "exercise" in tags(cell) and f'check("{id}"' in cell.source
    )
    place = next(i for i, cell in enumerate(cells(path)) if cell.source == stub)
    folded = next(cell for cell in cells(path)[place:] if "solution" in tags(cell)).source
    (solution,) = re.findall(r"```python\n(.*?)```", folded, flags=re.S)
    return stub, solution, path


def answer_of(source, id, path):
    """Run the code of an answer and return what is handed to `check`."""
    stub, _, _ = exercise_cells(id)
    handed = re.search(rf'check\("{id}", (\w+)\)', stub)[1]
    names = dict(namespace(path))
    exec(re.sub(r"^(check|compare)\(.*$", "", source, flags=re.M), names)
    return names[handed]


def wrong_answers(id):
    """The wrong answers of an exercise: (name, answer, fragment of the message)."""
    if id in questions.SLIPS:
        return [(repr(answer), answer, said) for answer, said in questions.SLIPS[id].items()]
    module = importlib.import_module(f"answers.lesson_{id[:2]}")
    return module.WRONG_ANSWERS[id]


def test_each_exercise_of_a_lesson_has_a_check_and_each_check_an_exercise():
    asked = [
        id
        for path in PATHS
        for cell in cells(path)
        if "exercise" in tags(cell)
        for id in re.findall(r'check\("([\d-]+)"', cell.source)
    ]
    assert sorted(asked) == sorted(registry.EXERCISES)


@pytest.mark.parametrize("name", NAMES)
def test_each_lesson_has_one_to_three(name):
    most = 6 if name.startswith("14") else 3  # the clinic has six to mend
    assert 1 <= sum(id.startswith(name[:2]) for id in registry.EXERCISES) <= most


@every_exercise
def test_a_message_of_its_own_for_each_answer(id):
    stub, solution, path = exercise_cells(id)
    messages = [
        registry.verdict(id, answer_of(solution, id, path)),
        registry.verdict(id, answer_of(stub, id, path)),
        *(registry.verdict(id, answer) for _, answer, _ in wrong_answers(id)),
    ]
    assert messages[0].startswith(f"✓ {id} is right.")
    assert messages[1].startswith(f"○ {id} is not written yet.")
    assert len(wrong_answers(id)) >= 2
    for (name, _, fragment), message in zip(wrong_answers(id), messages[2:], strict=True):
        assert message.startswith("✗"), name
        assert fragment in message, f"{name}: {message}"
    assert len(set(messages)) == 2 + len(wrong_answers(id))
    assert all("\n" not in message for message in messages)


def popped(params):
    """Exercise 03-2, emptying the list that is given."""
    W, b = params.pop(0)
    while params:
        W_next, b_next = params.pop(0)
        W, b = W_next @ W, W_next @ b + b_next
    return W, b


@pytest.mark.parametrize(
    ("id", "another"),
    [
        ("02-1", lambda solution: lambda X, y: list(solution(X, y))),
        ("03-2", lambda solution: popped),
        ("06-2", lambda solution: lambda: np.array(solution(), dtype=float)),
    ],
)
def test_right_answers_in_another_dress_are_right(id, another):
    _, solution, path = exercise_cells(id)
    answer = another(answer_of(solution, id, path))
    assert registry.verdict(id, answer).startswith(f"✓ {id} is right.")


@pytest.mark.parametrize("label_type", [float, np.float32])
def test_labels_stay_whole_numbers(label_type):
    def prepare(table):
        return table[:, 1:].T / 255, table[:, 0].astype(label_type)

    assert "whole numbers" in registry.verdict("01-2", prepare)


@every_exercise
def test_the_check_answers_while_one_waits(id):
    _, solution, path = exercise_cells(id)
    answer = answer_of(solution, id, path)
    begun = time.perf_counter()
    registry.verdict(id, answer)
    assert time.perf_counter() - begun < 10  # a second is the aim; this is a safety time-out


@every_exercise
def test_three_hints_that_lead_on(id, capsys):
    for number in (1, 2, 3):
        hint(id, number)
    shown = capsys.readouterr().out
    first, second, third = re.split(r"More: .*\n", shown)
    assert len({first, second, third}) == 3 and max(map(len, shown.splitlines())) <= 96
    assert f'hint("{id}", 2)' in shown and f'hint("{id}", 3)' in shown
    with pytest.raises(ValueError, match="hints 1 to 3"):
        hint(id, 4)


@every_exercise
def test_a_hint_waits_below_its_exercise_until_it_is_asked_for(id, capsys):
    stub, _, path = exercise_cells(id)
    place = next(i for i, cell in enumerate(cells(path)) if cell.source == stub)
    waiting = cells(path)[place + 1]
    assert waiting.source == f'# hint("{id}")   # take away the first # when you are stuck'
    assert waiting.outputs == []
    exec(waiting.source, dict(namespace(path)))
    assert capsys.readouterr().out == ""
    exec(waiting.source.removeprefix("# "), dict(namespace(path)))
    assert capsys.readouterr().out.startswith("Hint 1 of 3: ")


@pytest.mark.parametrize("path", PATHS, ids=NAMES)
def test_no_hint_runs_by_itself(path):
    trees = [ast.parse(cell.source) for cell in code_cells(path)]
    calls = [node.func for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)]
    assert "hint" not in {getattr(name, "id", None) for name in calls}
    assert not any(streams(cell, "stdout").startswith("Hint") for cell in code_cells(path))


@every_exercise
def test_nothing_written_and_broken_code_end_in_one_line(id, capsys):
    def broken(*args):
        raise RuntimeError("oops,\ntwo lines")

    check(id, None)
    check(id, broken)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(f"○ {id} is not written yet.")
    assert lines[1] == f"✗ {id} stopped with RuntimeError: oops, two lines"


def nothing_but_nan(result):
    """The same arrays in the same places, but every number is NaN."""
    if isinstance(result, tuple | list):
        return [nothing_but_nan(part) for part in result]
    return np.full_like(result, np.nan, dtype=float)


@pytest.mark.parametrize("id", ["06-1", "11-2", "16-1"])
def test_arrays_of_nan_are_not_right(id):
    _, solution, path = exercise_cells(id)
    answer = answer_of(solution, id, path)
    with np.errstate(invalid="ignore"):
        said = registry.verdict(id, lambda *given: nothing_but_nan(answer(*given)))
    assert said.startswith("✗")


def test_a_number_of_samples_that_is_typed_or_global_is_noticed():
    _, solution, path = exercise_cells("06-1")
    typed = re.sub(r"m = [^\n]+", "m = 7", solution)
    assert typed != solution
    said = registry.verdict("06-1", answer_of(typed, "06-1", path))
    assert "right for 7 samples, not for 9" in said


def test_an_answer_that_changes_what_it_is_given_is_judged_by_what_it_returns():
    def in_place(params, X, A1, Z1, P, Y):
        m, (_, (W2, _)) = X.shape[1], params
        P -= Y
        dZ1 = (W2.T @ P) * (Z1 > 0)
        sums = [dZ.sum(axis=1, keepdims=True) / m for dZ in (dZ1, P)]
        return dZ1 @ X.T / m, sums[0], P @ A1.T / m, sums[1]

    assert registry.verdict("06-1", in_place).startswith("✓ 06-1 is right.")
