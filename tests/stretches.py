"""The longer numbers of docs/course.md: one function a lesson, a stretch task worked out.

Each returns the words that must stand in the task, so that a changed lesson shows.
"""

import itertools
import math

import numpy as np
import pandas as pd

from benchmarks.makers import small_filters
from nnlib import data
from nnlib.activations import sigmoid_derivative, softmax
from nnlib.backprop import sign_attack
from nnlib.calibration import fit_temperature
from nnlib.clinic.patients import Parts
from nnlib.convolution import image_step, init_filters
from nnlib.data import load_mnist
from nnlib.data.augmentation import rotate, shift
from nnlib.losses import cross_entropy, one_hot
from nnlib.metrics import accuracy
from nnlib.network import Layer, forward, init_params, predict
from nnlib.optimizers import SGD, Adam, Momentum
from nnlib.storage import load_network
from nnlib.sweep import choosing_split, train_once
from nnlib.training import minibatches, train


def shown_network():
    """The parameters and activations of the network of lesson 00."""
    params, activations, _ = load_network(data.TRAINED)
    return params, activations


def means_of(X, y):
    """The mean image of each digit in a row, and the biases of the nearest mean."""
    W = np.array([X[:, y == k].mean(axis=1, dtype=np.float64) for k in range(10)])
    return W, -(W**2).sum(axis=1, keepdims=True) / 2


def lesson_00():
    (params, activations), test = shown_network(), load_mnist()[1]
    begun = predict(params, test.X, activations)
    moved = [predict(params, shift(test.X, 0, k), activations) for k in range(1, 29)]
    smallest = 1 + (np.array(moved) != begun).argmax(axis=0)
    medians = [np.median(smallest[test.y == k]) for k in range(10)]
    others = {medians[k] for k in range(10) if k not in (1, 2)}
    assert others == {5, 6}
    return [
        f"from {medians[1]:.0f} pixels (the ones) to {medians[2]:.0f} (the twos)",
        f"lost at {smallest[32]} pixels, the median seven at {medians[7]:.0f}",
    ]


def lesson_01():
    table = pd.read_csv(data.SAMPLE)
    pixels, labels = table.drop(columns="label").to_numpy().T / 255, table["label"].to_numpy()
    W, _ = means_of(pixels, labels)
    apart = {(i, k): np.linalg.norm(W[i] - W[k]) for i, k in itertools.combinations(range(10), 2)}
    first, second, *_, last = sorted(apart, key=apart.get)
    return [
        f"{first[0]} and {first[1]} (distance {apart[first]:.2f})",
        f"{second[0]} and {second[1]} ({apart[second]:.2f})",
        f"{last[0]} and {last[1]} ({apart[last]:.2f})",
    ]


def lesson_02():
    train_set, test = load_mnist()
    read = {}
    for n in (1, 10, 100, 400):
        few = np.concatenate([np.flatnonzero(train_set.y == k)[:n] for k in range(10)])
        W, b = means_of(train_set.X[:, few], train_set.y[few])
        read[n] = 100 * accuracy((W @ test.X + b).argmax(axis=0), test.y)
    return [
        f"{read[1]:.0f} % of the test digits read with n = 1",
        *(f"{read[n]:.0f} % with {n}" for n in (10, 100)),
        f"{read[400]:.0f} % with all 400",
    ]


def lesson_03():
    t = np.array([-1, 0, 1, 2, 3])
    tent = np.maximum(t - 1, 0) + np.maximum(1 - t, 0)
    deep = sum(W.size + b.size for W, b in init_params([784, 32, 32, 10], np.random.default_rng(0)))
    return [", ".join(map(str, tent)), f"{deep:,} parameters, and h = {(deep - 10) // 795}"]


def lesson_04():
    X, y = load_mnist()[0]
    W, b = means_of(X, y)
    Z, temperatures = W @ X + b, np.arange(5, 51) / 10
    losses = [cross_entropy(Z / T, y) for T in temperatures]
    best = int(np.argmin(losses))
    return [
        f"T = {temperatures[best]:.1f}: on the training digits loss {losses[best]:.3f} instead of "
        f"{cross_entropy(Z, y):.3f}, accuracy {100 * accuracy(Z.argmax(axis=0), y):.1f} %"
    ]


def lesson_05():
    Y = np.array([0.91] + 9 * [0.01])
    return [f"{-(Y * np.log(Y)).sum():.3f}"]


