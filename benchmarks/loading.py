"""How long the digits take to load, and how much memory: python -m benchmarks.loading

Each load runs in a process of its own, several times; the best counts.
"""

import os
import subprocess
import sys

PROGRAM = """
import resource, sys, time
from nnlib.data import load_mnist
begun = time.perf_counter()
load_mnist(sys.argv[1])
seconds = time.perf_counter() - begun
unit = 2**20 if sys.platform == "darwin" else 2**10  # bytes there, kilobytes elsewhere
print(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit)
"""
AIMS = {"sample": (0.5, None), "full": (2.0, 500)}  # seconds, MB


def measure(which, rounds=5):
    """Best seconds and peak memory in MB of a process that loads a set."""
    results = []
    for _ in range(rounds):
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM, which], capture_output=True, text=True, check=True
        )
        results.append([float(number) for number in done.stdout.split()])
    return min(seconds for seconds, _ in results), max(peak for _, peak in results)


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


if __name__ == "__main__":
    main()
