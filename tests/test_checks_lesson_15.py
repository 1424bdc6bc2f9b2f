"""Lesson 15: answers by other routes, other mistakes than the three, equations made wrong."""

import math

import numpy as np
import pytest
from answers.lesson_15 import card

from nnlib.checks import lesson_15, registry
from nnlib.data.preprocessing import center_of_mass
from nnlib.metrics import wilson_interval

registry.load_all()


def by_average(image):
    rows, columns = (np.arange(n) for n in image.shape)
    return [
        np.average(rows, weights=image.sum(axis=1)),
        np.average(columns, weights=image.sum(axis=0)),
    ]


def by_loop(image):
    total = [0, 0, 0]
    for (r, c), ink in np.ndenumerate(image):
        total = [total[0] + r * ink, total[1] + c * ink, total[2] + ink]
    return total[0] / total[2], total[1] / total[2]


def by_products(image):
    weights = image / image.sum()
    return np.array(
        [np.arange(len(image)) @ weights.sum(axis=1), weights.sum(axis=0) @ np.arange(len(image.T))]
    )


@pytest.mark.parametrize("answer", [by_average, by_loop, by_products, center_of_mass])
def test_other_ways_to_the_center_are_right(answer):
    assert registry.verdict("15-1", answer).startswith("✓")


def changes_the_image(image):
    image /= image.sum()
    return by_products(image)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (changes_the_image, "changes image itself"),
        (
            lambda image: (None, None),
            "return two numbers, the row and the column; got (None, None)",
        ),
        (lambda image: (np.nan, np.nan), "return two numbers"),
        (lambda image: "2, 5", "return two numbers, the row and the column; got '2, 5'"),
        (lambda image: ("2.0", "5.0"), "return two numbers"),
        (lambda image: image.sum(axis=1), "return two numbers"),
        (lambda image: [[1], [2, 3]], "return two numbers"),
        (lambda image: np.round(by_loop(image)), "do not round"),
        (lambda image: tuple(map(int, by_loop(image))), "do not round"),
        (lambda image: tuple(map(math.ceil, by_loop(image))), "do not round"),
        (lambda image: np.round(by_loop(image), 1), "do not round"),
        (lambda image: np.add(by_loop(image), 1), "counted from 0"),
        (lambda image: (image.shape[0] / 2, image.shape[1] / 2), "the middle of the picture"),
        (lambda image: np.multiply(by_loop(image), image.sum()), "divide by the sum of all ink"),
        (lambda image: np.multiply(by_loop(image), image.mean()), "not by the number of pixels"),
        (lambda image: (0.3, 0.3), "that is another point"),
        ((2.0, 5.0), "hand over center_of_mass itself"),
    ],
)
def test_centers_that_go_wrong_in_other_ways(answer, words):
    message = registry.verdict("15-1", answer)
    assert words in message and "stopped with" not in message


def rounded_card(digits):
    """A card with its numbers rounded, as one that copies them from the page."""

    def model_card(right, m):
        interval = tuple(round(end, digits) for end in wilson_interval(right, m))
        return card(right, m) | {"accuracy": round(right / m, digits), "interval": interval}

    return model_card


def wilson_by_roots(right, m):
    """The ends are where (p - share)² = z² p (1 - p) / m: a quadratic equation in p."""
    z, share = 1.959964, right / m
    ends = np.roots([1 + z**2 / m, -2 * share - z**2 / m, share**2])
    return np.sort(ends)


@pytest.mark.parametrize(
    "answer",
    [
        card,
        rounded_card(4),
        rounded_card(5),
        lambda right, m: card(right, m) | {"interval": wilson_by_roots(right, m)},
        lambda right, m: card(right, m) | {"interval": list(wilson_interval(right, m))},
        lambda right, m: card(right, m) | {"accuracy": np.float32(right / m)},
        lambda right, m: card(right, m) | {"limits": tuple(card(right, m)["limits"])},
        lambda right, m: card(right, m) | {"author": "a learner"},
    ],
)
def test_other_ways_to_a_card_are_right(answer):
    assert registry.verdict("15-2", answer).startswith("✓")


def plain(right, m, z=1.96):
    reach = z * math.sqrt(right / m * (1 - right / m) / m)
    return right / m - reach, right / m + reach


