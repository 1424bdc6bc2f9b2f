"""Run one command of run.py: python tests/start_and_stop.py [--offline] COMMAND …

The address that it prints is asked once, then it is told to stop; what came of it is printed as
JSON. With --offline it is started by `unshare -n`, where there is no network but what we bring up.
"""

import fcntl
import json
import os
import re
import signal
import socket
import struct
import subprocess
import sys
import urllib.request

UP, SET_FLAGS = 1, 0x8914  # IFF_UP, SIOCSIFFLAGS


def loopback_up():
    """Let this computer reach itself: in a new network namespace even that is off."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, SET_FLAGS, struct.pack("16sH22x", b"lo", UP))


def is_offline():
    """Whether there is no way to an address of the world."""
    try:
        socket.create_connection(("192.0.2.1", 80), timeout=2).close()
    except OSError as error:
        return "unreachable" in str(error)
    return False


def run(arguments):
    """Run one command of run.py; return {code, status of its page, what it said}."""
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "encoding": "utf-8"}
    command = [sys.executable, "run.py", *arguments]
    process, said, status = subprocess.Popen(command, start_new_session=True, **streams), "", None
    for line in process.stdout:
        said += line
        if found := re.search(r"http://127\S+", line):
            status = urllib.request.urlopen(found[0], timeout=60).status
            os.killpg(process.pid, signal.SIGINT)
    return {"code": process.wait(), "status": status, "said": said}


def main(arguments):
    """Print what came of a command."""
    found = {}
    if arguments[0] == "--offline":
        loopback_up()
        found["offline"] = is_offline()
    print(json.dumps(found | run(arguments[found != {} :])))


if __name__ == "__main__":
    main(sys.argv[1:])
