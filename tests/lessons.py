"""Reading the lessons: what the tests of notebooks share."""

import ast
import functools
import pathlib
import re

import nbformat

ROOT = pathlib.Path(__file__).parents[1]
PATHS = sorted((ROOT / "notebooks").glob("*.ipynb"))
NAMES = [path.stem for path in PATHS]


@functools.cache
def cells(path):
    """The cells of a notebook."""
    return nbformat.read(path, as_version=4).cells


def code_cells(path):
    """The code cells of a notebook."""
    return [cell for cell in cells(path) if cell.cell_type == "code"]


def markdown_cells(path):
    """The Markdown cells of a notebook."""
    return [cell for cell in cells(path) if cell.cell_type == "markdown"]


def tags(cell):
    """The tags of a cell."""
    return cell.metadata.get("tags", [])


def without_formulas(text):
    """Markdown without formulas, code, folded answers, links' targets and HTML."""
    text = re.sub(r"<details>.*?</details>", " ", text, flags=re.S)
    text = re.sub(r"```.*?```|\$\$.*?\$\$|\$[^$\n]+\$|<[^>]+>|\]\([^)]*\)", " ", text, flags=re.S)
    return text


ELSEWHERE = (  # the line under every lesson's title
    "If the first cell does not know `nnlib`: [three lines for your place](../docs/elsewhere.md)."
)
LICENSE = (  # the last cell of every lesson
    "**License.** Text and figures: the nnlib authors, "
    "[CC BY 4.0](https://creativecommons.org/licenses/by/4.0/). Code: BSD 3-Clause. "
    "Figures that show digits contain pixels of MNIST, by Yann LeCun and Corinna Cortes, and are "
    "under its [CC BY-SA 3.0](https://creativecommons.org/licenses/by-sa/3.0/)."
)


def word_count(path):
    """How many words of prose a lesson has, solutions and teacher's remarks not counted."""
    folded = {"solution", "teacher"}
    texts = [cell.source for cell in markdown_cells(path) if not folded & set(tags(cell))]
    texts[0], texts[-1] = texts[0].removesuffix(ELSEWHERE), texts[-1].removesuffix(LICENSE)
    return sum(len(re.findall(r"[A-Za-z0-9’'\-]+", without_formulas(text))) for text in texts)


def equation_ids(path):
    """The ids of the displayed equations of a lesson, in order."""
    return re.findall(r"\\tag\{([^}]+)\}", "\n".join(cell.source for cell in markdown_cells(path)))


def streams(cell, name):
    """What a cell printed on "stdout" or "stderr"."""
    outputs = [out for out in cell.outputs if out.output_type == "stream" and out.name == name]
    return "".join(output.text for output in outputs)


def said_of_figures(path):
    """The sentences that stand for the figures of a notebook, in order."""
    outputs = [output for cell in code_cells(path) for output in cell.outputs]
    figures = [output for output in outputs if "image/png" in output.get("data", {})]
    return [figure.metadata["image/png"]["alt"] for figure in figures]


def bare_tree(source):
    """The syntax trees of the functions and classes in a text: {name: tree}, only what runs.

    Docstrings and annotations are taken out (comments are never in); a class keeps its fields.
    """
    found = {}
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found[node.name] = ast.dump(strip(node))
    return found


def strip(tree):
    """Take docstrings, argument annotations and return annotations out of a tree."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            if ast.get_docstring(node, clean=False) is not None:
                node.body = node.body[1:] or [ast.Pass()]
        if isinstance(node, ast.FunctionDef):
            node.returns = None
        if isinstance(node, ast.arg):
            node.annotation = None
    return tree


def shown(cell):
    """What a cell stored as text: what it printed, and its values and figures as plain text."""
    values = [out.data["text/plain"] for out in cell.outputs if "data" in out]
    return without_addresses(streams(cell, "stdout")), [without_addresses(text) for text in values]


def without_addresses(text):
    """A text without places in memory, which differ from run to run."""
    return re.sub(r"\b0x[0-9a-f]{6,}", "0x…", text)


def fresh_shell():
    """The IPython that a lesson runs in, without a kernel; `clear_instance` on it ends it."""
    import pandas as pd
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.display import display

    class Shell(InteractiveShell):
        def enable_gui(self, gui=None):
            pass

    pd.set_option("display.width", 80, "display.max_columns", 20)  # as in Jupyter
    shell = Shell.instance(colors="nocolor", xmode="Plain")
    shell.display_trap.hook = lambda value: None if value is None else display(value)
    shell.at_birth = dict(shell.user_ns)
    return shell


def paint_nothing():
    """Let figures be made but not painted, in this process from now on."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    from nnlib.lesson import page

    page.figure_as_shown = lambda figure: ({}, {})
    FigureCanvasAgg.draw = FigureCanvasAgg.print_png = lambda *_: None


def run(shell, source):
    """Run a cell as Jupyter does: what it showed, like `shown`, or None and the error as text."""
    from IPython.utils.capture import capture_output

    with capture_output() as caught:
        result = shell.run_cell(source, store_history=True)
    if not result.success:
        return None, caught.stdout + caught.stderr
    values = [without_addresses(out.data["text/plain"]) for out in caught.outputs]
    return (without_addresses(caught.stdout) + caught.stderr, values), ""
