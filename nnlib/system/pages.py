"""Pages: the copies of the lessons in which a learner works, made and kept up to date.

A copy holds no answers, and bears marks of what its lesson said. `.origin.json` beside the copies
remembers the text that each was made from: a page that still says it follows its lesson, one with
anything of the learner's own stays. Nothing but the standard library is needed, since copies are
made before anything is installed.
"""

import hashlib
import itertools
import json
import os
import shutil
import stat
from contextlib import suppress

from nnlib.system.cells import beyond_hints, is_teachers, marked, not_run
from nnlib.system.errors import ClassroomError
from nnlib.system.files import write_whole

ORIGIN = ".origin.json"
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
# what the JSON of somebody else may raise where it is not what we expect
MALFORMED = (ValueError, LookupError, TypeError, AttributeError, RecursionError)


def follow_lessons(lessons, work, with_outputs=False):
    """Copy what is missing, renew what the learner has not touched, keep the rest.

    Parameters
    ----------
    lessons : list of pathlib.Path
    work : pathlib.Path
        The folder of the copies; it exists.
    with_outputs : bool, default False
        Copy the lessons as they are, with what they printed and with the teacher's cells.

    Returns
    -------
    list of pathlib.Path
        The pages that were kept although their lessons have changed since they were copied.
    """
    before = origins(work)
    known, kept = dict(before), []
    for lesson in lessons:
        page, today = work / lesson.name, fingerprint(lesson)
        if is_due(page, lesson, known.get(page.name), with_outputs):
            copy_lesson(lesson, page, with_outputs)
        if fingerprint(page) == today:
            known[page.name] = today
        elif known.get(page.name) != today:
            kept.append(page)
    if known != before:
        remember(work, known)
    return kept


def is_due(page, lesson, origin, with_outputs):
    """Whether a page is missing, or untouched and not what a copy would be today."""
    if not os.path.lexists(page):
        return True
    if not may_replace(page):
        return False
    mine, today = fingerprint(page), fingerprint(lesson)
    return mine == origin != today or (with_outputs and mine == today and not was_run(page))


def was_run(page):
    """Whether a page holds anything that its cells have printed."""
    with suppress(*MALFORMED):
        return any(cell.get("outputs") for cell in json.loads(page.read_bytes())["cells"])
    return False


def may_replace(page):
    """Whether a page is a file that nobody has linked or made read-only."""
    if page.is_symlink() or not page.is_file() or not os.access(page, os.R_OK | os.W_OK):
        return False
    return bool(page.stat().st_mode & stat.S_IWUSR)  # the superuser may, and should not, write it


def renew_page(lesson, work):
    """Put a fresh copy of a lesson into a folder, and keep the old one beside it.

    Parameters
    ----------
    lesson : pathlib.Path
    work : pathlib.Path
        The folder of the copies; it exists.

    Returns
    -------
    pathlib.Path or None
        Where the old one is kept, if there was one.
    """
    page = work / lesson.name
    backup = free_backup(page) if os.path.lexists(page) else None
    if backup:
        page.rename(backup)
    try:
        copy_lesson(lesson, page)
    except BaseException:
        if backup:
            backup.rename(page)
        raise
    remember(work, origins(work) | {page.name: fingerprint(lesson)})
    return backup


def exchange_page(page, old, new):
    """Put new bytes in the place of a page that still holds the old ones, and keep these beside it.

    Parameters
    ----------
    page : pathlib.Path
    old, new : bytes

    Returns
    -------
    pathlib.Path
        Where the old ones are kept.

    Raises
    ------
    ClassroomError
        If the page was saved in between; it stays as it is then.
    """

    def check(_draft):
        if page.read_bytes() != old:
            raise ClassroomError(
                f"{page.name} was saved while it was brought up to date, so it stays as it was "
                "saved: run the same command again"
            )

    backup = free_backup(page)
    backup.touch(exist_ok=False)  # two at once do not take one name
    try:
        shutil.copymode(page, backup)
        write_whole(backup, old)
        write_whole(page, new, check)
    except BaseException:
        backup.unlink()
        raise
    return backup


