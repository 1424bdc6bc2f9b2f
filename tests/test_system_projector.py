"""The projector's settings, and lessons as apps: files of their own, titles, links that lead on."""

import json
import re

import nbformat
import pytest
from lessons import PATHS, ROOT

from nnlib.system.projector import CLOSED, SIZES, projector_flags, write_apps

DEMO = ROOT / "docs" / "demo.ipynb"


def texts_under(folder):
    """What every file under a folder says."""
    return {path: path.read_text() for path in folder.rglob("*") if path.is_file()}


def test_a_learners_own_settings_stay_as_they_were(tmp_path):
    own = tmp_path / "jupyter" / "lab" / "user-settings" / "@jupyterlab" / "some.settings"
    own.parent.mkdir(parents=True)
    own.write_text("{}")
    before = texts_under(tmp_path)
    flags = projector_flags(tmp_path)
    assert texts_under(tmp_path).items() > before.items()
    assert all(str(tmp_path / "projector") in flag for flag in flags)


def test_what_a_teacher_changes_is_kept_but_the_side_bar_begins_closed(tmp_path):
    projector_flags(tmp_path)
    themes, space = sorted((tmp_path / "projector").rglob("*.jupyterlab-*"))
    assert json.loads(themes.read_text())["overrides"] == SIZES
    assert json.loads(space.read_text())["data"] == CLOSED
    themes.write_text('{"theme": "JupyterLab Dark"}')
    space.write_text("{}")
    projector_flags(tmp_path)
    assert "Dark" in themes.read_text() and json.loads(space.read_text())["data"] == CLOSED


@pytest.fixture(scope="module")
def apps(tmp_path_factory):
    """The demo and all lessons as apps, by name."""
    folder = tmp_path_factory.mktemp("apps") / "demo"
    write_apps([DEMO, *PATHS], folder)
    return {path.name: nbformat.read(path, as_version=4) for path in folder.iterdir()}


def test_each_app_has_a_title_and_no_answers(apps):
    assert apps.keys() == {path.name for path in [DEMO, *PATHS]}
    for app in apps.values():
        nbformat.validate(app)
        assert f"# {app.metadata.title}" in app.cells[1].source
        assert not any(cell.get("outputs") for cell in app.cells)
        assert not any("For the teacher" in cell.source for cell in app.cells)


def test_each_link_of_an_app_leads_on(apps):
    for app in apps.values():
        text = "\n".join(cell.source for cell in app.cells if cell.cell_type == "markdown")
        local = [to for to in re.findall(r"\]\(([^)\s]+)\)", text) if not re.match("https?:|#", to)]
        assert set(local) <= apps.keys() and len(set(local)) >= len(apps)
