"""Networks go into a file and come out of it: arrays and a few words, and nothing that could run.

>>> params, activations, description = load_network("data/trained.npz")
"""

import os
import pathlib
import zipfile
import zlib
from typing import NamedTuple

import numpy as np

from nnlib.activations import ACTIVATIONS
from nnlib.network import Layer

VERSION = 1
DAMAGED = (  # what reading a damaged file has been seen to raise
    ValueError,
    EOFError,
    AttributeError,
    TypeError,
    RuntimeError,
    OSError,
    zipfile.BadZipFile,
    zlib.error,
)


class Saved(NamedTuple):
    """What a file holds."""

    params: list[Layer]
    activations: tuple[str, ...]
    description: str


def save_network(path, params, activations, description):
    """Write a network into one .npz file; the old file stays until the new one is complete.

    Parameters
    ----------
    path : str or pathlib.Path
    params : list of Layer
        Weights (n_out, n_in) and biases (n_out, 1), finite floating-point numbers.
    activations : sequence of str
        One name a layer.
    description : str
        What it is, how it was trained, how good it was found to be.

    Raises
    ------
    ValueError
        If this is no network that `load_network` would take; nothing is written then.
    """
    check_network(params, activations)
    arrays = {"version": VERSION, "description": description, "activations": list(activations)}
    for l, (W, b) in enumerate(params, start=1):
        arrays |= {f"W{l}": W, f"b{l}": b}
    path = pathlib.Path(path)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with open(draft, "wb") as file:
            np.savez(file, **arrays)
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)  # still there only if something failed


def load_network(path):
    """Read a network that `save_network` wrote, and check it.

    Parameters
    ----------
    path : str or pathlib.Path

    Returns
    -------
    Saved
        `params`, `activations` and `description`, bit for bit as they were saved.

    Raises
    ------
    FileNotFoundError, ValueError
        If there is no such file, or if it holds no network.
    """
    path = pathlib.Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"there is no file {path.name} in {path.parent.name or '.'}/")
    arrays = read_arrays(path)
    try:
        version = int(arrays["version"])
        activations = tuple(arrays["activations"].tolist())
        layers = range(1, len(activations) + 1)
        saved = Saved(
            [Layer(arrays[f"W{l}"], arrays[f"b{l}"]) for l in layers],
            activations,
            str(arrays["description"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{path.name} is no network of this library: {error}") from error
    if version != VERSION:
        raise ValueError(f"{path.name} has version {version}; this library reads {VERSION}")
    check_network(saved.params, saved.activations)
    return saved


def read_arrays(path):
    """Every array of an .npz file, as a dict; ValueError if it is none, or damaged."""
    try:
        with np.load(path, allow_pickle=False) as file:
            return {name: file[name] for name in file.files}
    except DAMAGED as error:
        raise ValueError(f"{path.name} is damaged, or no .npz file of plain arrays") from error


def check_network(params, activations):
    """Raise ValueError unless these layers fit together and hold finite numbers."""
    if not params:
        raise ValueError("a network needs at least one layer")
    if len(params) != len(activations):
        raise ValueError(f"{len(params)} layers need as many activations; got {len(activations)}")
    n_in = np.shape(params[0].W)[-1:]
    for l, ((W, b), name) in enumerate(zip(params, activations, strict=True), start=1):
        if not isinstance(name, str) or name not in ACTIVATIONS:
            raise ValueError(f"layer {l}: there is no activation {name!r}")
        if W.ndim != 2 or W.shape[1:] != n_in or b.shape != (len(W), 1):
            raise ValueError(f"layer {l}: W {W.shape} and b {b.shape} do not fit into the network")
        if W.dtype.kind != "f" or b.dtype != W.dtype:
            raise ValueError(f"layer {l}: expected floating-point numbers of one type")
        if not (np.isfinite(W).all() and np.isfinite(b).all()):
            raise ValueError(f"layer {l} holds a number that is not finite")
        n_in = W.shape[:1]
