"""The sample: 5,000 real MNIST digits in one CSV file, one digit a line, its label first."""

import gzip
import hashlib
import io
import pathlib
import zlib
from typing import NamedTuple

import numpy as np

SAMPLE = pathlib.Path(__file__).parents[2] / "data" / "digits.csv.gz"
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
    return np.divide(pixels, np.float32(255), dtype=np.float32).T


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
        is_test[np.flatnonzero(digits.y == label)[-n_test_per_class:]] = True
    return tuple(Digits(digits.X[:, part], digits.y[part]) for part in (~is_test, is_test))


def load_sample(path=SAMPLE):
    """Read the sample and split it 4,000 / 1,000; `load_mnist` describes the result.

    Raises
    ------
    FileNotFoundError, ValueError
        If the file is missing, or is not the one that belongs to this version.
    """
    if not path.exists():
        raise FileNotFoundError(
            f"{path.name} is not in the folder data/ beside nnlib/; "
            "get the project again, or restore that file with: git checkout data"
        )
    try:
        text = gzip.decompress(path.read_bytes())
    except (OSError, EOFError, zlib.error) as error:
        raise ValueError(
            f"{path.name} is damaged or cut off; restore it with: git checkout data"
        ) from error
    if hashlib.sha256(text).hexdigest() != SAMPLE_SHA256:
        raise ValueError(
            f"{path.name} is not the sample that belongs to these lessons (its SHA-256 differs); "
            "restore it with: git checkout data"
        )
    table = np.loadtxt(io.BytesIO(text), dtype=np.uint8, delimiter=",", skiprows=1)
    digits = Digits(as_columns(table[:, 1:]), table[:, 0].astype(np.int64))
    return split_stratified(digits, n_test_per_class=100)
