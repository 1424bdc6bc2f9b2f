"""Where we are: what travels with nnlib, in a project or an installed wheel; in a hub or not."""

import os
import pathlib
import shlex

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


def folder_named(variable):
    """Return the folder that an environment variable names.

    Not every terminal takes away the quotes around it, or puts the home folder in for "~".

    Parameters
    ----------
    variable : str

    Returns
    -------
    pathlib.Path or None
        None if it names nothing.
    """
    named = os.environ.get(variable, "").strip(" \t\"'“”„’")
    return pathlib.Path(os.path.expanduser(os.path.expandvars(named))) if named else None


def as_word(path, is_windows=os.name == "nt"):
    """Return a path as it is typed in a terminal: one word, whatever signs are in it."""
    return f'"{path}"' if is_windows else shlex.quote(str(path))


def in_hub():
    """Tell whether this runs in a hub, such as Binder, where JupyterLab is there already."""
    return any(name.startswith("JUPYTERHUB_") for name in os.environ)
