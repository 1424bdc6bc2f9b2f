"""The page that a visitor sees first: every lesson with its picture, every document linked."""

import re

import pytest
from lessons import PATHS, ROOT, cells
from PIL import Image

README = (ROOT / "README.md").read_text(encoding="utf-8")
every_lesson = pytest.mark.parametrize("path", PATHS, ids=[path.stem for path in PATHS])


@every_lesson
def test_each_lesson_has_a_row_with_its_title_and_its_picture(path, maintain):
    (row,) = [line for line in README.splitlines() if f"](notebooks/{path.name})" in line]
    title = cells(path)[0].source.splitlines()[0].removeprefix("# ")
    named = re.match(rf"\| {path.name[:2]} \| \[(.+?)\]\(", row)[1]
    assert title.startswith(named)  # long titles are shortened
    assert row.endswith(f"{maintain.picture_cell(path)} |")
    assert row.count("|") == 5  # four cells: no bar of a description begins another
    with Image.open(ROOT / "docs" / "pictures" / f"{path.name[:2]}.png") as picture:
        assert picture.width == 400 or (picture.height == 300 and picture.width > 200)


def test_the_table_is_what_the_script_writes(maintain):
    assert maintain.with_pictures(README) == README


def test_every_picture_and_link_is_there():
    for target in re.findall(r"""\]\(([^)#\s]+)\)|src="([^"]+)\"""", README):
        name = "".join(target)
        assert "://" in name or (ROOT / name).exists(), name


def test_every_document_is_linked():
    known = {path.name for path in (ROOT / "docs").glob("*.md")}
    assert {name for name in known if f"docs/{name}" not in README} == set()
