"""Do nnlib, scikit-learn and PyTorch compute the same?  Lesson 16.

python -m benchmarks.makers.frameworks           all; writes data/records/frameworks.csv
python -m benchmarks.makers.frameworks --quick   ten steps, whatever is installed, nothing written

The same start (784-32-10, ReLU and softmax, He, seed 0), the same 100 batches of 32 digits of the
sample, the same steps, in float64 on one thread: the loss of each batch before its own update.
The losses must agree to 1e-6 (relative). One pair does not, and need not: scikit-learn's Adam adds
its ε before the mean square is corrected (the short form that Kingma and Ba mention), PyTorch's and
ours after it; with an ε too small to matter they agree. scikit-learn comes with the tests; PyTorch
is not part of the environment: pip install torch==2.13.0 (the CPU build, if that file is offered);
without it nothing is written. RMSProp is compared with PyTorch alone, scikit-learn has none.
"""

import numpy as np
import pandas as pd

from benchmarks.makers.frame import RECORDS, read_options, write
from nnlib.data import load_mnist
from nnlib.network import init_params
from nnlib.optimizers import SGD, Adam, Momentum, RMSProp
from nnlib.training import minibatches, train_step

RECORD = RECORDS / "frameworks.csv"
N_STEPS, BATCH_SIZE, SEED, BAR, TINY = 100, 32, 0, 1e-6, 1e-30
OPTIMIZERS = {
    "SGD": lambda: SGD(0.1),
    "Momentum": lambda: Momentum(0.03, 0.9),
    "RMSProp": lambda: RMSProp(0.001, 0.9),
    "Adam": lambda: Adam(0.001),
    "Adam, tiny ε": lambda: Adam(0.001, epsilon=TINY),
}
IN_SCIKIT_LEARN = {
    "SGD": {"solver": "sgd", "learning_rate_init": 0.1, "momentum": 0},
    "Momentum": {
        "solver": "sgd",
        "learning_rate_init": 0.03,
        "momentum": 0.9,
        "nesterovs_momentum": False,
    },
    "Adam": {"solver": "adam", "learning_rate_init": 0.001},
    "Adam, tiny ε": {"solver": "adam", "learning_rate_init": 0.001, "epsilon": TINY},
}
IN_PYTORCH = {
    "SGD": ("SGD", {"lr": 0.1}),
    "Momentum": ("SGD", {"lr": 0.03, "momentum": 0.9}),
    "RMSProp": ("RMSprop", {"lr": 0.001, "alpha": 0.9}),
    "Adam": ("Adam", {"lr": 0.001}),
    "Adam, tiny ε": ("Adam", {"lr": 0.001, "eps": TINY}),
}
ANOTHER_FORMULA = {("Adam", "scikit_learn")}


def same_for_all(n_steps=N_STEPS):
    """The start, the digits in float64, and the batches, each an array of positions."""
    train, _ = load_mnist()
    rng = np.random.default_rng(SEED)
    params = init_params([784, 32, 10], rng, dtype=np.float64)
    batches = minibatches(train.y.size, BATCH_SIZE, rng)[:n_steps]
    return params, train.X.astype(np.float64), train.y, batches


def train_in_nnlib(params, X, y, batches, optimizer):
    """The loss of each batch before its update, in this library."""
    losses = []
    for batch in batches:
        loss, params = train_step(params, X[:, batch], y[batch], optimizer)
        losses.append(loss)
    return losses


def train_in_scikit_learn(params, X, y, batches, **settings):
    """The same losses from scikit-learn's MLPClassifier, started from our params."""
    from sklearn.neural_network import MLPClassifier

    net = MLPClassifier(len(params[0].W), alpha=0, batch_size=BATCH_SIZE, shuffle=False, **settings)
    net.partial_fit(X[:, batches[0]].T, y[batches[0]], classes=range(10))  # makes its arrays
    for V, c, (W, b) in zip(net.coefs_, net.intercepts_, params, strict=True):
        V[:], c[:] = W.T, b[:, 0]  # (n_in, n_out) and (n_out,)
    forget(net._optimizer)
    losses = []
    for batch in batches:
        net.partial_fit(X[:, batch].T, y[batch])  # one batch, one update
        losses.append(net.loss_)
    return losses


