"""An environment that uses our templates: what nbconvert is told, and what it then makes."""

import json
import os
import subprocess
import sys

import nbformat
import pytest
from bs4 import BeautifulSoup
from lessons import PATHS, said_of_figures

from nnlib.system.exports import TEMPLATES, use_templates


def test_every_template_has_its_namesake():
    for path in TEMPLATES.iterdir():
        assert (
            f"{{%- extends '{path.name}/index.html.j2' -%}}" in (path / "index.html.j2").read_text()
        )


def test_an_environment_is_told_once_and_keeps_what_it_was_told_before(tmp_path):
    path = use_templates(tmp_path)
    told = {"TemplateExporter": {"extra_template_basedirs": [str(TEMPLATES), "."]}}
    assert json.loads(path.read_text()) == told
    others = {"ServerApp": {"ip": "::1"}, "TemplateExporter": {"extra_template_basedirs": ["a"]}}
    path.write_text(json.dumps(others))
    for _ in range(2):
        use_templates(tmp_path)
        others["TemplateExporter"]["extra_template_basedirs"] = [str(TEMPLATES), "a"]
        assert json.loads(path.read_text()) == others


def exported_by_hand(tmp_path, page, *options):
    """The page that `jupyter nbconvert` writes in an environment that uses our templates."""
    env = os.environ | {"JUPYTER_CONFIG_PATH": str(use_templates(tmp_path).parent)}
    command = [sys.executable, "-m", "nbconvert", page, "--output-dir", tmp_path, *options]
    done = subprocess.run(command, env=env, cwd=tmp_path, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    (written,) = tmp_path.glob("*.html")
    return BeautifulSoup(written.read_text(encoding="utf-8"), "html.parser"), done.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    "options", [["--to=html"], ["--to=slides"], ["--to=html", "--template=classic"]]
)
def test_nbconvert_needs_no_option_and_takes_another_template(tmp_path, options):
    soup, said = exported_by_hand(tmp_path, PATHS[1], *options)
    assert [image["alt"] for image in soup.find_all("img")] == said_of_figures(PATHS[1])
    assert "missing" not in said


@pytest.mark.slow
def test_a_figure_without_words_is_told_as_nbconvert_tells_it(tmp_path):
    page = nbformat.read(PATHS[1], as_version=4)
    output = next(
        out
        for cell in page.cells
        for out in cell.get("outputs", [])
        if "image/png" in out.get("data", {})
    )
    output.metadata["image/png"]["alt"] = ""
    nbformat.write(page, tmp_path / "page.ipynb")
    soup, said = exported_by_hand(tmp_path, tmp_path / "page.ipynb", "--to=html")
    assert soup.img["alt"].startswith("No description") and "missing on 1 image" in said
