"""Whose is a file that was handed in, and what lies in a folder or an archive."""

import io
import os
import zipfile

import pytest
from handed_pages import as_bytes, cell
from messy_pages import zipped

from nnlib.classroom.collecting import collect
from nnlib.classroom.handed import RECORD
from nnlib.classroom.limits import LIMITS
from nnlib.classroom.marking import numbered
from nnlib.classroom.marks import Row

EMPTY = as_bytes({"cells": [], "metadata": {}})


def learners(folder, *names):
    """Who is found, if a folder holds empty pages under these names."""
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(EMPTY)
    return {one.place: one.learner for one in collect(folder)}


WHOSE = {  # one file in a folder: whose it is
    "Anna B_12345_assignsubmission_file_07_training.ipynb": "Anna B",
    "Zoë Ö'Neill-Maß_9_assignsubmission_file_07_training (1).ipynb": "Zoë Ö'Neill-Maß",
    "Anna_B_12345_assignsubmission_file_/07_training.ipynb": "Anna B",
    "Anna B_12345_assignsubmission_file/07_training.ipynb": "Anna B",
    "Participant 7_12345_assignsubmission_file_07_training.ipynb": "Participant 7",
    "homework_7_annab_attempt_2026-11-30-08-15-00_07_training.ipynb": "annab",
    "annab_12345_67890_07_training.ipynb": "annab",
    "annab_LATE_12345_67890_07_training-1.ipynb": "annab",
    "07_training_Anna_B.ipynb": "Anna B",
    "07_training - Anna B.ipynb": "Anna B",
    "Anna B 07_training (2).ipynb": "Anna B",
    "07_Anna_B.ipynb": "Anna B",
    "07_training Anna B copy 2.ipynb": "Anna B",
    "Anna B 07_training Kopie.ipynb": "Anna B",
    "07_training.ipynb": "07_training",
    "07_training copy 2.ipynb": "07_training copy 2",
    "07_training.bak2.ipynb": "07_training.bak2",
    "Anna B/07_training.ipynb": "Anna B",
    "submissions/Anna B/work/07_training.ipynb": "Anna B",
    "AnnaB.ipynb": "AnnaB",
    "..ipynb.ipynb": None,  # hidden
}


@pytest.mark.parametrize("name", [name for name, whose in WHOSE.items() if whose])
def test_a_name_is_read_from_where_a_file_lies(tmp_path, name):
    assert learners(tmp_path, name) == {name: WHOSE[name]}


APART = {  # as macOS writes an ö: an o and two dots
    "Jo\u0308rg B_12_assignsubmission_file_07_training.ipynb": "J\u00f6rg B",
    "jo\u0308rg_12345_67890_07_training.ipynb": "j\u00f6rg",
    "07_Jo\u0308rg.ipynb": "J\u00f6rg",
    "Jo\u0308rg/07_training.ipynb": "J\u00f6rg",
}


@pytest.mark.parametrize("name", APART)
def test_a_name_whose_letters_lie_apart_is_the_same_name(tmp_path, name):
    (tmp_path / "all.zip").write_bytes(zipped(**{name: EMPTY}))
    (tmp_path / "files").mkdir()
    assert [*learners(tmp_path / "files", name).values()] == [APART[name]]
    assert [one.learner for one in collect(tmp_path / "all.zip")] == [APART[name]]


@pytest.mark.parametrize(
    "archive", ["Anna B.zip", "Anna B.ZIP", "Anna B_7_assignsubmission_file.Zip"]
)
def test_an_archive_names_its_learner_however_its_ending_is_written(tmp_path, archive):
    (tmp_path / archive).write_bytes(zipped(**{"07_training.ipynb": EMPTY}))
    (tmp_path / "Ben.ipynb").write_bytes(EMPTY)
    assert [one.learner for one in collect(tmp_path)] == ["Anna B", "Ben"]


def test_a_hand_in_is_of_the_one_whose_letters_lie_apart(tmp_path):
    page = as_bytes({"cells": [], "metadata": {RECORD: {"name": "J\u00f6rg"}}})
    (tmp_path / "Jo\u0308rg_12_assignsubmission_file_07_Jo\u0308rg.ipynb").write_bytes(page)
    (one,) = collect(tmp_path)
    assert (one.learner, one.remark) == ("J\u00f6rg", "")


def test_folders_that_all_share_name_nobody(tmp_path):
    found = learners(
        tmp_path, "class 8/day 1/Anna/07_training.ipynb", "class 8/day 1/Ben/x/07_training.ipynb"
    )
    assert list(found.values()) == ["Anna", "Ben"]


def test_a_hand_in_bears_its_own_name(tmp_path):
    page = as_bytes({"cells": [], "metadata": {RECORD: {"name": " Anna\n\tB\u202e "}}})
    name = "Ben_12_assignsubmission_file_07_Anna_B.ipynb"
    (tmp_path / name).write_bytes(page)
    (one,) = collect(tmp_path)
    assert (one.learner, one.remark) == ("Anna B", "handed in under the name Ben")


@pytest.mark.parametrize("record", [7, [], {"name": 7}, {"name": ""}, {"name": "\n"}, None])
def test_a_record_of_another_kind_names_nobody(tmp_path, record):
    page = as_bytes({"cells": [], "metadata": {RECORD: record}})
    (tmp_path / "Ben.ipynb").write_bytes(page)
    assert [one.learner for one in collect(tmp_path)] == ["Ben"]


