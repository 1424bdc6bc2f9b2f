"""Optimizer and training loop: the arithmetic, the records, divergence, and the same bits twice."""

import hashlib
import math
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnlib.backprop import backward
from nnlib.losses import cross_entropy, one_hot, squared_error
from nnlib.metrics import accuracy
from nnlib.network import Layer, forward, init_params, predict
from nnlib.optimizers import SGD
from nnlib.training import Diverged, is_finite, minibatches, train, train_step


@pytest.fixture
def small():
    """A small network with data: (params, X, y)."""
    rng = np.random.default_rng(0)
    params = init_params([6, 5, 3], rng, dtype=np.float64)
    return params, rng.random((6, 40)), rng.integers(0, 3, 40)


def arrays(params):
    return [array for layer in params for array in layer]


def test_a_step_worked_by_hand():
    params = [Layer(np.array([[1.0, 2.0]]), np.array([[3.0]]))]
    grads = [Layer(np.array([[10.0, -10.0]]), np.array([[1.0]]))]
    ((W, b),) = SGD(lr=0.1).step(params, grads)
    np.testing.assert_allclose(W, [[0, 3]])
    np.testing.assert_allclose(b, [[2.9]])
    np.testing.assert_array_equal(params[0].W, [[1, 2]])


def test_train_step_is_forward_backward_step(small):
    params, X, y = small
    Zs, As = forward(params, X)
    grads = backward(params, Zs, As, one_hot(y, 3, np.float64))
    loss, stepped = train_step(params, X, y, SGD(0.5))
    assert loss == cross_entropy(Zs[-1], y)
    for new, old, grad in zip(stepped, params, grads, strict=True):
        np.testing.assert_array_equal(new.W, old.W - 0.5 * grad.W)
        np.testing.assert_array_equal(new.b, old.b - 0.5 * grad.b)


@given(st.integers(1, 60), st.integers(1, 20), st.integers(0, 5))
def test_minibatches_deal_every_sample_once(m, batch_size, seed):
    batches = minibatches(m, batch_size, np.random.default_rng(seed))
    assert sorted(np.concatenate(batches)) == list(range(m))
    assert [len(batch) for batch in batches[:-1]] == [batch_size] * (len(batches) - 1)
    assert 1 <= len(batches[-1]) <= batch_size


def test_minibatches_are_shuffled_anew_each_time(rng):
    first, second = (np.concatenate(minibatches(50, 10, rng)) for _ in range(2))
    assert (first != second).any() and (first != np.arange(50)).any()


def test_minibatches_ask_for_a_generator():
    with pytest.raises(ValueError, match="pass rng"):
        minibatches(50, 10, None)


def test_full_batch_is_all_in_order(small):
    params, X, y = small
    (record,) = train(params, X, y, SGD(0.5), epochs=1)
    loss, stepped = train_step(params, X, y, SGD(0.5))
    assert record.loss == loss and record.step == record.epoch == 1
    np.testing.assert_array_equal(record.params[0].W, stepped[0].W)


def test_one_record_an_epoch(small, rng):
    params, X, y = small
    records = list(train(params, X, y, SGD(0.1), epochs=3, batch_size=16, rng=rng))
    assert [(r.step, r.epoch) for r in records] == [(3, 1), (6, 2), (9, 3)]


def test_a_record_every_k_steps(small, rng):
    params, X, y = small
    records = list(train(params, X, y, SGD(0.1), epochs=3, batch_size=16, rng=rng, every=2))
    assert [(r.step, r.epoch) for r in records] == [(2, 1), (4, 2), (6, 2), (8, 3)]


def test_a_records_loss_is_the_mean_of_its_batches(small):
    params, X, y = small
    one = [r.loss for r in train(params, X, y, SGD(0.1), 1, 8, np.random.default_rng(1), every=1)]
    (all_five,) = train(params, X, y, SGD(0.1), 1, 8, np.random.default_rng(1))
    assert len(one) == 5 and all_five.loss == pytest.approx(sum(one) / 5, rel=1e-12)


