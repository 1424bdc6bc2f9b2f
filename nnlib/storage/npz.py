"""A network as one .npz file, written whole or not at all, and believed only after a look."""

import io
import math
import os
import pathlib
import zipfile
from typing import NamedTuple

import numpy as np

from nnlib.activations import ACTIVATIONS
from nnlib.network import Layer
from nnlib.system.errors import ModelFileError
from nnlib.system.files import is_portable, not_there, replacing, what_it_is

VERSION = 1
LARGEST = 64_000_000  # bytes of a file, and of all that it unpacks to
MOST_LAYERS = 14
WORDS = ("version", "description", "activations")  # what a file holds besides its layers
MOST_ARRAYS = len(WORDS) + 2 * MOST_LAYERS
UNSEEN = set("\0\b\x1b\x7f\x9b\u202a\u202b\u202d\u202e\u2066\u2067\u2068")  # steer a screen
OLD_ARRAYS = "for (w1, b1, w2, b2) use nnlib.storage.load_legacy_pickle"
HINTS = {"a pickle": f", and nothing in it was run; {OLD_ARRAYS}"}


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
        Its folder must exist; its name must end in .npz and be one that every system allows.
    params : list of Layer
        1 to 14 of them: weights (n_out, n_in) and biases (n_out, 1), finite, float32 or float64;
        at most 64 MB in all.
    activations : sequence of str
        One name a layer.
    description : str
        What it is, how it was trained, how good it was found to be; at most 10,000 characters.

    Raises
    ------
    ModelFileError
        If this is no network that `load_network` would take, or if it cannot be written (no space,
        no permission). A file that was there is then unchanged.
    """
    path = pathlib.Path(os.path.expanduser(path))
    try:  # filled: what a mask hides becomes nan, and is refused
        params = [Layer(np.ma.filled(W, np.nan), np.ma.filled(b, np.nan)) for W, b in params]
        activations = [str(name) for name in activations]
    except (TypeError, ValueError) as error:
        raise ModelFileError("expected a list of Layer(W, b), and as many activations") from error
    check_name(path)
    check_network(params, activations, description)
    arrays = {"version": np.int64(VERSION), "description": description, "activations": activations}
    for l, (W, b) in enumerate(params, start=1):
        arrays |= {f"W{l}": W, f"b{l}": b}
    whole = io.BytesIO()
    np.savez(whole, **arrays)
    require(whole.tell() <= LARGEST, f"the network takes more than {LARGEST:,} bytes")
    try:  # realpath: what a link points to is replaced, not the link
        with replacing(os.path.realpath(path), check=load_network) as file:
            file.write(whole.getbuffer())
    except (OSError, ModelFileError) as error:
        why = getattr(error, "strerror", None) or "what was written did not read back"
        text = f"{path.name} was not saved ({why}); try again, with more room or in another folder"
        raise ModelFileError(text) from error


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
    FileNotFoundError
        If there is no such file.
    ModelFileError
        If it holds no network, or a damaged one.
    """
    return read_file(path, lambda data: network_from(read_arrays(data)))


def read_file(path, reader):
    """Find a network in the bytes of a file with `reader`, and check it; or say what is wrong."""
    path = pathlib.Path(os.path.expanduser(path))
    try:
        if not os.path.isfile(path):
            raise FileNotFoundError(not_there(path))
        require(os.path.getsize(path) <= LARGEST, f"it has more than {LARGEST:,} bytes")
        saved = reader(path.read_bytes())
        check_network(*saved)
        return saved
    except FileNotFoundError:
        raise
    except Exception as error:  # a damaged file makes zipfile and NumPy raise almost anything
        reason = getattr(error, "strerror", None) or f"it is damaged ({type(error).__name__})"
        words = error.args if isinstance(error, ModelFileError) else [reason]
        way_on = words[1] if len(words) > 1 else "Take a good copy, or save the network again"
        name = repr(path.name[:60])[1:-1]  # on one line, whatever it is
        raise ModelFileError(f"{name}: {words[0]:.350}. {way_on}") from error


def require(fact, words):
    """Raise ModelFileError with these words unless the fact holds."""
    if not fact:
        raise ModelFileError(words)


