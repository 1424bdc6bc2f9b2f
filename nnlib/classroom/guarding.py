"""A guard against accidents in other people's answers; no sandbox.

Everywhere Python itself refuses to write outside one folder, to start programs, to reach the
network (PEP 578, audit hooks). Where the system can, it limits memory and files, and takes the
network away.
"""

import contextlib
import ctypes
import os
import signal
import struct
import sys

from nnlib.classroom.limits import LIMITS

PROGRAM = "may not start another program or process"
NETWORK = "may not use the network"
REFUSED = {  # what Python announces before it does it: what is said instead
    **dict.fromkeys(
        "_winapi.CreateProcess os.exec os.fork os.forkpty os.kill os.killpg os.posix_spawn "
        "os.spawn os.startfile os.system pty.spawn subprocess.Popen".split(),
        PROGRAM,
    ),
    **dict.fromkeys(
        "socket.bind socket.connect socket.getaddrinfo socket.gethostbyaddr socket.gethostbyname "
        "socket.sendmsg socket.sendto".split(),
        NETWORK,
    ),
}
WRITES = {  # announced, too: which of its arguments are paths that are written
    "_winapi.CreateJunction": (1,),
    "os.chmod": (0,),
    "os.chown": (0,),
    "os.link": (0, 1),  # what is written through a link is the first
    "os.mkdir": (0,),
    "os.remove": (0,),
    "os.rename": (0, 1),
    "os.rmdir": (0,),
    "os.setxattr": (0,),
    "os.symlink": (1,),
    "os.truncate": (0,),
    "os.utime": (0,),
    "shutil.copyfile": (1,),
    "shutil.move": (0, 1),
    "shutil.rmtree": (0,),
    "sqlite3.connect": (0,),
}
FLAGS = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
CLONE_NEWNET, CLONE_NEWUSER, CLONE_NEWNS = 0x40000000, 0x10000000, 0x20000  # linux/sched.h
MS_BIND, MS_REC, MS_PRIVATE, MOUNT_ATTR_RDONLY = 0x1000, 0x4000, 0x40000, 1  # linux/mount.h
MOUNT_SETATTR, AT_FDCWD, AT_RECURSIVE = 442, -100, 0x8000  # the system call, linux/fcntl.h
PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36  # linux/prctl.h


def confine(folder):
    """Let Python refuse, from here on and for good, whatever reaches beyond a folder.

    Parameters
    ----------
    folder : str
        Where files may be written.
    """
    inside = os.path.join(os.path.realpath(folder), "")

    def watch(event, given):
        if event in REFUSED:
            raise PermissionError(f"while it is marked, an answer {REFUSED[event]}")
        for path in paths_written(event, given):
            where = os.path.join(os.path.realpath(path), "")
            if path != os.devnull and not where.startswith(inside):
                raise PermissionError(
                    "while it is marked, an answer may write into its folder only"
                )

    with contextlib.suppress(ImportError):  # starts processes without announcing them
        import _posixsubprocess

        _posixsubprocess.fork_exec = refuse_program
    sys.addaudithook(watch)


def refuse_program(*_):
    """Take the place of what starts a program unannounced."""
    raise PermissionError(f"while it is marked, an answer {PROGRAM}")


def paths_written(event, given):
    """List the paths that an announced event writes to."""
    if event == "open":
        path, mode, flags = given
        writes = set(mode or "") & set("wax+") or (mode is None and flags & FLAGS)
        paths = [path] if writes else []
    else:
        paths = [given[place] for place in WRITES.get(event, ()) if place < len(given)]
        if event in ("os.remove", "os.rmdir") and given[-1] != -1:
            return []  # inside a folder that is being removed, which was announced before
    return [os.fsdecode(path) for path in paths if isinstance(path, str | bytes | os.PathLike)]


def limit_resources():
    """Set what the system itself limits for this process; tell whether memory is among it."""
    try:
        import resource
    except ImportError:  # Windows
        return False
    limits = {"CORE": 0, "FSIZE": LIMITS.written, "CPU": int(LIMITS.above) + 10}
    if sys.platform == "linux":  # elsewhere it is counted otherwise, or not at all
        limits["DATA"] = LIMITS.memory
    for name, most in limits.items():
        with contextlib.suppress(OSError, ValueError):  # a lower one holds already
            resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (most, most))
    if hasattr(signal, "alarm"):
        signal.alarm(int(LIMITS.above) + 30)  # if nobody is left who looks at the time
    return "DATA" in limits


def close_off(folder):
    """Take away from this process and its children the network, and writing outside a folder.

    Parameters
    ----------
    folder : str

    Returns
    -------
    (bool, bool)
        Whether the system did the one, and the other.
    """
    if sys.platform != "linux":
        return False, False
    system = ctypes.CDLL(None, use_errno=True)
    everything = CLONE_NEWNS | CLONE_NEWNET
    if system.unshare(everything) and system.unshare(everything | CLONE_NEWUSER):
        is_offline = not system.unshare(CLONE_NEWNET)
        return is_offline, False
    return True, make_read_only(system, os.fsencode(folder))


def make_read_only(system, folder):
    """Make all that this process sees read-only but one folder; tell whether that worked."""
    writable = struct.pack("QQQQ", 0, MOUNT_ATTR_RDONLY, 0, 0)  # struct mount_attr: set, clear, …
    read_only = struct.pack("QQQQ", MOUNT_ATTR_RDONLY, 0, 0, 0)
    return not (
        system.mount(None, b"/", None, MS_REC | MS_PRIVATE, None)
        or system.mount(folder, folder, None, MS_BIND, None)
        or system.syscall(MOUNT_SETATTR, AT_FDCWD, b"/", AT_RECURSIVE, read_only, len(read_only))
        or system.syscall(MOUNT_SETATTR, AT_FDCWD, folder, 0, writable, len(writable))
    )


def adopt_orphans():
    """Become the parent of whatever a child leaves behind, so that it can be found."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def end_with_parent():
    """Let this process end when its parent does."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
