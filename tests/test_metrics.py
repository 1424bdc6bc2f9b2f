"""Accuracy, confusion matrix, recall: by hand, and against scikit-learn."""

import numpy as np
import pytest
import sklearn.metrics

from nnlib.metrics import accuracy, confusion_matrix, recall_per_class, wilson_interval

Y = np.array([0, 0, 1, 2, 2, 2])
PREDICTED = np.array([0, 1, 1, 2, 0, 2])


def test_by_hand():
    assert accuracy(PREDICTED, Y) == 4 / 6
    np.testing.assert_array_equal(
        confusion_matrix(PREDICTED, Y, 3), [[1, 1, 0], [0, 1, 0], [1, 0, 2]]
    )
    np.testing.assert_allclose(recall_per_class(PREDICTED, Y, 3), [1 / 2, 1, 2 / 3])


def test_a_class_that_does_not_occur_has_no_recall():
    recall = recall_per_class(PREDICTED, Y, 4)
    assert np.isnan(recall[3]) and not np.isnan(recall[:3]).any()


def test_against_scikit_learn(rng):
    y, predicted = rng.integers(0, 10, 500), rng.integers(0, 10, 500)
    assert accuracy(predicted, y) == sklearn.metrics.accuracy_score(y, predicted)
    np.testing.assert_array_equal(
        confusion_matrix(predicted, y), sklearn.metrics.confusion_matrix(y, predicted)
    )
    np.testing.assert_allclose(
        recall_per_class(predicted, y), sklearn.metrics.recall_score(y, predicted, average=None)
    )


def test_wilson_by_hand():
    low, high = wilson_interval(90, 100)  # Wilson (1927), worked with z = 1.96
    assert (low, high) == pytest.approx((0.8256, 0.9448), abs=1e-4)
    assert wilson_interval(0, 20)[0] == pytest.approx(0, abs=1e-12)
    assert wilson_interval(20, 20)[1] == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize(("correct", "m"), [(0, 7), (1, 7), (7, 7), (181, 200), (9_021, 10_000)])
def test_wilson_ends_are_196_of_their_own_standard_errors_away(correct, m):
    for end in wilson_interval(correct, m):
        distance = 1.96 * np.sqrt(max(end * (1 - end), 0) / m)
        assert abs(end - correct / m) == pytest.approx(distance, abs=1e-9)


def test_wilson_holds_the_truth_about_95_times_in_100():
    correct = np.random.default_rng(0).binomial(1_000, 0.9, 20_000)
    low, high = wilson_interval(correct, 1_000)
    assert 0.94 < np.mean((low <= 0.9) & (high >= 0.9)) < 0.96


@pytest.mark.parametrize("wrong", [np.eye(3)[:, PREDICTED], PREDICTED[:, None], PREDICTED[:5]])
def test_accuracy_compares_label_with_label_only(wrong):
    for truth in (Y, wrong[:2]):
        with pytest.raises(ValueError, match=r"both must be \(m,\)"):
            accuracy(wrong, truth)


def test_accuracy_of_two_one_hot_matrices_is_refused():
    with pytest.raises(ValueError, match=r"both must be \(m,\)"):
        accuracy(np.eye(3)[:, PREDICTED], np.eye(3)[:, Y])


def test_accuracy_of_lists():
    assert accuracy([1, 2, 3], [1, 2, 0]) == 2 / 3


@pytest.mark.parametrize("bad", [[0, -1], [0, 10], [0.0, 1.0], [0, 1, 2]])
def test_labels_of_no_class_are_not_counted(bad):
    good = np.array([0, 1])
    for pair in ((np.array(bad), good), (good, np.array(bad))):
        with pytest.raises(ValueError, match=r"whole numbers from 0 to 9|mismatch"):
            confusion_matrix(*pair)
