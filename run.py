"""Prepare and start the lessons, with nothing but Python and this folder.

usage: python3 run.py COMMAND        (Windows: py run.py COMMAND)

  lab       open the lessons in JupyterLab: your own copies, in work/, not yet run
            [--port N] [--no-browser] [--with-outputs: already run, with the teacher's notes]
            [--edit: the originals, in notebooks/]
  demo      show the training lab and the drawing pad as an app, for a projector
            [--port N] [--no-browser]
  site      build the browser edition into _site/, for any static host
            [--offline: with Pyodide in it] [--serve: show it] [--port N] [--no-browser]
  test      check the style, the library and the lessons [pytest arguments]
  doctor    say what is missing or wrong, and how to mend it
  reset NN  put a fresh copy of lesson NN into work/, and keep the old one [NN …]
  class     what a class needs: `class --help` lists it

The first start makes the folder .venv beside this file (or the one that the environment variable
NNLIB_VENV names) and installs the lock into it; whatever is started keeps its files there. What
builds the browser edition fits an older JupyterLab, so it has a folder of its own: .venv-site.
"""

import argparse
import hashlib
import http.client
import json
import os
import platform
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import time
import webbrowser
from pathlib import Path
from urllib.parse import quote

OLDEST, NEWEST = (3, 11), (3, 14)
# what a command needs; the first is installed, and it contains the other with equal pins
FULL = ["locks/test.lock", "locks/lab.lock"]
SITE = ["locks/site.lock", "locks/browser.lock"]
LOCKS = {"lab": ["locks/lab.lock"], "test": FULL, "demo": FULL, "site": SITE}
ROOT = Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT))  # nnlib.system.pages needs nothing but the standard library, either
LESSONS, WORK, SAMPLE = ROOT / "notebooks", ROOT / "work", ROOT / "data" / "digits.csv.gz"
RUN = "py run.py" if os.name == "nt" else "python3 run.py"
HASHED = ["--require-hashes", "--only-binary", ":all:"]


def use(venv):
    """Make a folder the environment that everything here speaks of."""
    global VENV, PYTHON, STAMP, SETTINGS, INSTALL_LOG, LAB_LOG
    VENV, PYTHON = venv, venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    STAMP, SETTINGS = venv / "nnlib-stamp.json", venv / "nnlib-settings"
    INSTALL_LOG, LAB_LOG = venv / "nnlib-install.log", venv / "nnlib-lab.log"


use(Path(os.path.abspath(ROOT / (os.environ.get("NNLIB_VENV") or ".venv"))))

# ---- one sentence for every failure ----

NETWORK = (
    r"NewConnectionError|ConnectTimeoutError|[Rr]ead ?timed ?out|ReadTimeoutError|ProxyError|"
    r"ProtocolError|Connection (broken|refused|reset|aborted)|IncompleteRead|not enough bytes|"
    r"HTTP error|HTTPError|\(from versions: none\)"
)
# what a failed command writes: what that means and what to do; the first that is found decides
FAILURES = {
    r"No space left on device|Errno 28|WinError 112": "The disk is full, and the lessons need "
    "about 0.6 GB: free some space",
    r"DO NOT MATCH THE HASHES(?:.*\n\s+(?P<name>\S+) from)?": "The download of {name} is not what "
    "the lock expects, so it was not installed: run `pip cache purge` or try another network",
    r"ensurepip is not\s+available|No module named '?(venv|ensurepip)": "This Python lacks its "
    "module venv: install it (Debian and Ubuntu: `sudo apt install python3-venv`)",
    r"Long Path": "The path of this folder is too long for Windows: move it to a short one, C:\\nn",
    r"Permission denied|Read-only file system|Errno (13|30)\b|WinError (5|32)\b": "The project's "
    "folder cannot be written, or another program holds a file in it: close that program, or move "
    "the project to a folder of your own",
    r"CERTIFICATE_VERIFY_FAILED|SSLError": "The package index could not prove who it is, which "
    "happens in school and company networks: ask for their certificate and set PIP_CERT to it",
    NETWORK: "The packages could not be fetched, and the first start needs a network connection "
    "(later ones do not): connect this computer",
    r"No matching distribution found for (?P<name>\S+)": "The lock asks for {name}, which the "
    "package index does not offer for this computer: update the project (`git pull`), or use a "
    "64-bit Python 3.11 to 3.14",
}


