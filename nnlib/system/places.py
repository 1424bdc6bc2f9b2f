"""Where the files lie that travel with nnlib: in the project's folder, or in an installed wheel."""

import os
import pathlib

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

    An nnlib that was installed from a wheel has its data with it, and goes with every page.
    """
    return (PACKAGE / "shipped").is_dir() or page.is_relative_to(PACKAGE.parent)


def in_hub():
    """Tell whether this runs in a hub, such as Binder, where JupyterLab is there already."""
    return any(name.startswith("JUPYTERHUB_") for name in os.environ)