def read_arrays(data):
    """Read every array of an .npz file, by name; sizes are checked before unpacking."""
    found = what_it_is(data[:64]) or ("something unknown" if data else "empty")
    require(found == "a zip archive", f"it is {found}, no .npz file{HINTS.get(found, '')}")
    count = data.count(b"PK\x01\x02")  # stands before each entry in the archive's list of members
    require(count <= MOST_ARRAYS, f"it holds {count} arrays; at most {MOST_ARRAYS} may be")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = archive.infolist()
        size = sum(member.file_size for member in members)
        require(size <= LARGEST, f"it unpacks to {size:,} bytes; at most {LARGEST:,} may be")
        arrays = {member.filename[:-4]: read_array(archive, member) for member in members}
    require(len(arrays) == len(members), "it holds two arrays of one name")
    return arrays


def read_array(archive, member):
    """Read one array of the archive; its header is believed only if it fits the bytes there."""
    name = member.filename[:-4]  # without .npy
    if member.filename.endswith(".npz"):
        raise ModelFileError(f"{member.filename!r} lies inside it", "Unpack it first")
    require(member.compress_type in (0, 8), f"{name!r} is packed in an unusual way")  # 8: deflated
    with archive.open(member) as packed:
        file = io.BytesIO(packed.read(member.file_size))  # no more, whatever it unpacks to
    require(np.lib.format.read_magic(file) == (1, 0), f"{name!r} is no plain array")
    shape, is_fortran, dtype = np.lib.format.read_array_header_1_0(file, max_header_size=1000)
    require(not dtype.hasobject, f"{name!r} holds Python objects, no numbers; none was opened")
    values = file.read()
    is_so = min(shape, default=0) >= 0 and math.prod(shape) * dtype.itemsize == len(values)
    require(is_so, f"{name!r} says {shape} of {dtype}, but has {len(values):,} bytes")
    return np.frombuffer(values, dtype).reshape(shape, order="F" if is_fortran else "C").copy("K")


def network_from(arrays):
    """Put together the network that these arrays describe."""
    layers = range(1, (len(arrays) - len(WORDS) + 1) // 2 + 1)
    for name in (*WORDS, *(f"{kind}{l}" for l in layers for kind in "Wb")):
        require(name in arrays, f"{name} is missing; it holds {sorted(arrays)!s:.150}")
    require(all(arrays[name].nbytes <= 40_000 for name in WORDS), "the words in it are too long")
    version, description, activations = (arrays[name].tolist() for name in WORDS)
    # repr, because True and 1.0 equal 1.
    require(repr(version) == repr(VERSION), f"it has format {version!r:.40}; take a newer nnlib")
    params = [Layer(arrays[f"W{l}"], arrays[f"b{l}"]) for l in layers]
    return Saved(params, tuple(activations), description)


def check_name(path):
    """Raise ModelFileError unless a file of this name can be made, here and on other systems."""
    folder, name = path.parent, path.name
    is_good = is_portable(name) and name.lower().endswith(".npz") and not os.path.isdir(path)
    require(is_good, f"{name[:60]!r} is no good name; take up to 60 letters, digits … and .npz")
    require(os.path.isdir(folder), f"there is no folder {folder.name[:60]!r} for {name}; make it")


def check_network(params, activations, description):
    """Raise ModelFileError unless these layers fit together and hold finite numbers."""
    n = len(params)
    require(1 <= n <= MOST_LAYERS, f"a network needs 1 to {MOST_LAYERS} layers; got {n}")
    require(n == len(activations), f"{n} layers need as many activations; got {len(activations)}")
    is_short = isinstance(description, str) and len(description) <= 10_000
    require(is_short and UNSEEN.isdisjoint(description), "the description is no text, or too long")
    n_in = params[0].W.shape[-1:]
    for l, ((W, b), name) in enumerate(zip(params, activations), start=1):
        require(str(name) in ACTIVATIONS, f"layer {l}: there is no activation {name!r:.40}")
        fits = W.ndim == 2 and 0 not in W.shape and W.shape[1:] == n_in and b.shape == (len(W), 1)
        require(fits, f"layer {l}: W {W.shape} and b {b.shape} do not fit into the network")
        is_float = W.dtype in (np.float32, np.float64) and b.dtype == W.dtype
        require(is_float, f"layer {l} is not all float32 or all float64: {W.dtype} and {b.dtype}")
        is_finite = np.isfinite(W).all() and np.isfinite(b).all()
        require(is_finite, f"layer {l} holds a number that is not finite")
        n_in = W.shape[:1]
