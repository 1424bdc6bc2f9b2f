"""update: the new page of a lesson, with what the learner wrote in the old one."""

import json
import os

from nnlib.checks.words import listed
from nnlib.classroom.carrying import KINDS, carry_over
from nnlib.classroom.command import for_lessons
from nnlib.system.cells import known_as
from nnlib.system.errors import ClassroomError
from nnlib.system.failures import RUN
from nnlib.system.pages import (
    MALFORMED,
    as_bytes,
    copy_lesson,
    exchange_page,
    fingerprint,
    may_replace,
    origins,
    remember,
    texts,
    without_answers,
)
from nnlib.views.words import counted

RELOAD = "if the page is open: File, Reload Notebook from Disk; if asked, Revert"
COUNTED = {"own": "own cell", "edited": "edited cell", "hint": "hint", "earlier": "earlier version"}


def update_page(lesson, work):
    """Bring a learner's page up to date with its lesson, and say what became of what.

    Parameters
    ----------
    lesson : pathlib.Path
    work : pathlib.Path
        The folder of the pages; it exists.

    Returns
    -------
    str
        One line.
    """
    page, today = work / lesson.name, fingerprint(lesson)
    name, origin = f"{work.name}/{page.name}", origins(work).get(page.name)
    if os.path.lexists(page) and not may_replace(page):
        raise ClassroomError(
            f"{name} is write-protected, a link or no file, so it stays as it is: make it a file "
            "that may be written, then run the same command again"
        )
    if not page.exists():
        said = f"{name} was missing; here it is."
    elif fingerprint(page) == today or origin == today:
        return f"{name} comes from the lesson as it is today; it stays as it is."
    elif fingerprint(page) == origin:
        said = f"{name} held nothing of yours and is now the new lesson ({RELOAD})."
    else:
        return renewed(lesson, page, name)
    copy_lesson(lesson, page)
    remember(work, origins(work) | {page.name: today})
    return said


def renewed(lesson, page, name):
    """Put the new page with the learner's cells in the place of the old one, and say so."""
    old = page.read_bytes()
    try:
        fresh, mine = json.loads(without_answers(lesson.read_bytes())), json.loads(old)
        new, found = carry_over(mine, fresh)
        is_old = texts(new) == texts(mine)
    except MALFORMED as error:
        raise ClassroomError(
            f"{name}, or its lesson, cannot be read as a notebook, so nothing can be carried over "
            f"and it stays as it is: `{RUN} reset {lesson.name[:2]}` keeps it under another name "
            "and brings a new page"
        ) from error
    backup = None if is_old else exchange_page(page, old, as_bytes(new))
    remember(page.parent, origins(page.parent) | {page.name: fingerprint(lesson)})
    if is_old:
        return f"{name} says what the lesson says today; it stays as it is."
    became = what_became(found, fresh["cells"])
    return f"{name} is new. {became} The old page is {backup.name} ({RELOAD})."


def what_became(found, fresh):
    """Say what was carried over, what is new, and what had to go to the end."""
    kinds = {kind: [p.known for p, its, _ in found if its == kind] for kind in KINDS}
    n_new = len({known_as(cell) for cell in fresh} - {piece.known for piece, _, _ in found})
    carried = [f"your answers to {', '.join(kinds['answer'])}"] if kinds["answer"] else []
    carried += [cells_of_kind(kinds, kind) for kind in ("own", "edited", "hint") if kinds[kind]]
    parts = {
        "Carried over": listed(carried or ["nothing"]),
        "New or changed in the lesson": n_new and counted(n_new, "cell"),
        "Below them, of yours": kinds["earlier"] and cells_of_kind(kinds, "earlier"),
        "At the end, since the lesson no longer asks it": ", ".join(kinds["left"]),
    }
    return " ".join(f"{what}: {words}." for what, words in parts.items() if words)


def cells_of_kind(kinds, kind):
    """Say how many cells of a kind there are."""
    return counted(len(kinds[kind]), COUNTED[kind])


COMMAND = for_lessons(
    "bring pages of changed lessons up to date, with what you wrote in them", update_page
)
