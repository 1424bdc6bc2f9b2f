"""The full set comes in whole or not at all, whatever a server does."""

import contextlib
import errno
import functools
import gc
import gzip
import hashlib
import http.server
import multiprocessing
import os
import pathlib
import re
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
import zipfile
from urllib.parse import urlsplit

import numpy as np
import pooch
import pytest
import requests  # noqa: F401  before the first count of warning filters, which it adds to
from rough import hashes, nothing_lost, refused
from test_data_idx import IMAGE_FILE, IMAGES, LABEL_FILE, LABELS, SHAPE, flipped, idx, images

from nnlib.data import FULL_SET, download, load_mnist
from nnlib.data.idx import IdxFile, full_set_state, read_idx
from nnlib.system.errors import DataFileError, DownloadError

FILES = {"train images": IMAGE_FILE, "train labels": LABEL_FILE}
CONTENTS = {f"{IMAGE_FILE.name}.gz": IMAGES, f"{LABEL_FILE.name}.gz": LABELS}
FULL = os.environ.get("NNLIB_DATA", "")


# ---- a server that misbehaves: one folder a way ----


def answer(self, body, *headers, status="200 OK"):
    """Send a whole answer, as raw bytes."""
    head = "\r\n".join([f"HTTP/1.1 {status}", "Connection: close", *headers, "", ""])
    self.wfile.write(head.encode() + body)


def sized(self, body, sent=None, **more):
    answer(self, body if sent is None else sent, f"Content-Length: {len(body)}", **more)


def in_chunks(self, body, end=b"0\r\n\r\n"):
    pieces = [body[at : at + 999] for at in range(0, len(body), 999)]
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces)
    answer(self, chunks + end, "Transfer-Encoding: chunked")


def stall(self, start):
    answer(self, start, "Content-Length: 9999")
    self.connection.recv(1)  # until the other side gives up


def drip(self, head):
    self.wfile.write(head)
    for _ in range(40):
        self.wfile.write(b"x")
        time.sleep(0.05)


def endless(self, body):
    answer(self, body)
    for _ in range(3000):
        self.wfile.write(bytes(100_000))


def reset(self, body):
    sized(self, body, body[:99])
    self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    self.connection.close()


def redirect(self, to):
    answer(self, b"", f"Location: {to}", "Content-Length: 0", status="302 Found")


def page(self, status="200 OK"):
    sized(self, b"<!DOCTYPE html><title>Sign in</title>", status=status)


def first_time(self):
    return self.server.seen.count(self.path) == 1


