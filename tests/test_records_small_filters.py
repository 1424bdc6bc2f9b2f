"""Five seeds of three networks of filters on the sample, recorded for lesson 17."""

import pandas as pd
import pytest

from benchmarks.makers import small_filters
from benchmarks.makers.small_filters import EPOCHS, PLANS, SEEDS, row
from nnlib.data import record

TABLE = pd.read_csv(record("small_filters"))
SHARES = ["accuracy", "moved", "shuffled"]


def test_every_network_has_every_seed():
    assert TABLE["network"].tolist() == [name for name in PLANS for _ in SEEDS]
    assert TABLE["seed"].tolist() == [*SEEDS] * len(PLANS)
    assert (TABLE["epochs"] == EPOCHS).all()


def test_small_filters_read_more_and_need_neighbors():
    means = TABLE.groupby("network")[SHARES].mean()
    assert means.loc["small", "accuracy"] >= 0.955  # 784-100-10: 0.946
    assert means.loc["small", "accuracy"] > means.loc["wide", "accuracy"] + 0.01
    assert abs(means.loc["wide", "accuracy"] - means.loc["wide", "shuffled"]) < 0.005
    assert means.loc["small", "shuffled"] < means.loc["wide", "shuffled"] - 0.02
    assert means.loc["wide", "accuracy"] < means.loc["frozen", "accuracy"] < 0.955
    assert means["moved"]["wide"] < means["moved"]["small"] < means["moved"]["pooled"]


@pytest.mark.slow
@pytest.mark.parametrize("name", PLANS)
def test_a_run_agrees_with_what_is_recorded(name):
    seed = {"wide": 3, "small": 2, "pooled": 1, "frozen": 4}[name]
    recorded = TABLE[(TABLE["network"] == name) & (TABLE["seed"] == seed)].iloc[0]
    again = row(name, seed, EPOCHS)
    for share in SHARES:
        assert float(again[share]) == pytest.approx(recorded[share], abs=0.015)


def test_quick_writes_nothing(capsys, monkeypatch):
    monkeypatch.setattr(small_filters, "write", None)  # calling it would fail
    monkeypatch.setattr(small_filters, "load_mnist", few_digits)
    small_filters.main(["--quick"])
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == [*PLANS]


def few_digits():
    """The sample, 64 digits of each part."""
    from nnlib.data import Digits, load_mnist

    return [Digits(X[:, :64], y[:64]) for X, y in load_mnist()]
