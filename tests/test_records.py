"""Records are written whole or not at all, and a row is what a CSV reader gives back."""

import csv
import io

import pytest

from benchmarks.makers import frame
from benchmarks.makers.frame import RECORDS, write


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(frame, "RECORDS", tmp_path)
    return tmp_path


@pytest.mark.parametrize("path", sorted(RECORDS.glob("*.csv")), ids=lambda path: path.stem)
def test_a_record_is_written_as_it_was_read(path, folder):
    with path.open(encoding="utf-8", newline="") as file:
        write("again.csv", list(csv.DictReader(file)))
    assert (folder / "again.csv").read_bytes() == path.read_bytes()


def test_numbers_words_and_gaps_are_written_as_by_csv(folder):
    rows = [{"n": 1, "x": 0.1, "w": "a, b"}, {"n": None, "x": 1e-05, "w": ""}]
    expected = io.StringIO()
    writer = csv.DictWriter(expected, ["n", "x", "w"], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    write("new.csv", rows)
    assert (folder / "new.csv").read_text(encoding="utf-8") == expected.getvalue()


def test_an_interrupted_record_leaves_the_old_one(folder, monkeypatch):
    write("a.csv", [{"n": 1}])

    def interrupted(descriptor):
        raise KeyboardInterrupt

    monkeypatch.setattr("nnlib.system.files.os.fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write("a.csv", [{"n": 2}])
    assert [path.read_text() for path in folder.iterdir()] == ["n\n1\n"]
