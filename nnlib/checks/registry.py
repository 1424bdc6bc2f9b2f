"""Where equations and exercises are entered under their ids, looked up, and judged."""

import importlib
import pkgutil
import textwrap
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

import nnlib.checks
from nnlib.checks.answers import Answer, NotWritten, Told
from nnlib.checks.engine import Task, judge_answer
from nnlib.checks.words import say
from nnlib.gradient_check import relative_error

BAR = 1e-7  # of the relative error ‖a - b‖ / (‖a‖ + ‖b‖), in float64

EQUATIONS = {}
EXERCISES = {}


class Equation(NamedTuple):
    """A displayed equation; `sides(rng)` computes its left and its right side, independently."""

    kind: str  # "result": two independent sides; "definition": an example worked by hand
    says: str
    sides: Callable


class Exercise(NamedTuple):
    """An exercise: what is handed over, what it must do, what is said of it."""

    form: str  # the first line of what is asked for, "my_train(params, X, y, lr, steps)"
    task: Task | Callable  # data for the engine; or judge(answer) -> a sentence, None if right
    praise: str
    hints: tuple[str, str, str]
    stub: str  # the code that the lesson gives to start from, if it does anything
    says: dict  # the sentences of a judge, as templates under any keys


def equation(id, kind, says):
    """Enter the decorated function `sides(rng) -> (left, right)` as the check of an equation."""

    def enter(sides):
        EQUATIONS[id] = Equation(kind, says, sides)
        return sides

    return enter


def exercise(id, form, task, praise, hints, stub="", says=None):
    """Enter an exercise under its id.

    Parameters
    ----------
    id : str
        As printed in the lesson, "07-1".
    form : str
        The first line of the function as the lesson gives it, "my_train(params, X, y, lr, steps)";
        of a class its name and "()"; without brackets for what is no function.
    task : Task or function
        What the engine needs; or a `judge(answer)` of its own, which calls `answer` (an `Answer`)
        and returns a sentence of `says`, or None if all is right.
    praise : str
        What is said of a right answer.
    hints : three str
        Each says more than the one before; the last leaves something to write.
    stub : str, default ""
        The code that the lesson gives to start from, if it does more than return None.
    says : dict, default None
        The sentences of a judge.

    Raises
    ------
    ValueError
        If there is an exercise under this id.
    """
    if id in EXERCISES:
        raise ValueError(f"{id} is entered twice: as {EXERCISES[id].form} and as {form}")
    EXERCISES[id] = Exercise(form, task, praise, tuple(hints), stub, says or {})


def load_all():
    """Import every lesson's checks, so that the two tables are complete."""
    for module in pkgutil.iter_modules(nnlib.checks.__path__):
        if module.name.startswith("lesson_"):
            importlib.import_module(f"nnlib.checks.{module.name}")


def find(table, id):
    """The entry under an id; ValueError with the ids there are."""
    load_all()
    if id not in table:
        raise ValueError(f"there is no {id!r}; there are {', '.join(sorted(table))}")
    return table[id]


def equation_error(left, right):
    """The relative error between two sides, which must have one shape and be finite."""
    left, right = np.asarray(left, dtype=np.float64), np.asarray(right, dtype=np.float64)
    if left.shape != right.shape:
        raise AssertionError(f"the two sides have shapes {left.shape} and {right.shape}")
    if not (np.isfinite(left).all() and np.isfinite(right).all()):
        raise AssertionError("a side is not finite")
    return relative_error(left, right)


def tell(line):
    """Print a line, broken between words: JupyterLab would break it in the middle of one."""
    whole = {"break_long_words": False, "break_on_hyphens": False}
    print(textwrap.fill(line, 96, subsequent_indent="  ", **whole))


def one_line(text):
    """A text without its line breaks; an answer shown in it may have some."""
    return " ".join(str(text).split())


def verdict(id, answer):
    """The line that `check` prints for an answer.

    Parameters
    ----------
    id : str
        The number of the exercise, "01-1".
    answer : function, class or value
        What was handed over.

    Returns
    -------
    str
        One line: "✓ 01-1 is right. …", "✗ 01-1: …", "○ 01-1 is not written yet. …", or, if the
        check itself stopped, "? 01-1: …".
    """
    entry = find(EXERCISES, id)
    try:
        note = judgment(entry, answer)
    except NotWritten:
        return f'○ {id} is not written yet. A first hint: hint("{id}")'
    except Told as told:
        return f"✗ {id}: {one_line(told)}"
    except Exception as error:  # not the learner's: their code runs inside Answer.run
        return f"? {id}: {say('check stopped', fault=one_line(f'{type(error).__name__}: {error}'))}"
    return f"✓ {id} is right. {entry.praise} {note}".rstrip()


def judgment(entry, handed):
    """A note on an answer that is right; Told if it is not."""
    if "(" not in entry.form:
        return raise_if_wrong(entry.task(handed))
    answer = Answer(handed, entry.form, entry.stub, getattr(entry.task, "sizes", ""))
    try:
        if isinstance(entry.task, Task):
            return judge_answer(entry.task, answer)
        return raise_if_wrong(entry.task(answer))
    finally:
        if changed := answer.changed_global():
            raise Told(say("changed global", what=changed))


def raise_if_wrong(mistake):
    """Raise Told with a judge's sentence, if there is one."""
    if mistake:
        raise Told(mistake)
    return ""
