"""The records of lesson 09: complete, repeatable, and in line with what the lesson says."""

import os

import numpy as np
import pandas as pd
import pytest

from benchmarks.makers import judging
from nnlib.data import load_mnist
from nnlib.metrics import wilson_interval

LOT_NAMES = [f"lot_{k}" for k in range(1, judging.LOTS + 1)]


@pytest.fixture(scope="module")
def seeds():
    return pd.read_csv(judging.RECORDS / "judging_seeds.csv")


@pytest.fixture(scope="module")
def pairs():
    return pd.read_csv(judging.RECORDS / "judging_pairs.csv", dtype={"lot": str})


@pytest.fixture(scope="module")
def curve():
    return pd.read_csv(judging.RECORDS / "judging_curve.csv")


def test_holds_every_run_that_the_script_makes(seeds, pairs, curve):
    assert list(seeds.columns) == ["seed", *LOT_NAMES, "others"]
    assert list(seeds["seed"]) == list(range(judging.N_SEEDS))
    assert list(pairs["lot"]) == ["validation", *map(str, range(1, 11))] * len(judging.PAIRS)
    wanted = {(which, size) for which in judging.SIZES for size in judging.SIZES[which]}
    assert set(zip(curve["set"], curve["size"])) == wanted | {("MNIST", 60_000)}
    assert len(curve) == judging.CURVE_SEEDS * (len(wanted) + 1)
    assert not curve.duplicated(["set", "size", "seed"]).any()


def test_counts_fit_together(seeds, pairs):
    assert (pairs["a_right"] - pairs["only_a"] == pairs["b_right"] - pairs["only_b"]).all()
    same = pairs[pairs["lot"] != "validation"].groupby("b")
    for _, rows in same:
        assert rows["a_right"].sum() == seeds["others"][0]
    first = pairs[pairs["lot"] == "validation"].iloc[0]
    assert first["a_right"] == seeds.loc[0, LOT_NAMES].sum()
    assert first["b_right"] == seeds.loc[1, LOT_NAMES].sum()


def test_two_seeds_agree_with_the_record(seeds):
    learn, validation = judging.sample_parts()
    assert learn.y.size == 3_000 and np.array_equal(np.bincount(validation.y), [100] * 10)
    again = judging.seeds_table(learn, validation, None, n_seeds=2)
    assert np.abs(again[LOT_NAMES] - seeds.loc[:1, LOT_NAMES]).max(axis=None) <= 2


def test_a_pair_agrees_with_the_record(pairs):
    learn, validation = judging.sample_parts()
    (again,) = judging.pair_rows(*judging.PAIRS[1], {"validation": validation}, learn)
    kept = pairs[pairs["b"] == judging.PAIRS[1][1].name].iloc[0]
    assert (again["a"], again["b"], again["lot"], again["m"]) == tuple(kept[["a", "b", "lot", "m"]])
    for name in ("a_right", "b_right", "only_a", "only_b"):
        assert abs(again[name] - kept[name]) <= 4


def test_a_point_of_the_curve_agrees_with_the_record(curve):
    learn, validation = judging.sample_parts()
    row = judging.curve_row("sample", learn, 100, validation, 0)
    kept = curve.query("set == 'sample' and size == 100 and seed == 0").iloc[0]
    assert float(row["learned"]) == kept["learned"] == 1
    assert float(row["judged"]) == pytest.approx(kept["judged"], abs=0.015)


@pytest.mark.skipif("NNLIB_DATA" not in os.environ, reason="needs the full set, in NNLIB_DATA")
def test_the_others_are_new_and_seed_0_reads_as_many(seeds):
    rest, others = judging.full_parts()
    assert others.y.size == 10_000 and rest.y.size == 45_000
    learn, _ = judging.sample_parts()
    known = {image.tobytes() for part in load_mnist() for image in part.X.T}
    assert not known & {image.tobytes() for image in others.X.T}
    right = judging.hits(judging.fit(learn, 32, 0), others).sum()
    assert abs(right - seeds["others"][0]) <= 15


def test_the_lesson_says_what_was_recorded(seeds, pairs, curve):
    lots, others = seeds[LOT_NAMES], seeds["others"] / 100
    whole = lots.sum(axis=1) / 10
    excess = [lots[k].max() / 2 - others[lots[k].idxmax()] for k in LOT_NAMES]
    excess.append(whole.max() - others[whole.idxmax()])
    assert 1.4 < min(excess) and max(excess) < 6
    assert list(others[lots["lot_1"] == 190]) == [89.33, 90.51]
    assert others[whole.idxmax()] > others.mean()
    assert whole.mean() - others.mean() > 1
    total = pairs[pairs["lot"] != "validation"].groupby("b")[["only_a", "only_b"]].sum()
    assert list(total.loc["10 units, seed 0"]) == [347, 182]
    assert list(total.loc["32 units, seed 1"]) == [234, 200]
    means = 100 * curve[curve["set"] == "full"].groupby("size")[["learned", "judged"]].mean()
    assert 4.5 < means["judged"][45_000] - means["judged"][3_000] < 5
    assert means["learned"][45_000] - means["judged"][45_000] == pytest.approx(1.4, abs=0.06)
    low, high = wilson_interval(840, 1_000)
    assert (round(100 * low), round(100 * high)) == (82, 86)


def test_quick_writes_nothing(capsys):
    before = {path: path.read_bytes() for path in judging.RECORDS.glob("judging_*.csv")}
    judging.main(["--quick"])
    assert "lot_1" in capsys.readouterr().out
    assert before == {path: path.read_bytes() for path in judging.RECORDS.glob("judging_*.csv")}


def test_the_records_are_small():
    assert all(path.stat().st_size < 10_000 for path in judging.RECORDS.glob("judging_*.csv"))