GOOD = {
    "good": lambda self, body: sized(self, gzip.compress(body)),
    "not packed": sized,
    "no length": lambda self, body: answer(self, gzip.compress(body)),
    "in chunks": lambda self, body: in_chunks(self, gzip.compress(body)),
    "packed on the way": lambda self, body: answer(
        self, gzip.compress(body), "Content-Encoding: gzip"
    ),
    "busy once": lambda self, body: (
        page(self, "503 Service Unavailable") if first_time(self) else sized(self, body)
    ),
    "cut once": lambda self, body: sized(self, body, body[:99] if first_time(self) else body),
}
BAD = {  # the way: (what the server does, words of the error)
    "cut, with a length": (lambda self, body: sized(self, body, body[:-1]), "broke off"),
    "cut, no length": (lambda self, body: answer(self, gzip.compress(body)[:99]), "cut off"),
    "cut, not packed": (lambda self, body: answer(self, body[:-1]), "bytes"),
    "chunks cut": (lambda self, body: in_chunks(self, body, b"3e7\r\nabc"), "broke off"),
    "chunks without an end": (lambda self, body: in_chunks(self, body[:-1], b""), "broke off"),
    "a page": (lambda self, body: page(self), "a web page"),
    "a page, packed": (
        lambda self, body: answer(self, gzip.compress(b"<html>")),
        "a web page",
    ),
    "403": (lambda self, body: page(self, "403 Forbidden"), "answers, but not with"),
    "404": (lambda self, body: page(self, "404 Not Found"), "answers, but not with"),
    "429": (
        lambda self, body: answer(self, b"", "Retry-After: 9999", status="429 Too Many"),
        "answers, but not with",
    ),
    "503": (lambda self, body: page(self, "503 Service Unavailable"), "answers, but not with"),
    "stalls before its answer": (lambda self, body: self.connection.recv(1), "broke off"),
    "stalls": (lambda self, body: stall(self, body[:99]), "broke off"),
    "drips": (
        lambda self, body: drip(self, b"HTTP/1.1 200 OK\r\n\r\n"),
        "does not come to an end",
    ),
    "drips its header": (
        lambda self, body: drip(self, b"HTTP/1.1 200 OK\r\nX: "),
        "does not come to an end",
    ),
    "endless": (endless, "does not come to an end"),
    "too long": (lambda self, body: sized(self, body + b"\0"), "more than"),
    "a bit flipped": (
        lambda self, body: sized(self, gzip.compress(flipped(body, 99 % len(body)))),
        "SHA-256|published contents|expected",
    ),
    "clothes": (
        lambda self, body: sized(self, gzip.compress(idx(SHAPE, images(73)))),
        "Fashion-MNIST",
    ),
    "another gzip": (lambda self, body: sized(self, gzip.compress(b"data" * 999)), "no IDX"),
    "packed twice in a row": (lambda self, body: sized(self, gzip.compress(body) * 2), "more than"),
    "a bomb": (lambda self, body: sized(self, gzip.compress(bytes(10**7))), "no IDX"),
    "a bomb on the way": (
        lambda self, body: answer(self, gzip.compress(bytes(10**8)), "Content-Encoding: gzip"),
        "no IDX|does not come to an end",
    ),
    "a redirect loop": (lambda self, body: redirect(self, self.path), "is empty"),
    "a redirect to a file": (lambda self, body: redirect(self, "file:///etc/hostname"), "empty"),
    "a redirect elsewhere": (lambda self, body: redirect(self, "http://example.org/"), "empty"),
    "reset": (reset, "broke off"),
    "nothing": (lambda self, body: sized(self, b""), "is empty"),
    "no answer": (lambda self, body: self.wfile.write(b"SSH-2.0\r\n"), "broke off"),
    "closes at once": (lambda self, body: None, "broke off"),
    "a length that is no number": (
        lambda self, body: answer(self, body, "Content-Length: many"),
        "broke off",
    ),
}
WAYS = {**GOOD, **{name: act for name, (act, _) in BAD.items()}}
WAYS["no password"] = lambda self, body: (
    page(self, "401 No") if "Authorization" in self.headers else sized(self, body)
)
SLOW = {"drips", "drips its header"}
OPEN = {*SLOW, "endless", "a bomb on the way", "403", "404", "429", "503"}
OPEN |= {"a length that is no number"}  # in these a socket is open as long as the error is held
PATIENCE = {"stalls": {"timeout": 0.5}, "stalls before its answer": {"timeout": 0.5}}
PATIENCE |= {way: {"deadline": 2} for way in SLOW}


class Handler(http.server.BaseHTTPRequestHandler):
    """Answer /way/file the way that its address says."""

    def do_GET(self):
        self.close_connection = True
        self.server.seen.append(self.path)
        _, way, name = self.path.replace("%20", " ").split("/")
        with contextlib.suppress(ConnectionError):
            WAYS[way.rstrip("0123456789") if way not in WAYS else way](self, CONTENTS[name])

    def log_message(self, *args):
        """Keep quiet."""


def serve(sender):
    """Send the port, then serve for ever; in a process of its own, its sockets are not ours."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.seen = []
    sender.send(server.server_port)
    server.serve_forever()


@pytest.fixture(scope="module")
def mirror():
    """The address of a mirror that behaves in this way."""
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=serve, args=(sender,), daemon=True)
    process.start()
    port = receiver.recv()
    yield lambda way: f"http://127.0.0.1:{port}/{way}/"
    process.kill()
    process.join()


def n_open():
    """How many files this process has open, where that can be known."""
    return len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0


@pytest.fixture(autouse=True)
def nothing_lingers(monkeypatch):
    """No proxy comes between; the threads and sockets of one test do not count in the next."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    before = n_open()
    yield
    deadline = time.monotonic() + 20
    while any("work" in thread.name for thread in threading.enumerate()):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    if n_open() > before:  # an error held a socket
        gc.collect()


def fetched(folder, *mirrors, **limits):
    """Download the small set; assert that it is whole, and that there is nothing else."""
    assert download.download(folder, mirrors, FILES, **limits) == folder
    np.testing.assert_array_equal(read_idx(folder, IMAGE_FILE), images())
    assert read_idx(folder, LABEL_FILE).size == 20
    assert not [path.name for path in folder.iterdir() if path.name not in CONTENTS]


# ---- the table ----


@pytest.mark.slow
@pytest.mark.parametrize("way", GOOD)
def test_what_is_whole_in_the_end_is_taken(tmp_path, mirror, way):
    fetched(tmp_path / "new" / "folder", mirror(f"{way}{len(way)}" if "once" in way else way))


