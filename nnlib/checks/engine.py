"""One engine for every exercise: an answer beside the right function, then beside known slips.

A `Task` is data. Its right function and each answer run on equal copies of the same cases. Where
they differ, the first slip that does in every case what the answer does says what is wrong; if
none does, the form and the numbers of what came back do.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from nnlib.checks.answers import Told, run
from nnlib.checks.diagnosis import multiple, of_form, of_numbers, symptom, tail
from nnlib.checks.values import (
    alike,
    in_places_of,
    is_part_right,
    leaves,
    shape_of,
    untouched,
)
from nnlib.checks.words import kind_of, plain, say


class Task(NamedTuple):
    """What an exercise asks for, on what it is tried, and the mistakes that have a name."""

    right: Callable
    cases: Callable  # () -> [(arguments), …] or {"in words": (arguments), …}, two unlike at least
    names: tuple = ()  # of what comes back, in the letters of the lesson; layers name themselves;
    # or a function, (what is right) -> names, if there is more in one case than in another
    slips: dict = {}  # noqa: RUF012 - {sentence: wrong answer, or a tuple of several}
    symptoms: dict = {}  # noqa: RUF012 - {sentence: (f(got, want) -> bool or words, wrong answer)}
    gives: str = ""  # "two arrays, X and y", where the names do not say it
    samples: Callable | None = None  # (*arguments) -> m, if the answer divides by it
    letter: str = "m"
    sizes: str = ""  # of the cases, in words, for a learner whose shapes do not fit
    rounding: float = 0  # how far off a number may be, if learners round
    is_secret: bool = False  # the right numbers are not told: they are all that is asked for
    backwards: bool = False  # look at the last of several arrays first, as a backward pass does
    with_error: bool = False  # say the relative error, which the lesson teaches to read
    accepts: Callable | None = None  # (got, *arguments) -> bool: another answer that is right, too
    use: Callable | None = None  # (answer, *arguments) -> value, if it is more than one call
    letters: tuple = ()  # of the arguments of `use`


class Tried(NamedTuple):
    """An answer in every case: what is right, and what happened."""

    task: Task
    names: list  # of the parts in each case
    letters: tuple  # of the arguments
    labels: list  # of the cases, in words
    cases: list
    truths: list  # what is right in each case
    wants: list  # the same as lists of arrays, the parts
    outcomes: list
    gots: list  # the parts that came back in each case; None where the form is another

    def order(self, i):
        """The places of the parts of a case, in the order in which to look at them."""
        places = range(len(self.wants[i]))
        return places[::-1] if self.task.backwards else places

    def first_wrong(self, i):
        """The place of the first part that is not right in a case."""
        got, want, rounding = self.gots[i], self.wants[i], self.task.rounding
        return next(p for p in self.order(i) if not is_part_right(got[p], want[p], rounding))


def judge_answer(task, answer):
    """Raise Told with what is wrong with an answer; return a note, "" mostly, if nothing is."""
    tried = try_out(task, answer)
    wrong = next((i for i in range(len(tried.cases)) if not is_right(tried, i)), None)
    if wrong is None:
        return note(tried)
    raise Told(
        slip(tried, wrong)
        or change(tried, answer)
        or nothing(tried)
        or before(tried, wrong, stop(tried, wrong, answer))
        or before(tried, wrong, of_form(tried, wrong))
        or before(tried, wrong, symptom(tried, wrong))
        or multiple(tried, wrong)
        or before(tried, wrong, of_numbers(tried, wrong))
    )


def try_out(task, answer):
    """Compute what is right in every case, then run the answer in every case."""
    cases, letters = task.cases(), task.letters or answer.letters
    labels = list(cases) if isinstance(cases, dict) else [label(task, letters, c) for c in cases]
    cases = list(cases.values()) if isinstance(cases, dict) else cases
    truths = [right_of(task, case) for case in cases]
    wants = [[np.asarray(leaf) for leaf in leaves(truth)] for truth in truths]
    outcomes = [answer.run(case, task.use) for case in cases]
    gots = [parts(truth, outcome) for truth, outcome in zip(truths, outcomes)]
    names = [names_of(task, truth) for truth in truths]
    return Tried(task, names, letters, labels, cases, truths, wants, outcomes, gots)


def names_of(task, truth):
    """The names of the parts of what is right in a case."""
    if callable(task.names):
        return task.names(truth)
    return task.names or [f"{n}{l}" for l in range(1, len(truth) + 1) for n in "Wb"]


def right_of(task, case):
    """What the right answer gives in a case; a fault in it is a fault of the check."""
    outcome = outcome_of(task, task.right, case)
    if outcome.error:
        raise outcome.error
    return outcome.value


def outcome_of(task, function, case):
    """What happens when a function of ours is used as the answer is."""
    return run(lambda *given: task.use(function, *given) if task.use else function(*given), case)


def parts(truth, outcome):
    """The parts that came back, in the places of the right ones; None if the form is another."""
    return None if outcome.error else in_places_of(truth, outcome.value)


def label(task, letters, case):
    """A case in words: its numbers, else the number of its samples, else its first shape."""
    is_few = [shape_of(value) in ((), (2,), (3,), (4,), (5,)) for value in case]
    few = [(letter, value) for letter, value, show in zip(letters, case, is_few) if show]
    if few:
        return ", ".join(f"{letter} = {words_of(value)}" for letter, value in few)
    if task.samples:
        return f"{task.letter} = {task.samples(*case)}"
    shaped = ((letter, shape_of(value)) for letter, value in zip(letters, case))
    return next((f"{letter} of shape {shape}" for letter, shape in shaped if shape), "")


def words_of(value):
    """A number, or a few of them in brackets."""
    return f"({', '.join(map(plain, value))})" if np.ndim(value) else plain(value)


def is_right(tried, i):
    """Whether the answer is right in one case, and has left its arguments alone."""
    task, outcome, got, want = tried.task, tried.outcomes[i], tried.gots[i], tried.wants[i]
    if got is None or not untouched(outcome.given, tried.cases[i]):
        return False
    if all(is_part_right(g, w, task.rounding) for g, w in zip(got, want)):
        return True
    fits = all(shape_of(g) == w.shape for g, w in zip(got, want))
    return bool(task.accepts and fits and task.accepts(outcome.value, *tried.cases[i]))


def note(tried):
    """What to hand back otherwise next time, though the numbers are right; "" if nothing."""
    for got, want in zip(tried.gots[0], tried.wants[0]):
        if want.ndim and type(got) is not np.ndarray:
            return say("an array", kind=kind_of(got))
        if not want.ndim and np.ndim(got):
            return say("a number", kind=kind_of(got))
    return ""


def slip(tried, i):
    """The sentence of the slip that does what the answer does, in every case; None if none does."""
    for agrees in (agrees_wholly, agrees_where_wrong):
        for sentence, functions in tried.task.slips.items():
            for function in functions if isinstance(functions, tuple) else (functions,):
                slips = [outcome_of(tried.task, function, case) for case in tried.cases]
                if agrees(tried, slips):
                    return sentence + tail(tried, i, parts(tried.truths[i], slips[i]))
    return None


def agrees_wholly(tried, slips):
    """Whether the answer does in every case what a slip does, to its arguments, too."""
    if all(outcome.error for outcome in slips):
        return False
    return all(does_the_same(tried.task, *pair) for pair in zip(tried.outcomes, slips))


def does_the_same(task, a, b):
    """Whether two outcomes are the same."""
    if a.error or b.error:
        return type(a.error) is type(b.error)
    is_same_list = a.handed_back == b.handed_back
    return is_same_list and alike(a.value, b.value, task.rounding) and alike(a.given, b.given)


def agrees_where_wrong(tried, slips):
    """Whether every part that a slip gets wrong is wrong in the same way in the answer.

    Where the slip gets nothing wrong, the answer may not either.
    """
    found, rounding = False, tried.task.rounding
    for i, other in enumerate(slips):
        got, wrong = tried.gots[i], parts(tried.truths[i], other)
        given, case = (*tried.outcomes[i].given, *other.given), tried.cases[i]
        if None in (got, wrong) or not untouched(given, (*case, *case)):
            return False
        pairs = [(g, w) for g, w, t in zip(got, wrong, tried.wants[i]) if not alike(w, t, rounding)]
        is_wrong_alike = all(alike(g, w, rounding) for g, w in pairs)
        if not (is_wrong_alike and (pairs or is_right(tried, i))):
            return False
        found = found or bool(pairs)
    return found


def change(tried, answer):
    """Which argument the answer changes."""
    for outcome, case in zip(tried.outcomes, tried.cases):
        if what := answer.changed(outcome, case, tried.letters):
            return say("changed", what=what)
    return None


def nothing(tried):
    """In which case nothing came back, and in which something did."""
    empty = [not outcome.error and outcome.value is None for outcome in tried.outcomes]
    if not any(empty):
        return None
    i, full = empty.index(True), [label for label, e in zip(tried.labels, empty) if not e]
    when = f" for {tried.labels[i]}" if tried.labels[i] else ""
    if tried.outcomes[i].printed:
        return say("printed", when=when)
    return say("branch", when=when, other=full[0]) if full else say("None", when=when)


def stop(tried, i, answer):
    """Where the answer stopped in a case, and why."""
    error = tried.outcomes[i].error
    return answer.fault(error) if error else None


def before(tried, i, sentence):
    """A sentence about a later case, with the first one, which was right."""
    if not sentence or tried.labels[i] in ("", tried.labels[0]):
        return sentence
    return say("right before", before=tried.labels[0], case=tried.labels[i], rest=sentence)
