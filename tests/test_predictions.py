"""A question is answered by nothing on the page before its cell has run.

Every "Predict" is found, with the code up to the next text, and what that code says: its strings
of several words and its literal tables. Each of these was read by a person and found to tell
nothing; they are listed in predictions.txt. A new or changed one must be read, too, before
`python tests/test_predictions.py` enters it.
"""

import ast
import pathlib

from lessons import PATHS, cells

LIST = pathlib.Path(__file__).with_name("predictions.txt")


def asked(path):
    """The code after each Predict of a lesson, up to the next text: one list of sources each."""
    found, open_ = [], None
    for cell in cells(path):
        if cell.cell_type == "markdown":
            open_ = [] if "**Predict" in cell.source else None
            found += [] if open_ is None else [open_]
        elif open_ is not None:
            open_.append(cell.source)
    return found


def said(source):
    """What code tells a reader: its strings of several words, and its literal tables of numbers."""
    tree = ast.parse(source)
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and ast.get_docstring(node) is not None
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if " " in node.value.strip() and id(node) not in docstrings:
                yield node.value
        elif isinstance(node, ast.Tuple | ast.List) and is_table(node):
            yield ast.unparse(node)


def is_table(node):
    """Whether a literal holds rows of numbers, which may be results."""
    rows = [row for row in node.elts if isinstance(row, ast.Tuple | ast.List)]
    return len(rows) >= 2 and any(
        isinstance(entry, ast.Constant) and isinstance(entry.value, int | float)
        for row in rows
        for entry in row.elts
    )


def lines():
    """What is said after all questions: "07: Two ways down from the same start", in order."""
    return [
        f"{path.stem[:2]}: {' '.join(text.split())}"
        for path in PATHS
        for sources in asked(path)
        for source in sources
        for text in said(source)
    ]


def test_nothing_between_a_question_and_its_answer_tells_it_unread():
    innocent = LIST.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines() if line not in innocent] == []
    assert [line for line in innocent if line not in lines()] == []


def test_every_lesson_asks_and_the_cell_after_a_question_runs():
    for path in PATHS:
        assert asked(path), path.stem
        assert all(sources for sources in asked(path)), path.stem


def test_a_title_that_tells_would_be_seen():
    source = 'plot(curves, "Mini-batches are far ahead")\nfor a, b in [(1, 91), (2, 86)]:\n    pass'
    assert sorted(said(source)) == ["Mini-batches are far ahead", "[(1, 91), (2, 86)]"]


def test_no_lesson_holds_an_expectation():
    for path in PATHS:
        for cell in cells(path):
            if cell.cell_type == "code" and "about(" in cell.source:
                for node in ast.walk(ast.parse(cell.source)):
                    if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "about":
                        assert len(node.args) == 2 and not node.keywords, (path.stem, cell.source)


if __name__ == "__main__":
    LIST.write_text("\n".join(lines()) + "\n", encoding="utf-8")
