"""What a page calls: does an equation hold, is an answer right, a hint, what the learner wrote."""

import ast
import builtins
import inspect

import numpy as np

from nnlib.checks.kept import keep
from nnlib.checks.registry import BAR, EQUATIONS, EXERCISES, equation_error, find, tell, verdict


def check_equation(*ids, show=False):
    """Compute both sides of each equation on numbers of its own, and print whether they agree.

    What is computed is the equation, never the cell above: a wrong sign there does not show here.

    Parameters
    ----------
    *ids : str
        As printed beside the equations, "3.1"; several are said in one line.
    show : bool, default False
        Also print the lines that compute the two sides, as a cell that runs.

    Raises
    ------
    AssertionError
        If the sides of one differ by more than 1e-7 (relative, float64).
    """
    entries = [find(EQUATIONS, id) for id in ids]
    for id, entry in zip(ids, entries):
        error = equation_error(*entry.sides(np.random.default_rng(0)))
        if not error <= BAR:
            raise AssertionError(f"({id}) does not hold: {entry.says}; error {error:.1e}")
    tell(f"✓ {holds(ids, entries)}")
    if show:
        for sides in dict.fromkeys(entry.sides for entry in entries):
            print(f"\n{as_a_cell(sides)}")


def holds(ids, entries):
    """Return the sentence for equations that hold: what each says if it is one, else their ids."""
    if len(ids) == 1:
        kinds = {"result": "two ways agree to", "definition": "as worked by hand, to"}
        how = f"{kinds[entries[0].kind]}\u00a0{BAR:.0e}"
        return f"({ids[0]}) holds in numbers of its own: {entries[0].says}; {how}"
    return f"{', '.join(f'({id})' for id in ids)} hold in numbers of their own, to\u00a0{BAR:.0e}"


def as_a_cell(sides):
    """Return the lines that compute two sides as a cell: its imports, the function, its error."""
    source = inspect.getsource(sides)
    function = source[source.index("def ") :].rstrip()
    used = {node.id for node in ast.walk(ast.parse(function)) if isinstance(node, ast.Name)}
    names = ", ".join(sorted(used & {*sides.__globals__} - {*dir(builtins), sides.__name__, "np"}))
    return (
        "import numpy as np\n\n"
        + (f"from {sides.__module__} import {names}\n" if names else "")
        + f"from nnlib.checks.registry import equation_error\n\n\n{function}\n\n\n"
        f"print(equation_error(*{sides.__name__}(np.random.default_rng(0))))"
    )


def check(id, answer):
    """Judge an answer to an exercise and print one line: right, not yet written, or the mistake.

    Parameters
    ----------
    id : str
        The number of the exercise, "01-1".
    answer : function or value
        What the exercise asks for. On a learner's own page a function that is right is kept, for
        later lessons (`mine`).
    """
    line = verdict(id, answer)
    tell(line)
    if line.startswith("✓"):
        keep(id, answer)


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
