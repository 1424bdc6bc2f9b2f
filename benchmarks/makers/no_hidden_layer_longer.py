"""What do ten hidden units add when training goes on?  Lesson 02.

Batches of 32, ten epochs with learning rate 0.1, then three with 0.01, from He's start values;
float32, one BLAS thread. A seed draws the start values and the order of the digits.

    python -m benchmarks.makers.no_hidden_layer_longer    with NNLIB_DATA, half a minute

writes data/records/no_hidden_layer_longer.csv: a row for each set of digits, network, seed and
epoch, with the mean loss of that epoch and the accuracy on the test digits, 0 to 1.
"""

import numpy as np

from benchmarks.makers.frame import read_options, write
from benchmarks.makers.no_hidden_layer import Network
from nnlib.data import load_mnist
from nnlib.metrics import accuracy
from nnlib.network import init_params, predict
from nnlib.optimizers import SGD
from nnlib.training import train

FILE = "no_hidden_layer_longer.csv"
SEEDS = {"sample": range(8), "full": range(2)}
SCHEDULE = ((0.1, 10), (0.01, 3))  # learning rate, epochs
NETWORKS = (Network((784, 10), "he", 0.1), Network((784, 10, 10), "he", 0.1))


def run(which, network, seed, digits, test, schedule=SCHEDULE):
    """Train one network from one seed and return its rows, one an epoch."""
    rng = np.random.default_rng(seed)
    names, rows = network.activations, []
    params = init_params(network.sizes, rng, network.start)
    for lr, epochs in schedule:
        for record in train(params, *digits, SGD(lr), epochs, 32, rng, activations=names):
            params = record.params
            rows.append(
                {
                    "digits": which,
                    "network": "-".join(map(str, network.sizes)),
                    "seed": seed,
                    "epoch": len(rows) + 1,
                    "loss": f"{record.loss:.5f}",
                    "test_accuracy": f"{accuracy(predict(params, test.X, names), test.y):.4f}",
                }
            )
    return rows


def main(arguments=None):
    """Run everything, print where it ends, write the record."""
    read_options(__doc__, arguments)
    rows = []
    for which, seeds in SEEDS.items():
        digits, test = load_mnist(which)
        for network in NETWORKS:
            runs = [run(which, network, seed, digits, test) for seed in seeds]
            print(which, network.name, *(rows[-1]["test_accuracy"] for rows in runs), flush=True)
            rows += [row for member in runs for row in member]
    write(FILE, rows)


if __name__ == "__main__":
    main()
