"""The checks of lesson 14: right answers by other routes pass, hidden mistakes are named."""

import numpy as np
import pytest
from answers.lesson_14 import DZ, A

from nnlib.checks import registry
from nnlib.checks.registry import verdict
from nnlib.clinic.patients import PATIENTS, softmax_bare
from nnlib.network import Layer

registry.load_all()


def softmax_by_logarithms(Z):
    shifted = Z - Z.max(axis=0, keepdims=True)
    return np.exp(shifted - np.log(np.exp(shifted).sum(axis=0)))


def softmax_by_columns(Z):
    columns = [np.exp(z - max(z)) for z in Z.T]
    return np.array([column / sum(column) for column in columns]).T


def hidden_by_where(W, dZ, Z):
    return np.where(Z > 0, W.T @ dZ, 0)


def hidden_in_its_own_arrays(W, dZ, Z):
    dA = W.T @ dZ
    dA[Z <= 0] = 0
    return dA


def hidden_that_empties_Z(W, dZ, Z):
    right = hidden_by_where(W, dZ, Z)
    Z[:] = 0
    return right


def encode_by_comparison(y, n_classes):
    return (np.arange(n_classes)[:, None] == y).astype(float)


def encode_by_identity(y, n_classes):
    return np.eye(n_classes)[:, y]


def step_by_loop(params, grads, lr):
    new = []
    for layer, grad in zip(params, grads):
        W, b = layer.W.copy(), layer.b.copy()
        W -= lr * grad.W
        b -= lr * grad.b
        new.append(Layer(W, b))
    return new


def read_as_float32(table):
    return table[:, 1:].astype(np.float32).T / 255, table[:, 0].astype(int)


def read_in_two_lines(table):
    y, pixels = table[:, 0], table[:, 1:]
    return (pixels * (1 / 255)).T, y


def by_copies_and_shapes(layer_gradient):
    dW, db = layer_gradient(DZ, A)
    if np.shape(db) != (2, 1):
        return True
    dW2, db2 = layer_gradient(np.hstack([DZ, DZ]), np.hstack([A, A]))
    return not (np.allclose(dW, dW2) and np.allclose(db, db2))


def by_one_entry(layer_gradient):
    return abs(layer_gradient(DZ, A)[1][1, 0] + 1 / 3) > 1e-9  # a scalar stops it: found


def by_exception_of_its_own(layer_gradient):
    dW, db = layer_gradient(DZ, A)
    if db.shape != (2, 1) or abs(dW[0, 0] - 2) > 1e-9:
        raise RuntimeError("ill")
    return False


RIGHT = [
    ("04-1", softmax_by_logarithms),
    ("04-1", softmax_by_columns),
    ("14-2", hidden_by_where),
    ("14-2", hidden_in_its_own_arrays),
    ("14-2", hidden_that_empties_Z),
    ("14-3", encode_by_comparison),
    ("14-3", encode_by_identity),
    ("14-4", step_by_loop),
    ("14-5", read_as_float32),
    ("14-5", read_in_two_lines),
    ("14-6", by_copies_and_shapes),
    ("14-6", by_one_entry),
    ("14-6", by_exception_of_its_own),
]


@pytest.mark.parametrize(("id", "answer"), RIGHT, ids=lambda value: getattr(value, "__name__", ""))
def test_a_right_answer_by_another_route_passes(id, answer):
    assert verdict(id, answer).startswith(f"✓ {id} is right")


def shifted_by_one_maximum(Z):
    E = np.exp(Z - Z.max()) + 1e-12
    return E / E.sum(axis=0)


def shifted_by_the_mean(Z):
    E = np.exp(Z - Z.mean(axis=0))
    return E / E.sum(axis=0)


def shifted_in_place(Z):
    Z -= Z.max(axis=0)
    E = np.exp(Z)
    return E / E.sum(axis=0)


def ten_rows(y, n_classes):
    return np.eye(10)[:, y]


def bias_in_place(params, grads, lr):
    new = []
    for (W, b), (dW, db) in zip(params, grads):
        b -= lr * db
        new.append(Layer(W - lr * dW, b))
    return new


