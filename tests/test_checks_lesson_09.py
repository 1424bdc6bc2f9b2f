"""Lesson 09: answers by other routes, and other mistakes than the three."""

import math

import numpy as np
import pytest

from nnlib.checks import registry

registry.load_all()


def right_p(b, c):
    return min(1, 2 * sum(math.comb(b + c, k) for k in range(min(b, c) + 1)) / 2 ** (b + c))


def p_from_above(b, c):
    n = b + c
    return min(1, 2 * sum(math.comb(n, k) for k in range(max(b, c), n + 1)) * 0.5**n)


def p_of_a_library(b, c):
    """Like scipy.stats.binomtest(b, b + c).pvalue, which refuses no coins at all."""
    if b + c < 1:
        raise ValueError("n must be at least 1")
    return right_p(b, c)


def up_to(last, capped=True):
    def p(b, c):
        total = 2 * sum(math.comb(b + c, k) for k in range(last(b, c) + 1)) / 2 ** (b + c)
        return min(1, total) if capped else total

    return p


def floor_divided(b, c):
    return min(1, 2 * sum(math.comb(b + c, k) for k in range(min(b, c) + 1)) // 2 ** (b + c))


def ten_thousand_coins(b, c):
    return min(1, 2 * sum(math.comb(10_000, k) for k in range(min(b, c) + 1)) / 2**10_000)


@pytest.mark.parametrize("answer", [right_p, p_from_above, p_of_a_library])
def test_other_ways_to_the_p_value_are_right(answer):
    assert registry.verdict("09-2", answer).startswith("✓")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (floor_divided, "exactly 0: // cuts off"),
        (ten_thousand_coins, "or n is not b + c = 30"),
        (up_to(lambda b, c: b), "k runs up to the larger of b and c"),
        (up_to(lambda b, c: c), "k runs up to the larger of b and c"),
        (up_to(max, capped=False), "k runs up to the larger of b and c"),
        (up_to(min, capped=False), "a probability above 1"),
        (lambda b, c: 2 * math.comb(b + c, c) / 2 ** (b + c), "the chance of this very case"),
        (lambda b, c: math.comb(b + c, c) / 2 ** (b + c), "the chance of this very case"),
        (lambda b, c: 0.3, "that is another number"),
    ],
)
def test_p_values_that_go_wrong_in_other_ways(answer, words):
    assert words in registry.verdict("09-2", answer)


def recall_by_loop(predicted, y):
    shares = []
    for k in range(10):
        n_read = sum(1 for p, true in zip(predicted, y) if p == true == k)
        shares.append(n_read / sum(true == k for true in y))
    return shares


def recall_by_counts(predicted, y):
    return np.bincount(y[predicted == y], minlength=10) / np.bincount(y, minlength=10)


@pytest.mark.parametrize("answer", [recall_by_loop, recall_by_counts])
def test_other_ways_to_the_recall_are_right(answer):
    assert registry.verdict("09-1", answer).startswith("✓")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda p, y: 100 * recall_by_counts(p, y), "these are percent"),
        (lambda p, y: 1 - recall_by_counts(p, y), "the shares that were missed"),
        (lambda p, y: np.bincount(y[p == y], minlength=10), "these are counts, not shares"),
        (lambda p, y: (p == y).mean(), "should have shape (10,)"),
    ],
)
def test_recalls_that_go_wrong_in_other_ways(answer, words):
    assert words in registry.verdict("09-1", answer)