def lesson_06():
    (params, activations), (X, y) = shown_network(), load_mnist()[1]
    Zs, As = forward(params, X, activations)
    dZ1 = (params[1].W.T @ (As[-1] - one_hot(y))) * (Zs[0] > 0)
    worst = np.sign(params[0].W.T @ dZ1)
    signs = np.random.default_rng(0).choice([-1, 1], X.shape).astype(np.float32)

    def read(push):
        return 100 * accuracy(predict(params, np.clip(X + push, 0, 1), activations), y)

    return [
        f"{read(0.1 * worst):.0f} % instead of {read(0 * worst):.1f} %",
        f"{read(0.1 * signs):.0f} % with random signs",
        f"At 0.05 it is {read(0.05 * worst):.0f} %",
    ]


def lesson_07():
    X, y = load_mnist()[0]
    begun = init_params([784, 10, 10], np.random.default_rng(0), start="uniform")

    def steps_needed(rate):
        return next(r.step for r in train(begun, X, y, SGD(rate), 150) if r.loss < 1)

    return ["about " + ", ".join(str(steps_needed(rate)) for rate in (0.1, 0.2, 0.3, 0.5, 1))]


def lesson_08():
    settings = dict(hidden=28, lr=0.07, batch_size=8, epochs=3)
    ends = [100 * train_once(**settings, seed=k)[-1]["validation_accuracy"] for k in range(8)]
    enough = sum(end >= 90 for end in ends)
    return [f"about {enough} of 8, from {min(ends):.1f} to {max(ends):.1f} %"]


def lesson_09():
    def p_value(b, c):
        tail = sum(math.comb(b + c, k) for k in range(min(b, c) + 1)) / 2 ** (b + c)
        return min(1, 2 * tail)

    n = next(k for k in range(1, 100) if p_value(22 * k, 18 * k) < 0.05)
    return [
        f"{n},000 (p = {p_value(22 * n, 18 * n):.3f})",
        f"with {n - 1},000 it is still {p_value(22 * n - 22, 18 * n - 18):.3f}",
    ]


def matched(first, second, X):
    """The second network, its hidden units in the order of those of the first that act alike."""
    A, B = (forward(params, X)[1][1] for params in (first, second))
    n, order = len(A), np.zeros(len(A), int)
    with np.errstate(invalid="ignore"):
        alike = np.nan_to_num(np.corrcoef(A, B)[:n, n:], nan=-1)  # a dead unit is like none
    for _ in range(n):
        i, j = np.unravel_index(alike.argmax(), alike.shape)
        order[i], alike[i], alike[:, j] = j, -2, -2
    (W1, b1), (W2, b2) = second
    return [Layer(W1[order], b1[order]), Layer(W2[:, order], b2)]


def lesson_10():
    (X, y), test = load_mnist()
    nets = []
    for seed in range(4):
        begun = init_params([784, 32, 10], np.random.default_rng(seed))
        *_, last = train(begun, X, y, SGD(0.1), 20, 32, np.random.default_rng(seed))
        nets.append(last.params)

    def read_by_average(one, two):
        mean = [Layer((W + V) / 2, (b + c) / 2) for (W, b), (V, c) in zip(one, two)]
        return 100 * accuracy(predict(mean, test.X), test.y)

    pairs = list(itertools.combinations(nets, 2))
    plain = [read_by_average(*pair) for pair in pairs]
    met = [read_by_average(one, matched(one, two, X)) for one, two in pairs]
    return [
        f"read {min(plain):.0f} to {max(plain):.0f} %",
        f"{min(met):.0f} to {max(met):.0f} % for the six pairs",
    ]


def lesson_11():
    slope = sigmoid_derivative(1.0)
    return [f"= {1 / slope:.2f}", f"{(4 * slope) ** 6:.3f} of it"]


def lesson_12():
    runs = pd.read_csv(data.record("ladder")).dropna(subset="test")
    switches = ["pixels", "start", "loss", "activation", "hidden"]
    tests = (100 * runs.groupby(switches)["test"].mean()).sort_values(ascending=False)
    common = ("0-1", "fitted", "cross-entropy", "relu")
    assert list(tests.index[:2]) == [(*common, "100"), (*common, "100-10")]
    return [f"{len(tests)} settings", f"{tests.iloc[0]:.1f} %", f"with {tests.iloc[1]:.1f}"]