def explain(output, where=""):
    """Turn the output of a failed command into one sentence: what was found, what to do."""
    for pattern, sentence in FAILURES.items():
        found = re.search(pattern, output)
        if found:
            name = found.groupdict().get("name") or "a package"
            return sentence.replace("{name}", name) + f", then run the same command again{where}."
    lines = output.strip().splitlines() or ["no word"]
    error = next((line for line in reversed(lines) if "ERROR" in line), lines[-1]).strip()
    return f"It stopped with «{error}»; nothing is lost: run the same command again{where}."


def python_problem(version=sys.version_info):
    """Return the sentence that refuses this version of Python, or "" if it will do."""
    if OLDEST <= tuple(version[:2]) <= NEWEST:
        return ""
    found = ".".join(str(part) for part in version[:3])
    example = "py -3.14 run.py lab" if os.name == "nt" else "python3.14 run.py lab"
    has_installer = os.name == "nt" or sys.platform == "darwin"
    source = "from python.org" if has_installer else "with your system's packages, uv or conda"
    return (
        f"This is Python {found}, but the lessons need 3.11, 3.12, 3.13 or 3.14: install one of "
        f"them {source} and start with it, as in `{example}`."
    )


# ---- processes ----


def environment():
    """Return the variables for whatever is started: nothing leaks in, nothing is kept outside."""
    foreign = ("PYTHON", "JUPYTER", "IPYTHON", "MPL", "PIP_TARGET", "PIP_PREFIX", "PIP_REQUIRE")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    own = {
        "IPYTHONDIR": SETTINGS / "ipython",
        "JUPYTER_CONFIG_DIR": SETTINGS / "jupyter",
        "JUPYTER_DATA_DIR": SETTINGS / "data",
        "JUPYTER_RUNTIME_DIR": SETTINGS / "runtime",
        "MPLCONFIGDIR": SETTINGS / "matplotlib",
        "PATH": f"{PYTHON.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "PIP_USER": "0",
        "PYTHONUTF8": "1",  # text files read the same on every system
        "VIRTUAL_ENV": VENV,
    }
    return {**kept, **{name: str(value) for name, value in own.items()}}


def start(*command, **options):
    """Start a command in the project's folder, without standard input."""
    options = {"cwd": ROOT, "env": environment(), "stdin": subprocess.DEVNULL, **options}
    return subprocess.Popen([str(part) for part in command], **options)


def follow(process, report=lambda: ""):
    """Stay until a process ends, showing a report of how far it is."""
    shown = ""
    while process.poll() is None:  # process.wait() could not be interrupted on Windows
        shown = show(report(), shown)
        time.sleep(0.1)
    show("", shown)


def wait(process, report=lambda: ""):
    """Follow a process and return its exit code; if we are interrupted, it ends too."""
    try:
        follow(process, report)
    finally:
        stop(process)
    return process.returncode


def stop(process):
    """Give a process some seconds to end by itself, then ask it to, then make it."""
    for push in (lambda: None, process.terminate, process.kill):
        push()
        try:
            process.wait(5)
            return
        except subprocess.TimeoutExpired:
            pass


def show(text, shown):
    """Show a new state: over the old one on a screen, as a further line in a file."""
    if text != shown and sys.stdout.isatty():
        print(f"\r  {text:<74.74}\r", end="", flush=True)
    elif text not in ("", shown):
        print(f"  {text}", flush=True)
    return text


# ---- the virtual environment ----


