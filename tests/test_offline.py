"""No lesson needs a network: every kernel of the tests refuses connections but loopback."""

import os
import socket
import subprocess
import sys

import nbformat
import pytest
from conftest import OFFLINE
from nbclient import NotebookClient

TRY = "import socket; socket.create_connection(({host!r}, {port}), timeout=2)"


def attempt(host, port):
    program = TRY.format(host=host, port=port)
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)


@pytest.mark.parametrize("host", ["192.0.2.1", "example.org"])
def test_the_world_is_refused(host):
    assert f"this one wanted {host}" in attempt(host, 80).stderr


def test_loopback_is_not():
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert attempt("127.0.0.1", server.getsockname()[1]).returncode == 0


@pytest.mark.slow
def test_kernels_stand_under_the_guard():
    """nbval starts its kernels with the environment of this process, as this client does."""
    assert OFFLINE in os.environ["PYTHONPATH"].split(os.pathsep)
    code = f"try:\n    {TRY.format(host='192.0.2.1', port=80)}\nexcept OSError as e:\n    print(e)"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    NotebookClient(notebook, timeout=60, kernel_name="python3").execute()
    assert "this one wanted 192.0.2.1" in notebook.cells[0].outputs[0].text
