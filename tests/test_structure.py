"""Lessons, their exports and documents have a structure that a screen reader can walk."""

import re
from collections import Counter

import mistune
import pytest
from bs4 import BeautifulSoup
from exports import EXPORTERS, exported
from lessons import PATHS, ROOT, markdown_cells

DOCUMENTS = [ROOT / "README.md", *sorted(ROOT.glob("docs/*.md")), ROOT / "nnlib" / "README.md"]
DOCUMENTS += [ROOT / "data" / "README.md"]
EMPTY = {"here", "this", "link", "click here", "more", "this page", "read more"}
EXPORTS = [
    pytest.param((path, kind), id=f"{path.stem}, {kind}", marks=pytest.mark.slow)
    for path in PATHS
    for kind in EXPORTERS
]
render = mistune.create_markdown(escape=False, plugins=["table"])


PAGES = [pytest.param(path, id=str(path.relative_to(ROOT))) for path in PATHS + DOCUMENTS]


@pytest.fixture(params=PAGES + EXPORTS)
def page(request):
    """A lesson, an export of one or a document as HTML."""
    if isinstance(request.param, tuple):
        return exported(*request.param)
    if request.param.suffix == ".md":
        text = request.param.read_text(encoding="utf-8")
    else:
        text = "\n\n".join(cell.source for cell in markdown_cells(request.param))
    return BeautifulSoup(render(text), "html.parser")


def test_headings_begin_with_one_title_and_skip_no_level(page):
    levels = [int(heading.name[1]) for heading in page.find_all(re.compile("^h[1-6]$"))]
    assert levels[0] == 1 and levels.count(1) == 1
    assert [pair for pair in zip(levels, levels[1:]) if pair[1] > pair[0] + 1] == []


def test_no_two_sections_have_one_name(page):
    names = Counter(heading.text.strip() for heading in page.find_all("h2"))
    assert [name for name, n in names.items() if n > 1] == []


def test_every_picture_has_words(page):
    assert [
        image["src"] for image in page.find_all("img") if not image.get("alt", "").strip()
    ] == []


def test_no_text_bears_the_marks_of_a_merge():
    kinds = (".md", ".py", ".toml", ".yml", ".js", ".css", ".html", ".csv", ".json", ".ipynb")
    folders = ("nnlib", "docs", "tests", "notebooks", "benchmarks", "data")
    files = [*ROOT.glob("*.*"), *(it for name in folders for it in (ROOT / name).rglob("*"))]
    texts = (it for it in files if it.suffix in kinds and it.is_file())
    marks = re.compile(r"^(<{7}|>{7}) ", re.MULTILINE)
    assert [str(it) for it in texts if marks.search(it.read_text(encoding="utf-8"))] == []


def test_every_link_says_where_it_leads(page):
    texts = [link.get_text().strip() for link in page.find_all("a", attrs={"aria-hidden": False})]
    assert [text for text in texts if len(text) < 2 or text.lower() in EMPTY] == []


def places_in(path):
    """What a link into a document may name after its #, as code hosts do."""
    names = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", name.lower()).replace(" ", "-") for name in names}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_between_documents_lead_to_a_heading(path):
    links = re.findall(r"\]\(([^():\s]*)#([^)\s]+)\)", path.read_text(encoding="utf-8"))
    targets = [(path.parent / file if file else path, place) for file, place in links]
    assert [place for file, place in targets if place not in places_in(file)] == []


def test_every_column_of_a_table_has_a_name(page):
    assert [table for table in page.find_all("table") if not table.find("th")] == []
    corners = page.select(".dataframe thead tr > th:first-child")  # of pandas, above the index
    names = [name for name in page.find_all("th") if name not in corners]
    assert [str(name.parent) for name in names if not name.text.strip()] == []


def test_every_fold_says_what_is_in_it(page):
    folds = page.find_all("details")
    assert [fold for fold in folds if not fold.summary or not fold.summary.text.strip()] == []
