"""Small filters against all pixels at once, on the sample, five seeds each.  Lesson 17.

    python -m benchmarks.makers.small_filters            about 3 minutes; writes the record
    python -m benchmarks.makers.small_filters --quick    one seed, one epoch, nothing written

`frozen` is `small` with its first layer left as it was drawn. Adam 0.003, 10 epochs, mini-batches
of 32, float32, one BLAS thread, all 4,000 training digits. A seed draws the start values and deals
the batches. A row of data/records/small_filters.csv is one network: the shares of the 1,000 test
digits that it read as they are (`accuracy`) and 2 pixels further down (`moved`); `shuffled` is the
accuracy of one of the same kind that learned, and was tested, with the 784 pixels shuffled.
"""

import numpy as np

from benchmarks.makers.frame import read_options, write
from nnlib.convolution import Convolution, forward_images, image_step, init_filters
from nnlib.data import Digits, load_mnist
from nnlib.data.augmentation import shift
from nnlib.optimizers import Adam
from nnlib.training import minibatches

ORDER = np.random.default_rng(1).permutation(784)
PLANS = {
    "wide": [Convolution(100, 28), Convolution(10, 1)],
    "small": [Convolution(8, 5, stride=2), Convolution(16, 5, stride=2), Convolution(10, 4)],
    "pooled": [Convolution(8, 5, pool=2), Convolution(16, 5, pool=2), Convolution(10, 4)],
}
PLANS["frozen"] = PLANS["small"]
EPOCHS = 10
SEEDS = range(5)


def trained(plan, digits, seed, epochs, n_frozen=0):
    """Train a network of filters; its first layers may be left as they were drawn."""
    rng = np.random.default_rng(seed)
    params, optimizer = init_filters(plan, rng), Adam(0.003)
    drawn = params[:n_frozen]
    for _ in range(epochs):
        for batch in minibatches(digits.y.size, 32, rng):
            _, params = image_step(params, digits.X[:, batch], digits.y[batch], optimizer, plan)
            params = [*drawn, *params[n_frozen:]]
    return params


def share_read(params, plan, X, y):
    """The share of digits that are read right."""
    return float((forward_images(params, X, plan)[0].argmax(axis=0) == y).mean())


def row(name, seed, epochs):
    """Train one network, and its twin on shuffled pixels: a row of the record."""
    plan, (train, (X, y)) = PLANS[name], load_mnist()
    how = seed, epochs, int(name == "frozen")
    params = trained(plan, train, *how)
    twin = trained(plan, Digits(train.X[ORDER], train.y), *how)
    shares = {
        "accuracy": share_read(params, plan, X, y),
        "moved": share_read(params, plan, shift(X, 2, 0), y),
        "shuffled": share_read(twin, plan, X[ORDER], y),
    }
    return {"network": name, "seed": seed, "epochs": epochs} | {
        key: f"{share:.3f}" for key, share in shares.items()
    }


def main(arguments=None):
    """Train all networks, print a row for each, write the record."""
    options = read_options(__doc__, arguments, "--quick")
    rows = []
    for name in PLANS:
        for seed in (0,) if options.quick else SEEDS:
            rows.append(row(name, seed, 1 if options.quick else EPOCHS))
            print(*rows[-1].values(), flush=True)
    if not options.quick:
        write("small_filters.csv", rows)


if __name__ == "__main__":
    main()
