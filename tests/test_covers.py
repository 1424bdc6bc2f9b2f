"""Every item of the four sources stands on a cell of a lesson, or on the list of planned ones."""

from lessons import NAMES, ROOT

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
