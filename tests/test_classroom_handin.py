"""`class handin` and `class progress`: what leaves a learner's folder, and what it shows."""

import json

import pytest
from exercises import IDS, exercise_cells
from handed_pages import answered, as_bytes, as_page, learners_copy, place_of
from lessons import PATHS

from nnlib.classroom.__main__ import run_class
from nnlib.classroom.collecting import collect
from nnlib.classroom.handed import RECORD
from nnlib.classroom.handin import checked_name, in_file_name
from nnlib.classroom.limits import LIMITS
from nnlib.classroom.progress import progress_table
from nnlib.classroom.record import hints_opened, record_of, remarks_on
from nnlib.classroom.seat import Verdict
from nnlib.system.errors import ClassroomError
from nnlib.system.files import is_portable

SECRET = "/home/anna/secret"


@pytest.fixture
def work(tmp_path, monkeypatch):
    """A learner's folder with one page, which was run: two exercises right, a hint opened."""
    answers = {"01-1": exercise_cells("01-1")[1], "01-3": exercise_cells("01-3")[1]}
    notebook = answered("01", answers)
    place = place_of(notebook, "01-2")
    notebook["cells"][place + 1] |= {
        "source": 'hint("01-2", 2)',
        "outputs": [{"output_type": "stream", "name": "stdout", "text": ["Hint 2 of 3: …\n"]}],
    }
    notebook["cells"][place]["outputs"] = [{"output_type": "stream", "text": SECRET}]
    notebook["cells"][place]["metadata"]["execution"] = {"iopub.execute_input": SECRET}  # when
    notebook["metadata"]["widgets"] = {SECRET: 1}
    work = tmp_path / "work"
    work.mkdir()
    (work / "01_meet_the_data.ipynb").write_bytes(as_bytes(notebook))
    monkeypatch.setenv("NNLIB_WORK", str(work))
    return work


@pytest.mark.slow
def test_one_file_is_handed_in_and_all_of_it_is_said(work, capsys):
    before = (work / "01_meet_the_data.ipynb").read_bytes()
    run_class(["handin", "01", "--name", " Anna  B "])
    said = capsys.readouterr().out
    assert (work / "01_meet_the_data.ipynb").read_bytes() == before
    (file,) = (work / "handin").iterdir()
    assert file.name == "01_Anna_B.ipynb" and f"Hand in this one file: {file}" in said
    for words in ("✓ 01-1 is right", "○ 01-2 is not written", "✓ 01-3 is right"):
        assert words in said
    assert "1 exercise not right yet: you may hand in again later." in said
    record = json.loads(file.read_bytes())["metadata"].pop(RECORD)
    assert sorted(record) == [
        *("hints", "lessons_sha256", "name", "page_sha256", "verdicts", "versions")
    ]
    for words in ("gave it: Anna B", "hints opened: 01-2 2 of 3", record["versions"]["python"]):
        assert words in said
    assert SECRET not in file.read_text(encoding="utf-8")
    assert str(work.parent) not in file.read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_hand_in_is_marked_as_it_was_and_a_second_run_writes_the_same(work, tmp_path):
    other = tmp_path / "to hand in" / "today"
    run_class(["handin", "01", "--name", "Anna B", "--to", str(other)])
    (file,) = other.iterdir()
    first = file.read_bytes()
    run_class(["handin", "lesson 1", "--name", "Anna B", "--to", str(other)])
    assert file.read_bytes() == first
    (one,) = collect(other)
    assert one.learner == "Anna B"
    verdicts = {"01-1": "✓", "01-2": "○", "01-3": "✓"}
    found = {id: Verdict(id, f"{mark} {id}") for id, mark in verdicts.items()}
    assert remarks_on(one.page, found) == ["hints opened: 01-2 2 of 3"]


@pytest.mark.slow
def test_progress_shows_each_exercise_and_changes_nothing(work, capsys):
    (work / "02_ten_templates.ipynb").write_bytes(b"{")
    (work / "07_training.ipynb").write_bytes(as_bytes(learners_copy("07")))
    before = {path: path.read_bytes() for path in work.iterdir()}
    run_class(["progress"])
    lines = capsys.readouterr().out.splitlines()
    rows = {line[:2]: line[32:] for line in lines}
    assert rows["01"] == "✓  ○  ✓" and rows["07"] == "○  ○  ○"
    assert rows["02"].startswith("the file is damaged") and rows["03"] == "no page yet"
    assert lines[-1].startswith(f"2 of {len(IDS)} exercises are right.")
    assert {path: path.read_bytes() for path in work.iterdir()} == before


def test_the_table_of_progress_puts_each_mark_under_its_number():
    found = {PATHS[14]: {"14-6": Verdict("14-6", "✓ 14-6"), "14-2": Verdict("14-2", "✗ 14-2")}}
    lines = progress_table(PATHS, found, {PATHS[0]: "no page yet"})
    column = {number: lines[0].index(number) for number in "123456"}
    assert {n: lines[15][at] for n, at in column.items()} == dict(zip("123456", "–✗–––✓"))
    assert lines[1].endswith("no page yet") and len({*map(len, lines[2:4])}) == 1
    assert len(lines) == len(PATHS) + 3


BAD_NAMES = ["", " ", "\n", "12", "--", "🦊🦊", "x" * (LIMITS.name + 1), None]


@pytest.mark.parametrize("name", BAD_NAMES)
def test_a_name_that_names_nobody_is_one_sentence(work, name):
    with pytest.raises(SystemExit) as stopped:
        run_class(["handin", "01", *([] if name is None else [f"--name={name}"])])
    assert len(str(stopped.value).splitlines()) == 1
    assert "name" in str(stopped.value) and not (work / "handin").exists()


