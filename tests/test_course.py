"""The plans of docs/course.md agree with the lessons: headings, minutes, nothing forgotten."""

import re

import pytest
from course import COURSE, after
from lessons import PATHS, ROOT, cells

TEACHING = (ROOT / "docs" / "teaching.md").read_text(encoding="utf-8")
FACTOR = {"do": 1.5, "show": 0.75, "tell": 0.75}


def quoted(text):
    """The sections that a text quotes: [("07", "What is training?"), …]."""
    return [
        (number, " ".join(name.split()))
        for number, name in re.findall(r"«(\d\d) ·\s([^»]+)»", text)
    ]


@pytest.fixture(scope="module")
def minutes(maintain):
    """The minutes of every section of every lesson, for one reader."""
    return {
        (path.stem[:2], heading): spent
        for path in PATHS
        for heading, spent in maintain.sections(cells(path)).items()
    }


PLANS = re.findall(r"^## (?:\d|A semester).*$", COURSE, re.M)
SESSIONS = re.findall(r"^### ([^\n]+) · (\d+) minutes\n(.*?)(?=^##|\Z)", COURSE, re.M | re.S)
every_session = pytest.mark.parametrize(
    ("room", "text"),
    [(int(room), text) for _, room, text in SESSIONS],
    ids=[s[0] for s in SESSIONS],
)


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_the_table_of_minutes_is_the_sum_of_what_it_sums(path, maintain):
    number, alone = path.stem[:2], sum(maintain.sittings(cells(path)))
    (part,) = re.findall(rf"^## {number} .*?(?=^## |\Z)", TEACHING, re.M | re.S)
    in_class = sum(map(int, re.findall(r"^\|[^|\n]+\| (\d+) \|$", part, re.M)))
    (said,) = re.findall(rf"^\| {number} \|[^|\n]+\| (\d+) \| (\d+) \|$", TEACHING, re.M)
    assert [int(minutes) for minutes in said] == [in_class, round(1.5 * alone)]


def rows(text):
    """The rows of a session's table: minutes, how, part."""
    return [
        (int(spent), how, part)
        for spent, how, part in re.findall(r"^\| (\d+) \| (\w+) \| (.*?) \|", text, re.M)
    ]


def test_every_section_that_is_quoted_exists(minutes):
    assert [place for place in quoted(COURSE) if place not in minutes] == []
    assert len(quoted(COURSE)) == COURSE.count("«") > 200


def test_there_are_plans_from_45_minutes_to_a_semester():
    sessions = {
        name: [int(room) for room in re.findall(r"^### .+ · (\d+) minutes$", after(name), re.M)]
        for name in PLANS
    }
    assert sessions == {
        "## 45 minutes": [45],
        "## 90 minutes": [90, 90],
        "## 3 × 90 minutes": 3 * [90],
        "## 5 × 90 minutes": 5 * [90],
        "## A semester": 17 * [90],
    }


@every_session
def test_the_minutes_of_a_session_fill_it(room, text):
    assert sum(spent for spent, _, _ in rows(text)) == room
    assert len(rows(text)) == len(re.findall(r"^\| \d", text, re.M)) >= 8


@every_session
def test_each_part_gets_the_minutes_of_its_sections(room, text, minutes):
    for spent, how, part in rows(text):
        wanted = sum(minutes[place] for place in quoted(part)) * FACTOR.get(how, 0)
        assert (how == "class") == (wanted == 0), part
        assert how == "class" or spent <= wanted + 1, part
        assert how in ("class", "tell") or spent >= wanted - 1, part


@every_session
def test_homework_is_counted_for_one_reader(room, text, minutes):
    for said, what in re.findall(
        r"\*\*At home\*\* \((\d+)\sminutes\salone\):(.*?)(?=\n\n|\n- |\Z)", text, re.S
    ):
        alone = sum(minutes[place] for place in quoted(what))
        assert quoted(what) and abs(int(said) - alone) <= 1


@every_session
def test_each_session_asks_before_a_surprise(room, text):
    assert re.search(r"\*\*Ask[^*]*\*\* .+\?", text, re.S)


@pytest.mark.parametrize("plan", PLANS)
def test_no_exercise_is_set_before_its_section(plan, minutes):
    homes, section, had = {}, None, set()
    for place in minutes:
        section = section if place[1].startswith("Exercise") else place
        homes[place] = section
    for text in re.findall(r"^### [^\n]+\n(.*?)(?=^### |\Z)", after(plan), re.M | re.S):
        had |= {*quoted(text)}  # in class or at home
        assert {homes[place] for place in quoted(text)} <= had


def test_backpropagation_and_training_are_in_three_double_lessons():
    three = {place for _, how, part in rows(after("## 3 × 90 minutes")) for place in quoted(part)}
    assert {
        ("06", "Where does the transpose come from?"),
        ("06", "Exercise 06-1"),
        ("07", "What is training?"),
        ("07", "Exercise 07-1"),
        ("07", "Can your own code train it?"),
    } <= three


def test_the_semester_has_every_section_or_says_what_it_leaves_out(minutes):
    semester = after("## A semester")
    ends = {"What we built", "In practice", "Read more", "What do you remember?"}
    left = re.search(r"\*\*Left out of the semester:\*\* (.*?)\n\n", semester + "\n\n", re.S)[1]
    named = set(re.findall(r"\b\d\d-\d\b", left.replace("14-2 to 14-5", "14-2 14-3 14-4 14-5")))
    missing = {place for place in minutes if place[1] not in ends} - set(quoted(semester))
    assert {heading for _, heading in missing} == {f"Exercise {id}" for id in named}


def test_the_semester_counts_the_exercises_that_program(minutes):
    semester = after("## A semester")
    programs = {
        place for place, spent in minutes.items() if place[1].startswith("Exercise") and spent > 8
    }
    in_class = {place for _, _, part in rows(semester) for place in quoted(part)} & programs
    at_home = programs & {*quoted(semester)} - in_class
    said = "Of {} exercises that program, {} are written in class and {} at home"
    assert said.format(*map(len, (programs, in_class, at_home))) in " ".join(semester.split())


def test_teaching_states_the_minutes_of_a_course(maintain):
    for path in PATHS:
        planned = round(1.5 * sum(maintain.sittings(cells(path))))
        assert re.search(rf"^\| {path.stem[:2]} \| [\d +]+ \| \d+ \| {planned} \|$", TEACHING, re.M)
