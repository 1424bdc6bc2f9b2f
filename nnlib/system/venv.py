"""The environment of packages that run.py makes: where things lie in it, and how it is used.

Nothing but the standard library is needed here, since this holds what all else needs.
"""

import dataclasses
import os
import re
import secrets
import shutil
import subprocess
import sys
import sysconfig
from contextlib import suppress
from pathlib import Path

from nnlib.system.failures import SAME, explain
from nnlib.system.processes import wait_for

FOREIGN = ("PYTHON", "JUPYTER", "IPYTHON", "MPL", "PIP_TARGET", "PIP_PREFIX", "PIP_REQUIRE")


@dataclasses.dataclass(frozen=True)
class Venv:
    """An environment.

    Parameters
    ----------
    folder : pathlib.Path
    project : pathlib.Path
        The folder of run.py, whose nnlib it holds.
    private : pathlib.Path
        Where the settings and logs of those who use it go.
    """

    folder: Path
    project: Path
    private: Path

    @property
    def python(self):
        """Its Python."""
        return self.folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

    @property
    def stamp(self):
        """The file that says what was installed to the end."""
        return self.folder / "nnlib-stamp.json"

    @property
    def settings(self):
        """The folder of what JupyterLab, IPython and Matplotlib keep."""
        return self.private / "nnlib-settings"

    @property
    def install_log(self):
        """What pip has written."""
        return self.folder / "nnlib-install.log"

    @property
    def server_log(self):
        """What the last server has written."""
        return self.private / "nnlib-lab.log"

    @property
    def packages(self):
        """The folder of its packages."""
        return Path(sysconfig.get_path("purelib", "venv", {"base": str(self.folder)}))

    def variables(self):
        """Return the variables for whatever is started: nothing leaks in, nothing is kept outside.

        Returns
        -------
        dict of str to str
        """
        kept = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
        own = {
            "IPYTHONDIR": self.settings / "ipython",
            "JUPYTER_CONFIG_DIR": self.settings / "jupyter",
            "JUPYTER_DATA_DIR": self.settings / "data",
            "JUPYTER_RUNTIME_DIR": self.settings / "runtime",
            "MPLCONFIGDIR": self.settings / "matplotlib",
            "PATH": f"{self.python.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
            "PIP_USER": "0",
            "PYTHONUTF8": "1",  # text files read the same on every system
            "VIRTUAL_ENV": self.folder,
        }
        return {**kept, **{name: str(value) for name, value in own.items()}}

    def start(self, *arguments, **options):
        """Start its Python in the project's folder, without standard input.

        Returns
        -------
        subprocess.Popen
        """
        command = [str(part) for part in (options.pop("python", self.python), *arguments)]
        usual = {"cwd": self.project, "env": self.variables(), "stdin": subprocess.DEVNULL}
        return subprocess.Popen(command, **usual | options)

    def ask(self, code):
        """Return what its Python prints, or "" if it cannot."""
        try:
            quiet = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
            answer = self.start("-c", code, cwd=self.folder, **quiet).communicate(timeout=60)[0]
            return as_lines(answer).strip()
        except (OSError, subprocess.TimeoutExpired):
            return ""

    def is_ours_to_change(self):
        """Whether we may write in its folder, or make it."""
        return may_write(self.folder)

    def names_of_packages(self):
        """Return the set of packages that stand, with their versions."""
        return {info.name for info in self.packages.glob("*.dist-info")}

    def pip(self, *arguments, again=SAME):
        """Run pip, which never asks."""
        quiet = ["-m", "pip", "--no-input", "--disable-pip-version-check"]
        self.run_logged(*quiet, *arguments, again=again)

    def run_logged(self, *arguments, again=SAME, **options):
        """Run its Python with its output in the log and its progress on the screen."""
        self.install_log.touch()
        begin = self.install_log.stat().st_size

        def output():
            return as_lines(self.install_log.read_bytes()[begin:])

        def report():
            return pip_progress(output(), len(self.names_of_packages()))

        with self.install_log.open("ab", buffering=0) as log:
            log.write(" ".join(map(str, ("$ python", *arguments, "\n"))).encode())
            process = self.start(*arguments, stdout=log, stderr=subprocess.STDOUT, **options)
            code = wait_for(process, report)
        if code:
            full = shutil.disk_usage(self.folder).free < 1e6  # then the log may lack the reason
            reason = "No space left on device" if full else output()
            sys.exit(explain(reason, f" (the whole output: {self.install_log})", again))


def as_lines(output):
    """Return as text what a program has written; Windows ends its lines with two signs."""
    return output.decode("utf-8", "replace").replace("\r\n", "\n")


def may_write(folder):
    """Tell whether a folder can be written, or made if it is not there."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return takes_files(folder) if os.name == "nt" else os.access(folder, os.W_OK | os.X_OK)


def takes_files(folder):
    """Tell whether a file can be made in a folder, by trying: Windows does not say beforehand."""
    probe = folder / f".nnlib-{secrets.token_hex(4)}"
    try:
        probe.touch(exist_ok=False)
    except OSError:
        return False
    with suppress(OSError):  # a scanner may hold it for a moment
        probe.unlink()
    return True


def pip_progress(output, n_installed):
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
