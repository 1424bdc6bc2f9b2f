"""What is found on a page, whatever the page is."""

import contextlib
import json

import pytest
from exercises import IDS
from handed_pages import as_page, cell, learners_copy
from hypothesis import given, settings
from hypothesis import strategies as st

from nnlib.classroom import handed
from nnlib.classroom.handed import (
    Asked,
    exercises_of_page,
    expected_of,
    handed_in_lesson,
    lessons_of,
    read_page,
)
from nnlib.classroom.judge import missing_names
from nnlib.classroom.limits import LIMITS
from nnlib.classroom.magics import as_python
from nnlib.classroom.record import hints_opened, remarks_on, seal
from nnlib.system.errors import ClassroomError

KEYS = ["cells", "worksheets", "metadata", "tags", "source", "input", "outputs", "text"]
KEYS += ["cell_type", "nnlib_handin", "verdicts", "hints", "page_sha256", "lessons_sha256"]
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9)
LEAVES |= st.sampled_from(["code", 'check("01-1", f)', 'start("01")', "%time", "Hint 1 of 3:"])
TREES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(KEYS), inner, max_size=6)
        | st.fixed_dictionaries({"cells": st.lists(inner, max_size=4), "metadata": inner})
    ),
    max_leaves=25,
)


@settings(max_examples=300, deadline=None)
@given(TREES)
def test_any_json_is_a_page_or_one_sentence(tree):
    with contextlib.suppress(ClassroomError):
        page = read_page(json.dumps(tree).encode())
        assert isinstance(exercises_of_page(page), list) and isinstance(seal(page), str)
        assert isinstance(hints_opened(page), dict) and isinstance(remarks_on(page, {}), list)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=60) | st.binary(max_size=60).map(lambda data: b'{"cells": [' + data))
def test_any_bytes_are_a_page_or_one_sentence(data):
    with contextlib.suppress(ClassroomError):
        read_page(data)


@pytest.mark.parametrize("number", sorted({id[:2] for id in IDS}))
def test_a_lesson_asks_for_its_own_exercises_once(number):
    page = as_page(learners_copy(number))
    found = exercises_of_page(page)
    assert lessons_of(page) == [number]
    assert sorted(asked.id for asked in found) == expected_of(page)
    assert all(asked.handed == handed_in_lesson(asked.id) for asked in found)


ASKING = {  # a cell: what it asks for
    'check("01-1", f)': [("01-1", "f")],
    'check(answer=f, id="01-1")': [("01-1", "f")],
    'nnlib.checks.check("01-1", lambda y: y)': [("01-1", "lambda y: y")],
    'check("01-1")': [("01-1", "")],
    'if True:\n    check("01-1", f)': [("01-1", "f")],
    '%time check("01-1", f)': [("01-1", "f")],
    '!ls\ncheck("01-1", f)': [("01-1", "f")],
    'x = (\ncheck("01-1", f)': [("01-1", "")],
    '# check("01-1", f)': [],
    "print('check(\"01-1\", f)')": [],
    'check("otter-1", f)\ncheck(q1)\ncheck("09-9", f)': [],
    'check("01-1", f)\ncheck("01-1", g)': [("01-1", "f")],
    "%%bash\necho": [],
}


@pytest.mark.parametrize("source", ASKING)
def test_what_a_cell_asks_for_is_found(source):
    page = as_page({"cells": [cell(source)], "metadata": {}})
    assert exercises_of_page(page) == [Asked(id, 0, handed) for id, handed in ASKING[source]]


def test_without_its_check_the_last_of_the_own_cells_counts():
    notebook = learners_copy("15")
    cells = [c for c in notebook["cells"] if "check(" not in "".join(c["source"])]
    own = ["def center_of_mass(image):\n    return 1", "def center_of_mass(image):\n    return 2"]
    notebook["cells"] = [*map(cell, own), *cells, cell('start("15")')]
    found = {asked.id: asked for asked in exercises_of_page(as_page(notebook))}
    assert found["15-1"] == Asked("15-1", 1, "center_of_mass")


def test_a_bundle_knows_the_exercises_of_its_own_lessons_alone(monkeypatch):
    some = [lesson for lesson in handed.lesson_files() if lesson.name < "07"]
    monkeypatch.setattr(handed, "lesson_files", lambda: some)
    monkeypatch.setattr(handed, "exercises_known", handed.exercises_known.__wrapped__)
    for number, expected in [("07", []), ("01", ["01-1", "01-2", "01-3"])]:
        page = as_page(learners_copy(number))
        assert expected_of(page) == expected
        assert sorted(asked.id for asked in exercises_of_page(page)) == expected


def test_a_page_may_not_ask_without_end():
    cells = [cell(f'check("01-1", {name})') for name in "abcdefgh"]
    found = exercises_of_page(as_page({"cells": cells, "metadata": {}}))
    assert [asked.handed for asked in found] == list("defgh")[-LIMITS.cells :]


MAGIC = {  # a cell: the same as Python
    "%time x = 1": "x = 1",
    "if x:\n  %timeit -n 10 -r3 f(x)": "if x:\n  f(x)",
    "%%time\nx = 1": "# timed\nx = 1",
    "%%capture out\nx = 1": "# timed\nx = 1",
    "x = 100 %time": "x = 100 %time",
    "def f(\n": "def f(\n",
}


@pytest.mark.parametrize("source", MAGIC)
def test_timed_code_just_runs(source):
    assert as_python(source).rstrip("\n") == MAGIC[source].rstrip("\n")


@pytest.mark.parametrize(
    "source", ["!ls", "x = !ls", "%matplotlib inline", "np.zeros?", "%%bash\nls"]
)
def test_what_is_ipythons_becomes_a_call(source):
    assert "get_ipython()" in as_python(source)


MISSING = {
    "f(x)": {"f", "x"},
    "x = 1\nprint(x)": set(),
    "def f(a):\n    b = a\n    return b + helper(len(a))": {"helper"},
    "[y for y in range(3)]": set(),
    "class A:\n    def g(self):\n        return self.x + other": {"other"},
    "import numpy\nnumpy.zeros(known)": set(),
    "def f(": set(),
}


@pytest.mark.parametrize("source", MISSING)
def test_names_from_elsewhere_are_found(source):
    assert missing_names(source, {"known": 1}) == MISSING[source]
