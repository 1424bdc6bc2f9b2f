"""The wheel of nnlib that lies on the site: the library, with what it reads beside it."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from pathlib import Path

from kernel import compile_kernel

from nnlib.system.cells import not_run
from nnlib.system.pages import as_bytes

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
EPOCH = "315532800"  # 1980, the first year that a zip archive knows: no build differs by its date
SHIPPED = "nnlib/shipped"
SOURCES = ["pyproject.toml", "README.md", "LICENSE", "nnlib", "data"]


def write_wheel(folder):
    """Build the wheel into a folder and return its path; the same sources give the same bytes.

    Its name holds a hash of its contents, so that no cache can mix two editions of a site.
    """
    files = built() | shipped()
    digest = hashlib.sha256(repr(sorted(files.items())).encode()).hexdigest()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    path = folder / f"nnlib-{project['version']}-0{digest[:12]}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return path


def built():
    """Return {name: bytes} of the wheel that pip builds, from a copy without a trace of others."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, "copy")
        copy.mkdir()
        traces = shutil.ignore_patterns("__pycache__")
        for name in SOURCES:
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, copy / name, ignore=traces)
            else:
                shutil.copy(ROOT / name, copy)
        run_pip(copy, folder)
        with zipfile.ZipFile(next(Path(folder).glob("*.whl"))) as archive:
            return {name: archive.read(name) for name in archive.namelist()}


def run_pip(source, folder):
    """Let pip build a wheel with the setuptools that are installed; it asks no network."""
    pip = [sys.executable, "-m", "pip", "--no-input", "--disable-pip-version-check", "wheel"]
    options = ["--no-deps", "--no-build-isolation", "--no-index", "-w", folder, source]
    told = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "encoding": "utf-8"}
    env = {**os.environ, "SOURCE_DATE_EPOCH": EPOCH}
    done = subprocess.run([*pip, *options], env=env, errors="replace", **told)
    if done.returncode:
        sys.exit(f"pip could not build the wheel of nnlib: «{last_words(done.stdout)}».")


def last_words(output):
    """Return the last line of a failed command that speaks of an error, or else the last one."""
    lines = [line.strip() for line in output.splitlines() if line.strip()] or ["no word"]
    return next((line for line in reversed(lines) if "error" in line.lower()), lines[-1])


def shipped():
    """Return {name: bytes} of what lies beside the library."""
    lessons = sorted((ROOT / "notebooks").glob("*.ipynb"))
    files = {f"{SHIPPED}/notebooks/{it.name}": unrun(it.read_bytes()) for it in lessons}
    files[f"{SHIPPED}/slow_cells.csv"] = (HERE / "slow_cells.csv").read_bytes()
    # Pyodide's Matplotlib brings the list of another version and would look for fonts at each start
    files["matplotlib/fontlist.json"] = (HERE / "fontlist.json").read_bytes()
    return files | compiled()


def unrun(lesson):
    """Return a lesson with all its cells, so that they keep their numbers, and without outputs."""
    notebook = json.loads(lesson)
    return as_bytes(notebook | {"cells": [*map(not_run, notebook["cells"])]})


def compiled():
    """Return {name: bytes} of the loop for `@`, compiled for the browser."""
    with tempfile.TemporaryDirectory() as folder:
        return {f"{SHIPPED}/matmul.so": compile_kernel(folder).read_bytes()}
