"""Bridges, stretches, rubrics of docs/course.md: numbers are computed, examples judged."""

import re

import pytest
from course import COURSE, LESSONS, after
from exercises import learner
from stretches import SLOW, STRETCHES, seventeenth

from nnlib.checks import registry

registry.load_all()
TASKS = {
    number: after(heading) for heading, number in re.findall(r"^(### (\d\d) .+)$", COURSE, re.M)
}


def test_every_lesson_has_a_bridge_and_a_stretch():
    assert sorted(TASKS) == LESSONS == sorted(STRETCHES)
    for text in TASKS.values():
        kinds = re.findall(r"^- \*\*(\w+)\.\*\* (.*?)(?=\n- |\n*\Z)", text, re.M | re.S)
        assert [kind for kind, _ in kinds] == ["Bridge", "Stretch"]
        assert all("Expect" in task for _, task in kinds)


@pytest.mark.parametrize(
    "number", [pytest.param(n, marks=[pytest.mark.slow] * (n in SLOW)) for n in LESSONS]
)
def test_a_stretch_task_ends_where_it_says(number):
    stretch = " ".join(TASKS[number].split("**Stretch.**")[1].split())
    assert [words for words in STRETCHES[number]() if words not in stretch] == []


def worked(id):
    """The worked examples of a rubric: [(level, code), …], in their order."""
    text = after(f"## Rubric for exercise {id}")
    return re.findall(r"level (\d)[^`]*?\n```python\n(.*?)```", text, re.S)


def test_worked_tests_earn_the_verdict_of_their_level():
    said = [
        (level, registry.verdict("14-6", learner(code, "14-6"))) for level, code in worked("14-6")
    ]
    assert [(level, line[0]) for level, line in said] == [*zip("01123", "✗✗✗✓✓")]
    assert "never calls" in said[0][1]
    assert "sends the patient “no 1/m” home" in said[1][1]
    assert "calls the right function ill" in said[2][1]


def test_only_the_highest_level_finds_a_patient_that_nobody_named():
    found = [(level, learner(code, "14-6")(seventeenth)) for level, code in worked("14-6")]
    assert [bool(ill) for _, ill in found[-2:]] == [False, True]


def test_worked_limits_earn_the_verdict_of_their_level():
    said = {}
    for level, code in worked("15-2"):
        card = (
            '{"intended use": "To show how a network reads digits.", "data": "MNIST, as it comes.",'
        )
        card += '"accuracy": right / m, "interval": wilson_interval(right, m), "limits": limits}'
        answer = learner(f"{code}\ndef model_card(right, m):\n    return {card}\n", "15-2")
        said[level] = registry.verdict("15-2", answer)[0]
    assert said == {"0": "✗", "1": "✓", "2": "✓", "3": "✓"}
