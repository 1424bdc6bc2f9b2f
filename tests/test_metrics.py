"""Accuracy, confusion matrix, recall: by hand, and against scikit-learn."""

import numpy as np
import sklearn.metrics

from nnlib.metrics import accuracy, confusion_matrix, recall_per_class

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
