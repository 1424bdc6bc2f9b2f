"""From scores to slopes: each link agrees with nudging, and overflow is told apart."""

import warnings

import numpy as np
import pytest

from nnlib.losses import cross_entropy
from nnlib.views.scores import chain, loss_of, naive_softmax, rival

Z = np.array([12.3, 3.1, 17.5, 4.2, 18.5, 10.3, 12.0, 18.3, 10.3, 18.4])
SURE = np.array([-3.4, -1.4, -1.4, 1.9, 9.7, 3.3, 2.8, -3.1, -0.6, 3.9])
CASES = {"our 9": (Z, 9), "a sure mistake": (SURE, 7), "equal": (np.zeros(10), 3)}


@pytest.mark.parametrize("name", CASES)
def test_the_chain_ends_in_p_minus_y(name):
    z, y = CASES[name]
    c = chain(z, y)
    assert np.allclose(c.J.sum(axis=0), 0) and np.array_equal(c.J, c.J.T)
    assert (np.delete(c.slopes, y) == 0).all() and np.isclose(c.slopes[y], -1 / c.p[y])
    assert (np.delete(c.products, y, axis=0) == 0).all()
    assert np.allclose(c.sums, c.p - c.truth, atol=1e-12)
    assert np.allclose(c.measured, c.p - c.truth, atol=1e-9)
    assert np.isclose(c.loss, cross_entropy(z[:, np.newaxis], np.array([y])))


def test_the_chain_changes_nothing_and_names_the_rival():
    z = Z.copy()
    assert rival(chain(z, 9)) == 4 and rival(chain(z, 4)) == 9
    assert np.array_equal(z, Z)


def test_a_probability_of_zero_ends_the_chain_but_not_p_minus_y():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        c = chain(np.array([0.0, 900.0, 1.0]), 0)
    assert c.slopes[0] == -np.inf and np.isnan(c.products[0]).all()
    assert (c.products[1:] == 0).all()
    np.testing.assert_allclose(c.measured, [-1, 1, 0], atol=1e-6)


def test_the_formula_itself_overflows_to_nan_in_silence():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        p = naive_softmax(np.array([0.0, 2000.0]))
    assert p[0] == 0 and np.isnan(p[1])
    np.testing.assert_allclose(naive_softmax(np.log([1.0, 3.0])), [0.25, 0.75])


def test_a_sure_answer_has_a_loss_of_0_never_minus_0():
    assert str(loss_of(np.array([0.0, 900.0]), 1)) == "0.0"
