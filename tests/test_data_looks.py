"""Pictures that are no upright digits are said to be none; honest digits never are."""

import re
import warnings

import numpy as np
import pytest
from rough import nothing_lost

from nnlib.data import Digits, load_csv, load_mnist, looks
from nnlib.data.augmentation import deform, shift, thicken
from nnlib.data.looks import SIDES, changed, oddities
from nnlib.system.errors import DigitsWarning

SAMPLE = load_mnist()[1]
RNG = np.random.default_rng(0)
MILD = {"degrees": 15, "scale": 0.15, "slant": 0.2, "pixels": 1, "alpha": 1.2, "sigma": 5}


def as_bytes(X):
    """Pixels as a file of bytes brings them."""
    return (np.rint(255 * np.clip(X, 0, 1)) / 255).astype(np.float32)


def seen(X, y):
    """The one sentence about these pictures, with labels and without; "" if there is none."""
    sentences = [oddities(Digits(as_bytes(X), labels)) for labels in (y, None)]
    assert all(len(words) <= 1 for words in sentences)
    return ["".join(words) for words in sentences]


# ---- what is not upright, or no digit ----

TURNED = {
    f"{way}{', inverted' * dark}".strip(", "): (dark, way) for way in SIDES for dark in (0, 1)
}
TURNED.pop("")


@pytest.mark.parametrize("name", TURNED)
def test_turned_and_inverted_digits_are_noticed_and_the_advice_mends_them(name):
    is_inverted, side = TURNED[name]
    inverse = {"left": "right", "right": "left"}.get(side[-5:].strip(), "")
    lie = changed(SAMPLE.X, is_inverted, re.sub("(left|right)$", inverse, side))
    for words in seen(lie, SAMPLE.y):
        assert ("inverted " * is_inverted + side).strip() in words and "mean ink" in words
        before, after = re.findall(r"(\d+) %", words)
        assert float(after) > float(before) + 8
        X = as_bytes(lie)
        mended = eval(words.rpartition("take X = ")[2], {"X": X})
        np.testing.assert_allclose(mended, SAMPLE.X, atol=1e-6)


@pytest.mark.parametrize("name", TURNED)
@pytest.mark.parametrize("begin", range(0, 1000, 200))
def test_28_digits_of_one_page_are_enough_to_notice(name, begin):
    few = np.random.default_rng(1).permutation(1000)[begin : begin + 28]
    lie = changed(SAMPLE.X[:, few], *TURNED[name])
    assert " % as they lie " in seen(lie, SAMPLE.y[few])[0]


@pytest.mark.parametrize("label", [2, 3, 4, 5, 6, 7, 9])  # the others look alike, transposed
def test_a_class_alone_that_is_transposed_is_noticed(label):
    its = SAMPLE.y == label
    assert " % transposed" in seen(changed(SAMPLE.X[:, its], 0, "transposed"), SAMPLE.y[its])[0]


def test_what_is_seen_is_said_in_numbers():
    transposed, inverted = changed(SAMPLE.X, 0, "transposed"), 1 - SAMPLE.X
    assert seen(transposed, SAMPLE.y)[0] == (
        "the network in data/trained.npz reads right 15 % as they lie (mean ink 33 of 255) and "
        "99 % transposed; if you agree, take X = X.reshape(28, 28, -1).swapaxes(0, 1)"
        ".reshape(784, -1)"
    )
    assert seen(inverted, SAMPLE.y)[0].endswith(
        "15 % as they lie (mean ink 222 of 255) and 99 % inverted; if you agree, take X = 1 - X"
    )


BLOCKS = np.kron(RNG.random((1000, 4, 4)), np.ones((7, 7))).reshape(1000, 784).T
ODD = {  # pictures, labels, words
    "0…16": (SAMPLE.X * 16 / 255, SAMPLE.y, "the darkest of all pixels is 16 of 255"),
    "0…10": (SAMPLE.X * 10 / 255, SAMPLE.y, "the darkest of all pixels is 10 of 255"),
    "0…100": (SAMPLE.X * 100 / 255, SAMPLE.y, "the darkest of all pixels is 100 of 255"),
    "big blocks": (BLOCKS, SAMPLE.y, "as much ink at the border"),
    "big gray blocks": (0.5 * BLOCKS, SAMPLE.y, "as much ink at the border"),
    "noise": (RNG.random((784, 1000)), SAMPLE.y, "as much ink at the border"),
    "three inverted digits": (1 - SAMPLE.X[:, :3], SAMPLE.y[:3], "take X = 1 - X"),
    "one inverted digit": (1 - SAMPLE.X[:, :1], SAMPLE.y[:1], "take X = 1 - X"),
}


@pytest.mark.parametrize("name", ODD)
def test_what_is_no_digit_is_noticed_with_labels_and_without(name):
    X, y, words = ODD[name]
    assert all(words in sentence for sentence in seen(X, y))


CLOTHES = BLOCKS * np.pad(np.ones((16, 16)), 6).reshape(784, 1)
WRONG = {
    "labels of others": (SAMPLE.X, RNG.permutation(SAMPLE.y)),
    "labels from 1": (SAMPLE.X, (SAMPLE.y + 1) % 10),
    "patches in the middle": (CLOTHES, SAMPLE.y),
    "moved by 4": (shift(SAMPLE.X, 4, 4), SAMPLE.y),
}


