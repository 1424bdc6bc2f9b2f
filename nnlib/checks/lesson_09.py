"""Lesson 09, Judge it: its equations and exercises."""

import itertools
import math

import numpy as np

from nnlib.checks.engine import Task
from nnlib.checks.registry import equation, exercise
from nnlib.metrics import accuracy, confusion_matrix, recall_per_class, wilson_interval


def answers(rng, m=300):
    """Labels of m digits, classes of unlike size, and readings of which a good half is right."""
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


def readings():
    """Labels of 300 digits and how they are read; then of 220, class 1 always right, 4 never."""
    predicted, y = answers(np.random.default_rng(4), 220)
    predicted[y == 1] = 1
    predicted[y == 4] = np.resize([3, 5], (y == 4).sum())  # whose mean is 4
    return [answers(np.random.default_rng(3)), (predicted, y)]


ALMOST = "nearly: if yours are rounded, keep four digits behind the point"


def is_nearly(got, want):
    """Whether numbers are off by no more than two digits behind the point tell."""
    return np.abs(got - want).max() <= 0.005


exercise(
    "09-1",
    "my_recall(predicted, y)",
    Task(
        right=recall_per_class,
        cases=readings,
        names=("the result",),
        gives="ten shares, one a class",
        rounding=5e-5,
        slips={
            "you divide by how often a class was *read* (a column): that is precision; divide by "
            "how often it *occurs* (a row)": lambda p, y: recall_per_class(y, p),
            "you divide by the number of all digits; divide by those of the class": (
                lambda p, y: confusion_matrix(p, y).diagonal() / y.size
            ),
            "these are counts, not shares": lambda p, y: confusion_matrix(p, y).diagonal(),
            "these are percent; a share is at most 1": lambda p, y: 100 * recall_per_class(p, y),
            "these are the shares that were missed; == asks for those that were read": (
                lambda p, y: 1 - recall_per_class(p, y)
            ),
            "all your shares are whole numbers; // cuts off what is behind the point": (
                lambda p, y: recall_per_class(p, y) // 1
            ),
            "you compare the mean of what was read with k; compare each of them, then take the "
            "mean": lambda p, y: np.array([p[y == k].mean() == k for k in range(10)]),
            "this is the accuracy, one share for all; ten are asked for, one a class": accuracy,
            "the classes are counted from 0: range(10)": (
                lambda p, y: np.append(recall_per_class(p, y)[1:], np.nan)
            ),
        },
        symptoms={ALMOST: (is_nearly, lambda p, y: recall_per_class(p, y).round(2))},
    ),
    praise="Of each class, how much was read: one accuracy became ten.",
    hints=(
        "for class k look only at the digits that are a k in truth: y == k.",
        "predicted[y == k] is what these digits were read as; compare it with k.",
        "(predicted[y == k] == k) is True where such a digit was read; its mean is a share. Ten of "
        "them make an array: np.array([… for k in range(10)]).",
    ),
)


def coins(b, c, last=min, sides=2, most=1, first=0, n=None):
    """McNemar's p as a sum over k = first … last(b, c) of n coins, or what slips make of it."""
    n = n or b + c
    return min(most, sides * sum(math.comb(n, k) for k in range(first, last(b, c) + 1)) / 2**n)


def but(**slip):
    """The p-value with something else in it."""
    return lambda b, c: coins(b, c, **slip)


def fewer_than_found(b, c):
    """The largest number of heads that is more one-sided than what was found."""
    return min(b, c) - 1


def bell(correction):
    """The normal approximation, with and without the correction for whole numbers."""
    return lambda b, c: math.erfc(max(abs(b - c) - correction, 0) / math.sqrt(2 * (b + c)))


exercise(
    "09-2",
    "p_value(b, c)",
    Task(
        right=exact_p,
        cases=lambda: [(20, 10), (4, 0), (9, 16), (6, 6), (1, 9), (7, 5)],
        names=("p",),
        rounding=5e-5,
        slips={
            "a probability above 1: at b = c both halves share a case; take min(1, …)": (
                but(most=math.inf)
            ),
            "that is one side only; nobody knew beforehand who would be ahead: double it": (
                but(sides=1)
            ),
            "the case that was found is missing: k goes from 0 to the smaller of b and c, with it "
            "(range ends one before its end)": (
                but(last=fewer_than_found),
                but(last=fewer_than_found, sides=1),
            ),
            "k = 0 counts, too: it is the most one-sided of all": (
                but(first=1),
                but(first=1, sides=1),
            ),
            "that is the chance of this very case; the more one-sided ones count too: add them "
            "up": tuple(
                lambda b, c, s=sides, most=most: min(most, s * math.comb(b + c, c) / 2 ** (b + c))
                for sides, most in ((1, 1), (2, 1), (2, math.inf))
            ),
            "k runs up to the larger of b and c; it stops at min(b, c)": tuple(
                but(last=last, sides=sides, most=most)
                for last in (max, lambda b, c: b, lambda b, c: c)
                for sides, most in ((2, math.inf), (2, 1), (1, 1))
                if (last, sides, most) != (max, 2, 1)
            ),
            "you get 1 each time: does k stop at min(b, c), and is the sum divided by 2**n?": (
                lambda b, c: 1
            ),
            "max(1, …) gives 1 at least; p is 1 at most: min(1, …)": (
                lambda b, c: max(1, coins(b, c, most=math.inf))
            ),
            "that is the bell curve's approximation; count the coins exactly, with math.comb": (
                bell(0),
                bell(1),
            ),
            "far too small: are all digits of the test your coins? Only the b + c on which they "
            "disagree are; or does // cut off what is behind the point?": (
                but(n=1000),
                but(n=10_000),
                lambda b, c: 0,
            ),
            "// cuts off what is behind the point; / keeps it": (
                lambda b, c: coins(b, c, most=math.inf) // 1
            ),
            "you answer whether p is below 0.05; p itself is asked for": (
                lambda b, c: exact_p(b, c) < 0.05
            ),
            "2 ^ n is no power in Python; that is 2**n": (
                lambda b, c: min(1, coins(b, c, most=math.inf) * 2 ** (b + c) / (2 ^ (b + c)))
            ),
        },
        symptoms={ALMOST: (is_nearly, lambda b, c: round(exact_p(b, c), 2))},
    ),
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
