"""The checks of lesson 11: right answers by other routes pass, and the advice names the place."""

import numpy as np
import pytest

from nnlib.activations import sigmoid_derivative
from nnlib.checks.registry import load_all, verdict

load_all()


def backward(params, Zs, As, Y, times_dW=1, times_db=1, shift=None):
    """The right gradients; all dW or db times a factor; one array, (layer, part), shifted."""
    m = Y.shape[1]
    dZ3 = (As[3] - Y) * sigmoid_derivative(Zs[2])
    dZ2 = (params[2].W.T @ dZ3) * sigmoid_derivative(Zs[1])
    dZ1 = (params[1].W.T @ dZ2) * sigmoid_derivative(Zs[0])
    pairs = [
        [times_dW * dZ @ A.T / m, times_db * dZ.sum(axis=1, keepdims=True) / m]
        for dZ, A in zip([dZ1, dZ2, dZ3], As)
    ]
    for layer, part in shift or []:
        pairs[layer - 1][part] = pairs[layer - 1][part] + 0.1
    return pairs


def in_place(params, Zs, As, Y):
    As[-1] -= Y
    return backward(params, Zs, As, np.zeros_like(Y))


def takes_from_the_lists(params, Zs, As, Y):
    grads = backward(params, Zs, As, Y)
    As.pop()
    Zs.clear()
    params.reverse()
    return tuple(tuple(pair) for pair in grads)


@pytest.mark.parametrize("answer", [backward, in_place, takes_from_the_lists])
def test_a_right_answer_may_use_up_what_it_is_given(answer):
    assert verdict("11-2", answer).startswith("✓")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (dict(times_db=7), "every db is 7 times too large: divide it by m"),
        (dict(times_dW=7), "every dW is 7 times too large: divide it by m"),
        (dict(times_dW=7, times_db=7), "everything is 7 times too large"),
        (dict(shift=[(3, 1)]), "dW3 is right, so dZ3 is too: look at the sum for db3"),
        (dict(shift=[(1, 0)]), "db1 is right, so dZ1 is too: look at what went into layer 1"),
        (dict(shift=[(2, 0), (2, 1)]), "layers after it are right, so look at dZ2 first"),
        (dict(shift=[(2, 1), (3, 1)]), "look at the sum for db3"),
    ],
)
def test_the_advice_names_what_is_wrong(changes, words):
    assert words in verdict("11-2", lambda *given: backward(*given, **changes))


def test_no_layer_comes_after_the_last():
    said = verdict("11-2", lambda *given: backward(*given, shift=[(3, 0), (3, 1)]))
    assert "; look at dZ3 first" in said and "after it" not in said


@pytest.mark.parametrize("got", [[None, None, None], [1, 2, 3], [(1, 2)], "abc", 5])
def test_another_form_is_told_the_form(got):
    assert "return a list of three pairs" in verdict("11-2", lambda *given: got)


def test_rows_turned_or_swapped_are_named():
    def right(rows, A):
        return rows.T @ A.T / len(rows), rows.mean(axis=0)[:, None]

    assert verdict("11-1", right).startswith("✓")
    assert "dW has the sign turned" in verdict("11-1", lambda *given: [-a for a in right(*given)])
    assert "in the wrong order" in verdict("11-1", lambda *given: right(*given)[::-1])
