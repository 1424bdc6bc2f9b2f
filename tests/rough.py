"""What must hold after every bad input, whatever it was: `with nothing_lost(folder): …`."""

import collections
import hashlib
import os
import pathlib
import random
import warnings
from contextlib import contextmanager

import matplotlib
import numpy as np
import pytest

from nnlib.system import errors

OURS = (errors.DataFileError, errors.DownloadError, errors.ModelFileError, errors.PictureError)


TRIED = collections.Counter()  # what tests tried in loops, for the summary of the run


def mutated(data, rng, longest=50):
    """The data with a few bytes changed, cut out, put in, or taken from elsewhere."""
    TRIED["mutated files"] += 1
    data = bytearray(data)
    for _ in range(rng.integers(1, 4)):
        place, other = (int(n) for n in rng.integers(0, len(data), 2))
        match rng.integers(5):
            case 0:
                data[place] ^= 1 << int(rng.integers(8))
            case 1:
                data[place] = int(rng.integers(256))
            case 2:
                del data[place : place + int(rng.integers(1, longest))]
            case 3:
                data[place:place] = rng.bytes(int(rng.integers(1, 9)))
            case 4:
                data[place : place + longest] = data[other : other + longest]
    return bytes(data)


def hashes(folder):
    """The SHA-256 of every file in a folder, by name."""
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in pathlib.Path(folder).iterdir()
        if path.is_file()
    }


def global_state():
    """What no call may change."""
    name, key, *place = np.random.get_state()  # noqa: NPY002
    return (
        np.geterr(),
        (name, key.tobytes(), place),
        random.getstate(),
        os.getcwd(),
        list(warnings.filters),
        dict(matplotlib.rcParams),
        len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0,
    )


def times(folder):
    """When each file in a folder was last written, by name."""
    return {path.name: path.stat().st_mtime_ns for path in pathlib.Path(folder).iterdir()}


@contextmanager
def nothing_lost(folder):
    """Every file of the folder stays as it was, none is added, and the global state is the same."""
    files, written, state = hashes(folder), times(folder), global_state()
    yield
    assert hashes(folder) == files
    assert times(folder) == written
    assert global_state() == state


@contextmanager
def refused(kind, folder, *fragments, cause=None):
    """A bad input is refused with an error of ours, in words that help; nothing is lost by it.

    Where the error of a library stood behind it, `cause` names its type, or several.
    """
    with nothing_lost(folder), pytest.raises(kind) as caught:
        yield caught
    assert type(caught.value) in OURS, caught.value
    if cause:
        assert isinstance(caught.value.__cause__, cause), caught.value.__cause__
    text = str(caught.value)
    assert 0 < len(text.splitlines()) <= 5
    assert len(text) <= 500
    for word in (str(pathlib.Path.home()) + os.sep, str(folder), "allow_pickle", "Traceback"):
        assert word not in text
    for fragment in fragments:
        assert fragment in text, text
