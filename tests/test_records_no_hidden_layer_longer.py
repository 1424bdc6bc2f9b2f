"""The longer runs of lesson 02: complete, repeatable, and in line with what is said of them."""

import csv

import numpy as np
import pytest

from benchmarks.makers.frame import RECORDS
from benchmarks.makers.no_hidden_layer_longer import FILE, NETWORKS, SCHEDULE, SEEDS, run
from nnlib.data import load_mnist

LAST = sum(epochs for _, epochs in SCHEDULE)


def record():
    """The rows of the record, under (digits, network, seed, epoch)."""
    with (RECORDS / FILE).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    key = ("digits", "network", "seed", "epoch")
    return {tuple(str(row[name]) for name in key): row for row in rows}


def test_every_set_network_seed_and_epoch_is_there():
    expected = {
        (which, "-".join(map(str, network.sizes)), str(seed), str(epoch))
        for which, seeds in SEEDS.items()
        for network in NETWORKS
        for seed in seeds
        for epoch in range(1, LAST + 1)
    }
    assert set(record()) == expected


@pytest.mark.parametrize("network", NETWORKS, ids=lambda network: network.name)
def test_a_shortened_run_agrees_with_the_record(network):
    for row in run("sample", network, 3, *load_mnist(), schedule=((0.1, 2),)):
        kept = record()[row["digits"], row["network"], "3", str(row["epoch"])]
        assert float(row["loss"]) == pytest.approx(float(kept["loss"]), rel=2e-3)
        assert float(row["test_accuracy"]) == pytest.approx(float(kept["test_accuracy"]), abs=0.005)


def test_ten_hidden_units_add_two_points_if_there_are_digits_enough():
    rows = record()
    added = {}
    for which, seeds in SEEDS.items():
        none, ten = (
            np.mean([float(rows[which, name, str(s), str(LAST)]["test_accuracy"]) for s in seeds])
            for name in ("784-10", "784-10-10")
        )
        added[which] = 100 * (ten - none)
    assert added["full"] == pytest.approx(2, abs=0.3)
    assert abs(added["sample"]) < 0.5
