"""What is different when Python runs in the page of a browser: all of it stands here, with why.

There the site brings the page, nnlib and every package along; one thread does everything, NumPy
has no fast library for matrix products, and the kernel is not the one that JupyterLab starts.
"""

import csv
import pathlib
import sys

from tqdm import tqdm

from nnlib.system.failures import RUN
from nnlib.system.matmul import use_kernel
from nnlib.system.places import shipped

IN_BROWSER = sys.platform == "emscripten"  # what WebAssembly's C library is called
BEGIN_AGAIN = (  # how a page gets a fresh start with everything in place
    "reload the page" if IN_BROWSER else f"close JupyterLab and start it with: {RUN} lab"
)


def settle():
    """Make up for what Python in a browser lacks; elsewhere do nothing."""
    if IN_BROWSER:
        tqdm.monitor_interval = 0  # its monitor is a thread, and none can be started
        use_kernel(shipped("matmul.so"))  # else a full batch takes forty times as long


def has_widget_manager():
    """Tell whether JupyterLab can show sliders and buttons; a site has it built in."""
    extensions = pathlib.Path(sys.prefix, "share/jupyter/labextensions")
    return IN_BROWSER or (extensions / "@jupyter-widgets").is_dir()


def message_of_cell(shell):
    """Find the message with which the front end asked for the cell that runs.

    Parameters
    ----------
    shell : IPython shell or None

    Returns
    -------
    dict
        Empty outside a notebook. In a browser the kernel has it, not the shell.
    """
    for one in (shell, getattr(shell, "kernel", None)):
        if hasattr(one, "get_parent"):
            return one.get_parent()
    return {}


def only_on_a_computer(what):
    """Raise FileNotFoundError for data that a site does not carry; elsewhere do nothing."""
    if IN_BROWSER:
        raise FileNotFoundError(
            f"{what} is not part of the browser edition; go on with the sample, load_mnist(), or "
            f"run the lessons on a computer: {RUN} lab"
        )


def slow_cells(lesson):
    """List the cells of a lesson that take long here: {number of the cell: seconds}.

    They were measured when the site was last timed; at home no cell takes ten seconds.
    """
    if not IN_BROWSER:
        return {}
    with open(shipped("slow_cells.csv"), encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["lesson"] == lesson]
    return {int(row["cell"]): float(row["seconds"]) for row in rows}
