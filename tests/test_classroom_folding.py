"""Folds: what a reader sees at once, and what waits behind a question."""

import nbformat

from nnlib.classroom.folding import Fold, folded


def text(source, *tags):
    return nbformat.v4.new_markdown_cell(source, metadata={"tags": list(tags)})


def code(source, *tags):
    return nbformat.v4.new_code_cell(source, metadata={"tags": list(tags)})


def outline(items):
    return [outline(item.cells) if isinstance(item, Fold) else item.source for item in items]


def test_an_answer_ends_at_a_heading_within_its_text():
    lesson = [text("**Predict:** what?"), code("x"), text("This.\n\n## Next\n\nmore"), code("y")]
    assert outline(folded(lesson)) == ["**Predict:** what?", ["x", "This."], "## Next\n\nmore", "y"]


def test_a_question_within_an_answer_folds_once_more():
    lesson = [text("**Predict**"), code("x"), text("So. **Predict:**"), code("y"), text("### End")]
    assert outline(folded(lesson)) == [
        "**Predict**",
        ["x", "So. **Predict:**", ["y"]],
        "### End",
    ]


def test_the_end_of_a_sitting_is_seen():
    lesson = [text("**Predict:**"), code("x"), text("**You can now** stop.", "sitting"), code("y")]
    assert outline(folded(lesson)) == ["**Predict:**", ["x"], "**You can now** stop.", "y"]


def test_a_comment_in_code_is_no_heading():
    lesson = [text("## Do\n\n```python\n# not a heading\n```\n\n~~~\n# nor this\n~~~")]
    assert outline(folded(lesson)) == [lesson[0].source]


def test_teachers_and_solutions_are_left_out_whatever_their_kind():
    lesson = [text("a"), text("b", "teacher"), code("c", "solution"), text("d", "covers:S0-1")]
    assert outline(folded(lesson)) == ["a", "d"]
    assert lesson[0].source == "a" and len(lesson) == 4  # the lesson itself stays as it is


def test_a_lesson_without_a_question_has_no_fold():
    assert outline(folded([text("# A"), code("b"), text("c")])) == ["# A", "b", "c"]
