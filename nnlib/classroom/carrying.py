"""Carrying over: what a learner wrote in an earlier page of a lesson goes into the new one.

`carry_over(page, lesson)` sorts the cells of the page by their marks and by the lesson: what the
lesson said comes from the lesson, all else is the learner's and goes to the same place.
"""

import difflib
import itertools
import re
from typing import NamedTuple

from nnlib.system.cells import (
    BY_NUMBER,
    digest_of,
    has_tag,
    is_exercise,
    is_teachers,
    known_as,
    origin_of,
    text_of,
    unmarked,
)

KINDS = {  # what a cell of a learner's page can be
    "answer": "to an exercise",
    "edited": "by the learner, and still in the lesson as it was",
    "hint": "asked for",
    "own": "of the learner alone",
    "earlier": "version of a cell: the learner has edited it, the lesson has changed it",
    "left": "over: an answer to an exercise that is no more",
    "nothing": "of the learner's",
}
IN_PLACE = ("answer", "edited", "hint")  # these take the place of the lesson's cell
LEFT = "## From your earlier page\n\nThe lesson has no place for this any more."
EARLIER = "**Your earlier version** of the cell above, which the lesson has changed:"
STUB = "The lesson now begins exercise {} like this:"
ALIKE = 0.5  # of two texts, if one may be the other, changed
LESSONS_ID = re.compile(r"cell-\d+")  # JupyterLab gives others


class Piece(NamedTuple):
    """A cell of a learner's page, and what can be told of it alone."""

    cell: dict
    known: str  # the name of the lesson's cell that it comes from
    said: str  # the digest of what that said; empty if the page does not tell
    is_lessons: bool  # whether it comes from a lesson at all
    is_touched: bool


class Sorted(NamedTuple):
    """What becomes of a piece."""

    piece: Piece
    kind: str  # of KINDS
    place: int  # of its cell, else of its neighbor above, in the lesson; -1 is before the first


def carry_over(page, lesson):
    """Return a lesson with what a learner wrote in an earlier page of it, and the sorted cells.

    Parameters
    ----------
    page, lesson : dict
        Notebooks.

    Returns
    -------
    dict
        The new notebook.
    list of Sorted
        One for each cell of the page.
    """
    fresh = lesson["cells"]
    found = sort_cells(page["cells"], fresh)
    cells = with_ids([*assembled(found, fresh), *left_over(found)])
    return lesson | {"cells": cells, "nbformat": 4, "nbformat_minor": 5}, found  # 5 has ids


# ---- sorting ----


def sort_cells(cells, fresh):
    """Sort the cells of a page by the cells of a lesson."""
    digests, names = {digest_of(cell) for cell in fresh}, {known_as(cell) for cell in fresh}
    pieces = [piece_of(cell, digests) for cell in cells]
    places, found, place = claimed(pieces, fresh), [], -1
    for number, piece in enumerate(pieces):
        if number in places:
            place, kind = places[number], kind_in_place(piece)
        else:
            kind = kind_without_place(piece, names)
            if piece.is_lessons and kind in ("earlier", "nothing"):
                place = counterpart(piece, fresh, place, {*places.values()})
        found.append(Sorted(piece, kind, place))
    return found


def piece_of(cell, digests):
    """Tell what can be told of a cell alone, and from the digests of a lesson."""
    known, said = origin_of(cell)
    is_lessons = said or has_tag(cell, "exercise") or LESSONS_ID.fullmatch(cell.get("id", ""))
    is_touched = digest_of(cell) not in ([said] if said else digests) and text_of(cell) != ""
    return Piece(cell, known, said, bool(is_lessons), is_touched)


def claimed(pieces, fresh):
    """Return {number of a piece: place of its cell in the lesson}; nobody shares a place.

    Where a page has several cells under one name, a cell of the lesson goes before a copy; of
    exercises and hints a touched one goes first, of others an untouched one.
    """

    def rank(number):
        piece = pieces[number]
        return not piece.is_lessons, piece.is_touched != bool(BY_NUMBER.fullmatch(piece.known))

    free, places = {}, {}
    for place, cell in enumerate(fresh):
        free.setdefault(known_as(cell), []).append(place)
    for number in sorted(range(len(pieces)), key=rank):
        if waiting := free.get(pieces[number].known):
            places[number] = waiting.pop(0)
    return places


