"""A learner's answer: it runs on copies, and what happens is told in its own lines."""

import contextlib
import copy
import dis
import functools
import inspect
import linecache
import re
import sys
import traceback
import types
from typing import NamedTuple

import numpy as np

from nnlib.checks.values import frozen, is_sequence, untouched
from nnlib.checks.words import FAULTS, say

MUTABLE = list | dict | np.ndarray
LARGEST = 1e8  # bytes of an array of the lesson that is compared with what it was
LONGEST = 60  # characters of a learner's line that are shown


class Told(Exception):
    """A sentence about the answer, and the end of its judgment."""


class NotWritten(Exception):
    """The answer is the stub."""


class Outcome(NamedTuple):
    """What happened in one call."""

    value: object = None
    error: BaseException | None = None
    given: tuple = ()  # the arguments, as they were left
    printed: bool = False
    handed_back: int | None = None  # which argument came back itself


class Ear:
    """Standard output, which remembers whether anything was said."""

    def __init__(self, stream):
        self.stream, self.heard = stream, False

    def write(self, text):
        """Pass a text on."""
        self.heard = True
        return self.stream.write(text)

    def __getattr__(self, name):
        return getattr(self.stream, name)


def run(function, case):
    """Call a function on copies of the arguments; nothing that it raises gets out."""
    given, ear = copy.deepcopy(tuple(case)), Ear(sys.stdout)
    try:
        with np.errstate(all="ignore"), contextlib.redirect_stdout(ear):
            value = function(*given)
    except (Exception, SystemExit) as error:
        return Outcome(error=error, given=given, printed=ear.heard)
    back = [p for p, part in enumerate(given) if part is value and isinstance(part, MUTABLE)]
    return Outcome(frozen(value), None, given, ear.heard, back[0] if back else None)


class Answer:
    """A function or class that was handed over; `form` is its first line: "my_train(params, X)"."""

    def __init__(self, handed, form, stub="", sizes=""):
        self.handed, self.form, self.sizes = handed, form, sizes
        self.name, _, inside = form.rstrip(")").partition("(")
        self.letters = [part.split("=")[0] for part in inside.split(", ") if part]
        if handed is None or is_stub(handed, stub):
            raise NotWritten
        if not callable(handed):
            raise Told(say("no function", name=self.name))
        self.before = copy.deepcopy(globals_of(handed))

    def __call__(self, *case, when=""):
        """The value for one case; Told if there is none, or if the arguments were changed."""
        outcome = self.run(case)
        if outcome.error:
            raise Told(self.fault(outcome.error))
        if changed := self.changed(outcome, case):
            raise Told(say("changed", what=changed))
        if outcome.value is None:
            raise Told(say("printed" if outcome.printed else "None", when=when))
        return outcome.value

    def run(self, case, use=None):
        """What happens in one case; Told if the answer cannot be called so."""
        if use:
            return run(functools.partial(use, self.handed), case)
        with contextlib.suppress(ValueError):  # a few of NumPy's own functions cannot say
            try:
                inspect.signature(self.handed).bind(*case)
            except TypeError:
                raise Told(say("arguments", name=self.name, form=self.form)) from None
        return run(self.handed, case)

    def changed(self, outcome, case, letters=()):
        """The letter of the first argument that is not what it was; "" if all are."""
        pairs = zip(letters or self.letters, outcome.given, case)
        return next((letter for letter, left, was in pairs if not untouched(left, was)), "")

    def changed_global(self):
        """The first name of the lesson that the answer uses and has changed; "" if none."""
        now = globals_of(self.handed)
        return next((n for n, was in self.before.items() if not untouched(now.get(n), was)), "")

    def fault(self, error):
        """An error in words: the learner's own line, and what it means."""
        kind, message = type(error).__name__, " ".join(str(error).split()).rstrip(".")
        found, words = next(
            (found, words)
            for of, pattern, words in FAULTS
            if isinstance(error, of) and (found := re.search(pattern, message))
        )
        fields = {"kind": kind, "message": message, "sizes": self.sizes}
        fault, line = words.format(*found.groups(), **fields).rstrip(": "), self.line_of(error)
        return (
            say("stopped", line=line, fault=fault) if line else say("stopped nowhere", fault=fault)
        )

    def line_of(self, error):
        """The innermost line of the learner's that an error went through; "" if there is none."""
        found, space = "", namespace(self.handed)
        for frame, number in traceback.walk_tb(error.__traceback__):
            if frame.f_globals is space:
                text = linecache.getline(frame.f_code.co_filename, number).strip()
                text = text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
                found = f"line {number}" + (f", “{text}”" if text else "")
        return found


def namespace(handed):
    """The globals of the code that was handed over; None if it is none of Python's."""
    for function in functions_in(handed):
        return function.__globals__
    return None


def functions_in(handed):
    """The functions that a function, a class or an object that can be called is made of."""
    handed = inspect.unwrap(handed)
    if isinstance(handed, types.MethodType):
        handed = handed.__func__
    if isinstance(handed, types.FunctionType):
        return [handed]
    made_of = vars(handed if isinstance(handed, type) else type(handed)).values()
    return [part for part in made_of if isinstance(part, types.FunctionType)]


def is_stub(handed, stub=""):
    """Whether it is still what the lesson gives: it does nothing, or just what `stub` says."""
    functions = functions_in(handed) if callable(handed) else []
    texts = [compile(text, "", "exec") for text in ("def nothing(): return None", stub)]
    given = [steps(code) for text in texts for code in text.co_consts if hasattr(code, "co_code")]
    return bool(functions) and all(steps(function) in given for function in functions)


def steps(function):
    """What a function's code does, step by step; its docstring and its lines play no part."""
    return [(step.opname, step.argval) for step in dis.get_instructions(function)]


def globals_of(handed):
    """The lesson's data that the answer names, itself or in the functions that it calls."""
    waiting, seen, data = [f.__code__ for f in functions_in(handed)], set(), {}
    space = namespace(handed) or {}
    while waiting:
        code = waiting.pop()
        waiting += [part for part in code.co_consts if isinstance(part, types.CodeType)]
        for name in set(code.co_names) - seen:
            seen.add(name)
            value = space.get(name)
            if isinstance(value, types.FunctionType) and value.__globals__ is space:
                waiting.append(value.__code__)
            elif name in space and is_data(value):
                data[name] = value
    return data


def is_data(value):
    """Whether it is an array, a number, a text, or lists and dicts of these; none too large."""
    if isinstance(value, dict | set) or is_sequence(value):
        return all(map(is_data, value.values() if isinstance(value, dict) else value))
    if isinstance(value, np.ndarray):
        return value.nbytes <= LARGEST
    return isinstance(value, int | float | str)
