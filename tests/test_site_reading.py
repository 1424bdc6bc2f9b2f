"""Reading pages: what a lesson says and shows, without its answers, its mathematics as MathML."""

import base64
import functools
import io
import re
from collections import Counter
from html import unescape
from urllib.parse import parse_qs, unquote, urlsplit

import nbformat
import pytest
from bs4 import BeautifulSoup
from lessons import PATHS, ROOT, cells, code_cells, equation_ids, markdown_cells, tags
from PIL import Image

pytest.importorskip("math_core", reason="NO READING PAGE WAS MADE: install math-core")

import reading
from math_core import LatexError

from nnlib.classroom.folding import FOR_OTHERS, seen_by_readers

every_lesson = pytest.mark.parametrize("path", PATHS, ids=[path.stem for path in PATHS])
PAGES = [f"read/{path.name[:2]}.html" for path in PATHS]
PAGES += [f"read/{path.stem}.html" for path in reading.DOCUMENTS]
every_page = pytest.mark.parametrize("place", PAGES)
LOADS = {"img": "src", "script": "src", "link": "href", "source": "src", "iframe": "src"}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A folder with all reading pages."""
    folder = tmp_path_factory.mktemp("site")
    reading.write_reading_pages(PATHS, folder)
    return folder


@functools.cache
def parsed(site, place):
    return BeautifulSoup((site / place).read_text(encoding="utf-8"), "html.parser")


def page_of(site, path):
    return parsed(site, f"read/{path.name[:2]}.html")


def words(text):
    """The letters and numbers of a text, to be looked for."""
    return "".join(re.findall(r"\w+", text))


def said(source):
    """What Markdown says, line by line: `words` without formulas, links' targets, list marks."""
    source = re.sub(r"\$\$.*?\$\$|\$[^$]+\$|\]\([^)]*\)|</?\w+>", " ", source, flags=re.DOTALL)
    return [words(re.sub(r"^\s*\d\. ", "", line)) for line in source.splitlines()]


def shown(html):
    """What HTML says, as `words`, formulas apart."""
    html = re.sub(r"<math.*?</math>|<span class=.number.>.*?</span>", " ", html, flags=re.DOTALL)
    return words(unescape(re.sub(r"<[^>]+>", "", html)))


@functools.cache
def at_once(site, path):
    """What a page says before any fold is opened, as `words`."""
    main = BeautifulSoup(str(page_of(site, path).main), "html.parser")
    for fold in main.select("details.answer"):
        fold.extract()
    return shown(str(main))


# ---- every page ----


@every_page
def test_a_page_has_one_title_in_its_language_and_says_what_it_is(site, place):
    page = parsed(site, place)
    (h1,) = page.find_all("h1")
    assert page.title.text == h1.text
    assert page.html["lang"] == "en" and page.find("meta", attrs={"name": "viewport"})
    about = page.find("meta", attrs={"name": "description"})["content"]
    assert len(about) > 40 and about == " ".join(page.main.p.text.split())


@every_page
def test_headings_skip_no_level_and_names_stand_for_one_thing(site, place):
    page = parsed(site, place)
    levels = [int(heading.name[1]) for heading in page.find_all(re.compile("^h[1-6]$"))]
    assert levels[0] == 1 and all(b <= a + 1 for a, b in zip(levels, levels[1:])), levels
    names = [element["id"] for element in page.find_all(id=True)]
    assert [name for name, count in Counter(names).items() if count > 1] == []
    assert {link["href"][1:] for link in page.select('a[href^="#"]')} <= set(names)


@every_page
def test_a_page_loads_nothing_from_a_network(site, place):
    page = parsed(site, place)
    loaded = [tag[LOADS[tag.name]] for tag in page.find_all(LOADS) if tag.get(LOADS[tag.name])]
    assert loaded and [name for name in loaded if re.match(r"\w+:|//|/", name)] == []
    for name in loaded:
        assert (site / place).parent.joinpath(name).is_file(), name
    style = (site / "read" / "style.css").read_text(encoding="utf-8")
    assert re.findall(r"url\((.*?)\)|@import", style) == ['"formulas.woff"']


@every_page
def test_no_formula_is_left_as_it_was_written(site, place):
    html = (site / place).read_text(encoding="utf-8")
    html = re.sub(r"<(pre|code|script)\b.*?</\1>", "", html, flags=re.DOTALL)
    assert re.findall(r"[$\\]", html) == []
    prose = re.sub(r"<math.*?</math>", "", html, flags=re.DOTALL)
    assert re.findall(r"\*\*|\]\(|`|~~~", prose) == []