def kind_in_place(piece):
    """Return the kind of a piece whose cell the lesson has."""
    if not piece.is_touched:
        return "nothing"
    if is_exercise(piece.known):
        return "answer"
    return "hint" if BY_NUMBER.fullmatch(piece.known) else "edited"


def kind_without_place(piece, names):
    """Return the kind of a piece whose cell the lesson has not, or not once more."""
    if not text_of(piece.cell) or is_teachers(piece.cell):
        return "nothing"
    is_numbered = bool(BY_NUMBER.fullmatch(piece.known))
    if piece.known in names and (piece.is_touched or not is_numbered):
        return "own"  # a copy of a cell
    if not piece.is_touched:
        return "nothing" if piece.is_lessons else "own"
    if is_numbered and piece.is_lessons:
        return "left" if is_exercise(piece.known) else "nothing"
    return "earlier" if piece.is_lessons else "own"


def counterpart(piece, fresh, place, taken):
    """Return the place of the cell that a cell has become, before the next one that is taken.

    It is the only one of its type there, or the one most like it; `place` itself if there is none.
    """
    until = min((p for p in taken if p > place), default=len(fresh))
    kind, words = piece.cell["cell_type"], text_of(piece.cell).split()
    there = [p for p in range(place + 1, until) if fresh[p]["cell_type"] == kind]

    def likeness(p):
        return difflib.SequenceMatcher(None, words, text_of(fresh[p]).split(), False).ratio()

    best = max(there, key=likeness, default=place)
    return best if len(there) == 1 or (there and likeness(best) > ALIKE) else place


# ---- putting together ----


def assembled(found, fresh):
    """Return the cells of a lesson with the learner's in their places or below their neighbors."""
    below = {}
    for piece, kind, place in found:
        if kind in ("own", "earlier"):
            below.setdefault(place, []).extend(beside(piece, kind))
    mine = {place: piece for piece, kind, place in found if kind in IN_PLACE}
    places = ([*placed(mine.get(n), cell), *below.get(n, [])] for n, cell in enumerate(fresh))
    return [*below.get(-1, []), *itertools.chain.from_iterable(places)]


def placed(piece, cell):
    """Return a cell of the lesson, or the learner's in its place, and the stub if that is new."""
    if piece is None:
        return [cell]
    metadata = piece.cell.get("metadata", {}) | cell.get("metadata", {})
    mine = piece.cell | {"metadata": metadata, "id": cell.get("id", "")}
    is_new = is_exercise(piece.known) and piece.said not in ("", digest_of(cell))
    return [mine, aside(STUB.format(piece.known), cell)] if is_new else [mine]


def beside(piece, kind):
    """Return what stands below a cell of the lesson: one's own cell, or one's earlier version."""
    return [unmarked(piece.cell)] if kind == "own" else [aside(EARLIER, piece.cell)]


def aside(words, cell):
    """Return a Markdown cell with some words and the text of a cell, which does not run there."""
    text = text_of(cell)
    if cell["cell_type"] != "markdown":
        longest = max(re.findall("`+", text), key=len, default="")
        fence = max("```", longest + "`", key=len)
        text = f"{fence}{'python' if cell['cell_type'] == 'code' else ''}\n{text}\n{fence}"
    attached = {key: cell[key] for key in ("attachments",) if key in cell}
    return {"cell_type": "markdown", "metadata": {}, "source": f"{words}\n\n{text}"} | attached


def left_over(found):
    """Return the cells for which the lesson has no place, under their heading."""
    left = [unmarked(piece.cell) for piece, kind, _ in found if kind == "left"]
    has_heading = any(text_of(piece.cell) == LEFT for piece, _, _ in found)
    heading = {"cell_type": "markdown", "metadata": {}, "source": LEFT}
    return [heading, *left] if left and not has_heading else left


def with_ids(cells):
    """Return cells whose ids are all different; the first keeps its own."""
    taken, free = {""}, (f"yours-{n}" for n in itertools.count(1))
    used = {cell.get("id") for cell in cells}
    done = []
    for cell in cells:
        id = cell.get("id", "")
        id = next(name for name in free if name not in used) if id in taken else id
        taken.add(id)
        done.append(cell | {"id": id})
    return done