@pytest.mark.slow
@pytest.mark.parametrize("way", BAD)
def test_a_bad_server_is_refused_and_the_old_files_stay(tmp_path, mirror, way):
    (tmp_path / f"{IMAGE_FILE.name}.gz").write_bytes(b"an old file, damaged")
    (tmp_path / f"{LABEL_FILE.name}.gz").write_bytes(gzip.compress(LABELS))
    before, texts, begin = hashes(tmp_path), [], time.monotonic()
    with pytest.raises(DownloadError) if way in OPEN else refused(DownloadError, tmp_path):
        try:
            download.download(tmp_path, [mirror(way)], FILES, **PATIENCE.get(way, {}))
        except DownloadError as error:
            assert error.__cause__
            texts.append(str(error))
            raise
    assert hashes(tmp_path) == before and time.monotonic() - begin < 20
    assert "127.0.0.1 (" in texts[0] and any(words in texts[0] for words in BAD[way][1].split("|"))
    assert "load_mnist()" in texts[0] and all(file.name in texts[0] for file in FULL_SET.values())
    fetched(tmp_path, mirror("good"))  # the next correct call works


@pytest.mark.slow
@pytest.mark.parametrize("way", BAD)
def test_behind_a_bad_mirror_a_good_one_is_used(tmp_path, mirror, way):
    (tmp_path / f"{IMAGE_FILE.name}.gz").write_bytes(b"an old file, damaged")
    fetched(tmp_path, mirror(way), mirror("good"), **PATIENCE.get(way, {}))


@pytest.mark.slow
def test_no_password_is_sent(tmp_path, mirror, monkeypatch):
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login me password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    fetched(tmp_path / "folder", mirror("no password"))


@pytest.mark.slow
def test_https_is_never_given_up(tmp_path, mirror):
    with refused(DownloadError, tmp_path, "is this computer's clock right?"):
        download.download(tmp_path, [mirror("good").replace("http:", "https:")], FILES)


@pytest.mark.slow
def test_each_mirror_is_tried_twice_in_turns(tmp_path, monkeypatch):
    tried = []

    def transfer(mirror, *rest):
        tried.append(mirror)
        raise ConnectionResetError

    monkeypatch.setattr(download, "transfer", transfer)
    with refused(DownloadError, tmp_path):
        download.download(tmp_path, ["A", "B"], FILES)
    assert tried == ["A", "B", "A", "B"]


@pytest.mark.slow
def test_nothing_stays_open_once_the_error_is_gone(tmp_path, mirror):
    gc.collect()
    before = n_open()
    for way in ("404", "endless", "a bomb on the way"):
        with contextlib.suppress(DownloadError):
            download.download(tmp_path, [mirror(way)], FILES)
    deadline = time.monotonic() + 20
    while n_open() > before and time.monotonic() < deadline:
        gc.collect()
        time.sleep(0.1)
    assert n_open() <= before


@pytest.mark.slow
def test_the_deadline_holds_for_everything(tmp_path, mirror):
    begin, mirrors = time.monotonic(), [mirror("drips"), mirror("drips its header")] * 5
    with pytest.raises(DownloadError):
        download.download(tmp_path, mirrors, FILES, 10, 2)
    assert time.monotonic() - begin < 10  # 20, if each mirror had its own


@pytest.mark.slow
@pytest.mark.skipif(not FULL, reason="NNLIB_DATA names no folder")
def test_the_real_files_come_through(tmp_path, monkeypatch):
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=FULL)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    download.download(tmp_path, [f"http://127.0.0.1:{server.server_port}/"])
    server.shutdown()
    server.server_close()
    monkeypatch.setenv("NNLIB_DATA", str(tmp_path))
    assert [part.X.shape for part in load_mnist("full")] == [(784, 60_000), (784, 10_000)]


# ---- this computer ----


def put(content):
    """Stand in for a transfer: the draft gets this content."""
    return lambda mirror, draft, *rest: draft.write(content)


@pytest.fixture
def good_transfer(monkeypatch):
    """A network that works, without any; the list of mirrors that were asked."""
    asked = []

    def transfer(mirror, draft, expected, *rest):
        asked.append(mirror)
        draft.write(gzip.compress(CONTENTS[f"{expected.name}.gz"]))

    monkeypatch.setattr(download, "transfer", transfer)
    return asked


@pytest.fixture
def no_transfer(monkeypatch):
    """A network that must not be asked."""

    def transfer(*rest):
        raise AssertionError("something was fetched")

    monkeypatch.setattr(download, "transfer", transfer)


