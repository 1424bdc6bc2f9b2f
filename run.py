"""Prepare and start the lessons, with nothing but Python and this folder.

usage: python3 run.py COMMAND        (Windows: py run.py COMMAND)

  lab       open the lessons in JupyterLab: your own copies, in work/, not yet run
            [--port N] [--no-browser] [--with-outputs: already run, with the teacher's notes]
            [--edit: the originals, in notebooks/] [--projector: large, for a class]
  demo [NN] show the drawing pad and the training lab, or a lesson, as an app for a projector
            [--port N] [--no-browser]
  site      build the browser edition into _site/, for any static host
            [--offline: with Pyodide in it] [--serve: show it] [--port N] [--no-browser]
  test      check the style, the library and the lessons [pytest arguments]
  prepare   fetch what a command needs, so that it needs no network later [lab demo test site all]
  doctor    say what is missing or wrong, and how to mend it
  reset NN  put a fresh copy of lesson NN into work/, and keep the old one [NN …]
  work DIR  copy the lessons into a folder of your own; nothing is installed or started
  class     what a class needs: `class --help` lists it

What a command needs is installed before it starts, from a lock, into the folder .venv beside this
file (or the one that the environment variable NNLIB_VENV names); wheels in a folder wheels/ beside
this file take the network's place. NNLIB_WORK names another folder than work/. Whatever is started
keeps its files there. What builds the browser edition has an environment of its own: .venv-site.
"""

import argparse
import json
import os
import platform
import secrets
import shutil
import signal
import sys
from pathlib import Path
from urllib.parse import quote

OLDEST, NEWEST = (3, 11), (3, 14)
# what a bundle for a class leaves out, by the commands that need it
LEFT_OUT = {"test": "tests", "site": "docs/site", "demo": "docs/demo.ipynb"}


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


if python_problem():
    sys.exit(python_problem())

ROOT = Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT))  # what follows needs nothing but the standard library, either

from nnlib.system import lessons, pages
from nnlib.system.errors import NnlibError
from nnlib.system.exports import use_templates
from nnlib.system.failures import RUN, explain
from nnlib.system.places import as_word, folder_named, in_hub
from nnlib.system.preparing import LOCKS, amount, need_of, prepare_for, refusal
from nnlib.system.processes import print_any_sign, wait_for
from nnlib.system.projector import PRESENTER, projector_flags, write_apps
from nnlib.system.server import Server, ask_server, free_port
from nnlib.system.venv import Venv, may_write

LESSONS, SAMPLE = ROOT / "notebooks", ROOT / "data" / "digits.csv.gz"
WORK = lessons.work_folder(ROOT)
# what doctor looks at: a module that a command needs, and the folders that it writes
PROBES = {"lab": "jupyterlab", "demo": "voila", "test": "pytest", "site": "jupyterlite_core"}
PROBES |= {"class": "nbclient"}
WRITES = {"lab": [WORK], "test": [ROOT], "site": [ROOT]}


# ---- environments ----


def venv_of(command):
    """Return the environment of a command; who may not write there keeps settings in work/."""
    folder = Path(os.path.abspath(ROOT / (folder_named("NNLIB_VENV") or ".venv")))
    if command == "site":
        folder = folder.with_name(f"{folder.name}-site")
    is_own = may_write(folder) and WORK == ROOT / "work"
    return Venv(folder, ROOT, folder if is_own else WORK / ".nnlib")


def ready(command):
    """Return the environment of a command, prepared."""
    venv = venv_of(command)
    prepare_for(venv, command)
    if venv.is_ours_to_change():
        use_templates(venv.folder)
    own_folder(venv.private)
    return venv


def prepare(arguments):
    """Fetch what commands need, so that they need no network later."""
    parser = argparse.ArgumentParser(prog=f"{RUN} prepare", description=prepare.__doc__)
    parser.add_argument("command", nargs="?", default="lab", choices=[*LOCKS, "all"])
    command = parser.parse_args(arguments).command
    needed = ["test", "site"] if command == "all" else [command]
    for each in needed:
        refuse_left_out(each)
    for each in needed:
        ready(each)
    said = "Everything" if command == "all" else f"`{RUN} {command}`"
    print(f"{said} is {ready_words(command)}.")


