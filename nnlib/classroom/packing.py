"""What a bundle for a class holds: files of the project, pages for learners, a README of its own.

Every link in it leads somewhere; what led elsewhere is words that say so.
"""

import json
import pathlib
import platform
import posixpath
import re
import string
import sys
import tomllib

from nnlib.system.cells import has_tag, title_of, unmarked
from nnlib.system.pages import as_bytes, without_answers

FILES = (  # of the project, beside the lessons
    "LICENSE",
    "data/*.csv.gz",
    "data/*.npz",
    "data/README.md",
    "data/records/*.csv",
    "docs/elsewhere.md",
    "docs/glossary.md",
    "docs/notation.md",
    "docs/security.md",
    "locks/lab.lock",
    "nnlib/**/*.css",
    "nnlib/**/*.csv",
    "nnlib/**/*.html",
    "nnlib/**/*.j2",
    "nnlib/**/*.js",
    "nnlib/**/*.md",
    "nnlib/**/*.py",
    "nnlib/**/*.txt",
    "pyproject.toml",
    "run.py",
)
SAYS_SOLUTIONS = {  # what a lesson says of solutions, and what it says without them
    "what may be wrong, with hints, and with a solution to unfold": "what may be wrong, with hints",
}
VERSION = "{}.{}".format(*sys.version_info)
THIS_COMPUTER = f"Python {VERSION} on {platform.system()} ({platform.machine()})"
ONLINE = (
    "The first start fetches what the lessons need into this folder (one to three minutes, about\n"
    "0.5 GB); after that it takes seconds and works without a network."
)
OFFLINE = (
    "What the lessons need lies in `wheels/`, for {}: no start needs a network, and the first one\n"
    "takes a minute or two and 0.5 GB of disk. On any other computer remove `wheels/` first; the\n"
    "first start then fetches what that one needs."
)
SOLUTIONS = {
    False: "The lessons come without the solutions of their exercises; your teacher has them.",
    True: "The lessons come with the solutions of their exercises, folded.",
}
LINK = re.compile(r"!?\[([^\[\]]+)\]\(([^()\s]+)\)")


def files_of_bundle(root, lessons, with_solutions=False, wheels=()):
    """Return everything that a bundle holds.

    Parameters
    ----------
    root : pathlib.Path
        The folder of the project.
    lessons : list of pathlib.Path
    with_solutions : bool, default False
    wheels : list of pathlib.Path, default ()
        Packages to install without a network.

    Returns
    -------
    dict
        {name in the archive: bytes, or the path of a wheel}.
    """
    files = {name: (root / name).read_bytes() for name in project_files(root)}
    pages = {f"notebooks/{p.name}": for_class(p.read_bytes(), with_solutions) for p in lessons}
    files["README.md"] = readme(root, pages, with_solutions, wheels).encode()
    names = {*files, *pages}
    for name in [name for name in files if name.endswith(".md")]:
        files[name] = without_dead_links(files[name].decode(), name, names).encode()
    for name, page in pages.items():
        files[name] = as_bytes(page | {"cells": [live_cell(c, name, names) for c in page["cells"]]})
    return files | {f"wheels/{wheel.name}": wheel for wheel in wheels}


def project_files(root):
    """List the names of the project's files that go into a bundle, without the lessons."""
    found = {path for pattern in FILES for path in root.glob(pattern) if path.is_file()}
    return sorted(path.relative_to(root).as_posix() for path in found)


def for_class(data, with_solutions):
    """Return a lesson as a class gets it: nothing run, for no teacher, solutions only if asked."""
    page = json.loads(without_answers(data))
    kept = [c for c in page["cells"] if with_solutions or not has_tag(c, "solution")]
    if not with_solutions:
        kept = [silent_on_solutions(cell) for cell in kept]
    return page | {"cells": [unmarked(cell) for cell in kept]}


def silent_on_solutions(cell):
    """Return a cell that does not promise a solution."""
    text = "".join(cell["source"])
    for said, instead in SAYS_SOLUTIONS.items():
        text = text.replace(said, instead)
    return cell | {"source": text}


def live_cell(cell, name, names):
    """Return a cell of a file whose links into the project lead somewhere."""
    if cell["cell_type"] != "markdown":
        return cell
    return cell | {"source": without_dead_links("".join(cell["source"]), name, names)}


def without_dead_links(text, name, names):
    """Return Markdown in which a link to what is not in the bundle is words that say so.

    Parameters
    ----------
    text : str
    name : str
        Of the file that holds it, in the bundle.
    names : set of str
        All files of the bundle.
    """

    def kept(found):
        words, target = found[1], found[2].split("#")[0]
        path = posixpath.normpath(posixpath.join(posixpath.dirname(name), target))
        is_ours = re.search(r"/|\.\w+$", target) and not re.match(r"\w+:", target)
        is_there = path in names or any(other.startswith(f"{path}/") for other in names)
        return f"{words} (not in this bundle)" if is_ours and not is_there else found[0]

    return LINK.sub(kept, text)


# ---- what its README says ----


def readme(root, pages, with_solutions, wheels):
    """Return the text of a bundle's README.md."""
    template = pathlib.Path(__file__).with_name("bundle_readme.txt").read_text(encoding="utf-8")
    rows = [f"| {title_row(name, page)} |" for name, page in pages.items()]
    return string.Template(template).substitute(
        pythons=VERSION if wheels else pythons(root),
        start=OFFLINE.format(THIS_COMPUTER) if wheels else ONLINE,
        solutions=SOLUTIONS[with_solutions],
        first=min(pages).removeprefix("notebooks/")[:2],
        lessons="\n".join(["| no. | lesson |", "|---|---|", *rows]),
    )


def title_row(name, page):
    """Return the number of a lesson and its title, which links to it."""
    return f"{name.removeprefix('notebooks/')[:2]} | [{title_of(page['cells'])}]({name})"


def pythons(root):
    """Return which versions of Python the project knows: "3.11, 3.12 or 3.14"."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    first, end = re.findall(r"3\.(\d+)", project["requires-python"])
    *others, last = (f"3.{minor}" for minor in range(int(first), int(end)))
    return f"{', '.join(others)} or {last}"
