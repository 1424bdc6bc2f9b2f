"""run.py in an environment that is prepared: where there is no network, and for another user."""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import pytest
from lessons import PATHS, ROOT

from nnlib.system.preparing import need_of
from nnlib.system.venv import Venv

PATIENCE = 240  # seconds, for safety only
HERE = pathlib.Path(sys.prefix)
OWN = {"PYTHONIOENCODING": "utf-8", "PYTHONUNBUFFERED": "1", "NNLIB_VENV": str(HERE)}
OTHER = 12345  # a user of whom this computer has never heard

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="unshare and setpriv are of Linux"),
]


def answer(command, **variables):
    """Run a command, without the guard of these tests; return what it prints as JSON."""
    foreign = ("PYTHON", "JUPYTERHUB", "NNLIB_DATA")
    env = {name: text for name, text in os.environ.items() if not name.startswith(foreign)}
    options = {"cwd": ROOT, "env": env | OWN | variables, "timeout": PATIENCE}
    done = subprocess.run(command, capture_output=True, encoding="utf-8", **options)
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert "Traceback" not in found["said"] and "Preparing" not in found["said"], found["said"]
    return found


@pytest.fixture(scope="module")
def prepared():
    """The beginning of a command that says what came of run.py, in a prepared environment."""
    if need_of(Venv(HERE, ROOT, HERE), "test"):
        pytest.skip("run.py did not prepare this environment for this project")
    return [sys.executable, "tests/start_and_stop.py"]


def works(*words):
    return shutil.which(words[0]) and subprocess.run(words, capture_output=True).returncode == 0


@pytest.fixture(scope="module")
def alone(prepared):
    """The same, where there is no network."""
    for words in (["unshare", "-n"], ["unshare", "-rn"]):
        if works(*words, "true"):
            return [*words, *prepared, "--offline"]
    pytest.skip("this computer does not let the tests take the network away (unshare -n)")


@pytest.mark.parametrize("command", ["lab", "demo"])
def test_what_opens_a_page_starts_without_a_network(alone, tmp_path, command):
    words = [*alone, command, "--no-browser", "--port=18700"]
    found = answer(words, NNLIB_WORK=str(tmp_path / "mine"))
    assert found["offline"] and found["status"] == 200, found["said"]
    assert found["code"] == 0 and "Stopping" in found["said"]


def test_the_class_kit_and_the_doctor_work_without_a_network(alone, tmp_path):
    work = {"NNLIB_WORK": str(tmp_path / "mine")}
    found = answer([*alone, "class", "--help"], **work)
    assert found["code"] == 0 and "run.py class" in found["said"]
    found = answer([*alone, "doctor"], **work)
    assert found["offline"] and found["code"] == 0, found["said"]
    assert {"lab", "demo", "test", "class"} <= lines(found, "✓ ")


def test_tests_are_run_without_a_network(alone):
    found = answer([*alone, "test", "-q", "tests/test_losses.py"])
    assert found["code"] == 0 and " passed" in found["said"], found["said"]


def lines(found, mark):
    """Of what the doctor said: what it marked so."""
    said = [line[len(mark) :] for line in found["said"].splitlines() if line.startswith(mark)]
    return {line.partition(":")[0] for line in said}


# ---- a teacher's installation, of which others may read all and write nothing ----


@pytest.fixture(scope="module")
def other(prepared):
    """The beginning of a command that somebody else gives."""
    if os.geteuid() != 0:
        pytest.skip("only the superuser may try what another user sees")
    change = ["setpriv", f"--reuid={OTHER}", f"--regid={OTHER}", "--clear-groups"]
    if not works(*change, sys.executable, ROOT / "tests" / "start_and_stop.py", "--help"):
        pytest.skip("another user may not run this Python, or not read this project")
    return [*change, *prepared]


@pytest.fixture
def home(other):
    """A folder of that user's own."""
    with tempfile.TemporaryDirectory() as folder:  # pytest's are for nobody else
        os.chown(folder, OTHER, OTHER)
        yield pathlib.Path(folder)


def test_another_user_works_in_a_folder_of_their_own_with_the_shared_environment(other, home):
    work = home / "my lessons"
    found = answer([*other, "work", str(work)], HOME=str(home))
    assert found["code"] == 0 and f"The lessons lie in {work}." in found["said"]
    assert {path.name for path in PATHS} <= {page.name for page in work.iterdir()}
    words = [*other, "lab", "--no-browser", "--port=18720"]
    found = answer(words, HOME=str(home), NNLIB_WORK=str(work))
    assert found["code"] == 0 and found["status"] == 200, found["said"]
    for words in (["demo", "--no-browser", "--port=18740"], ["class", "--help"], ["reset", "03"]):
        found = answer([*other, *words], HOME=str(home), NNLIB_WORK=str(work))
        assert found["code"] == 0, found["said"]
    assert {path.name for path in home.iterdir()} <= {"my lessons", ".cache", ".npm"}


def test_another_users_page_and_the_shared_library_belong_together(other, home):
    answer([*other, "work", str(home)], HOME=str(home))
    check = "from nnlib.lesson.ready import readiness_check as check; check()"
    command = [*other[:4], sys.executable, "-c", check]
    options = {"cwd": home, "env": os.environ | {"HOME": str(home)}, "encoding": "utf-8"}
    said = subprocess.run(command, capture_output=True, **options).stdout
    assert "✓ this page and its library belong together" in said


def test_the_doctor_tells_another_user_what_will_fail(other, home):
    found = answer([*other, "doctor"], HOME=str(home))
    assert found["code"] == 1 and {"lab", "demo", "test", "site"} <= lines(found, "✗ ")
    assert f"{ROOT / 'work'}" in found["said"] and "NNLIB_WORK" in found["said"]
    found = answer([*other, "doctor"], HOME=str(home), NNLIB_WORK=str(home / "mine"))
    assert {"lab", "demo", "class"} <= lines(found, "✓ ") and {"test"} <= lines(found, "✗ ")


@pytest.mark.parametrize("words", [["lab", "--no-browser"], ["reset", "03"], ["work", "work"]])
def test_another_user_is_told_how_to_name_a_folder(other, home, words):
    found = answer([*other, *words], HOME=str(home))
    assert found["code"] == 1 and "NNLIB_WORK" in found["said"].splitlines()[-1]
