"""Wheels: what the first start would fetch, for a stick that brings it where no network is."""

import subprocess
import sys

from nnlib.system.errors import ClassroomError
from nnlib.system.preparing import HASHED

PIP = (sys.executable, "-m", "pip", "--no-input", "--disable-pip-version-check", "download")


def download_wheels(root, folder):
    """Fetch the wheels of the lab's lock for this computer and this Python.

    Parameters
    ----------
    root : pathlib.Path
        The folder of the project.
    folder : pathlib.Path
        Where to; it exists.

    Returns
    -------
    list of pathlib.Path

    Raises
    ------
    ClassroomError
        If they do not come.
    """
    print("Fetching the packages of the lab, about 110 MB …", flush=True)
    command = [*PIP, "--no-deps", *HASHED, "-r", root / "locks" / "lab.lock", "-d", folder]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", errors="replace")
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if "ERROR" in line] or ["no word"]
        raise ClassroomError(
            f"the packages could not be fetched («{lines[-1].strip()}»), so nothing was written: "
            "see to the network, or leave out --wheels"
        )
    return sorted(folder.glob("*.whl"))
