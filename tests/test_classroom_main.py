"""The class kit from a terminal: what is asked, what is answered, and what goes wrong."""

import argparse
import importlib
import importlib.util
import re
import shlex
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


# ---- what documents tell people to type ----

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
PAGES += [ROOT / "nnlib" / "README.md", ROOT / "nnlib" / "classroom" / "bundle_readme.txt"]
SPEC = importlib.util.spec_from_file_location("run_as_documented", ROOT / "run.py")
RUN = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(RUN)
FENCE = re.compile(r"^```$(.*?)^```$", re.MULTILINE | re.DOTALL)
SAYS = re.compile(rf"(?:.*\brun\.py\"?\s+|(?=(?:{'|'.join(RUN.COMMANDS)}) ))(.+)")


def typed(text):
    """What a text lets people type, from the command on; prose may leave run.py out."""
    lines = [line for block in FENCE.findall(text) for line in block.splitlines()]
    lines = [line for line in lines if "run.py" in line]
    spans = re.findall(r"`([^`]+)`", FENCE.sub("", text))
    found = [SAYS.fullmatch(" ".join(words.split())) for words in [*lines, *spans]]
    return [shlex.split(it[1].strip("… "), comments=True) for it in found if it]


TYPED = sorted({shlex.join(words) for page in PAGES for words in typed(page.read_text("utf-8"))})


class Understood(Exception):
    """The words were read; what they ask for is not done."""


@pytest.fixture
def only_read(monkeypatch):
    """The commands, whose parsers read what is typed and go no further."""
    parse = argparse.ArgumentParser.parse_args

    def read(parser, words):
        parse(parser, words)
        raise Understood

    monkeypatch.setattr(argparse.ArgumentParser, "parse_args", read)
    monkeypatch.setattr(RUN, "own_folder", lambda folder: None)
    monkeypatch.setattr(RUN.pages, "renew_page", lambda lesson, folder: None)
    return RUN.COMMANDS | {"class": terminal.run_class}


def test_documents_say_what_to_type_for_every_command():
    named = {tuple(line.split()[:2]) for line in TYPED}
    assert {name for name, *_ in named} == {*RUN.COMMANDS}
    assert {("class", name) for name in terminal.COMMANDS} <= named


@pytest.mark.parametrize("line", TYPED)
def test_what_documents_let_people_type_is_understood(line, only_read):
    command, *words = shlex.split(line.replace("$first", "00"))
    if command == "class" and words in ([], ["--help"], *([name] for name in terminal.COMMANDS)):
        return  # named, not typed
    if command == "reset":
        only_read[command](words)
    elif command not in ("test", "doctor"):  # these take whatever is said
        with pytest.raises(Understood):
            only_read[command](words)


def test_options_that_teachers_read_of_exist():
    known = {*re.findall(r'"(--[a-z-]+)"', (ROOT / "run.py").read_text("utf-8"))}
    for module in terminal.COMMANDS.values():
        known |= {
            name for names, _ in importlib.import_module(module).COMMAND.options for name in names
        }
    pages = [ROOT / "README.md", ROOT / "docs" / "teaching.md", ROOT / "docs" / "course.md"]
    named = {it for page in pages for it in re.findall(r"`(--[a-z-]+)", page.read_text("utf-8"))}
    assert len(named) > 5 and named <= known