@pytest.mark.parametrize("pack", [gzip.compress, bytes])
@pytest.mark.parametrize("ending", [".gz", ""])
def test_what_is_whole_is_not_fetched_again(tmp_path, no_transfer, pack, ending):
    for name, content in CONTENTS.items():
        (tmp_path / name.replace(".gz", ending)).write_bytes(pack(content))
    with nothing_lost(tmp_path):
        download.download(tmp_path, ["A"], FILES)


def test_a_download_helps_although_a_damaged_unpacked_file_lies_there(tmp_path, good_transfer):
    (tmp_path / IMAGE_FILE.name).write_bytes(IMAGES[:-1])
    download.download(tmp_path, ["A"], FILES)
    np.testing.assert_array_equal(read_idx(tmp_path, IMAGE_FILE), images())


def test_a_link_in_the_place_of_a_file_is_replaced_not_followed(tmp_path, good_transfer):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_bytes(b"precious")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / f"{IMAGE_FILE.name}.gz").symlink_to(elsewhere)
    fetched(folder, "A")
    assert elsewhere.read_bytes() == b"precious"


def test_old_drafts_are_swept_and_young_ones_stay(tmp_path, good_transfer):
    old, young = (tmp_path / f".{IMAGE_FILE.name}.gz.{age}.part" for age in ("old", "young"))
    for draft in (old, young):
        draft.write_bytes(b"half")
    os.utime(old, (0, 0))
    download.download(tmp_path, ["A"], FILES)
    assert not old.exists() and young.exists()


def failing(number):
    """A call that fails as the system would."""

    def call(*rest, **more):
        raise OSError(number, os.strerror(number))

    return call


def full_disk(address, file, _):
    """A download of pooch's, onto a disk that is full, in a thread of its own."""
    file.write(b"x" * 9)
    failing(errno.ENOSPC)()


TROUBLE = {
    "the disk is full at the first byte": (download.pooch, "HTTPDownloader", errno.ENOSPC),
    "the disk is full at the end": (os, "fsync", errno.ENOSPC),
    "the disk breaks": (os, "fsync", errno.EIO),
    "a quota": (os, "fsync", errno.EDQUOT),
    "no right to rename": (os, "replace", errno.EACCES),
    "nothing can be written": (pathlib.Path, "mkdir", errno.EROFS),
    "no right to make the folder": (pathlib.Path, "mkdir", errno.EACCES),
}


@pytest.mark.parametrize("name", TROUBLE)
def test_trouble_on_this_computer_is_said_in_words(tmp_path, monkeypatch, request, name):
    place, call, number = TROUBLE[name]
    asked, mirrors = [], ["https://127.0.0.1/", "https://127.0.0.1/"]
    if place is download.pooch:
        monkeypatch.setattr(place, call, lambda *rest, **more: full_disk)
    else:
        asked = request.getfixturevalue("good_transfer")
        monkeypatch.setattr(place, call, failing(number))
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    with refused(DownloadError, tmp_path, f"the folder {tmp_path.name} ({os.strerror(number)})"):
        download.download(tmp_path, mirrors, FILES)
    assert len(asked) <= 1  # another mirror would not help


@pytest.mark.parametrize("below", ["", "below"])
def test_a_file_where_the_folder_should_be(tmp_path, no_transfer, below):
    (tmp_path / "file").write_bytes(b"precious")
    words = "Not a directory" if below else "File exists"
    with refused(DownloadError, tmp_path, f"the folder {below or 'file'} ({words})"):
        download.download(tmp_path / "file" / below, ["A"], FILES)


@pytest.mark.parametrize("place", ["os.fsync", "nnlib.data.download.check_draft", "os.replace"])
def test_an_interruption_leaves_nothing(tmp_path, monkeypatch, good_transfer, place):
    def interrupt(*rest):
        raise KeyboardInterrupt

    (tmp_path / f"{IMAGE_FILE.name}.gz").write_bytes(b"an old file, damaged")
    with monkeypatch.context() as patch, nothing_lost(tmp_path), pytest.raises(KeyboardInterrupt):
        patch.setattr(place, interrupt)
        download.download(tmp_path, ["A"], FILES)
    fetched(tmp_path, "A")


def test_who_comes_second_takes_what_another_process_fetched(tmp_path, monkeypatch, good_transfer):
    def replace(draft, path):  # as Windows does while another process reads the file
        path.write_bytes(draft.read_bytes())
        raise PermissionError(errno.EACCES, "in use")

    monkeypatch.setattr(os, "replace", replace)
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    fetched(tmp_path, "A")


