"""Lessons on paper: each edition shows what it should, in one file that needs nothing else."""

import base64
import functools
import io
import os
import re

import nbformat
import pytest
from bs4 import BeautifulSoup
from lessons import LICENSE, NAMES, PATHS, cells, code_cells, equation_ids, markdown_cells, tags
from matplotlib.figure import Figure

pytest.importorskip("math_core", reason="NO LESSON WAS PRINTED: install math-core")

from nnlib.classroom.__main__ import run_class
from nnlib.classroom.paper import lesson_on_paper
from nnlib.classroom.printing import EDITIONS

every_lesson = pytest.mark.parametrize("path", PATHS, ids=NAMES)
READING = pytest.param("", id="_reading", marks=pytest.mark.slow)  # solved, but for its asides
every_edition = pytest.mark.parametrize("ending", [READING, "_student", "_solutions"])
SIGNS = "✓ ✗ ○ – κ σ ⊙ ᵀ ∇ …"
LOADING = {"img": "src", "script": "src", "link": "href", "source": "src", "iframe": "src"}
LOADING |= {"object": "data", "embed": "src", "video": "src", "audio": "src"}


@functools.cache
def page_of(path, ending):
    """A printed lesson, parsed."""
    return BeautifulSoup(lesson_on_paper(path, EDITIONS[ending]), "html.parser")


def text_of(source):
    """The license, or another line of Markdown, as its reader sees it."""
    return re.sub(r"\[(.+?)\]\(.+?\)", r"\1", source.replace("**", ""))


def faults(page):
    """What would go wrong on paper, in words."""
    loaded = [(tag.name, tag.get(LOADING[tag.name]) or "") for tag in page.find_all(LOADING)]
    loaded += [("style", url) for url in re.findall(r"url\(['\"]?(.*?)['\"]?\)|@import", str(page))]
    found = [f"{name} loads {url[:40]}" for name, url in loaded if not url.startswith("data:")]
    found += ["a picture without words" for img in page("img") if len(img.get("alt", "")) < 20]
    found += ["folded" for _ in page("details")]
    found += ["a formula as it was typed" for _ in page("merror")]
    prose = re.sub(r"<(pre|code|style|math)\b.*?</\1>", "", str(page), flags=re.DOTALL)
    found += [f"marks as they were typed: {m}" for m in re.findall(r"\$|\\|\*\*|\]\(|```", prose)]
    ends_well = page.main.get_text().strip().endswith(text_of(LICENSE))
    return found + ([] if ends_well else ["no license at the end"])


@every_edition
@every_lesson
def test_a_page_is_whole_and_ends_with_its_license(path, ending):
    page = page_of(path, ending)
    assert faults(page) == []
    assert page.meta["charset"] == "utf-8" and page.html["lang"] == "en"
    assert [h1.text for h1 in page("h1")] == [cells(path)[0].source.splitlines()[0][2:]]
    assert page.title.text.startswith(f"{path.name[:2]} {page.h1.text}")
    assert page.get_text().count(text_of(LICENSE)) == 1


@every_edition
@every_lesson
def test_every_cell_is_there_in_full(path, ending):
    page, hidden = page_of(path, ending), {"solution"} if not EDITIONS[ending].solutions else set()
    code = {pre.get_text().strip() for pre in page.select("pre.code")}
    hints = re.compile(r"^# hint\(.*", re.MULTILINE)
    wanted = {hints.sub("", cell.source).strip() for cell in code_cells(path)} - {""}
    assert code == wanted and "hint(" not in page.main.get_text().replace("import hint", "")
    assert {span.text for span in page.select(".number")} == {f"({i})" for i in equation_ids(path)}
    shown = letters(page.main.get_text())
    for cell in markdown_cells(path):
        if not {"teacher", *hidden} & set(tags(cell)):
            assert [line for line in said(cell.source) if line not in shown] == []


def letters(text):
    return "".join(re.findall(r"\w+", text))


def said(source):
    """The lines of a text without its folds and formulas, as `letters`."""
    source = re.sub(r"<details><summary>(Answer|Solution).*?</details>", "", source, flags=re.S)
    source = re.sub(r"\$\$.*?\$\$|\$[^$]+\$|\]\([^)]*\)|</?\w+>", "\n", source, flags=re.S)
    return [letters(re.sub(r"^\s*\d\. ", "", line)) for line in source.splitlines()]


