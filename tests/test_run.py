"""run.py: its pieces, then real starts, in a copy of the project with an awkward path."""

import ast
import importlib.util
import json
import os
import pathlib
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import tomllib
import types
import typing
import urllib.error
import urllib.request

import nbformat
import pytest
from packaging.specifiers import SpecifierSet

from nnlib.data.folders import paths_of
from nnlib.data.idx import FULL_SET, full_set_state
from nnlib.system.pages import without_answers
from nnlib.system.preparing import states_wanted
from nnlib.system.venv import Venv

ROOT = pathlib.Path(__file__).parents[1]
PATIENCE = 240  # seconds, for safety only
STANDARD = sys.stdlib_module_names
posix = pytest.mark.skipif(os.name == "nt", reason="Windows has no signals to send from outside")


def notebook(output="4\n"):
    """The text of a lesson that prints 4."""
    outputs = [nbformat.v4.new_output("stream", text=output)] if output else []
    count = 1 if output else None
    cell = nbformat.v4.new_code_cell("print(2 + 2)", execution_count=count, outputs=outputs, id="a")
    book = nbformat.v4.new_notebook(cells=[cell])
    book.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return nbformat.writes(book) + "\n"


def copied(text):
    """The learner's copy of a lesson."""
    return without_answers(text.encode()).decode()


FRESH, CHANGED = copied(notebook()), copied(notebook().replace("2 + 2", "1 + 3"))


SYSTEM = sorted((ROOT / "nnlib" / "system").glob("*.py"))


@pytest.fixture
def project(tmp_path):
    """A folder with what run.py needs, two lessons, and an awkward name."""
    folder = tmp_path / "mit Leerzeichen ü"
    (folder / "notebooks").mkdir(parents=True)
    (folder / "data").mkdir()
    (folder / "locks").mkdir()
    (folder / "tests").mkdir()
    (folder / "docs" / "site").mkdir(parents=True)
    (folder / "docs" / "demo.ipynb").write_text(notebook(), encoding="utf-8")
    locks = [f"locks/{path.name}" for path in (ROOT / "locks").glob("*.lock")]
    for name in ["run.py", "pyproject.toml", *locks]:
        shutil.copy(ROOT / name, folder / name)
    for name in ["__init__.py", *(f"system/{path.name}" for path in SYSTEM)]:
        (folder / "nnlib" / "system").mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / "nnlib" / name, folder / "nnlib" / name)
    for name in ["00_first.ipynb", "05_later.ipynb"]:
        (folder / "notebooks" / name).write_text(notebook(), encoding="utf-8")
    return folder