ODD_NAMES = {
    "Anna B": "Anna_B",
    "../../etc/passwd": "etc_passwd",
    "CON": "CON",
    "Zoë Ö'Neill-Maß": "Zoë_Ö_Neill_Maß",
    "Jo\u0308rg": "J\u00f6rg",  # typed where letters lie apart
    "अनीता": "अनीता",
    "Anna 🦊": "Anna",
    "安娜": "安娜",
    "a\tb\nc": "a_b_c",
    '<b>"Anna"</b>': "b_Anna_b",
    "=1+1 A": "1_1_A",
    "x" * LIMITS.name: "x" * 40,
}


@pytest.mark.parametrize("name", ODD_NAMES)
def test_odd_names_make_names_of_files(name):
    in_file = in_file_name(checked_name(name))
    assert in_file == ODD_NAMES[name] and is_portable(f"07_{in_file}.ipynb")


PAGES = {
    "not there": (None, "there is no page 01_meet_the_data.ipynb in work/: open the lesson"),
    "empty": (b"", "01_meet_the_data.ipynb cannot be handed in: the file is empty; save it again"),
    "half": (b'{"cells": [', "cannot be handed in: the file is damaged"),
    "another page": (as_bytes({"cells": [], "metadata": {}}), "holds no exercise"),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_that_cannot_be_handed_in_is_one_sentence(work, name):
    data, says = PAGES[name]
    page = work / "01_meet_the_data.ipynb"
    page.unlink() if data is None else page.write_bytes(data)
    with pytest.raises(SystemExit) as stopped:
        run_class(["handin", "01", "--name", "Anna B"])
    assert says in str(stopped.value) and len(str(stopped.value).splitlines()) == 1
    assert not (work / "handin").exists()


def test_a_lesson_that_is_none_is_one_sentence(work):
    with pytest.raises(SystemExit, match="there is no lesson 99"):
        run_class(["handin", "99", "--name", "Anna B"])


# ---- what a teacher's computer makes of it ----

JUDGED = {"01-1": Verdict("01-1", "✗ 01-1: wrong"), "01-3": Verdict("01-3", "✓ 01-3 is right")}


def handed_in(**changes):
    """A hand-in whose record was changed after it was made."""
    page = as_page(learners_copy("01"))
    return page._replace(record=record_of(page, JUDGED, "Anna B") | changes)


DAMAGED = ["what the hand-in says of itself is damaged"]
REMARKS = {
    "as it was": (handed_in(), []),
    "claims more": (
        handed_in(verdicts={"01-1": "✓ 01-1 is right", "01-3": "✓"}),
        ["01-1: the hand-in says ✓, but judged here it is ✗"],
    ),
    "claims nothing": (
        handed_in(verdicts={"01-1": 7}),
        [
            "01-1: the hand-in says nothing, but judged here it is ✗",
            "01-3: the hand-in says nothing, but judged here it is ✓",
        ],
    ),
    "changed later": (
        handed_in(page_sha256="0" * 64),
        ["it was changed after it was handed in"],
    ),
    "another edition": (
        handed_in(lessons_sha256={"01": "0"}),
        ["made with another edition of lesson 01"],
    ),
    "an unknown lesson": (
        handed_in(lessons_sha256={"99": "0"}, hints={"<b>": 2}),
        ["made with another edition of lesson 01"],
    ),
    "hints": (handed_in(hints={"01-1": 3}), ["hints opened: 01-1 3 of 3"]),
    "no hints": (handed_in(hints=None), DAMAGED),
    "no table": (handed_in(verdicts=["✓"]), DAMAGED),
    "no number": (handed_in(hints={"01-1": "<b>"}), DAMAGED),
    "no hand-in": (as_page(learners_copy("01")), []),
}


@pytest.mark.parametrize("name", REMARKS)
def test_what_a_hand_in_says_of_itself_is_compared_and_not_believed(name):
    page, says = REMARKS[name]
    assert remarks_on(page, JUDGED) == says


def test_hints_are_those_that_the_page_still_shows():
    notebook = learners_copy("01")
    said = {"output_type": "stream", "text": "Hint 1 of 3: a\n"}
    more = {"output_type": "stream", "text": ["Hint 3 of 3: b\n"]}
    cells = [
        {"cell_type": "code", "source": '# hint("01-1")', "outputs": [said, more]},
        {"cell_type": "code", "source": 'hint("01-2")', "outputs": []},
        {"cell_type": "code", "source": "x", "outputs": [said]},
    ]
    assert hints_opened(as_page(notebook | {"cells": cells})) == {"01-1": 3}


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path):
    from nnlib.classroom.handin import write_handin

    (tmp_path / "file").write_bytes(b"x")
    with pytest.raises(ClassroomError, match="name another folder with --to"):
        write_handin(tmp_path / "file" / "07_A.ipynb", as_bytes(learners_copy("07")), {})


def test_whatever_is_read_as_a_page_is_written_or_refused_in_one_sentence(tmp_path):
    from nnlib.classroom.handin import write_handin

    page = tmp_path / "01_A.ipynb"
    code = {"cell_type": "code", "source": "# größer", "outputs": [{"text": "1"}]}
    bare = {"source": "x"}  # a cell that says of what kind it is nowhere
    for cells in ({"cells": [bare]}, {"worksheets": [{"cells": [code]}]}):
        with pytest.raises(ClassroomError, match="from before 2015"):
            write_handin(page, as_bytes(cells), {})
    write_handin(page, as_bytes({"cells": [code]}).decode().encode("cp1252"), {"name": "A"})
    (cell,) = json.loads(page.read_bytes())["cells"]
    assert cell["source"] == "# größer" and cell["outputs"] == []
