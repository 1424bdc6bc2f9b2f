"""Digits come in here: the sample that travels with the lessons, or the full MNIST set.  Lesson 01.

>>> train, test = load_mnist()
>>> train.X.shape, test.X.shape
((784, 4000), (784, 1000))
"""

from nnlib.data.csv_file import load_csv
from nnlib.data.digits import Digits, as_columns, split_stratified
from nnlib.data.idx import FULL_SET, load_full
from nnlib.data.records import TRAINED, record
from nnlib.data.sample import SAMPLE, load_sample
from nnlib.losses import one_hot  # noqa: F401 - pages of before look for it here

__all__ = [
    "FULL_SET",
    "SAMPLE",
    "TRAINED",
    "Digits",
    "as_columns",
    "load_csv",
    "load_mnist",
    "record",
    "split_stratified",
]


def load_mnist(which="sample"):
    """Load handwritten digits, split into a training set and a test set.

    Parameters
    ----------
    which : {"sample", "full"}, default "sample"
        "sample": 5,000 digits that travel with the lessons, split 4,000 / 1,000, every class
        400 / 100. "full": the 60,000 / 10,000 of MNIST, from the folder that the environment
        variable NNLIB_DATA names, or from the cache that `python -m nnlib.data download` fills.

    Returns
    -------
    train, test : Digits
        `X` (784, m), float32 in 0…1, the transposed view of row-major images (so a column, one
        image, is contiguous in memory); `y` (m,), integers 0…9. The same digits in the same
        order every time.

    Raises
    ------
    FileNotFoundError
        If a file is not there; the text says what to do.
    ValueError
        If `which` is neither name, or if a file does not hold the published bytes.
    """
    if which == "sample":
        return load_sample()
    if which == "full":
        return load_full()
    raise ValueError(f'load_mnist knows "sample" and "full"; got {which!r}')