def test_stopping_is_not_asking_for_more(small):
    params, X, y = small
    records = train(params, X, y, SGD(0.1), epochs=10**9)
    assert next(records).step == 1 and next(records).step == 2


def test_a_changed_learning_rate_acts_on_the_next_step(small):
    params, X, y = small
    optimizer = SGD(0.1)
    records = train(params, X, y, optimizer, epochs=3)
    before = next(records).params
    optimizer.lr = 0.0
    np.testing.assert_array_equal(next(records).params[0].W, before[0].W)


def test_arguments_stay_as_they_were(small, rng):
    params, X, y = small
    before = [array.copy() for array in [*arrays(params), X, y]]
    for _ in train(params, X, y, SGD(0.5), 3, 8, rng):
        pass
    for array, copy in zip([*arrays(params), X, y], before, strict=True):
        np.testing.assert_array_equal(array, copy)


def test_divergence_says_where_and_keeps_the_last_good_network():
    """With identity and squared error a large learning rate explodes within a few hundred steps."""
    rng = np.random.default_rng(0)
    params = init_params([6, 3], rng)
    X, y = rng.random((6, 40), dtype=np.float32), rng.integers(0, 3, 40)
    how = {"activations": ("identity",), "loss": "squared_error"}
    handed = []
    with pytest.raises(Diverged, match=r"diverged at step \d+ with learning rate 30") as caught:
        for record in train(params, X, y, SGD(30.0), 1000, **how):
            handed.append(record)
    assert caught.value.step == handed[-1].step + 1 and caught.value.lr == 30
    # the network handed out last gave the loss that is not finite; the one before is the good one
    np.testing.assert_array_equal(caught.value.params[0].W, handed[-2].params[0].W)


@pytest.mark.parametrize("lr", [30.0, 1e20])
def test_what_breaks_within_an_epoch_is_not_called_good(lr):
    """Parameters are looked at once a record; the steps between may already have broken them."""
    rng = np.random.default_rng(0)
    params = init_params([6, 3], rng)
    X, y = rng.random((6, 4000), dtype=np.float32), rng.integers(0, 3, 4000)
    how = {"activations": ("identity",), "loss": "squared_error"}
    with pytest.raises(Diverged) as caught:
        list(train(params, X, y, SGD(lr), 5, 8, rng, **how))
    good = caught.value.params
    assert is_finite(good)
    _, (_, A) = forward(good, X, ("identity",))
    assert np.isfinite(squared_error(A, one_hot(y, 3)))


def test_an_update_that_overflows_is_not_handed_out(small):
    params, X, y = small

    class Exploding:
        lr = 1.0

        def step(self, params, grads):
            return [Layer(W * np.inf, b) for W, b in params]

    with pytest.raises(Diverged) as caught, np.errstate(invalid="ignore"):
        next(train(params, X, y, Exploding(), epochs=1))
    np.testing.assert_array_equal(caught.value.params[0].W, params[0].W)


@pytest.mark.parametrize("loss", ["cross_entropy", "squared_error"])
def test_float32_stays_float32_through_training(loss):
    rng = np.random.default_rng(0)
    params = init_params([6, 5, 3], rng)
    X, y = rng.random((6, 40), dtype=np.float32), rng.integers(0, 3, 40)
    *_, last = train(params, X, y, SGD(0.1), 2, 8, rng, loss=loss)
    assert all(array.dtype == np.float32 for array in arrays(last.params))


def test_memorizes_thirty_random_samples():
    rng = np.random.default_rng(0)
    X, y = rng.random((784, 30), dtype=np.float32), rng.integers(0, 10, 30)
    *_, last = train(init_params([784, 32, 10], rng), X, y, SGD(0.1), epochs=300)
    assert accuracy(predict(last.params, X), y) == 1.0
    assert last.loss < 0.1


