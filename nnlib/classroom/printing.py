"""Lessons as pages to print: `run.py class print 07 08 --student`.

Printed are the lessons themselves, not the pages in which somebody works. `EDITIONS` says what
each kind of paper is for; `nnlib.classroom.paper` sets it.
"""

from pathlib import Path
from typing import NamedTuple

from nnlib.classroom.command import Command, option
from nnlib.system.errors import ClassroomError
from nnlib.system.files import write_whole
from nnlib.system.lessons import lesson_files, lessons_named


class Edition(NamedTuple):
    """What a printed lesson is for, and what of it is therefore shown."""

    purpose: str  # stands above the title
    outputs: bool  # what the cells gave; without it, what follows a question waits at the end
    solutions: bool  # to exercises, and answers to the questions at the end
    room: bool  # to write on


EDITIONS = {  # by what the names of their files end with
    "": Edition("to read", outputs=True, solutions=False, room=False),
    "_student": Edition("to work on", outputs=False, solutions=False, room=True),
    "_solutions": Edition("with solutions", outputs=True, solutions=True, room=False),
}


def print_lessons(options):
    """Write one file for each lesson, and for each edition of it that was asked for."""
    from nnlib.classroom.paper import lesson_on_paper  # slow to load: only when it is needed

    folder = Path(options.output)
    for lesson in lessons_named(options.lessons, lesson_files()):
        for ending in options.endings or [""]:
            sheet = folder / f"{lesson.stem}{ending}.html"
            write_sheet(sheet, lesson_on_paper(lesson, EDITIONS[ending]))
            print(f"{sheet} is written.")
    print("Open it in a browser and print it from there; it needs no network.")


def write_sheet(path, html):
    """Write a page whole or not at all, in a folder that is made if need be."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, html.encode("utf-8"))
    except OSError as error:
        raise ClassroomError(
            f"{path.name} could not be written ({error.strerror}); after --output, name a folder "
            "in which you may write"
        ) from error


COMMAND = Command(
    "write lessons as pages to print: an HTML file each, with outputs and pictures",
    print_lessons,
    (
        option("lessons", nargs="*", metavar="LESSON", help="their numbers: 07 08"),
        option(
            "--student",
            dest="endings",
            action="append_const",
            const="_student",
            help="without outputs, with room to write; what answers a question stands at the end",
        ),
        option(
            "--solutions",
            dest="endings",
            action="append_const",
            const="_solutions",
            help="with outputs, pictures, worked solutions and answers",
        ),
        option("--output", metavar="FOLDER", default="print", help="where to (default: print)"),
    ),
)
