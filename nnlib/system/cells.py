"""Cells of a page: what they say, which exercise one is, and what the lesson said in its place.

A copy of a lesson bears a mark on each cell, the digest of what the lesson said there. So what a
learner wrote can be told from what an earlier lesson said, wherever the page has been since.
"""

import hashlib
import json
import re
from typing import NamedTuple

MARK = "nnlib"  # in the metadata of a cell
HINT = re.compile(  # a line that asks for a hint, whether or not it is commented out
    r"""^[ \t]*(#[ \t]*)*hint\(["'](?P<id>[\d-]+)["'](, *(number *= *)?\d)?\)[ \t]*"""
    r"""(# *take away.*)?$""",
    re.MULTILINE,
)
CHECK = re.compile(r"""^[^#\n]*\bcheck\(\s*(?:id\s*=\s*)?["'](\d\d-\d+)["']""", re.MULTILINE)
BY_NUMBER = re.compile(r"(hint )?\d\d-\d+")


class Origin(NamedTuple):
    """The cell of a lesson that a cell was copied from."""

    known: str  # what `known_as` says of it
    said: str  # what `digest_of` says of it; empty if the cell bears no mark


def has_tag(cell, *tags):
    """Whether a cell bears one of these tags."""
    return not {*tags}.isdisjoint(cell.get("metadata", {}).get("tags", []))


def is_teachers(cell):
    """Whether a cell speaks to the teacher."""
    return has_tag(cell, "teacher")


def text_of(cell):
    """Return what a cell says, without blanks around it."""
    return "".join(cell["source"]).strip()


def title_of(cells):
    """Return the title that the first line of a page's first cell gives."""
    return text_of(cells[0]).splitlines()[0].removeprefix("# ")


def not_run(cell):
    """Return a cell as it is before anybody runs it; text as it is."""
    return cell | {"outputs": [], "execution_count": None} if cell["cell_type"] == "code" else cell


def beyond_hints(cell):
    """Return what a cell says without the lines that ask for hints."""
    return HINT.sub("", "".join(cell["source"])).strip()


def digest_of(cell):
    """Return a short digest of the type and text of a cell."""
    pair = json.dumps([cell["cell_type"], text_of(cell)])
    return hashlib.sha256(pair.encode()).hexdigest()[:16]


def known_as(cell):
    """Return by what a cell is known again: "07-1", "hint 07-1", or the digest of its text."""
    text = text_of(cell)
    if cell["cell_type"] == "code" and (found := CHECK.search(text)):
        return found[1]
    if cell["cell_type"] == "code" and (found := HINT.search(text)) and not beyond_hints(cell):
        return f"hint {found['id']}"
    return digest_of(cell)


def is_exercise(known):
    """Whether a name is that of an exercise."""
    return bool(BY_NUMBER.fullmatch(known)) and not known.startswith("hint")


def marked(cell):
    """Return a cell with a mark of what it says."""
    mark = {"cell": known_as(cell), "text": digest_of(cell)}
    return cell | {"metadata": cell.get("metadata", {}) | {MARK: mark}}


def unmarked(cell):
    """Return a cell without its mark."""
    kept = {key: value for key, value in cell.get("metadata", {}).items() if key != MARK}
    return cell | {"metadata": kept}


def origin_of(cell):
    """Return where a cell comes from, by its mark if it bears one.

    Parameters
    ----------
    cell : dict

    Returns
    -------
    Origin
    """
    match cell.get("metadata", {}).get(MARK):
        case {"cell": str(known), "text": str(said)}:
            return Origin(known, said)
    return Origin(known_as(cell), "")