def ready_words(command):
    """Return what is true of a command that is prepared."""
    fetches = command in ("site", "all") and not os.environ.get("NNLIB_PYODIDE")
    but = " (but `site --offline` does, for Pyodide)" if fetches else ""
    return f"ready, and needs no network{but}"


def refuse_left_out(command):
    """End where a bundle for a class lacks what a command needs."""
    if not (ROOT / LEFT_OUT.get(command, "")).exists():
        sys.exit(f"This folder holds the lessons alone: `{command}` needs the whole project.")


# ---- lab, demo, site ----


def lab(arguments):
    """Open the lessons in JupyterLab and stay until it is stopped."""
    options = lab_options(arguments)
    first = lessons.lesson_files(LESSONS)[0].name
    if in_hub():
        return work([str(WORK)])
    folder, venv = LESSONS if options.edit else WORK, ready("lab")
    if not options.edit:
        copy_lessons(options.with_outputs)
    port, token = free_port(options.port), secrets.token_hex(24)
    root = ROOT if folder.is_relative_to(ROOT) else folder  # so that links to nnlib/, docs/ open
    page = f"lab/tree/{quote((folder / first).relative_to(root).as_posix())}?token={token}"
    print("Starting JupyterLab …", flush=True)
    flags = server_flags(venv, root, folder, port)
    variables = venv.variables() | {"JUPYTER_TOKEN": token}  # a command line could be read
    if options.projector:
        flags, variables = flags + projector_flags(venv.settings), variables | PRESENTER
    server = Server("jupyterlab", flags, port, venv.server_log, "/api/status", page, token)
    server.serve(venv.start, options.browser, env=variables)


def server_flags(venv, root, folder, port):
    """Return the options of a JupyterLab for this computer only, without news."""
    page = venv.settings / "jupyter" / "labconfig" / "page_config.json"
    page.parent.mkdir(parents=True, exist_ok=True)
    disabled = {"@jupyterlab/apputils-extension:announcements": True}  # asks the network
    pages.write_json(page, {"disabledExtensions": disabled})
    options = {
        "ip": "127.0.0.1",
        "port": port,
        "port_retries": 0,
        "root_dir": root,
        "preferred_dir": folder,
        "open_browser": False,
        "allow_root": True,  # in containers; the address is local and has a token
    }
    flags = [f"--ServerApp.{name}={value}" for name, value in options.items()]
    flags += ["--ContentsManager.pre_save_hook=nnlib.system.pages.drop_widgets"]
    return [*flags, "--LanguageServerManager.autodetect=False"]  # it would run npm, if it can


def demo(arguments):
    """Show the demo, or a lesson, as an app without code, until it is stopped."""
    parser = page_options("demo", 8866)
    parser.add_argument("lesson", nargs="?", metavar="NN", help="the number of a lesson")
    options, files = parser.parse_args(arguments), lessons.lesson_files(LESSONS)
    home = ROOT / "docs" / "demo.ipynb"
    shown = lessons.lessons_named([options.lesson], files)[0] if options.lesson else home
    refuse_in_hub(f"open {shown.name} in the file list on the left, and run its cells")
    venv, port = ready("demo"), free_port(options.port)
    apps = venv.settings / "demo"
    write_apps([home, *files], apps)
    print("Starting the demo …", flush=True)
    flags = [apps, "--no-browser", f"--port={port}", "--Voila.ip=127.0.0.1"]
    page = f"voila/render/{quote(shown.name)}"
    server = Server("voila", flags, port, venv.server_log, "/voila/static/voila.js", page)
    server.serve(venv.start, options.browser, env=venv.variables() | PRESENTER)


