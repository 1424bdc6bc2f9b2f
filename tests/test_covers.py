"""Every item of the four sources stands on a cell of a lesson, or on the list of planned ones.

A tag alone may be empty. So docs/covered.csv quotes words of the cells that teach each item.
"""

from lessons import NAMES, PATHS, ROOT, cells, tags

ITEMS = {"S0": 91, "S1": 60, "S2": 73, "S3": 79}  # how many things each document says
ALL = {f"{source}-{n:02d}" for source, count in ITEMS.items() for n in range(1, count + 1)}


def planned():
    return (ROOT / "docs" / "planned.txt").read_text(encoding="utf-8").split()


def test_there_are_303_items():
    assert len(ALL) == 303


def test_every_item_is_covered_or_planned_and_none_is_both(maintain):
    covered = set(maintain.covered())
    assert covered | set(planned()) == ALL
    assert not covered & set(planned())
    assert len(planned()) == len(set(planned()))


def test_the_map_is_up_to_date(maintain):
    written = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")
    assert written == maintain.source_map()


def test_covered_names_lessons_that_exist(maintain):
    for lessons in maintain.covered().values():
        assert set(lessons) <= set(NAMES)


def tagged():
    """Each item with each cell that is tagged with it: pairs of an id and the text of the cell."""
    for path in PATHS:
        for cell in cells(path):
            for tag in tags(cell):
                if tag.startswith("covers:"):
                    yield tag.removeprefix("covers:"), " ".join(cell.source.split())


def test_every_tagged_cell_teaches_its_item_in_words(maintain):
    taught = maintain.taught()
    for item, text in tagged():
        assert any(words in text for words in taught.get(item, [])), (
            f"{item}: none of its words in: {text}"
        )


def test_every_quotation_stands_in_a_cell_tagged_with_its_item(maintain):
    taught, pairs = maintain.taught(), list(tagged())
    assert set(taught) == {item for item, _ in pairs}
    for item, quotations in taught.items():
        for words in quotations:
            assert 3 <= len(words.split()) <= 12, words
            assert any(item == other and words in text for other, text in pairs), f"{item}: {words}"
