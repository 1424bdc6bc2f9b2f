"""The arrays in the .pkl file of an old tutorial, read without running anything that it asks for.

Python's own machine follows the instructions in it, most of which are taken out. Where it is told
to call a function, a `Call` only notes that.

>>> save_network("old.npz", *load_legacy_pickle("old.pkl"))  # from now on without a pickle
"""

import io
import math
import pickle

import numpy as np

from nnlib.network import Layer
from nnlib.storage import LARGEST, Saved, read_file, require

ALLOWED = (
    "PROTO STOP MARK NONE NEWTRUE NEWFALSE INT BININT BININT1 BININT2 LONG LONG1 FLOAT BINFLOAT "
    "STRING BINSTRING SHORT_BINSTRING UNICODE BINUNICODE SHORT_BINUNICODE BINBYTES SHORT_BINBYTES "
    "BINBYTES8 TUPLE EMPTY_TUPLE TUPLE1 TUPLE2 TUPLE3 LIST EMPTY_LIST APPEND APPENDS DICT "
    "EMPTY_DICT SETITEM SETITEMS PUT BINPUT LONG_BINPUT MEMOIZE GET BINGET LONG_BINGET GLOBAL "
    "STACK_GLOBAL REDUCE BUILD"
)
NAMES = (  # of what a file may name; NumPy 2 says _core for core
    "numpy.ndarray numpy.dtype _codecs.encode numpy.core.multiarray._reconstruct "
    "numpy.core.multiarray.scalar numpy.core.numeric._frombuffer"
)
NEVER = "which a saved network never needs. It was not opened"
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

    def refuse(self):
        require(False, f"it has an instruction {NEVER}")

    def find_class(self, module, name):
        asked = ascii(f"{module}.{name}".replace("._core.", ".core."))[1:-1]
        require(asked in NAMES.split(), f"it asks Python to run {asked:.80}, {NEVER}")
        return Call(asked)

    dispatch = dict.fromkeys(range(256), refuse)
    for name in ALLOWED.split():
        dispatch[getattr(pickle, name)[0]] = pickle._Unpickler.dispatch[getattr(pickle, name)[0]]
    dispatch[pickle.FRAME[0]] = lambda self: self.read(8)  # where frames end does not matter here
    dispatch[pickle.BYTEARRAY8[0]] = dispatch[pickle.BINBYTES8[0]]  # allocates only what is there


def load_legacy_pickle(path, activations=("relu", "softmax")):
    """Read a tuple, list or dict of arrays w1, b1, w2, b2 … that `pickle.dump` wrote.

    Such a file holds no activations; pass yours. Returns a `Saved`: weights (n_out, n_in), biases
    (n_out, 1; in the file also one number for all). Any other file raises ModelFileError.
    """
    return read_file(path, lambda data: network_from(data, tuple(activations)))


def network_from(data, activations):
    """The network in a pickle, in our convention."""
    file, arrays = _Bytes(data), []
    held = Machine(file, encoding="latin1").load()  # latin1: for files of Python 2
    require(file.tell() == len(data), "it goes on behind its end")
    if isinstance(held, dict):
        kinds = "Wb" if "W1" in held else "wb"
        held = [held[f"{kind}{l}"] for l in range(1, len(held) // 2 + 1) for kind in kinds]
    require(isinstance(held, list | tuple), "it is no tuple, list or dict of w1, b1, w2, b2 …")
    for item in held:
        arrays.append(array_from(item))
        require(8 * sum(array.size for array in arrays) <= LARGEST, "it holds too many numbers")
    dtype = np.result_type(np.float32, *arrays)
    params = []
    for W, b in zip(arrays[::2], arrays[1::2], strict=True):
        b = np.full((len(W), 1), b) if b.size == 1 else b.reshape(-1, 1)
        params.append(Layer(np.array(W, dtype, order="C"), b.astype(dtype)))
    return Saved(params, activations, f"from a pickle; activations assumed: {activations}")


def array_from(item):
    """The array that a noted call describes, or a number; its size is checked first."""
    if isinstance(item, int | float):
        return np.array(float(item))
    if item.name.endswith("_reconstruct"):
        _, shape, dtype, is_fortran, body = item.state
        order = "F" if is_fortran else "C"
    elif item.name.endswith("_frombuffer"):
        body, dtype, shape, order = item.arguments
    else:
        (dtype, body), shape, order = item.arguments, (), "C"
    body = body.arguments[0] if isinstance(body, Call) else body  # text, up to protocol 2
    body = body.encode("latin-1") if isinstance(body, str) else body
    kind = f"{dtype.state[1]}{dtype.arguments[0]}"
    require(kind in KINDS, f"it holds values of type {kind:.20}; numbers were expected")
    is_shape = all(type(n) is int and n > 0 for n in shape)
    is_whole = is_shape and math.prod(shape) * np.dtype(kind).itemsize == len(body)
    require(is_whole, "an array's bytes do not fit its shape")
    return np.frombuffer(body, kind).reshape(shape, order=order)
