"""How fast one epoch of training is, beside PyTorch and the bare matrix products.

    python -m benchmarks.speed [--rounds 5]

Aims, for hidden 32, 128 and 800: 2.5 / 1.1 / 0.85 x PyTorch, 42 / 65 / 68 % of the bare products.
Small filters that move on by two pixels: at most 1.1 of PyTorch's time, with pooling 2.5.

784-H-10, relu and softmax, plain SGD, float32, one thread, one epoch of the full training set
(or of as many random images, if NNLIB_DATA names no folder: the time is the same); networks of
filters (8, 16 and 10 of them) in batches of 32, one epoch of the sample. Every contender
runs in turn, several rounds, in this one process; its own computing time counts, the best round of
each, since the machine may be shared. OpenBLAS takes the kernels that it knows to be best for this
CPU; a variable OPENBLAS_CORETYPE that forces those of another CPU on it, but not on PyTorch, is set
aside and said. PyTorch is not part of the environment: pip install torch==2.13.0 (the CPU build, if
that file is offered); its absence is said.
"""

# ruff: noqa: E402 (the variable must be gone before NumPy is imported)
import argparse
import functools
import os
import time

FORCED_KERNELS = os.environ.pop("OPENBLAS_CORETYPE", None)  # read once, when NumPy is imported

import numpy as np
from threadpoolctl import threadpool_info

from benchmarks.makers.filters_frameworks import PLANS, filter_network_in_pytorch
from nnlib.convolution import image_step, init_filters
from nnlib.data import Digits, load_mnist
from nnlib.network import init_params
from nnlib.optimizers import SGD
from nnlib.system.threads import one_blas_thread
from nnlib.training import minibatches, train

try:
    import torch
except ImportError:
    torch = None

SETTINGS = [  # hidden, batch; what to reach: times as fast as PyTorch, share of the bare products
    (32, 32, 2.5, 0.42),
    (128, 128, 1.1, 0.65),
    (800, 100, 0.85, 0.68),
]
FILTERS = {"small": 1.1, "pooled": 2.5}  # at most so much of PyTorch's time
LEARNING_RATE = 0.1


def training_set():
    """The full training set, or noise of the same size and layout."""
    try:
        return load_mnist("full")[0]
    except FileNotFoundError as error:
        print(f"random images instead of MNIST: {error}")
        rng = np.random.default_rng(0)
        images = rng.random((60_000, 784), dtype=np.float32)
        return Digits(images.T, rng.integers(0, 10, 60_000))


def epoch_of_nnlib(digits, hidden, batch_size):
    """One epoch as the lessons do it."""
    rng = np.random.default_rng(0)
    params = init_params([784, hidden, 10], rng)
    for _ in train(params, digits.X, digits.y, SGD(LEARNING_RATE), 1, batch_size, rng):
        pass


def epoch_of_products(digits, hidden, batch_size):
    """Only the five matrix products of each step, and fetching the batch: what cannot be saved."""
    rng = np.random.default_rng(0)
    (W1, _), (W2, _) = init_params([784, hidden, 10], rng)
    for batch in minibatches(digits.y.size, batch_size, rng):
        X = digits.X[:, batch]
        A = W1 @ X
        dZ = W2 @ A
        dA = W2.T @ dZ
        dZ @ A.T
        dA @ X.T


def epoch_of_textbook(digits, hidden, batch_size):
    """The same loop on a copied, row-by-row (784, m) array of float64, as it is often written."""
    rng = np.random.default_rng(0)
    params = init_params([784, hidden, 10], rng, dtype=np.float64)
    for _ in train(params, digits.X, digits.y, SGD(LEARNING_RATE), 1, batch_size, rng):
        pass


def epoch_of_torch(digits, hidden, batch_size):
    """One epoch of PyTorch, eager: Sequential, SGD."""
    torch.manual_seed(0)
    net = torch.nn.Sequential(
        torch.nn.Linear(784, hidden), torch.nn.ReLU(), torch.nn.Linear(hidden, 10)
    )
    train_in_torch(net, digits, batch_size)


def train_in_torch(net, digits, batch_size):
    """Train a network of PyTorch for one epoch, on tensors indexed by a shuffled permutation."""
    optimizer = torch.optim.SGD(net.parameters(), lr=LEARNING_RATE)
    loss_of = torch.nn.CrossEntropyLoss()
    X, y = digits
    order = torch.randperm(len(y))
    for start in range(0, len(y), batch_size):
        batch = order[start : start + batch_size]
        optimizer.zero_grad()
        loss_of(net(X[batch]), y[batch]).backward()
        optimizer.step()


