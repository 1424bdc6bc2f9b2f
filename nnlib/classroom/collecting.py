"""What was handed in: the files in a folder or an archive, and whose they are.

Archives are read where they are, also archives in archives; nothing is unpacked onto the disk.
"""

import io
import itertools
import os
import re
import stat
import unicodedata
import zipfile
from typing import NamedTuple

from nnlib.classroom.handed import read_page
from nnlib.classroom.limits import LIMITS
from nnlib.system.errors import ClassroomError
from nnlib.system.files import not_there
from nnlib.system.lessons import lesson_files

RESULT = re.compile(r"(marks(\.bak\d*)?\.csv|overview(\.bak\d*)?\.html)")  # of marking
PLATFORMS = (  # what learning platforms make of a learner's name and a file's
    re.compile(
        r"(?P<name>.+?)_(?P<number>\d+)_assignsubmission_(?:file|onlinetext)(?:_.*)?"
    ),  # Moodle
    re.compile(r".+_(?P<name>[^_]+)_attempt_\d{4}(?:-\d\d){5}.*"),  # Blackboard
    re.compile(r"(?P<name>[^\W\d_]+)(?:_LATE)?_\d+_\d+_.+"),  # Canvas
)
COPIES = re.compile(  # of Windows, macOS, Jupyter and ours
    r"([ _-]*(\(\d+\)|(copy|kopie)( ?\d+)?|checkpoint|bak\d*))+$", re.IGNORECASE
)
GENERAL = re.compile(r"(work|notebooks?|lessons?|submissions?|hand-?ins?|homework|\d\d?)", re.I)


class Handed(NamedTuple):
    """A file that was handed in: whose, where it lies, and what is in it."""

    learner: str
    place: str  # as a teacher finds it again: "class.zip/Anna B/07_training.ipynb"
    page: object  # Page, or None
    fault: str  # why it is none
    remark: str = ""


def collect(source):
    """Find every page in a folder or an archive, and name every file that is none.

    Parameters
    ----------
    source : pathlib.Path

    Returns
    -------
    list of Handed
        By learner.

    Raises
    ------
    ClassroomError
        If there is no such folder or archive, or nothing in it.
    """
    if source.is_dir():
        files = files_in_folder(source)
    elif zipfile.is_zipfile(source):
        files = files_in_archive(source, (), 1)
    else:
        raise ClassroomError(
            f"{source.name} is no folder and no zip archive: name what your platform gives"
            if source.exists()
            else not_there(source)
        )
    read = [
        (composed(parts or (source.name,)), *page_or_fault(data, fault))
        for parts, data, fault in files
    ]
    if not read:
        raise ClassroomError(f"there is nothing in {source.name}")
    shared = shared_folders([parts for parts, _, _ in read])
    handed = [handed_of(parts, page, fault, shared) for parts, page, fault in read]
    return sorted(handed, key=lambda one: (one.learner.casefold(), one.place))


def files_in_folder(folder):
    """Iterate over the files below a folder: (parts of the path, bytes or None, fault)."""
    count = 0
    for here, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if is_meant(name))
        for name in sorted(filter(is_meant, names)):
            path = os.path.join(here, name)
            parts = tuple(os.path.relpath(path, folder).split(os.sep))
            count += 1
            if count > LIMITS.files:
                raise ClassroomError(f"there are more than {LIMITS.files} files in {folder.name}")
            if len(parts) > 1 or not RESULT.fullmatch(name):  # one beside the pages is none
                yield from files_at(path, parts)


def is_meant(name):
    """Whether somebody meant to hand this in: not hidden, not made by a system."""
    made = {"__MACOSX", "Thumbs.db", "desktop.ini", "__pycache__"}
    return not name.startswith((".", "~$")) and name not in made


def files_at(path, parts):
    """Iterate over what a path holds: a file, or the files of an archive."""
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            yield parts, None, "it is no file"
        elif path.lower().endswith(".zip"):
            yield from files_in_archive(path, parts, 1)
        elif os.path.getsize(path) > LIMITS.page:
            yield parts, None, f"it is larger than {LIMITS.page // 10**6} MB"
        else:
            with open(path, "rb") as file:
                yield parts, file.read(), ""
    except OSError as error:
        yield parts, None, f"it cannot be read ({error.strerror or error})"


