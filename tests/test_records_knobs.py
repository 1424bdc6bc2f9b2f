"""The recorded sweep of lesson 08: complete, in line with what is said of it, and repeatable."""

import csv

import numpy as np
import pytest

from benchmarks.makers.knobs import EPOCHS, HIDDEN, RATES, RECORD, SEEDS, main, run
from nnlib.network import multiply_adds


@pytest.fixture(scope="module")
def stored():
    """The rows of the record, under (hidden, lr, seed, epoch)."""
    with RECORD.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {
        (
            int(row.pop("hidden")),
            float(row.pop("lr")),
            int(row.pop("seed")),
            int(row.pop("epoch")),
        ): {name: float(value) for name, value in row.items()}
        for row in rows
    }


def mean(stored, hidden, lr):
    """The mean validation accuracy of the seeds after the last epoch, in percent."""
    found = [stored[hidden, lr, seed, EPOCHS]["validation_accuracy"] for seed in SEEDS]
    return 100 * np.mean(found)


def test_every_run_is_there_and_the_file_small(stored):
    whole = {(h, r, 0, e) for h in HIDDEN for r in RATES for e in range(1, EPOCHS + 1)}
    ends = {(h, r, s, EPOCHS) for h in HIDDEN for r in RATES for s in SEEDS}
    assert set(stored) == whole | ends
    assert all(np.isfinite(list(row.values())).all() for row in stored.values())
    assert RECORD.stat().st_size < 50_000


@pytest.mark.parametrize(("hidden", "lr"), [(8, 0.1), (32, 0.3), (128, 0.01)])
def test_a_shortened_run_agrees_with_the_record(stored, hidden, lr):
    for row in run(hidden, lr, seed=0, epochs=2):
        kept = stored[hidden, lr, 0, row["epoch"]]
        assert row["train_loss"] == pytest.approx(kept["train_loss"], rel=0.03)
        for name in ("train_accuracy", "validation_accuracy"):
            assert row[name] == pytest.approx(kept[name], abs=0.02)


def test_the_lesson_says_what_was_recorded(stored):
    means = {(h, r): mean(stored, h, r) for h in HIDDEN for r in RATES}
    best = max(means, key=means.get)
    assert best == (128, 0.3) and means[best] == pytest.approx(93.7, abs=0.05)
    assert all(means[h, 3.0] == pytest.approx(10) for h in HIDDEN)
    assert means[128, 0.3] - means[64, 0.3] < 0.5
    near = [means[cell] for cell in [(128, 0.3), (64, 0.3), (32, 0.3), (64, 0.1)]]
    assert np.ptp(near) < 1.2
    ends = [stored[64, 1.0, seed, EPOCHS]["validation_accuracy"] for seed in SEEDS]
    assert min(ends) < 0.25 and sorted(ends)[1] > 0.9


def test_small_networks_reach_the_goal_for_less(stored):
    spent = {}
    for (hidden, _, seed, epoch), row in stored.items():
        if seed == 0 and row["validation_accuracy"] >= 0.9:
            price = multiply_adds(hidden, epoch, 32)
            spent[hidden] = min(price, spent.get(hidden, price))
    assert set(spent) == {16, 32, 64, 128}
    assert spent[128] / spent[16] == pytest.approx(6, abs=0.1)
    assert spent[16] < 500e6


def test_quick_writes_nothing(capsys):
    before = RECORD.read_bytes()
    main(["--quick"])
    assert RECORD.read_bytes() == before
    assert "hidden" in capsys.readouterr().out
