"""An environment that uses our templates: what nbconvert is told, and what it then makes."""

import json
import os
import subprocess
import sys

import matplotlib.pyplot as plt
import pytest
from bs4 import BeautifulSoup
from exports import EXPORTERS, config
from lessons import PATHS, said_of_figures
from nbformat.v4 import new_code_cell, new_notebook, new_output

from nnlib.lesson.page import figure_as_shown
from nnlib.plots import describe
from nnlib.system.exports import TEMPLATES, use_templates


def test_every_template_has_its_namesake():
    for folder in TEMPLATES.iterdir():
        text = (folder / "index.html.j2").read_text(encoding="utf-8")
        assert f"{{%- extends '{folder.name}/index.html.j2' -%}}" in text


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
    text = PATHS[1].read_text(encoding="utf-8")
    first = json.dumps(said_of_figures(PATHS[1])[0], ensure_ascii=False)
    (tmp_path / "page.ipynb").write_text(text.replace(first, '""'), encoding="utf-8")
    soup, said = exported_by_hand(tmp_path, tmp_path / "page.ipynb", "--to=html")
    assert soup.img["alt"].startswith("No description") and "missing on 1 image" in said


def test_a_page_that_was_run_says_it_once(monkeypatch):
    monkeypatch.delenv("NNLIB_PLAIN_FIGURES", raising=False)
    figure = plt.figure()
    describe(figure, "A line rises.")
    data, metadata = figure_as_shown(figure)
    cell = new_code_cell("…", outputs=[new_output("display_data", data, metadata=metadata)])
    for exporter in EXPORTERS.values():
        text, _ = exporter(config=config()).from_notebook_node(new_notebook(cells=[cell]))
        assert [image["alt"] for image in BeautifulSoup(text, "html.parser").find_all("img")] == [
            "A line rises."
        ]