def site(arguments):
    """Build the browser edition, say what to do with it, and show it if that is asked."""
    options = site_options(arguments)
    if options.serve:
        refuse_in_hub("build it without --serve, and download the folder")
    venv = ready("site")
    print("Building the browser edition …", flush=True)
    flags = ["--output", options.output] + ["--offline"] * options.offline
    flags += ["--project", options.project] if options.project else []
    if wait_for(venv.start(ROOT / "docs" / "site" / "build.py", *flags)):
        return 1
    print(
        f"The folder {options.output} holds the browser edition; `{RUN} site --serve` shows it.\n"
        "To publish it, copy the folder to any static host that speaks https (browsers keep pages\n"
        "and files only there), or let .github/workflows/site.yml do that: docs/contributing.md."
    )
    if options.serve:
        port = free_port(options.port)
        flags = [port, "--bind", "127.0.0.1", "--directory", options.output]
        server = Server("http.server", flags, port, venv.server_log, "/jupyter-lite.json")
        server.serve(venv.start, options.browser)


def refuse_in_hub(instead):
    """End where no browser would reach a server of ours."""
    if in_hub():
        sys.exit(f"In a hub your browser does not reach what is started here: {instead}.")


def page_options(command, port):
    """The options of a command that opens a page."""
    parser = argparse.ArgumentParser(prog=f"{RUN} {command}")
    parser.add_argument("--port", type=int, default=port, help="the port to try first")
    parser.add_argument("--no-browser", dest="browser", action="store_false")
    return parser


def site_options(arguments):
    """Read the options of `site`."""
    parser = page_options("site", 8000)
    parser.add_argument("--offline", action="store_true", help="the site carries Pyodide, too")
    parser.add_argument("--serve", action="store_true", help="show it in the browser")
    parser.add_argument("--output", default="_site", help="the folder of the site")
    parser.add_argument("--project", default="", help="an address where the project is to be had")
    return parser.parse_args(arguments)


def lab_options(arguments):
    """Read the options of `lab`."""
    parser = page_options("lab", 8888)
    parser.add_argument("--edit", action="store_true", help="open notebooks/ instead of work/")
    parser.add_argument("--with-outputs", action="store_true", help="copy pages already run")
    parser.add_argument("--projector", action="store_true", help="large, for a class")
    return parser.parse_args(arguments)


# ---- the learner's copies ----


def copy_lessons(with_outputs=False):
    """Bring work/ up to date with the lessons; what the learner has touched is kept."""
    found = lessons.lesson_files(LESSONS)
    own_folder(WORK)
    if already_open():  # pages that are open there must not change behind its back
        found = [lesson for lesson in found if not os.path.lexists(WORK / lesson.name)]
    else:
        pages.forget_widgets(WORK)
    follow(found, WORK, with_outputs)


def follow(found, folder, with_outputs=False):
    """Copy lessons into a folder, and name those that were kept."""
    kept = [page.name[:2] for page in pages.follow_lessons(found, folder, with_outputs)]
    if kept:
        update = typed(f"class update {kept[0]}", folder)
        print(
            f"Lessons have changed; yours, kept as they are: {', '.join(kept)}; `{update}` "
            "brings the new one with what you wrote."
        )


def typed(command, folder):
    """Return what is typed here so that a command takes a folder's pages."""
    if folder == WORK:
        return f"{RUN} {command}"
    run = RUN if Path.cwd() == ROOT else RUN.replace("run.py", as_word(ROOT / "run.py"))
    if os.name == "nt":
        return f"{run} {command} (with NNLIB_WORK set to {folder})"
    return f"NNLIB_WORK={as_word(folder)} {run} {command}"


def own_folder(folder):
    """Make a learner's folder, if it is not there."""
    if not may_write(folder):
        sys.exit(
            f"The folder {folder} cannot be written: let the environment variable NNLIB_WORK name "
            "one of your own for your pages, and run the same command again."
        )
    folder.mkdir(parents=True, exist_ok=True)


