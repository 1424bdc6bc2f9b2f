"""What all tests share: no window, one thread, no network, small networks with odd sizes."""

import os
import pathlib

os.environ["MPLBACKEND"] = "Agg"  # kernels set their own; this is for the test process
OFFLINE = str(pathlib.Path(__file__).with_name("offline"))
if OFFLINE not in os.environ.get("PYTHONPATH", ""):  # every kernel and subprocess gets the guard
    os.environ["PYTHONPATH"] = os.pathsep.join(
        filter(None, [OFFLINE, os.environ.get("PYTHONPATH")])
    )

import matplotlib.pyplot as plt  # noqa: E402
import numpy as np  # noqa: E402
import pytest  # noqa: E402

from nnlib.threads import one_blas_thread  # noqa: E402

one_blas_thread()


@pytest.fixture
def rng():
    """A random generator that starts the same in every test."""
    return np.random.default_rng(0)


@pytest.fixture(autouse=True)
def close_figures():
    """Close what a test drew."""
    yield
    plt.close("all")