@pytest.mark.parametrize("folder", ["x" * 300, "~nosuchuser/x"])
def test_a_folder_that_cannot_be_is_said(tmp_path, monkeypatch, no_transfer, folder):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "~nosuchuser").write_text("a file, so no folder can be made")
    with refused(DownloadError, tmp_path, f"the folder {folder.split('/')[-1][:60]} ("):
        download.download(folder, ["A"], FILES)


def test_without_a_mirror_it_is_said_too(tmp_path):
    with refused(DownloadError, tmp_path):
        download.download(tmp_path, [], FILES)


# ---- addresses and sentences ----


def test_mirrors_are_two_and_encrypted():
    assert len({urlsplit(mirror).hostname for mirror in download.MIRRORS}) >= 2
    assert all(re.fullmatch(r"https://[^?#@]+/", mirror) for mirror in download.MIRRORS)


@pytest.mark.parametrize("mirror", ["http://example.org/", "ftp://example.org/", "file:///etc/"])
def test_only_https_is_asked_outside_this_computer(tmp_path, monkeypatch, mirror):
    monkeypatch.setattr(pooch, "HTTPDownloader", None)
    with refused(DownloadError, tmp_path, "(no https address)"):
        download.download(tmp_path, [mirror], FILES)


CONTENT = {  # what comes in place of images: words of the sentence
    "the other set": (idx((10_000, 28, 28), images(shape=SHAPE)), "10,000 × 28 × 28"),
    "of the same size": (flipped(IMAGES, 5000), "the right size but not the published contents"),
    "labels": (LABELS, "holds labels, and images were expected"),
    "little-endian": (IMAGES[:4][::-1] + IMAGES[4:], "in the wrong order"),
}


@pytest.mark.parametrize("name", CONTENT)
def test_the_longest_sentences_are_short_enough(tmp_path, monkeypatch, name):
    content, words = CONTENT[name]
    monkeypatch.setattr(download, "transfer", put(content))
    hosts = [f"{urlsplit(mirror).hostname} (its file" for mirror in download.MIRRORS]
    with refused(DownloadError, tmp_path, words, *hosts):
        download.download(tmp_path, files=FILES)


# ---- where the set is looked for ----


@pytest.fixture
def four(tmp_path, monkeypatch):
    """A small full set; a folder that NNLIB_DATA names, and a cache, both missing as yet."""
    contents = [
        IMAGES,
        LABELS,
        idx((7, 28, 28), images(shape=(7, 28, 28))),
        idx((7,), np.arange(7)),
    ]
    shapes = [SHAPE, (20,), (7, 28, 28), (7,)]
    files = {
        part: IdxFile(real.name, shape, hashlib.sha256(content).hexdigest())
        for (part, real), shape, content in zip(FULL_SET.items(), shapes, contents)
    }
    by_name = {f"{file.name}.gz": content for file, content in zip(files.values(), contents)}
    monkeypatch.setattr("nnlib.data.idx.FULL_SET", files)
    monkeypatch.setattr(pooch, "os_cache", lambda project: tmp_path / "cache" / project)
    monkeypatch.setenv("NNLIB_DATA", str(tmp_path / "named"))

    def transfer(mirror, draft, expected, *rest):
        draft.write(gzip.compress(by_name[f"{expected.name}.gz"]))

    monkeypatch.setattr(download, "transfer", transfer)
    return files


@pytest.mark.parametrize("named", [True, False])
def test_what_was_downloaded_is_found(tmp_path, monkeypatch, four, named):
    if not named:
        monkeypatch.delenv("NNLIB_DATA")
    with pytest.raises(FileNotFoundError, match="train-images"):
        load_mnist("full")
    folder = download.download(files=four)
    assert folder == tmp_path / ("named" if named else "cache/nnlib")
    train, test = load_mnist("full")
    assert train.X.shape == (784, 20) and test.y.tolist() == list(range(7))


def test_a_named_folder_without_the_set_does_not_hide_the_cache(tmp_path, four):
    download.download(tmp_path / "cache" / "nnlib", files=four)
    (tmp_path / "named").mkdir()
    assert load_mnist("full")[0].X.shape == (784, 20)


def test_a_cache_that_was_damaged_is_noticed_and_mended(tmp_path, four):
    path = download.download(files=four) / f"{IMAGE_FILE.name}.gz"
    path.write_bytes(flipped(path.read_bytes(), 999))
    with refused(DataFileError, path.parent, path.name):
        load_mnist("full")
    download.download(files=four)
    assert load_mnist("full")[0].X.shape == (784, 20)


