"""The recorded runs of lesson 13: complete, in line with what is said of them, and repeatable."""

import csv
import os

import numpy as np
import pytest

from benchmarks.makers.frame import RECORDS
from benchmarks.makers.optimizers import (
    ALL,
    FEW,
    FULL,
    OPTIMIZERS,
    RACE,
    RATES,
    RESULTS,
    SCHEDULES,
    SEEDS,
    Run,
    main,
    parts,
    rate_in_epoch,
    rows_of,
)

FILES = ("optimizers.csv", "regularization.csv")


def record(name):
    """The rows of a record, numbers as numbers."""
    with (RECORDS / name).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    words = ("optimizer", "schedule", "digits")
    return [{k: v if k in words else float(v) for k, v in row.items()} for row in rows]


def ends(name, **wanted):
    """Values in percent after the last epoch of the runs that have these settings."""
    rows = [row for row in record(name) if all(row[k] == v for k, v in wanted.items())]
    last = max(row["epoch"] for row in rows)
    return [row for row in rows if row["epoch"] == last]


def mean(column, rows):
    """Accuracies as percent, losses as they are."""
    values = np.mean([row[column] for row in rows])
    return values if "loss" in column else 100 * values


def stored(run):
    """The settings of a run as the records hold them."""
    if run in RACE + SCHEDULES:
        names = ("epochs", "optimizer", "lr", "schedule")
        return FILES[0], {name: getattr(run, name) for name in names}
    return FILES[1], {"digits": str(run.digits), "l2": run.l2, "dropout": run.dropout}


@pytest.mark.parametrize("run", RACE + SCHEDULES + FEW + ALL + FULL, ids=lambda run: str(run[0:]))
def test_every_run_is_there_with_every_seed(run):
    name, settings = stored(run)
    rows = ends(name, **settings)
    seeds = range(3) if run.digits == "full" else SEEDS
    assert sorted(row["seed"] for row in rows) == list(seeds)
    assert {row["epoch"] for row in rows} == {run.epochs}
    assert all(0 <= row[k] <= 1 for row in rows for k in RESULTS if "loss" not in k)


def assert_agrees(run, seed, epochs):
    """Run a part of a member again, and compare what the record holds of it."""
    name, settings = stored(run)
    known = [
        row
        for row in record(name)
        if row["seed"] == seed and all(row[k] == v for k, v in settings.items())
    ]
    known = {row["epoch"]: row for row in known}
    again = {row["epoch"]: row for row in rows_of(run, seed, epochs)}
    common = sorted(set(known) & set(again))
    assert common
    for epoch in common:
        for column in RESULTS:
            value, kept = float(again[epoch][column]), known[epoch][column]
            near = {"rel": 0.02, "abs": 2e-3} if "loss" in column else {"abs": 0.0101}
            assert value == pytest.approx(kept, **near), (run, epoch, column)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_shortened_race_agrees_with_the_record(name):
    rate = {"SGD": 0.03, "Momentum": 0.003, "RMSProp": 0.001, "Adam": 0.001}[name]
    assert_agrees(Run(3200, 32, 10, name, rate), 1, 2)


@pytest.mark.parametrize("run", [SCHEDULES[5], FEW[0], FEW[2], FEW[5], ALL[1]], ids=str)
def test_a_shortened_run_agrees_with_the_record(run):
    assert_agrees(run, 2, 4)


@pytest.mark.skipif("NNLIB_DATA" not in os.environ, reason="needs the full set, in NNLIB_DATA")
def test_the_full_set_is_split_as_said():
    train, validation, test = parts("full")
    assert (train.y.size, validation.y.size, test.y.size) == (50_000, 10_000, 10_000)


def test_parts_do_not_overlap_and_classes_are_equal():
    train, validation, _ = parts(500)
    assert np.bincount(train.y).tolist() == [50] * 10
    assert np.bincount(validation.y).tolist() == [80] * 10
    seen = {image.tobytes() for image in validation.X.T}
    assert not any(image.tobytes() in seen for image in train.X.T)
    np.testing.assert_array_equal(parts(3200)[1].X, validation.X)


def test_schedules_shrink_the_rate_and_the_constant_one_does_not():
    step, cosine = (Run(3200, 32, 30, "Adam", 0.8, name) for name in ("step", "cosine"))
    assert [rate_in_epoch(step, e, 0, 9) for e in (1, 6, 7, 30)] == [0.8, 0.8, 0.4, 0.05]
    assert rate_in_epoch(cosine, 1, 50, 100) == pytest.approx(0.4)
    assert rate_in_epoch(RACE[0], 9, 50, 100) == RACE[0].lr


