"""Bridges and stretches of docs/course.md: numbers are computed."""

import re

import pytest
from course import COURSE, LESSONS, after
from stretches import SLOW, STRETCHES

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
