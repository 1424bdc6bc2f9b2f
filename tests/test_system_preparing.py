"""What a command needs of the environment: skipped, installed or made, and nothing is lost."""

import json
import shutil
import sys
import types

import pytest
from lessons import ROOT

from nnlib.system import preparing
from nnlib.system.preparing import (
    LOCKS,
    amount,
    decide,
    forget_halves,
    make_anew,
    need_of,
    prepare_for,
    state_found,
    states_wanted,
)
from nnlib.system.venv import Venv

VERSION = "{}.{}".format(*sys.version_info)
WANTED = {"python": "3.13", "venv": "/v", "project": "/p", "locks": {"a.lock": "1"}}
LARGER = WANTED | {"locks": {"large.lock": "5"}}


@pytest.mark.parametrize(
    ("change", "python", "need"),
    [
        ({}, "3.13", ""),
        ({"locks": {"a.lock": "1", "b.lock": "7"}}, "3.13", ""),
        ({"locks": {"large.lock": "5"}}, "3.13", ""),  # `lab` after `test`
        ({"locks": {"a.lock": "2"}}, "3.13", "install"),  # the lock was updated
        ({"locks": {"large.lock": "6"}}, "3.13", "install"),  # the other one
        ({"locks": {"b.lock": "1"}}, "3.13", "install"),  # `test` after `lab`
        ({"project": "/other"}, "3.13", "install"),
        ({"venv": "/moved"}, "3.13", "make"),
        ({}, "3.12", "make"),
        ({}, "", "make"),  # missing or broken
    ],
)
def test_what_an_environment_needs(change, python, need):
    assert decide(WANTED | change, [WANTED, LARGER], python) == need


def test_an_installation_without_stamp_is_resumed():
    assert decide({}, [WANTED], "3.13") == "install"
    assert decide({}, [WANTED], "") == "make"


@pytest.fixture
def venv(tmp_path):
    """An environment that is not there yet, of a project with an awkward name."""
    project = tmp_path / "mit Leerzeichen ü"
    shutil.copytree(ROOT / "locks", project / "locks")
    return Venv(project / ".venv", project, project / ".venv")


@pytest.fixture
def ran(venv, monkeypatch):
    """What pip and the environment's Python were asked to do, instead of doing it."""
    words = []
    monkeypatch.setattr(Venv, "run_logged", lambda _, *ran, **__: words.append([*map(str, ran)]))
    monkeypatch.setattr(preparing, "python_found", lambda _: VERSION)
    return words


@pytest.fixture
def disk(monkeypatch):
    """Set the free space that is seen, in GB; at first there is plenty."""

    def free(gigabytes):
        usage = types.SimpleNamespace(free=gigabytes * 1e9)
        monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage)

    free(50)
    return free


def stamp(venv, command, **change):
    """Let the environment say that all is ready for a command."""
    venv.folder.mkdir(exist_ok=True)
    venv.stamp.write_text(json.dumps(states_wanted(venv, command)[0] | change), encoding="utf-8")


def sentence(call, *arguments):
    """The one line with which a call gives up."""
    with pytest.raises(SystemExit) as caught:
        call(*arguments)
    text = caught.value.code
    assert text.endswith(".") and "\n" not in text
    return text


FITS = {  # what may be started once a command is prepared
    "lab": {"lab"},
    "demo": {"lab", "demo"},
    "test": {"lab", "demo", "test"},
    "site": {"site"},
}


@pytest.mark.parametrize("prepared", FITS)
def test_the_larger_set_will_do_for_the_smaller(venv, ran, prepared):
    stamp(venv, prepared)
    assert {command for command in LOCKS if not need_of(venv, command)} == FITS[prepared]


def test_a_bundle_that_brings_the_labs_lock_alone_is_enough_for_the_lab(venv, ran):
    for lock in ("demo", "test"):
        (venv.project / "locks" / f"{lock}.lock").unlink()
    stamp(venv, "lab")
    assert need_of(venv, "lab") == ""
    with pytest.raises(FileNotFoundError, match=r"demo\.lock"):
        need_of(venv, "demo")


@pytest.mark.parametrize("text", ["", "{half", "\xff"])
def test_a_damaged_stamp_counts_as_none(venv, text):
    venv.folder.mkdir()
    venv.stamp.write_bytes(text.encode("latin-1"))
    assert state_found(venv) == {}


def test_a_ready_environment_is_left_alone(venv, ran, capsys):
    stamp(venv, "test")
    for command in ("test", "demo", "lab"):
        prepare_for(venv, command)
    assert capsys.readouterr().out == "" and ran == []


def test_the_stamp_is_written_last_and_an_interrupted_start_is_resumed(venv, ran, monkeypatch):
    stamp(venv, "lab", locks={})

    def command(_venv, *words, **_):
        ran.append(words)
        assert not venv.stamp.exists()
        (venv.packages / f"package{len(ran)}-1.dist-info").mkdir(parents=True)
        (venv.packages / f"package{len(ran)}-1.dist-info" / "INSTALLER").touch()
        if len(ran) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(Venv, "run_logged", command)
    with pytest.raises(KeyboardInterrupt):
        prepare_for(venv, "lab")
    assert not venv.stamp.exists()
    prepare_for(venv, "lab")
    assert state_found(venv) == states_wanted(venv, "lab")[0]
    assert "--require-hashes" in ran[2] and "locks/lab.lock" in ran[2]
    assert "-e" in ran[3] and not any("venv" in words for words in ran)


