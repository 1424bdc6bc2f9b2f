"""`class mark`: what learners hand in gets its known verdict, and nothing else happens."""

import csv
import dataclasses
import html.parser
import io
import pathlib
import tempfile

import pytest
from exercises import IDS, exercise_cells
from handed_pages import answered, as_bytes, as_page, cell, slip
from lessons import ROOT
from messy_pages import CHECK, MESSY, RIGHT, page, zipped

from nnlib.classroom import seat
from nnlib.classroom.__main__ import run_class
from nnlib.classroom.guarding import REFUSED, WRITES, paths_written
from nnlib.classroom.handed import read_page
from nnlib.classroom.judging import Bench
from nnlib.classroom.marking import write_result
from nnlib.classroom.marks import Row, as_csv
from nnlib.classroom.overview import as_overview, kind_of_mistake
from nnlib.classroom.seat import Verdict
from nnlib.classroom.tampering import changed_since, picture_of_judges
from nnlib.system.errors import ClassroomError

NUMBERS = sorted({id[:2] for id in IDS})
ANSWERS = {
    "solution": lambda id: exercise_cells(id)[1],
    "slip": lambda id: slip(id)[0],
    "stub": lambda id: None,
}


def table(folder):
    """marks.csv as {file: {column: value}}."""
    text = (folder / "marks.csv").read_bytes().decode("utf-8-sig")
    return {row["file"]: row for row in csv.DictReader(io.StringIO(text, newline=""))}


@pytest.fixture(scope="module")
def verdicts():
    """Every exercise answered in three ways, on pages: {kind: {id: Verdict}}."""
    found = {}
    with Bench() as bench:
        for kind, source in ANSWERS.items():
            given = {id: text for id in IDS if (text := source(id))}
            pages = [
                as_page(answered(n, {id: s for id, s in given.items() if id[:2] == n}))
                for n in NUMBERS
            ]
            judged = [verdicts for _, verdicts in bench.judge_pages(pages)]
            found[kind] = {id: verdict for page in judged for id, verdict in page.items()}
    return found


@pytest.mark.slow
@pytest.mark.parametrize("id", IDS)
def test_every_kind_of_answer_gets_its_verdict_on_a_page(verdicts, id):
    assert verdicts["solution"][id].line.startswith(f"✓ {id} is right")
    assert verdicts["stub"][id].line.startswith(f"○ {id} is not written yet")
    wrong = verdicts["slip"][id]
    assert wrong.mark == "✗" and slip(id)[1] in wrong.line
    assert not any(verdicts[kind][id].how for kind in ANSWERS)


@pytest.fixture(scope="module")
def messy(tmp_path_factory):
    """A folder of messy files, marked once: (its table, what lay around it before and after)."""
    around = tmp_path_factory.mktemp("around")
    folder = around / "handed in"
    folder.mkdir()
    for name, (data, _) in MESSY.items():
        (folder / name).write_bytes(data)
    before = everything(around)
    run_class(["mark", str(folder), "--exercises", "01-1,01-2"])
    return table(folder), before, everything(around)


def everything(around):
    """Every file around a folder, in the project's rooms, and left in the place for drafts."""
    drafts = pathlib.Path(tempfile.gettempdir())
    rooms = [around, ROOT / "data", ROOT / "nnlib", ROOT / "notebooks"]
    files = {path for room in rooms for path in room.rglob("*") if "__pycache__" not in path.parts}
    return files | {*drafts.glob("nnlib-judging-*"), *drafts.glob("escaped*")}


@pytest.mark.slow
@pytest.mark.parametrize("name", MESSY)
def test_a_messy_page_is_judged_or_named(messy, name):
    row = messy[0][name]
    for column, fragment in MESSY[name][1].items():
        assert fragment in row[column], row


@pytest.mark.slow
def test_marking_leaves_two_files_and_nothing_else(messy):
    _, before, after = messy
    assert sorted(path.name for path in after - before) == ["marks.csv", "overview.html"]
    assert before <= after


