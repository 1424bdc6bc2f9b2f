"""Every exercise: its stub, its solution, its slips, what learners hand over, and its hints."""

import ast
import pathlib
import re
import time

import numpy as np
import pytest
from exercises import (
    IDS,
    TASKS,
    cases_of,
    exercise_cells,
    lesson_of,
    namespace,
    rough,
    rows,
    slips,
    solution,
    stub,
)
from lessons import NAMES, PATHS, cells, code_cells, streams, tags

from nnlib.checks import check, hint, registry, verdict
from nnlib.checks.engine import outcome_of
from nnlib.checks.values import leaves

RECORD = pathlib.Path(__file__).with_name("slips.txt")
every_exercise = pytest.mark.parametrize("id", IDS)
every_task = pytest.mark.parametrize("id", TASKS)
every_function = pytest.mark.parametrize(
    "id", [id for id, e in sorted(registry.EXERCISES.items()) if "(" in e.form]
)


def test_each_exercise_of_a_lesson_has_a_check_and_each_check_an_exercise():
    asked = [
        id
        for path in PATHS
        for cell in cells(path)
        if "exercise" in tags(cell)
        for id in re.findall(r'check\("([\d-]+)"', cell.source)
    ]
    assert sorted(asked) == IDS


@pytest.mark.parametrize("name", NAMES)
def test_each_lesson_has_one_to_three(name):
    most = 6 if name.startswith("14") else 3  # the clinic has six to mend
    assert 1 <= sum(id.startswith(name[:2]) for id in IDS) <= most


@every_exercise
def test_the_form_is_the_first_line_that_the_lesson_gives(id):
    form = registry.EXERCISES[id].form
    name = re.search(rf'check\("{id}", (\w+)\)', exercise_cells(id)[0])[1]
    line = rf"^(?:def ({name}\(.*\)):|class ({name}):|({name}) = )"
    first = re.search(line, exercise_cells(id)[0], flags=re.M)
    assert form == next(filter(None, first.groups())) + ("()" if first[2] else "")


@every_exercise
def test_the_solution_is_right_and_the_stub_not_written(id):
    assert verdict(id, solution(id)).startswith(f"✓ {id} is right.")
    not_yet = f'○ {id} is not written yet. A first hint: hint("{id}")'
    assert verdict(id, stub(id)) == verdict(id, None) == not_yet


@every_exercise
def test_a_slip_is_told_its_own_sentence(id):
    for sentence, answer in slips(id):
        said = verdict(id, answer)
        assert said.startswith(f"✗ {id}: {sentence}"), (sentence, said)


def fingerprint(id, answer):
    """What an answer gives in all cases: a number for each part, in which each place counts."""
    task, found = TASKS[id], []
    for case in cases_of(task):
        outcome = outcome_of(task, answer, case)
        for part in [] if outcome.error else leaves(outcome.value):
            values = np.nan_to_num(np.ravel(part).astype(float), posinf=7, neginf=8, nan=9)
            total = values @ np.cos(np.arange(values.size))
            found.append(f"{values.size}:{total if abs(total) > 1e-12 else 0:.3g}")
    return " ".join(found)


def record():
    """Each slip, the numbers that it gives, and its sentence, line by line."""
    lines = (f"{id} | {fingerprint(id, a)} | {s}" for id in sorted(TASKS) for s, a in slips(id))
    return "".join(f"{line}\n" for line in lines)


def test_sentences_and_slips_are_the_recorded_pairs():
    """Read what changed, then write the record anew: python tests/test_exercises.py."""
    assert record().splitlines() == RECORD.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row[0]} {row[2][:50]}")
def test_what_learners_hand_over_is_told_what_it_deserves(row, capsys):
    id, answer, fragment = row
    said = verdict(id, answer)
    assert fragment in said
    assert len(said.splitlines()) == 1 and said.startswith(("✓", "✗"))


@every_exercise
def test_a_rough_answer_ends_in_a_sentence_about_it(id):
    said = {kind: verdict(id, answer) for kind, answer in rough(id).items()}
    assert said.pop("None").startswith(f"○ {id} is not written yet")
    assert re.match(rf"✗ {id}: your code stopped in line \d+, “raise Run", said.pop("raises"))
    for line in said.values():
        assert line.startswith(f"✗ {id}: ") and "your code stopped" not in line, line


@every_task
def test_two_cases_at_least_unless_nothing_is_given(id):
    assert len(cases_of(TASKS[id])) > 1 or registry.EXERCISES[id].form.endswith("()")


@every_task
def test_every_case_and_every_slip_leaves_the_argument_of_a_right_answer_alone(id):
    assert not any("your code changes" in verdict(id, answer) for _, answer in slips(id))


def statements(source):
    """The lines of a function's code that do something, without spaces and brackets."""
    (function,) = (n for n in ast.parse(source).body if isinstance(n, ast.FunctionDef))
    return [re.sub(r"[\s()]", "", ast.unparse(node)) for node in function.body]


@every_function
def test_the_third_hint_leaves_something_to_write(id):
    if "class " in exercise_cells(id)[1]:
        return
    lines = [re.sub("^return", "", line) for line in statements(exercise_cells(id)[1])]
    hints = re.sub(r"[\s()]", "", registry.EXERCISES[id].hints[2])
    assert any(line not in hints for line in lines)


SAME = [("01-1", "14-3"), ("01-2", "14-5")]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_same_answer_has_the_same_verdict_in_every_lesson(one, other):
    assert TASKS[one] is TASKS[other]
    answers = [answer for id, answer, _ in rows() if id == one] + list(rough(one).values())
    for answer in answers:
        first, second = (verdict(id, answer).replace(id, "…") for id in (one, other))
        assert first == second or first[0] == second[0] == "✓"


@every_exercise
def test_the_check_answers_while_one_waits(id):
    answer = solution(id)
    begun = time.perf_counter()
    verdict(id, answer)
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
    page, names = cells(lesson_of(id)), dict(namespace(lesson_of(id)))
    place = next(i for i, cell in enumerate(page) if cell.source == exercise_cells(id)[0])
    waiting = page[place + 1]
    assert waiting.source == f'# hint("{id}")   # take away the first # when you are stuck'
    assert waiting.outputs == []
    exec(waiting.source, names)
    assert capsys.readouterr().out == ""
    exec(waiting.source.removeprefix("# "), names)
    assert capsys.readouterr().out.startswith("Hint 1 of 3: ")


@pytest.mark.parametrize("path", PATHS, ids=NAMES)
def test_no_hint_runs_by_itself(path):
    trees = [ast.parse(cell.source) for cell in code_cells(path)]
    calls = [node.func for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)]
    assert "hint" not in {getattr(name, "id", None) for name in calls}
    assert not any(streams(cell, "stdout").startswith("Hint") for cell in code_cells(path))


@every_exercise
def test_nothing_written_and_broken_code_end_in_one_line(id, capsys):
    check(id, None)
    check(id, rough(id)["raises"])
    first, *others = capsys.readouterr().out.splitlines()
    assert first.startswith(f"○ {id} is not written yet.")
    assert "RuntimeError: oops, two lines" in " ".join(line.strip() for line in others)


if __name__ == "__main__":
    RECORD.write_text(record(), encoding="utf-8")
