"""What travels with nnlib is found beside it, or inside it in a wheel; a hub is noticed."""

import os
import pathlib
import shlex

import pytest
from lessons import ROOT

from nnlib.data import SAMPLE, TRAINED
from nnlib.system import places
from nnlib.system.places import as_word, folder_named, in_hub, shipped


def test_in_the_project_the_folders_beside_nnlib_are_meant():
    assert shipped("data") == ROOT / "data"
    assert SAMPLE == ROOT / "data" / "digits.csv.gz" and TRAINED == ROOT / "data" / "trained.npz"


@pytest.mark.parametrize("name", ["data", "matmul.so"])
def test_what_a_wheel_carries_comes_first(tmp_path, monkeypatch, name):
    monkeypatch.setattr(places, "PACKAGE", tmp_path / "site-packages" / "nnlib")
    stranger = tmp_path / "site-packages" / name  # of some other package
    stranger.mkdir(parents=True)
    assert shipped(name) == stranger
    ours = tmp_path / "site-packages" / "nnlib" / "shipped" / name
    ours.mkdir(parents=True)
    assert shipped(name) == ours


NAMED = {
    "mine": "mine",
    '"C:/my lessons"': "C:/my lessons",  # as cmd keeps it
    " mine ": "mine",
    "~/mine": "{home}/mine",  # as PowerShell keeps it
    "$NNLIB_X/mine": "x/mine",
    "": None,
    '""': None,
    None: None,
}


@pytest.mark.parametrize("said", NAMED)
def test_a_folder_is_named_as_terminals_hand_it_on(monkeypatch, said):
    monkeypatch.delenv("NNLIB_THERE", raising=False)
    monkeypatch.setenv("NNLIB_X", "x")
    if said is not None:
        monkeypatch.setenv("NNLIB_THERE", said)
    meant = NAMED[said] and pathlib.Path(NAMED[said].format(home=pathlib.Path.home()))
    assert folder_named("NNLIB_THERE") == meant


def test_a_path_is_one_word_in_the_terminal_of_each_system():
    path = pathlib.PureWindowsPath(r"C:\my lessons\Q&A")
    assert as_word(path, is_windows=True) == r'"C:\my lessons\Q&A"'  # ' quotes nothing in cmd
    assert shlex.split(as_word("/my lessons/Anna's", is_windows=False)) == ["/my lessons/Anna's"]


@pytest.mark.parametrize(
    ("name", "found"),
    [("JUPYTERHUB_SERVICE_PREFIX", True), ("JUPYTERHUB_API_TOKEN", True), ("JUPYTER_TOKEN", False)],
)
def test_a_hub_is_known_by_its_variables(monkeypatch, name, found):
    for variable in [variable for variable in os.environ if "JUPYTERHUB" in variable]:
        monkeypatch.delenv(variable)
    assert not in_hub()
    monkeypatch.setenv(name, "x")
    assert in_hub() == found
