"""The class kit from a terminal: what is asked, what is answered, and what goes wrong."""

import importlib
import subprocess
import sys

import pytest
from lessons import ROOT

from nnlib.classroom import __main__ as terminal
from nnlib.classroom.command import Command, option
from nnlib.system.errors import ClassroomError


def module_of(command):
    """A module that holds a command."""
    return type("Module", (), {"COMMAND": command})


@pytest.fixture
def only(monkeypatch):
    """Let `try` be the only command, whatever it does."""

    def enter(run, *options):
        command = Command("try something", run, options)
        monkeypatch.setattr(terminal, "COMMANDS", {"try": "somewhere"})
        monkeypatch.setattr(importlib, "import_module", lambda name: module_of(command))

    return enter


def test_every_command_is_declared_and_explained(capsys):
    for module in terminal.COMMANDS.values():
        assert isinstance(importlib.import_module(module).COMMAND, Command)
    with pytest.raises(SystemExit) as caught:
        terminal.run_class(["--help"])
    said = capsys.readouterr().out
    assert caught.value.code == 0 and "usage: run.py class" in said
    assert all(f"\n    {name}" in said for name in terminal.COMMANDS)


@pytest.mark.parametrize("name", terminal.COMMANDS)
def test_every_command_has_a_help_that_names_its_options(name, capsys):
    with pytest.raises(SystemExit) as caught:
        terminal.run_class([name, "--help"])
    said = capsys.readouterr().out
    command = importlib.import_module(terminal.COMMANDS[name]).COMMAND
    assert caught.value.code == 0 and command.says.split()[0] in said
    for names, settings in command.options:
        shown = names[0] if names[0].startswith("-") else settings.get("metavar", names[0])
        assert shown in said


@pytest.mark.parametrize("words", [[], ["no such command"], ["try", "--strange"]])
def test_what_nobody_knows_gets_the_usage(only, words, capsys):
    only(lambda options: None)
    with pytest.raises(SystemExit) as caught:
        terminal.run_class(words)
    assert caught.value.code == 2 and "usage: run.py class" in capsys.readouterr().err


def test_options_arrive_and_the_exit_code_comes_back(only):
    only(lambda options: len(options.words), option("words", nargs="+"))
    assert terminal.run_class(["try", "a", "b"]) == 2


FAULTS = {
    "Sorry, there is no lesson 99.": ClassroomError("there is no lesson 99"),
    "Sorry, the disk is full, and nothing was lost: free some space, then run the same command "
    "again.": OSError(28, "No space left on device"),
    "Sorry, work may not be written, or another program holds a file in it: see to that, then run "
    "the same command again.": PermissionError(13, "Permission denied", "/home/me/work/.07.part"),
    "Sorry, this folder may not be written, or another program holds a file in it: see to that, "
    "then run the same command again.": OSError(30, "Read-only file system"),
    "Sorry, a file could not be read or written (Input/output error): run the same command "
    "again.": OSError(5, "Input/output error"),
    "\nStopped in the middle; nothing is lost: run the same command again.": KeyboardInterrupt(),
}


@pytest.mark.parametrize("sentence", FAULTS)
def test_what_goes_wrong_is_one_sentence(only, sentence):
    def fail(_options):
        raise FAULTS[sentence]

    only(fail)
    with pytest.raises(SystemExit) as caught:
        terminal.run_class(["try"])
    assert caught.value.code == sentence


@pytest.mark.slow
def test_it_starts_as_a_module_of_its_own():
    command = [sys.executable, "-m", "nnlib.classroom", "--help"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=120)
    assert done.returncode == 0 and "For teachers and classes." in done.stdout, done.stderr