def filters_of_nnlib(digits, plan):
    """One epoch of a network of filters as lesson 17 does it."""
    rng = np.random.default_rng(0)
    params, optimizer = init_filters(plan, rng), SGD(LEARNING_RATE)
    for batch in minibatches(digits.y.size, 32, rng):
        X = digits.X[:, batch]
        _, params = image_step(params, X, digits.y[batch], optimizer, plan)


def filters_of_torch(digits, plan):
    """One epoch of the same network from the same start in PyTorch."""
    params = init_filters(plan, np.random.default_rng(0))
    train_in_torch(filter_network_in_pytorch(params, plan), digits, 32)


def kernels():
    """Say in words whose kernels compute the products, those of NumPy and of PyTorch."""
    blas = [pool for pool in threadpool_info() if pool["user_api"] == "blas"]
    named = ", ".join(f"{pool['internal_api']} for {pool['architecture']}" for pool in blas)
    forced = f" (OPENBLAS_CORETYPE={FORCED_KERNELS} set aside)" if FORCED_KERNELS else ""
    theirs = f"; of PyTorch: {torch.backends.cpu.get_cpu_capability()}" if torch else ""
    return f"matrix products of NumPy: {named}{forced}{theirs}"


def best_times(contenders, rounds):
    """Seconds of the best round of each: {name: seconds}."""
    times = {name: [] for name, _ in contenders}
    for _ in range(rounds):
        for name, run in contenders:
            begun = time.process_time()  # what others compute meanwhile does not count
            run()
            times[name].append(time.process_time() - begun)
    return {name: min(seconds) for name, seconds in times.items()}


def contenders_for(digits, copied, tensors, hidden, batch_size):
    """Who runs in one setting: (name, function without arguments)."""
    runs = [
        ("nnlib", lambda: epoch_of_nnlib(digits, hidden, batch_size)),
        ("products", lambda: epoch_of_products(digits, hidden, batch_size)),
        ("textbook", lambda: epoch_of_textbook(copied, hidden, batch_size)),
    ]
    if torch:
        runs.append(("torch", lambda: epoch_of_torch(tensors, hidden, batch_size)))
    return runs


def tensors_of(digits):
    """Copy the digits, one a row, into tensors of PyTorch, if it is there."""
    if not torch:
        return None
    return torch.from_numpy(digits.X.T.copy()), torch.from_numpy(digits.y)


def one_torch_thread():
    """Keep PyTorch to one thread; say so if it is not there."""
    if torch:
        torch.set_num_threads(1)
    else:
        print("PyTorch is not installed; its column stays empty (pip install torch==2.13.0)")


def report(hidden, batch_size, aim, share, best):
    """Print one line of the table: times and ratios, each beside its aim."""
    ours = best["nnlib"]
    against = f"{best['torch'] / ours:5.2f} x" if torch else "      -"
    print(
        f"{hidden:6d} {batch_size:5d} | {ours:7.3f} | {against} (>= {aim:4.2f}) | "
        f"{best['products'] / ours:10.0%} (>= {share:.0%}) | {best['textbook'] / ours:8.1f} x"
    )


def measure_layers(rounds):
    """Print the table of networks with one hidden layer, on the full set."""
    digits = training_set()
    copied = Digits(np.ascontiguousarray(digits.X, dtype=np.float64), digits.y)
    tensors = tensors_of(digits)
    print(f"one epoch of {digits.y.size:,} images, best of {rounds} rounds, one thread")
    print("hidden batch | nnlib s | x PyTorch (aim) | of products (aim) | x textbook")
    for hidden, batch_size, aim, share in SETTINGS:
        runs = contenders_for(digits, copied, tensors, hidden, batch_size)
        report(hidden, batch_size, aim, share, best_times(runs, rounds))


def measure_filters(rounds):
    """Print the table of networks of small filters, on the sample."""
    digits, _ = load_mnist()
    print(f"one epoch of {digits.y.size:,} images, best of {rounds} rounds, one thread")
    print("filters batch | nnlib s | of PyTorch's time (aim)")
    for name, aim in FILTERS.items():
        runs = [("nnlib", functools.partial(filters_of_nnlib, digits, PLANS[name]))]
        if torch:
            X, y = tensors_of(digits)
            images = X.reshape(-1, 1, 28, 28)
            runs.append(("torch", functools.partial(filters_of_torch, (images, y), PLANS[name])))
        best = best_times(runs, rounds)
        share = f"{best['nnlib'] / best['torch']:15.2f}" if torch else f"{'-':>15}"
        print(f"{name:7}    32 | {best['nnlib']:7.3f} | {share} (<= {aim:.1f})")


def main():
    """Measure and print both tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    one_blas_thread()
    one_torch_thread()
    print(kernels())
    measure_layers(rounds)
    measure_filters(rounds)


if __name__ == "__main__":
    main()
