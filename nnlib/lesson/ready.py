"""Has this kernel what the lessons need? One line each, and how to mend it.  Lesson 00.

What is wrong with a *training run* is the business of `nnlib.clinic.doctor`.
"""

import importlib.util
import pathlib
import sys

from threadpoolctl import threadpool_info

from nnlib.data import TRAINED, load_mnist
from nnlib.storage import load_network
from nnlib.system.browser import BEGIN_AGAIN, has_widget_manager
from nnlib.system.errors import ModelFileError
from nnlib.system.failures import RUN
from nnlib.system.lessons import belongs
from nnlib.system.places import in_hub

PYTHONS = ((3, 11), (3, 14))  # the oldest and the newest that the lessons are tested with
IN_HUB = in_hub()
INSTALL = "ask the keeper of this hub to see docs/hub.md" if IN_HUB else BEGIN_AGAIN
COPY = f"copy the lessons that go with it: {RUN} work DIR" if IN_HUB else BEGIN_AGAIN


def readiness_check():
    """Print a line for each thing that the lessons need: fine, or missing and what to do."""
    for what, is_fine, advice in CHECKS:
        print(f"✓ {what}" if is_fine() else f"✗ not so: {what}. What to do: {advice}")


def has_python():
    """Tell whether this Python is one of those that the lessons are tested with."""
    return PYTHONS[0] <= sys.version_info[:2] <= PYTHONS[1]


def is_ours():
    """Tell whether the page that runs is one of this `nnlib`, or a copy of one."""
    return belongs(pathlib.Path.cwd())


def has_digits():
    """Tell whether the 5,000 digits are the published ones."""
    try:
        return load_mnist() is not None
    except (OSError, ValueError):
        return False


def has_network():
    """Tell whether the trained network is there and whole."""
    try:
        return load_network(TRAINED) is not None
    except (OSError, ModelFileError):
        return False


def has_widgets():
    """Tell whether sliders and buttons can be made here and shown by JupyterLab."""
    made = all(map(importlib.util.find_spec, ("ipywidgets", "anywidget")))
    return made and has_widget_manager()


def has_one_thread():
    """Tell whether matrix products keep to one thread, so that runs repeat to the last bit."""
    return all(p["num_threads"] == 1 for p in threadpool_info() if p["user_api"] == "blas")


CHECKS = (
    ("Python is one that the lessons were tested with", has_python, INSTALL),
    ("this page and its library belong together", is_ours, COPY),
    (
        "the 5,000 digits are whole",
        has_digits,
        "restore them with: git checkout -- data (or install nnlib again)",
    ),
    (
        "the trained network is whole",
        has_network,
        "restore it with: git checkout -- data (or install nnlib again)",
    ),
    ("sliders and buttons can be shown", has_widgets, INSTALL),
    ("one thread, so that runs repeat", has_one_thread, "run the first gray cell of the page"),
)