def already_open():
    """Whether another JupyterLab of this project is at work, whose widgets live."""
    for file in (venv_of("lab").settings / "runtime").glob("jpserver-*.json"):
        try:
            server = json.loads(file.read_text(encoding="utf-8"))
            if ask_server(server["port"], server["token"], "GET", "/api/status") == 200:
                return True
        except (OSError, ValueError, LookupError, TypeError):
            continue
    return False


def work(arguments):
    """Copy the lessons into a folder of your own; nothing is installed or started."""
    parser = argparse.ArgumentParser(prog=f"{RUN} work", description=work.__doc__)
    parser.add_argument("folder", metavar="DIR")
    folder = Path(parser.parse_args(arguments).folder).expanduser().absolute()
    found = lessons.lesson_files(LESSONS)
    own_folder(folder)
    follow(found, folder)
    print(f"The lessons lie in {folder}.")
    if in_hub():
        print(
            f"Open {near_home(folder / found[0].name)} in the file list on the left. If its first "
            "cell does not\nknow nnlib: docs/hub.md says what the keeper of this hub installs."
        )
    else:
        print(f"To open them: {typed('lab', folder)}")


def near_home(path):
    """Return a path as a hub's file list shows it: from the home folder on, if it lies there."""
    home = Path.home()
    return path.relative_to(home) if path.is_relative_to(home) else path


def reset(arguments):
    """Put fresh copies of lessons into work/, and keep the old ones beside them."""
    parser = argparse.ArgumentParser(prog=f"{RUN} reset", description=reset.__doc__)
    parser.add_argument("lessons", nargs="*", metavar="NN", help="a number, or a file in work/")
    named, unknown = parser.parse_known_args(arguments)
    found = lessons.lessons_named([*named.lessons, *unknown], lessons.lesson_files(LESSONS))
    own_folder(WORK)
    for lesson in found:
        backup, kept = pages.renew_page(lesson, WORK), ""
        if backup:
            kept = f"; the old one is kept as {WORK.name}/{backup.name}"
            kept += " (if the lesson is open: File, Reload Notebook from Disk; if asked, Revert)"
        print(f"{WORK.name}/{lesson.name} is fresh{kept}.")


# ---- class, test ----


def classroom(arguments):
    """Hand a command on to the class kit, which works in the folder where it was typed."""
    venv = ready("lab")
    options = {"stdin": None, "cwd": os.getcwd()}
    return wait_for(venv.start("-m", "nnlib.classroom", *arguments, **options))


def test(arguments):
    """Check the style, the library and the lessons; return an exit code."""
    venv = ready("test")
    ruff = ("-m", "ruff")
    untidy = wait_for(venv.start(*ruff, "check", ".")) | wait_for(
        venv.start(*ruff, "format", "--check", ".")
    )
    plain = venv.variables() | {"NNLIB_PLAIN_FIGURES": "1"}  # as lessons are stored, for nbval
    words = pytest_arguments(arguments)
    code = wait_for(venv.start("-m", "pytest", *words, stdin=None, env=plain))
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
    checks = [*check_computer(), *map(check_command, PROBES)]
    checks.append(check_full_set(not need_of(venv_of("lab"), "lab")))
    marks = "✗✓○" if "utf" in (sys.stdout.encoding or "").lower() else ["!!", "ok", "--"]
    for what, fine, words in checks:
        print(f"{marks[2 if fine is None else fine]} {what}: {words}")
    return 1 if any(fine is False for _, fine, _ in checks) else 0


def check_computer():
    """Check what the first start needs: (what, is it fine, in words)."""
    free, port = shutil.disk_usage(ROOT).free / 1e9, free_port(8888)
    taken = f"in use, perhaps by these lessons; `{RUN} lab` will take {port}"
    missing = "data/digits.csv.gz is missing; `git checkout -- data` or a new download mends that"
    space, there = f"{free:.1f} GB free", SAMPLE.exists()
    return [
        ("Python", True, platform.python_version()),
        ("Disk", free > 1, space if free > 1 else f"only {space}; make it 1 GB"),
        ("Sample", there, "data/digits.csv.gz is there" if there else missing),
        ("Port 8888", True, "free" if port == 8888 else taken),
    ]