@pytest.mark.parametrize("ending", [READING, "_solutions"])
@every_lesson
def test_outputs_and_pictures_are_the_stored_ones(path, ending):
    page = page_of(path, ending)
    run = [cell for cell in code_cells(path) if "exercise" not in tags(cell)]
    outputs = [output for cell in run for output in cell.outputs]
    told = [output.text.rstrip() for output in outputs if "text" in output]
    assert [pre.text for pre in page.select("pre.output")][: len(told)] == told
    pictures = [out for out in outputs if "image/png" in out.get("data", {})]
    assert [img["alt"] for img in page("img")] == [
        out.metadata["image/png"]["alt"] for out in pictures
    ]
    for img, output in zip(page("img"), pictures):
        stored = "".join(output.data["image/png"].split())
        assert img["src"] == f"data:image/png;base64,{stored}"


@every_edition
@every_lesson
def test_solutions_stand_in_their_edition_alone_and_the_teachers_remarks_in_none(path, ending):
    page, edition = page_of(path, ending), EDITIONS[ending]
    titles = [p.text for p in page.select(".aside > .title")]
    n_solutions = sum("solution" in tags(cell) for cell in cells(path))
    assert titles.count("Solution") == (n_solutions if edition.solutions else 0)
    assert titles.count("Answer") == (3 if edition.solutions else 0)
    assert "For the teacher" not in page.get_text()


@every_lesson
def test_the_students_page_has_room_and_answers_no_question(path):
    page = page_of(path, "_student")
    assert not page.select("img, pre.output, .dataframe, .widget")
    questions = sum("**Predict" in cell.source for cell in markdown_cells(path))
    turns = [int(re.search(r"\d+", p.text)[0]) for p in page.select(".turn")]
    assert sorted(turns) == list(range(1, questions + 1))
    over = page.select_one(".over")
    numbered = [f"Prediction {n}" for n in range(1, questions + 1)]
    assert [h3.text for h3 in over.find_next_siblings("h3")] == numbered
    exercises = sum("exercise" in tags(cell) for cell in cells(path))
    assert len(page.select(".room")) == questions + exercises + 3
    front = letters("".join(tag.get_text() for tag in over.find_previous_siblings()))
    for answer in answers(path):
        assert answer and answer not in front
        assert answer in letters(page.get_text())


def answers(path):
    """The first words after the code that follows each question, if no heading comes first."""
    found, asked, code = [], False, False
    for cell in cells(path):
        if cell.cell_type == "markdown":
            if asked and code and not cell.source.startswith("#"):
                first = re.split(r"\n\n|(?m:^#)", cell.source)[0]
                found.append(max(said(first), key=len))
            asked, code = "**Predict" in cell.source, False
        code = code or cell.cell_type == "code"
    return found


# ---- what a lesson may hold, and what must turn this red ----


def text(source, *tags):
    return nbformat.v4.new_markdown_cell(source, metadata={"tags": list(tags)})


def code(source, *outputs, tags=()):
    return nbformat.v4.new_code_cell(source, outputs=list(outputs), metadata={"tags": list(tags)})


@pytest.fixture
def made(tmp_path):
    """Print a lesson with these cells between its title and its license; return it parsed."""

    def make(*lesson, ending="", title="T"):
        path = tmp_path / "03_example.ipynb"
        all_cells = [text(f"# {title}"), *lesson, text(LICENSE)]
        nbformat.write(nbformat.v4.new_notebook(cells=all_cells), path)
        return BeautifulSoup(lesson_on_paper(path, EDITIONS[ending]), "html.parser")

    return make


def picture(alt):
    file = io.BytesIO()
    Figure().savefig(file, format="png")
    png = {"image/png": base64.b64encode(file.getvalue()).decode("ascii")}
    return nbformat.v4.new_output("display_data", png, metadata={"image/png": {"alt": alt}})


def html(source):
    return nbformat.v4.new_output("display_data", {"text/html": source, "text/plain": ""})


def test_signs_survive(made):
    told = nbformat.v4.new_output("stream", text=SIGNS)
    assert made(text(SIGNS), code(f"# {SIGNS}", told)).get_text().count(SIGNS) == 3


LEAKS = [
    '<img src="https://example.org/a.png" alt="a picture from somewhere else">',
    '<img src="../docs/pictures/lab.png" alt="a picture that lies somewhere else">',
    '<script src="//example.org/a.js"></script>',
    '<link rel="stylesheet" href="http://example.org/a.css">',
    '<p style="background: url(https://example.org/a.png)">x</p>',
    "<style>@import 'a.css';</style>",
]


@pytest.mark.parametrize("leak", LEAKS)
def test_whatever_must_be_fetched_is_found(made, leak):
    assert faults(made(text("a"), code("b", html("<b>c</b>")))) == []
    assert len(faults(made(text(f"a\n\n{leak}")))) == 1
    assert len(faults(made(code("b", html(leak))))) == 1


