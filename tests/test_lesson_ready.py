"""The doctor of the first lesson: a line for each need, and a way to mend what is missing."""

import os
import pathlib
import subprocess
import sys

import pytest
from lessons import PATHS, ROOT

from nnlib.lesson import ready
from nnlib.system.pages import follow_lessons
from nnlib.system.threads import one_blas_thread


@pytest.fixture(autouse=True)
def at_home(monkeypatch):
    one_blas_thread()
    monkeypatch.chdir(ROOT / "notebooks")


def lines(capsys):
    ready.readiness_check()
    return capsys.readouterr().out.splitlines()


def test_here_all_is_fine(capsys):
    said = lines(capsys)
    assert len(said) == len(ready.CHECKS) and all(line.startswith("✓ ") for line in said)


def missing(error):
    def fail(*_):
        raise error

    return fail


ILL = {
    "an old Python": ("Python", lambda m, _: m.setattr(sys, "version_info", (3, 10, 2))),
    "a Python too new": ("Python", lambda m, _: m.setattr(sys, "version_info", (3, 15, 0))),
    "another folder": ("belong together", lambda m, path: m.chdir(path)),
    "no digits": (
        "5,000 digits",
        lambda m, _: m.setattr(ready, "load_mnist", missing(FileNotFoundError())),
    ),
    "other digits": (
        "5,000 digits",
        lambda m, _: m.setattr(ready, "load_mnist", missing(ValueError())),
    ),
    "no network": ("trained network", lambda m, path: m.setattr(ready, "TRAINED", path)),
    "no widgets": ("sliders", lambda m, path: m.setattr(sys, "prefix", str(path))),
    "many threads": (
        "one thread",
        lambda m, _: m.setattr(
            ready, "threadpool_info", lambda: [{"num_threads": 8, "user_api": "blas"}]
        ),
    ),
}


@pytest.mark.parametrize("case", ILL)
def test_what_is_missing_is_named_with_what_to_do(case, capsys, monkeypatch, tmp_path):
    named, spoil = ILL[case]
    spoil(monkeypatch, tmp_path)
    ill = [line for line in lines(capsys) if not line.startswith("✓ ")]
    assert ill and any(named in line for line in ill)
    for line in ill:
        assert line.startswith("✗ not so: ") and "What to do: " in line
        assert os.sep + "home" not in line and str(pathlib.Path.home()) + os.sep not in line


def test_only_that_is_named(capsys, monkeypatch):
    monkeypatch.setattr(ready, "load_mnist", missing(ValueError()))
    ill = [line for line in lines(capsys) if not line.startswith("✓ ")]
    assert len(ill) == 1


def test_a_copy_in_a_folder_of_ones_own_belongs_to_the_library(capsys, monkeypatch, tmp_path):
    follow_lessons(PATHS, tmp_path)
    monkeypatch.chdir(tmp_path)
    assert all(line.startswith("✓ ") for line in lines(capsys))


def test_in_a_hub_the_advice_is_what_can_be_done_there(tmp_path):
    there = os.environ | {"JUPYTERHUB_SERVICE_PREFIX": "/user/anna/"}
    ask = (
        "from nnlib.lesson import ready; print(*(advice for *_, advice in ready.CHECKS), sep='\\n')"
    )
    words = subprocess.run([sys.executable, "-c", ask], env=there, cwd=ROOT, capture_output=True)
    said = words.stdout.decode()
    assert "run.py work DIR" in said and "keeper of this hub" in said and "run.py lab" not in said
