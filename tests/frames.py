"""All widgets of all lessons on one page: of each lesson, the cells that its widgets need."""

import ast
import re

import nbformat
from lessons import NAMES, PATHS, code_cells

from nnlib import widgets
from nnlib.lesson.page import names_made, walk_outside_functions

MAKERS = set(widgets.__all__) - {"presenter_mode", "snapshots"}


def names_used(source):
    """Collect the names that code reads, in functions, too."""
    nodes = ast.walk(ast.parse(source))
    return {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}


def shows_a_frame(source):
    """Whether a cell calls what makes a widget, outside functions."""
    calls = (n for n in walk_outside_functions(ast.parse(source)) if isinstance(n, ast.Call))
    return any(isinstance(n.func, ast.Name) and n.func.id in MAKERS for n in calls)


def needed_for_frames(sources):
    """Take the cells with widgets, and of those above what makes the names that they need."""
    kept, needed = [], set()
    for source in reversed(sources):
        made = names_made(source)
        if shows_a_frame(source) or made & needed:
            kept.append(source)
            needed = needed - made | names_used(source)
    return kept[::-1]


def page_of_frames():
    """A notebook of all widgets, each lesson's under its name."""
    cells = []
    for name, path in zip(NAMES, PATHS, strict=True):
        sources = [re.sub(r"^%.*$", "", cell.source, flags=re.M) for cell in code_cells(path)]
        cells.append(nbformat.v4.new_markdown_cell(f"# {name}"))
        cells += [nbformat.v4.new_code_cell(source) for source in needed_for_frames(sources)]
    book = nbformat.v4.new_notebook(cells=cells)
    book.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return book
