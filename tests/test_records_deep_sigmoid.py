"""The record of the deep sigmoid network is what the script makes, and says what lesson 11 says."""

import numpy as np
import pandas as pd
import pytest

from benchmarks.makers import deep_sigmoid, reproduce
from benchmarks.makers.deep_sigmoid import EPOCHS, KEPT, RECORD, RUNS, SEEDS, Run, draw, measure

COLUMNS = [
    *("network", "pixels", "start", "lr", "bends", "set", "seed", "epoch"),
    *("loss", "test", "train"),
]
SCALED, NORMAL = "N(0, 1/n)", "N(0, 1)"


@pytest.fixture(scope="module")
def record():
    return pd.read_csv(RECORD)


def of_run(record, run, which):
    """The rows of one run."""
    keys = {"network": run.network, "pixels": run.pixels, "start": run.start, "lr": run.lr}
    keys |= {"bends": run.bends, "set": which}
    return record[np.logical_and.reduce([record[key] == value for key, value in keys.items()])]


def percent_read(record, run, which="sample"):
    """Mean test accuracy of one run after the last epoch, in percent."""
    rows = of_run(record, run, which)
    return 100 * rows[rows["epoch"] == EPOCHS]["test"].mean()


def test_holds_every_run_that_the_script_makes(record):
    assert list(record.columns) == COLUMNS
    wanted = sum(len(SEEDS[which]) * len(KEPT[which]) for run in RUNS for which in run.sets)
    assert len(record) == wanted
    for run in RUNS:
        for which in run.sets:
            rows = of_run(record, run, which)
            assert len(rows) == len(SEEDS[which]) * len(KEPT[which])
            assert set(rows["seed"]) == set(SEEDS[which])
    assert not record.duplicated(COLUMNS[:8]).any()
    assert (record["train"].notna() == (record["epoch"] == EPOCHS)).all()
    assert RECORD.stat().st_size < 150_000


@pytest.mark.parametrize("run", RUNS, ids=lambda run: "-".join(map(str, run)))
def test_a_shortened_run_agrees(record, run):
    for row in measure(run, "sample", seed=0, epochs=2):
        rows = of_run(record, run, "sample")
        (kept,) = rows[(rows["seed"] == 0) & (rows["epoch"] == row["epoch"])].to_dict("records")
        assert row["loss"] == pytest.approx(kept["loss"], rel=0.05)
        if run.pixels == "0-255":  # saturated: the last bit of a product decides which digits
            assert all(0.1 <= found["test"] < 0.4 for found in (row, kept))
        else:
            assert row["test"] == pytest.approx(kept["test"], abs=0.06)


def test_start_values():
    sizes = (784, 20, 10)
    normal, scaled = (draw(sizes, start, np.random.default_rng(0)) for start in (NORMAL, SCALED))
    for (W, b), (V, c), n in zip(normal, scaled, sizes):
        assert W.dtype == V.dtype == b.dtype == c.dtype == np.float32
        assert np.allclose(V, W / np.sqrt(n)) and b.any() and not c.any()


def test_layers_that_are_linear():
    assert Run().activations == ("sigmoid",) * 3
    assert Run(bends="not 2").activations == ("sigmoid", "identity", "sigmoid")
    assert Run(bends="last").activations == ("identity", "identity", "sigmoid")
    assert Run((784, 10)).activations == ("sigmoid",)


def test_one_hidden_layer_helps_and_a_second_does_not(record):
    for which in ("sample", "full"):
        none = percent_read(record, Run((784, 10), lr=0.5), which)
        one, two = (
            percent_read(record, Run(sizes), which) for sizes in ((784, 20, 10), (784, 20, 10, 10))
        )
        assert none > 91.5
        assert abs(one - two) < 0.6
    assert one - none > 2  # full


def test_one_linear_layer_costs_nothing_and_two_about_three_points(record):
    all_bent = percent_read(record, Run(lr=0.5))
    assert abs(percent_read(record, Run(lr=0.5, bends="not 2")) - all_bent) < 0.5
    assert 2 < all_bent - percent_read(record, Run(lr=0.05, bends="last")) < 4


def test_raw_pixels_fail_and_a_bad_start_costs_four_points_on_the_sample(record):
    raw, normal, scaled = (
        [percent_read(record, run, which) for which in ("sample", "full")]
        for run in (Run(pixels="0-255", start=NORMAL), Run(start=NORMAL), Run())
    )
    assert max(raw) < 25
    assert 3 < scaled[0] - normal[0] < 4.5
    assert abs(scaled[1] - normal[1]) < 0.5


def test_at_full_size_nielsens_network_reads_about_95_percent(record):
    rows = of_run(record, Run((784, 30, 10), start=NORMAL), "full")
    best = 100 * rows.groupby("seed")["test"].max()
    assert ((best > 94.9) & (best < 95.92)).all()  # half a point around 95.42
    assert abs(percent_read(record, Run(), "full") - 94.2) < 0.3


def test_reproduce_runs_d_alone(monkeypatch):
    called = []
    monkeypatch.setattr(deep_sigmoid, "main", called.append)
    monkeypatch.setattr(reproduce, "reproduce_abc", lambda options: called.append("ABC"))
    reproduce.main(["--only", "D", "--quick"])
    assert called == [["--quick"]]
    reproduce.main(["--only", "ABC"])
    assert called[1:] == ["ABC"]
    reproduce.main(["--sample-only"])
    assert called[2:] == [["--sample-only"], "ABC"]


def test_quick_writes_nothing(monkeypatch, capsys):
    monkeypatch.setattr(deep_sigmoid, "RUNS", RUNS[-2:-1])
    before = RECORD.read_bytes()
    deep_sigmoid.main(["--quick"])
    assert RECORD.read_bytes() == before
    assert "784-20-10-10" in capsys.readouterr().out
