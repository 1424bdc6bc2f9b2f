"""The exit tickets of docs/course.md: three questions, a key, a word on each wrong answer."""

import re

import numpy as np
import pytest
from course import COURSE, LESSONS
from lessons import PATHS, cells

TICKETS = {
    number: text
    for number, text in re.findall(
        r"^### Ticket (\d\d): [^\n]+\n(.*?)(?=^### |\Z)", COURSE, re.M | re.S
    )
}
KEY = re.compile(r"^\| (\d) \| ([a-d]) \| (.+) \|$", re.M)


def questions(ticket):
    """The questions of a ticket: [(number, {"a": option, …}), …]."""
    found = re.findall(r"^(\d)\. (?:.+\n)+?((?:   - [a-d]\) .+\n)+)", ticket, re.M)
    return [(number, dict(re.findall(r"- ([a-d])\) (.*)", options))) for number, options in found]


def test_every_lesson_has_a_ticket_under_its_title():
    assert sorted(TICKETS) == LESSONS
    for number, title in re.findall(r"^### Ticket (\d\d): (.+)$", COURSE, re.M):
        path = next(path for path in PATHS if path.stem.startswith(number))
        assert cells(path)[0].source.removeprefix("# ").startswith(title)


@pytest.mark.parametrize("number", LESSONS)
def test_a_ticket_has_three_questions_one_key_and_a_word_on_each_wrong_answer(number):
    text = TICKETS[number]
    asked, keys = questions(text), KEY.findall(text)
    assert [n for n, _ in asked] == [n for n, *_ in keys] == ["1", "2", "3"]
    assert f"<summary>Key to ticket {number}</summary>" in text
    for (_, options), (_, key, words) in zip(asked, keys):
        assert sorted(options) == list("abcd") and len(set(options.values())) == 4
        assert re.findall(r"(?:^|; )([a-d]): \S", words) == sorted(set("abcd") - {key})


def test_no_key_stands_outside_its_fold():
    for text in TICKETS.values():
        assert KEY.search(text.split("<details>")[0]) is None and text.count("<details>") == 1


def test_keys_are_spread_over_the_letters():
    letters = "".join(key for text in TICKETS.values() for _, key, _ in KEY.findall(text))
    assert min(letters.count(letter) for letter in "abcd") >= len(letters) / 5
    for text in TICKETS.values():
        assert len({key for _, key, _ in KEY.findall(text)}) == 3


P = np.array([0.5, 0.2, 0.3])
COMPUTED = {  # (ticket, question): what the right answer must hold
    ("00", "2"): f"{1 / 10}",
    ("01", "2"): f"{int(8 / 255)}",
    ("01", "3"): f"{500 / 5000}",
    ("04", "1"): f"{-np.log(0.1):.3f}",
    ("05", "1"): "(" + ", ".join(f"{d:g}".replace("-", "−") for d in P - [0, 1, 0]) + ")",
    ("05", "2"): f"{-P[1] * P[0]:g}".replace("-", "−"),
    ("07", "1"): f"{np.log(10):.3f}",
    ("07", "3"): f"{0.1 / 4000:.6f}",
    ("08", "2"): f"{1 / 100}",
    ("09", "1"): f"100 % and {100 * 100 / 114:.0f} %",
    ("11", "1"): f"1/{4**6:,}",
    ("12", "3"): f"{255**2:,}",
    ("13", "1"): f"{0.9 * 2 - 1:.1f}",
    ("13", "3"): f"{0.1 / np.sqrt(0.001):.1f} times",
    ("15", "1"): f"{(2 * 1 + 6 * 3) // 4}",
    ("15", "2"): f"{6 * np.sqrt(9 * (1 / 9) ** 2):.0f}",
    ("16", "3"): f"{2 * 2 * 5}",
    ("17", "1"): f"{4 * (2 * 3 * 3 + 1)}",
    ("17", "2"): f"{len(range(0, 12 - 5 + 1, 2))}",
    ("17", "3"): f"{2 - 1 + 5}",
    ("18", "2"): f"{0.1 * np.abs([3, -1, 0.5, -2]).sum():.2f}",
}


@pytest.mark.parametrize(("number", "question"), COMPUTED)
def test_the_key_is_what_is_computed(number, question):
    key = next(key for n, key, _ in KEY.findall(TICKETS[number]) if n == question)
    assert COMPUTED[number, question] in dict(questions(TICKETS[number]))[question][key]
