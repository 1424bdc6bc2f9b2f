"""Files: what one holds, told by its first bytes, and how one is replaced without ever being half.

>>> what_it_is(b"<!DOCTYPE html>")
'a web page'
"""

import os
import pathlib
import secrets
import time
from contextlib import contextmanager

BEGINNINGS = (  # a file that begins like this is that; the first that fits counts
    (b"PK\x03\x04", "a zip archive"),
    (b"\x1f\x8b", "packed with gzip"),
    (b"\x93NUMPY", "a single NumPy array (.npy)"),
    (b"\x89HDF\r\n", "an HDF5 file (.h5)"),
    (b"\x80", "a pickle"),
    (b"\xff\xfe", "text in UTF-16"),
    (b"\xfe\xff", "text in UTF-16"),
    (b"\x89PNG", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"GIF8", "a picture (GIF)"),
    (b"II*\x00", "a picture (TIFF)"),
    (b"MM\x00*", "a picture (TIFF)"),
    (b"%PDF", "a PDF document"),
    (b"%!PS", "a PostScript document"),
    (b"<svg", "a drawing of lines (SVG)"),
    (b"<", "a web page"),
    (b"\x00\x00\x08", "one of MNIST's IDX files (load_mnist reads them)"),
)
OLD = 3600  # seconds after which a draft is one that a crash left behind


def what_it_is(start):
    """Say what kind of file begins with these bytes.

    Parameters
    ----------
    start : bytes
        The first bytes of a file, 64 are plenty.

    Returns
    -------
    str or None
        "a zip archive", "a web page" …; None for what is not known.
    """
    if start[4:8] == b"ftyp":
        return "a picture (HEIC)" if start[8:10] in (b"he", b"mi") else "a video"
    begin = start.lstrip() if start.lstrip().startswith(b"<") else start
    return next((words for mark, words in BEGINNINGS if begin.startswith(mark)), None)


@contextmanager
def replacing(path, check=None):
    """Write a file that takes its name only once it is whole; until then the old one stays.

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
        is_draft = left.name.startswith(f".{path.name}.") and left.suffix == ".part"
        if is_draft and time.time() - left.stat().st_mtime > OLD:
            left.unlink(missing_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with open(draft, "xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if check:
            check(draft)
        put_in_place(draft, path)
    finally:
        draft.unlink(missing_ok=True)  # still there only if something failed


def put_in_place(draft, path):
    """Rename; Windows refuses while another program reads the old file, so try for a second."""
    for _ in range(5):
        try:
            return os.replace(draft, path)
        except PermissionError:
            time.sleep(0.2)
    return os.replace(draft, path)
