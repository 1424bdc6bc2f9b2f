"""A page that was handed over: its cells, and the exercises in it."""

import ast
import functools
import json
import re
from collections import Counter
from typing import NamedTuple

from nnlib.checks.registry import EXERCISES, load_all
from nnlib.classroom.limits import LIMITS
from nnlib.classroom.magics import parsed
from nnlib.system.cells import CHECK
from nnlib.system.errors import ClassroomError
from nnlib.system.files import what_it_is
from nnlib.system.lessons import lesson_files
from nnlib.system.pages import MALFORMED

RECORD = "nnlib_handin"  # in the notebook's metadata: what the hand-in says of itself
STARTS = re.compile(r"""^start\(["'](\d\d)["']\)""", re.MULTILINE)


class Cell(NamedTuple):
    """A cell of a page."""

    is_code: bool
    source: str
    tags: tuple
    printed: str  # what it shows as text


class Page(NamedTuple):
    """A page: its cells, and what a hand-in says of itself ({} for any other page)."""

    cells: list
    record: dict


class Asked(NamedTuple):
    """An exercise that a cell hands to the check."""

    id: str
    place: int  # of the cell
    handed: str  # the expression that is handed over


def read_page(data):
    """Read a notebook, of whatever format it is.

    Parameters
    ----------
    data : bytes

    Returns
    -------
    Page

    Raises
    ------
    ClassroomError
        If it is none: what it is instead.
    """
    if len(data) > LIMITS.page:
        raise ClassroomError(f"it is larger than {LIMITS.page // 10**6} MB")
    if not data.strip():
        raise ClassroomError("the file is empty")
    notebook = parsed_json(data)
    try:
        sheets = notebook.get("worksheets", [notebook])  # so named before 2015
        cells = [cell_of(cell) for sheet in sheets for cell in sheet["cells"]]
        record = notebook.get("metadata", {}).get(RECORD, {})
    except MALFORMED:
        raise ClassroomError("it holds no cells, so it is no notebook of Jupyter") from None
    return Page(cells, record if isinstance(record, dict) else {})


def parsed_json(data):
    """Read JSON in any encoding that an editor may have saved it in; ClassroomError if none."""
    try:
        try:
            return json.loads(data)
        except UnicodeDecodeError:
            return json.loads(data.decode("cp1252", "replace"))  # an old editor's on Windows
    except (ValueError, RecursionError):
        raise ClassroomError(no_notebook(data)) from None


def no_notebook(data):
    """Say what a file is that JSON cannot read."""
    kind = what_it_is(data[:300])
    if kind and "JSON" not in kind:
        return f"it is no notebook but {kind}"
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return "the file is damaged: it begins like a notebook but is not whole"
    return "it is no notebook but some other text"


def cell_of(cell):
    """Take from a cell's JSON what counts."""
    source = cell.get("source", cell.get("input", ""))
    tags = (cell.get("metadata") or {}).get("tags") or ()
    tags = tuple(tags) if isinstance(tags, list) else ()
    printed = "".join(joined(output.get("text")) for output in cell.get("outputs") or ())
    return Cell(cell.get("cell_type") == "code", joined(source), tags, printed)


def joined(text):
    """Return a text that is stored whole or as a list of lines; "" for anything else."""
    lines = text if isinstance(text, list) else [text]
    return "".join(line for line in lines if isinstance(line, str))


@functools.lru_cache(4096)
def asked_in(source):
    """Find the exercises that a cell hands to the check: ((id, what is handed over), …)."""
    tree = parsed(source) if len(source) <= LIMITS.source else None
    if tree is None:
        return tuple((id, "") for id in CHECK.findall(source))
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    return tuple(pair for call in calls if (pair := asked_by(call)))


def asked_by(call):
    """Return the id and the expression of a call of `check`, else None."""
    name = getattr(call.func, "id", getattr(call.func, "attr", ""))
    given = {word.arg: word.value for word in call.keywords}
    given |= dict(zip(("id", "answer"), call.args))
    id = getattr(given.get("id"), "value", None)
    if name != "check" or not isinstance(id, str):
        return None
    return id, ast.unparse(given["answer"]) if "answer" in given else ""


@functools.cache
def exercises_known():
    """List the ids of all exercises in the lessons that are here, in order."""
    load_all()
    numbers = {lesson.name[:2] for lesson in lesson_files()}  # a bundle has few
    return sorted(id for id in EXERCISES if id[:2] in numbers)


@functools.cache
def lesson_page(number):
    """Read a lesson as it is installed."""
    lesson = next(file for file in lesson_files() if file.name.startswith(number))
    return read_page(lesson.read_bytes())


def exercises_of_page(page):
    """Find the cells that answer an exercise.

    A cell hands its answer to `check`; if that line is gone, the cell counts that makes what the
    lesson hands over there, and is not one of the lesson's own.

    Parameters
    ----------
    page : Page

    Returns
    -------
    list of Asked
        In the page's order; an id may come more than once, but not without end.
    """
    found, count = {}, Counter()
    for place, cell in reversed([*enumerate(page.cells)]):
        for id, handed in asked_in(cell.source) if cell.is_code else ():
            if id in exercises_known() and count[id] < LIMITS.cells and (id, place) not in found:
                found[id, place] = Asked(id, place, handed)
                count[id] += 1
    asked = sorted(found.values(), key=lambda asked: asked.place)
    lost = [id for id in expected_of(page) if not count[id]]
    return asked + [found for id in lost if (found := answer_without_check(page, id))]


def lessons_of(page):
    """Tell which lessons a page belongs to, by what it asks and starts: ["07"]."""
    sources = [cell.source for cell in page.cells if cell.is_code]
    asked = {id[:2] for source in sources for id, _ in asked_in(source)}
    started = {number for source in sources for number in STARTS.findall(source)}
    known = {id[:2] for id in exercises_known()}
    return sorted(asked & known) or sorted(started & known)


def expected_of(page):
    """List the exercises of the lessons that a page belongs to."""
    numbers = lessons_of(page)
    return [id for id in exercises_known() if id[:2] in numbers]


def answer_without_check(page, id):
    """Find the last cell that makes what a lesson hands over in an exercise; None if none does."""
    name = handed_in_lesson(id)
    published = {cell.source.strip() for cell in lesson_page(id[:2]).cells}
    for place in reversed(range(len(page.cells))):
        cell = page.cells[place]
        is_own = cell.is_code and cell.source.strip() not in published
        if is_own and len(cell.source) <= LIMITS.source and name in made_in(cell.source):
            return Asked(id, place, name)
    return None


@functools.cache
def handed_in_lesson(id):
    """Return the name that a lesson hands to the check of an exercise."""
    pairs = (pair for cell in lesson_page(id[:2]).cells for pair in asked_in(cell.source))
    return next(handed for found, handed in pairs if found == id)


def made_in(source):
    """Collect the names that a cell's functions, classes and assignments make at its top level."""
    names = set()
    for node in getattr(parsed(source), "body", ()):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            names |= {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
    return names


def setup_of(page):
    """Return the place of a page's set-up cell; None if it has none."""
    code = [place for place, cell in enumerate(page.cells) if cell.is_code]
    tagged = (place for place in code if "setup" in page.cells[place].tags)
    starting = (place for place in code if STARTS.search(page.cells[place].source))
    return next(tagged, next(starting, None))