def prepare(command):
    """Bring the environment to the state that a command needs, if it is not there yet."""
    from nnlib.system.pages import write_json

    wanted = state_wanted(command)
    need = decide(state_found(), wanted, python_found())
    if not need:
        return
    print(f"Preparing {VENV.name}, once: about 2 minutes, 0.6 GB, from the network.", flush=True)
    STAMP.unlink(missing_ok=True)  # it comes back when everything is installed
    if need == "make":
        make_environment()
    forget_halves()
    pip("install", *HASHED, "-r", LOCKS[command][0])
    if command == "site":
        fetch_wheels(*LOCKS[command][1:])
    else:
        pip("install", "--no-deps", "--no-build-isolation", "-e", ".")
        run_logged(PYTHON, "-c", "import matplotlib.pyplot")  # looks for fonts: takes a while
    write_json(STAMP, wanted)


def state_wanted(command):
    """Return what the stamp of an environment says that is ready for a command."""
    locks = {
        name: hashlib.sha256((ROOT / name).read_bytes()).hexdigest() for name in LOCKS[command]
    }
    python = "{}.{}".format(*sys.version_info)
    return {"python": python, "venv": str(VENV), "project": str(ROOT), "locks": locks}


def state_found():
    """Return what the stamp says, or {} if nothing was installed to the end."""
    try:
        return json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def python_found():
    """Return the version of the environment's Python, "3.13", or "" if it is missing or broken."""
    return ask_python("import pip, sys; print('{}.{}'.format(*sys.version_info))")


def ask_python(code):
    """Return what the environment's Python prints, or "" if it cannot."""
    try:
        quiet = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
        answer = start(PYTHON, "-c", code, cwd=VENV, **quiet).communicate(timeout=60)[0]
        return answer.decode("utf-8").strip()
    except (OSError, subprocess.TimeoutExpired):
        return ""


def decide(stamp, wanted, python):
    """Say what an environment needs: to be made ("make"), an "install", or nothing ("")."""
    if python != wanted["python"] or stamp.get("venv", wanted["venv"]) != wanted["venv"]:
        return "make"
    same = stamp.get("project") == wanted["project"]
    locked = stamp.get("locks", {}).items() >= wanted["locks"].items()
    return "" if same and locked else "install"


def make_environment():
    """Make the environment anew, but never remove a folder that is not ours."""
    ours = VENV in (ROOT / ".venv", ROOT / ".venv-site") or INSTALL_LOG.exists()
    if VENV.exists() and not ours and any(VENV.iterdir()):
        sys.exit(f"NNLIB_VENV names {VENV}, which holds something else: name a new folder.")
    if VENV.exists():
        shutil.rmtree(VENV)
    VENV.mkdir(parents=True)
    if shutil.disk_usage(VENV).free < 0.6e9:
        sys.exit(explain("No space left on device"))
    base = getattr(sys, "_base_executable", sys.executable)  # in case we run in what we remake
    run_logged(base, "-m", "venv", VENV)


def forget_halves():
    """Forget packages whose installation was cut off: pip writes INSTALLER after their files."""
    for info in site_packages().glob("*.dist-info"):
        if not (info / "INSTALLER").exists():
            shutil.rmtree(info)


def site_packages():
    """Return the folder of the environment's packages."""
    return Path(sysconfig.get_path("purelib", "venv", {"base": str(VENV)}))


def fetch_wheels(lock):
    """Fetch the packages that run in the browser, as wheels for the Python of Pyodide."""
    shutil.rmtree(VENV / "wheels", ignore_errors=True)
    there = ["--platform", "pyemscripten_2024_0_wasm32", "--python-version", "3.12"]
    pip("download", "--no-deps", *HASHED, *there, "-r", lock, "-d", VENV / "wheels")


def pip(*arguments):
    """Run pip, which never asks."""
    run_logged(PYTHON, "-m", "pip", "--no-input", "--disable-pip-version-check", *arguments)


