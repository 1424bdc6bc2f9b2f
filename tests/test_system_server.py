"""Servers of this computer: a free port, a sign of life, an orderly end, last words."""

import http.server
import os
import signal
import socket
import subprocess
import sys
import threading
import urllib.request

import pytest

from nnlib.system import server as module
from nnlib.system.server import Server, ask_server, free_port


def start(*arguments, **options):
    return subprocess.Popen([sys.executable, *map(str, arguments)], **options)


def show(folder, sign="/"):
    """A server that shows a folder."""
    port = free_port(18500)
    flags = [port, "--bind", "127.0.0.1", "--directory", folder]
    return Server("http.server", flags, port, folder / "logs" / "server.log", sign)


def test_a_port_that_is_taken_is_passed_over():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert free_port(port) > port
    with pytest.raises(SystemExit, match=r"--port\.$"):
        free_port(65536)


@pytest.mark.slow
def test_it_says_where_it_is_once_it_answers_and_ends_when_we_are_stopped(
    tmp_path, capsys, monkeypatch
):
    monkeypatch.setattr(signal, "signal", lambda number, handler: None)  # pytest has its own
    (tmp_path / "page.html").write_text("here")
    server, opened = show(tmp_path, "/page.html"), []

    def read(url):
        opened.append(urllib.request.urlopen(url + "page.html").read())
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "open_browser", read)
    server.serve(start, True)
    assert opened == [b"here"]
    said = capsys.readouterr().out
    assert f"http://127.0.0.1:{server.port}/" in said and "Stopping; what you saved" in said
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", server.port)) != 0


@pytest.mark.slow
def test_one_that_ends_by_itself_leaves_its_last_words(tmp_path, monkeypatch):
    monkeypatch.setattr(signal, "signal", lambda number, handler: None)
    server = Server("json.tool", ["no such file"], free_port(18500), tmp_path / "log", "/")
    with pytest.raises(SystemExit) as caught:
        server.serve(start, False)
    said = str(caught.value.code)
    assert said.startswith("The server ended by itself") and "no such file" in said
    assert "doctor` may know why." in said


@pytest.mark.slow
def test_one_that_never_gives_its_sign_is_given_up(tmp_path, monkeypatch):
    monkeypatch.setattr(signal, "signal", lambda number, handler: None)
    monkeypatch.setattr(module, "PATIENCE", 1)
    server = show(tmp_path, "/not there")
    with pytest.raises(SystemExit, match="The server ended by itself"):
        server.serve(start, False)
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", server.port)) != 0


class Jupyter(http.server.BaseHTTPRequestHandler):
    """Answers as Jupyter's server does to those who have the token."""

    def do_POST(self):
        asked.append((self.path, self.headers["Authorization"]))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        """Say nothing."""


asked = []


def test_a_server_with_a_token_is_asked_to_end(tmp_path):
    with http.server.HTTPServer(("127.0.0.1", 0), Jupyter) as listening:
        threading.Thread(target=listening.handle_request, daemon=True).start()
        port = listening.server_address[1]
        process = start("-c", "pass")
        Server("jupyterlab", [], port, tmp_path / "log", "/", token="secret").end(process)
    assert asked == [("/api/shutdown", "token secret")] and process.returncode == 0


def test_nobody_there_is_no_answer():
    assert ask_server(free_port(18600), "", "GET", "/") is None


@pytest.mark.parametrize("screen", [True, False])
def test_a_browser_is_opened_only_where_there_is_a_screen(monkeypatch, screen):
    opened = []
    monkeypatch.setattr(module.webbrowser, "open", opened.append)
    monkeypatch.setattr(module.sys, "platform", "linux")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.delenv("DISPLAY", raising=False)
    if screen:
        monkeypatch.setenv("DISPLAY", ":0")
    module.open_browser("http://127.0.0.1/")
    assert bool(opened) == (screen or os.name == "nt")