@every_page
def test_links_lead_to_pages_files_of_the_project_and_lessons(site, place):
    for link in parsed(site, place).find_all("a", href=True):
        target = urlsplit(link["href"])
        if target.scheme:
            assert target.scheme == "https", link["href"]
        elif target.path:
            found = (site / place).parent.joinpath(unquote(target.path)).resolve()
            inside = found.relative_to(site.resolve()).as_posix()
            assert leads_somewhere(site, inside, target.query), link["href"]


def leads_somewhere(site, inside, query):
    """Whether a place in the site will be there: made here, copied, or JupyterLite's own."""
    if inside == "lab/index.html":
        return (ROOT / parse_qs(query)["path"][0]).is_file()
    if inside.startswith("files/"):
        return (ROOT / inside.removeprefix("files/")).exists()
    return inside == "index.html" or (site / inside).is_file()


# ---- lessons ----


@every_lesson
def test_the_title_is_the_lessons(site, path):
    title = cells(path)[0].source.splitlines()[0].removeprefix("# ")
    assert page_of(site, path).h1.text == title


@every_lesson
def test_pictures_are_the_stored_ones_with_their_words_and_sizes(site, path):
    outputs = [out for cell in code_cells(path) for out in cell.outputs if "data" in out]
    stored = [out for out in outputs if "image/png" in out.data]
    shown = page_of(site, path).find_all("img")
    assert [img["alt"] for img in shown] == [out.metadata["image/png"]["alt"] for out in stored]
    for img, out in zip(shown, stored):
        png = base64.b64decode(out.data["image/png"])
        assert img["alt"] and (site / "read" / img["src"]).read_bytes() == png
        assert (int(img["width"]), int(img["height"])) == Image.open(io.BytesIO(png)).size


@every_lesson
def test_every_formula_is_set_and_keeps_its_number(site, path):
    page = page_of(site, path)
    text = "\n\n".join(cell.source for cell in seen_by_readers(markdown_cells(path)))
    text = re.sub(r"```.*?```|`[^`\n]*`", "", text, flags=re.DOTALL)
    dollars = re.findall(r"\$\$?", text)
    assert len(page.select("math[display=block]")) == dollars.count("$$") / 2
    assert len(page.find_all("math")) == len(dollars) / 2
    assert not page.find_all("merror")
    assert [span.text for span in page.select(".number")] == [f"({i})" for i in equation_ids(path)]
    assert page.select_one(f'[id="eq-{equation_ids(path)[0]}"] math')


@every_lesson
def test_the_font_has_every_sign_of_the_formulas(site, path):
    from fontTools.ttLib import TTFont

    known = TTFont(site / "read" / "formulas.woff").getBestCmap()
    said = "".join(math.get_text() for math in page_of(site, path).find_all("math"))
    assert {sign for sign in said if ord(sign) not in known and not sign.isspace()} == set()
    font = TTFont(site / "read" / "formulas.woff")
    assert "MATH" in font and "Open Font License" in font["name"].getDebugName(13)


@every_lesson
def test_neither_solutions_nor_teachers_remarks_are_shown(site, path):
    seen = shown(str(page_of(site, path)))
    hidden = [cell for cell in cells(path) if FOR_OTHERS & set(tags(cell))]
    telling = {line for cell in hidden for line in said(cell.source) if len(line) > 20}
    outputs = [out.text for cell in code_cells(path) for out in cell.outputs if "text" in out]
    rest = words("".join([cell.source for cell in seen_by_readers(cells(path))] + outputs))
    assert len(telling) > 5
    assert {line for line in telling if line in seen and line not in rest} == set()
    summaries = [summary.text for summary in page_of(site, path).find_all("summary")]
    assert not {"Solution", "For the teacher"} & set(summaries)


@every_lesson
def test_all_else_is_shown(site, path):
    page = page_of(site, path)
    code = [pre.get_text().rstrip("\n") for pre in page.select("pre.code")]
    assert code == [cell.source for cell in code_cells(path)]
    outputs = [out for cell in code_cells(path) for out in cell.outputs if "text" in out]
    assert [pre.text for pre in page.select("pre.output")] == [o.text.rstrip() for o in outputs]
    seen = shown(str(page.main))
    for cell in seen_by_readers(markdown_cells(path)):
        assert [line for line in said(cell.source) if line not in seen] == []


@every_lesson
def test_what_follows_a_question_is_folded(site, path):
    blocks = dict(zip(map(id, code_cells(path)), page_of(site, path).select("pre.code")))
    for code, answer in answered(path):
        assert code and all(blocks[id(cell)].find_parent(class_="answer") for cell in code)
        first = "".join(said(re.split(r"(?m)^#|\n\n", answer)[0]))
        assert first and first not in at_once(site, path)
        assert first in shown(str(page_of(site, path)))


