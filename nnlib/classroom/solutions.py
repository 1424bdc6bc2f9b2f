"""solutions: the worked page of a lesson, with its outputs and solutions, beside the learner's own.

The exercises keep their stubs: a page that answered them would, when it is run, put its answers in
the place of what the learner's own page has kept for later lessons.
"""

import json
import os

from nnlib.classroom.command import for_lessons
from nnlib.system.cells import has_tag, is_teachers, text_of
from nnlib.system.errors import ClassroomError
from nnlib.system.files import write_whole
from nnlib.system.pages import as_bytes, exchange_page, may_replace

BEFORE = "solutions_"  # a page with this before its number is no lesson and no learner's page


def worked_page(lesson):
    """Return a lesson for after the deadline: whole, solutions unfolded, without teacher's cells.

    Parameters
    ----------
    lesson : dict
        The notebook.

    Returns
    -------
    dict
    """
    cells = [with_open_solution(cell) for cell in lesson["cells"] if not is_teachers(cell)]
    return lesson | {"cells": cells}


def with_open_solution(cell):
    """Return a cell in which a solution is open to see."""
    if not has_tag(cell, "solution"):
        return cell
    return cell | {"source": text_of(cell).replace("<details>", "<details open>")}


def solved_lesson(lesson):
    """Read a lesson that must have solutions.

    Parameters
    ----------
    lesson : pathlib.Path

    Returns
    -------
    dict
        The notebook.

    Raises
    ------
    ClassroomError
        If they were left out.
    """
    notebook = json.loads(lesson.read_bytes())
    if not any(has_tag(cell, "solution") for cell in notebook["cells"]):
        raise ClassroomError(
            f"{lesson.name} lies here without its solutions: your teacher has them, and can make "
            "the page with the whole project"
        )
    return notebook


def put_solutions(lesson, work):
    """Put the worked page of a lesson into a folder, and say so.

    Parameters
    ----------
    lesson : pathlib.Path
    work : pathlib.Path
        It exists.

    Returns
    -------
    str
        One line.
    """
    page, data = work / f"{BEFORE}{lesson.name}", as_bytes(worked_page(solved_lesson(lesson)))
    name, kept = f"{work.name}/{page.name}", ""
    if not os.path.lexists(page):
        write_whole(page, data)
    elif not may_replace(page):
        raise ClassroomError(f"{name} may not be written: rename it, then run the same again")
    elif page.read_bytes() != data:
        kept = f"; what was there is {exchange_page(page, page.read_bytes(), data).name}"
    return f"{name} shows lesson {lesson.name[:2]} with its outputs and solutions{kept}."


COMMAND = for_lessons(
    "put worked pages beside yours: outputs and solutions, for after the deadline", put_solutions
)