@pytest.fixture
def hurried(monkeypatch):
    """Limits of a few seconds."""
    limits = dataclasses.replace(seat.LIMITS, alone=8, above=10)
    monkeypatch.setattr(seat, "LIMITS", limits)


LOOPS = "while True:\n    try:\n        pass\n    except BaseException:\n        pass"
LATER = 'def prepare(table):\n    return helper(table)\n\n\ncheck("01-2", prepare)'


@pytest.mark.slow
def test_an_endless_loop_costs_its_limit_once(hurried):
    notebook = answered("01", {"01-1": RIGHT})
    setup = next(i for i, c in enumerate(notebook["cells"]) if "start(" in "".join(c["source"]))
    at = setup + 1
    later = [cell(LOOPS), cell("helper = None"), cell(LATER), cell(LATER.replace("helper", "sum"))]
    notebook["cells"][at:at] = [*later, cell("other = 1"), cell(LATER.replace("helper", "other"))]
    with Bench(seats=1) as bench:
        sights = []
        judge = bench.seats[0].judge
        bench.seats[0].judge = lambda job: sights.append(judge(job)) or sights[-1]
        found = bench.judge_page(as_page(notebook))
    assert found["01-1"].mark == "✓"
    ended = [sight for sight in sights if sight.why]
    assert [sight.why for sight in ended] == ["it did not end within 10 s"]
    assert len(sights) == 6  # the three of the page, and three more of 01-2: each tried once


@pytest.mark.slow
def test_what_does_not_end_is_told_with_its_place(hurried):
    loops = page(f"def my_one_hot(y, n_classes=10):\n    while True:\n        pass\n\n\n{CHECK}")
    needs = f"{RIGHT.replace('np.zeros', 'blank')}\n\n{CHECK}"
    above = as_bytes({"cells": [cell(text) for text in (LOOPS, "blank = 1", needs)]})
    after = page(f"{RIGHT}\n\n{CHECK}\nimport time\ntime.sleep(1000)")
    with Bench(seats=1) as bench:
        found = [bench.judge_page(read_page(data), ["01-1"])["01-1"] for data in (loops, above)]
        late = bench.judge_page(read_page(after), ["01-1"])["01-1"]
    assert found[0].line == "✗ 01-1: it did not end within 8 s"
    says = "it did not end within 10 s in the cell above it that begins “while True:”"
    assert found[1].line == f"✗ 01-1: {says}"
    assert late.mark == "✓" and late.how == "it did not end within 8 s"


@pytest.mark.slow
def test_a_system_that_cannot_fork_judges_the_same():
    names = ["two cells.ipynb", "exit.ipynb", "patched inside.ipynb", "writes.ipynb"]
    names += ["waits in Windows.ipynb", "starts in Windows.ipynb"]
    with Bench(seats=2, forks=False) as bench:
        pages = [read_page(MESSY[name][0]) for name in names]
        found = {names[i]: verdicts["01-1"] for i, verdicts in bench.judge_pages(pages, ["01-1"])}
    for name in names:
        assert MESSY[name][1]["01-1 says"] in found[name].line
    assert not pathlib.Path(bench.folder).exists()


def test_what_the_system_cannot_guard_is_said_in_one_line():
    with Bench(seats=1) as bench:
        assert bench.lacks() == ""
        bench.seats[0].was_used = bench.seats[0].is_offline = True
        assert bench.lacks().endswith("alone: writing, memory.")


# ---- the guard ----


def test_every_way_to_write_that_is_announced_is_found(tmp_path):
    assert paths_written("open", ("a", "r", 0)) == []
    assert paths_written("open", (3, "w", 0)) == []
    assert paths_written("open", (b"a", "r+", 0)) == ["a"]
    assert paths_written("open", (tmp_path, None, 577)) == [str(tmp_path)]
    assert paths_written("os.rename", ("a", "b", -1, -1)) == ["a", "b"]
    assert paths_written("_winapi.CreateJunction", ("a", "b")) == ["b"]
    assert paths_written("os.remove", ("a", 7)) == []  # in a folder that was announced before
    assert paths_written("os.remove", ("a", -1)) == ["a"]
    assert not set(REFUSED) & set(WRITES)