def check_command(command):
    """Check whether a command would work: where it writes, and what is installed."""
    if in_hub() and command in ("lab", "demo"):
        return command, None, "a hub's own JupyterLab opens the lessons: docs/hub.md"
    needed = "lab" if command == "class" else command
    venv = venv_of(needed)
    if not (ROOT / LOCKS[needed][0][0]).exists():
        return command, None, f"{LOCKS[needed][0][0]} is not part of this folder"
    folders = [*WRITES.get(command, []), venv.private]
    locked = next((folder for folder in folders if not may_write(folder)), None)
    if locked:
        way_out = "make a copy of the project" if locked == ROOT else "NNLIB_WORK may name another"
        return command, False, f"{locked} cannot be written; {way_out}"
    need = need_of(venv, needed)
    if not need:
        fault = fault_of(venv, PROBES[command])
        return command, not fault, fault or ready_words(command)
    if not venv.is_ours_to_change():
        return command, False, refusal(venv, needed)
    state = {"make": "not prepared, or broken", "install": "some packages are missing or old"}[need]
    mend = f"`{RUN} prepare {needed}` mends that: {amount(venv, needed, need)}"
    return command, False if command == "lab" else None, f"{state}; {mend}"


def fault_of(venv, module):
    """Return what is wrong with an environment that was left complete, or ""."""
    again = f"remove the folder {venv.folder.name}, then `{RUN} lab` makes it again"
    if module == PROBES["site"]:
        return "" if venv.ask(f"import {module}; print(1)") else f"{module} is gone; {again}"
    origin = venv.ask(f"import {module}, nnlib; print(nnlib.__file__)")
    sliders = venv.folder / "share/jupyter/labextensions/@jupyter-widgets/jupyterlab-manager"
    if not origin or ROOT not in Path(origin).resolve().parents:
        return f"nnlib comes from {origin or 'nowhere'} instead of this project; {again}"
    return "" if sliders.exists() else f"JupyterLab lacks the sliders of ipywidgets; {again}"


def check_full_set(is_ready):
    """Check what load_mnist("full") would find: it is asked itself, if the environment stands."""
    named = os.environ.get("NNLIB_DATA", "").strip()
    ask = "from nnlib.data.idx import full_set_state; print(*full_set_state(), sep='\\n')"
    is_there, _, words = venv_of("lab").ask(ask).partition("\n") if is_ready else ("", "", "")
    unused = "not needed; `python -m nnlib.data download` fetches it, NNLIB_DATA may name a folder"
    later = f"NNLIB_DATA names {named}; `{RUN} doctor` looks there once the environment stands"
    if is_ready and (named or is_there == "True"):
        return "Full set", is_there == "True", words or "nnlib.data could not be asked"
    return "Full set", True, later if named else unused


COMMANDS = {
    "lab": lab,
    "demo": demo,
    "site": site,
    "test": test,
    "prepare": prepare,
    "doctor": doctor,
    "reset": reset,
    "work": work,
    "class": classroom,
}


def main(arguments):
    """Run one command and return its exit code; a failure is one sentence, never a traceback."""
    print_any_sign()
    if not arguments or arguments[0] not in COMMANDS:
        print(__doc__.strip())
        return 2
    for name in {"SIGINT", "SIGTERM", "SIGHUP"} & set(dir(signal)):
        signal.signal(getattr(signal, name), signal.default_int_handler)
    refuse_left_out(arguments[0])
    try:
        return COMMANDS[arguments[0]](arguments[1:])
    except KeyboardInterrupt:
        sys.exit("\nStopped in the middle; nothing is lost: run the same command again.")
    except NnlibError as error:
        sys.exit(f"Sorry, {error}.")
    except OSError as error:
        sys.exit(explain(str(error)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