def files_in_archive(file, parts, depth):
    """Iterate over the files of a zip archive, also of those in it."""
    try:
        with zipfile.ZipFile(file) as archive:
            members = [m for m in archive.infolist() if not m.is_dir() and is_member(m)]
            large = sum(member.file_size for member in members) > LIMITS.packed
            if large or len(members) > LIMITS.files:
                yield parts, None, "the archive holds more than is read from one"
                return
            for member in sorted(members, key=member_name):
                yield from member_of(archive, member, parts, depth)
    except Exception:  # a damaged one makes zipfile raise almost anything
        yield parts, None, "the zip archive is damaged or of an unknown kind"


def member_of(archive, member, parts, depth):
    """Iterate over what one member of an archive holds."""
    where = (*parts, *parts_in(member_name(member))) or ("?",)
    if member.file_size > LIMITS.page:
        yield where, None, f"it is larger than {LIMITS.page // 10**6} MB"
        return
    try:
        data = archive.read(member)
    except Exception:  # its packer raises what it likes, too
        locked = member.flag_bits & 1
        yield where, None, "it has a password" if locked else "it is damaged inside its archive"
        return
    if not where[-1].lower().endswith(".zip"):
        yield where, data, ""
    elif depth == LIMITS.depth:
        yield where, None, "it is an archive too deep in archives"
    else:
        yield from files_in_archive(io.BytesIO(data), where, depth + 1)


def is_member(member):
    """Whether every part of a member's path was meant to be handed in."""
    return all(map(is_meant, parts_in(member.filename)))


def parts_in(name):
    """Split the path of a member; steps out of the archive lead nowhere."""
    return [part for part in re.split(r"[/\\]", name) if part not in ("", ".", "..")]


def member_name(member):
    """Return a member's name, also if it was written as UTF-8 without saying so."""
    try:
        is_said = member.flag_bits & 0x800
        return member.filename if is_said else member.filename.encode("cp437").decode()
    except UnicodeError:
        return member.filename


def composed(parts):
    """Return names with each letter as one sign; macOS writes an ö as an o and two dots."""
    return tuple(unicodedata.normalize("NFC", part) for part in parts)


def shared_folders(paths):
    """Count the folders at the beginning that all files share; 0 if there is one file only."""
    folders = [parts[:-1] for parts in paths]
    if len(paths) == 1:
        return 0
    return sum(1 for _ in itertools.takewhile(lambda names: len({*names}) == 1, zip(*folders)))


def page_or_fault(data, fault):
    """Read the page in a file's bytes: (Page, ""), or (None, why not)."""
    try:
        return (None, fault) if fault else (read_page(data), "")
    except ClassroomError as error:
        return None, str(error)


def handed_of(parts, page, fault, shared):
    """Tell whose a file is."""
    learner, remark = learner_of(parts, shared), ""
    own = own_name(page)
    if own:
        if own.casefold() != learner.casefold() and platform_name(parts):
            remark = f"handed in under the name {learner}"
        learner = own
    return Handed(learner, "/".join(parts), page, fault, remark)


def own_name(page):
    """Return the name that a hand-in bears; "" for any other page."""
    name = page.record.get("name") if page else None
    return clean_name(name) if isinstance(name, str) else ""


def clean_name(name):
    """Return a name in one line of signs that can be printed, none too long."""
    (name,) = composed([name])
    return " ".join("".join(c if c.isprintable() else " " for c in name).split())[: LIMITS.name]


def learner_of(parts, shared):
    """Tell whose a file is by where it lies and what it is called."""
    folders = [unzipped(part) for part in parts[:-1]]
    apart = [name for name in folders[shared:] if not GENERAL.fullmatch(name)]
    alike = [name for name in folders[:shared] if not GENERAL.fullmatch(name)]
    only = apart[-1:] if shared == 0 and len(parts) > 1 else apart[:1]
    stem = parts[-1].rpartition(".")[0] or parts[-1]
    name = platform_name(parts) or "".join(only) or name_in(stem) or "".join(alike[-1:]) or stem
    return clean_name(name) or "?"


def unzipped(name):
    """Return the name of an archive as that of a folder, however its ending is written."""
    return re.sub(r"\.zip$", "", name, flags=re.IGNORECASE)


def platform_name(parts):
    """Return the name that a learning platform wrote into a path, the innermost; "" if none did."""
    for part in reversed(parts):
        for pattern in PLATFORMS:
            if found := pattern.fullmatch(unzipped(part)):
                return found["name"].replace("_", " ").strip()
    return ""


def name_in(stem):
    """Return what the name of a file says beside the lesson's; "" if that is nothing."""
    stem = COPIES.sub("", stem)
    for lesson in lesson_files():
        if lesson.stem in stem:
            return stem.replace(lesson.stem, " ").replace("_", " ").strip(" -.")
    return re.sub(r"^\d\d[_ -]+", "", stem).replace("_", " ").strip()