def test_a_picture_of_the_judges_shows_each_change(monkeypatch):
    from nnlib.checks import engine, registry
    from nnlib.checks.answers import Answer

    picture = picture_of_judges()
    assert changed_since(picture) == ""
    for owner, name in [
        (registry, "verdict"),
        (engine, "slip"),
        (Answer, "run"),
        (registry, "BAR"),
    ]:
        with monkeypatch.context() as patch:
            patch.setattr(owner, name, object())
            assert name in changed_since(picture) or "Answer" in changed_since(picture)
    with monkeypatch.context() as patch:
        patch.setitem(registry.EXERCISES, "01-1", registry.EXERCISES["01-2"])
        assert changed_since(picture) == "the exercise 01-1"
    assert changed_since(picture) == ""


# ---- the two files ----

HOSTILE = '<script>alert("1")</script>'
WRONG = Verdict("01-1", f"✗ 01-1: {HOSTILE}", HOSTILE)
ROWS = [
    Row("=HYPERLINK(1)", "+a.ipynb", ["01-1"], {"01-1": Verdict("01-1", "✓ 01-1 is right.")}, []),
    Row(
        "-2+3", "@b", ["01-1"], {"01-1": Verdict("01-1", f"✗ 01-1: {HOSTILE}", HOSTILE)}, [HOSTILE]
    ),
    Row(HOSTILE, "c\ud800\n", ["01-1", "01-2"], {"01-2": Verdict("01-2", "! 01-2: tampered")}, []),
    Row("Ärger, Zoë", "d", [], {}, ["the file is empty"]),
]


def test_the_table_opens_in_a_spreadsheet_and_calculates_nothing():
    data = as_csv(ROWS, ["01-1", "01-2"])
    assert data.startswith("\ufefflearner,file,01-1,01-2,right,of,remarks".encode())
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert [len(row) for row in rows] == [9] * 5
    assert [row[0] for row in rows[1:]] == ["'=HYPERLINK(1)", "'-2+3", HOSTILE, "Ärger, Zoë"]
    assert not any(value.startswith(("=", "+", "-", "@")) for row in rows for value in row)
    assert [row[2:6] for row in rows[1:]] == [
        ["✓", "", "1", "1"],
        ["✗", "", "0", "1"],
        ["–", "tampered", "0", "2"],
        ["", "", "0", "0"],
    ]


