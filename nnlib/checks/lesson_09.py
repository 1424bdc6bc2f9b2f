"""Lesson 09, Judge it: its equations and exercises."""

import itertools
import math

import numpy as np

from nnlib.checks.registry import equation, exercise
from nnlib.metrics import confusion_matrix, recall_per_class, wilson_interval


def answers(rng, m=300):
    """Labels of m digits, no class as often as another, and readings that are right by half."""
    y = np.concatenate([np.arange(10), rng.choice(10, m - 10, p=np.arange(1, 11) / 55)])
    return np.where(rng.random(m) < 0.5, y, rng.integers(0, 10, m)), y


def exact_p(b, c):
    """McNemar's exact test, two-sided: how often fair coins are at least as one-sided."""
    n = b + c
    return min(1.0, 2 * sum(math.comb(n, k) for k in range(min(b, c) + 1)) / 2**n)


@equation("9.1", "result", "a confusion matrix counts each pair of true class and class read")
def counts_as_a_product(rng):
    """Counted pair by pair, against the product of two one-hot matrices."""
    predicted, y = answers(rng)
    pairs = [[((y == k) & (predicted == i)).sum() for i in range(10)] for k in range(10)]
    return pairs, confusion_matrix(predicted, y)


@equation("9.2", "definition", "recall: the share of a class that was recognized")
def recall_by_hand(rng):
    """Two zeros, one of them read; three ones, all read; four twos, three read."""
    y = np.array([0, 0, 1, 1, 1, 2, 2, 2, 2])
    predicted = np.array([0, 1, 1, 1, 1, 2, 2, 2, 0])
    return recall_per_class(predicted, y, 3), [0.5, 1, 0.75]


@equation("9.3", "result", "the standard error of an accuracy")
def standard_error_from_all_outcomes(rng):
    """The spread of k / m over all outcomes k with their binomial chances, against the formula."""
    m, p = 50, rng.uniform(0.7, 0.95)
    k = np.arange(m + 1)
    chances = [math.comb(m, i) * p**i * (1 - p) ** (m - i) for i in k]
    spread = math.sqrt(np.sum(chances * (k / m - np.sum(chances * k / m)) ** 2))
    return [spread], [math.sqrt(p * (1 - p) / m)]


@equation("9.4", "result", "Wilson's interval: where the two sides of its condition are equal")
def wilson_as_roots(rng):
    """The roots of (q - p)² = z² q (1 - q) / m, a quadratic equation in q, against the formula."""
    m, z = 200, 1.96
    correct = int(rng.integers(150, 195))
    p = correct / m
    roots = np.roots([1 + z**2 / m, -2 * p - z**2 / m, p**2])
    return np.sort(roots), wilson_interval(correct, m)


@equation("9.5", "result", "how often fair coins are at least as one-sided as b and c")
def coins_enumerated(rng):
    """Every sequence of twelve coins, counted, against the sum of binomial coefficients."""
    c = int(rng.integers(0, 5))
    b = 12 - c
    heads = [sum(coins) for coins in itertools.product((0, 1), repeat=12)]
    share = np.mean([max(k, 12 - k) >= b for k in heads])
    return [share], [exact_p(b, c)]


