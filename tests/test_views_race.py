"""The valley treats each optimizer as theory says, and the recorded race is read in order."""

import csv

import numpy as np
import pytest
from lessons import ROOT

from nnlib.optimizers import SGD, Adam, Momentum, RMSProp
from nnlib.views.race import nearest_rate, recorded_race, valley, valley_path


@pytest.fixture(scope="module")
def record():
    with (ROOT / "data/records/optimizers.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    numbers = ("epochs", "lr", "seed", "epoch", "validation")
    columns = {name: np.array([float(row[name]) for row in rows]) for name in numbers}
    return columns | {"optimizer": np.array([row["optimizer"] for row in rows])}


def test_a_straight_valley_is_the_same_to_adam_however_steep_a_turned_one_is_not():
    for kind, differ in ((RMSProp, False), (Adam, False), (SGD, True)):
        ends = [valley_path(kind(0.01), valley(kappa)[0], (-9, 2), 50)[-1] for kappa in (5, 100)]
        assert np.allclose(*ends, atol=1e-6) != differ
    H, turn = valley(100.0, 45)
    for kind, differ in ((SGD, False), (Momentum, False), (RMSProp, True), (Adam, True)):
        straight = valley_path(kind(0.005), valley(100.0)[0], (-9, 2), 50)
        turned = valley_path(kind(0.005), H, turn @ [-9, 2], 50) @ turn
        assert np.allclose(straight, turned, atol=1e-6) != differ


def test_nearest_is_meant_in_factors():
    assert nearest_rate([0.01, 0.1], 0.04) == 0.1 and nearest_rate([0.01, 0.1], 0.03) == 0.01


def test_the_record_is_read_in_the_order_of_epochs_and_seeds(record):
    mixed = np.random.default_rng(0).permutation(record["lr"].size)
    again = recorded_race({name: column[mixed] for name, column in record.items()})
    for name, rates in recorded_race(record).items():
        for rate, shares in rates.items():
            assert shares.shape == (10, 5)
            np.testing.assert_array_equal(shares, again[name][rate])