def test_who_has_no_set_is_offered_both_ways(four):
    with pytest.raises(FileNotFoundError) as caught:
        load_mnist("full")
    text = str(caught.value)
    assert "python -m nnlib.data download" in text and "load_mnist()" in text
    assert (
        "NNLIB_DATA" in text and "\n" not in text and str(pathlib.Path.home()) + os.sep not in text
    )


NAMES = {  # how others name or place train-images-idx3-ubyte, and so the other three
    "7-Zip, Windows": "{set}-{kind}.idx{n}-ubyte",
    "7-Zip, still packed": "{set}-{kind}.idx{n}-ubyte.gz",
    "a tutorial": "{set}-{kind}.bin",
    "a browser, again": "{set}-{kind}-idx{n}-ubyte (1).gz",
    "a browser, again, unpacked": "{set}-{kind}-idx{n}-ubyte (2)",
    "Firefox": "{set}-{kind}-idx{n}-ubyte(1).gz",
    "a copy in Windows": "{set}-{kind}-idx{n}-ubyte - Copy",
    "a copy in macOS": "{set}-{kind}-idx{n}-ubyte 2",
    "an ending that Windows hides": "{set}-{kind}-idx{n}-ubyte.txt",
    "large letters": "{SET}-{KIND}.IDX{n}-UBYTE",
    "underscores": "{set}_{kind}_idx{n}_ubyte.gz",
    "blanks": "{set} {kind}.idx",
    "Kaggle, folders like files": "{set}-{kind}-idx{n}-ubyte/{set}-{kind}-idx{n}-ubyte",
    "Kaggle, folders with dots": "{set}-{kind}.idx{n}-ubyte/{set}-{kind}.idx{n}-ubyte",
    "torchvision": "MNIST/raw/{set}-{kind}-idx{n}-ubyte",
    "a folder of this set": "mnist/{set}-{kind}-idx{n}-ubyte.gz",
    "a folder with blanks": "mnist (1)/files ä/{set}-{kind}-idx{n}-ubyte.gz",
    "named by their use": "{use}-{kind}-idx{n}-ubyte.gz",
    "named by their use, in short": "{use}_{kind}.gz",
}


def by_hand(folder, four, name, pack=None):
    """Put the small set into a folder, named by a pattern."""
    contents = IMAGES, LABELS, idx((7, 28, 28), images(shape=(7, 28, 28))), idx((7,), np.arange(7))
    for file, content in zip(four.values(), contents):
        group, kind, number, _ = file.name.split("-")
        use = {"train": "train", "t10k": "test"}[group]
        parts = dict(set=group, kind=kind, n=number[-1], use=use, SET=group.upper())
        path = folder / name.format(KIND=kind.upper(), **parts)
        path.parent.mkdir(parents=True, exist_ok=True)
        is_packed = path.suffix == ".gz" if pack is None else pack
        path.write_bytes(gzip.compress(content) if is_packed else content)


def assert_loads():
    train, test = load_mnist("full")
    np.testing.assert_array_equal(train.y, np.arange(20) % 10)
    assert train.y.dtype == np.intp and train.X.shape == (784, 20)
    np.testing.assert_array_equal(test.y, np.arange(7))
    assert full_set_state()[0]


@pytest.mark.parametrize("pack", [None, False, True], ids=["as named", "unpacked", "packed"])
@pytest.mark.parametrize("name", NAMES)
def test_files_are_found_by_the_names_that_others_give_them(tmp_path, four, name, pack):
    by_hand(tmp_path / "named", four, NAMES[name], pack)
    with nothing_lost(tmp_path / "named"):
        assert_loads()


@pytest.mark.parametrize(
    "pattern", ['"{}"', "“{}”", "'{}'", " {} ", '"{}/"', "{}/", "{}/MNIST/raw"]
)
def test_the_folder_is_understood_as_it_is_typed(tmp_path, monkeypatch, four, pattern):
    by_hand(tmp_path / "my digits ä", four, "MNIST/raw/{set}-{kind}-idx{n}-ubyte")
    monkeypatch.setenv("NNLIB_DATA", pattern.format(tmp_path / "my digits ä"))
    assert_loads()


@pytest.mark.parametrize("named", ["~/digits", '"~/digits"', "$HOME/digits", "${HOME}/digits/"])
def test_the_home_folder_has_its_short_names(tmp_path, monkeypatch, four, named):
    by_hand(tmp_path / "digits", four, "{set}-{kind}-idx{n}-ubyte")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.setenv("NNLIB_DATA", named)
    assert_loads()