@pytest.mark.parametrize("installed", [False, True])
def test_what_was_ready_stays_ready_if_nothing_was_changed(venv, ran, monkeypatch, installed):
    stamp(venv, "lab")

    def fail(_venv, *_words, **_):
        if installed:
            (venv.packages / "voila-1.dist-info").mkdir(parents=True)
        sys.exit("The packages could not be fetched.")

    monkeypatch.setattr(Venv, "run_logged", fail)
    sentence(prepare_for, venv, "demo")
    assert need_of(venv, "lab") == ("install" if installed else "")
    assert need_of(venv, "demo") == "install"


@pytest.mark.parametrize(
    ("prepared", "command", "said"),
    [
        ("", "lab", "about 2 minutes, 530 MB, from the network"),
        ("", "test", "about 4 minutes, 990 MB, from the network"),
        ("lab", "demo", "less than a minute, 20 MB, from the network"),
        ("demo", "test", "about 2 minutes, 440 MB, from the network"),
        ("test", "lab", "less than a minute, what has changed, from the network"),
    ],
)
def test_only_what_is_missing_is_announced(venv, prepared, command, said):
    if prepared:
        stamp(venv, prepared)
    assert amount(venv, command, "install" if prepared else "make") == said


@pytest.mark.parametrize("command", LOCKS)
def test_wheels_beside_the_project_take_the_networks_place(venv, ran, disk, command, capsys):
    venv.folder.mkdir()
    prepare_for(venv, command)
    assert "from the network" in capsys.readouterr().out
    assert not any("--no-index" in words for words in ran)
    venv.stamp.unlink()
    ran.clear()
    folder = venv.project / "wheels"
    folder.mkdir()
    (folder / "numpy-2-py3-none-any.whl").touch()
    prepare_for(venv, command)
    assert "from the folder wheels/." in capsys.readouterr().out
    of_locks = [words for words in ran if "--require-hashes" in words]
    assert len(of_locks) == len(LOCKS[command][0])
    for words in of_locks:
        at = words.index("--no-index")
        assert words[at : at + 3] == ["--no-index", "--find-links", str(folder)]


def test_an_empty_folder_of_wheels_is_none(venv, ran, disk):
    (venv.project / "wheels").mkdir()
    venv.folder.mkdir()
    prepare_for(venv, "lab")
    assert not any("--no-index" in words for words in ran)


def test_the_site_gets_what_runs_in_the_browser_too(venv, ran, disk, monkeypatch):
    monkeypatch.setattr(preparing, "python_found", lambda _: "")
    prepare_for(venv, "site")
    assert state_found(venv) == states_wanted(venv, "site")[0]
    _make, installed, fetched = ran
    assert "install" in installed and installed[-1] == "locks/site.lock"
    assert "download" in fetched and "locks/browser.lock" in fetched
    assert all("--require-hashes" in words for words in (installed, fetched))


def test_packages_that_were_cut_off_are_installed_again(venv):
    for name in ["whole-1.dist-info", "half-1.dist-info"]:
        (venv.packages / name).mkdir(parents=True)
    (venv.packages / "whole-1.dist-info" / "INSTALLER").write_text("pip")
    forget_halves(venv)
    assert venv.names_of_packages() == {"whole-1.dist-info"}


def test_a_folder_of_someone_else_is_never_removed(venv, tmp_path):
    other = tmp_path / "photos"
    other.mkdir()
    (other / "holiday.jpg").touch()
    assert str(other) in sentence(make_anew, Venv(other, venv.project, other), "lab")
    assert (other / "holiday.jpg").exists()


def test_a_full_disk_is_seen_before_anything_is_fetched(venv, ran, disk):
    disk(0.54)  # enough for the lab
    assert "disk is full" in sentence(make_anew, venv, "demo")
    assert ran == []
    make_anew(venv, "lab")
    assert ran


@pytest.fixture
def shared(venv, monkeypatch):
    """The environment of a teacher, in which we may not write."""
    stamp(venv, "lab")
    monkeypatch.setattr(Venv, "is_ours_to_change", lambda _: False)
    monkeypatch.setattr(Venv, "run_logged", lambda *_, **__: pytest.fail("something was run"))
    return venv


@pytest.mark.parametrize("python", ["3.11", "3.99"])
def test_a_shared_environment_is_taken_with_its_own_python(shared, monkeypatch, python):
    stamp(shared, "lab", python=python)
    monkeypatch.setattr(preparing, "python_found", lambda _: python)
    prepare_for(shared, "lab")


def test_what_a_shared_environment_lacks_is_said_with_who_can_mend_it(shared, ran, monkeypatch):
    said = sentence(prepare_for, shared, "demo")
    assert "is not ready for `demo`" in said and "run.py prepare demo`" in said
    monkeypatch.setattr(preparing, "python_found", lambda _: "")
    assert "is not ready for `lab`" in sentence(prepare_for, shared, "lab")
    stamp(shared, "lab", project="/of/the/teacher")
    assert "belongs to the project in /of/the/teacher" in sentence(prepare_for, shared, "lab")
