"""Every lesson has the shape, the size and the stored outputs that a lesson should have."""

import ast
import base64
import io
import json
import re
import statistics

import numpy as np
import pytest
from exports import EXPORTERS, exported
from lessons import (
    ELSEWHERE,
    LICENSE,
    NAMES,
    PATHS,
    ROOT,
    cells,
    code_cells,
    equation_ids,
    markdown_cells,
    said_of_figures,
    streams,
    tags,
    word_count,
)
from nbconvert import ScriptExporter
from PIL import Image

from nnlib.checks import registry
from nnlib.checks.questions import SLIPS

registry.load_all()

LONG = {"11", "14"}  # up to 4,000 words and 60 cells
every_lesson = pytest.mark.parametrize("path", PATHS, ids=NAMES)


def outputs(path):
    return [output for cell in code_cells(path) for output in cell.outputs]


def is_keeper(cell):
    return any(tag.startswith("nnlib:") for tag in tags(cell))


def test_lessons_are_numbered_without_a_gap():
    numbers = [int(name[:2]) for name in NAMES]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))


@every_lesson
def test_opens_with_title_promise_and_set_up(path):
    first = cells(path)[0].source
    assert first.startswith("# ")
    assert first.endswith(f"\n\n{ELSEWHERE}")
    for word in ("You will do", "You will learn", "You need", "Time"):
        assert f"**{word}:**" in first
    set_up = code_cells(path)[0]
    assert tags(set_up)[0] == "setup"
    assert f'start("{path.stem[:2]}")' in set_up.source
    assert len(set_up.source.strip().splitlines()) <= 12
    assert [cell for cell in code_cells(path) if "setup" in tags(cell)] == [set_up]


@every_lesson
def test_ends_with_its_license(path):
    *before, last = cells(path)
    assert (last.cell_type, last.source) == ("markdown", LICENSE)
    assert not any("**License.**" in cell.source for cell in before)


@every_lesson
def test_second_code_cell_shows_the_picture_of_the_lesson(path):
    assert any("image/png" in output.get("data", {}) for output in code_cells(path)[1].outputs)


@every_lesson
def test_has_sections_that_ask_and_the_closing_ones(path):
    text = "\n".join(cell.source for cell in markdown_cells(path))
    assert len(re.findall(r"^# ", text, flags=re.M)) == 1
    sections = re.findall(r"^## (.+)$", text, flags=re.M)
    closing = ["What we built", "In practice", "Read more"]
    assert [name for name in sections if name in closing] == closing
    assert sections[-3:] == closing
    assert 3 <= len(sections[:-3]) <= 8
    assert sum(name.endswith("?") for name in sections[:-3]) >= len(sections[:-3]) / 2


@every_lesson
def test_is_as_long_as_a_lesson(path):
    words = word_count(path)
    n_code = sum("widget" not in tags(cell) for cell in code_cells(path))
    longest = (4000, 60) if path.stem[:2] in LONG else (2200, 35)
    assert 1200 <= words <= longest[0], f"{words} words"
    assert 20 <= n_code <= longest[1], f"{n_code} code cells"


@every_lesson
def test_cells_are_short(path):
    lengths = []
    for cell in code_cells(path):
        lines = len(cell.source.strip().splitlines())
        lengths.append(lines)
        assert lines <= (25 if is_keeper(cell) else 15), cell.source
    assert statistics.median(lengths) <= 6


@every_lesson
def test_was_executed_from_top_to_bottom_without_complaint(path):
    counts = [cell.execution_count for cell in code_cells(path)]
    assert counts == list(range(1, len(counts) + 1))
    for cell in code_cells(path):
        assert streams(cell, "stderr") == ""
        assert not [out for out in cell.outputs if out.output_type == "error"]


@every_lesson
def test_prints_at_least_three_decimal_numbers(path):
    printed = "".join(streams(cell, "stdout") for cell in code_cells(path))
    assert len(re.findall(r"\d\.\d", printed)) >= 3


@every_lesson
def test_every_figure_can_be_heard(path):
    for output in outputs(path):
        if "image/png" in output.get("data", {}):
            alt = output.metadata.get("image/png", {}).get("alt", "")
            assert len(alt) > 20, output


@every_lesson
def test_no_figure_is_cut_off(path):
    """A title that is too wide ends in the middle of a sign, at the edge of its picture."""
    for output in outputs(path):
        if png := output.get("data", {}).get("image/png"):
            gray = np.asarray(Image.open(io.BytesIO(base64.b64decode(png))).convert("L"))
            edge = np.concatenate([gray[[0, -1]].ravel(), gray[:, [0, -1]].ravel()])
            assert edge.min() > 200, output.metadata["image/png"]["alt"]


@every_lesson
def test_a_widget_is_one_sentence_without_a_kernel(path):
    for cell in code_cells(path):
        if "widget" in tags(cell):
            assert len(cell.source.strip().splitlines()) <= 6
            (output,) = cell.outputs
            assert set(output.data) == {"text/plain"}
            sentence = r"Interactive: .+; run this cell to use it\."
            assert re.fullmatch(sentence, output.data["text/plain"])


