"""bundle: the lessons for a class in one zip archive, without what answers and without what is run.

The same project gives the same bytes, whenever and under whatever rights it is packed; only
another library zlib, as other systems and Pythons bring it, may compress the same files otherwise.
"""

import pathlib
import re
import tempfile
import zipfile

from nnlib.classroom.command import Command, option
from nnlib.classroom.packing import THIS_COMPUTER, files_of_bundle
from nnlib.classroom.solutions import solved_lesson
from nnlib.classroom.wheels import download_wheels
from nnlib.system.errors import ClassroomError
from nnlib.system.files import replacing
from nnlib.system.lessons import lesson_files, lessons_named
from nnlib.system.places import PACKAGE
from nnlib.system.venv import may_write
from nnlib.views.words import counted

FOLDER = "lessons"  # what the archive unpacks to
PACKED = (".gz", ".npz", ".whl")  # would not become smaller
RANGE = re.compile(r"(\w+)-(\w+)")
SAID = (
    "{}: {}, {:.1f} MB, {} solutions, nothing run, no remarks for teachers. "
    "It is discreet, not secret: what judges the answers lies in it, in nnlib/checks."
)
SAID_WHEELS = "It brings {} for {}; on any other computer wheels/ is to be removed first."


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
    elif not may_write(out.absolute().parent):
        wrong = f"{out.absolute().parent.name} may not be written: name another folder"
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
    for lesson in lessons if options.with_solutions else ():
        solved_lesson(lesson)  # raises if that is not how they lie here
    with tempfile.TemporaryDirectory(dir=out.absolute().parent) as folder:
        wheels = download_wheels(root, pathlib.Path(folder)) if options.wheels else []
        files = files_of_bundle(root, lessons, options.with_solutions, wheels)
        write_archive(out, files)
    solutions, size = "with" if options.with_solutions else "without", out.stat().st_size / 1e6
    print(SAID.format(out.name, counted(len(lessons), "lesson"), size, solutions))
    if wheels:
        print(SAID_WHEELS.format(counted(len(wheels), "package"), THIS_COMPUTER))


ABOUT_WHEELS = (
    "add what the first start would fetch, about 110 MB, for computers like this one that have no "
    "network"
)
COMMAND = Command(
    "pack the lessons for a class into one zip archive: not run, without remarks for teachers",
    bundle,
    (
        option("out", metavar="OUT.zip", help="the archive; one of that name is replaced"),
        option("--lessons", action="append", metavar="NN", help="00-07, or 01,04; else all"),
        option("--with-solutions", action="store_true", help="folded, as in the lessons"),
        option("--wheels", action="store_true", help=ABOUT_WHEELS),
    ),
)
