"""The recorded runs of lesson 14: complete, in line with what is said of them, and repeatable."""

import csv
import itertools

import numpy as np
import pytest

from benchmarks.makers.clinic import (
    COLUMNS,
    SEEDS,
    STEPS,
    candidates,
    main,
    one_run,
    tuning,
)
from benchmarks.makers.frame import RECORDS
from nnlib.clinic.patients import PATIENTS

STOPPED = "one-hot from y.max()"


def record(name):
    """The rows of a record, as texts."""
    with (RECORDS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


CURVES, WORDS, TUNING = map(record, COLUMNS)


def rows_of(rows, name, run, seed):
    wanted = {"patient": name, "run": run, "seed": str(seed)}
    return [row for row in rows if wanted.items() <= row.items()]


@pytest.mark.parametrize(
    ("name", "run", "seed"), list(itertools.product(PATIENTS, ("sick", "cured"), SEEDS))
)
def test_every_run_is_there(name, run, seed):
    (words,) = rows_of(WORDS, name, run, seed)
    made = int(words["steps"])
    steps = [int(row["step"]) for row in rows_of(CURVES, name, run, seed)]
    assert steps == [step for step in STEPS if step <= made]
    assert (made == 300) is (not words["stopped"]) is (name != STOPPED or run == "cured")


def near(text, other, within):
    """Whether two numbers as texts agree: empty with empty, nan with nan."""
    if "" in (text, other):
        return text == other
    return float(text) == pytest.approx(float(other), nan_ok=True, **within)


@pytest.mark.parametrize("name", PATIENTS)
def test_a_shortened_run_agrees_with_the_record(name):
    n_steps = 7
    rows, words = one_run(name, "sick", 0, n_steps)
    known = rows_of(CURVES, name, "sick", 0)[: len(rows)]
    if name == "changed in place":  # its second run begins where 300 steps had ended
        assert float(rows[0]["loss"]) < 2.2 < float(one_run(name, "cured", 0, 1)[0][0]["loss"])
        return
    assert [row["step"] for row in rows] == [int(row["step"]) for row in known]
    for again, kept in zip(rows, known, strict=True):
        assert near(again["loss"], kept["loss"], dict(rel=0.02, abs=0.002))
        for column in ("train", "test"):
            assert near(again[column], kept[column], dict(abs=0.02)), (column, again, kept)
    (told,) = rows_of(WORDS, name, "sick", 0)
    assert words["second"].split("(")[0] == told["second"].split("(")[0]


@pytest.mark.parametrize("seed", [1, 2])
def test_a_cured_run_agrees_with_the_record(seed):
    rows, _ = one_run("no 1/m", "cured", seed, 15)
    for again, kept in zip(rows, rows_of(CURVES, "no 1/m", "cured", seed)):
        assert near(again["loss"], kept["loss"], dict(rel=0.02))
        assert near(again["test"], kept["test"], dict(abs=0.02))


def test_those_that_share_all_parts_when_cured_are_one_run():
    plain = [n for n, p in PATIENTS.items() if not p.others and p.batch_size is None]
    assert len(plain) >= 10
    for seed in SEEDS:
        ends = {rows_of(CURVES, name, "cured", seed)[-1]["loss"] for name in plain}
        assert len(ends) == 1


def test_the_lesson_says_what_was_recorded():
    def losses(name, seed=0):
        return [float(row["loss"]) for row in rows_of(CURVES, name, "sick", seed)]

    assert losses("no 1/m")[1] == pytest.approx(68.8, abs=0.05)
    ceiling = [float(row["loss"]) for row in CURVES]
    assert 87.3 < np.nanmax(ceiling) < 87.35  # "no loss here is above 87.3"
    assert losses("labels scaled too")[-1] < 0.001  # "leaves through the floor"
    assert round(losses("shuffled apart")[-1], 2) == 2.26
    nans = [not np.isfinite(losses("exp overflow", seed)[0]) for seed in SEEDS]
    assert sum(nans) == 1  # "one ends in NaN, two never notice"
    for seed in SEEDS:
        equal, cured = (
            100 * float(rows_of(CURVES, "equal widths", run, seed)[-1]["test"])
            for run in ("sick", "cured")
        )
        assert 8 < cured - equal < 22  # "9 to 21 points"


@pytest.mark.slow
def test_tuning_agrees_with_the_record():
    again = tuning()
    assert len(candidates()) == len(again) == len(TUNING) == 30
    for row, kept in zip(again, TUNING, strict=True):
        for column in COLUMNS["clinic_tuning.csv"]:
            assert float(row[column]) == pytest.approx(float(kept[column]), abs=0.01)


def test_what_is_said_of_tuning():
    first, last = ({k: 100 * float(v) for k, v in TUNING[n].items()} for n in (0, -1))
    assert abs(first["sick"] - first["sick_fresh"]) < 1  # "with one network the two agree"
    assert 3.5 < last["sick"] - last["sick_fresh"] < 4.5  # "four points of the report are luck"
    assert abs(last["cured"] - last["cured_fresh"]) < 0.5  # "lower, and true"


def test_quick_writes_nothing(monkeypatch, capsys):
    monkeypatch.setattr("benchmarks.makers.clinic.write", lambda *_: pytest.fail("it wrote"))
    monkeypatch.setattr("benchmarks.makers.clinic.PATIENTS", {"no 1/m": PATIENTS["no 1/m"]})
    main(["--quick"])
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3 and "1/m is missing" in lines[0]


def test_the_records_are_small():
    assert all((RECORDS / name).stat().st_size < 150_000 for name in COLUMNS)