def height_after(optimizer, n_steps=40):
    """The height that an optimizer reaches in the valley with κ = 100, from (-9, 2)."""
    H, place = np.diag([1.0, 100.0]), [Layer(np.array([[-9.0], [2.0]]), np.zeros((1, 1)))]
    for _ in range(n_steps):
        place = optimizer.step(place, [Layer(H @ place[0].W, np.zeros((1, 1)))])
    return float((place[0].W.T @ H @ place[0].W / 2).item())


def lesson_13():
    plain = min(height_after(SGD(rate)) for rate in np.geomspace(0.001, 0.02, 200))
    assert plain > 8 and height_after(Momentum(0.034, 0.75)) < 0.001
    return [f"{2 / 101:.4f} and (99/101)⁴⁰ = {(99 / 101) ** 40:.3f}", "above 8", "below 0.001"]


def seventeenth(dZ, A):
    """A dW that never looked at A: ill, and sent home by the solution of exercise 14-6."""
    db = dZ.sum(axis=1, keepdims=True) / dZ.shape[1]
    return dZ.sum(axis=1, keepdims=True) * np.ones((1, len(A))) / dZ.shape[1], db


def lesson_14():
    ones = np.array([[1.0, 2.0, 3.0], [0.0, -1.0, 0.0]]), np.ones((4, 3))
    pairs = zip(seventeenth(*ones), Parts().layer_gradient(*ones))
    assert all(np.allclose(ill, right) for ill, right in pairs)
    return ["`dZ.sum(axis=1, keepdims=True) * np.ones((1, len(A))) / m`"]


def lesson_15():
    (params, activations), test = shown_network(), load_mnist()[1]

    def read(X, angles):
        P = np.array(
            [forward(params, rotate(X, a) if a else X, activations)[1][-1] for a in angles]
        )
        surest = P.max(axis=1).argmax(axis=0)
        return 100 * accuracy(P.argmax(axis=1)[surest, np.arange(test.y.size)], test.y)

    five, turned = (-40, -20, 0, 20, 40), rotate(test.X, 40)
    return [
        f"{read(turned, five):.0f} instead of {read(turned, [0]):.0f}",
        f"{read(test.X, five):.0f} instead of {read(test.X, [0]):.0f}",
    ]


def lesson_16():
    z, y = np.array([[1.3], [5.1], [2.2]]), np.array([1])
    P = np.exp(z) / np.exp(z).sum()
    slopes = (P - one_hot(y, 3, float)).ravel()
    return [
        f"loss {cross_entropy(z, y):.4f}",
        ", ".join(f"{slope:.4f}".replace("-", "−") for slope in slopes),
    ]


def lesson_17():
    (X, y), test = load_mnist()
    plan = small_filters.PLANS["small"]

    def with_drawn_filters(seed, epochs=10):
        rng = np.random.default_rng(seed)
        params, optimizer = init_filters(plan, rng), Adam(0.003)
        drawn = params[0]
        for _ in range(epochs):
            for batch in minibatches(y.size, 32, rng):
                _, params = image_step(params, X[:, batch], y[batch], optimizer, plan)
                params[0] = drawn
        return 100 * small_filters.share_read(params, plan, *test)

    runs = pd.read_csv(data.record("small_filters")).groupby("network")["accuracy"].mean()
    drawn = np.mean([with_drawn_filters(seed) for seed in range(3)])
    return [
        f"about {drawn:.0f} of 100 read on average, where `small` reads {100 * runs['small']:.0f}"
    ]


def lesson_18():
    (part, validation), (X, y) = choosing_split(), load_mnist()[1]

    def trained(seed):
        rng = np.random.default_rng(seed)
        *_, last = train(init_params([784, 100, 10], rng), *part, Adam(0.001), 30, 32, rng)
        return last.params

    yours, theirs = trained(0), trained(1)
    own, handed = (sign_attack(params, X, y, 0.1) for params in (yours, theirs))
    T = fit_temperature(forward(yours, validation.X)[0][-1], validation.y)
    passes = softmax(forward(yours, own)[0][-1] / T).max(axis=0) >= 0.9
    read = [100 * accuracy(predict(yours, pictures), y) for pictures in (handed, own)]
    right = 100 * accuracy(predict(yours, own[:, passes]), y[passes])
    return [
        f"{read[0]:.0f}, where one who knows them leaves {read[1]:.0f}",
        f"{100 * passes.mean():.0f} of 100 pass, of which {right:.0f} % are read right",
    ]


SLOW = {"07", "08", "10", "17", "18"}  # they train several networks
STRETCHES = {name[-2:]: f for name, f in globals().items() if name.startswith("lesson_")}