@pytest.fixture
def run(project, monkeypatch):
    """The run.py of that folder, as a module; its environment is not there yet."""
    for name in ["NNLIB_VENV", "NNLIB_WORK", *(n for n in os.environ if "JUPYTERHUB" in n)]:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "path", [*sys.path])  # run.py puts its folder there
    spec = importlib.util.spec_from_file_location("run_of_this_test", project / "run.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module.signal, "signal", lambda number, handler: None)  # pytest has its own
    return module


def sentence(call, *arguments):
    """The one line with which a call gives up."""
    with pytest.raises(SystemExit) as caught:
        call(*arguments)
    text = str(caught.value.code).strip()
    assert text.endswith(".") and "\n" not in text
    return text


# ---- the command line, and the Python it runs on ----


@pytest.mark.parametrize("arguments", [[], ["labb"], ["--help"]])
def test_no_or_an_unknown_command_gets_the_usage(run, arguments, capsys):
    assert run.main(arguments) == 2
    shown = capsys.readouterr().out
    assert all(word in shown for word in ["usage:", "lab", "site", "test", "doctor", "reset NN"])
    assert len(shown.splitlines()) < 24  # a terminal shows it whole


@pytest.mark.parametrize("command", ["test", "site", "demo"])
def test_what_a_bundle_for_a_class_leaves_out_is_said_before_anything_is_installed(run, command):
    shutil.rmtree(run.ROOT / "tests")
    shutil.rmtree(run.ROOT / "docs")
    said = f"This folder holds the lessons alone: `{command}` needs the whole project."
    assert sentence(run.main, [command]) == sentence(run.main, ["prepare", command]) == said
    assert not run.venv_of(command).folder.exists()


@pytest.mark.parametrize("version", [(2, 7, 18), (3, 8, 18), (3, 10, 13), (3, 15, 0)])
def test_another_python_is_refused_in_one_sentence_before_anything_of_ours(project, version):
    shutil.rmtree(project / "nnlib")
    other = f"import sys, runpy; sys.version_info = {version}; runpy.run_path('run.py')"
    bare = [sys.executable, "-I", "-c", other]
    done = subprocess.run(bare, capture_output=True, text=True, timeout=PATIENCE, cwd=project)
    (text,) = done.stderr.splitlines()
    assert done.returncode == 1 and not done.stdout
    assert "Python " + ".".join(map(str, version)) in text
    assert "3.11, 3.12, 3.13 or 3.14" in text and "run.py lab" in text


def test_the_pythons_are_those_of_the_project(run):
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    project = SpecifierSet(tomllib.loads(text)["project"]["requires-python"])
    for minor in range(30):
        assert (f"3.{minor}" in project) == (run.python_problem((3, minor, 0)) == "")


def test_older_pythons_can_read_the_file_as_far_as_the_refusal():
    ast.parse((ROOT / "run.py").read_text(encoding="utf-8"), feature_version=(3, 6))


def imports(path):
    """Every module that a file imports, wherever in it; whatever is imported from one, too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]


def ours(module):
    """The files of this project that importing a module runs."""
    parts = module.split(".")
    folders = [ROOT.joinpath(*parts[:n]) for n in range(1, len(parts) + 1)]
    found = [path for f in folders for path in (f / "__init__.py", f.with_suffix(".py"))]
    return [path for path in found if path.exists()]


def test_it_needs_nothing_but_the_standard_library():
    seen, to_read = set(), [ROOT / "run.py"]
    while to_read:
        path = to_read.pop()
        seen.add(path.relative_to(ROOT).as_posix())
        names = {name for name in imports(path) if name.split(".")[0] not in STANDARD}
        assert {name.split(".")[0] for name in names} <= {"nnlib"}, path
        found = {file for name in names for file in ours(name)}
        to_read += [file for file in found if file.relative_to(ROOT).as_posix() not in seen]
    system = ("pages", "files", "preparing", "venv", "server")
    assert seen >= {"run.py", "nnlib/__init__.py", *(f"nnlib/system/{name}.py" for name in system)}


def test_copies_are_made_before_anything_is_installed_wherever_python_looks(project):
    bare = [sys.executable, "-I", "-S", project / "run.py", "reset", "05"]  # no path of its own
    done = subprocess.run(bare, capture_output=True, text=True, timeout=PATIENCE, cwd="/")
    assert done.stdout == "work/05_later.ipynb is fresh.\n" and not done.stderr
    assert (project / "work" / "05_later.ipynb").read_text(encoding="utf-8") == FRESH


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (PermissionError(13, "Permission denied", "x"), "cannot be written"),
        (OSError(28, "No space left on device"), "disk is full"),
        (OSError(30, "Read-only file system"), "cannot be written"),
        (FileNotFoundError(2, "No such file", "locks/lab.lock"), "locks/lab.lock"),
        (KeyboardInterrupt(), "nothing is lost: run the same command again"),
    ],
)
def test_no_failure_is_a_traceback(run, error, words, monkeypatch):
    def fail(_arguments):
        raise error

    monkeypatch.setitem(run.COMMANDS, "doctor", fail)
    assert words in sentence(run.main, ["doctor"])


# ---- the learner's copies ----


def write(path, text):
    path.write_text(text, encoding="utf-8")


def test_copies_follow_until_they_are_touched_and_one_line_names_those_that_are(run, capsys):
    run.copy_lessons()
    first, later = run.WORK / "00_first.ipynb", run.WORK / "05_later.ipynb"
    assert [path.read_text(encoding="utf-8") for path in (first, later)] == [FRESH, FRESH]
    write(first, "my notes")
    run.copy_lessons()
    assert capsys.readouterr().out == ""
    for name in [first.name, later.name, "06_new.ipynb"]:
        write(run.LESSONS / name, notebook().replace("2 + 2", "1 + 3"))
    run.copy_lessons()
    assert first.read_text() == "my notes"
    fresh = CHANGED
    assert later.read_text(encoding="utf-8") == fresh
    assert (run.WORK / "06_new.ipynb").read_text(encoding="utf-8") == fresh
    assert capsys.readouterr().out == (
        "Lessons have changed; yours, kept as they are: 00; "
        f"`{run.RUN} class update 00` brings the new one with what you wrote.\n"
    )
    run.main(["reset", "00"])
    capsys.readouterr()
    run.copy_lessons()
    assert capsys.readouterr().out == "" and first.read_text(encoding="utf-8") == fresh


def test_several_that_are_kept_stand_in_one_line(run, capsys):
    run.copy_lessons()
    for name in ["00_first.ipynb", "05_later.ipynb"]:
        write(run.WORK / name, "my notes")
        write(run.LESSONS / name, notebook().replace("2 + 2", "1 + 3"))
    run.copy_lessons()
    (line,) = capsys.readouterr().out.splitlines()
    assert "yours, kept as they are: 00, 05; " in line


def test_what_may_be_open_in_another_lab_is_left_alone(run, monkeypatch, capsys):
    run.copy_lessons()
    page = run.WORK / "00_first.ipynb"
    write(page, with_a_widget())
    (run.WORK / "05_later.ipynb").unlink()
    write(run.LESSONS / page.name, notebook().replace("2 + 2", "1 + 3"))
    monkeypatch.setattr(run, "already_open", lambda: True)
    run.copy_lessons()
    assert page.read_text(encoding="utf-8") == with_a_widget() and capsys.readouterr().out == ""
    assert (run.WORK / "05_later.ipynb").read_text(encoding="utf-8") == FRESH
    monkeypatch.setattr(run, "already_open", lambda: False)
    run.copy_lessons()
    assert page.read_text(encoding="utf-8") == CHANGED


VIEW = "application/vnd.jupyter.widget-view+json"


def with_a_widget():
    """The text of a page on which a widget was used."""
    book = nbformat.reads(notebook(), as_version=4)
    data = {VIEW: {"model_id": "0123"}, "text/plain": "Interactive: a slider"}
    book.cells[0].outputs = [nbformat.v4.new_output("display_data", data)]
    return nbformat.writes(book) + "\n"


def test_widgets_on_pages_that_were_run_are_forgotten_and_their_sentences_stay(run):
    run.copy_lessons()
    page = run.WORK / "00_first.ipynb"
    write(page, with_a_widget())
    run.copy_lessons()
    text = page.read_text(encoding="utf-8")
    assert VIEW not in text and "Interactive: a slider" in text


@pytest.mark.parametrize("command", ["lab", "reset"])
@pytest.mark.parametrize(
    ("error", "words"), [((28, "No space left"), "disk is full"), ((30, "Read-only"), "cannot be")]
)
def test_what_cannot_be_written_is_said_in_one_sentence(run, monkeypatch, command, error, words):
    run.copy_lessons()
    page = run.WORK / "00_first.ipynb"
    page.unlink()
    write(run.LESSONS / "05_later.ipynb", notebook().replace("2 + 2", "1 + 3"))
    monkeypatch.setattr(run, "ready", run.venv_of)

    def fail(_number):
        raise OSError(*error)

    with monkeypatch.context() as patch:
        patch.setattr("nnlib.system.files.os.fsync", fail)
        arguments = {"lab": ["lab"], "reset": ["reset", "05"]}[command]
        assert words in sentence(run.main, arguments)
    assert [path.name for path in run.WORK.glob("*.ipynb")] == ["05_later.ipynb"]
    assert (run.WORK / "05_later.ipynb").read_text(encoding="utf-8") == FRESH


@pytest.mark.parametrize("number", ["05", "5"])
def test_reset_keeps_each_old_copy(run, number, capsys):
    run.copy_lessons()
    for text in ["first try", "second try"]:
        write(run.WORK / "05_later.ipynb", text)
        run.main(["reset", number])
    kept = {path.name: path.read_text(encoding="utf-8") for path in run.WORK.glob("05*")}
    assert kept == {
        "05_later.ipynb": FRESH,
        "05_later.bak.ipynb": "first try",
        "05_later.bak2.ipynb": "second try",
    }
    said = capsys.readouterr().out
    assert "kept as work/05_later.bak2.ipynb" in said and "Reload Notebook from Disk" in said


def test_a_lab_at_work_is_noticed_and_one_that_was_killed_is_not(run, monkeypatch):
    folder = run.venv_of("lab").settings / "runtime"
    folder.mkdir(parents=True)
    assert not run.already_open()
    (folder / "jpserver-1.json").write_text("{", encoding="utf-8")
    (folder / "jpserver-3.json").write_text("null", encoding="utf-8")
    (folder / "jpserver-2.json").write_text('{"port": 1, "token": "t"}', encoding="utf-8")
    answers = {("t", "/api/status"): None}
    monkeypatch.setattr(run, "ask_server", lambda port, token, how, path: answers[token, path])
    assert not run.already_open()
    answers["t", "/api/status"] = 200
    assert run.already_open()


def test_reset_works_before_the_first_start(run):
    run.main(["reset", "00"])
    assert sorted(path.name for path in run.WORK.iterdir()) == [".origin.json", "00_first.ipynb"]


NONE = ["07", "*", "", "005", "work", "work/07_none.ipynb", "x05", "05x", "-1", "0 5", "5.0", "٥"]


@pytest.mark.parametrize("arguments", [[], *([word] for word in NONE), ["05", "07"], ["07", "05"]])
def test_reset_of_an_unknown_lesson_names_those_that_exist(run, arguments):
    run.copy_lessons()
    write(run.WORK / "05_later.ipynb", "mine")
    assert "there are 00, 05" in sentence(run.main, ["reset", *arguments])
    assert (run.WORK / "05_later.ipynb").read_text(encoding="utf-8") == "mine"  # all or none


LATER = [  # ways to name lesson 05, some of which a shell completes
    "05",
    "5",
    "05_later",
    "05_later.ipynb",
    "work/05_later.ipynb",
    "./work/05_later.ipynb",
    "notebooks/05_later.ipynb",
    r"work\05_later.ipynb",
    r".\work\05_later.ipynb",
    "work/05_later.bak.ipynb",
    "work/05_",
    " 05 ",
    "lesson05",
    "lesson 5",
]


@pytest.mark.parametrize("word", LATER)
def test_reset_takes_a_lesson_by_its_number_or_its_file(run, word, capsys):
    run.copy_lessons()
    write(run.WORK / "05_later.ipynb", "mine")
    run.main(["reset", word])
    assert (run.WORK / "05_later.ipynb").read_text(encoding="utf-8") == FRESH
    assert (run.WORK / "05_later.bak.ipynb").read_text(encoding="utf-8") == "mine"
    assert "kept as work/05_later.bak.ipynb" in capsys.readouterr().out


def test_reset_takes_several_lessons_each_once(run, capsys):
    run.copy_lessons()
    for name in ("00_first", "05_later"):
        write(run.WORK / f"{name}.ipynb", "mine")
    run.main(["reset", "05", "work/00_first.ipynb", "5"])
    said = capsys.readouterr().out.splitlines()
    assert [line[:10] for line in said] == ["work/05_la", "work/00_fi"]
    kept = sorted(path.name for path in run.WORK.glob("*.bak*"))
    assert kept == ["00_first.bak.ipynb", "05_later.bak.ipynb"]


@pytest.mark.parametrize("word", ["-h", "--help"])
def test_reset_says_how_it_is_used(run, word, capsys):
    with pytest.raises(SystemExit) as caught:
        run.main(["reset", word])
    said = capsys.readouterr().out
    assert caught.value.code == 0 and "run.py reset" in said and "work/" in said
    assert not run.WORK.exists()


def test_a_project_without_lessons_says_so(run):
    shutil.rmtree(run.LESSONS)
    assert "no lesson lies in" in sentence(run.main, ["lab"])


def test_edit_opens_the_originals_and_only_with_outputs_copies_them_whole(run, monkeypatch):
    opened = []

    monkeypatch.setattr(run, "ready", run.venv_of)
    monkeypatch.setattr(run.Server, "serve", lambda server, *_, **__: opened.append(server))
    run.lab(["--edit"])
    assert not run.WORK.exists()
    run.lab([])
    folders = [f"--ServerApp.preferred_dir={folder}" for folder in (run.LESSONS, run.WORK)]
    assert [server.flags[4] for server in opened] == folders
    assert [server.page.split("?")[0] for server in opened] == [
        "lab/tree/notebooks/00_first.ipynb",
        "lab/tree/work/00_first.ipynb",
    ]
    page = run.WORK / "05_later.ipynb"
    assert page.read_text(encoding="utf-8") == FRESH
    run.lab(["--with-outputs"])
    assert page.read_text(encoding="utf-8") == notebook()


# ---- environments, places ----


class Started:
    """A process that did what it was told; what it was told."""

    def __init__(self, *words, **options):
        self.words, self.options, self.returncode = [*map(str, words)], options, 0
        Started.all.append(self)

    all: typing.ClassVar = []


@pytest.fixture
def started(run, monkeypatch):
    """All environments are ready; what is started in them is noted, and ends well."""
    monkeypatch.setattr(Started, "all", [])
    monkeypatch.setattr(run, "ready", run.venv_of)
    monkeypatch.setattr(Venv, "start", lambda venv, *words, **more: Started(*words, **more))
    monkeypatch.setattr(run, "wait_for", lambda process: process.returncode)
    return Started.all


@pytest.mark.parametrize("named", [".venv", "elsewhere"])
def test_the_site_has_an_environment_of_its_own(run, monkeypatch, named):
    monkeypatch.setenv("NNLIB_VENV", named)
    assert {run.venv_of(command).folder for command in ("lab", "demo", "test")} == {
        run.ROOT / named
    }
    assert run.venv_of("site").folder == run.ROOT / f"{named}-site"


def test_the_site_is_built_with_what_was_asked_for(run, started):
    run.site(["--offline", "--output", "there"])
    build = run.ROOT / "docs" / "site" / "build.py"
    assert [process.words for process in started] == [
        [str(build), "--output", "there", "--offline"]
    ]


def test_a_site_that_could_not_be_built_is_an_exit_code(run, started, monkeypatch, capsys):
    monkeypatch.setattr(run, "wait_for", lambda process: 1)
    assert run.site(["--serve"]) == 1
    assert "To publish" not in capsys.readouterr().out


def test_the_class_kit_works_where_it_was_called(run, started, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert run.main(["class", "mark", "--help"]) == 0
    (kit,) = started
    assert kit.words == ["-m", "nnlib.classroom", "mark", "--help"]
    assert kit.options == {"stdin": None, "cwd": str(tmp_path)}


@pytest.mark.parametrize(
    ("words", "commands"),
    [([], ["lab"]), (["demo"], ["demo"]), (["test"], ["test"]), (["all"], ["test", "site"])],
)
def test_prepare_starts_nothing(run, started, monkeypatch, capsys, words, commands):
    prepared = []
    monkeypatch.setattr(run, "ready", prepared.append)
    run.main(["prepare", *words])
    assert prepared == commands and started == []
    capsys.readouterr()
    monkeypatch.setenv("NNLIB_PYODIDE", "")
    but = " (but `site --offline` does, for Pyodide)" if words == ["all"] else ""
    run.main(["prepare", *words])
    assert capsys.readouterr().out.endswith(f" ready, and needs no network{but}.\n")
    monkeypatch.setenv("NNLIB_PYODIDE", "/somewhere")
    run.main(["prepare", *words])
    assert capsys.readouterr().out.endswith(" ready, and needs no network.\n")


def test_prepare_names_what_it_knows(run, started, capsys):
    with pytest.raises(SystemExit) as caught:
        run.main(["prepare", "dome"])
    assert caught.value.code == 2 and "'demo'" in capsys.readouterr().err


def test_work_makes_the_copies_in_any_folder_and_says_how_to_open_them(run, tmp_path, capsys):
    folder = tmp_path / "my lessons"
    run.main(["work", str(folder)])
    assert (folder / "05_later.ipynb").read_text(encoding="utf-8") == FRESH
    there = {path.name for path in run.ROOT.iterdir()} - {"__pycache__"}
    assert sorted(there) == [
        "data", "docs", "locks", "nnlib", "notebooks", "pyproject.toml", "run.py", "tests"
    ]  # fmt: skip
    said = capsys.readouterr().out
    assert f"The lessons lie in {folder}." in said and "NNLIB_WORK" in said
    write(folder / "00_first.ipynb", "my notes")
    write(folder / "05_later.ipynb", with_a_widget())  # perhaps open in the hub's JupyterLab
    write(run.LESSONS / "00_first.ipynb", notebook().replace("2 + 2", "1 + 3"))
    run.main(["work", str(folder)])
    assert (folder / "00_first.ipynb").read_text(encoding="utf-8") == "my notes"
    assert (folder / "05_later.ipynb").read_text(encoding="utf-8") == with_a_widget()
    said = capsys.readouterr().out
    assert "yours, kept as they are: 00" in said and "class update 00` brings" in said
    assert "NNLIB_WORK" in said.splitlines()[0]  # else it would reset another folder's


@posix
@pytest.mark.parametrize("here", [True, False])
def test_what_work_says_can_be_typed_where_it_is_said(run, tmp_path, monkeypatch, capsys, here):
    folder = tmp_path / "mine & yours"
    monkeypatch.chdir(run.ROOT if here else tmp_path)
    run.main(["work", str(folder)])
    typed = capsys.readouterr().out.partition("To open them: ")[2]
    words = shlex.split(typed)
    assert words[0] == f"NNLIB_WORK={folder}" and words[-1] == "lab"
    assert pathlib.Path.cwd().joinpath(words[-2]) == run.ROOT / "run.py"


@pytest.mark.parametrize("command", [["work"], ["work", "a", "b"]])
def test_work_wants_one_folder(run, command, capsys):
    with pytest.raises(SystemExit) as caught:
        run.main(command)
    assert caught.value.code == 2 and "usage:" in capsys.readouterr().err


def load_with(run, monkeypatch, **variables):
    """Load run.py anew with some variables."""
    for name, value in variables.items():
        monkeypatch.setenv(name, str(value))
    run.__spec__.loader.exec_module(run)
    return run


def test_nnlib_work_names_the_folder_and_what_is_private_goes_with_it(
    run, started, monkeypatch, tmp_path, capsys
):
    run = load_with(run, monkeypatch, NNLIB_WORK=tmp_path / "mine")
    monkeypatch.setattr(run, "ready", run.venv_of)
    opened = []
    monkeypatch.setattr(run.Server, "serve", lambda server, *_, **__: opened.append(server))
    run.main(["lab"])
    page, (server,) = tmp_path / "mine" / "05_later.ipynb", opened
    assert page.read_text(encoding="utf-8") == FRESH and not (run.ROOT / "work").exists()
    assert f"--ServerApp.root_dir={page.parent}" in server.flags
    assert server.page.startswith("lab/tree/00_first.ipynb?")
    assert page.parent in server.log.parents
    assert page.parent in run.venv_of("lab").settings.parents
    write(page, "mine")
    run.main(["reset", "05"])
    assert "mine/05_later.ipynb is fresh; the old one is kept as mine/05" in capsys.readouterr().out
    assert page.read_text(encoding="utf-8") == FRESH


def test_a_folder_below_the_project_is_opened_with_what_lessons_link_to(run, monkeypatch):
    run = load_with(run, monkeypatch, NNLIB_WORK=run.ROOT / "learners" / "Anna")
    monkeypatch.setattr(run, "ready", run.venv_of)
    opened = []
    monkeypatch.setattr(run.Server, "serve", lambda server, *_, **__: opened.append(server))
    run.main(["lab"])
    assert f"--ServerApp.root_dir={run.ROOT}" in opened[0].flags
    assert opened[0].page.startswith("lab/tree/learners/Anna/00_first.ipynb?")


@pytest.mark.parametrize("command", [["lab"], ["demo"], ["reset", "05"], ["work", "{}"]])
def test_a_folder_that_cannot_be_written_names_the_way_out(run, monkeypatch, command):
    monkeypatch.setattr(run, "prepare_for", lambda *_: None)
    monkeypatch.setattr(run, "may_write", lambda folder: False)
    said = sentence(run.main, [word.format(run.WORK) for word in command])
    assert str(run.WORK) in said and "NNLIB_WORK" in said


@pytest.fixture
def hub(monkeypatch, run):
    """This is a hub now."""
    monkeypatch.setenv("JUPYTERHUB_SERVICE_PREFIX", "/user/anna/")
    monkeypatch.setattr(run.Server, "serve", lambda *_, **__: pytest.fail("a second server"))


def test_in_a_hub_lab_makes_the_copies_and_says_where_they_are(
    run, hub, started, monkeypatch, capsys
):
    monkeypatch.setattr(run.Path, "home", lambda: run.ROOT.parent)
    assert not run.main(["lab"])
    said = capsys.readouterr().out
    name = run.Path(run.ROOT.name, "work", "00_first.ipynb")
    assert f"Open {name} in the file list on the left." in said
    assert "http" not in said and started == []
    assert (run.WORK / "00_first.ipynb").read_text(encoding="utf-8") == FRESH


@pytest.mark.parametrize("words", [["demo"], ["site", "--serve"]])
def test_in_a_hub_no_address_is_printed_that_nobody_reaches(run, hub, started, words, capsys):
    said = sentence(run.main, words)
    assert "In a hub" in said and "http://" not in said + capsys.readouterr().out


def test_in_a_hub_the_doctor_knows_that_it_is_one(run, hub, disk, capsys):
    code, lines = said_by_the_doctor(run, capsys)
    assert {"lab", "demo"} <= {*marked(lines, "○")} and "docs/hub.md" in lines["lab"]


def test_the_doctor_says_which_folder_cannot_be_written(run, disk, answers, monkeypatch, capsys):
    for command in ("test", "site"):
        with_sliders(stamp(run, command))
    written = run.may_write
    monkeypatch.setattr(run, "may_write", lambda folder: folder != run.WORK and written(folder))
    lines = said_by_the_doctor(run, capsys)[1]
    assert {"lab"} == {*marked(lines, "✗")} - {"Sample", "Full set"}
    assert f"{run.WORK} cannot be written" in lines["lab"]
    monkeypatch.setattr(run, "may_write", lambda folder: False)
    lines = said_by_the_doctor(run, capsys)[1]
    assert {*marked(lines, "✗")} >= {"lab", "demo", "test", "site", "class"}
    assert "NNLIB_WORK" in lines["demo"] and "NNLIB_WORK" not in lines["test"]


# ---- pytest's arguments, the doctor ----


@pytest.mark.parametrize(
    ("platform", "lax", "flag"),
    [("linux", "", "--nbval"), ("linux", "1", "--nbval-lax"), ("darwin", "", "--nbval-lax")],
)
def test_outputs_are_compared_on_linux_only(run, monkeypatch, platform, lax, flag):
    monkeypatch.setattr(run.sys, "platform", platform)
    monkeypatch.setenv("NNLIB_LAX", lax)
    assert run.pytest_arguments([])[0] == flag


def test_pytest_gets_all_targets_unless_some_are_named(run):
    assert run.pytest_arguments([])[-2:] == ["tests", "notebooks"]
    assert run.pytest_arguments(["-k", "softmax"])[-4:] == ["-k", "softmax", "tests", "notebooks"]
    one = ["-x", "notebooks/00_first.ipynb::Cell 0"]
    assert run.pytest_arguments(one)[-2:] == one


@pytest.fixture
def disk(run, monkeypatch):
    """Set the free space that run.py sees, in GB; at first there is plenty."""

    def free(gigabytes):
        usage = types.SimpleNamespace(free=gigabytes * 1e9)
        monkeypatch.setattr(run.shutil, "disk_usage", lambda _path: usage)

    free(50)
    return free


def said_by_the_doctor(run, capsys):
    """What the doctor says: (exit code, {what: its line})."""
    code = run.main(["doctor"])
    lines = capsys.readouterr().out.splitlines()
    return code, {line[2 : line.index(":")]: line for line in lines}


def stamp(run, command):
    """Let an environment say that all is ready for a command."""
    venv = run.venv_of(command)
    venv.folder.mkdir(exist_ok=True)
    venv.stamp.write_text(json.dumps(states_wanted(venv, command)[0]))
    return venv


def marked(lines, mark):
    return [what for what, line in lines.items() if line.startswith(mark)]


def test_the_doctor_helps_before_the_first_start_and_changes_nothing(run, disk, project, capsys):
    before = sorted(project.rglob("*"))
    code, lines = said_by_the_doctor(run, capsys)
    assert code == 1 and sorted(project.rglob("*")) == before
    assert marked(lines, "✗") == ["Sample", "lab"]
    assert marked(lines, "○") == ["demo", "test", "site", "class"]
    assert "git checkout -- data" in lines["Sample"]
    assert "run.py prepare lab` mends that: about 2 minutes, 530 MB" in lines["lab"]
    assert "run.py prepare demo` mends that" in lines["demo"]


def test_a_full_disk_is_seen_before_anything_is_fetched(run, disk, monkeypatch, capsys):
    monkeypatch.setattr(Venv, "run_logged", lambda *command: pytest.fail(f"ran {command}"))
    disk(0.2)
    assert said_by_the_doctor(run, capsys)[1]["Disk"] == "✗ Disk: only 0.2 GB free; make it 1 GB"
    assert "disk is full" in sentence(run.main, ["lab"])


@pytest.fixture
def answers(run, monkeypatch):
    """What environments answer: the first whose key stands in the code that they are asked."""
    found = {"nnlib.__file__": str(run.ROOT / "nnlib" / "__init__.py")}
    found |= {"jupyterlite_core": "1", "full_set_state": "False\nit is not here"}
    found["version_info"] = "{}.{}".format(*sys.version_info)

    def ask(_venv, code):
        return next((answer for word, answer in found.items() if word in code), "")

    monkeypatch.setattr(Venv, "ask", ask)
    return found


def with_sliders(venv):
    sliders = venv.folder / "share/jupyter/labextensions/@jupyter-widgets/jupyterlab-manager"
    sliders.mkdir(parents=True)
    return sliders


def test_the_doctor_is_content_when_all_is_there(run, disk, answers, monkeypatch, capsys, tmp_path):
    run.SAMPLE.touch()
    sliders = with_sliders(stamp(run, "test"))
    stamp(run, "site")
    monkeypatch.delenv("NNLIB_DATA", raising=False)
    code, lines = said_by_the_doctor(run, capsys)
    assert code == 0 and not marked(lines, "✗") + marked(lines, "○")
    assert lines["demo"] == "✓ demo: ready, and needs no network"
    assert lines["Full set"].startswith("✓ Full set: not needed")
    monkeypatch.setenv("NNLIB_DATA", str(tmp_path))
    sliders.rmdir()
    code, lines = said_by_the_doctor(run, capsys)
    assert code == 1 and marked(lines, "✗") == ["lab", "demo", "test", "class", "Full set"]
    assert "JupyterLab lacks the sliders" in lines["demo"]
    assert lines["Full set"] == "✗ Full set: it is not here"
    answers["nnlib.__file__"] = str(tmp_path / "elsewhere" / "nnlib" / "__init__.py")
    answers["jupyterlite_core"] = ""
    lines = said_by_the_doctor(run, capsys)[1]
    assert answers["nnlib.__file__"] in lines["lab"] and "is gone; remove" in lines["site"]


def test_what_is_ready_for_the_lab_is_not_said_to_be_for_the_demo(
    run, disk, answers, monkeypatch, capsys
):
    monkeypatch.delenv("NNLIB_DATA", raising=False)
    run.SAMPLE.touch()
    with_sliders(stamp(run, "lab"))
    code, lines = said_by_the_doctor(run, capsys)
    assert code == 0 and marked(lines, "○") == ["demo", "test", "site"]
    assert lines["demo"] == (
        "○ demo: some packages are missing or old; `python3 run.py prepare demo` mends that: less "
        "than a minute, 20 MB, from the network".replace("python3 run.py", run.RUN)
    )
    stamp(run, "demo")
    assert marked(said_by_the_doctor(run, capsys)[1], "○") == ["test", "site"]


def test_the_doctor_of_a_bundle_says_what_is_not_in_it(run, disk, answers, capsys):
    for lock in ("demo", "test", "site", "browser"):
        (run.ROOT / "locks" / f"{lock}.lock").unlink()
    with_sliders(stamp(run, "lab"))
    lines = said_by_the_doctor(run, capsys)[1]
    assert {"lab", "class"} <= {*marked(lines, "✓")}
    assert marked(lines, "○") == ["demo", "test", "site"]
    assert lines["demo"] == "○ demo: locks/demo.lock is not part of this folder"


FOLDERS = {  # what NNLIB_DATA says of the folder with the full set, and the files in it
    "as published": ("{}", "{set}-{kind}-idx{n}-ubyte.gz"),
    "names of 7-Zip, a quoted path": ('"{}"', "{set}-{kind}.idx{n}-ubyte"),
    "two folders down": ("{}", "MNIST/raw/{set}-{kind}-idx{n}-ubyte"),
    "two of four": ("{}", "train-{kind}-idx{n}-ubyte"),
    "files of other names": ("{}", "{set}.{n}.ubyte"),
    "no such folder": ("{}/missing", "{set}-{kind}-idx{n}-ubyte"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", FOLDERS)
def test_the_doctor_says_of_the_full_set_what_load_mnist_does(run, tmp_path, monkeypatch, name):
    given = os.environ.get("NNLIB_DATA")
    if not given:
        pytest.skip("NNLIB_DATA names no folder with the full set")
    named, pattern = FOLDERS[name]
    for file in FULL_SET.values():
        group, kind, number, _ = file.name.split("-")
        path = tmp_path / "full" / pattern.format(set=group, kind=kind, n=number[-1])
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(paths_of(pathlib.Path(given), file)[0], path)
    monkeypatch.setenv("NNLIB_DATA", named.format(tmp_path / "full"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(Venv, "python", pathlib.Path(sys.executable))
    monkeypatch.setattr(run, "venv_of", lambda _: Venv(ROOT, ROOT, ROOT))  # there is our nnlib
    _, fine, words = run.check_full_set(True)
    assert (fine, words) == full_set_state()
    assert fine == (name in [*FOLDERS][:3])


def test_the_doctor_names_a_full_set_in_the_cache_too(run, monkeypatch):
    monkeypatch.delenv("NNLIB_DATA", raising=False)
    monkeypatch.setattr(Venv, "ask", lambda *_: "True\nits 4 files lie in a cache")
    assert run.check_full_set(True) == ("Full set", True, "its 4 files lie in a cache")
    monkeypatch.setattr(Venv, "ask", lambda *_: "")  # nnlib is not to be had
    assert run.check_full_set(True)[2].startswith("not needed")
    monkeypatch.setenv("NNLIB_DATA", "/somewhere")
    assert run.check_full_set(True)[1:] == (False, "nnlib.data could not be asked")


def test_before_the_first_start_the_doctor_promises_nothing_of_the_full_set(run, monkeypatch):
    monkeypatch.setenv("NNLIB_DATA", "/somewhere")
    assert "looks there once the environment stands" in run.check_full_set(False)[2]
    monkeypatch.delenv("NNLIB_DATA")
    assert run.check_full_set(False)[2].startswith("not needed")


def test_a_stream_without_the_marks_gets_words(project):
    plain = {**os.environ, "PYTHONIOENCODING": "ascii", "NNLIB_VENV": ".venv"}
    command = [sys.executable, project / "run.py", "doctor"]
    shown = subprocess.run(command, env=plain, capture_output=True, timeout=PATIENCE)
    assert shown.stdout.startswith(b"ok Python: 3.") and b"!! lab: not" in shown.stdout
    assert b"-- demo: not" in shown.stdout
    assert shown.returncode == 1 and not shown.stderr


# ---- real starts ----

# run.py with the Python of these tests as its environment, and nothing to install
READY = """
import pathlib, sys, run
run.Venv.python = pathlib.Path(sys.executable)
run.ready = lambda _: run.Venv(pathlib.Path(sys.prefix), run.ROOT, run.ROOT / "private")
sys.exit(run.main(sys.argv[1:]))
"""


@pytest.fixture
def begin(project):
    """Start a Python process in the project; whatever is left of it ends with the test."""
    started = []

    def start(*arguments, **variables):
        env = {**os.environ, "PYTHONIOENCODING": "utf-8", "NNLIB_VENV": "", **variables}
        process = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=project,
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            start_new_session=True,
        )
        started.append(threading.Timer(PATIENCE, process.kill))
        started[-1].start()
        started[-1].process = process
        return process

    yield start
    for timer in started:
        timer.cancel()
        end(timer.process)


def end(process):
    """End a process: run.py then ends what it has started."""
    process.terminate()
    try:
        process.wait(60)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    process.stdout.close()


def read_until(process, pattern):
    """Read lines until one matches; return the match."""
    shown = ""
    for line in process.stdout:
        shown += line
        if found := re.search(pattern, line):
            return found
    pytest.fail(f"the process ended with:\n{shown}")


def get(url, data=None):
    """Return the status and text of an answer, past any proxy; with data, post."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, data=data, timeout=60) as answer:
            return answer.status, answer.read().decode("utf-8")
    except urllib.error.HTTPError as error:
        return error.code, ""


def listens(port):
    """Whether anything on this computer answers at a port."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_until(happened):
    """Wait until something happened, a minute at most."""
    until = time.monotonic() + 60
    while not happened():
        assert time.monotonic() < until
        time.sleep(0.1)


@pytest.mark.slow
def test_lab_opens_the_first_lesson_and_stops_when_it_is_told(begin, project):
    lab = begin("-c", READY, "lab", "--no-browser", "--port", "18888")
    url = read_until(lab, r"http://\S+")[0]
    address, token = re.fullmatch(
        r"(http://127\.0\.0\.1:\d+)/lab/tree/work/00_first\.ipynb\?token=(\w{32,})", url
    ).groups()
    assert get(url)[0] == 200
    assert get(f"{address}/api/contents")[0] == 403  # without the token
    status, listing = get(f"{address}/api/contents/work?token={token}")
    names = {entry["name"] for entry in json.loads(listing)["content"]}
    assert status == 200 and {"00_first.ipynb", "05_later.ipynb"} <= names
    assert (project / "work" / "00_first.ipynb").read_text(encoding="utf-8") == FRESH
    page = get(f"{address}/lab?token={token}")[1]
    assert "apputils-extension:announcements" in page.split("disabledExtensions")[1]
    assert get(f"{address}/api/kernels?token={token}", data=b"{}")[0] == 201
    if os.name == "nt":
        get(f"{address}/api/shutdown?token={token}", data=b"")
    else:
        os.killpg(lab.pid, signal.SIGINT)  # as Ctrl-C in a terminal does
    shown = lab.communicate(timeout=PATIENCE)[0]
    assert lab.returncode == 0 and "Traceback" not in shown
    assert "Shutting down 1 kernel" in (project / "private" / "nnlib-lab.log").read_text(
        encoding="utf-8"
    )
    assert not listens(int(address.rpartition(":")[2]))


UNENDING = """
from jupyter_server.serverapp import ServerApp
async def fails(self):
    raise RuntimeError("as when a kernel is just restarting")
ServerApp.cleanup_kernels = fails
"""


@pytest.mark.slow
@posix
def test_lab_ends_even_if_its_server_does_not(begin, project):
    settings = project / "private" / "nnlib-settings" / "jupyter"
    settings.mkdir(parents=True)
    (settings / "jupyter_server_config.py").write_text(UNENDING)
    lab = begin("-c", READY, "lab", "--no-browser", "--port", "18988")
    url = read_until(lab, r"http://\S+")[0]
    token = url.partition("=")[2]
    kernels = f"{url.partition('/lab/')[0]}/api/kernels?token={token}"
    assert get(kernels, data=b"{}")[0] == 201
    (file,) = (project / "private" / "nnlib-settings" / "runtime").glob("kernel-*.json")
    kernel = json.loads(file.read_text(encoding="utf-8"))["hb_port"]
    wait_until(lambda: listens(kernel))
    os.killpg(lab.pid, signal.SIGINT)
    shown = lab.communicate(timeout=PATIENCE)[0]
    assert lab.returncode == 0 and "Traceback" not in shown
    wait_until(lambda: not listens(kernel))
    assert not listens(int(re.search(r":(\d+)/", url)[1]))


BUILT = """
import pathlib, sys
folder = pathlib.Path(sys.argv[sys.argv.index("--output") + 1])
folder.mkdir()
(folder / "jupyter-lite.json").write_text("{}")
"""


@pytest.mark.slow
@posix
def test_site_is_shown_until_it_is_told_to_stop(begin, project):
    (project / "docs" / "site" / "build.py").write_text(BUILT)
    shown = begin("-c", READY, "site", "--serve", "--no-browser", "--port", "18000")
    address = read_until(shown, r"http://127\S+")[0]
    assert get(f"{address}jupyter-lite.json") == (200, "{}")
    os.killpg(shown.pid, signal.SIGINT)
    rest = shown.communicate(timeout=PATIENCE)[0]
    assert shown.returncode == 0 and "Traceback" not in rest
    assert not listens(int(address.split(":")[2].strip("/")))


@pytest.mark.slow
def test_a_server_that_cannot_start_leaves_its_last_words(begin, project):
    settings = project / "private" / "nnlib-settings" / "jupyter"
    settings.mkdir(parents=True)
    config = settings / "jupyter_server_config.py"
    config.write_text("raise SystemExit('the server is unwell')")
    lab = begin("-c", READY, "lab", "--no-browser")
    shown = lab.communicate(timeout=PATIENCE)[0]
    assert lab.returncode == 1 and "Traceback" not in shown
    assert "The server ended by itself" in shown and "the server is unwell" in shown


@pytest.mark.slow
def test_test_turns_red_for_each_kind_of_mistake(begin, project):
    (project / "tests" / "nbval.cfg").touch()
    good = project / "tests" / "test_good.py"
    good.write_text("def test_good():\n    assert True\n")

    def code():
        process = begin("-c", READY, "test", "-q", NNLIB_LAX="")
        shown = process.communicate(timeout=PATIENCE)[0]
        return process.returncode, shown

    assert code()[0] == 0
    good.write_text("def test_good():\n    assert   True\n")
    found, shown = code()
    assert found == 1 and shown.splitlines()[-1].startswith("ruff is not content")
    good.write_text("def test_good():\n    assert not True\n")
    assert code()[0] == 1
    good.write_text("def test_good():\n    assert True\n")
    lesson = project / "notebooks" / "05_later.ipynb"
    lesson.write_text(notebook("5\n"), encoding="utf-8")
    assert code()[0] == (1 if sys.platform == "linux" else 0)


def unreachable(port):
    """Variables with which pip asks only that port of this computer, and has nothing cached."""
    return {
        "PIP_INDEX_URL": f"http://127.0.0.1:{port}/simple",
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_NO_CACHE_DIR": "1",
        "PIP_RETRIES": "0",
        **dict.fromkeys(["PIP_FIND_LINKS", "PIP_EXTRA_INDEX_URL", "PIP_NO_INDEX"], ""),
    }


@pytest.mark.slow
def test_a_first_start_without_a_network_ends_in_one_sentence(begin, project):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # not listening: connections are refused
        lab = begin("run.py", "lab", **unreachable(closed.getsockname()[1]))
        shown = lab.communicate(timeout=PATIENCE)[0]
    assert lab.returncode == 1 and "Traceback" not in shown
    assert "needs a network connection" in shown.splitlines()[-1]
    doctor = begin("run.py", "doctor")
    shown = doctor.communicate(timeout=PATIENCE)[0]
    assert doctor.returncode == 1 and "✗ lab: some packages are missing" in shown


@pytest.mark.slow
@posix
def test_a_first_start_can_be_interrupted(begin, project):
    with socket.create_server(("127.0.0.1", 0)) as silent:  # accepts, never answers
        variables = unreachable(silent.getsockname()[1])
        lab = begin("run.py", "lab", **variables)
        silent.settimeout(PATIENCE)
        silent.accept()[0].close()  # pip is at work
        lab.send_signal(signal.SIGINT)
        shown = lab.communicate(timeout=PATIENCE)[0]
    assert lab.returncode == 1 and "Traceback" not in shown
    assert shown.splitlines()[-1].startswith("Stopped in the middle; nothing is lost")
    assert not (project / ".venv" / "nnlib-stamp.json").exists()
    with pytest.raises(ProcessLookupError):  # pip has ended, too
        os.killpg(lab.pid, 0)
