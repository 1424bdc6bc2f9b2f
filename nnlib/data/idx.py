"""The full set: 60,000 + 10,000 digits in MNIST's own four IDX files, packed or not.

The format (LeCun, Cortes, Burges): big-endian integers, a magic number whose last byte counts the
dimensions, then the dimensions, then one byte a value.
"""

import hashlib
import math
import struct
from contextlib import suppress
from typing import NamedTuple

import numpy as np

from nnlib.data.digits import Digits, as_columns, contents
from nnlib.data.folders import folders, paths_of, what_lies_in
from nnlib.system.browser import only_on_a_computer
from nnlib.system.errors import DataFileError


class IdxFile(NamedTuple):
    """What one file must hold once unpacked."""

    name: str
    shape: tuple[int, ...]
    sha256: str


FULL_SET = {
    "train images": IdxFile(
        "train-images-idx3-ubyte",
        (60_000, 28, 28),
        "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    ),
    "train labels": IdxFile(
        "train-labels-idx1-ubyte",
        (60_000,),
        "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    ),
    "test images": IdxFile(
        "t10k-images-idx3-ubyte",
        (10_000, 28, 28),
        "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    ),
    "test labels": IdxFile(
        "t10k-labels-idx1-ubyte",
        (10_000,),
        "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
    ),
}
KINDS = {b"\0\0\x08\x03": "images", b"\0\0\x08\x01": "labels"}  # by how their files begin


def full_set_folder():
    """Find the first of these folders that holds all four files; the first if none does."""
    holds = (f for f in folders() if all(paths_of(f, expected) for expected in FULL_SET.values()))
    return next(holds, folders()[0])


def full_set_state():
    """Tell whether `load_mnist("full")` would read the full set, and say where, or why not.

    Returns
    -------
    is_there : bool
    words : str
        Without a full stop.
    """
    try:
        load_full()
    except (OSError, ValueError) as error:
        return False, str(error)
    return True, f"its 4 files lie in {full_set_folder()}"


def read_idx(folder, expected):
    """Read one IDX file, packed or not, whichever is good, and check every byte of it.

    Parameters
    ----------
    folder : pathlib.Path
    expected : IdxFile
        Name (the file's may differ, and it may lie up to two folders down: its contents tell),
        shape and SHA-256 of the unpacked contents.

    Returns
    -------
    ndarray of uint8, shape `expected.shape`

    Raises
    ------
    FileNotFoundError
        If it is not there.
    DataFileError
        If it cannot be read, is damaged, cut off, too long, or another file than it should be.
    """
    paths = paths_of(folder, expected)
    if not paths:
        raise FileNotFoundError(
            f"{expected.name} is neither in a folder that NNLIB_DATA names nor in your cache"
            f"{what_lies_in(folder)}; fetch the full set, once, with: python -m nnlib.data "
            "download, or go on with the sample: load_mnist()"
        )
    try:
        return read_published(paths[0], expected)
    except DataFileError:
        values = first_whole(paths[1:], expected)
        if values is None:
            raise
        return values


def first_whole(paths, expected):
    """Read the first of these files that holds the published bytes; None if none does."""
    for path in paths:
        with suppress(DataFileError):
            return read_published(path, expected)
    return None


def read_published(path, expected):
    """Read one file; DataFileError unless it holds the published bytes."""
    header = 4 + 4 * len(expected.shape)
    size = header + math.prod(expected.shape)
    data = contents(path, size + 1)
    if len(data) != size or hashlib.sha256(data).hexdigest() != expected.sha256:
        raise DataFileError(f"{path.name} {what_is_wrong(data, size, expected)}")
    return np.frombuffer(data, np.uint8, offset=header).reshape(expected.shape)


def what_is_wrong(data, size, expected):
    """Say in what the contents of a file differ from the published ones."""
    wanted = KINDS[bytes((0, 0, 8, len(expected.shape)))]
    found = KINDS.get(data[:4])
    if found is None:
        return why_no_idx(data)
    if found != wanted:
        return f"holds {found}, and {wanted} were expected; were two files confused?"
    shape = struct.unpack_from(f">{len(expected.shape)}I", data.ljust(16, b"\0"), 4)
    if shape != expected.shape:
        said, right = (" × ".join(f"{n:,}" for n in sizes) for sizes in (shape, expected.shape))
        hint = "is it the other set's file?" if shape[0] in (10_000, 60_000) else "copy it again"
        return f"says that it holds {said} values; {right} were expected; {hint}"
    if len(data) != size:
        found = f"{len(data):,} bytes" if len(data) < size else f"more than {size:,} bytes"
        return f"holds {found}; {size:,} were expected; copy it again"
    if wanted == "images" and 70 < np.frombuffer(data, np.uint8, offset=16).mean() < 76:
        return "holds clothes, not digits: it is Fashion-MNIST's; copy MNIST's own file"
    return (
        "has the right size but not the published contents (its SHA-256 differs); it is another "
        "data set or damaged: copy MNIST's own file"
    )


def why_no_idx(data):
    """Say what these bytes are, which do not begin as an IDX file of images or labels does."""
    if not data:
        return "is empty; copy it again"
    if data.lstrip()[:1] == b"<":
        return "is a web page, no data; download the file itself"
    if data[:4][::-1] in KINDS:
        return "has its bytes in the wrong order (little-endian); copy MNIST's own file"
    return f"is no IDX file (it begins with {data[:4].hex(' ')}); copy MNIST's own file"


def load_full():
    """Read the full set, 60,000 / 10,000; `load_mnist` describes the result."""
    only_on_a_computer("the full set")
    folder = full_set_folder()
    parts = {part: read_idx(folder, expected) for part, expected in FULL_SET.items()}
    return tuple(
        Digits(
            as_columns(parts[f"{name} images"].reshape(-1, 784)),
            parts[f"{name} labels"].astype(np.intp),
        )
        for name in ("train", "test")
    )
