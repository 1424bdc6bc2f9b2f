"""`class handin`: judge a page as a teacher will, and write the one file that is handed in."""

import pathlib
import time
import unicodedata

from nnlib.classroom.collecting import clean_name
from nnlib.classroom.command import Command, option
from nnlib.classroom.handed import RECORD, expected_of, parsed_json, read_page
from nnlib.classroom.judging import Bench
from nnlib.classroom.limits import LIMITS
from nnlib.classroom.record import hints_in_words, record_of
from nnlib.system.cells import not_run
from nnlib.system.errors import ClassroomError
from nnlib.system.failures import RUN
from nnlib.system.files import write_whole
from nnlib.system.lessons import lesson_files, lessons_named, work_folder
from nnlib.system.pages import MALFORMED, as_bytes
from nnlib.views.words import counted

SEEN = """
Your teacher will see, in {file}, and nothing else:
  your name as you gave it: {name}
  every cell of the page as it was saved {saved}, your code and your words, not what it showed
  what the exercises say, above; your teacher's computer judges them anew
  {hints}
  Python {python} and NumPy {numpy} on {system}
  a checksum of the page and one of the lesson, which tell whether either was changed later
"""


def run_handin(options):
    """Judge a page, write the file, and say all that a teacher will see of it."""
    (lesson,) = lessons_named([options.lesson], lesson_files())
    name = checked_name(options.name)
    path = work_folder() / lesson.name
    page = page_at(path)
    print(f"Running the exercises of {path.name} …", flush=True)
    with Bench(seats=1) as bench:
        verdicts = bench.judge_page(page)
    record = record_of(page, verdicts, name)
    for id in expected_of(page):
        print(verdicts[id].line if id in verdicts else f"– {id} is not on the page")
    open_ones = [id for id in expected_of(page) if id not in verdicts or verdicts[id].mark != "✓"]
    if open_ones:
        print(f"{counted(len(open_ones), 'exercise')} not right yet: you may hand in again later.")
    folder = pathlib.Path(options.to).expanduser() if options.to else work_folder() / "handin"
    target = folder / f"{lesson.name[:2]}_{in_file_name(name)}.ipynb"
    write_handin(target, path.read_bytes(), record)
    print(seen(record, target, path))
    print(f"Hand in this one file: {target}")


def checked_name(name):
    """Return a learner's name in one line; ClassroomError if there is no letter in it."""
    clean = " ".join((name or "").split())
    if not any(sign.isalpha() for sign in clean):
        raise ClassroomError(
            "a hand-in needs the name that your teacher knows, with letters in it, as in "
            '--name "Anna B"'
        )
    if len(clean) > LIMITS.name:
        raise ClassroomError(
            f"the name has {len(clean)} characters; give one of at most {LIMITS.name}"
        )
    return clean_name(clean)


def in_file_name(name):
    """Return a name as part of a file's: letters with their marks, digits, the rest as "_"."""
    signs = "".join(sign if unicodedata.category(sign)[0] in "LMN" else " " for sign in name)
    return "_".join(signs.split())[:40].strip("_")


def page_at(path):
    """Read the learner's page; ClassroomError says what to do if that is not possible."""
    try:
        page = read_page(path.read_bytes())
    except FileNotFoundError:
        raise ClassroomError(
            f"there is no page {path.name} in {path.parent.name}/: open the lesson with "
            f"`{RUN} lab`, save it (File, Save Notebook), then hand it in"
        ) from None
    except OSError as error:
        raise ClassroomError(f"{path.name} cannot be read ({error.strerror})") from None
    except ClassroomError as error:
        raise ClassroomError(
            f"{path.name} cannot be handed in: {error}; save it again in JupyterLab, or get a "
            f"fresh copy with `{RUN} reset {path.name[:2]}`, which keeps this one"
        ) from None
    if not expected_of(page):
        raise ClassroomError(f"{path.name} holds no exercise of these lessons")
    return page


def write_handin(target, data, record):
    """Write the page without what its cells showed, and with what the hand-in says of itself."""
    notebook = parsed_json(data)
    try:
        cells = [silent(cell) for cell in notebook["cells"]]
    except MALFORMED:
        raise ClassroomError(
            "the page has a form from before 2015, which cannot be handed in: open it in "
            "JupyterLab, save it (File, Save Notebook), then hand it in"
        ) from None
    kernel = notebook.get("metadata", {}).get("kernelspec")
    metadata = ({"kernelspec": kernel} if kernel else {}) | {RECORD: record}
    page = notebook | {"cells": cells, "metadata": metadata}
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        write_whole(target, as_bytes(page))
    except OSError as error:
        raise ClassroomError(
            f"{target.name} cannot be written into {target.parent.name}/ ({error.strerror}): name "
            "another folder with --to"
        ) from None


def silent(cell):
    """Return a cell without what it showed, and of its metadata, such as when it ran, the tags."""
    tags = (cell.get("metadata") or {}).get("tags")
    return not_run(cell) | {"metadata": {"tags": tags} if tags else {}}


def seen(record, target, path):
    """Say all that a teacher will see of a hand-in, in words."""
    (hints,) = hints_in_words(record["hints"]) or ["no hint opened, as far as the page shows"]
    saved = time.strftime("on %d %B at %H:%M", time.localtime(path.stat().st_mtime))
    words = {"file": target.name, "name": record["name"], "saved": saved, "hints": hints}
    return SEEN.format(**words, **record["versions"])


COMMAND = Command(
    says="write the one file that you hand in, and say what your teacher will see in it",
    run=run_handin,
    options=(
        option("lesson", metavar="NN", help="the lesson, as in 07"),
        option("--name", metavar='"Anna B"', help="the name that your teacher knows"),
        option("--to", metavar="FOLDER", help="where to write it; work/handin otherwise"),
    ),
)
