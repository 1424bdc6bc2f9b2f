"""Exercises that a letter or a number answers: what is right, and what a wrong answer reveals."""

import math

from nnlib.checks.answers import Answer, NotWritten
from nnlib.checks.registry import exercise
from nnlib.checks.words import kind_of

SLIPS = {}  # by exercise: each known wrong answer, and what is said of it
LETTER_SAYS = {"letter": "answer with one of {letters}; yours is {kind}"}
NUMBER_SAYS = {
    "number": "answer with a number; yours is {kind}",
    "another": "{said:g} is not it; go through it once more, or ask for a hint",
}


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
    is_choice = isinstance(right, str)

    def judge(handed):
        said = Answer(handed, "my_reason()")() if callable(handed) else handed
        if said is None:
            raise NotWritten
        if is_choice:
            return judge_letter(said, right, slips)
        return judge_number(said, right, slips, within)

    says = LETTER_SAYS if is_choice else NUMBER_SAYS
    exercise(id, "my_reason", judge, praise, hints, says=says)


def judge_letter(answer, right, slips):
    """Return None for the right letter, else what that choice reveals."""
    said = answer.strip().strip("()").lower() if isinstance(answer, str) else None
    if said == right:
        return None
    letters = ", ".join(repr(letter) for letter in sorted([right, *slips]))
    known = LETTER_SAYS["letter"].format(letters=letters, kind=kind_of(answer))
    return slips.get(said, known)


def judge_number(answer, right, slips, within):
    """Return None for the right number, else the mistake that gives this one."""
    try:
        said = float(answer)
    except (TypeError, ValueError, OverflowError):
        return NUMBER_SAYS["number"].format(kind=kind_of(answer))
    for value, says in {right: None, **slips}.items():
        if math.isclose(said, value, rel_tol=1e-6, abs_tol=within):
            return says
    return NUMBER_SAYS["another"].format(said=said)
