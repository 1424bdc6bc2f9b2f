"""Processes are followed while they run, and end when we are interrupted."""

import io
import os
import signal
import subprocess
import sys

import pytest
from lessons import ROOT

from nnlib.system import processes
from nnlib.system.processes import end_process, show_state, wait_for


def python(code):
    return subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)


def test_the_exit_code_is_returned_and_progress_shown_while_it_runs(capsys):
    reports = iter(["first", "first", "second"])
    process = python("import time; time.sleep(1.5); raise SystemExit(3)")
    assert wait_for(process, lambda: next(reports, "second")) == 3
    assert capsys.readouterr().out == "  first\n  second\n"


COMMANDS = ["run.py", "-m nnlib.classroom progress", "docs/maintain.py minutes 05"]


@pytest.mark.slow
@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_what_is_printed_arrives_wherever_signs_are_few(command, encoding, tmp_path):
    poor = {**os.environ, "PYTHONIOENCODING": encoding, "NNLIB_WORK": str(tmp_path)}
    words = [sys.executable, *command.split()]
    done = subprocess.run(words, cwd=ROOT, env=poor, capture_output=True, timeout=120)
    assert b"Traceback" not in done.stderr and done.stdout + done.stderr


def test_if_we_are_interrupted_it_ends_too():
    process = python("import time; time.sleep(600)")

    def interrupted():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        wait_for(process, interrupted)
    assert process.returncode is not None


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows asks nobody")
@pytest.mark.slow
def test_one_that_does_not_listen_is_made_to_end():
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf'); "
    process = python(deaf + "import sys; sys.stdout.flush(); time.sleep(600)")
    assert process.stdout.readline() == b"deaf\n"
    end_process(process)
    assert process.returncode == -signal.SIGKILL


def test_on_a_screen_a_state_takes_the_place_of_the_one_before(monkeypatch):
    screen = io.StringIO()
    screen.isatty = lambda: True
    monkeypatch.setattr(processes.sys, "stdout", screen)
    assert show_state("a long state", "") == "a long state"
    assert show_state("short", "a long state") == "short"
    assert show_state("", "short") == ""
    assert "\n" not in screen.getvalue() and screen.getvalue().count("\r") == 6
    assert {len(part) for part in screen.getvalue().split("\r") if part} == {76}
