"""Whatever goes wrong during a save, the old network is there, whole; and no bomb goes off."""

import errno
import io
import os
import subprocess
import sys
import threading
import time

import numpy as np
import pytest
from rough import TRIED, hashes, nothing_lost

from nnlib.network import Layer, init_params
from nnlib.storage import load_network, npz, save_network
from nnlib.system import files
from nnlib.system.errors import ModelFileError

NAMES = ("relu", "softmax")
rng = np.random.default_rng(0)
OLD = init_params([6, 5, 3], rng)
NEW = [Layer(W + 1, b + 1) for W, b in OLD]


@pytest.fixture
def path(tmp_path):
    """A file that holds the old network."""
    path = tmp_path / "ours.npz"
    save_network(path, OLD, NAMES, "old")
    return path


def size_of_a_save():
    whole = io.BytesIO()
    arrays = {"version": 1, "description": "new", "activations": list(NAMES)}
    for l, (W, b) in enumerate(NEW, start=1):
        arrays |= {f"W{l}": W, f"b{l}": b}
    np.savez(whole, **arrays)
    return whole.tell()


SIZE = size_of_a_save()
FAULTS = {
    "disk full": OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)),
    "no permission": PermissionError(errno.EACCES, os.strerror(errno.EACCES)),
    "bad disk": OSError(errno.EIO, os.strerror(errno.EIO)),
    "interrupted": KeyboardInterrupt(),
    "quota": OSError(errno.EDQUOT, os.strerror(errno.EDQUOT)),
}
PLACES = ["open", 0, 1, SIZE // 2, SIZE - 1, "flush", "fsync", "re-read", "replace"]


class Faulty:
    """A file that fails after some bytes, or when it is flushed."""

    def __init__(self, file, place, fault):
        self.file, self.place, self.fault = file, place, fault

    def write(self, data):
        if self.place == "flush":
            return self.file.write(data)
        self.file.write(bytes(data)[: self.place])
        self.file.flush()
        raise self.fault

    def flush(self):
        raise self.fault

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.file.close()

    def fileno(self):
        return self.file.fileno()


def plant(monkeypatch, place, fault):
    """Let the next save fail there."""

    def fail(*_, **__):
        raise fault

    def faulty_open(path, mode="r", *rest):
        if "x" not in mode:
            return open(path, mode, *rest)
        if place == "open":
            raise fault
        return Faulty(open(path, mode, *rest), place, fault)

    if place in ("fsync", "replace"):
        monkeypatch.setattr(files.os, place, fail)
        monkeypatch.setattr(files.time, "sleep", lambda _: None)
    elif place == "re-read":
        monkeypatch.setattr(npz, "read_arrays", fail)
    else:
        monkeypatch.setattr(files, "open", faulty_open, raising=False)


@pytest.mark.parametrize("place", PLACES, ids=str)
@pytest.mark.parametrize("name", FAULTS)
def test_the_old_file_survives(path, monkeypatch, name, place):
    fault = FAULTS[name]
    expected = KeyboardInterrupt if name == "interrupted" else ModelFileError
    with nothing_lost(path.parent), monkeypatch.context() as patch:
        plant(patch, place, fault)
        with pytest.raises(expected) as caught:
            save_network(path, NEW, NAMES, "new")
    if expected is ModelFileError:
        text = str(caught.value)
        assert text.startswith("ours.npz was not saved (") and str(path.parent) not in text
        assert caught.value.__cause__ is not None and len(text.splitlines()) == 1
        assert ".part" not in text  # nobody needs the name of the draft
        assert ("did not read back" if place == "re-read" else fault.strerror) in text
    assert load_network(path).description == "old"
    save_network(path, NEW, NAMES, "new")  # the next one works
    assert load_network(path).description == "new"
    assert os.listdir(path.parent) == [path.name]


def test_a_draft_that_reads_back_differently_does_not_take_the_name(path, monkeypatch):
    """A disk that loses a bit without saying so."""

    write = io.BufferedWriter.write

    class Forgetful(io.BufferedWriter):
        def write(self, data):
            data = bytearray(data)
            data[data.index(b"W1.npy") + 200] ^= 1
            return write(self, data)

    def forgetful_open(path, mode="r", *rest):
        file = open(path, mode, *rest)
        return Forgetful(file.detach()) if "x" in mode else file

    monkeypatch.setattr(files, "open", forgetful_open, raising=False)
    with nothing_lost(path.parent), pytest.raises(ModelFileError, match="did not read back"):
        save_network(path, NEW, NAMES, "new")


# ---- other processes ----

CHILD = """
import sys
import numpy as np
from nnlib.network import init_params
from nnlib.storage import load_network, save_network
path, seed = sys.argv[1], int(sys.argv[2])
params = init_params([60, 50, 3], np.random.default_rng(seed))
"""


def start(program, *arguments):
    command = [sys.executable, "-c", CHILD + program, *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="has no such limit")
def test_a_full_disk_leaves_the_old_file(path):
    """The operating system itself refuses to let the file grow."""
    program = """
import resource, signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))
try:
    save_network(path, params, ("relu", "softmax"), "new")
except ValueError as error:
    print(error)
"""
    with nothing_lost(path.parent):
        output, errors = start(program, path, 0).communicate(timeout=60)
    assert output.startswith("ours.npz was not saved (File too large)"), output + errors


@pytest.mark.slow
def test_a_killed_save_leaves_a_whole_file_and_its_draft_is_swept(tmp_path):
    path = tmp_path / "ours.npz"
    program = """
for i in range(1_000_000):
    save_network(path, params, ("relu", "softmax"), f"save {i}")
    print(i, flush=True)
"""
    rng, drafts = np.random.default_rng(3), 0
    for kill in range(10):
        child = start(program, path, kill)
        for _ in range(int(rng.integers(1, 12))):
            assert child.stdout.readline(), child.stderr.read()
        time.sleep(float(rng.uniform(0, 0.01)))
        child.kill()
        child.communicate(timeout=60)
        TRIED["saves that were killed"] += 1
        assert load_network(path).description.startswith("save ")
        left = [name for name in os.listdir(tmp_path) if name != path.name]
        assert all(name.startswith(".ours.npz.") and name.endswith(".part") for name in left)
        drafts = len(left)
    (tmp_path / ".ours.npz.0123abcd.part").write_bytes(b"half")
    for draft in tmp_path.glob(".ours.npz.*.part"):
        os.utime(draft, (time.time() - 2 * files.OLD,) * 2)
    save_network(path, OLD, NAMES, "after a crash")
    assert os.listdir(tmp_path) == [path.name], drafts


@pytest.mark.slow
def test_of_two_saves_at_once_one_wins_whole(tmp_path):
    path = tmp_path / "ours.npz"
    program = """
for _ in range(100):
    save_network(path, params, ("relu", "softmax"), f"seed {seed}")
"""
    save_network(path, OLD, NAMES, "seed 0")
    writers = [start(program, path, seed) for seed in (1, 2, 3)]
    seen = set()
    while any(child.poll() is None for child in writers):
        params, _, description = load_network(path)  # a reader never meets half a file
        seen.add((description, params[0].W.tobytes()))
    errors = [child.communicate(timeout=60)[1] for child in writers]
    assert [child.returncode for child in writers] == [0, 0, 0], errors
    assert len(seen) == len({description for description, _ in seen}) >= 2
    assert os.listdir(tmp_path) == [path.name]


def test_threads_that_save_at_once(path):
    finished = []

    def save(seed):
        params = init_params([6, 5, 3], np.random.default_rng(seed))
        for _ in range(20):
            save_network(path, params, NAMES, f"seed {seed}")
        finished.append(seed)

    threads = [threading.Thread(target=save, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(finished) == [0, 1, 2, 3]
    params, _, description = load_network(path)
    expected = init_params([6, 5, 3], np.random.default_rng(int(description[-1])))
    np.testing.assert_array_equal(params[0].W, expected[0].W)
    assert list(hashes(path.parent)) == [path.name]


BOMBS = """
import pickle, resource, struct, zipfile
from nnlib.system.errors import ModelFileError
from nnlib.storage import load_legacy_pickle

def header(shape):
    text = str({"descr": "<f8", "fortran_order": False, "shape": shape})
    text = text.encode().ljust(117) + b"\\n"
    return b"\\x93NUMPY\\x01\\x00" + struct.pack("<H", len(text)) + text

def write(members, lie=None):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, pieces in members.items():
            with archive.open(name, "w") as member:
                for piece in pieces:
                    member.write(piece)
    if lie:  # the list of members says another size
        data = open(path, "rb").read()
        at = data.index(b"PK\\x01\\x02") + 24
        open(path, "wb").write(data[:at] + struct.pack("<I", lie) + data[at + 4:])

def zeros(n):
    return [bytes(1_000_000)] * (n // 1_000_000)

def directory():
    with zipfile.ZipFile(path, "w") as archive:
        for i in range(300_000):
            archive.writestr(f"{i}", b"")

def pickled(data):
    open(path, "wb").write(data)

BOMBS = {
    "8 PiB in a header": lambda: write({"W1.npy": [header((2**50,))]}),
    "2^66 in a header": lambda: write({"W1.npy": [header((2**33, 2**33))]}),
    "below 0": lambda: write({"W1.npy": [header((-(2**40), -1)), bytes(8)]}),
    "778 kB for 800 MB": lambda: write({"W1.npy": [header((10**8,)), *zeros(800_000_000)]}),
    "a lie about it": lambda: write({"W1.npy": [header((10**8,)), *zeros(300_000_000)]}, lie=1000),
    "8 of 60 MB": lambda: write({f"W{i}.npy": zeros(60_000_000) for i in range(1, 9)}),
    "300,000 members": directory,
    "nested names": lambda: write({"W1.npy": [b"\\x93NUMPY\\x01\\x00\\xff\\xff" + b"(" * 65535]}),
    "60 MB of lists": lambda: pickled(b"]" * 60_000_000),
    "60 MB of nested tuples": lambda: pickled(b")" + b"\\x85" * 60_000_000 + b"."),
    "60 MB of a name": lambda: pickled(b"c" + b"\\1" * 60_000_000 + b"\\nx\\n."),
    "60 million words": lambda: write({
        "activations.npy": [header((1, 7_500_000)), *zeros(60_000_000)],
        "version.npy": [header((1,)), bytes(8)], "description.npy": [header((1,)), bytes(8)]}),
    "an array 60 times": lambda: pickled(pickle.dumps([np.zeros((9000, 6000), np.uint8)] * 60)),
}
made = {}
for name, make in BOMBS.items():
    make()
    made[name] = open(path, "rb").read()
used = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (used + 512_000_000,) * 2)
for name, data in made.items():
    open(path, "wb").write(data)
    for load in (load_network, load_legacy_pickle):
        try:
            load(path)
            print(name, "was read")
        except ModelFileError as error:
            if "Memory" in str(error):
                print(name, error)
print("done", len(made))
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc and limits of memory")
def test_bombs_are_refused_in_little_memory(tmp_path):
    """With 512 MB above what Python itself takes: all are refused, none by MemoryError."""
    child = start(BOMBS, tmp_path / "bomb.npz", 0)
    output, errors = child.communicate(timeout=120)
    assert output == "done 13\n", output + errors
