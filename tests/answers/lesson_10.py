"""Wrong answers to the exercises of lesson 10: (name, answer, a fragment of the message)."""

import numpy as np

from nnlib.network import Layer


def save(path, params):
    arrays = {}
    for l, (W, b) in enumerate(params, start=1):
        arrays |= {f"W{l}": W, f"b{l}": b}
    np.savez(path, **arrays)


def load_sorted(path):
    """The names in alphabetical order: b1, b2, b3, W1 …"""
    with np.load(path) as file:
        arrays = [file[name] for name in sorted(file.files)]
    n = len(arrays) // 2
    return [Layer(W, b) for W, b in zip(arrays[n:], arrays[:n])]


def save_flat(path, params):
    save(path, [Layer(W, b.ravel()) for W, b in params])


def load(path):
    with np.load(path, allow_pickle=False) as file:
        n = len(file.files) // 2
        return [Layer(file[f"W{l}"], file[f"b{l}"]) for l in range(1, n + 1)]


def save_objects(path, params):
    pairs = np.empty(len(params), dtype=object)
    pairs[:] = params
    np.savez(path, params=pairs)


def load_objects(path):
    with np.load(path, allow_pickle=True) as file:
        return list(file["params"])


def weights_only(params):
    n_in = params[0].W.shape[1]
    for l, layer in enumerate(params, start=1):
        if layer.W.shape[1] != n_in:
            return l
        n_in = len(layer.W)
    return 0


def from_zero(params):
    n_in = params[0].W.shape[1]
    for l, (W, b) in enumerate(params):
        if W.shape[1] != n_in or b.shape != (len(W), 1):
            return l
        n_in = len(W)
    return 0


def pixels_only(params):
    return 0 if params[0].W.shape[1] == 784 else 1


WRONG_ANSWERS = {
    "10-1": [
        ("W and b swapped by sorting", (save, load_sorted), "two arrays are swapped"),
        ("biases saved flat", (save_flat, load), "b1 had the shape (6, 1) and came back as (6,)"),
        ("a list of layers pickled", (save_objects, load_objects), "pickled objects"),
    ],
    "10-2": [
        ("biases not looked at", weights_only, "b3 was flat"),
        ("counted from 0", from_zero, "counted from 1"),
        ("any network must take 784 pixels", pixels_only, "you refuse layer 1"),
    ],
}