def gradients_in_place(params, grads, lr):
    new = []
    for (W, b), (dW, db) in zip(params, grads):
        dW *= lr
        db *= lr
        new.append(Layer(W - dW, b - db))
    return new


def refilled_list(params, grads, lr):
    params[:] = step_by_loop(params, grads, lr)
    return params


def own_maximum(table):
    return table[:, 1:].T / table[:, 1:].max(), table[:, 0]


def minus_one_to_one(table):
    return table[:, 1:].T / 127.5 - 1, table[:, 0]


def wide_only(W, dZ, Z):
    right = hidden_by_where(W, dZ, Z)
    return right if W.shape[0] == W.shape[1] else right + 1


def checks(layer_gradient):
    """The comparisons of the lesson, in the order: shape, db, dW."""
    dW, db = layer_gradient(DZ, A)
    yield np.shape(db) == (2, 1)
    yield np.allclose(db, [[2], [-1 / 3]])
    yield np.allclose(dW[0], 2)


def asserts_and_returns_nothing(layer_gradient):
    for is_right in checks(layer_gradient):
        assert is_right


def asserts_and_returns_False(layer_gradient):
    asserts_and_returns_nothing(layer_gradient)
    return False


def asserts_the_reverse(layer_gradient):
    assert not all(checks(layer_gradient))
    return True


def True_if_ill(layer_gradient):
    return None if all(checks(layer_gradient)) else True


def False_if_healthy(layer_gradient):
    return False if all(checks(layer_gradient)) else None


WRONG = [
    ("04-1", lambda Z: np.nan_to_num(softmax_bare(Z)), "what became NaN for large ones was rep"),
    ("04-1", lambda Z: softmax_bare(np.clip(Z, -50, 50)), "large ones were cut off"),
    ("04-1", shifted_by_one_maximum, "finite, but a column"),
    ("04-1", shifted_by_the_mean, "not its mean"),
    ("04-1", shifted_in_place, "your code changes Z"),
    ("14-2", wide_only, "right for equal widths, wrong for 3 units before 2"),
    ("14-3", ten_rows, "wrong for twelve: use n_classes"),
    ("14-4", bias_in_place, "a copy of a list copies no arrays"),
    ("14-4", gradients_in_place, "you change the caller's gradients"),
    ("14-4", refilled_list, "you put new layers into the caller's list"),
    ("14-5", own_maximum, "does your factor depend on X?"),
    ("14-5", minus_one_to_one, "they should lie between 0 and 1"),
    ("14-6", asserts_and_returns_nothing, "stops with assert on “scalar bias gradient”"),
    ("14-6", asserts_and_returns_False, "stops with assert on “scalar bias gradient”"),
    ("14-6", asserts_the_reverse, "stops with assert on the right function"),
    ("14-6", True_if_ill, "nothing for the right function; it should return False"),
    ("14-6", False_if_healthy, "nothing for “scalar bias gradient”; it should return True"),
    ("14-6", lambda layer_gradient: True, "calls the right function ill"),
    ("14-6", lambda layer_gradient: layer_gradient(DZ), "stopped with TypeError"),
]


@pytest.mark.filterwarnings("ignore:overflow", "ignore:invalid value")
@pytest.mark.parametrize(("id", "answer", "words"), WRONG)
def test_a_hidden_mistake_is_named(id, answer, words):
    said = verdict(id, answer)
    assert said.startswith(f"✗ {id}") and words in said, said


@pytest.mark.parametrize("id", ["14-1", "14-2", "14-3", "14-4", "14-5", "14-6"])
def test_an_empty_answer_is_not_written_yet(id):
    assert verdict(id, lambda *args: None).startswith(f"○ {id} is not written yet")


def test_the_repairs_of_the_clinic_pass_their_own_exercises():
    for id, name in (("04-1", "exp overflow"), ("14-2", "equal widths"), ("14-5", "raw pixels")):
        assert verdict(id, PATIENTS[name].cure).startswith("✓")
        assert verdict(id, PATIENTS[name].broken).startswith("✗")