@exercise(
    "09-1",
    praise="Of each class, how much was read: one accuracy became ten.",
    hints=(
        "for class k look only at the digits that are a k in truth: y == k.",
        "(predicted[y == k] == k) is True where such a digit was read; its mean is a share.",
        "np.array([(predicted[y == k] == k).mean() for k in range(10)])",
    ),
)
def judge_recall(answer):
    """Recall from labels alone; other shares of the same counts are named."""
    predicted, y = answers(np.random.default_rng(3))
    counts = confusion_matrix(predicted, y)
    right = counts.diagonal()
    recall, precision = right / counts.sum(axis=1), right / counts.sum(axis=0)
    found = np.asarray(answer(predicted.copy(), y.copy()))
    if found.shape != (10,):
        return f"the result should have shape (10,), one share a class; yours has {found.shape}"
    if np.allclose(found, recall):
        return None
    k = int(np.argmax(counts.sum(axis=1)))
    case = f"class {k}: {counts[k].sum()} such digits, {right[k]} of them read, {recall[k]:.2f}"
    if np.allclose(found, precision):
        return (
            "you divide by how often a class was *read* (a column): that is precision; "
            f"divide by how often it *occurs* (a row). {case}"
        )
    if np.allclose(found, right / y.size):
        return f"you divide by all {y.size} digits; divide by those of the class. {case}"
    if np.allclose(found, right):
        return f"these are counts, not shares. {case}"
    if np.allclose(found, 100 * recall):
        return f"these are percent; a share is at most 1. {case}"
    if np.allclose(found, 1 - recall):
        return f"these are the shares that were missed; == asks for those that were read. {case}"
    if np.allclose(found, recall.astype(int)):
        return f"all your shares are whole numbers; // cuts off what is behind the point. {case}"
    return f"yours for class {k} is {found[k]:.2f}. {case}"


@exercise(
    "09-2",
    praise="Only the digits on which they disagree can tell two networks apart.",
    hints=(
        "n = b + c digits decide. If the networks are equally good, each falls to either side "
        "like a fair coin.",
        "the chance of exactly k heads among n coins is math.comb(n, k) / 2**n; add those that are "
        "as one-sided as what was found, or more: k = 0, 1, … up to the smaller of b and c.",
        "twice that sum, for the other network could have been ahead just as well; and never "
        "more than 1: min(1, 2 * …).",
    ),
)
def judge_p_value(answer):
    """The exact two-sided test on several pairs of counts; the usual variants are named."""
    for b, c in [(20, 10), (4, 0), (9, 16), (6, 6)]:
        n, found = b + c, float(answer(b, c))
        tail = sum(math.comb(n, k) for k in range(min(b, c) + 1)) / 2**n
        if math.isclose(found, min(1, 2 * tail), rel_tol=1e-6):
            continue
        case = f"b = {b}, c = {c}: {min(1, 2 * tail):.4f}, yours {found:.4f}"
        if math.isclose(found, 2 * tail, rel_tol=1e-6):
            return (
                f"a probability above 1: at b = c both halves share a case; take min(1, …). {case}"
            )
        return f"{what_went_wrong(b, c, found, tail)} ({case})"
    return None


def what_went_wrong(b, c, found, tail):
    """Name the usual mistake behind a p-value, given the right one-sided sum."""
    n, fewer = b + c, min(b, c)
    last = math.comb(n, fewer) / 2**n
    normal = [math.erfc(max(abs(b - c) - d, 0) / math.sqrt(2 * n)) for d in (0, 1)]
    too_far = 2 * sum(math.comb(n, k) for k in range(max(b, c) + 1)) / 2**n
    if math.isclose(found, tail, rel_tol=1e-6):
        return "that is one side only; nobody knew beforehand who would be ahead: double it"
    if math.isclose(found, 2 * (tail - last), rel_tol=1e-6, abs_tol=1e-12):
        return (
            "the case that was found is missing: k goes from 0 to the smaller of b and c, with it "
            "(range ends one before its end)"
        )
    if any(math.isclose(found, p, rel_tol=1e-6) for p in (last, 2 * last)):
        return (
            "that is the chance of this very case; the more one-sided ones count too: add them up"
        )
    if any(math.isclose(found, p, rel_tol=1e-6) for p in (too_far, min(1, too_far))):
        return "that comes out if k runs up to the larger of b and c; it stops at min(b, c)"
    if any(math.isclose(found, p, rel_tol=1e-3) for p in normal):
        return "that is the bell curve's approximation; count the coins exactly, with math.comb"
    if found == 0:
        return f"exactly 0: // cuts off what is behind the point (use /), or n is not b + c = {n}"
    if found < 1e-6:
        return (
            f"far too small: only the b + c = {n} digits on which they disagree are coins, "
            "not all the digits of the test"
        )
    return "that is another number"