def free_backup(path):
    """Return the first name of NAME.bak.ipynb, NAME.bak2.ipynb, … (or as it ends) that is free."""
    numbers = itertools.chain([""], itertools.count(2))
    names = (path.with_suffix(f".bak{n}{path.suffix}") for n in numbers)
    return next(name for name in names if not os.path.lexists(name))


def forget_widgets(work):
    """Drop from a folder's pages the widgets of kernels that have ended; their sentences stay.

    Parameters
    ----------
    work : pathlib.Path
    """
    for page in filter(may_replace, work.glob("*.ipynb")):
        with suppress(OSError, *MALFORMED):  # whatever it is, JupyterLab will say so
            notebook = json.loads(page.read_bytes())
            if drop_views(notebook):
                write_json(page, notebook)


def drop_widgets(model, **_):
    """Drop the widgets from a page that Jupyter's server is about to save; their sentences stay.

    A page outlives its kernel, and JupyterLab shows "model not found" where a widget was. The page
    in the browser keeps what it shows. A server takes this function by its name, as
    `c.ContentsManager.pre_save_hook = "nnlib.system.pages.drop_widgets"`.

    Parameters
    ----------
    model : dict
        What the server saves, with a notebook as its "content".
    """
    with suppress(*MALFORMED):  # saving what is no notebook is the server's business
        drop_views(model["content"])


def drop_views(notebook):
    """Drop the views of widgets, with what is kept for them; return whether there were any."""
    outputs = [out for cell in notebook["cells"] for out in cell.get("outputs", [])]
    views = [out["data"].pop(WIDGET_VIEW, None) for out in outputs if "data" in out]
    return any([*views, notebook.get("metadata", {}).pop("widgets", None)])


def copy_lesson(lesson, page, with_outputs=False):
    """Copy a lesson without its answers, or as it is."""
    data = lesson.read_bytes()
    write_whole(page, data if with_outputs else without_answers(data))


def without_answers(data):
    """Return a notebook with nothing run and no teacher's cells, each cell marked.

    What is no notebook comes back as it is.

    Parameters
    ----------
    data : bytes

    Returns
    -------
    bytes
    """
    try:
        notebook = json.loads(data)
        cells = [marked(not_run(cell)) for cell in notebook["cells"] if not is_teachers(cell)]
        return as_bytes(notebook | {"cells": cells})
    except MALFORMED:
        return data


def fingerprint(page):
    """Return the SHA-256 of what a page says, of its bytes if it is no notebook.

    Parameters
    ----------
    page : pathlib.Path

    Returns
    -------
    str
        Empty for what is not there or cannot be read.
    """
    try:
        data = page.read_bytes()
    except OSError:
        return ""
    with suppress(*MALFORMED):
        data = json.dumps(texts(json.loads(data))).encode()
    return hashlib.sha256(data).hexdigest()


def texts(notebook):
    """Return the type and text of each cell; teacher's cells, blank ones and hints say nothing."""
    pairs = [
        (cell["cell_type"], beyond_hints(cell))
        for cell in notebook["cells"]
        if not is_teachers(cell)
    ]
    return [pair for pair in pairs if pair[1]]


def origins(work):
    """Return {name of a page: fingerprint of what it was copied from}, as far as it is known."""
    try:
        found = json.loads((work / ORIGIN).read_bytes())
    except (OSError, *MALFORMED):
        return {}
    return found if isinstance(found, dict) else {}


def remember(work, known):
    """Write the origins; without them, a page that says what its lesson says gets its own anew."""
    with suppress(OSError):
        write_json(work / ORIGIN, known)


def write_json(path, tree):
    """Write what is in lists and dictionaries to a file, whole or not at all.

    Parameters
    ----------
    path : pathlib.Path
    tree : dict or list
    """
    write_whole(path, as_bytes(tree))


def as_bytes(tree):
    """Return lists and dictionaries as notebooks are stored."""
    text = json.dumps(tree, ensure_ascii=False, indent=1) + "\n"
    return text.encode("utf-8", "backslashreplace")  # half a sign: JSON allows it, UTF-8 does not