def best_rates():
    """The rate of each optimizer with the best mean validation accuracy."""
    found = {}
    for name in OPTIMIZERS:
        shares = {
            lr: mean("validation", ends(FILES[0], epochs=10, optimizer=name, lr=lr)) for lr in RATES
        }
        found[name] = max(shares, key=shares.get), shares
    return found


def test_the_lesson_says_what_was_recorded_of_the_race():
    best = best_rates()
    tops = [shares[rate] for rate, shares in best.values()]
    assert max(tops) - min(tops) < 0.5  # "within half a point"
    assert best["Adam"][1][0.001] - best["SGD"][1][0.001] == pytest.approx(36, abs=0.5)
    assert tops[-1] - best["Adam"][1][0.001] < 0.2  # "next to nothing"
    second = [row for row in record(FILES[0]) if row["epoch"] == 2 and row["epochs"] == 10]
    of_sgd = [row for row in second if (row["optimizer"], row["lr"]) == ("SGD", best["SGD"][0])]
    assert sum(row["train_loss"] > 0.6 for row in of_sgd) == 1  # "off the chart"
    for slow, fast in ((0.0001, 0.001), (0.001, 0.01), (0.01, 0.1), (0.03, 0.3)):
        roll = mean("train_loss", ends(FILES[0], epochs=10, optimizer="Momentum", lr=slow))
        plain = mean("train_loss", ends(FILES[0], epochs=10, optimizer="SGD", lr=fast))
        assert roll == pytest.approx(plain, rel=0.05)


def test_the_lesson_says_what_was_recorded_of_schedules():
    values = {
        (name, schedule): ends(FILES[0], epochs=30, optimizer=name, schedule=schedule)
        for name in ("SGD", "Adam")
        for schedule in ("constant", "step", "cosine")
    }
    means = {key: mean("validation", rows) for key, rows in values.items()}
    for schedule in ("step", "cosine"):
        assert means["Adam", schedule] - means["Adam", "constant"] == pytest.approx(0.9, abs=0.2)
        assert abs(means["SGD", schedule] - means["SGD", "constant"]) < 0.2
    lowest = min(row["validation"] for row in values["Adam", "constant"])
    assert 100 * lowest == pytest.approx(89.6, abs=0.05)


def test_the_lesson_says_what_was_recorded_of_regularization():
    def few(l2, dropout):
        return ends(FILES[1], digits="500", l2=l2, dropout=dropout)

    plain = few(0, 0)
    for rate in (0.5, 0.8):
        for column in ("validation", "test"):
            gain = mean(column, few(0, rate)) - mean(column, plain)
            assert gain == pytest.approx(1, abs=0.15)
    for l2 in (0.003, 0.01, 0.03):
        assert abs(mean("validation", few(l2, 0)) - mean("validation", plain)) < 0.5
    for l2 in (0.003, 0.01):
        assert mean("validation_loss", few(l2, 0)) < mean("validation_loss", plain) - 0.05
    assert mean("validation", few(0.1, 0)) < mean("validation", plain) - 1
    tests = [
        mean("test", ends(FILES[1], digits="3200", l2=run.l2, dropout=run.dropout)) for run in ALL
    ]
    assert 93.5 < min(tests) and max(tests) < 94.2
    assert mean("test", ends(FILES[1], digits="full", dropout=0.2)) == pytest.approx(98, abs=0.15)


def test_quick_writes_nothing(monkeypatch, capsys):
    monkeypatch.setattr("benchmarks.makers.optimizers.write", lambda *_: pytest.fail("it wrote"))
    monkeypatch.setattr("benchmarks.makers.optimizers.RACE", RACE[:1])
    monkeypatch.setattr("benchmarks.makers.optimizers.SCHEDULES", [])
    monkeypatch.setattr("benchmarks.makers.optimizers.FEW", FEW[:1])
    monkeypatch.setattr("benchmarks.makers.optimizers.ALL", [])
    main(["--quick"])
    assert len(capsys.readouterr().out.splitlines()) == 2


def test_the_records_are_small():
    assert all((RECORDS / name).stat().st_size < 150_000 for name in FILES)
