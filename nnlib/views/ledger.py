"""Every array of a network, its shape and its size.  Lesson 03."""

import numpy as np

from nnlib.network import forward, init_params


def network_sizes(hidden, depth):
    """List the sizes of a network that reads digits: [784, 32, 32, 10] for 32 units, 2 layers."""
    return [784, *[hidden] * depth, 10]


def name_of(sizes):
    """Name a network by its sizes: 784-32-10."""
    return "-".join(str(size) for size in sizes)


def activations_of(sizes, x, seed=3):
    """Send one digit through a network of given sizes that has learned nothing.

    Parameters
    ----------
    sizes : sequence of int
        Units in each layer, the input first.
    x : ndarray, shape (784,)
    seed : int, default 3
        Of its He start; lesson 03 has the same.

    Returns
    -------
    list of ndarray
        What each unit holds: one array, shape (n_units,), a layer, the input first.
    """
    params = init_params(sizes, np.random.default_rng(seed), "he")
    names = ["relu"] * (len(sizes) - 2) + ["softmax"]
    return [A[:, 0] for A in forward(params, x.reshape(-1, 1), names)[1]]


def ledger_of(sizes, m):
    """List every array of the forward pass of m digits, in order.

    Parameters
    ----------
    sizes : sequence of int
        Units in each layer, the input first.
    m : int

    Returns
    -------
    list of (name, rows, columns, kind)
        The kind of layer is "input", "hidden" or "output".
    """
    rows = [("X", sizes[0], m, "input")]
    last = len(sizes) - 1
    for l in range(1, last + 1):
        kind, after = ("output", "P") if l == last else ("hidden", f"A{l}")
        rows += [(f"W{l}", sizes[l], sizes[l - 1], kind), (f"b{l}", sizes[l], 1, kind)]
        rows += [(f"Z{l}", sizes[l], m, kind), (after, sizes[l], m, kind)]
    return rows


def count_parameters(sizes):
    """Count the weights and biases of a network with these sizes, the input first."""
    return sum(n_out * n_in + n_out for n_in, n_out in zip(sizes, sizes[1:]))
