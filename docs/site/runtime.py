"""What runs in the browser: Pyodide, by the hashes of the lock that was tested, and our wheels."""

import base64
import hashlib
import json
import os
import re
import shutil
import sys
import urllib.request
from pathlib import Path

from library import HERE, write_wheel

from nnlib.system.pages import write_json

KERNEL = "@jupyterlite/pyodide-kernel-extension:kernel"
KERNELS_OWN = "share/jupyter/labextensions/@jupyterlite/pyodide-kernel-extension/static/pypi"
PYODIDE = json.loads((HERE / "pyodide.json").read_text(encoding="utf-8"))
OURS = json.loads((HERE / "wheels.json").read_text(encoding="utf-8"))  # what Pyodide's lacks


def write_runtime(folder, wheels, offline):
    """Fill the folder that the kernel starts from: a lock, our wheels, and Pyodide if offline."""
    folder.mkdir(parents=True)
    for path in [*wheels.glob("*.whl"), *Path(sys.prefix, KERNELS_OWN).glob("*.whl")]:
        if name_of(path) in OURS:
            shutil.copy(path, folder)
    write_wheel(folder)
    entries = [entry(path) for path in sorted(folder.glob("*.whl"))]
    if offline:
        copy_pyodide(folder)
    else:
        write_json(folder / "core.json", core())
        shutil.copy(HERE / "from_cdn.js", folder)
    write_json(folder / "pyodide-lock.json", lock(entries, "" if offline else PYODIDE["address"]))


def entry(path):
    """Describe a wheel of ours, as Pyodide's lock does."""
    return {
        "name": name_of(path),
        "version": path.name.split("-")[1],
        "file_name": path.name,
        "sha256": sha256(path.read_bytes()),
        "install_dir": "site",
        "package_type": "package",
        "unvendored_tests": False,
        **OURS[name_of(path)],
    }


def name_of(path):
    """Return the name of a wheel's package as a lock writes it."""
    return re.sub(r"[-_.]+", "-", path.name.split("-")[0]).lower()


def lock(entries, address):
    """Return Pyodide's lock: its own packages at an address, ours beside the lock."""
    theirs = {
        name: {**package, "file_name": address + package["file_name"]}
        for name, package in PYODIDE["packages"].items()
    }
    return {"info": PYODIDE["info"], "packages": theirs | {it["name"]: it for it in entries}}


def core():
    """Return where the core of Pyodide lies, and its hashes as browsers want them."""
    hashes = {
        name: "sha256-" + base64.b64encode(bytes.fromhex(digest)).decode()
        for name, digest in PYODIDE["core"].items()
    }
    return {"address": PYODIDE["address"], "hashes": hashes}


def files_of_pyodide():
    """Return {file name: SHA-256} of all that comes from Pyodide."""
    packages = PYODIDE["packages"].values()
    return PYODIDE["core"] | {package["file_name"]: package["sha256"] for package in packages}


def copy_pyodide(folder):
    """Put Pyodide into a folder, from NNLIB_PYODIDE or from the CDN; every hash is checked."""
    source = os.environ.get("NNLIB_PYODIDE")
    for name, wanted in files_of_pyodide().items():
        data = read_from(source, name) if source else download(name)
        if sha256(data) != wanted:
            sys.exit(
                f"{name} from {source or PYODIDE['address']} is not the file that was tested with "
                f"Pyodide {PYODIDE['info']['version']} (its SHA-256 differs): fetch it again."
            )
        (folder / name).write_bytes(data)


def read_from(source, name):
    """Read a file of Pyodide from the folder that NNLIB_PYODIDE names."""
    try:
        return Path(source, name).read_bytes()
    except OSError:
        sys.exit(
            f"NNLIB_PYODIDE names {source}, where {name} cannot be read: it needs the core of "
            f"Pyodide {PYODIDE['info']['version']} and each package in docs/site/pyodide.json."
        )


def download(name):
    """Fetch a file of Pyodide from the CDN."""
    try:
        with urllib.request.urlopen(PYODIDE["address"] + name, timeout=60) as answer:
            return answer.read()
    except OSError as error:
        sys.exit(
            f"{name} could not be fetched from {PYODIDE['address']} ({error}): connect this "
            "computer, or let NNLIB_PYODIDE name a folder that holds Pyodide."
        )


def sha256(data):
    """Return the SHA-256 of bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()
