"""What all sources of digits share: images and labels that belong together, as columns."""

from typing import NamedTuple

import numpy as np

from nnlib.system.errors import DataFileError
from nnlib.system.files import BROKEN, unpacked


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
    """Read up to `limit` bytes of a file, unpacked if it is packed; DataFileError if that fails."""
    try:
        with unpacked(path) as file:
            return file.read(limit)  # no more: a small packed file may hold gigabytes
    except BROKEN as error:
        raise DataFileError(f"{path.name} is damaged or cut off; {advice}") from error
    except OSError as error:
        raise DataFileError(f"{path.name} is unreadable ({error.strerror}); {advice}") from error
