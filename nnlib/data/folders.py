"""Where the full set lies: in which folder, under which of the names that its files have got.

>>> paths_of(folders()[0], FULL_SET["train images"])  # the file that a browser stored, say
[PosixPath('…/mnist/train-images-idx3-ubyte (1).gz')]
"""

import os
import pathlib
import re
from contextlib import suppress

from nnlib.data.columns import beginning
from nnlib.data.sample import SAMPLE
from nnlib.system.places import folder_named

ENDINGS = r"idx|ubyte|^[^.]*(\.(bin|dat|raw|gz|bz2|xz|zip))*$"  # no train_images.png
ARCHIVES = (".zip", ".tar", ".tar.gz", ".tgz", ".7z", ".rar")
MOST_FOLDERS = 300  # that are looked into, in case that NNLIB_DATA names a whole disk


def folders():
    """List where the full set may be: the folder that NNLIB_DATA names, a cache folder of yours."""
    named = folder_named("NNLIB_DATA")
    if named and os.path.isfile(named):  # one of the four
        named = named.parent
    places = [named] if named else []
    if named and not named.is_absolute():  # lessons run in work/; a terminal, in the project
        places.append(SAMPLE.parents[1] / named)
    return [*places, cache_folder()]


def cache_folder():
    """Return the folder in which `python -m nnlib.data download` keeps the full set by default."""
    try:
        import pooch  # of the extra `lab`; who has not got it cannot have downloaded anything
    except ImportError:
        return pathlib.Path.home() / ".cache" / "nnlib"
    return pooch.os_cache("nnlib")


def paths_of(folder, expected):
    """Find the files near a folder that may be this one by their names, the most alike first.

    7-Zip, Windows, browsers and mirrors write train-images.idx3-ubyte, train-images-idx3-ubyte
    (1).gz, train_images.bin …; which one is whole is told by its contents.
    """
    names = expected.name, f"{expected.name}.gz"
    begin, kind = expected.name.lower().split("-")[:2]
    alike = re.compile(rf"({begin}{'|test' * (begin == 't10k')}).?{kind[:-1]}", re.IGNORECASE)
    found = [path for path in files_near(folder) if alike.search(path.name)]
    found = [path for path in found if re.search(ENDINGS, path.name, re.IGNORECASE)]
    return sorted(found, key=lambda path: (*(path.name != name for name in names),))


def files_near(folder):
    """List the files in a folder and up to two folders down, the nearest first."""
    files, level = [], [folder]
    for _ in range(3):
        entries = [path for place in level for path in visible_in(place)]
        files += [path for path in entries if os.path.isfile(path)]
        level = [path for path in entries if os.path.isdir(path)][:MOST_FOLDERS]
    return files


def visible_in(folder):
    """List what lies in a folder and is not hidden; nothing if it may not be read."""
    with suppress(OSError, ValueError):
        return [folder / name for name in sorted(os.listdir(folder)) if name[0] != "."]
    return []


def what_lies_in(folder):
    """Say in a few words what a folder holds in place of the full set."""
    if not os.environ.get("NNLIB_DATA"):
        return ""
    if not os.path.isdir(folder):
        return f" (there is no folder {beginning(folder.name, 40)})"
    names = [beginning(path.name, 40) for path in files_near(folder)]
    packed = next((name for name in names if name.endswith(ARCHIVES)), None)
    hint = f": unpack {packed}" if packed else ""
    return f" (in {beginning(folder.name, 40)} lie {', '.join(names[:3]) or 'no files'}{hint})"