def test_one_of_the_files_names_their_folder(tmp_path, monkeypatch, four):
    by_hand(tmp_path / "named", four, "{set}-{kind}.idx{n}-ubyte")
    monkeypatch.setenv("NNLIB_DATA", str(tmp_path / "named" / "t10k-labels.idx1-ubyte"))
    assert_loads()


def test_a_relative_folder_is_one_of_where_we_are_or_of_the_project(tmp_path, monkeypatch, four):
    monkeypatch.setenv("NNLIB_DATA", "my/digits")
    by_hand(tmp_path / "here" / "my" / "digits", four, "MNIST/raw/{set}-{kind}-idx{n}-ubyte")
    monkeypatch.chdir(tmp_path / "here")
    assert_loads()
    (tmp_path / "here" / "work").mkdir()
    monkeypatch.chdir(tmp_path / "here" / "work")
    monkeypatch.setattr("nnlib.data.folders.SAMPLE", tmp_path / "here" / "data" / "digits.csv.gz")
    assert_loads()


def test_each_file_may_be_packed_in_an_archive_of_its_own(tmp_path, four):
    by_hand(tmp_path / "plain", four, "{set}-{kind}-idx{n}-ubyte")
    (tmp_path / "named").mkdir()
    for path in (tmp_path / "plain").iterdir():
        with zipfile.ZipFile(tmp_path / "named" / f"{path.name}.zip", "w") as archive:
            archive.write(path, f"{path.name}/{path.name}")
    assert_loads()


def test_of_two_sets_with_the_same_names_the_digits_are_read(tmp_path, four):
    """As they lie side by side in the folder of torchvision."""
    by_hand(tmp_path / "named", four, "MNIST/raw/{set}-{kind}-idx{n}-ubyte")
    by_hand(tmp_path / "named", four, "FashionMNIST/raw/{set}-{kind}-idx{n}-ubyte")
    for path in (tmp_path / "named" / "FashionMNIST" / "raw").iterdir():
        path.write_bytes(flipped(path.read_bytes(), 10))
    assert_loads()


def test_a_whole_file_beside_a_damaged_one_of_the_right_name_is_read(tmp_path, four):
    by_hand(tmp_path / "named", four, "{set}-{kind}-idx{n}-ubyte (1).gz")
    by_hand(tmp_path / "named", four, "{set}-{kind}-idx{n}-ubyte.gz")
    for path in (tmp_path / "named").glob("*ubyte.gz"):
        path.write_bytes(path.read_bytes()[:-9])
    assert_loads()


LIES = {  # what lies in the folder in place of the set, and words of the sentence
    "a name of many lines": (["a\nb\x1b[2J"], ["in named lie a\\nb\\x1b[2J)"]),
    "nothing": ([], ["in named lie no files", "fetch the full set"]),
    "an archive": (["archive.zip"], ["in named lie archive.zip: unpack archive.zip"]),
    "tables": (["mnist_train.csv", "train_images.png"], ["lie mnist_train.csv, train_images.png"]),
    "other names": (["1.idx", "2.idx", "3.idx", "4.idx"], ["in named lie 1.idx, 2.idx, 3.idx)"]),
    "drafts": ([".train-images-idx3-ubyte.gz.12.part"], ["no files"]),
    "too deep": (["a/b/c/train-images-idx3-ubyte"], ["no files"]),
}


@pytest.mark.parametrize("name", LIES)
def test_a_folder_without_the_set_says_what_lies_there(tmp_path, four, name):
    files, words = LIES[name]
    (tmp_path / "named").mkdir()
    for file in files:
        path = tmp_path / "named" / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")
    with nothing_lost(tmp_path / "named"), pytest.raises(FileNotFoundError) as caught:
        load_mnist("full")
    text = str(caught.value)
    assert all(word in text for word in [*words, "train-images-idx3-ubyte", "NNLIB_DATA"])
    assert len(text) < 500 and "\n" not in text and str(tmp_path) not in text
    assert full_set_state() == (False, text)


def test_three_of_four_files_name_the_fourth(tmp_path, four):
    by_hand(tmp_path / "named", four, "{set}-{kind}.idx{n}-ubyte")
    (tmp_path / "named" / "t10k-images.idx3-ubyte").unlink()
    with pytest.raises(FileNotFoundError, match="t10k-images-idx3-ubyte is neither"):
        load_mnist("full")


