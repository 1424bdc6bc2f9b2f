"""Wrong answers to the exercises of lesson 09: (name, answer, a fragment of the message)."""

import math

import numpy as np


def precision(predicted, y):
    return np.array([(y[predicted == k] == k).mean() for k in range(10)])


def share_of_all(predicted, y):
    return np.array([((predicted == k) & (y == k)).mean() for k in range(10)])


def whole_numbers(predicted, y):
    return np.array([np.sum((predicted == k) & (y == k)) // np.sum(y == k) for k in range(10)])


def one_sided(b, c):
    n = b + c
    return sum(math.comb(n, k) for k in range(min(b, c) + 1)) / 2**n


def without_what_was_found(b, c):
    n = b + c
    return min(1, 2 * sum(math.comb(n, k) for k in range(min(b, c))) / 2**n)


def all_digits_are_coins(b, c, m=1000):
    return min(1, 2 * sum(math.comb(m, k) for k in range(min(b, c) + 1)) / 2**m)


WRONG_ANSWERS = {
    "09-1": [
        ("rows and columns swapped", precision, "that is precision"),
        ("divided by all digits", share_of_all, "you divide by all 300 digits"),
        ("floor division", whole_numbers, "whole numbers"),
    ],
    "09-2": [
        ("one-sided", one_sided, "one side only"),
        ("range ends too early", without_what_was_found, "the case that was found is missing"),
        ("all digits of the test", all_digits_are_coins, "far too small"),
    ],
}
