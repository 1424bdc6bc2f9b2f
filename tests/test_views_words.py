"""Numbers in words: minus signs, percent, articles, as few signs as will do."""

import pytest

from nnlib.views.words import a, brief, counted, minus_signs, percent, power, short, written


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (written(-0.25), "−0.25"),
        (written(3, "+.0f"), "+3"),
        (written(-1e-7, ".0e"), "−1e−07"),
        *zip(map(short, [-1, 0, -0.0, 1, -0.001, 0.5, -3.333]), "−1 0 0 1 0.00 0.50 −3.33".split()),
        *zip(map(power, [4.2e-9, -1e5, 0]), ["4e−9", "−1e5", "0e0"]),
        *zip(map(percent, [0.93, 0.9951, 0.004]), ["93 %", "over 99 %", "0 %"]),
        *zip(map(a, [7, 8]), ["a 7", "an 8"]),
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
