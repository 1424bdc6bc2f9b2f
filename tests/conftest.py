"""What all tests share: no window, one thread, no network, small networks with odd sizes."""

import importlib.util
import os
import pathlib
import subprocess
import sys

os.environ["MPLBACKEND"] = "Agg"  # kernels set their own; this is for the test process
OFFLINE = str(pathlib.Path(__file__).with_name("offline"))
if OFFLINE not in os.environ.get("PYTHONPATH", ""):  # every kernel and subprocess gets the guard
    os.environ["PYTHONPATH"] = os.pathsep.join(
        filter(None, [OFFLINE, os.environ.get("PYTHONPATH")])
    )

import matplotlib.pyplot as plt  # noqa: E402
import numpy as np  # noqa: E402
import pytest  # noqa: E402
from chromium import CHROMIUM  # noqa: E402
from lessons import ROOT  # noqa: E402

from nnlib.system import files  # noqa: E402
from nnlib.system.threads import one_blas_thread  # noqa: E402

one_blas_thread()


@pytest.fixture(scope="module")
def maintain():
    """docs/maintain.py, which reads the tags and writes the map."""
    spec = importlib.util.spec_from_file_location("maintain", ROOT / "docs" / "maintain.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The browser edition with Pyodide in it, built once as `run.py site` does; its folder."""
    if not os.environ.get("NNLIB_PYODIDE"):
        pytest.skip(
            "NO TEST OF THE BROWSER EDITION RAN: `python3 run.py site --offline --output "
            "_site-offline` fetches Pyodide; let NNLIB_PYODIDE name _site-offline/static/pyodide"
        )
    if not CHROMIUM:
        pytest.skip("NO TEST OF THE BROWSER EDITION RAN: install chromium")
    folder = tmp_path_factory.mktemp("site") / "mit Leerzeichen ü"
    command = [sys.executable, ROOT / "run.py", "site", "--offline", "--output", folder]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=1800)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture
def rng():
    """A random generator that starts the same in every test."""
    return np.random.default_rng(0)


@pytest.fixture
def quick(monkeypatch):
    """Draw, but make no PNG of it."""
    write = "matplotlib.backends.backend_agg.FigureCanvasAgg.print_png"
    monkeypatch.setattr(write, lambda *_, **__: None)


@pytest.fixture
def full_disk(monkeypatch):
    """Let every draft fail once it should be stored; call it to make room."""

    def fail(_number):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", fail)
    return monkeypatch.undo


@pytest.fixture(autouse=True)
def close_figures():
    """Close what a test drew."""
    yield
    plt.close("all")


DOORS = {  # what the summary counts: tests by the beginning of their names
    "damaged CSV files": ["test_data_csv.py::test_a_damaged_file"],
    "damaged IDX files": ["test_data_idx.py::test_a_damaged_file"],
    "faults of servers": ["test_data_download.py::test_a_bad_server"],
    "bad pictures": ["test_data_pictures.py::test_a_picture_that_cannot_be_read"],
    "bad model files": ["test_storage.py::test_a_bad_file"],
    "hostile pickles": ["test_storage_legacy_pickle.py::test_a_bad_pickle"],
    "faulted saves": ["test_storage_faults.py::test_the_old_file_survives"],
}


def pytest_terminal_summary(terminalreporter):
    """Say how many bad inputs of each kind were refused without a loss."""
    passed = [report.nodeid for report in terminalreporter.stats.get("passed", ())]
    counts = {
        what: sum(name in nodeid for nodeid in passed for name in names)
        for what, names in DOORS.items()
    } | dict(sys.modules["rough"].TRIED if "rough" in sys.modules else {})
    said = ", ".join(f"{count:,} {what}" for what, count in counts.items() if count)
    if said:
        terminalreporter.write_line(f"refused without a loss: {said}")