class Reader(html.parser.HTMLParser):
    """What tags a page has, with their attributes, and its words."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.words = [], ""
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def handle_data(self, data):
        self.words += data


def test_the_overview_is_whole_and_holds_nothing_foreign():
    text = as_overview(ROWS, ["01-1", "01-2"], f"class {HOSTILE}").decode()
    page = Reader(text)
    names = [tag for tag, _ in page.tags]
    assert names.count("h1") == names.count("main") == 1
    assert "script" not in names and "http" not in text and HOSTILE in page.words
    assert names.count("table") == names.count("caption") == 3
    assert all(given.get("scope") in ("row", "col") for tag, given in page.tags if tag == "th")
    assert ("html", {"lang": "en"}) in page.tags
    assert not any(name.startswith("on") for _, given in page.tags for name in given)
    for row in ROWS[3:]:
        assert row.learner in page.words and "the file is empty" in page.words


def test_the_overview_counts_a_mistake_whatever_its_numbers_are():
    said = [
        f"✗ 07-1: your code changes {what}, which it was given; it is {n} (lr = {n}: 2 is right)"
        for what, n in (("X", 0.3), ("X", 1e-7), ("y", 3))
    ]
    kinds = [kind_of_mistake(Verdict("07-1", line)) for line in said]
    assert kinds[0] == kinds[1] != kinds[2]
    stopped = "✗ 07-1: your code stopped in line {}, “{}”: there is no np"
    first, second = (Verdict("07-1", stopped.format(n, f"x = {n}")) for n in (3, 12))
    assert kind_of_mistake(first) == kind_of_mistake(second)


@pytest.mark.slow
def test_a_second_marking_keeps_what_was_noted_in_the_first(tmp_path, capsys):
    (tmp_path / "Anna.ipynb").write_bytes(as_bytes(answered("01", {"01-3": "my_reason = 7"})))
    for _ in range(2):
        run_class(["mark", str(tmp_path), "--exercises", "01-3"])
    names = ["Anna.ipynb", "marks.csv", "overview.html"]
    assert sorted(path.name for path in tmp_path.iterdir()) == names
    noted = (tmp_path / "marks.csv").read_bytes() + b"my own note\r\n"
    (tmp_path / "marks.csv").write_bytes(noted)
    run_class(["mark", str(tmp_path), "--exercises", "01-3"])
    assert "the earlier one is now marks.bak.csv" in capsys.readouterr().out
    assert (tmp_path / "marks.bak.csv").read_bytes() == noted
    assert table(tmp_path)["Anna.ipynb"]["01-3"] == "✗"
    assert len(table(tmp_path)) == 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nowhere"], "there is no file nowhere"),
        (["empty"], "there is nothing in empty"),
        (["text.txt"], "text.txt is no folder and no zip archive"),
        (["one", "--exercises", "01-9"], "there is no exercise 01-9; there are 01-1, 01-2, 01-3"),
        (["one", "--exercises", "x"], "there is no exercise x; there are 00-1"),
    ],
)
def test_what_cannot_be_marked_is_one_sentence(tmp_path, monkeypatch, arguments, says):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    (tmp_path / "one").mkdir()
    (tmp_path / "text.txt").write_text("hello", encoding="utf-8")
    (tmp_path / "one" / "a.ipynb").write_bytes(b"")
    with pytest.raises(SystemExit) as stopped:
        run_class(["mark", *arguments])
    assert str(stopped.value).startswith("Sorry, ") and says in str(stopped.value)
    assert len(str(stopped.value).splitlines()) == 1


def test_a_folder_that_takes_no_file_is_one_sentence(tmp_path):
    (tmp_path / "marks.csv").mkdir()
    (tmp_path / "marks.csv" / "inside").write_bytes(b"")
    with pytest.raises(ClassroomError, match=r"marks.csv cannot be written into .* \(Is a dir"):
        write_result(tmp_path / "marks.csv", b"x")
    assert (tmp_path / "marks.csv" / "inside").exists()


@pytest.mark.slow
def test_two_exercises_in_one_cell_run_once():
    both = f'{RIGHT}\n\nmy_reason = 0.1\n{CHECK}check("01-3", my_reason)'
    with Bench(seats=1) as bench:
        judge, jobs = bench.seats[0].judge, []
        bench.seats[0].judge = lambda job: jobs.append(job) or judge(job)
        found = bench.judge_page(as_page({"cells": [cell(both)], "metadata": {}}))
    assert len(jobs) == 1 and {v.mark for v in found.values()} <= {"✓", "✗"} and len(found) == 2


@pytest.mark.slow
def test_an_archive_is_marked_beside_itself(tmp_path, capsys):
    anna = as_bytes(answered("01", {"01-1": RIGHT}))
    inner = zipped(**{"07/07_training.ipynb": b"{", "01_meet_the_data.ipynb": anna})
    outer = zipped(
        **{
            "Anna B_101_assignsubmission_file_work.zip": inner,
            "Ben_102_assignsubmission_file_01_meet_the_data.ipynb": anna,
            "__MACOSX/._x.ipynb": b"junk",
            "../../escaped.ipynb": anna,
        }
    )
    (tmp_path / "all.zip").write_bytes(outer)
    run_class(["mark", str(tmp_path / "all.zip"), "--exercises", "01-1"])
    assert sorted(p.name for p in tmp_path.iterdir()) == ["all.zip", "marks.csv", "overview.html"]
    rows = [(row["learner"], row["01-1"], row["remarks"]) for row in table(tmp_path).values()]
    assert rows == [
        ("Anna B", "✓", ""),
        ("Anna B", "", "the file is damaged: it begins like a notebook but is not whole"),
        ("Ben", "✓", ""),
        ("escaped", "✓", ""),
    ]
    assert "3 ✓" in capsys.readouterr().out
