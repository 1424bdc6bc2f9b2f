"""The bars of scores and probabilities and the curve of the loss show what they were given."""

import numpy as np
import pytest
from pictures import texts

from nnlib.plots import plot_loss_of_probability, plot_probabilities

Z = np.array([[1.0, -2.0], [3.0, 0.5], [0.0, 2.0], [-1.0, 4.0]])
P = np.array([[0.11, 0.002], [0.83, 0.03], [0.04, 0.118], [0.02, 0.85]])


def heights(ax):
    return [bar.get_height() for bar in ax.patches]


def seen(ax):
    return [text for text in texts(ax) if text]


def test_a_column_of_panels_for_each_column_of_scores():
    scores_0, scores_1, shares_0, shares_1 = plot_probabilities(Z, P, ["calm", "wild"])
    assert heights(scores_0) == Z[:, 0].tolist() and heights(scores_1) == Z[:, 1].tolist()
    assert heights(shares_0) == P[:, 0].tolist() and heights(shares_1) == P[:, 1].tolist()
    assert [ax.get_title(loc="center") for ax in (scores_0, scores_1)] == ["calm", "wild"]
    assert scores_0.get_ylim() == scores_1.get_ylim() and shares_0.get_ylim() == shares_1.get_ylim()


def test_few_bars_all_get_their_number_many_only_the_large():
    few = plot_probabilities(Z, P)
    assert seen(few[2]) == ["0.11", "0.83", "0.04", "0.02"]
    many = plot_probabilities(np.hstack([Z, Z]), np.hstack([P, P]))
    assert seen(many[4]) == ["0.11", "0.83"]
    assert seen(many[5]) == ["0.12", "0.85"]


def test_digits_stand_on_top_with_their_labels():
    X = np.linspace(0, 1, 784 * 2).reshape(784, 2)
    axes = plot_probabilities(Z, P, X=X, y=[3, 7])
    images = [ax.images[0].get_array() for ax in axes[:2]]
    assert np.array_equal(images[0], X[:, 0].reshape(28, 28))
    assert np.array_equal(images[1], X[:, 1].reshape(28, 28))
    assert [texts(ax) for ax in axes[:2]] == [["3"], ["7"]]


def test_probabilities_can_be_heard():
    axes = plot_probabilities(Z, P, ["calm", "wild"])
    calm = "calm: 4 scores from −1.0 to 3.0 become probabilities, the largest "
    wild = "wild: 4 scores from −2.0 to 4.0 become probabilities, the largest "
    calm, wild = f"{calm}1: 0.83, 0: 0.11, 2: 0.04.", f"{wild}3: 0.85, 2: 0.12, 1: 0.03."
    assert axes[0].figure.alt_text == f"{calm} {wild}"
    nameless, _ = plot_probabilities(Z[:, :1], P[:, :1])
    assert nameless.figure.alt_text == calm.removeprefix("calm: ")


@pytest.fixture
def curve():
    p = np.array([0.1, 0.5, 1.0])
    return p, -np.log(p)


def test_the_curve_and_its_marks(curve):
    p, losses = curve
    ax = plot_loss_of_probability(p, losses, [(0.5, losses[1]), (1, losses[2])])
    line, *marks = ax.lines
    assert np.array_equal(line.get_xdata(), p) and np.array_equal(line.get_ydata(), losses)
    assert [(mark.get_xdata()[0], mark.get_ydata()[0]) for mark in marks] == [
        (0.5, losses[1]),
        (1, losses[2]),
    ]
    assert texts(ax) == ["0.5 → 0.69", "1 → 0.00"]  # -log 1 is -0.0, but is not written so


def test_the_curve_can_be_heard(curve):
    ax = plot_loss_of_probability(*curve, [(0.5, curve[1][1])])
    assert ax.figure.alt_text == (
        "A curve of the loss that falls from 2.30 at probability 0.1 to 0.00 at 1; "
        "marked are 0.5: 0.69."
    )
    assert plot_loss_of_probability(*curve).figure.alt_text.endswith("to 0.00 at 1.")
