"""Do our filters compute what PyTorch's Conv2d and MaxPool2d compute?  Lesson 17.

python -m benchmarks.makers.filters_frameworks           writes data/records/filters_frameworks.csv
python -m benchmarks.makers.filters_frameworks --quick   ten steps, nothing written

Two networks of small filters, one that moves on by two pixels and one that pools: the same start
(He, seed 0), the same 30 batches of 32 digits of the sample, the same steps of plain SGD, in
float64 on one thread: the loss of each batch before its own update. nnlib's and PyTorch's must
agree to 1e-6 (relative). PyTorch is not part of the environment: pip install torch==2.13.0 (the CPU
build, if that file is offered); without it nothing is written.
"""

import numpy as np
import pandas as pd

from benchmarks.makers import small_filters
from benchmarks.makers.frame import RECORDS, read_options, write
from benchmarks.makers.frameworks import BAR, installed, largest_difference
from nnlib.convolution import image_step, init_filters
from nnlib.data import load_mnist
from nnlib.optimizers import SGD
from nnlib.training import minibatches

RECORD = RECORDS / "filters_frameworks.csv"
N_STEPS, BATCH_SIZE, SEED, LEARNING_RATE = 30, 32, 0, 0.1
PLANS = {name: small_filters.PLANS[name] for name in ("small", "pooled")}


def same_for_both(plan, n_steps=N_STEPS):
    """The start, the digits in float64, and the batches, each an array of positions."""
    train, _ = load_mnist()
    rng = np.random.default_rng(SEED)
    params = init_filters(plan, rng, dtype=np.float64)
    batches = minibatches(train.y.size, BATCH_SIZE, rng)[:n_steps]
    return params, train.X.astype(np.float64), train.y, batches


def filters_in_nnlib(params, X, y, batches, plan):
    """The loss of each batch before its update, in this library."""
    losses, optimizer = [], SGD(LEARNING_RATE)
    for batch in batches:
        loss, params = image_step(params, X[:, batch], y[batch], optimizer, plan)
        losses.append(loss)
    return losses


def filter_network_in_pytorch(params, plan, c=1):
    """The same network for images of c channels, started from our params; it gives scores."""
    from torch import from_numpy, nn, no_grad

    layers = []
    for (W, b), (f, k, stride, pool) in zip(params, plan, strict=True):
        filters = nn.Conv2d(c, f, k, stride, dtype=from_numpy(W).dtype)
        with no_grad():
            filters.weight.copy_(from_numpy(W.reshape(f, c, k, k)))
            filters.bias.copy_(from_numpy(b[:, 0]))
        layers += [filters, nn.ReLU()] if pool == 1 else [filters, nn.MaxPool2d(pool), nn.ReLU()]
        c = f
    return nn.Sequential(*layers[:-1], nn.Flatten())  # no relu after the last layer


def filters_in_pytorch(params, X, y, batches, plan):
    """The same losses from PyTorch, started from our params."""
    from torch import from_numpy, nn, optim

    net, losses = filter_network_in_pytorch(params, plan), []
    optimizer = optim.SGD(net.parameters(), lr=LEARNING_RATE)
    images = from_numpy(X.T.reshape(-1, 1, 28, 28))
    for batch in batches:
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(net(images[batch]), from_numpy(y[batch]))
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def compared(name, n_steps):
    """The rows of the record for one network; AssertionError if the losses are too far apart."""
    start = *same_for_both(PLANS[name], n_steps), PLANS[name]
    ours, theirs = filters_in_nnlib(*start), filters_in_pytorch(*start)
    apart = largest_difference(ours, theirs)
    print(f"{name:6} nnlib and PyTorch differ by {apart:.0e} at most")
    if apart > BAR:
        raise AssertionError(f"{name}: expected {BAR:g} at most")
    steps = range(1, n_steps + 1)
    return pd.DataFrame({"net": name, "step": steps, "nnlib": ours, "pytorch": theirs})


def main(arguments=None):
    """Compare both networks, print the largest differences, write the record."""
    quick = read_options(__doc__, arguments, "--quick").quick
    if not installed("torch"):
        print("PyTorch is not installed (pip install torch==2.13.0): nothing written")
        return
    import torch

    torch.set_num_threads(1)
    print(f"PyTorch {torch.__version__}")
    tables = [compared(name, 10 if quick else N_STEPS) for name in PLANS]
    if not quick:
        write(RECORD.name, pd.concat(tables))
    print("nothing written" if quick else f"written: {RECORD.name}")


if __name__ == "__main__":
    main()