def run_logged(*command):
    """Run a command with its output in the log and its progress on the screen."""
    INSTALL_LOG.touch()
    begin = INSTALL_LOG.stat().st_size

    def output():
        return INSTALL_LOG.read_bytes()[begin:].decode("utf-8", "replace")

    def report():
        return progress(output(), len(list(site_packages().glob("*.dist-info"))))

    with INSTALL_LOG.open("ab") as log:
        code = wait(start(*command, stdout=log, stderr=subprocess.STDOUT), report)
    if code:
        full = shutil.disk_usage(VENV).free < 1e6  # then the log may have lost the reason
        reason = "No space left on device" if full else output()
        sys.exit(explain(reason, f" (the whole output: {INSTALL_LOG})"))


def progress(output, n_installed):
    """Put pip's output so far, and the number of packages that stand, into a few words."""
    if "Retrying" in output.rstrip().rpartition("\n")[2]:
        return "no answer from the network, trying again"
    planned = re.search(r"^Installing collected packages: (.+)", output, re.MULTILINE)
    if planned:
        names = planned[1].split(", ")
        n = min(n_installed, len(names))
        return f"installing {names[n - 1]} ({n} of {len(names)})"
    fetched = re.findall(r"^(?:Collecting|Processing) (?:\S*[/\\])?([\w.-]+)", output, re.MULTILINE)
    return f"fetching {fetched[-1]} ({len(fetched)} so far)" if fetched else ""


# ---- lab and reset ----


def lab(arguments):
    """Open the lessons in JupyterLab and stay until it is stopped."""
    options = lab_options(arguments)
    from nnlib.system.lessons import lesson_files

    lessons = lesson_files(LESSONS)
    prepare("lab")
    if not options.edit:
        copy_lessons(options.with_outputs)
    port, token = free_port(options.port), secrets.token_hex(24)
    print("Starting JupyterLab …", flush=True)
    folder = LESSONS if options.edit else WORK
    server = start_server(folder, port, token)
    lesson = f"{folder.name}/{quote(lessons[0].name)}"
    url = f"http://127.0.0.1:{port}/lab/tree/{lesson}?token={token}"
    try:
        stay(server, port, token, ("/api/status", 200), url, options.browser)
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second Ctrl-C must not leave it behind
        ask_server(port, token, "POST", "/api/shutdown")  # ends the kernels, too
        stop(server)


def demo(arguments):
    """Show the training lab and the drawing pad as an app, without code, until it is stopped."""
    options = demo_options("demo", 8866).parse_args(arguments)
    prepare("demo")
    port = free_port(options.port)
    print("Starting the demo …", flush=True)
    flags = ["--no-browser", f"--port={port}", "--Voila.ip=127.0.0.1"]
    with LAB_LOG.open("wb") as log:
        notebook = ROOT / "docs" / "demo.ipynb"
        server = start(PYTHON, "-m", "voila", notebook, *flags, stdout=log, stderr=log)
    try:
        url = f"http://127.0.0.1:{port}/"
        stay(server, port, "", ("/voila/static/voila.js", 200), url, options.browser)
    finally:
        server.terminate()
        stop(server)


def site(arguments):
    """Build the browser edition, say what to do with it, and show it if that is asked."""
    options = site_options(arguments)
    use(VENV.with_name(f"{VENV.name}-site"))
    prepare("site")
    print("Building the browser edition …", flush=True)
    flags = ["--output", options.output] + ["--offline"] * options.offline
    flags += ["--project", options.project] if options.project else []
    if wait(start(PYTHON, ROOT / "docs" / "site" / "build.py", *flags)):
        return 1
    print(
        f"The folder {options.output} holds the browser edition; `{RUN} site --serve` shows it.\n"
        "To publish it, copy the folder to any static host that speaks https (browsers keep pages\n"
        "and files only there), or let .github/workflows/site.yml do that: docs/contributing.md."
    )
    if options.serve:
        serve(options)