def answered(path):
    """For each question of a lesson: the code after it, and the text after that."""
    found, code = [], None
    for cell in cells(path):
        if cell.cell_type == "code" and code is not None:
            code.append(cell)
        elif cell.cell_type == "markdown":
            found += [(code, cell.source)] if code is not None else []
            code = [] if "**Predict" in cell.source else None
    return found


@every_lesson
def test_a_choice_of_reasons_is_decided_within_its_fold(site, path):
    for fold in page_of(site, path).select("details.answer"):
        if re.match(r"\(a\)", last_words_before(fold)):
            assert re.search(r"\([abc]\)", " ".join(p.text for p in fold.find_all("p")))


def last_words_before(fold):
    before = fold.find_previous_sibling()
    return before.get_text().strip() if before else ""


@every_lesson
def test_folds_are_closed_full_and_hold_no_heading(site, path):
    page = page_of(site, path)
    folds = page.select("details.answer")
    n_questions = sum("**Predict" in cell.source for cell in markdown_cells(path))
    assert len(folds) == n_questions > 0
    for fold in page.find_all("details"):
        assert not fold.has_attr("open") and fold.find(True).name == "summary"
        assert len(fold.get_text()) > len(fold.summary.get_text()) + 10
    assert not page.select("details :is(h1, h2, h3, h4)")


@every_lesson
def test_a_widget_says_that_it_must_be_run(site, path):
    page = page_of(site, path)
    outputs = [out for cell in code_cells(path) if "widget" in tags(cell) for out in cell.outputs]
    sentences = [out.data["text/plain"] for out in outputs if out.output_type == "execute_result"]
    assert [p.contents[0].strip() for p in page.select("p.widget")] == sentences
    assert all(p.a.text == "Run it to move this" for p in page.select("p.widget"))


@every_lesson
def test_a_page_leads_on(site, path):
    page = page_of(site, path)
    runs = page.select("nav a.run")
    assert len(runs) == 2  # at the top and at the end
    links = {link["href"] for link in page.select("a.run")}
    assert links == {f"../lab/index.html?path=notebooks/{path.name}"}
    here = PATHS.index(path)
    for rel, others in (("prev", PATHS[:here][-1:]), ("next", PATHS[here + 1 :][:1])):
        found = [link["href"] for link in page.select(f"nav.ways a[rel={rel}]")]
        assert found == [f"{other.name[:2]}.html" for other in others] * 2
    contents = [link.text for link in page.select(".contents a")]
    assert contents == [h2.text for h2 in page.find_all("h2")]


# ---- what a lesson may hold ----


def text(source, *tags):
    return nbformat.v4.new_markdown_cell(source, metadata={"tags": list(tags)})


def code(source, *tags):
    return nbformat.v4.new_code_cell(source, metadata={"tags": list(tags)})


@pytest.fixture
def made(tmp_path):
    """Make the page of a lesson with these cells; return it parsed."""

    def make(*lesson):
        path = tmp_path / "notebooks" / "03_example.ipynb"
        path.parent.mkdir(exist_ok=True)
        nbformat.write(nbformat.v4.new_notebook(cells=[text("# T\n\nAbout it."), *lesson]), path)
        (tmp_path / "site").mkdir(exist_ok=True)
        reading.write_reading_pages([path], tmp_path / "site", files="elsewhere")
        return parsed(tmp_path / "site", "read/03.html")

    return make


def test_a_formula_that_cannot_be_set_stops_the_build(made):
    with pytest.raises(LatexError, match="nosuch"):
        made(text(r"$\nosuch{x}$"))


def test_headings_of_the_same_words_get_names_of_their_own(made):
    names = [h["id"] for h in made(text("## A `b`\n\n### A b\n\n## …")).select("h2, h3")]
    assert names[0] == "a-b" and len(set(names)) == 3


def test_what_looks_like_html_in_code_and_output_is_text(made):
    cell = code("a < b and '<h1>' > 2")
    cell.outputs = [nbformat.v4.new_output("stream", text="<script>x</script> & more\n")]
    page = made(cell)
    assert page.select_one("pre.code").text.strip() == cell.source
    assert page.select_one("pre.output").text == "<script>x</script> & more"


def test_links_are_seen_from_the_page(made):
    page = made(text("[a](03_example.ipynb#t) [b](../nnlib/losses.py) [c](#t) [d](https://e.org/)"))
    links = [link["href"] for link in page.main.select("p a")]
    assert links == ["03.html#t", "../elsewhere/nnlib/losses.py", "#t", "https://e.org/"]


def test_a_bar_with_an_index_may_grow(made):
    bar = made(text(r"$$\frac{a}{b}\bigg|_{t=0}$$")).select_one("msub > *")
    assert bar.name == "mrow" and bar.mo["minsize"]  # as a bare base it would stay small
