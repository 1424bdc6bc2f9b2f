"""Files: what one holds, told by its first bytes, and how one is replaced without ever being half.

>>> what_it_is(b"<!DOCTYPE html>")
'a web page'
"""

import difflib
import errno
import gzip
import importlib
import os
import pathlib
import re
import secrets
import shutil
import time
import zipfile
import zlib
from contextlib import contextmanager, suppress

BEGINNINGS = (  # a file that begins like this is that; the first that fits counts
    (b"PK\x03\x04", "a zip archive"),
    (b"PK\x05\x06", "an empty zip archive"),
    (b"7z\xbc\xaf", "an archive of 7-Zip (.7z)"),
    (b"Rar!", "an archive of RAR (.rar)"),
    (b"\x1f\x8b", "packed with gzip"),
    (b"BZh", "packed with bzip2 (.bz2)"),
    (b"\xfd7zXZ", "packed with xz (.xz)"),
    (b"]\0\0", "packed with LZMA (.lzma)"),
    (b"\x28\xb5\x2f\xfd", "packed with Zstandard (.zst)"),
    (b"\x04\x22M\x18", "packed with LZ4 (.lz4)"),
    *(
        (b"x" + level, "packed with zlib, as joblib does")
        for level in (b"\x01", b"\x5e", b"\x9c", b"\xda")
    ),
    (b"version https://git-lfs", "a Git LFS pointer, not the file itself"),
    (b"PAR1", "a Parquet file (.parquet)"),
    (b"ARROW1", "an Arrow file (.feather)"),
    (b"MATLAB ", "a MATLAB file (.mat)"),
    (b"SQLite format 3", "an SQLite database"),
    (b"\xd0\xcf\x11\xe0", "an Excel workbook of old (.xls)"),
    (b"{\\rtf", "a text document (.rtf)"),
    (b'{"', "a JSON file (.json)"),
    (b"[{", "a JSON file (.json)"),
    (b"\x93NUMPY", "a single NumPy array (.npy)"),
    (b"\x89HDF\r\n", "an HDF5 file (.h5)"),
    (b"\x80", "a pickle"),
    (b"\xff\xfe", "text in UTF-16"),
    (b"\xfe\xff", "text in UTF-16"),
    (b"\x89PNG", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"GIF8", "a picture (GIF)"),
    (b"BM", "a picture (BMP)"),
    (b"II*\x00", "a picture (TIFF)"),
    (b"MM\x00*", "a picture (TIFF)"),
    (b"%PDF", "a PDF document"),
    (b"%!PS", "a PostScript document"),
    (b"<svg", "a drawing of lines (SVG)"),
    (b"<?xml", "an XML file, perhaps a drawing of lines (SVG)"),
    (b"<", "a web page"),
    (b"\x00\x00\x08", "one of MNIST's IDX files (load_mnist reads them)"),
)
CONTAINERS = {b"he": "a picture (HEIC)", b"mi": "a picture (HEIC)", b"av": "a picture (AVIF)"}
INSIDE = (  # what stands near the beginning of files that begin like others
    (b"/data.pkl", "a PyTorch file (.pt)"),
    (b"metadata.json", "a Keras file (.keras)"),
    (b'\0{"', "a safetensors file"),
    (b"WEBPVP8", "a picture (WebP)"),
    (b"[Content_Types].xml", "an Excel workbook (.xlsx)"),
    (b"docProps/", "an Excel workbook (.xlsx)"),
    (b"_rels/.rels", "an Excel workbook (.xlsx)"),
    (b"opendocument.spreadsheet", "a LibreOffice table (.ods)"),
)
PACKERS = {b"\x1f\x8b": "gzip", b"BZh": "bz2", b"\xfd7zXZ\0": "lzma"}  # modules, by beginnings
DEVICE = r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[\d¹²³]) *(\.|$)"  # a file to Windows, too
NAME = re.compile(rf'(?!{DEVICE})[^<>:"/|?*\\]{{1,60}}', re.IGNORECASE)
BROKEN = (
    EOFError,
    zlib.error,
    gzip.BadGzipFile,
    zipfile.BadZipFile,
)  # what reading a damaged packed file raises
OLD = 3600  # seconds after which a draft is one that a crash left behind


def what_it_is(start):
    """Say what kind of file begins with these bytes.

    Parameters
    ----------
    start : bytes
        The first bytes of a file, 64 are plenty (only a tar archive shows after 262).

    Returns
    -------
    str or None
        "a zip archive", "a web page" …; None for what is not known.
    """
    if start[4:8] == b"ftyp":
        return CONTAINERS.get(start[8:10], "a video")
    if start[257:262] == b"ustar":
        return "a tar archive"
    inside = next((kind for mark, kind in INSIDE if mark in start), None)
    if inside:
        return inside
    begin = start.lstrip() if start.lstrip().startswith(b"<") else start
    return next((words for mark, words in BEGINNINGS if begin.startswith(mark)), None)


