"""scikit-learn as reference: the same network, the same numbers."""

import warnings

import numpy as np
import pytest
from scipy.special import log_softmax
from scipy.special import softmax as scipy_softmax
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.neural_network import MLPClassifier

from nnlib.activations import softmax
from nnlib.data import load_mnist
from nnlib.losses import cross_entropy
from nnlib.metrics import accuracy
from nnlib.network import Layer, forward, init_params, predict
from nnlib.optimizers import SGD
from nnlib.training import train


def test_softmax_and_cross_entropy(rng):
    Z, y = 2 * rng.normal(size=(10, 40)), rng.integers(0, 10, 40)
    np.testing.assert_allclose(softmax(Z), scipy_softmax(Z, axis=0), rtol=1e-12)
    assert cross_entropy(Z, y) == pytest.approx(log_loss(y, softmax(Z).T, labels=range(10)))
    assert cross_entropy(Z, y) == pytest.approx(-log_softmax(Z, axis=0)[y, np.arange(40)].mean())


def begun(start, X, y, hidden):
    """A network of scikit-learn that has these start values, and full batches of plain SGD."""
    plain = dict(solver="sgd", alpha=0, learning_rate_init=0.3, momentum=0, shuffle=False)
    sizes = dict(hidden_layer_sizes=[len(W) for W, _ in start[:-1]], batch_size=len(X), max_iter=1)
    theirs = MLPClassifier(activation=hidden, random_state=0, **sizes, **plain)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says that one iteration is few
        theirs.partial_fit(X, y, classes=np.unique(y))
    theirs.coefs_ = [W.T.copy() for W, _ in start]
    theirs.intercepts_ = [b.ravel().copy() for _, b in start]
    theirs._optimizer.params = theirs.coefs_ + theirs.intercepts_
    return theirs


@pytest.mark.parametrize("hidden", ["relu", "tanh", "logistic", "identity"])
def test_the_same_network_trained_by_scikit_learn(rng, hidden):
    """Twenty full-batch steps from the same start give the same weights."""
    X, y = rng.random((60, 12)), rng.integers(0, 4, 60)
    start = init_params([12, 7, 5, 4], rng, "xavier", np.float64)
    theirs = begun(start, X, y, hidden)
    for _ in range(20):
        theirs.partial_fit(X, y)
    ours = "sigmoid" if hidden == "logistic" else hidden
    *_, last = train(start, X.T, y, SGD(0.3), 20, activations=(ours, ours, "softmax"))
    for (W, b), coefs, intercepts in zip(
        last.params, theirs.coefs_, theirs.intercepts_, strict=True
    ):
        np.testing.assert_allclose(W, coefs.T, rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(b.ravel(), intercepts, rtol=1e-9, atol=1e-12)
    probabilities = forward(last.params, X.T, (ours, ours, "softmax"))[1][-1]
    np.testing.assert_allclose(probabilities.T, theirs.predict_proba(X), rtol=1e-9)


def test_no_hidden_layer_reads_digits_as_well_as_logistic_regression():
    digits, test = load_mnist()
    X, y = digits.X[:, :1000], digits.y[:1000]
    zeros = [Layer(np.zeros((10, 784), np.float32), np.zeros((10, 1), np.float32))]
    *_, last = train(zeros, X, y, SGD(0.5), 100, activations=("softmax",))
    ours = accuracy(predict(last.params, test.X, ("softmax",)), test.y)
    theirs = LogisticRegression(C=0.05, max_iter=200).fit(X.T, y).score(test.X.T, test.y)
    assert abs(ours - theirs) < 0.03
