"""What a learner wrote goes from an earlier page into the new one, and nothing is lost."""

import copy
import json

import nbformat
import pytest
from books import code, markdown
from exercises import IDS, exercise_cells, lesson_of
from lessons import PATHS

from nnlib.classroom.carrying import LEFT, carry_over
from nnlib.system.cells import MARK, known_as
from nnlib.system.pages import without_answers

STUB = 'def f(x):\n    return None\n\n\ncheck("05-1", f)'
ANSWER = 'def f(x):  # mine, ü\n\treturn 2 * x  \n\n\ncheck("05-1", f)\n\n'
HINT = '# hint("05-1")   # take away the first # when you are stuck'


def numbered(cells):
    """Cells with the ids that a lesson's have."""
    return [cell | {"id": f"cell-{number:02d}"} for number, cell in enumerate(cells)]


def book(*cells):
    """A notebook; its cells have the ids of a lesson's."""
    return {"cells": numbered(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def copied(lesson):
    """The learner's copy of a lesson."""
    return json.loads(without_answers(json.dumps(lesson).encode()))


def before_marks(page):
    """A page as copies were before they bore marks."""
    page = copy.deepcopy(page)
    for cell in page["cells"]:
        cell["metadata"].pop(MARK, None)
    return page


LESSON = book(
    markdown("# Double it"),
    markdown("**Predict:** what is 2 + 2?"),
    code("print(2 + 2)", 1),
    code(STUB, 2) | {"metadata": {"tags": ["exercise"]}},
    code(HINT, 3),
    markdown("What did we see?"),
    code("lr = 0.1", 4),
)
CHANGED = book(
    markdown("# Double it"),
    markdown("What comes first is new."),
    markdown("**Predict:** what is 2 + 2, in words?"),
    code("print(2 + 2)", 1),
    code(STUB, 2) | {"metadata": {"tags": ["exercise"]}},
    code(HINT, 3),
    markdown("What did we see?"),
    code("lr = 0.1", 4),
)


def sources(notebook):
    return ["".join(cell["source"]) for cell in notebook["cells"]]


def carried(do, lesson=CHANGED, first=LESSON):
    """The sources of the new page after a learner did something to the copy of the first lesson."""
    page = copied(first)
    do(page["cells"])
    new, found = carry_over(page, copied(lesson))
    nbformat.validate(nbformat.from_dict(new))
    assert len(found) == len(page["cells"])
    return sources(new)


FRESH = sources(CHANGED)


def with_(place, *texts):
    """The new lesson with some texts put in before a place."""
    return [*FRESH[:place], *texts, *FRESH[place:]]


def instead(place, text):
    """The new lesson with another text in a place."""
    return [*FRESH[:place], text, *FRESH[place + 1 :]]


OWN = markdown("My note") | {"id": "0123abcd"}
TRIED = code("x = 3", 5) | {"id": "4567cdef"}
EARLIER = "**Your earlier version** of the cell above, which the lesson has changed:\n\n"


def edit(place, text, **more):
    """Change the text of a cell."""
    return lambda cells: cells[place].update(source=text, **more)


def put(place, *cells):
    """Put cells before a place."""
    return lambda page: page.__setitem__(slice(place, place), [dict(cell) for cell in cells])


def split(cells):
    """Split the exercise, as JupyterLab does: both parts keep the metadata."""
    first, second = ANSWER.split("\n\n\n")
    cells[3]["source"] = first
    cells.insert(4, cells[3] | {"source": second, "id": "new"})


def retype(cells):
    """Make Markdown of a code cell."""
    cells[6] = {key: cells[6][key] for key in ("id", "metadata", "source")}
    cells[6]["cell_type"] = "markdown"


CASES = {  # what a learner did: the sources of the new page
    "nothing": (lambda cells: None, FRESH),
    "an answer": (edit(3, ANSWER), instead(4, ANSWER)),
    "an answer without its check": (edit(3, "f = 4"), instead(4, "f = 4")),
    "an answer with another id": (
        edit(3, ANSWER.replace("05-1", "50-1")),
        instead(4, ANSWER.replace("05-1", "50-1")),
    ),
    "a broken answer": (edit(3, "def f(:"), instead(4, "def f(:")),
    "an emptied exercise": (edit(3, ""), FRESH),
    "a split answer": (
        split,
        [*FRESH[:4], *ANSWER.split("\n\n\n"), *FRESH[5:]],
    ),
    "a hint": (edit(4, 'hint("05-1", 2)'), instead(5, 'hint("05-1", 2)')),
    "own cells after the same neighbor": (put(3, OWN, TRIED), with_(4, "My note", "x = 3")),
    "a cell above all": (put(0, OWN), with_(0, "My note")),
    "a cell at the end": (put(7, OWN), with_(8, "My note")),
    "a cell after one that was changed": (put(2, OWN), with_(3, "My note")),
    "an edited cell": (edit(6, "lr = 5"), instead(7, "lr = 5")),
    "an edited cell that was changed": (
        edit(1, "**Predict:** what is 2 + 2? I say 5"),
        with_(3, f"{EARLIER}**Predict:** what is 2 + 2? I say 5"),
    ),
    "a cell of another type": (retype, FRESH),
    "a lost cell": (lambda cells: cells.pop(5), FRESH),
    "empty cells": (put(3, code(""), markdown(" \n")), FRESH),
    "a moved cell": (lambda cells: cells.insert(0, cells.pop(6)), FRESH),
    "a copied cell": (lambda cells: cells.insert(3, cells[2] | {"id": "x"}), with_(4, FRESH[3])),
    "a copied cell, edited": (
        lambda cells: cells.insert(2, cells[2] | {"id": "x", "source": "print(3)"}),
        with_(3, "print(3)"),
    ),
    "a copied exercise": (
        lambda cells: cells.insert(4, cells[3] | {"id": "x", "source": ANSWER}),
        instead(4, ANSWER),
    ),
    "two answers": (
        lambda cells: (
            cells[3].update(source=ANSWER),
            cells.insert(4, cells[3] | {"id": "x", "source": ANSWER + "#"}),
        ),
        [*FRESH[:4], ANSWER, ANSWER + "#", *FRESH[5:]],
    ),
    "a check of one's own": (
        put(6, code('check("05-1", g)') | {"id": "x"}),
        with_(7, 'check("05-1", g)'),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_a_learner_did_is_found_in_its_place(case):
    do, expected = CASES[case]
    assert carried(do) == expected


@pytest.mark.parametrize("case", CASES)
def test_a_second_time_changes_nothing(case):
    page = copied(LESSON)
    CASES[case][0](page["cells"])
    once, _ = carry_over(page, copied(CHANGED))
    twice, _ = carry_over(once, copied(CHANGED))
    assert twice == once


PRECISE = {"an answer without its check", "an answer with another id", "an edited cell"}


@pytest.mark.parametrize("case", sorted(CASES.keys() - PRECISE))
def test_without_marks_nothing_is_lost(case):
    page = copied(LESSON)
    CASES[case][0](page["cells"])
    new, _ = carry_over(before_marks(page), copied(CHANGED))
    nbformat.validate(nbformat.from_dict(new))
    said, known = "\n".join(sources(new)), {known_as(cell) for cell in LESSON["cells"]}
    mine = [cell for cell in page["cells"] if known_as(cell) not in known]
    assert all("".join(cell["source"]).strip() in said for cell in mine)


def test_a_picture_pasted_into_a_note_and_outputs_of_ones_own_go_along():
    page = copied(LESSON)
    note = OWN | {"attachments": {"a.png": {"image/png": "aGk="}}}
    page["cells"][1] |= {"source": "![](attachment:a.png)", "attachments": note["attachments"]}
    page["cells"] += [note, TRIED]
    new, _ = carry_over(page, copied(CHANGED))
    kept = [cell for cell in new["cells"] if cell.get("attachments") or cell.get("outputs")]
    assert [cell["source"] for cell in kept[1:]] == ["My note", "x = 3"]
    assert kept[0]["source"].endswith("![](attachment:a.png)") and kept[2]["execution_count"] == 5


def test_a_changed_stub_is_told_below_the_answer():
    lesson = copy.deepcopy(CHANGED)
    lesson["cells"][4]["source"] = stub = STUB.replace("f(x)", "f(x, y)")
    told = f"The lesson now begins exercise 05-1 like this:\n\n```python\n{stub}\n```"
    new = carried(edit(3, ANSWER), lesson)
    assert new == [*FRESH[:4], ANSWER, told, *FRESH[5:]]
    assert carried(lambda cells: None, lesson)[4] == stub


def test_an_answer_without_its_exercise_goes_to_the_end_once_under_a_heading():
    lesson = book(*CHANGED["cells"][:4], *CHANGED["cells"][6:])
    page = copied(LESSON)
    page["cells"][3]["source"] = ANSWER
    new, _ = carry_over(page, copied(lesson))
    assert sources(new) == [*sources(lesson), LEFT, ANSWER]
    again, _ = carry_over(new, copied(book(*lesson["cells"][1:])))
    assert sources(again) == [*sources(lesson)[1:], LEFT, ANSWER]
    assert carried(lambda cells: None, lesson) == sources(lesson)


def test_code_that_was_replaced_does_not_run():
    lesson = copy.deepcopy(CHANGED)
    lesson["cells"][7]["source"] = "lr = 0.2  # half as large"
    new = carried(edit(6, 'lr = 5\n"""```"""'), lesson)
    assert new == [*sources(lesson), f'{EARLIER}````python\nlr = 5\n"""```"""\n````']


def answered(page):
    """Put every solution, with its check and odd blanks, into its exercise cell; {id: source}."""
    given = {}
    for cell in page["cells"]:
        id = known_as(cell)
        if id in IDS:
            check = f'check("{id}", {id})'
            given[id] = cell["source"] = f"\n{exercise_cells(id)[1]}\n\t# ü\n\n{check}  \n"
    return given


def later(lesson):
    """A lesson as it may be in a year: each sentence another, cells more, ids anew."""
    cells = []
    for cell in lesson["cells"]:
        if cell["cell_type"] == "markdown":
            cell = cell | {"source": "".join(cell["source"]).replace("the ", "this ") + " Really."}
            cells.append(markdown(f"More on {len(cells)}"))
        cells.append(cell)
    return lesson | {"cells": numbered(cells)}


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
@pytest.mark.parametrize("forget", [lambda page: page, before_marks], ids=["marks", "no marks"])
def test_the_answers_of_every_lesson_are_carried_byte_for_byte(path, forget):
    lesson = json.loads(path.read_bytes())
    page = copied(lesson)
    given = answered(page)
    fresh = copied(later(lesson))
    new, _ = carry_over(forget(page), fresh)
    nbformat.validate(nbformat.from_dict(new))
    found = {known_as(cell): cell for cell in new["cells"] if known_as(cell) in IDS}
    assert {id: cell["source"] for id, cell in found.items()} == given
    assert list(given) == [id for id in map(known_as, page["cells"]) if id in IDS]
    assert all(cell["metadata"]["tags"] == ["exercise"] for cell in found.values())
    if forget is not before_marks:  # and nothing else is on the page
        texts = [s for s, cell in zip(sources(new), new["cells"]) if known_as(cell) not in IDS]
        assert texts == [
            s for s, c in zip(sources(fresh), fresh["cells"]) if known_as(c) not in IDS
        ]


def test_every_exercise_was_tried():
    assert {lesson_of(id) for id in IDS} == {*PATHS}
