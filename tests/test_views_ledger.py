"""The ledger lists the arrays that a forward pass makes."""

import numpy as np
import pytest

from nnlib.data import Digits
from nnlib.network import forward, init_params
from nnlib.views.ledger import activations_of, ledger_of, name_of, network_sizes


@pytest.fixture
def digits(rng):
    return Digits(rng.random((784, 40), dtype=np.float32), np.tile([5, 0, 4, 1], 10))


def test_the_ledger_has_the_shapes_of_the_forward_pass(digits):
    sizes, m = [784, 7, 7, 10], digits.y.size
    params = init_params(sizes, np.random.default_rng(0))
    Zs, As = forward(params, digits.X, ["relu", "relu", "softmax"])
    arrays = [As[0]]
    for (W, b), Z, A in zip(params, Zs, As[1:]):
        arrays += [W, b, Z, A]
    assert [(rows, columns) for _, rows, columns, _ in ledger_of(sizes, m)] == [
        a.shape for a in arrays
    ]
    names = [name for name, *_ in ledger_of(sizes, m)]
    assert names == "X W1 b1 Z1 A1 W2 b2 Z2 A2 W3 b3 Z3 P".split()


def test_activations_need_no_state_of_numpy(digits):
    first = activations_of([784, 3, 10], digits.X[:, 0])
    np.random.default_rng().random()
    again = activations_of([784, 3, 10], digits.X[:, 0])
    assert all(np.array_equal(a, b) for a, b in zip(first, again))
    assert first[-1].sum() == pytest.approx(1, abs=1e-5)


def test_a_network_is_named_by_its_sizes():
    assert network_sizes(32, 2) == [784, 32, 32, 10]
    assert name_of([784, 32, 10]) == "784-32-10"
