"""class bundle: an archive that is the same each time and works, or is not written."""

import argparse
import os
import pathlib
import re
import stat
import subprocess
import sys
import zipfile

import nbformat
import pytest
from books import names, posix
from exercises import IDS
from lessons import PATHS, ROOT
from nbclient import NotebookClient
from rough import nothing_lost

from nnlib.classroom import bundle, wheels
from nnlib.classroom.bundle import lessons_between, write_archive
from nnlib.classroom.packing import files_of_bundle
from nnlib.system.errors import ClassroomError
from nnlib.system.pages import follow_lessons


@pytest.fixture(scope="module")
def files():
    """What a bundle of all lessons holds."""
    return files_of_bundle(ROOT, PATHS)


@pytest.fixture(scope="module")
def unpacked(files, tmp_path_factory):
    """The folder that a bundle of all lessons unpacks to."""
    folder = tmp_path_factory.mktemp("mit Leerzeichen ü")
    write_archive(folder / "class.zip", files)
    with zipfile.ZipFile(folder / "class.zip") as archive:
        archive.extractall(folder)
    return folder / bundle.FOLDER


def options(out, **more):
    """What the command line gives."""
    given = {"out": str(out), "lessons": None, "with_solutions": False, "wheels": False} | more
    return argparse.Namespace(**given)


# ---- the same each time ----


@posix
def test_another_day_another_umask_and_another_folder_give_the_same_bytes(
    files, unpacked, tmp_path, monkeypatch
):
    write_archive(tmp_path / "one.zip", files)
    for path in unpacked.rglob("*"):
        os.utime(path, (1e9, 1e9))
        path.chmod(0o700)
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    monkeypatch.setattr("time.time", lambda: 2e9)
    monkeypatch.chdir(tmp_path)
    before = os.umask(0o077)
    try:
        again = files_of_bundle(unpacked, sorted((unpacked / "notebooks").glob("*.ipynb")))
        write_archive(pathlib.Path("two.zip"), dict(reversed(again.items())))
    finally:
        os.umask(before)
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_the_archive_is_small_sorted_and_says_nothing_of_who_packed_it(files, tmp_path):
    write_archive(tmp_path / "class.zip", files)
    assert (tmp_path / "class.zip").stat().st_size < 2.5e6
    with zipfile.ZipFile(tmp_path / "class.zip") as archive:
        entries = archive.infolist()
        assert archive.testzip() is None
    assert [entry.filename for entry in entries] == sorted(f"lessons/{name}" for name in files)
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert {entry.external_attr >> 16 for entry in entries} == {stat.S_IFREG | 0o644}
    assert {(entry.create_system, entry.extra) for entry in entries} == {(3, b"")}


# ---- it works ----


def python(unpacked, *arguments):
    """Run the Python of these tests in an unpacked bundle."""
    environment = os.environ | {"PYTHONPATH": str(unpacked)}
    command = [sys.executable, *arguments]
    where = {"cwd": unpacked, "env": environment}
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=300, **where)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
def test_the_class_kit_works_in_it(unpacked):
    assert "update" in python(unpacked, "-m", "nnlib.classroom", "--help")
    said = python(unpacked, "-m", "nnlib.classroom", "update", "07")
    assert said == "work/07_training.ipynb was missing; here it is.\n"
    with pytest.raises(AssertionError, match="lies here without its solutions"):
        python(unpacked, "-m", "nnlib.classroom", "solutions", "07")


@pytest.mark.slow
def test_every_exercise_is_judged_in_it(unpacked):
    ask = "from nnlib.checks import registry; registry.load_all(); print(*registry.EXERCISES)"
    assert sorted(python(unpacked, "-c", ask).split()) == IDS


@pytest.mark.slow
@pytest.mark.parametrize("path", [PATHS[0], PATHS[7]], ids=lambda path: path.stem)
def test_a_lesson_runs_in_it(path, unpacked, tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(unpacked))
    work = unpacked / "work"
    work.mkdir(exist_ok=True)
    assert follow_lessons([unpacked / "notebooks" / path.name], work) == []
    book = nbformat.read(work / path.name, as_version=4)
    book.cells.append(nbformat.v4.new_code_cell("import nnlib; print(nnlib.__file__)"))
    NotebookClient(book, timeout=120, resources={"metadata": {"path": str(work)}}).execute()
    assert book.cells[-1].outputs[0].text.strip() == str(unpacked / "nnlib" / "__init__.py")


# ---- the command ----


NAMED = {
    None: range(19),
    "00-07": range(8),
    "0-7": range(8),
    "3": [3],
    "07 03": [3, 7],
    "00-02, 05": [0, 1, 2, 5],
    "0 – 2": range(3),
    "00-02 01-03 02": range(4),
    "work/07_training.ipynb": [7],
}


@pytest.mark.parametrize("said", NAMED)
def test_lessons_are_named_one_by_one_or_from_to(said):
    assert lessons_between(said and said.split(), PATHS) == [PATHS[n] for n in NAMED[said]]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("07-03", "ends before it begins"),
        ("00-99", "no lesson 99"),
        ("x", "no lesson x"),
        ("a-b", "no lesson a"),
        ("-3", "no lesson -3"),
        ("00-", "no lesson 00-"),
    ],
)
def test_lessons_that_are_not_there_are_refused(said, told):
    with pytest.raises(ClassroomError, match=told):
        lessons_between([said], PATHS)


