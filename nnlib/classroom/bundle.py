"""bundle: the lessons for a class in one zip archive, without what answers and without what is run.

The same project gives the same bytes, whenever, wherever and under whatever rights it is packed.
"""

import json
import pathlib
import platform
import posixpath
import re
import string
import sys
import tempfile
import tomllib
import zipfile

from nnlib.classroom.command import Command, option
from nnlib.classroom.wheels import download_wheels
from nnlib.system.cells import has_tag, text_of, unmarked
from nnlib.system.errors import ClassroomError
from nnlib.system.files import replacing
from nnlib.system.lessons import lesson_files, lessons_named
from nnlib.system.pages import as_bytes, without_answers
from nnlib.system.places import PACKAGE
from nnlib.views.words import counted

FOLDER = "lessons"  # what the archive unpacks to
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
THIS_COMPUTER = f"Python {sys.version_info[0]}.{sys.version_info[1]} on {platform.system()} " + (
    f"({platform.machine()})"
)
ONLINE = (
    "The first start fetches what the lessons need into this folder (one to three minutes, about\n"
    "0.6 GB); after that it takes seconds and works without a network."
)
OFFLINE = (
    "What the lessons need lies in `wheels/`, for {}: no start needs a network, and the first one\n"
    "takes a minute or two and 0.6 GB of disk."
)
SOLUTIONS = {
    False: "The lessons come without the solutions of their exercises; your teacher has them.",
    True: "The lessons come with the solutions of their exercises, folded.",
}
SAID = (
    "{out}: {lessons}, {size:.1f} MB, {solutions} solutions, nothing run, no remarks for teachers. "
    "It is discreet, not secret: what judges the answers lies in it, in nnlib/checks."
)
SAID_WHEELS = "It brings {} for {}; other computers fetch theirs from the network."
PACKED = (".gz", ".npz", ".whl")  # would not become smaller
RANGE = re.compile(r"(\w+)-(\w+)")
LINK = re.compile(r"!?\[([^\[\]]+)\]\(([^()\s]+)\)")


# ---- what is in it ----


def contents(root, lessons, with_solutions=False, wheels=()):
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
        pythons="{}.{}".format(*sys.version_info) if wheels else pythons(root),
        start=OFFLINE.format(THIS_COMPUTER) if wheels else ONLINE,
        solutions=SOLUTIONS[with_solutions],
        first=min(pages).removeprefix("notebooks/")[:2],
        lessons="\n".join(["| no. | lesson |", "|---|---|", *rows]),
    )


def title_row(name, page):
    """Return the number of a lesson and its title, which links to it."""
    title = text_of(page["cells"][0]).splitlines()[0].removeprefix("# ")
    return f"{name.removeprefix('notebooks/')[:2]} | [{title}]({name})"


def pythons(root):
    """Return which versions of Python the project knows: "3.11, 3.12 or 3.13"."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    first, end = re.findall(r"3\.(\d+)", project["requires-python"])
    *others, last = (f"3.{minor}" for minor in range(int(first), int(end)))
    return f"{', '.join(others)} or {last}"


# ---- the archive ----


def write_archive(out, files):
    """Write files into a zip archive that is the same for the same files, whole or not at all.

    Parameters
    ----------
    out : pathlib.Path
    files : dict
        {name: bytes or pathlib.Path}.
    """
    with replacing(out) as file, zipfile.ZipFile(file, "w") as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(f"{FOLDER}/{name}")  # of 1980, as long as nobody says else
            entry.create_system, entry.external_attr = 3, 0o100644 << 16
            is_packed = name.endswith(PACKED)
            entry.compress_type = zipfile.ZIP_STORED if is_packed else zipfile.ZIP_DEFLATED
            data = files[name] if isinstance(files[name], bytes) else files[name].read_bytes()
            archive.writestr(entry, data, compresslevel=9)


def check_place(out):
    """Raise ClassroomError if an archive cannot, or should not, be written there."""
    wrong = ""
    if out.suffix.lower() != ".zip":
        wrong = f"{out.name} is to be a zip archive: name it {out.stem or 'lessons'}.zip"
    elif not out.absolute().parent.is_dir():
        wrong = f"there is no folder {out.absolute().parent.name} for {out.name}: make it first"
    elif out.is_dir():
        wrong = f"{out.name} is a folder: name a file"
    elif out.exists() and not out.read_bytes()[:4].startswith(b"PK"):
        wrong = f"{out.name} is there and no zip archive, so it is not replaced: name another file"
    if wrong:
        raise ClassroomError(wrong)


# ---- the command ----


def lessons_between(words, files):
    """Find the lessons that a teacher names, one by one or as "00-07"; all for no word.

    Parameters
    ----------
    words : list of str
    files : list of pathlib.Path

    Returns
    -------
    list of pathlib.Path
        In their order, each once.
    """
    named, all_of_them = [], f"{files[0].name[:2]}-{files[-1].name[:2]}"
    said = re.sub(r"\s*[-–]\s*", "-", " ".join(words or [all_of_them]))
    for word in re.split(r"[,;\s]+", said):
        ends = RANGE.fullmatch(word)
        first, *last = lessons_named([*ends.groups()] if ends else [word], files)
        begin, end = files.index(first), files.index((last or [first])[0])
        if end < begin:
            raise ClassroomError(f"{word} ends before it begins: write it the other way round")
        named += files[begin : end + 1]
    return sorted({*named})


def bundle(options):
    """Write the archive that the options ask for, and say what is in it."""
    out, root = pathlib.Path(options.out), PACKAGE.parent
    check_place(out)
    lessons = lessons_between(options.lessons, lesson_files())
    with tempfile.TemporaryDirectory(dir=out.absolute().parent) as folder:
        wheels = download_wheels(root, pathlib.Path(folder)) if options.wheels else []
        files = contents(root, lessons, options.with_solutions, wheels)
        write_archive(out, files)
    print(
        SAID.format(
            out=out.name,
            lessons=counted(len(lessons), "lesson"),
            size=out.stat().st_size / 1e6,
            solutions="with" if options.with_solutions else "without",
        )
    )
    if wheels:
        print(SAID_WHEELS.format(counted(len(wheels), "package"), THIS_COMPUTER))


COMMAND = Command(
    "pack the lessons for a class into one zip archive: not run, without remarks for teachers",
    bundle,
    (
        option("out", metavar="OUT.zip", help="the archive; one of that name is replaced"),
        option(
            "--lessons", nargs="+", metavar="NN", help="such as 00-07 or 01 04 09; default: all"
        ),
        option("--with-solutions", action="store_true", help="folded, as in the lessons"),
        option(
            "--wheels",
            action="store_true",
            help="add what the first start would fetch, about "
            "110 MB, for computers like this one without a network",
        ),
    ),
)
