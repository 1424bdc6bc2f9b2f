"""Where the files lie that travel with nnlib: in the project's folder, or in an installed wheel."""

import pathlib
import sys

PACKAGE = pathlib.Path(__file__).parents[1]


def shipped(name):
    """Find a file or folder of the project, such as "data", from wherever nnlib is imported.

    Parameters
    ----------
    name : str

    Returns
    -------
    pathlib.Path
        Inside nnlib, where a wheel carries it; else beside nnlib, in the project's folder.
    """
    inside = PACKAGE / "shipped" / name
    return inside if inside.exists() else PACKAGE.parent / name


def belongs(page):
    """Tell whether a page in this folder goes with this nnlib: one of its project, or of any place.

    So does a copy that is shown as an app, among the files of the environment.

    An nnlib that was installed from a wheel has its data with it, and goes with every page.
    """
    ours = (PACKAGE.parent, sys.prefix)
    return (PACKAGE / "shipped").is_dir() or any(map(page.is_relative_to, ours))