@pytest.mark.parametrize("name", WRONG)
def test_with_labels_it_is_noticed_that_hardly_any_fits(name):
    assert "% right, however they are turned" in seen(*WRONG[name])[0]


def test_digits_of_another_range_that_are_turned_too_are_noticed_twice():
    X = changed(SAMPLE.X, 0, "transposed") * 16 / 255
    range_, turned = oddities(Digits(as_bytes(X), SAMPLE.y))
    assert "16 of 255" in range_ and "transposed" in turned


# ---- honest digits ----

HONEST = {
    "as they are": lambda X: X,
    **{f"thicker by {by}": lambda X, by=by: thicken(X, by) for by in (0.5, 1, 1.5, 2)},
    **{f"thinner by {by}": lambda X, by=by: thicken(X, -by) for by in (0.5, 0.7, 1)},
    **{f"faint, {by}": lambda X, by=by: by * X for by in (0.15, 0.2, 0.3, 0.5, 0.7)},
    **{
        f"moved by {by}": lambda X, by=by: shift(X, *by)
        for by in [(2, 0), (-2, 0), (0, 2), (0, -2), (2, 2), (-2, -2), (2, -2), (-2, 2)]
    },
    "bent mildly": lambda X: deform(X, np.random.default_rng(0), **MILD),
    "bent in large waves": lambda X: deform(X, np.random.default_rng(0), alpha=3, sigma=10),
    "bent in small waves": lambda X: deform(X, np.random.default_rng(0), alpha=3, sigma=2),
    "black and white": lambda X: (X > 0.5).astype(np.float32),
}
every_kind = pytest.mark.parametrize("kind", HONEST)


def assert_quiet(X, y):
    assert seen(X, y) == ["", ""]


@every_kind
def test_the_sample_and_28_of_its_digits_raise_no_alarm(kind):
    X = HONEST[kind](SAMPLE.X)
    assert_quiet(X, SAMPLE.y)
    for begin in range(0, 980, 140):
        assert_quiet(X[:, begin : begin + 28], SAMPLE.y[begin : begin + 28])
    for begin in range(0, 20):
        assert_quiet(X[:, begin : begin + 1 + begin % 4], SAMPLE.y[begin : begin + 1 + begin % 4])


@pytest.mark.slow
@every_kind
def test_a_class_alone_raises_no_alarm(kind):
    for digits in load_mnist():
        for label in range(10):
            its = digits.y == label
            assert_quiet(HONEST[kind](digits.X[:, its]), digits.y[its])


@pytest.fixture(scope="module")
def full():
    try:
        return load_mnist("full")
    except FileNotFoundError:
        pytest.skip("the full set is not here")


@pytest.mark.slow
@every_kind
def test_28_neighbors_in_the_test_file_mostly_of_one_writer_raise_no_alarm(kind, full):
    X, y = full[1]
    for begin in range(0, 9_900, 165):
        assert_quiet(HONEST[kind](X[:, begin : begin + 28]), y[begin : begin + 28])


@pytest.mark.slow
def test_the_full_set_raises_no_alarm_nor_does_any_class_of_it(full):
    for X, y in full:
        assert_quiet(X, y)
        for label in range(10):
            assert_quiet(X[:, y == label], y[y == label])


# ---- at the door ----


def written(folder, X, y):
    path = folder / "digits.csv"
    np.savetxt(path, np.column_stack([y, np.rint(255 * X.T)]), "%d", delimiter=",")
    return path


def test_load_csv_warns_each_time_in_the_line_that_calls_it(tmp_path):
    path = written(tmp_path, 1 - SAMPLE.X[:, :50], SAMPLE.y[:50])
    for _ in range(2):
        with nothing_lost(tmp_path), pytest.warns(DigitsWarning) as caught:
            X, y = load_csv(path)
        assert [w.filename for w in caught] == [__file__]
        assert str(caught[0].message).startswith("digits.csv: the network in data/trained.npz")
        assert len(str(caught[0].message)) < 300
        np.testing.assert_allclose(1 - X, SAMPLE.X[:, :50], atol=1e-6)  # read as it lies


def test_load_csv_is_quiet_about_honest_digits(tmp_path):
    path = written(tmp_path, SAMPLE.X[:, :50], SAMPLE.y[:50])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        load_csv(path)


@pytest.mark.parametrize("content", [None, b"", b"PK\x03\x04 and no more"])
def test_without_its_network_what_the_ink_tells_is_said_all_the_same(
    tmp_path, monkeypatch, content
):
    if content is not None:
        (tmp_path / "trained.npz").write_bytes(content)
    monkeypatch.setattr(looks, "TRAINED", tmp_path / "trained.npz")
    looks.trained_layers.cache_clear()
    try:
        assert_quiet(SAMPLE.X, SAMPLE.y)
        assert all("take X = 1 - X" in words for words in seen(1 - SAMPLE.X, SAMPLE.y))
    finally:
        looks.trained_layers.cache_clear()
