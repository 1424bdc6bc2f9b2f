"""The sample: 5,000 real MNIST digits in one CSV file, one digit a line, its label first."""

import hashlib
import io
import pathlib
from typing import NamedTuple

import numpy as np

from nnlib.errors import DataFileError
from nnlib.files import BROKEN, unpacked

SAMPLE = pathlib.Path(__file__).parents[2] / "data" / "digits.csv.gz"
SAMPLE_SIZE = 9_146_274  # bytes of the CSV
SAMPLE_SHA256 = "27266a066021ab4a2b827a03692b2adb6b3711454725f9d2430cfed8e5e17f0e"  # of the CSV


class Digits(NamedTuple):
    """Images and labels that belong together: column j of X shows the digit y[j]."""

    X: np.ndarray  # (784, m) float32, 0 (paper) … 1 (ink)
    y: np.ndarray  # (m,) integers 0 … 9


def as_columns(pixels):
    """Scale rows of bytes 0…255 to 0…1 and stand them up as columns.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (m, 784)
        One image a row.

    Returns
    -------
    ndarray of float32, shape (784, m)
        A transposed view: in memory each image stays in one piece, which makes taking some
        columns, X[:, batch], several times faster than from a copy laid out row by row.
    """
    return np.divide(pixels, np.float32(255), dtype=np.float32, order="C").T


def split_stratified(digits, n_test_per_class):
    """Keep the last digits of each class for the test set, both parts in their old order.

    Parameters
    ----------
    digits : Digits
    n_test_per_class : int
        How many of each class go into the test set.

    Returns
    -------
    train, test : Digits
        Copies with the memory layout of `as_columns`.
    """
    is_test = np.zeros(digits.y.size, dtype=bool)
    for label in np.unique(digits.y):
        is_test[np.flatnonzero(digits.y == label)[::-1][:n_test_per_class]] = True
    return tuple(Digits(digits.X[:, part], digits.y[part]) for part in (~is_test, is_test))


def contents(path, limit, advice="copy it again"):
    """Up to `limit` bytes of a file, unpacked if it is packed; DataFileError if that fails."""
    try:
        with unpacked(path) as file:
            return file.read(limit)  # no more: a small packed file may hold gigabytes
    except BROKEN as error:
        raise DataFileError(f"{path.name} is damaged or cut off; {advice}") from error
    except OSError as error:
        raise DataFileError(f"{path.name} is unreadable ({error.strerror}); {advice}") from error


def load_sample(path=SAMPLE):
    """Read the sample and split it 4,000 / 1,000; `load_mnist` describes the result.

    Raises
    ------
    FileNotFoundError, DataFileError
        If the file is missing, or is not the one that belongs to this version.
    """
    if not path.exists():
        raise FileNotFoundError(
            f"{path.name} is not in the folder data/ beside nnlib/; "
            "get the project again, or restore that file with: git checkout data"
        )
    advice = "restore it with: git checkout data"
    text = contents(path, SAMPLE_SIZE + 1, advice)
    if hashlib.sha256(text).hexdigest() != SAMPLE_SHA256:
        raise DataFileError(f"{path.name} is not our sample (its SHA-256 differs); {advice}")
    table = np.loadtxt(io.BytesIO(text), dtype=np.uint8, delimiter=",", skiprows=1)
    digits = Digits(as_columns(table[:, 1:]), table[:, 0].astype(np.int64))
    return split_stratified(digits, n_test_per_class=100)
