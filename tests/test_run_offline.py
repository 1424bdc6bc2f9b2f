"""What was prepared needs no network: where there is none at all, it starts."""

import json
import os
import pathlib
import shutil
import subprocess
import sys

import pytest
from lessons import ROOT

from nnlib.system.preparing import need_of
from nnlib.system.venv import Venv

PATIENCE = 240  # seconds, for safety only
HERE = pathlib.Path(sys.prefix)
OWN = {"PYTHONIOENCODING": "utf-8", "PYTHONUNBUFFERED": "1", "NNLIB_VENV": str(HERE)}

pytestmark = pytest.mark.slow


def answer(command, **variables):
    """Run a command; return what it prints as JSON."""
    env = {name: text for name, text in os.environ.items() if "JUPYTERHUB" not in name}
    options = {"cwd": ROOT, "env": env | OWN | variables, "timeout": PATIENCE}
    done = subprocess.run(command, capture_output=True, encoding="utf-8", **options)
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def alone():
    """The beginning of a command that runs without any network."""
    if need_of(Venv(HERE, ROOT, HERE), "test"):
        pytest.skip("run.py did not prepare this environment for this project")
    for words in (["unshare", "-n"], ["unshare", "-rn"]):
        if shutil.which("unshare") and subprocess.run([*words, "true"]).returncode == 0:
            return [*words, sys.executable, "tests/without_network.py"]
    pytest.skip("this computer does not let the tests take the network away (unshare -n)")


@pytest.mark.parametrize("command", ["lab", "demo"])
def test_what_opens_a_page_starts_without_a_network(alone, tmp_path, command):
    words = [*alone, command, "--no-browser", "--port=18700"]
    found = answer(words, NNLIB_WORK=str(tmp_path / "mine"))
    assert found["offline"] and found["status"] == 200, found["said"]
    assert found["code"] == 0 and "Traceback" not in found["said"]
    assert "Preparing" not in found["said"] and "Stopping" in found["said"]


def test_the_class_kit_and_the_doctor_work_without_a_network(alone, tmp_path):
    work = {"NNLIB_WORK": str(tmp_path / "mine"), "NNLIB_DATA": ""}
    found = answer([*alone, "class", "--help"], **work)
    assert found["code"] == 0 and "run.py class" in found["said"]
    found = answer([*alone, "doctor"], **work)
    assert found["offline"] and found["code"] == 0, found["said"]
    for command in ("lab", "demo", "test", "class"):
        assert f"✓ {command}: ready, and needs no network" in found["said"]


def test_tests_are_run_without_a_network(alone):
    found = answer([*alone, "test", "-q", "tests/test_losses.py"])
    assert found["code"] == 0 and " passed" in found["said"], found["said"]
