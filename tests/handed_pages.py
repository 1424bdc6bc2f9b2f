"""Pages as learners hand them in: a lesson's, with answers of all kinds in its exercise cells."""

import functools
import importlib
import json
import pathlib
import re

from exercises import IDS, exercise_cells, lesson_of, questions, registry

from nnlib.classroom.handed import read_page
from nnlib.system.pages import as_bytes, without_answers

NO_TEXT = {  # wrong answers of exercises whose rows hold none as text: (answer, what is said)
    "10-1": (
        "def save(path, params):\n    np.savez(path)\n\n\ndef load(path):\n    return []\n\n\n"
        "there_and_back = save, load",
        "✗ 10-1",
    ),
    "14-3": ("def my_one_hot(y, n_classes):\n    return np.zeros((n_classes, len(y)))", "✗ 14-3"),
    "14-5": ("def my_read(table):\n    return table[:, 1:], table[:, 0]", "✗ 14-5"),
    "16-1": (
        "class Tanh:\n    def forward(self, Z):\n        return np.tanh(Z)\n\n"
        "    def backward(self, G):\n        return G",
        "✗ 16-1",
    ),
}


def learners_copy(number):
    """The page that a learner gets, as a tree: nothing run, no teacher's cells."""
    (lesson,) = {lesson_of(id) for id in IDS if id.startswith(number)}
    return json.loads(without_answers(lesson.read_bytes()))


def cell(source, kind="code", **more):
    """A cell as a notebook stores it."""
    ran = {"outputs": [], "execution_count": None} if kind == "code" else {}
    return {"cell_type": kind, "id": "own", "metadata": {}, "source": source, **ran, **more}


def place_of(notebook, id):
    """The place of the cell that asks for an exercise."""
    sources = ["".join(cell["source"]) for cell in notebook["cells"]]
    return next(i for i, source in enumerate(sources) if f'\ncheck("{id}"' in source)


def answered(number, answers):
    """A learner's page with these answers, {id: source}, each before its own check."""
    notebook = learners_copy(number)
    for id, source in answers.items():
        place = place_of(notebook, id)
        check = re.search(rf'^check\("{id}".*$', exercise_cells(id)[0], flags=re.M)[0]
        notebook["cells"][place]["source"] = f"{source.rstrip()}\n\n\n{check}\n"
    return notebook


def replaced(number, id, source):
    """A learner's page on which one exercise's cell is a text of its own."""
    notebook = learners_copy(number)
    notebook["cells"][place_of(notebook, id)]["source"] = source
    return notebook


def as_page(notebook):
    """A notebook as marking reads it."""
    return read_page(as_bytes(notebook))


def from_body(id, text):
    """The source of an answer from the lines of its body."""
    return f"def {registry.EXERCISES[id].form}:\n    " + "\n    ".join(text.strip().split("\n"))


@functools.cache
def wrong_answers(id):
    """The wrong answers to an exercise as texts, and a part of what is said of each."""
    if id in NO_TEXT:
        return [NO_TEXT[id]]
    if id in questions.SLIPS:
        return [(f"my_reason = {w!r}", says[:30]) for w, says in questions.SLIPS[id].items()]
    return [
        (from_body(id, answer), fragment)
        for of, answer, fragment in text_rows()
        if of == id and not fragment.startswith(("✓", "○", "?", "hand b"))
    ]


def wrong_texts(id):
    """The wrong answers to an exercise as texts."""
    return [text for text, _ in wrong_answers(id)]


def slip(id):
    """A wrong answer to an exercise, and a part of what is said of it."""
    return wrong_answers(id)[0]


@functools.cache
def text_rows():
    """The rows whose answers are texts, the bodies of functions."""
    files = sorted(pathlib.Path(__file__).parent.glob("rows/lesson_*.py"))
    tables = [importlib.import_module(f"rows.{path.stem}").ROWS for path in files]
    found = [row for table in tables for row in table if isinstance(row[1], str)]
    return [row for row in found if "(" in registry.EXERCISES[row[0]].form]