SAME_BITS = """
import hashlib, numpy as np
from nnlib.data import load_mnist
from nnlib.network import init_params
from nnlib.optimizers import SGD
from nnlib.system.threads import one_blas_thread
from nnlib.training import train
one_blas_thread()
digits, _ = load_mnist()
rng = np.random.default_rng(5)
*_, last = train(init_params([784, 16, 10], rng), digits.X, digits.y, SGD(0.1), 1, 32, rng)
print(hashlib.sha256(b"".join(a.tobytes() for layer in last.params for a in layer)).hexdigest())
"""


def test_same_seed_same_bits_in_two_processes():
    runs = [
        subprocess.run([sys.executable, "-c", SAME_BITS], capture_output=True, text=True)
        for _ in range(2)
    ]
    hashes = [run.stdout.strip() for run in runs]
    assert len(hashes[0]) == len(hashlib.sha256().hexdigest()), runs[0].stderr
    assert hashes[0] == hashes[1]


def test_first_loss_of_a_he_network_is_about_ln_10(rng):
    X, y = rng.random((784, 200), dtype=np.float32), rng.integers(0, 10, 200)
    record = next(train(init_params([784, 32, 10], rng), X, y, SGD(0.1), 1))
    assert abs(record.loss - math.log(10)) < 1.0


@pytest.mark.parametrize(
    ("rows", "labels"),
    {
        "one digit a row": (lambda X: X.T, lambda y: y),
        "labels as a column": (lambda X: X, lambda y: y[:, None]),
        "one-hot labels": (lambda X: X, lambda y: one_hot(y, 3)),
        "labels of other digits": (lambda X: X, lambda y: y[:-1]),
        "one digit as a vector": (lambda X: X[:, 0], lambda y: y[:1]),
        "nothing": (lambda X: X[:, :0], lambda y: y[:0]),
    }.values(),
)
@pytest.mark.parametrize("batch_size", [None, 2])
def test_labels_that_do_not_belong_to_the_columns_are_refused(small, rows, labels, batch_size):
    params, X, y = small
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match="a label for each column of X"):
        next(train(params, rows(X), labels(y), SGD(0.1), 1, batch_size, rng))


def test_images_may_come_as_a_table(small):
    params, X, y = small
    tables = (pd.DataFrame(X), X)
    (one,), (other,) = (list(train(params, given, y, SGD(0.1), 1)) for given in tables)
    assert one.loss == other.loss and isinstance(one.params[0].W, np.ndarray)


def test_labels_of_a_shuffled_table_are_taken_by_place(small):
    """A Series would be taken by its index."""
    params, X, y = small
    series = pd.Series(y, index=np.random.default_rng(1).permutation(y.size))
    how = (SGD(0.1), 2, 4)
    for labels in (series, list(y)):
        (*_, one), (*_, other) = (
            train(params, X, given, *how, np.random.default_rng(0)) for given in (labels, y)
        )
        assert one.loss == other.loss
        np.testing.assert_array_equal(one.params[0].W, other.params[0].W)


@pytest.mark.parametrize("batch_size", [0, -1])
def test_a_batch_holds_at_least_one(batch_size, rng):
    with pytest.raises(ValueError, match=f"at least 1, or None for all; got {batch_size}"):
        minibatches(10, batch_size, rng)


def test_nan_in_the_images_is_not_blamed_on_the_learning_rate(small):
    params, X, y = small
    with pytest.raises(Diverged, match=r"at step 1 .* look for NaN in X"):
        next(train(params, X * np.nan, y, SGD(0.1), 1))


def test_a_step_that_overflows_warns_of_nothing(small, recwarn):
    params, X, y = small
    loss, _ = train_step(params, X * 1e308, y, SGD(1e308))
    assert not np.isfinite(loss) and not recwarn.list
