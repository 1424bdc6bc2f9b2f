"""Whether a page gives away, above an exercise or in it, what its solution says: by syntax trees.

A line counts by what it computes: an assignment, a return or a bare expression by its value, under
whatever names. A line that the stub gives, and one as small as `len(y) + 1`, tells nothing.
"""

import ast
import builtins
import copy
import functools
import re

from exercises import exercise_cells

SMALLEST = 6  # nodes of the tree of a line
LINES = ast.Return | ast.Assign | ast.AugAssign | ast.Expr | ast.For | ast.If


class Renamed(ast.NodeTransformer):
    """Call names by the order in which they come, but for NumPy and what is built in."""

    def __init__(self):
        self.names = {}

    def visit_Name(self, node):
        if node.id == "np" or hasattr(builtins, node.id):
            return node
        return ast.Name(self.names.setdefault(node.id, f"name {len(self.names)}"), node.ctx)


def shape(tree):
    """A tree without its names, as text."""
    return ast.dump(Renamed().visit(copy.deepcopy(tree)))


def parsed(text):
    """The syntax tree of a text as a cell holds it; what is no Python is empty."""
    try:
        return ast.parse(re.sub(r"^\s*[%!].*$", "", text, flags=re.MULTILINE))
    except SyntaxError:
        return ast.Module([], [])


def size(tree):
    """How many nodes a tree has."""
    return sum(not isinstance(node, ast.expr_context) for node in ast.walk(tree))


@functools.cache
def shapes(text):
    """All trees of a text, inner ones too, without their names."""
    nodes = ast.walk(parsed(text))
    return {shape(node) for node in nodes if isinstance(node, ast.expr | ast.stmt)}


def code_in(cell):
    """The pieces of code that a cell shows, in a block or in a line of text."""
    text = "".join(cell["source"])
    if cell["cell_type"] == "code":
        return [text]
    blocks = re.findall(r"```\w*\n(.*?)```", text, flags=re.DOTALL)
    return blocks + re.findall(r"(?<!`)`([^`\n]+)`(?!`)", text)


def distinctive(id):
    """{shape: source} of the lines of a solution that its stub does not hold."""
    stub, solution = exercise_cells(id)
    lines = [node for node in ast.walk(parsed(solution)) if isinstance(node, LINES)]
    trees = [getattr(node, "value", None) or node for node in lines]
    found = {shape(tree): ast.unparse(tree) for tree in trees if size(tree) >= SMALLEST}
    return {tree: source for tree, source in found.items() if tree not in shapes(stub)}


def leaks(id, cells):
    """The lines of a solution that are shown in cells."""
    seen = set().union(*(shapes(text) for cell in cells for text in code_in(cell)))
    return {source for tree, source in distinctive(id).items() if tree in seen}
