"""The system's chromium, and servers on this computer for it to look at."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request

from nnlib.system.processes import end_process

CHROMIUM = next(
    filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome"])), None
)
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def free_port():
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def running(module, flags, sign, log=os.devnull, **options):
    """Run a server, a module of Python, from its first answer at the address `sign` to its end."""
    with open(log, "w", encoding="utf-8") as output:
        command = [sys.executable, "-m", module, *map(str, flags)]
        server = subprocess.Popen(command, stdout=output, stderr=output, **options)
        try:
            wait_for(sign, server)
            yield
        finally:
            server.terminate()
            end_process(server)  # a JupyterLab whose kernel is just restarting never ends by itself


def wait_for(address, server, seconds=90):
    """Wait until a server answers."""
    until = time.monotonic() + seconds
    while time.monotonic() < until and server.poll() is None:
        try:
            return urllib.request.urlopen(address, timeout=5)
        except OSError:
            time.sleep(0.3)
    raise TimeoutError(f"{address} did not answer")
