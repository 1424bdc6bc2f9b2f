"""The full set: 60,000 + 10,000 digits in MNIST's own four IDX files, packed or not.

The format (LeCun, Cortes, Burges): big-endian integers, a magic number whose last byte counts the
dimensions, then the dimensions, then one byte a value.
"""

import gzip
import hashlib
import os
import pathlib
import zlib
from typing import NamedTuple

import numpy as np

from nnlib.data.sample import Digits, as_columns


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


def full_set_folder():
    """The folder that NNLIB_DATA names; FileNotFoundError with what to do if there is none."""
    folder = os.environ.get("NNLIB_DATA", "")
    if not folder or not pathlib.Path(folder).is_dir():
        found = "is not set" if not folder else "names no folder"
        raise FileNotFoundError(
            f"the full MNIST set was asked for, but the environment variable NNLIB_DATA {found}; "
            "put the four IDX files into a folder and set NNLIB_DATA to it, "
            "or go on with the sample: load_mnist()"
        )
    return pathlib.Path(folder)


def read_idx(folder, expected):
    """Read one IDX file, whole, and check every byte of it.

    Parameters
    ----------
    folder : pathlib.Path
    expected : IdxFile
        Name (the file may also end in .gz), shape and SHA-256 of the unpacked contents.

    Returns
    -------
    ndarray of uint8, shape `expected.shape`

    Raises
    ------
    FileNotFoundError, ValueError
    """
    packed, plain = folder / f"{expected.name}.gz", folder / expected.name
    if plain.exists():
        data = plain.read_bytes()
    elif packed.exists():
        data = unpack(packed)
    else:
        raise FileNotFoundError(
            f"{packed.name} is not in the folder that NNLIB_DATA names; all four files of MNIST "
            "must be there, packed (.gz) or not"
        )
    header = 4 + 4 * len(expected.shape)
    size = header + int(np.prod(expected.shape))
    if len(data) != size:
        raise ValueError(
            f"{expected.name} holds {len(data):,} bytes; {size:,} were expected; copy it again"
        )
    if hashlib.sha256(data).hexdigest() != expected.sha256:
        raise ValueError(
            f"{expected.name} has the right size but not the published contents (its SHA-256 "
            "differs); it is another data set or damaged: copy MNIST's own file"
        )
    return np.frombuffer(data, np.uint8, offset=header).reshape(expected.shape)


def unpack(path):
    """The contents of a .gz file; ValueError if it is damaged or cut off."""
    try:
        return gzip.decompress(path.read_bytes())
    except (OSError, EOFError, zlib.error) as error:
        raise ValueError(f"{path.name} is damaged or cut off; copy it again") from error


def load_full():
    """Read the full set, 60,000 / 10,000; `load_mnist` describes the result."""
    folder = full_set_folder()
    parts = {part: read_idx(folder, expected) for part, expected in FULL_SET.items()}
    return tuple(
        Digits(
            as_columns(parts[f"{name} images"].reshape(-1, 784)),
            parts[f"{name} labels"].astype(np.int64),
        )
        for name in ("train", "test")
    )
