"""Where equations and exercises are entered under their ids, looked up, and judged."""

import importlib
import pkgutil
import textwrap
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

import nnlib.checks
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
    """An exercise; `judge(answer)` returns None if right, else a sentence naming the mistake."""

    praise: str
    hints: tuple[str, str, str]
    judge: Callable


class NotWritten(Exception):
    """The learner's function still returns None."""


def equation(id, kind, says):
    """Enter the decorated function `sides(rng) -> (left, right)` as the check of an equation."""

    def enter(sides):
        EQUATIONS[id] = Equation(kind, says, sides)
        return sides

    return enter


def exercise(id, praise, hints):
    """Enter the decorated `judge(answer) -> sentence or None` as the check of an exercise."""

    def enter(judge):
        EXERCISES[id] = Exercise(praise, tuple(hints), judge)
        return judge

    return enter


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


def check_equation(*ids):
    """Compute both sides of each equation on fresh numbers and print whether they agree.

    Parameters
    ----------
    *ids : str
        As printed beside the equations, "3.1".

    Raises
    ------
    AssertionError
        If the sides differ by more than 1e-7 (relative, float64).
    """
    for id in ids:
        entry = find(EQUATIONS, id)
        error = equation_error(*entry.sides(np.random.default_rng(0)))
        if not error <= BAR:
            raise AssertionError(f"({id}) does not hold: {entry.says}; error {error:.1e}")
        how = "two ways agree to\u00a0" if entry.kind == "result" else "as worked by hand, to\u00a0"
        tell(f"✓ ({id}) {entry.says}: {how}{BAR:.0e}")


def written(answer):
    """Wrap a learner's function, so that a returned None means "not written yet"."""

    def call(*args):
        result = answer(*args) if answer is not None else None
        if result is None:
            raise NotWritten
        return result

    return call


def tell(line):
    """Print a line, broken between words: JupyterLab would break it in the middle of one."""
    whole = {"break_long_words": False, "break_on_hyphens": False}
    print(textwrap.fill(line, 96, subsequent_indent="  ", **whole))


def one_line(text):
    """A text without its line breaks; an answer shown in it may have some."""
    return " ".join(str(text).split())


def verdict(id, answer):
    """The line that `check` prints for an answer."""
    entry = find(EXERCISES, id)
    try:
        is_code = answer is None or callable(answer)
        mistake = entry.judge(written(answer) if is_code else answer)
    except NotWritten:
        return f'○ {id} is not written yet. A first hint: hint("{id}")'
    except Exception as error:  # whatever the learner's code does, it ends in one line
        return f"✗ {id} stopped with {type(error).__name__}: {one_line(error)}"
    return f"✗ {id}: {one_line(mistake)}" if mistake else f"✓ {id} is right. {entry.praise}"


def check(id, answer):
    """Judge an answer to an exercise and print one line: right, not yet written, or the mistake.

    Parameters
    ----------
    id : str
        The number of the exercise, "01-1".
    answer : function or value
        What the exercise asks for; None, or a function that returns None, is not written yet.
    """
    tell(verdict(id, answer))


def hint(id, number=1):
    """Print hint 1, 2 or 3 for an exercise.

    Parameters
    ----------
    id : str
        The number of the exercise, "01-1".
    number : int, 1 to 3, default 1
        Which hint; each says more than the one before.
    """
    hints = find(EXERCISES, id).hints
    if number not in range(1, len(hints) + 1):
        raise ValueError(f"{id} has hints 1 to {len(hints)}; got {number}")
    tell(f"Hint {number} of {len(hints)}: {hints[number - 1]}")
    if number < len(hints):
        print(f'More: hint("{id}", {number + 1})')