def test_a_download_is_not_needed_where_the_files_lie_under_other_names(tmp_path, four):
    by_hand(tmp_path / "named", four, "MNIST/raw/{set}-{kind}.idx{n}-ubyte")
    before = sorted((tmp_path / "named").rglob("*"))
    download.download(files=four)
    assert sorted((tmp_path / "named").rglob("*")) == before


# ---- the command ----


def started(mirror, folder):
    """The command, with a mirror and a set of ours, as a process."""
    script = f"""
import functools, signal, sys
from nnlib.data import __main__, download
from nnlib.data.idx import IdxFile
signal.signal(signal.SIGINT, signal.default_int_handler)
download.download = functools.partial(download.download, mirrors=[{mirror!r}], files={FILES!r})
sys.argv = ["nnlib.data", "download", "--to", {str(folder)!r}]
__main__.main()
"""
    pipe = subprocess.PIPE
    return subprocess.Popen([sys.executable, "-c", script], stdout=pipe, stderr=pipe, text=True)


def until_drafts_lie_in(folder, process, n=1):
    deadline = time.monotonic() + 60
    while len(list(folder.glob(".*.part"))) < n:
        assert process.poll() is None and time.monotonic() < deadline, process.communicate()
        time.sleep(0.02)


@pytest.mark.slow
def test_the_command_says_where_the_files_are_and_what_is_next(tmp_path, mirror):
    process = started(mirror("good"), tmp_path)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert str(tmp_path) in out and 'load_mnist("full"), once NNLIB_DATA names that folder' in out
    assert f"{IMAGE_FILE.name}: " in err and "B/s" in err  # the progress bars
    fetched(tmp_path, "https://127.0.0.1:1/")


def test_a_folder_with_signs_that_the_terminal_lacks_is_named_all_the_same():
    script = "import sys; from nnlib.data import __main__, download; download.download = str\n"
    script += "sys.argv = ['nnlib.data', 'download', '--to', '\u017b']; __main__.main()"
    command, poor = [sys.executable, "-c", script], {**os.environ, "PYTHONIOENCODING": "cp1252"}
    done = subprocess.run(command, env=poor, capture_output=True, timeout=60)
    assert done.stdout.startswith(b"The four files are in ?.") and done.returncode == 0


@pytest.mark.slow
def test_without_a_network_the_command_says_one_sentence(tmp_path):
    home = {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache"), "NNLIB_DATA": ""}
    done = subprocess.run(
        [sys.executable, "-m", "nnlib.data", "download"],
        capture_output=True,
        text=True,
        env={**os.environ, **home},
        timeout=60,
    )
    assert done.returncode == 1 and not done.stdout
    *bars, sentence = done.stderr.strip().splitlines()
    assert sentence.startswith("Sorry, the full set could not be fetched: ")
    assert all(not bar.strip() or "B/s]" in bar for bar in bars)
    for mirror in download.MIRRORS:
        assert f"{urlsplit(mirror).hostname} (no connection" in done.stderr
    assert "Traceback" not in done.stderr and str(tmp_path) not in done.stderr
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends Ctrl-C another way")
def test_ctrl_c_is_answered_in_one_sentence(tmp_path, mirror):
    process = started(mirror("stalls"), tmp_path)
    until_drafts_lie_in(tmp_path, process)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in err and "Interrupted; what is whole stays" in err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_a_killed_download_leaves_no_half_file(tmp_path, mirror):
    (tmp_path / f"{LABEL_FILE.name}.gz").write_bytes(LABELS)
    before = hashes(tmp_path)
    for n in (1, 2, 3):
        process = started(mirror("stalls"), tmp_path)
        until_drafts_lie_in(tmp_path, process, n)
        process.kill()
        process.communicate()
    drafts = list(tmp_path.glob(".*.part"))
    assert {name: value for name, value in hashes(tmp_path).items() if name[0] != "."} == before
    for draft in drafts:
        os.utime(draft, (0, 0))
    fetched(tmp_path, mirror("good"))  # and the drafts are swept


@pytest.mark.slow
def test_eight_processes_at_once_end_well(tmp_path, mirror):
    processes = [started(mirror("good"), tmp_path) for _ in range(8)]
    while any(process.poll() is None for process in processes):
        for file in FILES.values():  # who reads meanwhile meets no file, or a whole one
            with contextlib.suppress(FileNotFoundError):
                read_idx(tmp_path, file)
        time.sleep(0.01)
    ends = [(*process.communicate(timeout=100), process.returncode) for process in processes]
    assert [code for *_, code in ends] == [0] * 8, ends
    fetched(tmp_path, "https://127.0.0.1:1/")
