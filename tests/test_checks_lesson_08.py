"""Lesson 08: how sure one is to arrive with what the solution and the last hint say."""

import pytest

from nnlib.checks import verdict
from nnlib.network import multiply_adds
from nnlib.sweep import sweep, train_once

CHOICE = {"hidden": 28, "lr": 0.07, "batch_size": 8, "epochs": 3}  # the lesson's solution


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
    assert verdict("08-2", lambda: answer).startswith("✓")
