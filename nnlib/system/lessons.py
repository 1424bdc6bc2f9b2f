"""Lessons by their numbers, and the folder of a learner's copies; needs nothing installed."""

import pathlib
import re
import sys

from nnlib.system.errors import ClassroomError
from nnlib.system.pages import fingerprint, origins
from nnlib.system.places import PACKAGE, folder_named, shipped

NUMBER = re.compile(r"(?:lesson ?)?([0-9]{1,2})(_.*)?")


def lesson_files(folder=None):
    """List the lessons in their order.

    Parameters
    ----------
    folder : pathlib.Path, optional
        By default the project's notebooks/.

    Returns
    -------
    list of pathlib.Path

    Raises
    ------
    ClassroomError
        If there is none.
    """
    folder = folder or shipped("notebooks")
    files = sorted(folder.glob("[0-9][0-9]_*.ipynb"))
    if not files:
        raise ClassroomError(
            f"no lesson lies in {folder.name}/: get the whole project again (`git clone`)"
        )
    return files


def lessons_named(words, files):
    """Find the lessons that a learner names, each once.

    Parameters
    ----------
    words : list of str
        "7", "07", "lesson 7", "work/07_training.ipynb" …
    files : list of pathlib.Path

    Returns
    -------
    list of pathlib.Path

    Raises
    ------
    ClassroomError
        If a word names none, or there is no word.
    """
    found, known = [], ", ".join(file.name[:2] for file in files)
    for word in words or [""]:
        number = NUMBER.fullmatch(re.split(r"[/\\]", word.strip())[-1])
        lesson = number and next((f for f in files if f.name[:2] == number[1].zfill(2)), None)
        if not lesson:
            said = f"there is no lesson {word}" if word else "no lesson was named"
            raise ClassroomError(f"{said}; there are {known}, as in `{known[:2]}`")
        found.append(lesson)
    return list(dict.fromkeys(found))


def work_folder(project=PACKAGE.parent):
    """Return the folder of the learner's copies: NNLIB_WORK names it, or it is a project's work/.

    Parameters
    ----------
    project : pathlib.Path, optional
        By default the one that this nnlib is part of.

    Returns
    -------
    pathlib.Path
        It need not be there yet.
    """
    named = folder_named("NNLIB_WORK")
    return named.absolute() if named else project / "work"


def belongs(folder):
    """Tell whether the pages in a folder go with this nnlib.

    An nnlib that was installed from a wheel has its data with it, and goes with every page. One
    that is used from its project goes with pages that lie there, or were copied from its lessons,
    or are the same: so a class may share one project and keep its pages elsewhere.

    Parameters
    ----------
    folder : pathlib.Path

    Returns
    -------
    bool
    """
    apps = (pathlib.Path(sys.prefix), work_folder() / ".nnlib")  # where a lesson is shown as an app
    places = [place.resolve() for place in (PACKAGE.parent, *apps)]  # on macOS, /tmp is a link
    is_there = any(folder.resolve().is_relative_to(place) for place in places)
    if is_there or (PACKAGE / "shipped").is_dir():
        return True
    known = origins(folder)
    return any(
        fingerprint(lesson) in (known.get(lesson.name), fingerprint(folder / lesson.name))
        for lesson in shipped("notebooks").glob("[0-9][0-9]_*.ipynb")
    )
