"""What load_csv says of turned, inverted and honest digits: python -m benchmarks.looks

For each kind of the 1,000 test digits of the sample: the mean ink, the share that the network in
data/trained.npz reads right as they lie and turned or inverted the best way, and what is said of
all, of each class alone and of 40 times 28 of them, with labels and without.
"""

import numpy as np

from nnlib.data import Digits, load_mnist
from nnlib.data.augmentation import deform, shift, thicken
from nnlib.data.looks import SIDES, changed, oddities, probabilities

MILD = {"degrees": 15, "scale": 0.15, "slant": 0.2, "pixels": 1, "alpha": 1.2, "sigma": 5}
BLOCKS = np.kron(np.random.default_rng(0).random((1000, 4, 4)), np.ones((7, 7)))
ODD = {
    **{side: lambda X, side=side: changed(X, False, side) for side in list(SIDES)[1:]},
    "inverted": lambda X: 1 - X,
    "inverted, transposed": lambda X: changed(X, True, "transposed"),
    "0…16": lambda X: X * 16 / 255,
    "0…100": lambda X: X * 100 / 255,
    "moved by 4": lambda X: shift(X, 4, 4),
    "blocks": lambda X: BLOCKS.reshape(1000, 784).T,
}
HONEST = {
    "as they are": lambda X: X,
    "thick": lambda X: thicken(X, 2),
    "thin": lambda X: thicken(X, -1),
    "faint": lambda X: 0.15 * X,
    "moved by 2": lambda X: shift(X, 2, 2),
    "bent mildly": lambda X: deform(X, np.random.default_rng(0), **MILD),
    "bent, α = 3, σ = 10": lambda X: deform(X, np.random.default_rng(0), alpha=3, sigma=10),
    "bent, α = 3, σ = 2": lambda X: deform(X, np.random.default_rng(0), alpha=3, sigma=2),
}


def share(X, y):
    """The share of digits in per cent that the network reads right."""
    return 100 * (probabilities(X).argmax(axis=0) == y).mean()


def said(X, y):
    """How often something is said: of all, of 10 classes, of 40 times 28 digits."""
    order = np.random.default_rng(0).permutation(y.size)
    parts = (
        [order],
        [y == label for label in range(10)],
        [np.roll(order, 25 * i)[:28] for i in range(40)],
    )
    with_and_without = [lambda its: y[its], lambda its: None]
    return [
        sum(bool(oddities(Digits(X[:, its], labels(its)))) for its in group)
        for labels in with_and_without
        for group in parts
    ]


def main():
    """Print the table."""
    X, y = load_mnist()[1]
    print(
        "kind                            | ink | as it lies | best | said of 1, 10, 40 | unlabeled"
    )
    for name, change in {**ODD, **HONEST}.items():
        Z = (np.rint(255 * np.clip(change(X), 0, 1)) / 255).astype(np.float32)
        best = max(share(changed(Z, dark, side), y) for dark in (0, 1) for side in SIDES)
        counts = "{:2} {:3} {:3}         | {:2} {:3} {:3}".format(*said(Z, y))
        print(f"{name:31} | {255 * Z.mean():3.0f} | {share(Z, y):10.1f} | {best:4.1f} | {counts}")


if __name__ == "__main__":
    main()
