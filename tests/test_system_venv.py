"""The environment: whatever is started in it stays in it; pip's words become a few."""

import os
import pathlib
import sys

import pytest
from books import posix

from nnlib.system.venv import Venv, may_write, pip_progress, takes_files

NO_NAME = "Collecting anyio\nWARNING: Retrying (Retry(total=0)) after connection broken\n"


@pytest.fixture
def venv(tmp_path, monkeypatch):
    """An environment whose Python is the one of these tests."""
    monkeypatch.setattr(Venv, "python", pathlib.Path(sys.executable))
    (tmp_path / "venv").mkdir()
    return Venv(tmp_path / "venv", tmp_path, tmp_path / "private")


def test_nothing_leaks_in_and_nothing_is_kept_outside(venv, monkeypatch):
    leaks = "PYTHONPATH PYTHONHOME PYTHONSTARTUP JUPYTER_PATH JUPYTER_TOKEN MPLBACKEND PIP_TARGET"
    for name in leaks.split():
        monkeypatch.setenv(name, "elsewhere")
    passed = {"PIP_INDEX_URL": "of this school", "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": "stick"}
    for name, value in passed.items():
        monkeypatch.setenv(name, value)
    there = venv.variables()
    assert not set(leaks.split()) & set(there)
    assert there["PIP_USER"] == "0" and passed.items() <= there.items()
    folders = [name for name in there if name.startswith(("JUPYTER", "IPYTHON", "MPL"))]
    assert len(folders) == 5
    assert all(venv.private in pathlib.Path(there[name]).parents for name in folders)


def test_its_python_answers_and_nothing_if_it_cannot(venv):
    assert venv.ask("print(2 + 2)") == "4"
    assert venv.ask("raise SystemExit(1)") == ""
    assert Venv(venv.folder / "gone", venv.project, venv.private).ask("print(2)") == ""


WINDOWS = "import sys; sys.stdout.buffer.write({!r})"  # whose lines end otherwise


def test_lines_of_an_answer_end_the_same_on_every_system(venv):
    assert venv.ask(WINDOWS.format(b"True\r\n60,000 digits\r\n")) == "True\n60,000 digits"


def ends(process, report):
    """Wait for a process, report once, and return its exit code."""
    process.wait(60)
    report()
    return process.returncode


def test_lines_of_a_log_end_the_same_on_every_system(venv, monkeypatch):
    seen = []
    monkeypatch.setattr("nnlib.system.venv.pip_progress", lambda output, _n: seen.append(output))
    monkeypatch.setattr("nnlib.system.venv.wait_for", ends)
    venv.run_logged("-c", WINDOWS.format(b"Installing collected packages: a, b\r\n"))
    assert seen[-1].endswith("packages: a, b\n") and "\r" not in seen[-1]


def test_what_is_run_is_logged_and_a_failure_is_one_sentence(venv):
    venv.run_logged("-c", "print('fine')")
    with pytest.raises(SystemExit) as caught:
        venv.run_logged("-c", "raise OSError(28, 'No space left on device')", again="`this`")
    said = str(caught.value.code)
    assert "disk is full" in said and "then run `this`" in said and str(venv.install_log) in said
    log = venv.install_log.read_text(encoding="utf-8")
    assert log.startswith("$ python -c print('fine')") and "\nfine\n" in log


def test_a_failure_is_judged_by_its_own_output_alone(venv):
    venv.run_logged("-c", "print('No space left on device')")
    with pytest.raises(SystemExit) as caught:
        venv.run_logged("-c", "raise SystemExit('something new')")
    assert "«something new»" in str(caught.value.code)


def test_on_windows_a_folder_is_tried(tmp_path):
    assert takes_files(tmp_path) and not list(tmp_path.iterdir())
    (tmp_path / "file").touch()
    assert not takes_files(tmp_path / "file") and not takes_files(tmp_path / "none")


@posix
def test_a_folder_that_is_not_there_is_judged_by_where_it_would_lie(tmp_path, monkeypatch):
    assert may_write(tmp_path / "a" / "b")
    locked = tmp_path / "locked"
    locked.mkdir()
    monkeypatch.setattr(os, "access", lambda path, _mode: path != locked)
    assert not may_write(locked) and not may_write(locked / "a" / "b") and may_write(tmp_path)


def test_progress_names_the_packages_as_they_come():
    assert pip_progress("", 0) == ""
    output = "Collecting anyio==4.16.0 (from -r locks/lab.lock (line 1))\n  Downloading anyio\n"
    assert pip_progress(output, 1) == "fetching anyio (1 so far)"
    output += "Processing /some/where/argon2_cffi-25.1.0-py3-none-any.whl\n"
    assert pip_progress(output, 1) == "fetching argon2_cffi-25.1.0-py3-none-any.whl (2 so far)"
    assert "trying again" in pip_progress(output + NO_NAME, 1)
    output += "Installing collected packages: anyio, argon2-cffi, numpy\n"
    assert pip_progress(output, 2) == "installing argon2-cffi (2 of 3)"
    assert pip_progress(output, 99) == "installing numpy (3 of 3)"
