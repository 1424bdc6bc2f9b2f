"""Lesson 08: answers by other routes, other mistakes, and what its equation stands for."""

import numpy as np
import pytest

from nnlib.checks import registry
from nnlib.checks.lesson_08 import cost
from nnlib.network import multiply_adds
from nnlib.sweep import grid, sweep, train_once

registry.load_all()
CHOICE = {"hidden": 28, "lr": 0.07, "batch_size": 8, "epochs": 3}  # the lesson's solution


def uniform_start(n_out, A, rng):
    reach = np.sqrt(3 / (A**2).sum(axis=0).mean())
    return rng.uniform(-reach, reach, (n_out, len(A)))


def start_by_trial(n_out, A, rng):
    W = rng.normal(size=(n_out, len(A)))
    return W / np.sqrt(((W @ A) ** 2).mean())


def start_from_nowhere(n_out, A, rng):
    return uniform_start(n_out, A, np.random.default_rng())


def start_always_the_same(n_out, A, rng):
    return uniform_start(n_out, A, np.random.default_rng(0))


def he_for_these_inputs(n_out, A, rng):
    return rng.normal(0, np.sqrt(2 / (A**2).sum(axis=0).mean()), (n_out, len(A)))


@pytest.mark.parametrize("answer", [uniform_start, start_by_trial])
def test_other_starts_with_the_right_mean_square_are_right(answer):
    assert registry.verdict("08-1", answer).startswith("✓")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (start_from_nowhere, "the same rng gives other weights each time"),
        (start_always_the_same, "another rng gives the same weights"),
        (he_for_these_inputs, "the 2 is for what ReLU removes"),
    ],
)
def test_starts_that_go_wrong_in_other_ways(answer, words):
    assert words in registry.verdict("08-1", answer)


def test_the_equation_of_the_cost_is_the_function_of_the_lesson():
    for run in grid(hidden=[1, 28], epochs=[1, 7], batch_size=[1, 9, None], m=[10, 3200]):
        assert cost(**run) == multiply_adds(**run)


def test_rows_without_settings_get_no_price():
    message = registry.verdict("08-2", lambda: train_once(**CHOICE))
    assert "hold no settings, so no price" in message and "million" not in message


def test_the_solution_is_good_with_most_seeds_and_on_the_budget():
    rows = sweep(train_once, [CHOICE | {"seed": seed} for seed in range(8)], progress=False)
    shares = [100 * row["validation_accuracy"] for row in rows if row["epoch"] == 3]
    assert sum(share >= 90 for share in shares) >= 6 and 88 < min(shares) and max(shares) < 93
    assert round(multiply_adds(28, 3, 8) / 1e6) == 456


@pytest.mark.parametrize("hidden", [24, 30])
def test_the_last_hint_leads_to_an_affordable_run(hidden):
    assert multiply_adds(hidden, 3, 8) <= 500e6
    choice = {"hidden": hidden, "lr": 0.1, "batch_size": 8, "epochs": 3}
    answer = sweep(train_once, [choice], progress=False)
    assert registry.verdict("08-2", lambda: answer).startswith("✓")
