"""Answers to exercises: the lesson's stub and solution, and what learners hand over instead."""

import functools
import importlib
import linecache
import pathlib
import re

import numpy as np
from lessons import PATHS, cells, tags

from nnlib.checks import questions, registry
from nnlib.checks.engine import Task

registry.load_all()
IDS = sorted(registry.EXERCISES)
TASKS = {id: e.task for id, e in registry.EXERCISES.items() if isinstance(e.task, Task)}


@functools.cache
def namespace(path):
    """What the set-up cell of a lesson gives its exercises; copy it before you add to it."""
    set_up = next(cell.source for cell in cells(path) if "setup" in tags(cell))
    names = {}
    exec(set_up, names)
    names.setdefault("np", np)
    return names


def lesson_of(id):
    """The path of the lesson that holds an exercise."""
    return next(path for path in PATHS if path.stem.startswith(id[:2]))


@functools.cache
def exercise_cells(id):
    """The stub and the solution of an exercise, as texts."""
    page = cells(lesson_of(id))
    place = next(
        i
        for i, cell in enumerate(page)
        if "exercise" in tags(cell) and f'check("{id}"' in cell.source
    )
    folded = next(cell for cell in page[place:] if "solution" in tags(cell)).source
    (solution,) = re.findall(r"```python\n(.*?)```", folded, flags=re.S)
    return page[place].source, solution


def learner(source, id, handed=None):
    """Run the code of an answer, as a cell of a notebook, and return what is handed to `check`."""
    handed = handed or re.search(rf'check\("{id}", (\w+)\)', exercise_cells(id)[0])[1]
    names = dict(namespace(lesson_of(id)))
    source = re.sub(r"^(check|compare)\(.*$", "", source, flags=re.M)
    cell = f"<cell {hash(source):x}>"
    linecache.cache[cell] = len(source), None, source.splitlines(keepends=True), cell
    exec(compile(source, cell, "exec"), names)
    return names[handed]


def body(id, text):
    """An answer from the lines of its body, under the first line that the lesson gives."""
    lines = "\n    ".join(text.strip().split("\n"))
    return learner(f"def {registry.EXERCISES[id].form}:\n    {lines}\n", id)


def stub(id):
    """The answer that the lesson gives to start from."""
    return learner(exercise_cells(id)[0], id)


def solution(id):
    """The answer that the lesson folds away."""
    return learner(exercise_cells(id)[1], id)


def raises(*given):
    """An answer that stops."""
    raise RuntimeError("oops,\ntwo lines")


FAR_OFF = 12345.678  # right in no exercise, and no known mistake
KINDS = {
    "None": lambda *given: None,
    "NaN": lambda *given: np.full((3, 3), np.nan),
    "text": lambda *given: "some text",
    "dict": lambda *given: {},
    "seven": lambda *given: (1, 2, 3, 4, 5, 6, 7),
    "raises": raises,
}


def rough(id):
    """What might be handed over by somebody who does not know what is asked for: {kind: answer}."""
    is_pair = registry.EXERCISES[id].form == "there_and_back"
    return {kind: (answer, answer) if is_pair else answer for kind, answer in KINDS.items()}


@functools.cache
def rows():
    """What learners hand over, and a part of what they are told: (id, answer, fragment)."""
    files = sorted(pathlib.Path(__file__).parent.glob("rows/lesson_*.py"))
    found = [importlib.import_module(f"rows.{path.stem}").ROWS for path in files]
    return [
        (id, body(id, answer) if isinstance(answer, str) else answer, fragment)
        for table in found
        for id, answer, fragment in table
    ]


def cases_of(task):
    """The arguments of every case."""
    cases = task.cases()
    return list(cases.values()) if isinstance(cases, dict) else cases


def slips(id):
    """The wrong answers of an exercise that have a sentence of their own: (sentence, answer)."""
    for answer, sentence in questions.SLIPS.get(id, {}).items():
        yield sentence, answer
    task = TASKS.get(id, Task(None, None))
    for sentence, functions in task.slips.items():
        for function in functions if isinstance(functions, tuple) else (functions,):
            yield sentence, function
    for sentence, (_, function) in task.symptoms.items():
        yield sentence, function


def answers(id):
    """Every answer to an exercise that the tests hold."""
    own = [answer for of, answer, _ in rows() if of == id]
    wrong = [answer for _, answer in slips(id)]
    return [solution(id), stub(id), *own, *wrong, *rough(id).values(), FAR_OFF]
