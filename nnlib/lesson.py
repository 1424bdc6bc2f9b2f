"""What every lesson calls first: one thread, one figure style, and help with a missing name."""

import ast
import io
import json
import pathlib

import numpy as np

from nnlib.plots.style import use_style
from nnlib.threads import one_blas_thread

LESSONS = pathlib.Path(__file__).parents[1] / "notebooks"


def start(number):
    """Set up a lesson: one thread for matrix products, the figure style, the hook for NameErrors.

    Parameters
    ----------
    number : str
        The number of the lesson, "03".
    """
    one_blas_thread()
    np.set_printoptions(precision=3, suppress=True, linewidth=100)
    use_style()
    shell = running_shell()
    if shell is not None:
        show_figures_with_alt_text(shell)
        explain_missing_names(shell, number)


def running_shell():
    """The IPython shell this code runs in, or None in plain Python."""
    try:
        from IPython import get_ipython
    except ImportError:
        return None
    return get_ipython()


def show_figures_with_alt_text(shell):
    """Let the shell show figures as PNG, together with the sentence that describes them."""
    from matplotlib.figure import Figure

    shell.run_line_magic("matplotlib", "inline")
    shell.display_formatter.formatters["image/png"].for_type(Figure, figure_as_png)


def figure_as_png(figure):
    """A figure's PNG bytes, and its description as metadata for screen readers."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    return buffer.getvalue(), {"alt": getattr(figure, "alt_text", "")}


def explain_missing_names(shell, number):
    """Add to a NameError the sentence that says which cell of the lesson makes that name."""

    def explain(shell, kind, error, traceback, tb_offset=None):
        advice = where_made(error.name, lesson_cells(number))
        if advice:
            error.add_note(advice)
        shell.showtraceback((kind, error, traceback), tb_offset=tb_offset)

    shell.set_custom_exc((NameError,), explain)


def lesson_cells(number):
    """The cells of a lesson as it was published, as dicts; none if it cannot be found."""
    for path in LESSONS.glob(f"{number}_*.ipynb"):
        return json.loads(path.read_text(encoding="utf-8"))["cells"]
    return []


def where_made(name, cells):
    """The sentence that says which cell makes a name first; empty if none does."""
    section = "the beginning"
    for cell in cells:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            headings = [line for line in source.splitlines() if line.startswith("## ")]
            section = headings[-1].removeprefix("## ") if headings else section
        elif name in names_made(source):
            return (
                f"{name} is made in an earlier cell, in “{section}”, the one that begins: "
                f"{source.strip().splitlines()[0]}\n"
                "Run that cell first; or choose Run, Run All Above Selected Cell."
            )
    return ""


def names_made(source):
    """The names that a cell's code makes at its top level: imports, functions, assignments."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return set()
    names = set()
    for node in walk_outside_functions(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names |= {(alias.asname or alias.name).split(".")[0] for alias in node.names}
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
    return names


def walk_outside_functions(node):
    """Every node below this one, but not those inside functions, classes and comprehensions."""
    inner = ast.FunctionDef | ast.ClassDef | ast.Lambda | ast.ListComp | ast.DictComp | ast.SetComp
    for child in ast.iter_child_nodes(node):
        yield child
        if not isinstance(child, inner | ast.GeneratorExp):
            yield from walk_outside_functions(child)
