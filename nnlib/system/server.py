"""Servers for this computer alone: a free port, a sign of life, an address, an orderly end."""

import dataclasses
import http.client
import os
import signal
import socket
import sys
import time
import webbrowser
from pathlib import Path

from nnlib.system.failures import RUN
from nnlib.system.processes import APART, end_process, stay_with

PATIENCE = 180  # seconds until the first answer


@dataclasses.dataclass(frozen=True)
class Server:
    """A server, as it is started and as it is known to be up.

    Parameters
    ----------
    module : str
        What Python runs.
    flags : list
    port : int
    log : pathlib.Path
        Where its output goes.
    sign : str
        The path that answers with status 200 once it is up.
    page : str, default ""
        What to open there.
    token : str, default ""
        What JupyterLab wants to be asked with; it then ends its kernels, too, when it is told to.
    """

    module: str
    flags: list
    port: int
    log: Path
    sign: str
    page: str = ""
    token: str = ""

    def serve(self, start, browser, **options):
        """Start it, say where it is, open it, and stay until it is stopped.

        Parameters
        ----------
        start : callable
            Takes what subprocess.Popen takes: the command and the options.
        browser : bool
            Whether a browser opens it.
        """
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("wb") as log:
            streams = {"stdout": log, "stderr": log}
            process = start("-m", self.module, *self.flags, **streams, **APART, **options)
        try:
            self.stay(process, browser)
        except KeyboardInterrupt:
            print("\nStopping; what you saved is kept.", flush=True)
        finally:
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second Ctrl-C must not leave it behind
            self.end(process)

    def stay(self, process, browser):
        """Wait till it is up, say where, and stay."""
        self.wait_until_up(process)
        url = f"http://127.0.0.1:{self.port}/{self.page}"
        print(f"Open at\n\n    {url}\n\nCtrl-C here stops it.", flush=True)
        if browser:
            open_browser(url)
        stay_with(process)
        if process.returncode:
            sys.exit(self.last_words())

    def wait_until_up(self, process):
        """Wait for its sign of life; give up if it ends, or after three minutes."""
        deadline = time.monotonic() + PATIENCE
        while ask_server(self.port, self.token, "GET", self.sign) != 200:
            if process.poll() is not None or time.monotonic() > deadline:
                sys.exit(self.last_words())
            time.sleep(0.2)

    def end(self, process):
        """Ask it to end, and see that it does."""
        if self.token:
            ask_server(self.port, self.token, "POST", "/api/shutdown")
        else:
            process.terminate()
        end_process(process)

    def last_words(self):
        """Return the sentence for a server that did not start or stay."""
        lines = self.log.read_text(encoding="utf-8", errors="replace").split("\n")
        words = " / ".join([line.strip() for line in lines if line.strip()][-3:])
        return f"The server ended by itself, its last words «{words}»: `{RUN} doctor` may know why."


def free_port(first):
    """Return the first free port from a given one on."""
    for port in range(first, first + 50):
        with socket.socket() as probe:
            if os.name != "nt":  # a port that was just given up is free there
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except (OSError, OverflowError):
                continue
    sys.exit(f"No port from {first} to {first + 49} is free: name another one with --port.")


def ask_server(port, token, method, path):
    """Return the status with which a server of this computer answers a request, or None."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request(method, path, headers={"Authorization": f"token {token}"})
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def open_browser(url):
    """Open an address in the browser, if there is a screen (a text browser would block)."""
    if (
        os.name == "nt"
        or sys.platform == "darwin"
        or {"DISPLAY", "WAYLAND_DISPLAY"} & {*os.environ}
    ):
        webbrowser.open(url)