def test_several_of_one_name_stay_apart():
    rows = [Row(n, str(i), [id], {}, []) for i, (n, id) in enumerate(NAMES)]
    assert [row.learner for row in numbered(rows)] == ["Anna", "anna (2)", "Anna", "Ben", "Ben (2)"]


NAMES = [("Anna", "01-1"), ("anna", "01-1"), ("Anna", "02-1"), ("Ben", "01-1"), ("Ben", "01-1")]


def test_what_nobody_meant_is_passed_over_and_the_rest_is_named(tmp_path):
    for name in (".DS_Store", "Thumbs.db", "marks.csv", "overview.html", "marks.bak2.csv"):
        (tmp_path / name).write_bytes(b"x")
    for name in (".ipynb_checkpoints", "__MACOSX"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.ipynb").write_bytes(EMPTY)
    (tmp_path / "report.docx").write_bytes(b"PK\x03\x04 [Content_Types].xml")
    os.symlink(tmp_path / "gone", tmp_path / "link.ipynb")
    found = {one.place: one.fault for one in collect(tmp_path)}
    assert list(found) == ["link.ipynb", "report.docx"]
    assert "cannot be read" in found["link.ipynb"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a pipe with a name is of Unix")
def test_what_is_no_file_is_named_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.ipynb")
    assert [one.fault for one in collect(tmp_path)] == ["it is no file"]


def test_archives_are_read_in_archives_but_not_without_end(tmp_path):
    data = EMPTY
    for depth in range(5):
        data = zipped(**{"deep.zip" if depth else "07_Anna.ipynb": data})
    (tmp_path / "deep.zip").write_bytes(data)
    (one,) = collect(tmp_path)
    assert one.fault == "it is an archive too deep in archives"
    assert one.place == "deep.zip/deep.zip/deep.zip/deep.zip"


def test_a_large_member_is_not_unpacked(tmp_path):
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("Anna.ipynb", bytes(LIMITS.page + 1))
        archive.writestr("Ben.ipynb", EMPTY)
    (tmp_path / "all.zip").write_bytes(bomb.getvalue())
    found = {one.learner: one.fault for one in collect(tmp_path / "all.zip")}
    assert found == {"Anna": "it is larger than 50 MB", "Ben": ""}


def test_damaged_and_locked_members_are_named(tmp_path):
    data = bytearray(zipped(**{"Anna.ipynb": EMPTY, "Ben.ipynb": EMPTY}))
    at = data.index(EMPTY)
    data[at : at + 4] = b"????"
    first = data.index(b"PK\x01\x02", data.index(b"PK\x01\x02") + 1)
    data[first + 8] |= 1  # Ben's has a password
    (tmp_path / "all.zip").write_bytes(bytes(data))
    found = {one.learner: one.fault for one in collect(tmp_path / "all.zip")}
    assert found == {"Anna": "it is damaged inside its archive", "Ben": "it has a password"}


@pytest.mark.parametrize("packer", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA])
def test_an_archive_with_any_byte_damaged_is_read_or_named(tmp_path, packer):
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", packer) as archive:
        archive.writestr("Zoë/01_meet_the_data.ipynb", EMPTY)
    for place in range(len(whole.getvalue()) - 22):  # the rest tells that it is an archive
        data = bytearray(whole.getvalue())
        data[place] ^= 0xFF
        (tmp_path / "all.zip").write_bytes(data)
        assert all(one.learner and one.place for one in collect(tmp_path / "all.zip"))


def test_names_in_an_archive_that_does_not_say_it_is_utf8_are_read(tmp_path):
    data = zipped(**{"Zoe2.ipynb": EMPTY}).replace(b"Zoe2", "Zoë".encode())
    (tmp_path / "all.zip").write_bytes(data)
    assert [one.learner for one in collect(tmp_path / "all.zip")] == ["Zoë"]


ODD_CELLS = {
    "source is a list": {"cell_type": "code", "source": ["x = 1\n", "y = 2"]},
    "source is missing": {"cell_type": "code"},
    "source is null": {"cell_type": "code", "source": None, "metadata": None, "outputs": None},
    "tags are no list": {"cell_type": "code", "source": "", "metadata": {"tags": "setup"}},
    "output without text": {"cell_type": "code", "source": "", "outputs": [{"text": None}, {}]},
    "half a sign": {"cell_type": "code", "source": "x = '\ud800'"},
}


@pytest.mark.parametrize("name", ODD_CELLS)
def test_odd_cells_are_cells(tmp_path, name):
    notebook = {"cells": [ODD_CELLS[name], cell("z = 3")], "metadata": {}}
    (tmp_path / "Anna.ipynb").write_bytes(as_bytes(notebook))
    (one,) = collect(tmp_path)
    assert one.fault == "" and len(one.page.cells) == 2


@pytest.mark.parametrize("data", [b"{}", b'"x"', b"7", b'{"cells": 7}', b'{"cells": {"a": 1}}'])
def test_other_json_is_no_notebook(tmp_path, data):
    (tmp_path / "Anna.ipynb").write_bytes(data)
    (one,) = collect(tmp_path)
    assert one.fault == "it holds no cells, so it is no notebook of Jupyter"
