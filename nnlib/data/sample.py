"""The sample: 5,000 real MNIST digits in one CSV file, one digit a line, its label first."""

import hashlib
import io

import numpy as np

from nnlib.data.digits import Digits, as_columns, contents, split_stratified
from nnlib.system.errors import DataFileError
from nnlib.system.places import shipped

SAMPLE = shipped("data") / "digits.csv.gz"
SAMPLE_SIZE = 9_146_274  # bytes of the CSV
SAMPLE_SHA256 = "27266a066021ab4a2b827a03692b2adb6b3711454725f9d2430cfed8e5e17f0e"  # of the CSV


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
    digits = Digits(as_columns(table[:, 1:]), table[:, 0].astype(np.intp))
    return split_stratified(digits, n_test_per_class=100)