def serve(options):
    """Show the browser edition until it is stopped."""
    port = free_port(options.port)
    flags = [str(port), "--bind", "127.0.0.1", "--directory", options.output]
    with LAB_LOG.open("wb") as log:
        server = start(PYTHON, "-m", "http.server", *flags, stdout=log, stderr=log)
    try:
        sign = ("/jupyter-lite.json", 200)
        stay(server, port, "", sign, f"http://127.0.0.1:{port}/", options.browser)
    finally:
        server.terminate()
        stop(server)


def stay(server, port, token, sign, url, browser):
    """Wait for a server's sign of life, say where it is, and stay until it is stopped."""
    try:
        wait_for_server(server, port, token, sign)
        print(f"Open at\n\n    {url}\n\nCtrl-C here stops it.", flush=True)
        if browser:
            open_browser(url)
        follow(server)
        if server.returncode:
            sys.exit(last_words())
    except KeyboardInterrupt:
        print("\nStopping; what you saved is kept.", flush=True)


def demo_options(command, port):
    """The options of a command that opens a page: `demo` has no others."""
    parser = argparse.ArgumentParser(prog=f"{RUN} {command}")
    parser.add_argument("--port", type=int, default=port, help="the port to try first")
    parser.add_argument("--no-browser", dest="browser", action="store_false")
    return parser


def site_options(arguments):
    """Read the options of `site`."""
    parser = demo_options("site", 8000)
    parser.add_argument("--offline", action="store_true", help="the site carries Pyodide, too")
    parser.add_argument("--serve", action="store_true", help="show it in the browser")
    parser.add_argument("--output", default="_site", help="the folder of the site")
    parser.add_argument("--project", default="", help="an address where the project is to be had")
    return parser.parse_args(arguments)


def lab_options(arguments):
    """Read the options of `lab`."""
    parser = demo_options("lab", 8888)
    parser.add_argument("--edit", action="store_true", help="open notebooks/ instead of work/")
    parser.add_argument("--with-outputs", action="store_true", help="copy pages already run")
    return parser.parse_args(arguments)


def copy_lessons(with_outputs=False):
    """Bring work/ up to date with the lessons; what the learner has touched is kept."""
    from nnlib.system import lessons as found
    from nnlib.system import pages

    lessons = found.lesson_files(LESSONS)
    WORK.mkdir(exist_ok=True)
    if already_open():  # pages that are open there must not change behind its back
        lessons = [lesson for lesson in lessons if not os.path.lexists(WORK / lesson.name)]
    else:
        pages.forget_widgets(WORK)
    kept = [page.name[:2] for page in pages.follow_lessons(lessons, WORK, with_outputs)]
    if kept:
        print(
            f"Lessons have changed; yours, kept as they are: {', '.join(kept)}; `{RUN} reset "
            f"{kept[0]}` brings the new one and keeps yours."
        )


def already_open():
    """Whether another JupyterLab of this project is at work, whose widgets live."""
    for file in (SETTINGS / "runtime").glob("jpserver-*.json"):
        try:
            server = json.loads(file.read_text(encoding="utf-8"))
            if ask_server(server["port"], server["token"], "GET", "/api/status") == 200:
                return True
        except (OSError, ValueError, LookupError, TypeError):
            continue
    return False


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