def wilson_of_two(right, m):
    """With 2 standard errors instead of 1.96."""
    p, z = right / m, 2
    middle = (p + z**2 / (2 * m)) / (1 + z**2 / m)
    reach = z / (1 + z**2 / m) * math.sqrt(p * (1 - p) / m + z**2 / (4 * m**2))
    return middle - reach, middle + reach


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("accuracy", lambda right, m: None, "accuracy is one number, a share 0…1; yours is None"),
        ("accuracy", lambda right, m: "98.67 %", "one number, a share 0…1; yours is '98.67 %'"),
        ("accuracy", lambda right, m: np.nan, "accuracy is one number"),
        ("accuracy", lambda right, m: [right / m], "accuracy is one number"),
        ("accuracy", lambda right, m: round(100 * right / m, 1), "accuracy is a share"),
        ("accuracy", lambda right, m: right, "right / m; yours is 9868"),
        ("accuracy", lambda right, m: round(right / m, 2), "9868 of 10000 is an accuracy"),
        ("interval", lambda right, m: "0.98 to 0.99", "a pair of numbers, low and high; got '0.98"),
        ("interval", lambda right, m: None, "a pair of numbers, low and high; got None"),
        ("interval", lambda right, m: ("0.98", "0.99"), "a pair of numbers"),
        ("interval", lambda right, m: (0.98, None), "a pair of numbers"),
        ("interval", lambda right, m: wilson_interval(right, m)[::-1], "the low end first"),
        (
            "interval",
            lambda right, m: tuple(100 * end for end in wilson_interval(right, m)),
            "a pair of shares, 0…1",
        ),
        ("interval", plain, "plain ± 1.96 standard errors"),
        ("interval", lambda right, m: np.round(plain(right, m), 4), "plain ± 1.96 standard errors"),
        ("interval", wilson_of_two, "the interval of 958 of 1000 is"),
        ("interval", lambda right, m: (0.5, 0.6), "the interval of 9868 of 10000 is"),
        ("data", lambda right, m: 10_000, "'data' needs a sentence"),
        ("intended use", lambda right, m: "reading digits", "'intended use' needs a sentence"),
        ("limits", lambda right, m: 3, "limits is a list of at least three"),
        ("limits", lambda right, m: None, "limits is a list of at least three"),
        ("limits", lambda right, m: "it reads letters as digits", "limits is a list"),
        ("limits", lambda right, m: ["it reads letters as digits"] * 3, "limits repeats itself"),
        ("limits", lambda right, m: ["a", "b", "c"], "tells a stranger nothing: 'a'"),
    ],
)
def test_cards_that_go_wrong_in_other_ways(name, value, words):
    message = registry.verdict("15-2", lambda right, m: card(right, m) | {name: value(right, m)})
    assert message.startswith("✗") and words in message and "stopped with" not in message


def test_a_card_instead_of_the_function_is_named():
    assert "hand over model_card itself" in registry.verdict("15-2", card(9867, 10_000))


def test_a_refused_interval_never_looks_like_the_expected_one():
    low, high = wilson_interval(9868, 10_000)
    near = card(9868, 10_000) | {"interval": (low + 7e-5, high)}
    mistake = lesson_15.wrong_numbers(near, 9868, 10_000)
    expected, yours = mistake.split(" is ")[1].split("; yours ")
    assert expected != yours


def error(id):
    return registry.equation_error(*registry.EQUATIONS[id].sides(np.random.default_rng(0)))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda lean, turn, stretch: (stretch, turn, lean),  # the order reversed
        lambda lean, turn, stretch: (lean, turn.T, stretch),  # the angle's sign
        lambda lean, turn, stretch: (lean.T, turn, stretch),  # the slant in the other corner
        lambda lean, turn, stretch: (lean, turn, -2 * stretch),
        lambda lean, turn, stretch: (lean, turn, stretch[::-1, ::-1]),  # width and height swapped
    ],
)
def test_a_wrong_affine_matrix_is_seen(monkeypatch, spoil):
    right = lesson_15.maps

    def wrong(rng):
        matrices, numbers = right(rng)
        return spoil(*matrices), numbers

    assert error("15.5") < registry.BAR
    monkeypatch.setattr(lesson_15, "maps", wrong)
    assert error("15.5") > registry.BAR


@pytest.mark.parametrize(
    ("exponent", "length"),
    [
        (lambda d, sigma: d**2 / sigma**2, lambda row: np.sqrt((row**2).sum())),
        (lambda d, sigma: d**2 / (2 * sigma**2), lambda row: row.sum()),
        (lambda d, sigma: d**2 / (2 * sigma), lambda row: np.sqrt((row**2).sum())),
    ],
)
def test_a_wrong_kernel_is_seen(monkeypatch, exponent, length):
    def wrong(n, sigma):
        d = np.arange(n)[:, None] - np.arange(n)
        return np.array([row / length(row) for row in np.exp(-exponent(d, sigma))])

    assert error("15.7") < registry.BAR
    monkeypatch.setattr(lesson_15, "kernel", wrong)
    assert error("15.7") > registry.BAR
