"""What every lesson calls first: one thread, one figure style, and help with mixed-up names."""

import ast
import base64
import builtins
import html
import io
import os

import numpy as np
from IPython import get_ipython

from nnlib.lesson.published import lesson_cells
from nnlib.lesson.waiting import announce_slow_cells
from nnlib.plots.style import use_style
from nnlib.system.browser import settle
from nnlib.system.errors import NnlibError
from nnlib.system.threads import one_blas_thread

ASTRAY = (  # what a cell of a lesson can meet if a name in it is missing or means something else
    NameError,
    AttributeError,
    TypeError,
    ValueError,
    LookupError,
    ArithmeticError,
    AssertionError,
)


def start(number):
    """Set up a lesson: one thread for matrix products, the figure style, the hook for errors.

    Python's own names (`list`, `sum`) mean again what they should, whatever was assigned to them.

    Parameters
    ----------
    number : str
        The number of the lesson, "03".
    """
    settle()
    one_blas_thread()
    np.set_printoptions(precision=3, suppress=True, linewidth=100)
    use_style()
    shell = get_ipython()  # None in plain Python
    if shell is not None:
        show_figures_with_alt_text(shell)
        give_back_names(shell)
        explain_errors(shell, number)
        announce_slow_cells(shell, number)


def show_figures_with_alt_text(shell):
    """Let the shell show figures together with the sentence that describes them."""
    from matplotlib.figure import Figure

    shell.run_line_magic("matplotlib", "inline")
    display = shell.display_formatter
    display.formatters["image/png"].pop(Figure, None)  # else Matplotlib's own would come first
    display.mimebundle_formatter.for_type(Figure, figure_as_shown)


def figure_as_shown(figure):
    """Make what a page gets of a figure: its PNG with the description as metadata, and HTML.

    Pages show the HTML, and a screen reader finds the description in it; no page looks for it in
    the metadata. The PNG is there for what makes other files of a page. Where the environment
    variable NNLIB_PLAIN_FIGURES is 1, it comes alone: so the lessons are stored and compared.

    Parameters
    ----------
    figure : matplotlib.figure.Figure

    Returns
    -------
    data, metadata : dict
        By media type, as IPython takes them.
    """
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    picture = base64.b64encode(buffer.getvalue()).decode("ascii")  # a kernel may not encode bytes
    alt = getattr(figure, "alt_text", "")
    data = {"image/png": picture}
    if alt and os.environ.get("NNLIB_PLAIN_FIGURES") != "1":
        source = f"data:image/png;base64,{picture}"
        data["text/html"] = f'<img alt="{html.escape(alt)}" src="{source}">'
    return data, {"image/png": {"alt": alt}}


def give_back_names(shell):
    """Forget what was assigned to Python's own names, and say so; no import would mend those."""
    its_own = shell.user_ns_hidden  # IPython's open and exit stand for Python's
    taken = [
        name
        for name, value in shell.user_ns.items()
        if hasattr(builtins, name) and name[0] != "_" and value is not its_own.get(name)
    ]
    for name in taken:
        del shell.user_ns[name]
    if taken:
        print("Had another meaning, and is now Python's own again:", ", ".join(taken))


def explain_errors(shell, number):
    """Add to an error in a cell the sentence that says which cells to run first."""

    def explain(shell, kind, error, traceback, tb_offset=None):
        advice = advice_on(error, shell.history_manager.input_hist_raw[-1], lesson_cells(number))
        if advice:
            error.add_note(advice)
        shell.showtraceback((kind, error, traceback), tb_offset=tb_offset)

    shell.set_custom_exc(ASTRAY, explain)


def advice_on(error, source, cells):
    """Say what an error in a cell with this source is due to; nothing if not to its order."""
    if isinstance(error, NameError):
        return where_made(error.name, cells)
    as_published = any("".join(cell["source"]).strip() == source.strip() for cell in cells)
    if not as_published or isinstance(error, NnlibError):  # those say what to do
        return ""
    return (
        "This cell works after the cells above it; a name in it now means something else.\n"
        "Choose Run, Run All Above Selected Cell; then run this cell again."
    )


def where_made(name, cells):
    """Say which cell makes a name first; nothing if none does."""
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
    """Collect the names that code makes at its top level: imports, functions, assignments."""
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
    """Yield every node below this one, but none inside functions, classes and comprehensions."""
    inner = ast.FunctionDef | ast.ClassDef | ast.Lambda | ast.ListComp | ast.DictComp | ast.SetComp
    for child in ast.iter_child_nodes(node):
        yield child
        if not isinstance(child, inner | ast.GeneratorExp):
            yield from walk_outside_functions(child)
