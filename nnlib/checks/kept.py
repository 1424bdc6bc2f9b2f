"""What the learner wrote, kept once a check has praised it, and used by later lessons.

The source of a right answer is written beside the pages, mine/06_1.py, in a folder that `run.py`
made for a learner (it holds .origin.json); nowhere else, so not in the project's own notebooks.
"""

import ast
import importlib
import inspect
import pathlib
import types

import numpy as np

from nnlib.checks.registry import tell, verdict
from nnlib.system.files import write_whole

MATHEMATICS = (
    "activations losses network backprop gradient_check optimizers convolution training metrics "
    "calibration"
)
MARK = ".origin.json"  # lies in a learner's folder


def place(id):
    """Return where the answer to an exercise is kept, or None outside a learner's folder."""
    here = pathlib.Path.cwd()
    return here / "mine" / f"{id.replace('-', '_')}.py" if (here / MARK).exists() else None


def keep(id, answer):
    """Write the source of a right answer beside the pages, and say so in one line."""
    path = place(id)
    if path is None or not isinstance(answer, types.FunctionType):
        return
    try:
        text = "\n\n\n".join(sources(answer))
        path.parent.mkdir(exist_ok=True)
        write_whole(path, f"{text}\n".encode())
    except (OSError, TypeError) as error:  # a full disk; a function that was not typed in a cell
        tell(f"  (it could not be kept for later lessons: {error})")
        return
    tell(f"  kept as mine/{path.name}; later lessons use it")


def sources(answer):
    """Return the source of a function, after that of every function of the page that it calls."""
    waiting, found = [answer], []
    while waiting:
        function = waiting.pop()
        found.append(function)
        called = (function.__globals__.get(name) for name in function.__code__.co_names)
        waiting += [f for f in called if is_own(f, answer) and f not in found + waiting]
    return [inspect.getsource(function).rstrip() for function in reversed(found)]


def is_own(thing, answer):
    """Tell whether a thing is a function that was written on the same page."""
    return isinstance(thing, types.FunctionType) and thing.__module__ == answer.__module__


def mine(id, otherwise, **names):
    """Return what the learner wrote for an exercise, or the library's function instead.

    The kept source runs with NumPy and the files of `nnlib` (the mathematics) alone, and is
    checked anew. One printed line says which function it is, and why.

    Parameters
    ----------
    id : str
        The number of the exercise, "06-1".
    otherwise : function
        The library's, which does the same.
    **names : function
        What the kept function finds under a name of the library, once it is checked:
        `backward=own_backward` lets a training loop walk down somebody's own gradient.

    Returns
    -------
    function
    """
    path = place(id)
    if path is None or not path.exists():
        tell(f"{id}: the library's; yours comes here once its check says ✓")
        return otherwise
    try:
        answer = last_function_of(path.read_text(encoding="utf-8"), path.name)
        said = verdict(id, answer)
    except Exception as error:  # whatever a changed file does, the lesson goes on
        said = f"{path.name} stopped with {type(error).__name__}: {error}"
    if said.startswith("✓"):
        tell(f"{id}: yours, from mine/{path.name}")
        answer.__globals__.update(names)
        return answer
    tell(f"{id}: the library's, for yours is no longer right ({said})")
    return otherwise


def last_function_of(text, name):
    """Run kept source and return its last function, which is the answer."""
    names = {"np": np, "__name__": name}
    for room in MATHEMATICS.split():
        module = importlib.import_module(f"nnlib.{room}")
        names |= {key: value for key, value in vars(module).items() if key[0] != "_"}
    exec(compile(text, name, "exec"), names)
    functions = [node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)]
    return names[functions[-1].name]
