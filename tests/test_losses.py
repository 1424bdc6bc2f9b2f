"""One-hot labels and the two losses: values by hand, and what must hold for any scores."""

import math
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from nnlib.activations import softmax
from nnlib.losses import cross_entropy, mean_loss, one_hot, squared_error

labels = hnp.arrays(np.int64, st.integers(1, 30), elements=st.integers(0, 9))


@given(labels)
def test_one_hot_reads_back(y):
    Y = one_hot(y)
    assert Y.shape == (10, y.size)
    np.testing.assert_array_equal(Y.sum(axis=0), 1)
    np.testing.assert_array_equal(Y.argmax(axis=0), y)


def test_one_hot_takes_the_number_of_classes_from_the_problem():
    assert one_hot(np.array([0, 0])).shape == (10, 2)
    assert one_hot(np.array([0, 0]), n_classes=3).shape == (3, 2)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_one_hot_follows_the_dtype(dtype):
    assert one_hot(np.array([1]), dtype=dtype).dtype == dtype


def test_cross_entropy_worked_by_hand():
    P = np.array([[0.8, 0.25], [0.1, 0.5], [0.1, 0.25]])
    expected = -(math.log(0.8) + math.log(0.5)) / 2
    assert cross_entropy(np.log(P), np.array([0, 1])) == pytest.approx(expected, rel=1e-12)


def test_guessing_costs_ln_10():
    assert cross_entropy(np.zeros((10, 4)), np.array([0, 3, 5, 9])) == pytest.approx(math.log(10))


def test_cross_entropy_is_exact_where_probabilities_are_not():
    assert cross_entropy(np.array([[800.0], [0], [0]]), np.array([1])) == 800
    assert cross_entropy(np.array([[800.0], [0], [0]]), np.array([0])) == 0


@pytest.mark.parametrize(
    ("limit", "dtype"), [(1e300, np.float64), (float(np.float32(1e30)), np.float32)]
)
def test_cross_entropy_is_finite_and_not_negative_for_any_scores(limit, dtype):
    width = 32 if dtype == np.float32 else 64
    scores = hnp.arrays(dtype, (10, 3), elements=st.floats(-limit, limit, width=width))

    @given(scores)
    def holds(Z):
        with np.errstate(under="ignore"):
            loss = cross_entropy(Z, np.array([0, 4, 9]))
        assert np.isfinite(loss) and loss >= 0

    holds()


@given(hnp.arrays(np.float64, (10, 6), elements=st.floats(-20, 20)), st.floats(-20, 20))
def test_cross_entropy_is_the_textbook_formula_and_ignores_a_shift(Z, shift):
    y = np.array([0, 1, 2, 3, 4, 9])
    textbook = -(one_hot(y) * np.log(softmax(Z))).sum(axis=0).mean()
    assert cross_entropy(Z, y) == pytest.approx(textbook, rel=1e-9, abs=1e-12)
    assert cross_entropy(Z + shift, y) == pytest.approx(textbook, rel=1e-9, abs=1e-12)


def test_the_mean_does_not_know_how_many_samples_there_are(rng):
    Z, y = rng.normal(size=(10, 7)), rng.integers(0, 10, 7)
    twice = np.hstack([Z, Z]), np.hstack([y, y])
    assert cross_entropy(*twice) == pytest.approx(cross_entropy(Z, y), rel=1e-12)
    A = rng.random((3, 7))
    Y = one_hot(rng.integers(0, 3, 7), 3)
    doubled = squared_error(np.hstack([A, A]), np.hstack([Y, Y]))
    assert doubled == pytest.approx(squared_error(A, Y), rel=1e-12)


def test_squared_error_worked_by_hand():
    A, Y = np.array([[1.0, 0.0], [0.5, 0.0]]), np.array([[0.0, 0.0], [1.0, 0.0]])
    assert squared_error(A, Y) == (1 + 0.25) / 2 / 2


def test_mean_loss_names_the_loss(rng):
    Z, y = rng.normal(size=(4, 5)), rng.integers(0, 4, 5)
    A = softmax(Z)
    assert mean_loss(Z, A, y) == cross_entropy(Z, y)
    assert mean_loss(Z, A, y, "squared_error") == squared_error(A, one_hot(y, 4, np.float64))


def test_float32_stays_float32(rng):
    Z = rng.normal(size=(10, 5)).astype(np.float32)
    y = rng.integers(0, 10, 5)
    assert cross_entropy(Z, y).dtype == np.float32
    assert squared_error(softmax(Z), one_hot(y)).dtype == np.float32


BAD_LABELS = {
    "beyond the last class": (np.array([0, 10]), r"from 0 to 9; got int64 \(2,\), as \[0, 10\]"),
    "negative, which NumPy counts from the end": (np.array([-1, 3]), r"as \[-1, 3\]"),
    "fractions": (np.array([1.0, 2.0]), "got float64"),
    "truth values": (np.array([True, False]), "got bool"),
    "a column": (np.array([[1], [2]]), r"got int64 \(2, 1\)"),
    "one-hot": (np.eye(10, dtype=int)[:, :2], r"got int64 \(10, 2\)"),
    "words": (np.array(["1", "2"]), "got <U1"),
}


@pytest.mark.parametrize(("y", "words"), BAD_LABELS.values(), ids=BAD_LABELS)
def test_what_is_no_label_is_refused(y, words):
    for use in (one_hot, lambda y: cross_entropy(np.zeros((10, 2)), y)):
        with pytest.raises(ValueError, match="whole numbers from 0 to 9") as caught:
            use(y)
    assert re.search(words, str(caught.value)), caught.value


def test_one_label_for_several_columns_is_refused():
    """It would be broadcast to all of them without a word."""
    with pytest.raises(ValueError, match=r"labels must be \(5,\).*got int64 \(1,\)"):
        cross_entropy(np.zeros((10, 5)), np.array([3]))


def test_labels_may_come_as_a_list_or_a_small_type():
    for y in ([1, 0], np.array([1, 0], dtype=np.uint8)):
        np.testing.assert_array_equal(one_hot(y, 3), [[0, 1], [1, 0], [0, 0]])
        assert cross_entropy(np.zeros((3, 2)), y) == pytest.approx(math.log(3))


@pytest.mark.parametrize("loss", ["cross-entropy", "Cross_entropy", "mse"])
def test_a_misspelled_loss_is_answered_with_those_there_are(loss):
    words = f"no loss '{loss}'; there are cross_entropy, squared_error"
    with pytest.raises(ValueError, match=words):
        mean_loss(np.zeros((10, 2)), np.zeros((10, 2)), np.array([1, 2]), loss)
