"""The full set from the network, once: python -m nnlib.data download.

A file takes its name only after its unpacked contents were found to be the published ones, so a
broken connection, a full disk, or a sign-in page in place of the data leaves nothing behind.
"""

import math
import os
import pathlib
import threading
import time
from urllib.parse import urlsplit

import pooch
from tqdm.auto import tqdm

from nnlib.data.idx import FULL_SET, folders, read_idx, read_published
from nnlib.system.errors import DataFileError, DownloadError
from nnlib.system.files import replacing

MIRRORS = (
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
)
SAFE = ("https://", "http://127.0.0.1:")  # unencrypted only within this computer
REASONS = {  # the errors of requests, which pooch calls, that say something special
    "SSLError": "its certificate is refused: is this computer's clock right?",
    "HTTPError": "it answers, but not with the file",
}


def download(folder=None, mirrors=MIRRORS, files=FULL_SET, timeout=10, deadline=1200):
    """Fetch MNIST's four files, unless they are there and whole.

    Parameters
    ----------
    folder : str or pathlib.Path, optional
        By default the one that NNLIB_DATA names, else a cache folder of yours; in both
        `load_mnist("full")` finds the files.
    mirrors : sequence of str
        Addresses of folders that hold the files; each is tried twice, in turns.
    files : dict of IdxFile
    timeout : float, default 10
        Seconds without a byte after which the next mirror is tried.
    deadline : float, default 1200
        Seconds for everything; one attempt may take half of what is left of them.

    Returns
    -------
    pathlib.Path
        The folder.

    Raises
    ------
    DownloadError
        If a file could not be fetched or stored; files that were there stay as they were.
    """
    folder = pathlib.Path(os.path.expanduser(folder or folders()[0]))
    end = time.monotonic() + deadline
    for expected in files.values():
        if not is_whole(folder, expected):
            fetch(folder, expected, mirrors, timeout, end)
    return folder


def is_whole(folder, expected):
    """Tell whether a file is there, with the published contents."""
    try:
        return read_idx(folder, expected) is not None
    except (OSError, DataFileError):
        return False


def fetch(folder, expected, mirrors, timeout, end):
    """Fetch one file from the first mirror that has it; DownloadError if none does."""
    path, why, cause = folder / f"{expected.name}.gz", {}, None
    for mirror in 2 * tuple(mirrors):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with replacing(path, lambda draft: check_draft(draft, expected)) as draft:
                transfer(mirror, draft, expected, timeout, (time.monotonic() + end) / 2)
            return
        except (OSError, ValueError) as error:
            if is_whole(folder, expected):  # another process was faster
                return
            cause, is_local = error, getattr(error, "errno", None)  # requests' errors have none
            where = f"the folder {folder.name[:60]}" if is_local else urlsplit(mirror).hostname
            why[where] = reason_of(error)
            if is_local:
                break
    raise DownloadError(
        f"the full set could not be fetched: {', '.join(f'{it} ({why[it]})' for it in why)}; go on "
        "with the sample, load_mnist(), or try again later, or another folder (--to FOLDER), or "
        "copy four files by hand into a folder that NNLIB_DATA names: "
        + ", ".join(file.name for file in FULL_SET.values())
    ) from cause


def check_draft(draft, expected):
    """Raise DataFileError unless a draft holds what the file must hold."""
    read_published(draft, expected)


def transfer(mirror, draft, expected, timeout, end):
    """Copy a file of a mirror into a draft; TimeoutError if it takes too long, or is too long."""
    if not mirror.startswith(SAFE):
        raise OSError(0, "no https address")
    most = math.prod(expected.shape) + 1000  # bytes; packed, a file is smaller than its contents
    # with an auth of our own that adds nothing, no password of ~/.netrc is sent
    options = {"timeout": timeout, "allow_redirects": False, "auth": lambda request: request}
    failures = []

    def work():
        try:
            with tqdm(desc=expected.name, total=1, unit="B", unit_scale=True, leave=False) as bar:
                get = pooch.HTTPDownloader(bar, 16_384, **options)
                get(f"{mirror}{expected.name}.gz", draft, None)
        except Exception as error:
            failures.append(error)

    thread = threading.Thread(target=work, daemon=True)  # left behind if a server drips for ever
    thread.start()
    while thread.is_alive() and time.monotonic() < end and draft.tell() < most:
        thread.join(0.02)  # in short steps: so Ctrl-C is heard on Windows too
    if thread.is_alive():
        raise TimeoutError(0, "it does not come to an end")
    if failures:
        raise failures[0]


def reason_of(error):
    """Say in a few words why an attempt failed."""
    if isinstance(error, DataFileError):  # "NAME holds labels, …; were two files confused?"
        return "its file " + str(error).split(" ", 1)[1].split(";")[0].split(" (")[0]
    found = REASONS.get(type(error).__name__) or getattr(error, "strerror", None)
    return found or "no connection, or it broke off"
