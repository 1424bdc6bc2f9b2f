"""How good is a network without a hidden layer, and what does a hidden layer add?  Lesson 02.

Five networks, trained by plain gradient descent in 500 full-batch steps: float32, one BLAS thread.
A seed draws the start values and nothing else.

    python -m benchmarks.makers.no_hidden_layer           the sample, 8 seeds, about 2 minutes
    python -m benchmarks.makers.no_hidden_layer --full    all of MNIST (NNLIB_DATA), 2 seeds, 10 min

prints a table and writes data/records/no_hidden_layer.csv, or no_hidden_layer_full.csv. One row
tells of one network, one seed and one step: the mean loss on the training digits, and accuracies
between 0 and 1 (training; test; test digits shifted by one and by two pixels, the mean of the four
directions). The name of a network holds its sizes, its start values and its learning rate.
"""

from typing import NamedTuple

import numpy as np

from benchmarks.makers.frame import read_options, write
from nnlib.data import load_mnist
from nnlib.losses import cross_entropy
from nnlib.metrics import accuracy
from nnlib.network import forward, init_params, predict
from nnlib.optimizers import SGD
from nnlib.training import train

FILES = {"sample": "no_hidden_layer.csv", "full": "no_hidden_layer_full.csv"}
SEEDS = {"sample": range(8), "full": range(2)}
STEPS = (5, 20, 100, 500)  # the early ones are for the test of the record


class Network(NamedTuple):
    """What a run is made of, apart from its seed."""

    sizes: tuple[int, ...]
    start: str
    lr: float

    @property
    def name(self):
        """Such as "784-10-10 uniform 0.1"."""
        return f"{'-'.join(map(str, self.sizes))} {self.start} {self.lr}"

    @property
    def activations(self):
        """Relu in the hidden layers, softmax at the end."""
        return ("relu",) * (len(self.sizes) - 2) + ("softmax",)


NETWORKS = (
    Network((784, 10, 10), "uniform", 0.1),
    Network((784, 10), "he", 0.1),
    Network((784, 10, 10), "he", 0.1),
    Network((784, 10), "he", 0.5),
    Network((784, 32, 10), "he", 0.5),
)


def shifted(X, down, right):
    """Move every digit of X (784, m) by up to three whole pixels; paper follows."""
    paper = np.pad(X.reshape(28, 28, -1), ((3, 3), (3, 3), (0, 0)))
    return paper[3 - down : 31 - down, 3 - right : 31 - right].reshape(784, -1)


def shifted_accuracy(params, test, pixels, activations):
    """The accuracy on test digits that were shifted, mean of the four directions."""
    moves = [(pixels, 0), (-pixels, 0), (0, pixels), (0, -pixels)]
    return np.mean(
        [accuracy(predict(params, shifted(test.X, *move), activations), test.y) for move in moves]
    )


def row(network, seed, step, params, digits, test):
    """One row of the record."""
    names = network.activations
    Zs, _ = forward(params, digits.X, names)
    return {
        "network": network.name,
        "seed": seed,
        "step": step,
        "train_loss": f"{cross_entropy(Zs[-1], digits.y):.5f}",
        "train_accuracy": f"{accuracy(Zs[-1].argmax(axis=0), digits.y):.5f}",
        "test_accuracy": f"{accuracy(predict(params, test.X, names), test.y):.4f}",
        "test_shifted_1": f"{shifted_accuracy(params, test, 1, names):.5f}",
        "test_shifted_2": f"{shifted_accuracy(params, test, 2, names):.5f}",
    }


def run(network, seed, steps, digits, test):
    """Train one network from one seed and return its rows after the given numbers of steps."""
    start = init_params(network.sizes, np.random.default_rng(seed), network.start)
    names, optimizer = network.activations, SGD(network.lr)
    records = train(start, *digits, optimizer, epochs=max(steps), activations=names)
    return [
        row(network, seed, record.step, record.params, digits, test)
        for record in records  # full batch: one step an epoch
        if record.step in steps
    ]


def report(network, last):
    """Print the means over the seeds of a network's last rows, in percent."""
    columns = ("train_accuracy", "test_accuracy", "test_shifted_1", "test_shifted_2")
    values = [np.mean([float(entry[column]) for entry in last]) for column in columns]
    tests = [float(entry["test_accuracy"]) for entry in last]
    values += [min(tests), max(tests)]
    print(f"{network.name:22}" + "".join(f"{100 * value:8.1f}" for value in values), flush=True)


def main(arguments=None):
    """Run everything on the sample or the full set, print the table, write the record."""
    which = "full" if read_options(__doc__, arguments, "--full").full else "sample"
    digits, test = load_mnist(which)
    heads = ("train", "test", "shift 1", "shift 2", "worst", "best")
    print(f"{'network':22}" + "".join(f"{head:>8}" for head in heads))
    rows = []
    for network in NETWORKS:
        runs = [run(network, seed, STEPS, digits, test) for seed in SEEDS[which]]
        report(network, [member[-1] for member in runs])
        rows += [entry for member in runs for entry in member]
    write(FILES[which], rows)


if __name__ == "__main__":
    main()
