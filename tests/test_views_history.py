"""What is kept of a training run, and what the network of each moment reads."""

import numpy as np
import pytest

from nnlib.losses import cross_entropy
from nnlib.metrics import confusion_matrix
from nnlib.network import forward, init_params, predict
from nnlib.optimizers import SGD
from nnlib.training import train
from nnlib.views.history import is_milestone, largest, most_debated, read_at_each, snapshots
from nnlib.views.mistakes import most_frequent_mistake


@pytest.fixture(scope="module")
def digits():
    """Forty random pictures, which a network can learn by heart."""
    rng = np.random.default_rng(5)
    return (rng.random((784, 40)) ** 6).astype(np.float32), np.arange(40) % 10


@pytest.fixture(scope="module")
def start():
    return init_params([784, 6, 10], np.random.default_rng(1))


@pytest.fixture(scope="module")
def records(digits, start):
    return list(train(start, *digits, SGD(0.1), epochs=33))


def test_milestones_are_dense_at_first():
    kept = [i for i in range(1, 501) if is_milestone(i)]
    assert kept[:16] == [*range(1, 11), 12, 14, 16, 18, 20, 25]
    assert kept[-7:] == [200, 250, 300, 350, 400, 450, 500]
    assert {10, 100, 1000, 10_000, 100_000} <= {i for i in range(1, 100_001) if is_milestone(i)}
    assert sum(is_milestone(i) for i in range(1, 100_001)) < 80


def test_snapshots_keep_milestones_the_start_and_the_last(records, start):
    history = snapshots(records, start)
    assert [r.step for r in history.kept] == [
        *range(11), 12, 14, 16, 18, 20, 25, 30, 33,
    ]  # fmt: skip
    assert history.kept[0].params is start
    assert history.kept[-1] is records[-1]
    assert history.curve.shape == (2, 33)
    assert list(history.curve[1]) == [r.loss for r in records]


def test_the_loss_of_step_0_is_that_of_the_start(records, start, digits):
    X, y = digits
    loss = snapshots(records, start).kept[0].loss
    assert loss == pytest.approx(float(cross_entropy(forward(start, X)[0][-1], y)))
    late = snapshots(records[4:], start)
    assert np.isnan(late.kept[0].loss)  # the first record tells of step 5: unknown


def test_snapshots_take_a_running_training(digits, start):
    history = snapshots(train(start, *digits, SGD(0.1), epochs=13))
    assert [r.step for r in history.kept] == [*range(1, 11), 12, 13]
    assert [r.step for r in snapshots([], start).kept] == [0]
    with pytest.raises(ValueError, match="at least one record"):
        snapshots([])


def test_readings_are_those_of_each_moments_network(records, start, digits):
    history = snapshots(records, start)
    readings = read_at_each(history, digits)
    for i in (0, 7, len(history.kept) - 1):
        params = history.kept[i].params
        assert np.array_equal(readings.predicted[i], predict(params, digits[0]))
        counts = confusion_matrix(predict(params, digits[0]), digits[1])
        assert np.array_equal(readings.counts[i], counts)
    assert np.allclose(readings.P.sum(axis=1), 1, atol=1e-5)


def test_most_debated_must_end_right():
    predicted = np.array([[1, 0, 3], [2, 0, 2], [1, 0, 3], [2, 1, 2]])
    assert most_debated(predicted, np.array([7, 1, 2])) == 2
    assert most_debated(predicted, np.array([7, 7, 7])) == 0


def test_largest_ignores_what_is_not_finite():
    assert largest([np.array([1.0, np.nan]), np.array([-3.0, np.inf])]) == 3
    assert largest([np.zeros(3)]) == 1


def test_the_most_frequent_mistake_names_truth_first():
    counts = np.diag([50, 50, 50])
    assert most_frequent_mistake(counts)[2] == 0
    counts[2, 1] = 4
    assert most_frequent_mistake(counts) == (2, 1, 4)
    assert counts[0, 0] == 50