def test_a_lost_description_is_found(made):
    assert faults(made(code("b", picture("A frame of axes with nothing in it.")))) == []
    assert faults(made(code("b", picture("")))) == ["a picture without words"]


def test_a_license_that_is_lost_or_not_the_end_is_found(made):
    page = made(text("a"))
    page.footer.extract()
    assert faults(page) == ["no license at the end"]


def test_what_folds_is_opened_with_its_title(made):
    notes = text("A.\n\n<details><summary>Aside</summary>\n\nSaid $x$ **softly**.\n</details>")
    for ending in EDITIONS:
        aside = made(notes, ending=ending).select_one(".aside")
        assert aside.select_one(".title").text == "Aside"
        assert aside.math and aside.strong.text == "softly"


def test_an_answer_within_a_list_leaves_the_list_whole(made):
    recall = "\n\n".join(
        f"{n}. Why?\n\n   <details><summary>Answer</summary>\n\n   So.\n\n   </details>"
        for n in (1, 2, 3)
    )
    for ending, places in {"": 0, "_student": 3, "_solutions": 3}.items():
        page = made(text(recall), ending=ending)
        assert [len(ol("li")) for ol in page("ol")] == [3]
        assert len(page.select("ol .room, ol .aside")) == places


def test_a_question_within_an_answer_is_turned_over_too(made):
    lesson = [text("**Predict** a"), code("x"), text("No. **Predict:** b"), code("y"), text("Yes.")]
    page = made(*lesson, ending="_student")
    after = [tag.get_text().strip() for tag in page.select_one(".over").find_next_siblings()]
    assert [words for words in after if words] == [
        *("Prediction 1", "x", "No. Predict: b", "Then turn to prediction 2, at the end."),
        *("Prediction 2", "y", "Yes.", text_of(LICENSE)),
    ]


def test_a_cell_keeps_all_but_its_hint(made):
    cell = code('f = 1\n# hint("07-1")\ncheck("07-1", f)', tags=["exercise"])
    assert made(cell).select_one("pre.code").text.split("\n")[::2] == ["f = 1", 'check("07-1", f)']
    assert not made(code('# hint("07-1")   # take away the first #')).select("pre")


def test_what_looks_like_html_stays_text(made):
    told = nbformat.v4.new_output("stream", text="<script>x</script> & more\n")
    page = made(code("a < b and '</style>'", told), title='"T" & </T')
    assert page.select_one("pre.output").text == "<script>x</script> & more"
    assert page.select_one("pre.code").text.strip() == "a < b and '</style>'"
    assert page.title.text == '03 "T" & </T, to read'
    assert "</T" not in page.style.string and r"03 \22 T\22 " in page.style.string


def test_a_link_leads_out_or_says_which_document_is_meant(made):
    page = made(text("[a](https://e.org/) [b](04_x.ipynb) [c](../docs/notation.md#x) [d](#t)"))
    p = page.find("p", class_=False)
    assert [link["href"] for link in p("a")] == ["https://e.org/", "#t"]
    assert p.text == "a b c (docs/notation.md) d"


# ---- the command ----


def test_it_writes_a_file_for_each_lesson_and_edition(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    run_class(["print", "0", "lesson 2", "00_see_it_work.ipynb"])
    run_class(["print", "02", "--student", "--solutions", "--output", "mit Ü/b"])
    written = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.html"))
    assert written == [
        "mit Ü/b/02_ten_templates_solutions.html",
        "mit Ü/b/02_ten_templates_student.html",
        "print/00_see_it_work.html",
        "print/02_ten_templates.html",
    ]
    assert sorted(os.listdir(tmp_path / "print")) == [
        "00_see_it_work.html",
        "02_ten_templates.html",
    ]
    assert capsys.readouterr().out.count(" is written.") == 4
    again = (tmp_path / "print/00_see_it_work.html").read_bytes()
    run_class(["print", "00"])
    assert (tmp_path / "print/00_see_it_work.html").read_bytes() == again


@pytest.mark.parametrize("words", [[], ["99"], ["7", "x"]])
def test_what_is_no_lesson_is_told_before_anything_is_written(tmp_path, monkeypatch, words):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit, match=r"^Sorry, .*there are 00, 01.*\.$"):
        run_class(["print", *words])
    assert os.listdir(tmp_path) == []


def test_a_folder_that_cannot_be_written_is_told_in_one_sentence(tmp_path):
    (tmp_path / "taken").write_text("mine")
    with pytest.raises(SystemExit, match=r"^Sorry, 00_see_it_work.html could not be .*--output"):
        run_class(["print", "00", "--output", str(tmp_path / "taken")])
    assert (tmp_path / "taken").read_text() == "mine"
