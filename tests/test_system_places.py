"""What travels with nnlib is found beside it, or inside it once it is installed from a wheel."""

import pytest
from lessons import ROOT

from nnlib.data import SAMPLE, TRAINED
from nnlib.system import places
from nnlib.system.places import belongs, shipped


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


def test_a_page_belongs_to_the_project_that_it_lies_in(tmp_path):
    assert belongs(ROOT / "notebooks") and not belongs(tmp_path)


def test_an_installed_library_goes_with_every_page(tmp_path, monkeypatch):
    monkeypatch.setattr(places, "PACKAGE", tmp_path / "site-packages" / "nnlib")
    assert not belongs(tmp_path / "elsewhere")
    (tmp_path / "site-packages" / "nnlib" / "shipped").mkdir(parents=True)
    assert belongs(tmp_path / "elsewhere")
