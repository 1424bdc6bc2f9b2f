"""The recorded runs of lesson 02: complete, in line with what is said of them, and repeatable."""

import csv
import os

import numpy as np
import pytest
from lessons import ROOT

from benchmarks.makers.frame import RECORDS
from benchmarks.makers.no_hidden_layer import FILES, NETWORKS, SEEDS, STEPS, run, shifted
from nnlib.data import load_mnist

EARLY = [step for step in STEPS if step <= 20]


def record(which):
    """The rows of a record, numbers as numbers, under (network, seed, step)."""
    with (RECORDS / FILES[which]).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {
        (entry.pop("network"), int(entry.pop("seed")), int(entry.pop("step"))): {
            name: float(value) for name, value in entry.items()
        }
        for entry in rows
    }


def final_mean(which, name, column="test_accuracy"):
    """The mean over the seeds after the last step, in percent."""
    rows = record(which)
    return 100 * np.mean([rows[name, seed, STEPS[-1]][column] for seed in SEEDS[which]])


def assert_agrees(rows, stored):
    for entry in rows:
        kept = stored[entry["network"], entry["seed"], entry["step"]]
        assert float(entry["train_loss"]) == pytest.approx(kept["train_loss"], rel=2e-3)
        for name in ("train_accuracy", "test_accuracy", "test_shifted_1", "test_shifted_2"):
            assert float(entry[name]) == pytest.approx(kept[name], abs=0.005)


@pytest.mark.parametrize("which", FILES)
def test_every_network_seed_and_step_is_there(which):
    expected = {(n.name, seed, step) for n in NETWORKS for seed in SEEDS[which] for step in STEPS}
    assert set(record(which)) == expected


@pytest.mark.parametrize("network", NETWORKS, ids=lambda network: network.name)
def test_a_shortened_run_agrees_with_the_record(network):
    assert_agrees(run(network, 3, EARLY, *load_mnist()), record("sample"))


@pytest.mark.skipif("NNLIB_DATA" not in os.environ, reason="needs the full set, in NNLIB_DATA")
def test_a_shortened_run_agrees_with_the_record_of_the_full_set():
    assert_agrees(run(NETWORKS[0], 1, EARLY[:1], *load_mnist("full")), record("full"))


def test_the_lesson_says_what_was_recorded():
    none, uniform, he = (
        final_mean("sample", name)
        for name in ("784-10 he 0.1", "784-10-10 uniform 0.1", "784-10-10 he 0.1")
    )
    assert none - uniform == pytest.approx(5, abs=0.5)
    assert he - uniform == pytest.approx(6, abs=0.5)
    assert abs(he - none) < 2
    wide = final_mean("sample", "784-32-10 he 0.5") - final_mean("sample", "784-10 he 0.5")
    assert 1.5 < wide < 2


def test_digits_move_by_whole_pixels_down_and_right():
    X = np.zeros((784, 2), dtype=np.float32)
    X[28 * 5 + 7, 1] = 1
    X[28 * 27, 0] = 1  # at the lower edge: it leaves the image
    moved = shifted(X, 2, -1)
    assert moved.shape == X.shape and moved.dtype == X.dtype
    assert moved.sum() == 1 and moved[28 * 7 + 6, 1] == 1


def test_the_record_is_small():
    assert all(
        (ROOT / "data" / "records" / name).stat().st_size < 50_000 for name in FILES.values()
    )
