"""What judges an answer must be what is installed: a picture of it before, compared after.

>>> before = picture_of_judges()
>>> changed_since(before)
''
"""

import sys
import types

from nnlib.checks.registry import EXERCISES

WATCHED = set("numpy numpy.linalg numpy.random builtins copy inspect math".split())  # and nnlib
LEFT_ALONE = {"print", "input", "open", "help", "display", "exit", "quit"}  # harmless if replaced


def picture_of_judges():
    """Remember what every function and class is that a judge may call, and every exercise.

    Returns
    -------
    dict
        {name in words: its parts}.
    """
    picture = {f"the exercise {id}": parts_of(entry) for id, entry in EXERCISES.items()}
    for module in [*sys.modules.values()]:
        name = getattr(module, "__name__", "")
        if isinstance(module, types.ModuleType) and (name in WATCHED or name[:6] == "nnlib."):
            picture |= {f"{name}.{key}": made_of(it) for key, it in watched_in(module, name)}
    return picture


def parts_of(entry):
    """Take apart an exercise: itself, and the code of the functions that judge it."""
    task = entry.task._asdict() if isinstance(entry.task, tuple) else {"judge": entry.task}
    code = {key: getattr(part, "__code__", None) for key, part in task.items()}
    return {"": entry, **code}


def watched_in(module, name):
    """Iterate over what judging calls in a module; what it reads, too, in those that judge."""
    judges = name.startswith("nnlib.checks.")
    for key, value in [*vars(module).items()]:
        if (callable(value) or judges) and key not in LEFT_ALONE:
            yield key, value


def made_of(value):
    """Take apart what may not be other parts later: {name: part}."""
    if isinstance(value, types.FunctionType):
        return {"": value, "code": value.__code__, "defaults": value.__defaults__}
    if isinstance(value, type) and value.__module__.startswith("nnlib"):
        return {"": value, **vars(value)}
    return {"": value}


def changed_since(picture):
    """Name the first thing that is no longer what it was in a picture; "" if all are.

    Parts that are new do not count: Python itself adds some to a class that is copied.
    """
    now = picture_of_judges()
    for name, parts in picture.items():
        found = now.get(name, {})
        if any(found.get(key) is not part for key, part in parts.items()):
            return name
    return ""
