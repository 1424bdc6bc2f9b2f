"""How long the digits take to load, and how much memory: python -m benchmarks.loading

Each load runs in a process of its own, several times; the best counts. The full training set is
also written as a CSV file, as Kaggle has it, into a temporary folder, and read back from there; so
are photos as large as phones take them.
"""

import os
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
from PIL import Image

from nnlib.data import load_mnist
from nnlib.data.preprocessing import draw

PROGRAM = """
import resource, sys, time
from nnlib.data import load_mnist
begun = time.perf_counter()
load_mnist(sys.argv[1])
seconds = time.perf_counter() - begun
unit = 2**20 if sys.platform == "darwin" else 2**10  # bytes there, kilobytes elsewhere
print(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit)
"""
CSV_PROGRAM = """
import resource, sys, time
from nnlib.data import load_csv
unit = 2**20 if sys.platform == "darwin" else 2**10
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
begun = time.perf_counter()
digits = load_csv(sys.argv[1])
seconds = time.perf_counter() - begun
peak = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / unit
print(seconds, peak - (digits.X.nbytes + digits.y.nbytes) / 2**20)
"""
PHOTO_PROGRAM = """
import resource, sys, time
from nnlib.data.pictures import read_picture
unit = 2**20 if sys.platform == "darwin" else 2**10
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
begun = time.perf_counter()
assert read_picture(sys.argv[1]).any()
seconds = time.perf_counter() - begun
print(seconds, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / unit)
"""
PHOTO_AIM = (0.3, 150)  # seconds, MB beyond what the process had
CSV_AIM = (8.0, 150)  # seconds, MB above the result
AIMS = {"sample": (0.5, None), "full": (2.0, 500)}  # seconds, MB


def measure(which, rounds=5, program=PROGRAM):
    """Best seconds and peak memory in MB of a process that loads a set."""
    results = []
    for _ in range(rounds):
        done = subprocess.run(
            [sys.executable, "-c", program, which], capture_output=True, text=True, check=True
        )
        results.append([float(number) for number in done.stdout.split()])
    return min(seconds for seconds, _ in results), max(peak for _, peak in results)


def write_csv(path):
    """The full training set as Kaggle's train.csv has it: label, pixel0 … pixel783."""
    train, _ = load_mnist("full")
    rows = np.column_stack([train.y, np.rint(train.X.T * 255).astype(np.uint8)])
    header = ",".join(["label", *(f"pixel{i}" for i in range(784))])
    np.savetxt(path, rows, fmt="%d", delimiter=",", header=header, comments="")


def write_photo(path, millions):
    """A photo of so many million pixels, as a phone stores it: a 4, with a camera's noise."""
    h, w = round((millions * 0.75e6) ** 0.5), round((millions / 0.75 * 1e6) ** 0.5)
    four = draw([[(40, 20), (35, 75), (100, 75)], [(85, 25), (80, 125)]])
    page = Image.fromarray((230 - 180 * four).astype(np.uint8)).resize((w, h))
    noise = np.random.default_rng(0).integers(0, 8, (h, w), dtype=np.uint8)
    Image.fromarray(np.asarray(page) - noise).convert("RGB").save(path, "JPEG", quality=80)


def in_own_process(call):
    """Run a call of this module elsewhere: a child begins with the peak memory of its parent."""
    code = f"from benchmarks import loading; loading.{call}"
    subprocess.run([sys.executable, "-c", code], check=True)


def photos(folder):
    """Print what photos of 12, 24 and 48 million pixels take."""
    for millions in (12, 24, 48):
        path = pathlib.Path(folder) / f"{millions}.jpg"
        in_own_process(f"write_photo({str(path)!r}, {millions})")
        seconds, above = measure(str(path), program=PHOTO_PROGRAM)
        size = f"{millions} MP, {path.stat().st_size / 1e6:.1f} MB"
        limits = f"(< {PHOTO_AIM[0]}) | {above:5.0f} MB beyond (< {PHOTO_AIM[1]} MB)"
        print(f"photo  | {seconds:6.3f} {limits}, {size}")


def main():
    """Print the table; the full set only if NNLIB_DATA names its folder."""
    print("set    | seconds (aim) | peak memory of the process (aim)")
    for which, (aim, memory) in AIMS.items():
        if which == "full" and not os.environ.get("NNLIB_DATA"):
            print("full   | NNLIB_DATA names no folder")
            continue
        seconds, peak = measure(which)
        limit = f"(< {memory} MB)" if memory else ""
        print(f"{which:6s} | {seconds:6.3f} (< {aim}) | {peak:5.0f} MB {limit}")
    with tempfile.TemporaryDirectory() as folder:
        photos(folder)
        if os.environ.get("NNLIB_DATA"):
            path = pathlib.Path(folder) / "train.csv"
            in_own_process(f"write_csv({str(path)!r})")
            seconds, above = measure(str(path), rounds=3, program=CSV_PROGRAM)
            limits = f"(< {CSV_AIM[0]}) | {above:5.0f} MB above the result (< {CSV_AIM[1]} MB)"
            print(f"CSV    | {seconds:6.3f} {limits}")


if __name__ == "__main__":
    main()
