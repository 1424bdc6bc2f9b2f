"""Build the browser edition: a folder that any static host can serve, or any static server at home.

usage: python docs/site/build.py --output _site [--offline]

`run.py site` calls this in the environment that it prepares. The Python that runs in the browser,
Pyodide, comes from the public CDN that pyodide.json names, each file by its hash. With --offline
the site carries it: from the folder that the environment variable NNLIB_PYODIDE names, or else
downloaded from there.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT))  # the rooms of nnlib that a build enters need no NumPy

import runtime  # noqa: E402
from landing import write_landing_page  # noqa: E402
from library import last_words  # noqa: E402
from reading import write_reading_pages  # noqa: E402

from nnlib.system.pages import copy_lesson, write_json  # noqa: E402

WHEELS = Path(sys.prefix) / "wheels"  # locks/browser.lock, fetched when the environment is made
CONTENTS = ["data", "nnlib", "docs", "benchmarks"]  # lessons link to files in all of these
APPS = ["lab", "notebooks", "edit", "tree"]  # the last two open what a lesson's page links to
# as JupyterLite is told: it would go by a packed file's inner name, which breaks the bytes, and
# by what the system that builds the site takes the others for
MIMETYPES = {
    ".csv": "text/csv",
    ".gz": "application/gzip",
    ".md": "text/markdown",
    ".npz": "application/octet-stream",
    ".py": "text/x-python",
}
# JupyterLite's worker forgets whether it may cache when the browser restarts it, and never keeps
# the list of files: without these two, a visit without a network would find nothing
WORKER = {
    "enableCache=!1;": 'enableCache=location.search.includes("enableCache=true");',
    't.pathname.includes("/api/")}': "/\\/api\\/(?!contents)/.test(t.pathname)}",
}


def main():
    """Build a new site beside the old one, and let it take its place when it is whole."""
    options = read_options()
    output = Path(os.path.abspath(options.output))
    if not may_replace(output):
        sys.exit(f"--output names {output}, which holds something else: name a new folder.")
    try:
        with tempfile.TemporaryDirectory(prefix=".site-", dir=output.parent) as folder:
            draft = Path(folder)
            build(draft, options)
            put_in_place(draft / "site", output, draft / "old")
    except OSError as error:
        sys.exit(f"The site could not be written ({error}): the one before, if any, stays.")


def may_replace(output):
    """Tell whether a folder is an earlier site of ours, or empty, or not there."""
    if not output.exists():
        return True
    ours = ("service-worker.js", "static/pyodide/pyodide-lock.json")
    if not output.is_dir():
        return False
    return not any(output.iterdir()) or all((output / name).exists() for name in ours)


def read_options():
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", default="_site", help="the folder of the site")
    parser.add_argument("--offline", action="store_true", help="the site carries Pyodide, too")
    parser.add_argument("--project", default="", help="an address where the project is to be had")
    return parser.parse_args()


def build(draft, options):
    """Build a site in the folder site/ of a draft."""
    write_settings(draft / "lite", options.offline)
    write_contents(draft / "contents")
    run_jupyterlite(draft)
    site = draft / "site"
    mend_mimetypes(site)
    mend_worker(site / "service-worker.js")
    runtime.write_runtime(site / "static" / "pyodide", WHEELS, options.offline)
    write_pages(site, options.project)


def write_settings(lite, offline):
    """Write the settings that JupyterLite builds with."""
    lite.mkdir(parents=True)
    settings = json.loads((HERE / "jupyter-lite.json").read_text(encoding="utf-8"))
    if offline:
        plugins = settings["jupyter-config-data"]["litePluginSettings"]
        plugins[runtime.KERNEL]["pyodideUrl"] = "./static/pyodide/pyodide.js"
    write_json(lite / "jupyter-lite.json", settings)
    shutil.copy(HERE / "overrides.json", lite)
    options = {
        "apps": APPS,
        "contents": [str(lite.parent / "contents")],
        "federated_extensions": [str(next(WHEELS.glob("anywidget-*.whl")))],
        "no_sourcemaps": True,
        "no_unused_shared_packages": True,
        "output_dir": str(lite.parent / "site"),
    }
    write_json(lite / "jupyter_lite_config.json", {"LiteBuildConfig": options})


def write_contents(folder):
    """Lay out what a learner sees: lessons as `run.py lab` copies them, and what they link to."""
    traces = shutil.ignore_patterns("__pycache__", ".*", "site")
    for name in CONTENTS:
        shutil.copytree(ROOT / name, folder / name, ignore=traces)
    (folder / "notebooks").mkdir()
    for lesson in sorted((ROOT / "notebooks").glob("*.ipynb")):
        copy_lesson(lesson, folder / "notebooks" / lesson.name)
    for name in ("README.md", "LICENSE", "CITATION.cff"):
        shutil.copy(ROOT / name, folder)


def run_jupyterlite(draft):
    """Let JupyterLite make the site; if it fails, its last words become the sentence."""
    command = [sys.executable, "-m", "jupyterlite_core", "build"]
    told = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "encoding": "utf-8"}
    done = subprocess.run(command, cwd=draft / "lite", errors="replace", **told)
    if done.returncode:
        sys.exit(f"JupyterLite could not build the site: «{last_words(done.stdout)}».")


def mend_mimetypes(site):
    """Say in the lists of files what each kind is, the same wherever the site is built."""
    for listing in (site / "api" / "contents").rglob("all.json"):
        tree = json.loads(listing.read_text(encoding="utf-8"))
        for file in tree["content"]:
            file["mimetype"] = MIMETYPES.get(Path(file["name"]).suffix, file["mimetype"])
        write_json(listing, tree)


def mend_worker(path):
    """Let the service worker keep what a visit without a network needs."""
    text = path.read_text(encoding="utf-8")
    for found, better in WORKER.items():
        if text.count(found) != 1:
            sys.exit(
                f"{path.name} of this JupyterLite has no «{found}»: look at WORKER in build.py."
            )
        text = text.replace(found, better)
    path.write_text(text, encoding="utf-8")


def write_pages(site, project):
    """Write the pages that open without Python."""
    lessons = sorted((ROOT / "notebooks").glob("*.ipynb"))
    write_reading_pages(lessons, site)
    write_landing_page(lessons, site, project)


def put_in_place(site, output, old):
    """Let a site that is whole take the place of the old one, which moves away."""
    if output.exists():
        output.rename(old)
    site.rename(output)


if __name__ == "__main__":
    main()
