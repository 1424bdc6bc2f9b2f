"""What a hand-in says of itself: made by the learner's computer, compared by the teacher's."""

import hashlib
import json
import platform
import re

import numpy as np

from nnlib.classroom.handed import exercises_known, lessons_of
from nnlib.system.lessons import lesson_files
from nnlib.system.pages import MALFORMED, fingerprint

OPENED = re.compile(r"^Hint (\d) of \d:", re.MULTILINE)
ASKED_FOR = re.compile(r"""\bhint\(\s*["'](\d\d-\d+)["']""")


def record_of(page, verdicts, name):
    """Write down what a hand-in says of itself.

    Parameters
    ----------
    page : Page
    verdicts : dict
        {id: Verdict}.
    name : str
        The learner's.

    Returns
    -------
    dict
        As it stands in the notebook's metadata.
    """
    return {
        "name": name,
        "verdicts": {id: verdict.line for id, verdict in sorted(verdicts.items())},
        "hints": hints_opened(page),
        "versions": {
            "python": platform.python_version(),
            "numpy": np.__version__,
            "system": platform.system(),
        },
        "page_sha256": seal(page),
        "lessons_sha256": {number: edition(number) for number in lessons_of(page)},
    }


def hints_opened(page):
    """Tell which hints a page still shows: {id: the number of the furthest}."""
    found = {}
    for cell in page.cells:
        numbers = [int(number) for number in OPENED.findall(cell.printed)]
        for id in ASKED_FOR.findall(cell.source) if numbers else ():
            found[id] = max(*numbers, found.get(id, 0))
    return found


def seal(page):
    """Return the SHA-256 of what a page's cells say, whatever was run in them."""
    said = [[cell.is_code, cell.source] for cell in page.cells]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def edition(number):
    """Return the SHA-256 of what a lesson says as it is installed."""
    return fingerprint(next(file for file in lesson_files() if file.name.startswith(number)))


def remarks_on(page, verdicts):
    """Say what a teacher should know of a hand-in; its own verdicts are compared, never believed.

    Parameters
    ----------
    page : Page
    verdicts : dict
        {id: Verdict}, as judged here.

    Returns
    -------
    list of str
        Sentences without their full stop; [] for a page that is no hand-in.
    """
    record = page.record
    if not record:
        return []
    try:
        return [
            *["it was changed after it was handed in"] * (record["page_sha256"] != seal(page)),
            *differing(record["verdicts"], verdicts),
            *other_editions(record["lessons_sha256"], lessons_of(page)),
            *hints_in_words(record["hints"]),
        ]
    except MALFORMED:
        return ["what the hand-in says of itself is damaged"]


def differing(stored, verdicts):
    """Say which verdicts a hand-in claims that are not those found here."""
    return [
        f"{id}: the hand-in says {sign_in(stored.get(id))}, but judged here it is {verdict.mark}"
        for id, verdict in sorted(verdicts.items())
        if sign_in(stored.get(id)) != verdict.mark
    ]


def sign_in(line):
    """Return the sign that a stored verdict begins with."""
    return line[0] if isinstance(line, str) and line[:1] in tuple("✓✗○?!") else "nothing"


def other_editions(said, numbers):
    """Say which lessons were others when the page was handed in."""
    return [
        f"made with another edition of lesson {number}"
        for number in numbers
        if said.get(number) != edition(number)
    ]


def hints_in_words(hints):
    """Say which hints were opened."""
    known = [id for id in exercises_known() if id in hints]
    opened = ", ".join(f"{id} {int(hints[id])} of 3" for id in known)
    return [f"hints opened: {opened}"] if opened else []