@contextmanager
def unpacked(path):
    """Open a file for reading bytes, unpacked if it is packed, whatever its name says.

    Understood are gzip, bzip2, xz, and a zip archive that holds one file.

    Parameters
    ----------
    path : pathlib.Path

    Yields
    ------
    binary file
        Reading it may raise one of `BROKEN`.
    """
    with open(path, "rb") as raw:
        start = raw.read(6)
        raw.seek(0)
        packer = packer_of(start)
        try:
            if packer:
                yield packer.open(raw)
            elif start.startswith(b"PK\x03\x04"):
                yield only_file_in(raw)
            else:
                yield raw
        except Exception as error:
            if type(error).__name__ == "LZMAError" or error.args == ("Invalid data stream",):
                raise EOFError(*error.args) from error
            raise


def packer_of(start):
    """Import the module that unpacks a file which begins so; None if there is none here."""
    name = next((name for mark, name in PACKERS.items() if start.startswith(mark)), None)
    with suppress(ImportError):  # not every Python has lzma
        return importlib.import_module(name) if name else None
    return None


def only_file_in(raw):
    """Open the one file in a zip archive; the archive itself if it holds others, or is locked."""
    archive = zipfile.ZipFile(raw)
    members = files_in(archive)
    is_plain = len(members) == 1 and not members[0].flag_bits & 1
    if is_plain and members[0].compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return archive.open(members[0])
    raw.seek(0)
    return raw


def files_in(archive):
    """List the files in a zip archive, without those that macOS adds."""
    members = [member for member in archive.infolist() if not member.is_dir()]
    return [m for m in members if not re.search(r"(^|/)(__MACOSX/|\.)", m.filename)]


def is_portable(name):
    """Tell whether a file may bear this name on Linux, macOS and Windows, unhidden.

    Parameters
    ----------
    name : str
        Without folders, up to 60 characters.

    Returns
    -------
    bool
    """
    return bool(NAME.fullmatch(name)) and name.isprintable() and name.strip(". ") == name


def not_there(path):
    """Say that there is no file here, and which files beside it have a name that is alike.

    Parameters
    ----------
    path : pathlib.Path

    Returns
    -------
    str
        A sentence without its full stop.
    """
    name, near = " ".join(path.name.split())[:60], []
    if os.path.isdir(path):
        return f"{name} is a folder; name the file in it"
    with suppress(OSError):  # a folder that is missing, or may not be read
        near = difflib.get_close_matches(path.name, os.listdir(path.parent))
    alike = f"did you mean {' or '.join(near)}?" if near else "look at its name and folder"
    return f"there is no file {name} in the folder {path.parent.name or '.'}; {alike}"


def failed(error):
    """Say why the system could not read or write a file, and what to do.

    Parameters
    ----------
    error : OSError

    Returns
    -------
    str
        A sentence without its full stop.
    """
    place = os.path.basename(os.path.dirname(error.filename or "")) or "this folder"
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        found, do = "the disk is full, and nothing was lost", "free some space, then "
    elif error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        found = f"{place} may not be written, or another program holds a file in it"
        do = "see to that, then "
    else:
        found, do = f"a file could not be read or written ({error.strerror or error})", ""
    return f"{found}: {do}run the same command again"


@contextmanager
def replacing(path, check=None):
    """Write a file that takes its name only once it is whole; until then the old one stays.

    A link is replaced, not followed: resolve the path before if it should be. Who may read the
    old file may read the new one.

    Parameters
    ----------
    path : str or pathlib.Path
    check : callable, optional
        Called with the path of the finished draft; what it raises stops the replacement.

    Yields
    ------
    binary file
        The draft, in the same folder; removed again if anything goes wrong.
    """
    path = pathlib.Path(path)
    for left in path.parent.iterdir():
        if left.name.startswith(f".{path.name}.") and left.suffix == ".part":
            with suppress(OSError):  # another process may sweep, or it is not ours to delete
                if time.time() - left.stat().st_mtime > OLD:
                    left.unlink()
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with open(draft, "xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, draft)  # who may read it is the owner's choice
        if check:
            check(draft)
        put_in_place(draft, path)
    finally:
        with suppress(OSError):  # still there only if something failed; Windows may hold it
            draft.chmod(0o600)  # nor does Windows delete what is write-protected
            draft.unlink()


def write_whole(path, data, check=None):
    """Put bytes in the place of a file, whole or not at all; `check` as in `replacing`."""
    with replacing(path, check) as file:
        file.write(data)


def put_in_place(draft, path):
    """Rename; Windows refuses while another program reads the old file, so try for a second."""
    for _ in range(5):
        try:
            return os.replace(draft, path)
        except PermissionError:
            time.sleep(0.2)
    return os.replace(draft, path)
