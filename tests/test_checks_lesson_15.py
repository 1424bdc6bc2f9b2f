"""The equations of lesson 15 see mistakes; in 15-2 words are counted in every script."""

import numpy as np
import pytest

from nnlib.checks import lesson_15, registry

registry.load_all()


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("It reads digits.", 3),
        ("59,000 digits", 3),
        ("数字を読む", 3),  # the Japanese for "reads digits", five letters
        ("MNISTの数字", 3),
        ("читает отдельные цифры", 3),
        ("숫자를 읽는다", 2),
    ],
)
def test_words_are_counted_where_no_spaces_are_written_too(text, count):
    assert lesson_15.n_words(text) == count


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
