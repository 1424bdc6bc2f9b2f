"""A page from before a module moved is told so: one sentence instead of a traceback.

This module is itself the last finder in `sys.meta_path`: Python asks it for what no other has.
"""

import sys

from nnlib.system.errors import NnlibError
from nnlib.system.failures import RUN

MOVED = {  # where pages of earlier versions look for what is now in a folder, or in another one
    "nnlib": "augmentation doctor errors files preprocessing threads vault",
    "nnlib.checks": "clinic doctor patients results",
}


class OldPageError(NnlibError, ImportError):
    """A page asks for a module where it no longer is."""

    def _render_traceback_(self):  # IPython shows this: the sentence alone
        return [str(self)]


def find_spec(name, path=None, target=None):
    """Raise OldPageError for a module that has moved; know nothing of all others."""
    package, _, module = name.rpartition(".")
    if module in MOVED.get(package, "").split():
        raise OldPageError(
            f"This page is older than the library: `{RUN} class update "
            f"{number_of_the_page()}` brings the new one with what you wrote."
        )


def number_of_the_page():
    """Find the number in the last `start("07")` of the cells that were run; "NN" without one."""
    cells = getattr(sys.modules["__main__"], "In", [""])  # the one that runs is the last
    _, found, rest = "\n".join(cells).rpartition('start("')
    return rest[:2] if found else "NN"
