"""The arrays in the .pkl file of an old tutorial, read without running anything that it asks for.

Python's own machine follows its instructions, but knows few of them, and only notes a `Call`.

>>> save_network("old.npz", *load_legacy_pickle("old.pkl"))  # from now on without a pickle
"""

import io
import pickle

import numpy as np

from nnlib.network import Layer
from nnlib.storage.npz import LARGEST, MOST_LAYERS, Saved, read_file, require
from nnlib.system.errors import ModelFileError
from nnlib.system.files import what_it_is

ALLOWED = (
    "PROTO STOP MARK NONE NEWTRUE NEWFALSE INT BININT BININT1 BININT2 LONG LONG1 FLOAT BINFLOAT "
    "STRING BINSTRING SHORT_BINSTRING UNICODE BINUNICODE SHORT_BINUNICODE BINBYTES SHORT_BINBYTES "
    "BINBYTES8 TUPLE EMPTY_TUPLE TUPLE1 TUPLE2 TUPLE3 LIST EMPTY_LIST APPEND APPENDS "
    "PUT BINPUT LONG_BINPUT MEMOIZE GET BINGET LONG_BINGET GLOBAL STACK_GLOBAL REDUCE BUILD"
)
LIKE = dict(DICT="LIST", EMPTY_DICT="EMPTY_LIST", SETITEMS="APPENDS", BYTEARRAY8="BINBYTES8")
NAMES = (  # of what a file may name; NumPy 2 says _core for core
    "numpy.ndarray numpy.dtype _codecs.encode numpy.core.multiarray._reconstruct "
    "numpy.core.multiarray.scalar numpy.core.numeric._frombuffer"
)
NEVER = "which a saved network never needs. It was not opened"
EXPECTED = "it is no tuple, list or dict of the arrays w1, b1, w2, b2 … and nothing else"
ORDER = [f"{kind}{l}" for l in range(1, MOST_LAYERS + 2) for kind in "wb"]
KINDS = [order + kind for order in "<>|" for kind in ("f4", "f8", "i4", "i8", "u1")]


class Call:
    """A function that a file names, what it wants to call it with, and the state of the result."""

    def __init__(self, name, arguments=()):
        self.name, self.arguments = name, arguments

    def __call__(self, *arguments):
        return Call(self.name, arguments)

    def __setstate__(self, state):
        self.state = state


class _Bytes(io.BytesIO):
    n_read = 0  # pieces, of which a saved network has few

    def read(self, size):
        self.n_read += 1
        require(self.n_read <= 6_000, "it has more instructions than a network needs")
        return super().read(size)


class Machine(pickle._Unpickler):
    """Follows the instructions that arrays need; imports nothing, and calls nothing but `Call`."""

    def find_class(self, module, name):
        asked = ascii(f"{module[:99]}.{name[:99]}".replace("._core.", ".core."))[1:-1]
        require(asked in NAMES.split(), f"it asks Python to run {asked:.80}, {NEVER}")
        return Call(asked)

    def set_item(self):  # a dict becomes a list: to hash a key in it might take years
        self.stack[-3] += self.stack[-2:]
        del self.stack[-2:]

    def load_long(self):  # as before Python 3.14, which takes a hexadecimal number for damage
        self.append(int(self.readline()[:-1].removesuffix(b"L"), 0))

    dispatch = dict.fromkeys(range(256), lambda _: require(False, f"it has an instruction {NEVER}"))
    for name in [*ALLOWED.split(), *LIKE]:
        method = pickle._Unpickler.dispatch[getattr(pickle, LIKE.get(name, name))[0]]
        dispatch[getattr(pickle, name)[0]] = method
    dispatch[pickle.SETITEM[0]] = set_item
    dispatch[pickle.LONG[0]] = load_long
    dispatch[pickle.FRAME[0]] = lambda self: self.read(8)  # where frames end does not matter here


def load_legacy_pickle(path, activations=("relu", "softmax")):
    """Read a tuple, list or dict of arrays w1, b1, w2, b2 … that `pickle.dump` wrote.

    Parameters
    ----------
    path : str or path-like
    activations : sequence of str, default ("relu", "softmax")
        Of each layer: such a file holds none.

    Returns
    -------
    Saved
        Weights (n_out, n_in), biases (n_out, 1; in the file also one number for all).

    Raises
    ------
    ModelFileError
        For any other file, in one sentence; nothing in the file is ever run.
    """
    return read_file(path, lambda data: network_in_pickle(data, tuple(activations)))


def network_in_pickle(data, activations):
    """Find the network in a pickle, and bring it to our convention."""
    check_kind(data)
    file, arrays, params = _Bytes(data), [], []
    held = Machine(file, encoding="latin1").load()  # latin1: for files of Python 2
    require(file.tell() == len(data), "it goes on behind its end")
    if isinstance(held, list) and held and isinstance(held[0], str):  # it was a dict
        named = {name[:9].lower(): item for name, item in zip(held[::2], held[1::2])}
        held = [named.get(name) for name in ORDER[: len(held) // 2]]
    require(isinstance(held, list | tuple) and len(held) in range(0, len(ORDER), 2), EXPECTED)
    for item in held:
        arrays.append(array_from(item))
        require(8 * sum(array.size for array in arrays) <= LARGEST, "it holds too many numbers")
    dtype = np.result_type(np.float32, *arrays)
    for W, b in zip(arrays[::2], arrays[1::2], strict=True):
        b = np.full((len(W), 1), b) if b.size == 1 else b.reshape(-1, 1)
        params.append(Layer(np.array(W, dtype, order="C"), b.astype(dtype)))
    return Saved(params, activations, f"from a pickle; activations assumed: {activations}")


def check_kind(data):
    """Raise ModelFileError for a file that by its beginning is packed, or of another kind."""
    kind = None if data[:1] == pickle.PROTO else what_it_is(data[:512])
    if kind == "a zip archive":
        raise ModelFileError("it is a zip archive, no pickle", "Use load_network, if it is an .npz")
    if kind:
        is_packed = "packed" in kind or "archive" in kind
        way_on = "Unpack it first" if is_packed else "Look for the .pkl file"
        raise ModelFileError(f"it is {kind}, no pickle", way_on)


def array_from(item):
    """Make the array that a noted call describes, or a number; its size is checked first."""
    if isinstance(item, int | float):
        return np.array(float(item))
    require(isinstance(item, Call), EXPECTED)
    if item.name.endswith("_reconstruct"):
        _, shape, dtype, order, body = item.state
    elif item.name.endswith("_frombuffer"):
        body, dtype, shape, order = item.arguments
    else:
        (dtype, body), shape, order = item.arguments, (), "C"
    body = body.arguments[0] if isinstance(body, Call) else body  # text, up to protocol 2
    body = body.encode("latin-1") if isinstance(body, str) else body
    kind = "".join((dtype.state[1], dtype.arguments[0]))  # fails unless both are text
    require(kind in KINDS, f"it holds values of type {kind[:20]!r}; numbers were expected")
    is_shape = len(shape) <= 2 and all(type(n) is int and 0 < n <= LARGEST for n in shape)
    require(is_shape, "it holds an array of an impossible shape")
    return np.frombuffer(body, kind).reshape(shape, order="F" if order in (True, "F") else "C")
