"""The record of the ladder is what the script makes, and says what lesson 12 says."""

import numpy as np
import pandas as pd
import pytest

from benchmarks.makers import ladder
from benchmarks.makers.ladder import ASIDE, GRID, LADDER, RATES, SEEDS, TUNING_SEEDS, Setting

MEASURED = ["first_loss", "loss_1", "validation_1", "epochs_to_90", "validation", "test"]


@pytest.fixture(scope="module")
def runs():
    return pd.read_csv(ladder.RECORD)


@pytest.fixture(scope="module")
def means(runs):
    """Mean test accuracy in percent under each setting."""
    return 100 * runs.groupby(list(Setting._fields))["test"].mean()


def test_holds_every_run_that_the_script_makes(runs):
    assert list(runs.columns) == [*Setting._fields, "lr", "seed", *MEASURED, "broke_at"]
    settings = GRID + ASIDE
    assert len(set(settings)) == 52 and set(LADDER) <= set(GRID)
    assert len(runs) == len(settings) * (len(RATES) * len(TUNING_SEEDS) + len(SEEDS))
    assert not runs.duplicated([*Setting._fields, "lr", "seed"]).any()
    assert set(runs[list(Setting._fields)].itertuples(index=False, name=None)) == set(settings)
    assert runs["test"].notna().equals(runs["seed"] < 100)  # no test digit chose a learning rate


def test_each_learning_rate_was_chosen_by_validation_alone(runs):
    for _, part in runs.groupby(list(Setting._fields)):
        tried = part[part["seed"] >= 100]
        (chosen,) = part[part["seed"] < 100]["lr"].unique()
        assert ladder.best_rate(tried.to_dict("records")) == chosen


def test_a_rate_that_broke_is_not_chosen():
    rows = [{"lr": 1, "validation": 0.9, "broke_at": 7}]
    rows += [{"lr": 0.1, "validation": 0.5, "broke_at": None}]
    assert ladder.best_rate(rows) == 0.1


@pytest.mark.parametrize("setting", [*LADDER, ASIDE[0], ASIDE[2]], ids=", ".join)
def test_a_shortened_run_agrees(runs, setting):
    kept = runs[(runs[list(Setting._fields)] == list(setting)).all(axis=1) & (runs["seed"] == 3)]
    (kept,) = kept.to_dict("records")
    row = ladder.run(setting, kept["lr"], 3, epochs=1)
    assert row["first_loss"] == pytest.approx(kept["first_loss"], rel=1e-3)
    assert row["loss_1"] == pytest.approx(kept["loss_1"], rel=0.03)
    assert row["validation_1"] == pytest.approx(kept["validation_1"], abs=0.05)
    assert (row["lr"], row["seed"]) == (kept["lr"], 3)


def test_a_run_that_breaks_is_told():
    row = ladder.run(Setting("0-255", "normal", "cross-entropy", "relu"), 10, 100, epochs=1)
    assert row["broke_at"] or row["validation"] < 0.2


def test_the_lesson_says_what_was_recorded(means):
    climbed = [means[tuple(setting)] for setting in LADDER]
    assert np.diff(climbed) == pytest.approx([46.6, 5.7, 0, 0.1, -2, 5.1], abs=0.15)
    last = LADDER[-1]
    assert means[tuple(last._replace(pixels="0-255"))] < 20
    assert means[tuple(last._replace(start="normal"))] < 20
    assert means[tuple(last._replace(activation="sigmoid"))] == pytest.approx(94.3, abs=0.1)
    one, two = (means[tuple(last._replace(hidden=h))] for h in ("100", "100-10"))
    assert one > two


def test_the_three_parts_share_no_digit():
    training, validation, test = ladder.digits("0-1")
    assert [part[1].size for part in (training, validation, test)] == [3200, 800, 1000]
    images = np.hstack([part[0] for part in (training, validation)]).T
    assert len(np.unique(images, axis=0)) >= 3999  # a twin among 4,000 real digits would be luck
    raw = ladder.digits("0-255")[0][0]
    assert raw.max() == 255 and np.allclose(raw, 255 * training[0])


def test_the_record_is_small():
    assert ladder.RECORD.stat().st_size < 150_000
