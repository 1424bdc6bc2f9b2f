"""Cells: what they say, as what they are known, and the mark that a copy bears."""

import pytest
from books import code, markdown
from exercises import IDS, exercise_cells

from nnlib.system.cells import (
    BY_NUMBER,
    beyond_hints,
    digest_of,
    has_tag,
    is_exercise,
    is_teachers,
    known_as,
    marked,
    origin_of,
    unmarked,
)

KNOWN = {
    'def f(x):\n    return x\n\n\ncheck("05-1", f)': "05-1",
    "check( '05-12', f )  # mine": "05-12",
    'check(id="05-1", answer=f)': "05-1",
    'check(\n    "05-1",\n    f,\n)': "05-1",
    'hint("05-1", 2)\ncheck("05-1", f)': "05-1",
    '# hint("05-1")   # take away the first # when you are stuck': "hint 05-1",
    "hint('05-1', number=3)\n": "hint 05-1",
}
PLAIN = [
    '# check("05-1", f)',
    'check_equation("5.1")',
    'x = 3  # see check("05-1", f)',
    'hint("05-1")\nx = 3',
    "print(2 + 2)",
    "",
]


@pytest.mark.parametrize("text", KNOWN)
def test_an_exercise_and_its_hints_are_known_by_their_number(text):
    assert known_as(code(text)) == KNOWN[text] and BY_NUMBER.fullmatch(KNOWN[text])
    assert is_exercise(known_as(code(text))) == ("check" in text)
    assert known_as(markdown(text)) == digest_of(markdown(text))


@pytest.mark.parametrize("text", PLAIN)
def test_all_else_is_known_by_its_text(text):
    assert known_as(code(text)) == digest_of(code(text))
    assert not BY_NUMBER.fullmatch(known_as(code(text)))


@pytest.mark.parametrize("id", IDS)
def test_every_exercise_of_the_lessons_is_known(id):
    assert known_as(code(exercise_cells(id)[0])) == id


def test_a_digest_is_that_of_type_and_text_however_the_text_is_stored():
    same = [code("a\nb"), code(["a\n", "b"]), code("\na\nb \n"), code("a\nb", 7)]
    assert len({digest_of(cell) for cell in same}) == 1
    others = [code("a\n b"), markdown("a\nb"), code("a\nb\nc")]
    assert len({digest_of(cell) for cell in [same[0], *others]}) == 4


def test_a_mark_tells_the_origin_whatever_becomes_of_the_cell():
    cell = code('check("05-1", f)') | {"metadata": {"tags": ["exercise"], "mine": 1}}
    copy = marked(cell)
    assert origin_of(copy | {"source": "f = 3"}) == ("05-1", digest_of(cell))
    assert origin_of(cell) == ("05-1", "")
    assert unmarked(copy) == cell and marked(copy) == copy
    assert has_tag(copy, "exercise", "other") and not is_teachers(copy)


@pytest.mark.parametrize("mark", [None, 5, {}, {"cell": 5, "text": "a"}, {"cell": "a"}, ["a"]])
def test_a_mark_of_somebody_else_is_none(mark):
    cell = code("x = 3") | {"metadata": {"nnlib": mark}}
    assert origin_of(cell) == (digest_of(cell), "")


def test_hints_say_nothing():
    assert beyond_hints(code('# hint("05-1")\nx = 3\nhint("05-1", 2)')) == "x = 3"
