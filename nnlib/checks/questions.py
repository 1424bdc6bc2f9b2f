"""Exercises that a letter or a number answers: what is right, and what a wrong answer reveals."""

import math

from nnlib.checks.answers import NotWritten
from nnlib.checks.registry import exercise

SLIPS = {}  # by exercise: each known wrong answer, and what is said of it


def question(id, right, slips, praise, hints, within=0):
    """Enter an exercise that a letter or a number answers; the reasoning is folded on the page.

    Parameters
    ----------
    id : str
        The number of the exercise, "06-3".
    right : str or float
        The right letter, or the right number.
    slips : dict
        What is said of each wrong letter, or of each number that a known mistake gives.
    praise : str
        Said of the right answer: the reason in one sentence.
    hints : sequence of str
        Three; the third leaves the last step to the reader.
    within : float, default 0
        How far a number may lie from `right`, and from a slip.
    """
    SLIPS[id] = slips

    def judge(answer):
        answer = answer() if callable(answer) else answer
        if answer is None:
            raise NotWritten
        if isinstance(right, str):
            return judge_letter(answer, right, slips)
        return judge_number(answer, right, slips, within)

    exercise(id, "my_reason", judge, praise, hints)


def judge_letter(answer, right, slips):
    """Return None for the right letter, else what that choice reveals."""
    said = answer.strip().strip("()").lower() if isinstance(answer, str) else answer
    if said == right:
        return None
    known = ", ".join(repr(letter) for letter in sorted([right, *slips]))
    return slips.get(said) if isinstance(said, str) and said in slips else f"answer with {known}"


def judge_number(answer, right, slips, within):
    """Return None for the right number, else the mistake that gives this one."""
    try:
        said = float(answer)
    except (TypeError, ValueError):
        return f"answer with a number; got {type(answer).__name__}"
    for value, says in {right: None, **slips}.items():
        if math.isclose(said, value, rel_tol=1e-6, abs_tol=within):
            return says
    return f"{said:g} is not it; go through it once more, or ask for a hint"
