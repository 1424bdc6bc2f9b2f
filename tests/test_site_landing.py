"""The landing page of the site: every lesson to run and to read, under the words of README.md."""

import html
import re

import pytest
from bs4 import BeautifulSoup
from lessons import PATHS, ROOT, cells

pytest.importorskip("math_core", reason="NO LANDING PAGE WAS MADE: install math-core")

import landing

README = (ROOT / "README.md").read_text(encoding="utf-8")
LITE = '<meta http-equiv="refresh" content="0; url=lab/index.html">'


def made(site, project=""):
    (site / "index.html").write_text(LITE)  # JupyterLite's own
    landing.write_landing_page(PATHS, site, project)
    return BeautifulSoup((site / "index.html").read_text(encoding="utf-8"), "html.parser")


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """The landing page, parsed; its folder is `page.site`."""
    site = tmp_path_factory.mktemp("site")
    found = made(site)
    found.site = site
    return found


def test_it_takes_the_place_of_what_leads_straight_into_the_lab(page):
    assert "refresh" not in str(page)
    assert page.h1.text == page.title.text == README.splitlines()[0].removeprefix("# ")


def test_each_lesson_stands_there_once_with_its_own_title(page):
    titles = [cells(path)[0].source.splitlines()[0].removeprefix("# ") for path in PATHS]
    shown = [h3.text for h3 in page.select(".lessons h3")]
    assert shown == [f"{path.name[:2]} {title}" for path, title in zip(PATHS, titles)]


def test_each_lesson_can_be_run_and_read(page):
    run = [link["href"] for link in page.select(".lessons a.run")]
    read = [link["href"] for link in page.select(".lessons a:not(.run)")]
    assert run == [f"lab/index.html?path=notebooks/{path.name}" for path in PATHS]
    assert read == [f"read/{path.name[:2]}.html" for path in PATHS]


def test_each_lesson_has_readmes_words_and_picture(page):
    for item, path in zip(page.select(".lessons li"), PATHS, strict=True):
        (row,) = [line for line in README.splitlines() if f"](notebooks/{path.name})" in line]
        said = item.p.text.removeprefix("You ").removesuffix(".")
        assert said and f"| {said} |" in row
        assert item.img["src"] == f"pictures/{path.name[:2]}.png"
        assert item.img["alt"] and f'alt="{item.img["alt"]}"' in html.unescape(row)


def test_pictures_lie_beside_the_page_and_are_described(page):
    for img in page.find_all("img"):
        assert (page.site / img["src"]).is_file() and len(img["alt"]) > 40
    assert len(page.find_all("img")) == len(PATHS) + 1


def test_the_button_starts_the_first_lesson(page):
    button = page.select_one(".start a.run")
    assert button.text == "Start lesson 00"
    assert button["href"] == f"lab/index.html?path=notebooks/{PATHS[0].name}"


def test_headings_skip_no_level_and_names_are_given_once(page):
    levels = [int(heading.name[1]) for heading in page.find_all(re.compile("^h[1-6]$"))]
    assert levels.count(1) == 1 and all(b <= a + 1 for a, b in zip(levels, levels[1:]))
    names = [element["id"] for element in page.find_all(id=True)]
    assert len(names) == len(set(names))


def test_it_loads_nothing_from_a_network(page):
    sources = page.select("img[src], script[src], link")
    loaded = [tag.get("src") or tag["href"] for tag in sources]
    assert [name for name in loaded if "//" in name] == []
    assert {name for name in loaded if "pictures" not in name} == {"read/style.css", "read/run.js"}


def test_it_says_what_a_visitor_must_know(page):
    text = " ".join(page.main.text.split())
    for words in ("cannot be stopped", "Kernel › Restart", "File › Download", "private window"):
        assert words in text
    for words in ("PyTorch", "Chromium", "Safari were not tried", "python3 run.py lab"):
        assert words in text
    assert page.select_one('a[href="read/teaching.html"]')
    license = page.select_one("#license + p")
    assert "Lessons: CC BY 4.0" in license.text and "pictures that show digits" in license.text
    assert license.a["href"] == "files/data/README.md"
    assert len(page.find("meta", attrs={"name": "description"})["content"]) > 100


def test_the_project_is_linked_where_its_address_is_known(page, tmp_path):
    assert not page.select('a[href^="http"]')
    project = "https://example.org/digits"
    (link,) = made(tmp_path, project).select('a[href^="http"]')
    assert link["href"] == project


def test_every_lesson_has_a_row_in_the_readme():
    numbers = [row[0] for row in landing.ROW.findall(README)]
    assert numbers == [path.name[:2] for path in PATHS]


def test_jupyterlite_finds_its_settings_at_the_root(page):
    script = page.find("script", id="jupyter-config-data")
    assert script["type"] == "application/json" and script.string == "{}"