def forget(optimizer):
    """Take from an optimizer of scikit-learn what it remembers of the step that made the arrays."""
    for memory in ("velocities", "ms", "vs"):
        for array in getattr(optimizer, memory, []):
            array[:] = 0
    optimizer.t = 0


def network_in_pytorch(params):
    """784-32-10 with ReLU, started from our params; its outputs are scores."""
    from torch import from_numpy, nn, no_grad

    net = nn.Sequential(nn.Linear(784, 32), nn.ReLU(), nn.Linear(32, 10)).double()
    with no_grad():
        for layer, (W, b) in zip([net[0], net[2]], params, strict=True):
            layer.weight.copy_(from_numpy(W))  # (n_out, n_in)
            layer.bias.copy_(from_numpy(b[:, 0]))  # (n_out,)
    return net


def train_in_pytorch(params, X, y, batches, name="SGD", **settings):
    """The same losses from PyTorch, started from our params."""
    from torch import from_numpy, nn, optim

    net, losses = network_in_pytorch(params), []
    optimizer = getattr(optim, name)(net.parameters(), **settings)
    for batch in batches:
        optimizer.zero_grad()
        scores = net(from_numpy(X[:, batch].T))  # rows
        loss = nn.functional.cross_entropy(scores, from_numpy(y[batch]))
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def installed(package):
    """Whether a package can be imported."""
    try:
        __import__(package)
    except ImportError:
        return False
    return True


def losses_of(name, start, has_torch, has_sklearn):
    """The columns of the record for one optimizer: losses by program, None where there are none."""
    columns = {"nnlib": train_in_nnlib(*start, OPTIMIZERS[name]())}
    if has_sklearn and name in IN_SCIKIT_LEARN:
        columns["scikit_learn"] = train_in_scikit_learn(*start, **IN_SCIKIT_LEARN[name])
    if has_torch:
        kind, settings = IN_PYTORCH[name]
        columns["pytorch"] = train_in_pytorch(*start, kind, **settings)
    return columns


def largest_difference(losses, others):
    """The largest relative difference between two lists of losses."""
    losses, others = np.asarray(losses), np.asarray(others)
    return float(np.max(np.abs(losses - others) / np.maximum(np.abs(losses), np.abs(others))))


def compare(name, columns):
    """Print how far the others are from nnlib; AssertionError if one is where it should not be."""
    for other in list(columns)[1:]:
        apart = largest_difference(columns["nnlib"], columns[other])
        print(f"{name:12} nnlib and {other:12} differ by {apart:.0e} at most")
        if (apart <= BAR) == ((name, other) in ANOTHER_FORMULA):
            raise AssertionError(f"{name}, {other}: expected {BAR:g} at most, or more for Adam")


def main(arguments=None):
    """Compare what is installed, print the largest differences, write the record."""
    quick = read_options(__doc__, arguments, "--quick").quick
    has_torch, has_sklearn = installed("torch"), installed("sklearn")
    if has_torch:
        import torch

        torch.set_num_threads(1)
        print(f"PyTorch {torch.__version__}")
    else:
        print("PyTorch is not installed (pip install torch==2.13.0): compared without it")
    tables, start = [], same_for_all(10 if quick else N_STEPS)
    for name in OPTIMIZERS:
        columns = losses_of(name, start, has_torch, has_sklearn)
        compare(name, columns)
        steps = range(1, len(start[-1]) + 1)
        tables.append(pd.DataFrame({"optimizer": name, "step": steps} | columns))
    if quick or not (has_torch and has_sklearn):
        print("nothing written")
        return
    write(RECORD.name, pd.concat(tables))
    print(f"written: {RECORD.name}")


if __name__ == "__main__":
    main()