def start_server(folder, port, token):
    """Start JupyterLab for this computer only, without news, and with its output in a log."""
    from nnlib.system.pages import write_json

    page = SETTINGS / "jupyter" / "labconfig" / "page_config.json"
    page.parent.mkdir(parents=True, exist_ok=True)
    disabled = {"@jupyterlab/apputils-extension:announcements": True}  # asks the network
    write_json(page, {"disabledExtensions": disabled})
    options = {
        "ip": "127.0.0.1",
        "port": port,
        "port_retries": 0,
        "root_dir": ROOT,  # so that the lessons' links into nnlib/ and docs/ open
        "preferred_dir": folder,
        "open_browser": False,
        "allow_root": True,  # in containers; the address is local and has a token
    }
    flags = [f"--ServerApp.{name}={value}" for name, value in options.items()]
    flags += ["--LanguageServerManager.autodetect=False"]  # it would run npm, if there is one
    flags += ["--ContentsManager.pre_save_hook=nnlib.system.pages.drop_widgets"]
    # a command line could be read by others; and Ctrl-C is for us, who then stop it cleanly
    special = {"env": {**environment(), "JUPYTER_TOKEN": token}}
    special |= (
        {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
        if os.name == "nt"
        else {"process_group": 0}
    )
    with LAB_LOG.open("wb") as log:
        return start(PYTHON, "-m", "jupyterlab", *flags, stdout=log, stderr=log, **special)


def wait_for_server(server, port, token, sign):
    """Wait till a server gives its sign of life: a path, and the status it answers with."""
    path, status = sign
    deadline = time.monotonic() + 180
    while ask_server(port, token, "GET", path) != status:
        if server.poll() is not None or time.monotonic() > deadline:
            sys.exit(last_words())
        time.sleep(0.2)


def last_words():
    """Return the sentence for a server that did not start or stay."""
    lines = LAB_LOG.read_text(encoding="utf-8", errors="replace").split("\n")
    words = " / ".join([line.strip() for line in lines if line.strip()][-3:])
    return f"The server ended by itself, its last words «{words}»: `{RUN} doctor` may know why."


def ask_server(port, token, method, path):
    """Return the status with which JupyterLab answers a request, or None."""
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


def reset(arguments):
    """Put fresh copies of lessons into work/, and keep the old ones beside them."""
    from nnlib.system.lessons import lesson_files, lessons_named
    from nnlib.system.pages import renew_page

    parser = argparse.ArgumentParser(prog=f"{RUN} reset", description=reset.__doc__)
    parser.add_argument("lessons", nargs="*", metavar="NN", help="a number, or a file in work/")
    named, unknown = parser.parse_known_args(arguments)
    lessons = lessons_named([*named.lessons, *unknown], lesson_files(LESSONS))
    WORK.mkdir(exist_ok=True)
    for lesson in lessons:
        backup, kept = renew_page(lesson, WORK), ""
        if backup:
            kept = f"; the old one is kept as work/{backup.name}"
            kept += " (if the lesson is open: File, Reload Notebook from Disk; if asked, Revert)"
        print(f"work/{lesson.name} is fresh{kept}.")


# ---- class ----


def classroom(arguments):
    """Hand a command on to the class kit, which works in the folder where it was typed."""
    prepare("lab")
    return wait(start(PYTHON, "-m", "nnlib.classroom", *arguments, stdin=None, cwd=os.getcwd()))


# ---- test ----


def test(arguments):
    """Check the style, the library and the lessons; return an exit code."""
    prepare("test")
    ruff = [PYTHON, "-m", "ruff"]
    untidy = wait(start(*ruff, "check", ".")) | wait(start(*ruff, "format", "--check", "."))
    code = wait(start(PYTHON, "-m", "pytest", *pytest_arguments(arguments), stdin=None))
    if untidy:
        print(f"ruff is not content: see above, before pytest; `{RUN} test` stays red till it is.")
    return code or untidy


def pytest_arguments(arguments):
    """Return the arguments for pytest: outputs are compared on Linux, run elsewhere."""
    strict = sys.platform == "linux" and os.environ.get("NNLIB_LAX") != "1"
    nbval = ["--nbval" if strict else "--nbval-lax", "--nbval-current-env"]
    nbval += ["--nbval-cell-timeout=120", "--nbval-sanitize-with=tests/nbval.cfg"]
    nbval += ["-rs"]  # says why something was skipped
    paths = [
        word
        for word in arguments
        if not word.startswith("-") and (ROOT / word.split("::")[0]).exists()
    ]
    return [*nbval, *arguments, *([] if paths else ["tests", "notebooks"])]


# ---- doctor ----


def doctor(_arguments):
    """Say in one line per check what is fine, or what is wrong and how to mend it."""
    checks = check_computer() + check_environment()
    marks = "✗✓" if "utf" in (sys.stdout.encoding or "").lower() else ["!!", "ok"]
    for what, fine, good, bad in checks:
        print(f"{marks[fine]} {what}: {good if fine else bad}")
    return 0 if all(fine for _, fine, _, _ in checks) else 1


def check_computer():
    """Check what the first start needs: (what, is it fine, in words if so, if not)."""
    free, port = shutil.disk_usage(ROOT).free / 1e9, free_port(8888)
    taken = f"in use, perhaps by these lessons; `{RUN} lab` will take {port}"
    missing = "data/digits.csv.gz is missing; `git checkout -- data` or a new download mends that"
    return [
        ("Python", True, platform.python_version(), ""),
        ("Disk", free > 1, f"{free:.1f} GB free", f"only {free:.1f} GB free; make it 1 GB"),
        ("Sample", SAMPLE.exists(), "data/digits.csv.gz is there", missing),
        ("Port 8888", True, "free" if port == 8888 else taken, ""),
    ]


def check_environment():
    """Check what the first start leaves behind; its contents only if it was left complete."""
    python, name = python_found(), VENV.name
    need = decide(state_found(), state_wanted("lab"), python)
    state = "is not complete or not up to date" if python else "is not there yet, or is broken"
    repair = f"{name} {state}; `{RUN} lab` mends that, in about 2 minutes, from the network"
    checks = [("Environment", not need, f"{name} holds all of {LOCKS['lab'][0]}", repair)]
    if not need:
        again = f"remove the folder {name}, then `{RUN} lab` makes it again"
        origin = ask_python("import nnlib; print(nnlib.__file__)")
        ours = bool(origin) and ROOT in Path(origin).resolve().parents
        stray = f"comes from {origin or 'nowhere'} instead of this project; {again}"
        sliders = VENV / "share/jupyter/labextensions/@jupyter-widgets/jupyterlab-manager"
        bare = f"JupyterLab lacks the extension of ipywidgets; {again}"
        checks.append(("nnlib", ours, "comes from this project", stray))
        checks.append(("Sliders and buttons", sliders.exists(), "JupyterLab has them", bare))
    return [*checks, check_full_set(not need)]


def check_full_set(is_ready):
    """Check what load_mnist("full") would find: it is asked itself, if the environment stands."""
    named = os.environ.get("NNLIB_DATA", "").strip()
    ask = "from nnlib.data.idx import full_set_state; print(*full_set_state(), sep='\\n')"
    is_there, _, words = ask_python(ask).partition("\n") if is_ready else ("", "", "")
    unused = "not needed; `python -m nnlib.data download` fetches it, NNLIB_DATA may name a folder"
    later = f"NNLIB_DATA names {named}; `{RUN} doctor` looks there once the environment stands"
    if is_ready and (named or is_there == "True"):
        return "Full set", is_there == "True", words, words or "nnlib.data could not be asked"
    return "Full set", True, later if named else unused, ""


def main(arguments):
    """Run one command and return its exit code; a failure is one sentence, never a traceback."""
    commands = {"lab": lab, "demo": demo, "site": site, "test": test}
    commands |= {"doctor": doctor, "reset": reset, "class": classroom}
    if not arguments or arguments[0] not in commands:
        print(__doc__.strip())
        return 2
    if python_problem():
        sys.exit(python_problem())
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")
    for name in {"SIGINT", "SIGTERM", "SIGHUP"} & set(dir(signal)):
        signal.signal(getattr(signal, name), signal.default_int_handler)
    from nnlib.system.errors import NnlibError

    try:
        return commands[arguments[0]](arguments[1:])
    except KeyboardInterrupt:
        sys.exit("\nStopped in the middle; nothing is lost: run the same command again.")
    except NnlibError as error:
        sys.exit(f"Sorry, {error}.")
    except OSError as error:
        sys.exit(explain(str(error)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
