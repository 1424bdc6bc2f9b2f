"""Numbers in words: minus signs, percent, articles, as few signs as will do."""

import numpy as np
import pytest

from nnlib.views.words import (
    a_digit,
    brief,
    counted,
    figures,
    in_html,
    minus_signs,
    number,
    percent,
    power,
    precise,
    scientific,
    short,
    signed,
    written,
)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (written(-0.25), "−0.25"),
        (signed(3, ".0f"), "+3"),
        (written(-1e-7, ".0e"), "−1e−07"),
        *zip(map(short, [-1, 0, -0.0, 1, -0.001, 0.5, -3.333]), "−1 0 0 1 0.00 0.50 −3.33".split()),
        *zip(map(scientific, [4.2e-9, -1e5]), ["4e−9", "−1e5"]),
        *zip(map(power, [0, 1, 0.5, 0.0398, 4.2e-9, 9.6e-3]), "0 1 0.5 0.04 4e−9 0.01".split()),
        *zip(map(precise, [0.0, -0.0123456, 3.21e-7]), "0.000000 −0.012346 3.21e−07".split()),
        (precise(-2.5), "−2.500000"),
        *zip(map(number, [2.84e-6, -352306, np.nan, -np.inf]), "2.8e−6 −3.5e5 ? −∞".split()),
        *zip(map(number, [np.inf, 0, -1, 0.004, 0.25]), "∞ 0 −1 4.0e−3 0.25".split()),
        *zip(map(in_html, [0.0, 0.2654, 47.21, 999.7, 4321.0]), "0 0.265 47.2 1000 4321".split()),
        (in_html(4.876e6), "4.88·10<sup>6</sup>"),
        (in_html(1.5e-8), "1.50·10<sup>−8</sup>"),
        *zip(map(in_html, [np.inf, np.nan]), ["∞", "nan"]),
        *zip(map(figures, [6.84, 24, 219.6, 7911]), "6.8 24 220 7,900".split()),
        (figures(3e7), "more than a million"),
        *zip(map(percent, [0.93, 0.9951, 0.004]), ["93 %", "over 99 %", "0 %"]),
        *zip(map(a_digit, [7, 8]), ["a 7", "an 8"]),
        (counted(1, "digit"), "1 digit"),
        (counted(3000, "digit"), "3,000 digits"),
    ],
)
def test_numbers_are_written(said, words):
    assert said == words


def test_sizes_are_brief():
    numbers = [0, 1e-12, 0.00034, 0.0213, 0.5, 9.96, 99.6, 12345]
    said = ["0", "1e−12", "3e−4", "0.021", "0.5", "10", "100", "12,345"]
    assert [brief(number) for number in numbers] == said


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("from -2 to -.5, (-9.0, 2), 3e-05", "from −2 to −.5, (−9.0, 2), 3e−05"),
        ("784-32-10, ten-by-ten, 2-5, b-3, -Y", "784-32-10, ten-by-ten, 2-5, b-3, -Y"),
    ],
)
def test_numbers_in_a_text_get_minus_signs(text, written):
    assert minus_signs(text) == written