PLACES = {
    "class.tar": "is to be a zip archive: name it class.zip",
    "class": "is to be a zip archive: name it class.zip",
    "nowhere/class.zip": "there is no folder nowhere",
    "folder.zip": "is a folder",
    "page.zip": "is there and no zip archive, so it is not replaced",
    "empty.zip": "is there and no zip archive, so it is not replaced",
}


@pytest.mark.parametrize("name", PLACES)
def test_a_place_where_no_archive_should_be_is_refused(name, tmp_path):
    (tmp_path / "folder.zip").mkdir()
    (tmp_path / "page.zip").write_text('{"cells": []}')
    (tmp_path / "empty.zip").touch()
    with nothing_lost(tmp_path), pytest.raises(ClassroomError, match=PLACES[name]):
        bundle.bundle(options(tmp_path / name))


def test_a_folder_that_may_not_be_written_is_refused_at_once(tmp_path, monkeypatch):
    """Python 3.11 tries for hours to make a temporary folder there, on Windows."""
    monkeypatch.setattr(bundle, "may_write", lambda folder: folder != tmp_path)
    with nothing_lost(tmp_path), pytest.raises(ClassroomError, match="may not be written: name"):
        bundle.bundle(options(tmp_path / "class.zip"))


def test_the_command_says_what_it_packed_and_packs_the_same_again(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for _ in range(2):
        bundle.bundle(options("Class 5b.ZIP", lessons=["00-07"]))
        said = capsys.readouterr().out
        assert re.match(r"Class 5b\.ZIP: 8 lessons, 2\.\d MB, without solutions, nothing run", said)
        assert "discreet, not secret" in said and len(said.splitlines()) == 1
    assert names(tmp_path) == ["Class 5b.ZIP"]
    first = (tmp_path / "Class 5b.ZIP").read_bytes()
    bundle.bundle(options("Class 5b.ZIP", lessons=["00-07"], with_solutions=True))
    assert ", with solutions," in capsys.readouterr().out
    assert (tmp_path / "Class 5b.ZIP").read_bytes() != first


def test_solutions_that_are_not_there_are_not_promised(unpacked, tmp_path, monkeypatch):
    stripped = sorted((unpacked / "notebooks").glob("*.ipynb"))
    monkeypatch.setattr(bundle, "lesson_files", lambda: stripped)
    with nothing_lost(tmp_path), pytest.raises(ClassroomError, match="without its solutions"):
        bundle.bundle(options(tmp_path / "class.zip", with_solutions=True))


def test_a_full_disk_leaves_the_old_archive(tmp_path, request):
    bundle.bundle(options(tmp_path / "class.zip", lessons=["0"]))
    request.getfixturevalue("full_disk")
    with nothing_lost(tmp_path), pytest.raises(OSError, match="No space"):
        bundle.bundle(options(tmp_path / "class.zip"))


def test_wheels_are_packed_as_they_are_and_the_readme_says_for_whom(tmp_path, monkeypatch, capsys):
    def download(root, folder):
        (folder / "numpy-2-any.whl").write_bytes(b"wheel " * 1000)
        return [folder / "numpy-2-any.whl"]

    monkeypatch.setattr(bundle, "download_wheels", download)
    bundle.bundle(options(tmp_path / "class.zip", lessons=["0"], wheels=True))
    said = capsys.readouterr().out.splitlines()[1]
    with zipfile.ZipFile(tmp_path / "class.zip") as archive:
        wheel = archive.getinfo("lessons/wheels/numpy-2-any.whl")
        readme = archive.read("lessons/README.md").decode()
    assert wheel.compress_type == zipfile.ZIP_STORED and wheel.file_size == 6000
    here = "Python {}.{} on ".format(*sys.version_info)
    assert "1 package" in said and here in said and here in readme
    assert "no start needs a network" in readme and names(tmp_path) == ["class.zip"]


def test_wheels_that_do_not_come_are_one_sentence_and_nothing_is_written(tmp_path, monkeypatch):
    stop = "import sys; sys.exit('WARNING: again\\nERROR: No matching distribution found for x')"
    monkeypatch.setattr(wheels, "PIP", (sys.executable, "-c", stop))
    with nothing_lost(tmp_path), pytest.raises(ClassroomError) as caught:
        bundle.bundle(options(tmp_path / "class.zip", wheels=True))
    said = "(«ERROR: No matching distribution found for x»), so nothing was written"
    assert said in str(caught.value)


def test_what_comes_is_what_the_lock_says(tmp_path, monkeypatch):
    note = "import sys, pathlib; pathlib.Path(sys.argv[-1], 'a.whl').write_text(' '.join(sys.argv))"
    monkeypatch.setattr(wheels, "PIP", (sys.executable, "-c", note))
    (wheel,) = wheels.download_wheels(ROOT, tmp_path)
    asked = wheel.read_text()
    assert "--require-hashes" in asked and str(ROOT / "locks" / "lab.lock") in asked