@pytest.mark.slow
@pytest.mark.parametrize("kind", EXPORTERS)
@every_lesson
def test_its_exports_say_of_each_figure_what_is_stored(path, kind):
    assert [image["alt"] for image in exported(path, kind).find_all("img")] == said_of_figures(path)


@every_lesson
def test_its_script_is_python(path):
    """What `jupyter nbconvert --to script` writes: each statement, a magic as a call."""
    script, resources = ScriptExporter().from_filename(str(path))
    code = "\n".join(cell.source for cell in code_cells(path))
    bare = ast.parse(re.sub(r"^%.*", "magic()", code, flags=re.M))
    assert resources["output_extension"] == ".py"
    assert len(ast.parse(script).body) == len(bare.body)


@every_lesson
def test_holds_nothing_of_the_machine_that_ran_it(path):
    text = path.read_text(encoding="utf-8")
    notebook = json.loads(text)
    assert set(notebook["metadata"]) == {"kernelspec", "language_info"}
    assert "widget-view" not in text
    assert not re.search(r"/(root|home|tmp|Users|work/)|[A-Z]:\\\\", text)
    assert len(text) < 2_000_000
    for cell in notebook["cells"]:
        assert set(cell["metadata"]) <= {"tags", "jupyter"}
        assert sum(tag.startswith("covers:") for tag in cell["metadata"].get("tags", [])) <= 8


@every_lesson
def test_equations_are_numbered_and_checked_on_the_spot(path):
    ids = equation_ids(path)
    number = int(path.stem[:2])
    assert ids == [f"{number}.{k}" for k in range(1, len(ids) + 1)]
    code = "\n".join(cell.source for cell in code_cells(path))
    calls = " ".join(re.findall(r"check_equation\(([^)]*)\)", code))
    called = re.findall(r'"([\d.]+)"', calls)
    assert sorted(called) == sorted(ids)


@every_lesson
def test_links_lead_somewhere(path):
    text = "\n".join(cell.source for cell in markdown_cells(path))
    for target in re.findall(r"\]\(([^)#\s]+)\)", text):
        assert "://" in target or (path.parent / target).exists(), target


@every_lesson
def test_tags_are_known(path):
    known = "setup|exercise|solution|teacher|widget|recall|sitting|NBVAL_IGNORE_OUTPUT"
    known += r"|covers:S[0-3]-\d\d|nnlib:(?:[a-z_]+\.)+\w+"
    before = ""
    for cell in cells(path):
        if "NBVAL_IGNORE_OUTPUT" in tags(cell):
            assert "not compared" in " ".join(before.split()), "the text above must say why"
        before = cell.source
        for tag in tags(cell):
            assert re.fullmatch(known, tag), tag
        if {"solution", "teacher"} & set(tags(cell)):
            assert cell.source.startswith("<details>")


@every_lesson
def test_the_stated_minutes_hold_for_each_sitting(path, maintain):
    stated = re.search(r"\*\*Time:\*\* about ([\d and]+) minutes", cells(path)[0].source)[1]
    stated, computed = list(map(int, stated.split(" and "))), maintain.sittings(cells(path))
    assert len(stated) == len(computed) <= 2
    alone = " + ".join(map(str, stated))
    assert f"| {path.stem[:2]} | {alone} | " in (ROOT / "docs" / "teaching.md").read_text("utf-8")
    for said, minutes in zip(stated, computed):
        assert 25 <= said <= 50 and 24.5 <= minutes <= 50.5
        assert abs(said - minutes) <= 0.15 * minutes, f"{said} minutes, computed {minutes:.0f}"


@every_lesson
def test_a_sitting_ends_with_what_you_can_do_now(path):
    ends = [cell.source for cell in markdown_cells(path) if "sitting" in tags(cell)]
    ends += [text for cell in markdown_cells(path) if "## What we built" in (text := cell.source)]
    assert 1 <= len(ends) <= 2 and all("**You can now**" in end for end in ends)


@every_lesson
def test_three_questions_to_remember_by(path):
    (recall,) = [cell.source for cell in markdown_cells(path) if "recall" in tags(cell)]
    assert recall.startswith("## What do you remember?")
    assert re.findall(r"^(\d)\. ", recall, flags=re.M) == ["1", "2", "3"]
    assert recall.count("<summary>Answer</summary>") == recall.count("</details>") == 3
    assert "Explain to a friend why" in recall


@every_lesson
def test_one_exercise_asks_to_explain_prove_or_predict(path):
    ids = [id for id in SLIPS if id.startswith(path.stem[:2])]
    assert len(ids) == 1


def test_the_reason_is_asked_at_a_dozen_predictions():
    asked = [
        path.stem
        for path in PATHS
        if any("**Predict" in c.source and "(c)" in c.source for c in markdown_cells(path))
    ]
    assert len(asked) >= 12
