"""What a command needs of the environment: is it there, and if not, it is made or installed.

A stamp in the environment's folder says what was installed to the end; it is written last.
"""

import hashlib
import json
import shutil
import sys

from nnlib.system.failures import RUN, SAME, explain
from nnlib.system.pages import write_json

LAB, DEMO, TEST = "locks/lab.lock", "locks/demo.lock", "locks/test.lock"
# what a command needs: any of these sets of locks will do, and the first is installed
LOCKS = {
    "lab": ([LAB], [DEMO], [TEST]),
    "demo": ([DEMO], [TEST]),
    "test": ([TEST],),
    "site": (["locks/site.lock", "locks/browser.lock"],),
}
MEGABYTES = {LAB: 530, DEMO: 550, TEST: 990, "locks/site.lock": 560}  # on the disk, under Linux
HASHED = ["--require-hashes", "--only-binary", ":all:"]


def need_of(venv, command):
    """Say what an environment needs for a command: to be made ("make"), an "install", or "".

    Those who may not change it take it with the Python that it was made with.
    """
    python, wanted = python_found(venv), states_wanted(venv, command)
    if python and not venv.is_ours_to_change():
        wanted = [state | {"python": python} for state in wanted]
    return decide(state_found(venv), wanted, python)


def python_found(venv):
    """Return the version of an environment's Python, "3.13", or "" if it is broken or not there."""
    return venv.ask("import pip, sys; print('{}.{}'.format(*sys.version_info))")


def state_found(venv):
    """Return what the stamp says, or {} if nothing was installed to the end."""
    try:
        return json.loads(venv.stamp.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def states_wanted(venv, command):
    """List what the stamp may say if all is ready for a command: the first is what we make."""
    python = "{}.{}".format(*sys.version_info)
    state = {"python": python, "venv": str(venv.folder), "project": str(venv.project)}
    first, *larger = LOCKS[command]
    there = [locks for locks in larger if (venv.project / locks[0]).exists()]  # a bundle has few
    return [
        state | {"locks": {lock: digest(venv, lock) for lock in locks}} for locks in (first, *there)
    ]


def digest(venv, lock):
    """Return the SHA-256 of a lock."""
    return hashlib.sha256((venv.project / lock).read_bytes()).hexdigest()


def prepare_for(venv, command):
    """Bring an environment to the state that a command needs, if it is not there yet.

    Parameters
    ----------
    venv : Venv
    command : str
        One of LOCKS.
    """
    need, before = need_of(venv, command), state_found(venv)
    if not need:
        return
    if not venv.is_ours_to_change():
        sys.exit(refusal(venv, command))
    print(f"Preparing {venv.folder.name}, once: {amount(venv, command, need)}.", flush=True)
    venv.stamp.unlink(missing_ok=True)  # it comes back when everything is installed
    if need == "make":
        make_anew(venv, command)
    forget_halves(venv)
    packages = venv.names_of_packages()
    try:
        install_for(venv, command)
    except BaseException:
        if before and need == "install" and venv.names_of_packages() == packages:
            write_json(venv.stamp, before)  # nothing was changed: what was ready still is
        raise
    write_json(venv.stamp, states_wanted(venv, command)[0])


def refusal(venv, command):
    """Return the sentence for an environment of somebody else, which is not ready."""
    project = state_found(venv).get("project", str(venv.project))
    if project != str(venv.project):
        return (
            f"The environment {venv.folder} belongs to the project in {project}: start its "
            "run.py, or let NNLIB_VENV name a folder of your own."
        )
    return (
        f"The environment {venv.folder} is not ready for `{command}`, and you may not write there: "
        f"whoever keeps it runs `{RUN} prepare {command}`; or let NNLIB_VENV name your own."
    )


def amount(venv, command, need):
    """Say how much is missing for a command, and where it comes from."""
    known = state_found(venv).get("locks", {}) if need == "install" else {}
    there = max((MEGABYTES[lock] for lock in known if lock in MEGABYTES), default=0)
    missing = MEGABYTES[LOCKS[command][0][0]] - there
    minutes = round(missing / 250)
    time = f"about {minutes} minutes" if minutes > 1 else "less than a minute"
    size = f"{missing} MB" if missing > 0 else "what has changed"
    source = "the folder wheels/" if wheels(venv) else "the network"
    return f"{time}, {size}, from {source}"


def make_anew(venv, command):
    """Make an environment anew, but never remove a folder that is not ours."""
    usual = venv.folder in (venv.project / ".venv", venv.project / ".venv-site")
    ours = usual or venv.install_log.exists()
    if venv.folder.exists() and not ours and any(venv.folder.iterdir()):
        stranger = f"NNLIB_VENV names {venv.folder}, which holds something else"
        sys.exit(f"{stranger}: name a new folder.")
    if venv.folder.exists():
        shutil.rmtree(venv.folder)
    venv.folder.mkdir(parents=True)
    if shutil.disk_usage(venv.folder).free < MEGABYTES[LOCKS[command][0][0]] * 1e6:
        sys.exit(explain("No space left on device"))
    base = getattr(sys, "_base_executable", sys.executable)  # in case we run in what we remake
    venv.run_logged("-m", "venv", venv.folder, python=base)


def install_for(venv, command):
    """Install the locks of a command, and do what else is slow the first time."""
    lock, *others = LOCKS[command][0]
    again = SAME if command == "lab" else f"`{RUN} prepare {command}`"
    venv.pip("install", *HASHED, *source(venv), "-r", lock, again=again)
    if others:
        return fetch_wheels(venv, *others)
    venv.pip("install", "--no-deps", "--no-build-isolation", "-e", ".")
    venv.run_logged("-c", "import matplotlib.pyplot")  # looks for fonts: takes a while


def source(venv):
    """Return the options that let pip take the wheels beside run.py, if there are any."""
    return ["--no-index", "--find-links", venv.project / "wheels"] if wheels(venv) else []


def wheels(venv):
    """List the wheels in the folder wheels/ beside run.py, as a stick may bring them."""
    return list((venv.project / "wheels").glob("*.whl"))


def fetch_wheels(venv, lock):
    """Fetch the packages that run in the browser, as wheels for the Python of Pyodide."""
    folder = venv.folder / "wheels"
    shutil.rmtree(folder, ignore_errors=True)
    there = ["--platform", "pyemscripten_2024_0_wasm32", "--python-version", "3.12"]
    venv.pip("download", "--no-deps", *HASHED, *there, *source(venv), "-r", lock, "-d", folder)


def forget_halves(venv):
    """Forget packages whose installation was cut off: pip writes INSTALLER after their files."""
    for info in venv.packages.glob("*.dist-info"):
        if not (info / "INSTALLER").exists():
            shutil.rmtree(info)


def decide(state, wanted, python):
    """Say what an environment needs: to be made ("make"), an "install", or nothing ("").

    Parameters
    ----------
    state : dict
        What its stamp says.
    wanted : list of dict
        What stamps will do; they differ in their locks alone.
    python : str
        The version of its Python.

    Returns
    -------
    str
    """
    first, locks = wanted[0], state.get("locks", {}).items()
    if python != first["python"] or state.get("venv", first["venv"]) != first["venv"]:
        return "make"
    same = state.get("project") == first["project"]
    return "" if same and any(locks >= one["locks"].items() for one in wanted) else "install"
