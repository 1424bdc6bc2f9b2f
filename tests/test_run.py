"""run.py: its pieces, then real starts, in a copy of the project with an awkward path."""

import ast
import functools
import importlib.util
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import tomllib
import types
import urllib.error
import urllib.request

import nbformat
import pytest
from packaging.specifiers import SpecifierSet

from nnlib.data.folders import paths_of
from nnlib.data.idx import FULL_SET, full_set_state

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


FRESH = notebook("")


SYSTEM = sorted((ROOT / "nnlib" / "system").glob("*.py"))


@pytest.fixture
def project(tmp_path):
    """A folder with what run.py needs, two lessons, and an awkward name."""
    folder = tmp_path / "mit Leerzeichen ü"
    (folder / "notebooks").mkdir(parents=True)
    (folder / "data").mkdir()
    (folder / "locks").mkdir()
    locks = [f"locks/{name}.lock" for name in ("lab", "test", "site", "browser")]
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
    monkeypatch.delenv("NNLIB_VENV", raising=False)
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
    assert len(shown.splitlines()) < 20


@pytest.mark.parametrize("version", [(2, 7, 18), (3, 8, 18), (3, 10, 13), (3, 15, 0)])
def test_another_python_is_refused_in_one_sentence(run, version, monkeypatch):
    monkeypatch.setattr(run, "python_problem", functools.partial(run.python_problem, version))
    text = sentence(run.main, ["lab"])
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
    assert seen >= {"run.py", "nnlib/__init__.py", "nnlib/system/pages.py", "nnlib/system/files.py"}


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

    monkeypatch.setattr(run, "doctor", fail)
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
    fresh = FRESH.replace("2 + 2", "1 + 3")
    assert later.read_text(encoding="utf-8") == fresh
    assert (run.WORK / "06_new.ipynb").read_text(encoding="utf-8") == fresh
    assert capsys.readouterr().out == (
        "Lessons have changed; yours, kept as they are: 00; "
        f"`{run.RUN} reset 00` brings the new one and keeps yours.\n"
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
    assert page.read_text(encoding="utf-8") == FRESH.replace("2 + 2", "1 + 3")


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
    monkeypatch.setattr(run, "prepare", lambda command: None)

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
    folder = run.SETTINGS / "runtime"
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

    def start_server(folder, _port, _token):
        opened.append(folder)
        sys.exit()

    monkeypatch.setattr(run, "prepare", lambda command: None)
    monkeypatch.setattr(run, "start_server", start_server)
    with pytest.raises(SystemExit):
        run.lab(["--edit"])
    assert not run.WORK.exists()
    with pytest.raises(SystemExit):
        run.lab([])
    assert opened == [run.LESSONS, run.WORK]
    page = run.WORK / "05_later.ipynb"
    assert page.read_text(encoding="utf-8") == FRESH
    with pytest.raises(SystemExit):
        run.lab(["--with-outputs"])
    assert page.read_text(encoding="utf-8") == notebook()


# ---- the environment: skip, install or make ----

WANTED = {"python": "3.13", "venv": "/v", "project": "/p", "locks": {"a.lock": "1"}}


@pytest.mark.parametrize(
    ("change", "python", "need"),
    [
        ({}, "3.13", ""),
        ({"locks": {"a.lock": "1", "b.lock": "7"}}, "3.13", ""),  # `lab` after `test`
        ({"locks": {"a.lock": "2"}}, "3.13", "install"),  # the lock was updated
        ({"locks": {"b.lock": "1"}}, "3.13", "install"),  # `test` after `lab`
        ({"project": "/other"}, "3.13", "install"),
        ({"venv": "/moved"}, "3.13", "make"),
        ({}, "3.12", "make"),
        ({}, "", "make"),  # missing or broken
    ],
)
def test_what_an_environment_needs(run, change, python, need):
    assert run.decide(WANTED | change, WANTED, python) == need


def test_an_installation_without_stamp_is_resumed(run):
    assert run.decide({}, WANTED, "3.13") == "install"
    assert run.decide({}, WANTED, "") == "make"


def test_after_test_lab_needs_nothing_but_not_the_other_way(run):
    lab, test = run.state_wanted("lab"), run.state_wanted("test")
    assert run.decide(test, lab, lab["python"]) == ""
    assert run.decide(lab, test, lab["python"]) == "install"


@pytest.mark.parametrize("text", ["", "{half", "\xff"])
def test_a_damaged_stamp_counts_as_none(run, text):
    run.VENV.mkdir()
    run.STAMP.write_bytes(text.encode("latin-1"))
    assert run.state_found() == {}


def test_a_ready_environment_is_left_alone(run, monkeypatch, capsys):
    run.VENV.mkdir()
    run.STAMP.write_text(json.dumps(run.state_wanted("test")))
    monkeypatch.setattr(run, "python_found", lambda: run.state_wanted("test")["python"])
    monkeypatch.setattr(run, "run_logged", lambda *command: pytest.fail(f"ran {command}"))
    run.prepare("test")
    run.prepare("lab")
    assert capsys.readouterr().out == ""


def test_the_stamp_is_written_last_and_an_interrupted_start_is_resumed(run, monkeypatch):
    run.VENV.mkdir()
    run.STAMP.write_text(json.dumps(run.state_wanted("lab") | {"locks": {}}))
    monkeypatch.setattr(run, "python_found", lambda: run.state_wanted("lab")["python"])
    seen = []

    def command(*words):
        seen.append(words)
        assert not run.STAMP.exists()
        if len(seen) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(run, "run_logged", command)
    with pytest.raises(KeyboardInterrupt):
        run.prepare("lab")
    run.prepare("lab")
    assert run.state_found() == run.state_wanted("lab")
    assert "--require-hashes" in seen[2] and "locks/lab.lock" in seen[2]
    assert "-e" in seen[3] and not any("venv" in words for words in seen)


@pytest.mark.parametrize("named", [".venv", "elsewhere"])
def test_the_site_has_an_environment_of_its_own(run, monkeypatch, disk, named):
    run.use(run.ROOT / named)
    run_logged = []
    monkeypatch.setattr(run, "run_logged", lambda *words: run_logged.append([*map(str, words)]))
    monkeypatch.setattr(run, "wait", lambda process: 0)
    started = []
    monkeypatch.setattr(run, "start", lambda *words, **_: started.append([*map(str, words)]))
    monkeypatch.setattr(run, "python_found", lambda: "")
    run.site(["--offline", "--output", "there"])
    venv = run.ROOT / f"{named}-site"
    assert run.VENV == venv and json.loads((venv / "nnlib-stamp.json").read_text()) == (
        run.state_wanted("site")
    )
    _make, installed, fetched = run_logged
    assert "install" in installed and installed[-1] == "locks/site.lock"
    assert "download" in fetched and "locks/browser.lock" in fetched
    assert all("--require-hashes" in words for words in (installed, fetched))
    build = run.ROOT / "docs" / "site" / "build.py"
    assert started == [[str(run.PYTHON), str(build), "--output", "there", "--offline"]]


def test_a_site_that_could_not_be_built_is_an_exit_code(run, monkeypatch, capsys):
    monkeypatch.setattr(run, "prepare", lambda command: None)
    monkeypatch.setattr(run, "start", lambda *words: None)
    monkeypatch.setattr(run, "wait", lambda process: 1)
    assert run.site(["--serve"]) == 1
    assert "To publish" not in capsys.readouterr().out


def test_packages_that_were_cut_off_are_installed_again(run):
    packages = run.site_packages()
    for name in ["whole-1.dist-info", "half-1.dist-info"]:
        (packages / name).mkdir(parents=True)
    (packages / "whole-1.dist-info" / "INSTALLER").write_text("pip")
    run.forget_halves()
    assert [path.name for path in packages.iterdir()] == ["whole-1.dist-info"]


def test_a_folder_of_someone_else_is_never_removed(run, monkeypatch, tmp_path):
    other = tmp_path / "photos"
    other.mkdir()
    (other / "holiday.jpg").touch()
    monkeypatch.setattr(run, "VENV", other)
    monkeypatch.setattr(run, "INSTALL_LOG", other / "nnlib-install.log")
    assert str(other) in sentence(run.make_environment)
    assert (other / "holiday.jpg").exists()


def test_nothing_leaks_in_and_nothing_is_kept_outside(run, monkeypatch):
    leaks = "PYTHONPATH PYTHONHOME PYTHONSTARTUP JUPYTER_PATH JUPYTER_TOKEN MPLBACKEND PIP_TARGET"
    for name in leaks.split():
        monkeypatch.setenv(name, "elsewhere")
    monkeypatch.setenv("PIP_INDEX_URL", "of this school")
    there = run.environment()
    assert not set(leaks.split()) & set(there)
    assert there["PIP_USER"] == "0" and there["PIP_INDEX_URL"] == "of this school"
    folders = [name for name in there if name.startswith(("JUPYTER", "IPYTHON", "MPL"))]
    assert len(folders) == 5
    assert all(run.VENV in pathlib.Path(there[name]).parents for name in folders)


# ---- what pip writes, and what we say ----

NO_NAME = (
    "WARNING: Retrying (Retry(total=0, connect=None, read=None, redirect=None, status=None)) after "
    "connection broken by 'NewConnectionError('<pip._vendor.urllib3.connection.HTTPSConnection "
    "object at 0x7f>: Failed to establish a new connection: [Errno -2] Name or service not "
    "known')': /simple/anyio/\n"
)
NO_VERSION = (
    "ERROR: Could not find a version that satisfies the requirement anyio==4.16.0 (from versions: "
    "{})\nERROR: No matching distribution found for anyio==4.16.0\n"
)
BAD_HASH = (
    "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE. If you have updated "
    "the package versions, please update the hashes. Otherwise, examine the package contents "
    "carefully; someone may have tampered with them.\n"
    "    anyio==4.16.0 from file:///anyio-4.16.0-py3-none-any.whl (from -r locks/lab.lock "
    "(line 1)):\n        Expected sha256 59bb\n             Got        c66a\n"
)
NO_SPACE = (
    "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device\n"
)
NO_VENV = (
    "The virtual environment was not created successfully because ensurepip is not\navailable.  On "
    "Debian/Ubuntu systems, you need to install the python3-venv\npackage\n"
)
NO_ACCESS = (
    "ERROR: Could not install packages due to an OSError: [Errno 13] Permission denied: 'x'\n"
)


@pytest.mark.parametrize(
    ("output", "words"),
    [
        (NO_NAME + NO_VERSION.format("none"), "needs a network connection"),
        (NO_VERSION.format("none"), "needs a network connection"),
        (NO_VERSION.format("1.0, 2.0"), "asks for anyio==4.16.0, which"),
        (BAD_HASH, "download of anyio==4.16.0 is not what the lock expects"),
        (NO_NAME + BAD_HASH, "download of anyio==4.16.0 is not what the lock expects"),
        (NO_SPACE, "disk is full"),
        (NO_NAME + NO_SPACE, "disk is full"),
        (NO_VENV, "apt install python3-venv"),
        ("/usr/bin/python3: No module named venv\n", "apt install python3-venv"),
        (NO_ACCESS, "cannot be written"),
        ("ERROR: [WinError 5] Access is denied: 'C:\\x'", "cannot be written"),
        ("HINT: ... does not have Windows Long Path support enabled", "too long"),
        ("SSLError(1, '[SSL: CERTIFICATE_VERIFY_FAILED]')", "PIP_CERT"),
        ("ReadTimeoutError: HTTPSConnectionPool: Read timed out.", "needs a network connection"),
        ("ERROR: something new\nsome hint", "«ERROR: something new»"),
        ("", "run the same command again"),
    ],
)
def test_each_failure_has_its_sentence(run, output, words):
    text = run.explain(output)
    assert words in text and "run the same command again" in text
    assert text.endswith(".") and "\n" not in text and "{" not in text


def test_progress_names_the_packages_as_they_come(run):
    assert run.progress("", 0) == ""
    output = "Collecting anyio==4.16.0 (from -r locks/lab.lock (line 1))\n  Downloading anyio\n"
    assert run.progress(output, 1) == "fetching anyio (1 so far)"
    output += "Processing /some/where/argon2_cffi-25.1.0-py3-none-any.whl\n"
    assert run.progress(output, 1) == "fetching argon2_cffi-25.1.0-py3-none-any.whl (2 so far)"
    assert "trying again" in run.progress(output + NO_NAME, 1)
    output += "Installing collected packages: anyio, argon2-cffi, numpy\n"
    assert run.progress(output, 2) == "installing argon2-cffi (2 of 3)"
    assert run.progress(output, 99) == "installing numpy (3 of 3)"


# ---- ports, pytest's arguments, the doctor ----


def test_a_port_that_is_taken_is_passed_over(run):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert run.free_port(port) > port
    assert "--port" in sentence(run.free_port, 65536)


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


def test_the_doctor_helps_before_the_first_start_and_changes_nothing(run, disk, project, capsys):
    before = sorted(project.rglob("*"))
    assert run.main(["doctor"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert sorted(project.rglob("*")) == before
    wrong = [line for line in lines if line.startswith("✗")]
    assert len(lines) == 6 and len(wrong) == 2
    assert "git checkout -- data" in wrong[0] and "run.py lab` mends" in wrong[1]


def test_a_full_disk_is_seen_before_anything_is_fetched(run, disk, monkeypatch, capsys):
    monkeypatch.setattr(run, "run_logged", lambda *command: pytest.fail(f"ran {command}"))
    disk(0.2)
    run.main(["doctor"])
    assert "✗ Disk: only 0.2 GB free; make it 1 GB" in capsys.readouterr().out
    assert "disk is full" in sentence(run.main, ["lab"])


def test_the_doctor_is_content_when_all_is_there(run, disk, monkeypatch, capsys, tmp_path):
    run.SAMPLE.touch()
    run.VENV.mkdir()
    run.STAMP.write_text(json.dumps(run.state_wanted("lab")))
    sliders = run.VENV / "share/jupyter/labextensions/@jupyter-widgets/jupyterlab-manager"
    sliders.mkdir(parents=True)
    origin = run.ROOT / "nnlib" / "__init__.py"
    version = run.state_wanted("lab")["python"]
    answers = {"nnlib.__file__": str(origin), "full_set_state": "False\nit is not here"}

    def ask_python(code):
        return next((answer for word, answer in answers.items() if word in code), version)

    monkeypatch.setattr(run, "ask_python", ask_python)
    monkeypatch.delenv("NNLIB_DATA", raising=False)
    assert run.main(["doctor"]) == 0
    assert "✓ Full set: not needed" in capsys.readouterr().out
    monkeypatch.setenv("NNLIB_DATA", str(tmp_path))
    sliders.rmdir()
    origin = tmp_path / "elsewhere" / "nnlib" / "__init__.py"
    answers["nnlib.__file__"] = str(origin)
    assert run.main(["doctor"]) == 1
    wrong = [line for line in capsys.readouterr().out.splitlines() if line.startswith("✗")]
    assert [line[2:5] for line in wrong] == ["nnl", "Sli", "Ful"]
    assert str(origin) in wrong[0] and wrong[2] == "✗ Full set: it is not here"


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
    monkeypatch.setattr(run, "PYTHON", pathlib.Path(sys.executable))
    monkeypatch.setattr(run, "VENV", ROOT)  # there our nnlib is found
    _, fine, good, bad = run.check_full_set(True)
    assert (fine, good if fine else bad) == full_set_state()
    assert fine == (name in [*FOLDERS][:3])


def test_the_doctor_names_a_full_set_in_the_cache_too(run, monkeypatch):
    monkeypatch.delenv("NNLIB_DATA", raising=False)
    monkeypatch.setattr(run, "ask_python", lambda code: "True\nits 4 files lie in a cache")
    assert run.check_full_set(True)[:3] == ("Full set", True, "its 4 files lie in a cache")
    monkeypatch.setattr(run, "ask_python", lambda code: "")  # nnlib is not to be had
    assert run.check_full_set(True)[2].startswith("not needed")
    monkeypatch.setenv("NNLIB_DATA", "/somewhere")
    assert run.check_full_set(True)[1:] == (False, "", "nnlib.data could not be asked")


def test_before_the_first_start_the_doctor_promises_nothing_of_the_full_set(run, monkeypatch):
    monkeypatch.setenv("NNLIB_DATA", "/somewhere")
    assert "looks there once the environment stands" in run.check_full_set(False)[2]
    monkeypatch.delenv("NNLIB_DATA")
    assert run.check_full_set(False)[2].startswith("not needed")


def test_a_stream_without_the_marks_gets_words(project):
    plain = {**os.environ, "PYTHONIOENCODING": "ascii", "NNLIB_VENV": ".venv"}
    command = [sys.executable, project / "run.py", "doctor"]
    shown = subprocess.run(command, env=plain, capture_output=True, timeout=PATIENCE)
    assert shown.stdout.startswith(b"ok Python: 3.") and b"!! Environment" in shown.stdout
    assert shown.returncode == 1 and not shown.stderr


# ---- real starts ----

# run.py with the Python of these tests as its environment, and nothing to install
READY = """
import pathlib, sys, run
run.PYTHON, run.prepare = pathlib.Path(sys.executable), lambda command: None
run.VENV = pathlib.Path(sys.prefix)
run.SETTINGS, run.LAB_LOG = run.ROOT / "settings", run.ROOT / "lab.log"
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
    assert "Shutting down 1 kernel" in (project / "lab.log").read_text(encoding="utf-8")
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", int(address.rpartition(":")[2]))) != 0


BUILT = """
import pathlib, sys
folder = pathlib.Path(sys.argv[sys.argv.index("--output") + 1])
folder.mkdir()
(folder / "jupyter-lite.json").write_text("{}")
"""


@pytest.mark.slow
@posix
def test_site_is_shown_until_it_is_told_to_stop(begin, project):
    (project / "docs" / "site").mkdir(parents=True)
    (project / "docs" / "site" / "build.py").write_text(BUILT)
    own = READY.replace("sys.exit", "run.use = lambda venv: None\nsys.exit")
    shown = begin("-c", own, "site", "--serve", "--no-browser", "--port", "18000")
    address = read_until(shown, r"http://127\S+")[0]
    assert get(f"{address}jupyter-lite.json") == (200, "{}")
    os.killpg(shown.pid, signal.SIGINT)
    rest = shown.communicate(timeout=PATIENCE)[0]
    assert shown.returncode == 0 and "Traceback" not in rest
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", int(address.split(":")[2].strip("/")))) != 0


@pytest.mark.slow
def test_a_server_that_cannot_start_leaves_its_last_words(begin, project):
    (project / "settings" / "jupyter").mkdir(parents=True)
    config = project / "settings" / "jupyter" / "jupyter_server_config.py"
    config.write_text("raise SystemExit('the server is unwell')")
    lab = begin("-c", READY, "lab", "--no-browser")
    shown = lab.communicate(timeout=PATIENCE)[0]
    assert lab.returncode == 1 and "Traceback" not in shown
    assert "The server ended by itself" in shown and "the server is unwell" in shown


@pytest.mark.slow
def test_test_turns_red_for_each_kind_of_mistake(begin, project):
    (project / "tests").mkdir()
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
    assert doctor.returncode == 1 and "✗ Environment: .venv is not complete" in shown


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
