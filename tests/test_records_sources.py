"""The record of the published networks is what the script makes, and says what lesson 07 says."""

import numpy as np
import pandas as pd
import pytest

from benchmarks.makers import reproduce
from benchmarks.published import correct_step, scalar_bias_step, whole_matrix_step
from nnlib.checks.lesson_07 import AFTER_TEN
from nnlib.data import load_mnist
from nnlib.losses import cross_entropy
from nnlib.metrics import accuracy
from nnlib.network import forward, init_params
from nnlib.optimizers import SGD
from nnlib.training import train

COLUMNS = [
    *("source", "variant", "set", "m", "hidden", "start", "lr", "seed", "steps", "broke_at"),
    *("train_accuracy", "test_accuracy", "loss"),
    *(f"loss_{k}" for k in reproduce.EARLY),
]


@pytest.fixture(scope="module")
def sources():
    return pd.read_csv(reproduce.RECORDS / "sources.csv")


@pytest.fixture(scope="module")
def rates():
    return pd.read_csv(reproduce.RECORDS / "learning_rates.csv")


def mean(sources, source, variant, which="sample", steps=500, column="test_accuracy"):
    """Mean in percent of one kind of run; A as published only with learning rate 0.1."""
    rows = sources.query(
        "source == @source and variant == @variant and set == @which and steps == @steps "
        "and lr == 0.1"
    )
    assert len(rows) >= 1
    return 100 * rows[column].mean()


def test_holds_every_run_that_the_script_makes(sources, rates):
    assert list(sources.columns) == COLUMNS
    wanted = {
        "sample": sum(run.seeds_sample * len(run.steps) for run in reproduce.RUNS),
        "full": sum(run.seeds_full * len(run.steps) for run in reproduce.RUNS),
    }
    assert sources["set"].value_counts().to_dict() == wanted
    assert not sources.duplicated(["source", "variant", "set", "lr", "seed", "steps"]).any()
    assert set(sources.query("set == 'full'")["m"]) == {41_000, 42_000, 60_000}
    assert list(rates.columns) == ["lr", "seed", "steps", "best_accuracy"]
    assert len(rates) == 3 * len(reproduce.RATES)
    assert set(rates["lr"]) == set(reproduce.RATES)


@pytest.mark.parametrize("run", reproduce.RUNS, ids=lambda run: f"{run.source}-{run.variant}")
def test_a_shortened_run_agrees(sources, run):
    (row,) = reproduce.measure(run._replace(steps=(20,)), "sample", seed=0)
    kept = sources.query(
        "source == @run.source and variant == @run.variant and set == 'sample' and seed == 0 "
        "and lr == @run.lr"
    ).iloc[0]
    for k in reproduce.EARLY:
        assert np.isclose(row[f"loss_{k}"], kept[f"loss_{k}"], rtol=1e-2, equal_nan=True), k


def test_a_fast_learning_rate_agrees(rates):
    kept = rates.query("lr == 1 and seed == 0")["steps"].item()
    assert abs(reproduce.steps_to_80(1, 0)["steps"] - kept) <= 3


def test_softmax_over_the_whole_matrix_breaks_and_answers_zero(sources):
    broken = sources.query("source == 'A' and variant == 'published' and lr == 0.1")
    assert (broken["broke_at"] <= 3).all()
    sample = broken.query("set == 'sample'")
    assert (sample[["train_accuracy", "test_accuracy"]] == 0.1).all(axis=None)
    assert broken["loss"].isna().all()


@pytest.mark.parametrize("which", ["sample", "full"])
def test_the_wrong_bias_gradient_goes_unnoticed(sources, which):
    gap = mean(sources, "C", "published", which) - mean(sources, "C", "mended", which)
    assert abs(gap) < 2


def test_c_reaches_on_the_sample_what_it_reports(sources):
    assert abs(mean(sources, "C", "published", column="train_accuracy") - 85) < 2
    assert abs(mean(sources, "C", "published") - 84) < 2


def test_c_and_b_reach_at_their_own_size_what_they_report(sources):
    assert abs(mean(sources, "C", "published", "full", column="train_accuracy") - 85) < 1
    assert abs(mean(sources, "C", "published", "full") - 84) < 1
    for column in ("train_accuracy", "test_accuracy"):
        assert abs(mean(sources, "B", "mended", "full", 2000, column) - 90) < 1


def test_start_values_cost_more_than_the_mistake_and_no_hidden_layer_reaches_as_much(sources):
    assert mean(sources, "C", "mended, He") - mean(sources, "C", "mended") > 3
    assert abs(mean(sources, "none", "no hidden layer") - mean(sources, "C", "mended, He")) < 2
    assert mean(sources, "none", "no hidden layer") - mean(sources, "C", "mended") > 3


def test_b_needs_more_steps_than_c_and_on_the_sample_known_digits(sources):
    at_500, at_2000 = mean(sources, "B", "mended"), mean(sources, "B", "mended", steps=2000)
    assert at_500 < 87 and at_2000 < 90
    assert mean(sources, "B", "mended", steps=2000, column="train_accuracy") > 90
    same = sources.query("set == 'sample' and steps == 500 and lr == 0.1")
    b, c = (same.query("source == @s and variant == 'mended'")["loss"] for s in "BC")
    assert np.array_equal(b, c)


def test_the_rule_of_the_learning_rate_holds_where_steps_are_small(rates):
    needed = rates.groupby("lr")["steps"].mean()
    assert abs(needed[0.001] / needed[0.01] - 10) < 0.3
    assert abs(needed[0.01] / needed[0.1] - 10) < 0.5
    assert needed[0.1] / needed[1] < 8
    assert rates.query("lr == 3")["steps"].isna().all()


def test_scalar_bias_step_is_wrong_in_the_biases_alone(rng):
    params = init_params([6, 5, 4], rng, "uniform", np.float64)
    X, y = rng.random((6, 7)), rng.integers(0, 4, 7)
    loss, wrong = scalar_bias_step(params, X, y, 0.3)
    loss_right, right = correct_step(params, X, y, 0.3)
    assert np.isclose(loss, loss_right)
    for old, layer, other in zip(params, wrong, right, strict=True):
        assert np.allclose(layer.W, other.W)
        assert not np.allclose(layer.b, other.b)
        assert np.ptp(layer.b - old.b) < 1e-12  # one number for all
    assert np.allclose(wrong[1].b, params[1].b)  # the columns of P and Y both sum to 1


def test_whole_matrix_step_is_right_for_a_single_sample_only(rng):
    params = init_params([6, 5, 4], rng, "uniform", np.float64)
    X, y = rng.random((6, 7)), rng.integers(0, 4, 7)
    for m, same in [(1, True), (7, False)]:
        _, wrong = whole_matrix_step(params, X[:, :m], y[:m], 0.3)
        _, right = correct_step(params, X[:, :m], y[:m], 0.3)
        assert np.allclose(wrong[0].W, right[0].W) == same


def test_learning_rate_10_ends_as_exercise_07_2_says():
    (X, y), _ = load_mnist()
    start = init_params([784, 10, 10], np.random.default_rng(0), "uniform")
    *_, record = train(start, X, y, SGD(10), epochs=100)
    Zs, As = forward(record.params, X)
    units = (As[1].max(axis=1) > 0).sum()
    found = units, cross_entropy(Zs[-1], y), accuracy(As[-1].argmax(axis=0), y)
    assert np.allclose(found, AFTER_TEN, atol=1e-3)
