"""The process in which answers are judged: python -m nnlib.classroom.judge, started by `seat`.

It reads a secret, then a job a line, and writes what happens as lines that begin with the secret,
into a copy of its standard output that no print of an answer reaches. Where it may, it stays warm
and forks for each job; elsewhere it does one job and ends.
"""

import ast
import asyncio
import builtins
import contextlib
import inspect
import json
import linecache
import os
import sys
import tempfile
import types

from nnlib.classroom.guarding import (
    adopt_orphans,
    close_off,
    confine,
    end_with_parent,
    limit_resources,
)
from nnlib.classroom.limits import LIMITS

WITH_AWAIT = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT  # a cell may wait, as in Jupyter
HOMES = "HOME USERPROFILE TMPDIR TEMP TMP MPLCONFIGDIR".split()  # variables that name folders


class Channel:
    """The way back: only the process that opened it last may write, and only with the secret."""

    def __init__(self, secret):
        self.secret, self.file, self.owner = secret, os.dup(1), os.getpid()
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)

    def send(self, **said):
        """Write one line, on its own even if something else was written in between."""
        if os.getpid() == self.owner:
            os.write(self.file, f"\n{self.secret}{json.dumps(said)}\n".encode())


def serve():
    """Do jobs till there are no more."""
    start = json.loads(sys.stdin.readline())
    channel = Channel(start["secret"])
    is_offline, is_read_only = close_off(os.getcwd())
    adopt_orphans()
    warm_up()
    channel.send(ready=True, is_offline=is_offline, is_read_only=is_read_only)
    for line in sys.stdin:
        if not start["forks"]:
            return do_job(json.loads(line), channel)
        child = os.fork()
        if child == 0:
            with contextlib.suppress(BaseException):
                end_with_parent()
                os.setsid()
                channel.owner = os.getpid()
                do_job(json.loads(line), channel)
            os._exit(0)
        channel.send(ended=os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass


def warm_up():
    """Import what pages import, and everything that judges."""
    import matplotlib

    matplotlib.use("Agg")
    import importlib

    for name in (
        "IPython.display matplotlib.pyplot pandas nnlib.classroom.magics nnlib.data "
        "nnlib.data.preprocessing nnlib.lesson nnlib.plots nnlib.sweep"
    ).split():
        importlib.import_module(name)
    from nnlib.checks.registry import load_all

    load_all()


def do_job(job, channel):
    """Judge one answer in this process, behind the guard; it is of no use afterwards."""
    channel.send(pid=os.getpid(), has_limits=limit_resources())
    os.chdir(job["folder"])
    os.environ.update(dict.fromkeys(HOMES, job["folder"]))
    tempfile.tempdir = job["folder"]
    sys.dont_write_bytecode = True
    with contextlib.suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    sys.stdin, sys.stdout, sys.stderr = (
        open(os.devnull, mode, encoding="utf-8") for mode in ("r", "w", "w")
    )
    sitting = Sitting(job, channel.send)
    confine(job["folder"])
    sitting.run()
    channel.send(done=True)
    os._exit(0)  # not a thread, nor anything registered for the end, may stay


class Sitting:
    """An answer, run and judged: the set-up cells, the cells above if needed, its own cell."""

    def __init__(self, job, send):
        from nnlib.checks import calls, registry
        from nnlib.classroom.tampering import changed_since, picture_of_judges

        self.job, self.send = job, send
        self.verdict, self.changed_since = registry.verdict, changed_since
        self.names, self.runner = fresh_names(), asyncio.Runner()
        self.runner.get_loop()  # before the guard: on Windows it connects two sockets of its own
        self.has_asked = False
        self.judged, self.is_own = set(), False
        builtins.input = self.answer_nothing
        sys.modules["nnlib.checks"].check = calls.check = self.check
        self.picture = picture_of_judges()

    def run(self):
        """Run what the answer needs, then its cell, and say what is judged."""
        job = self.job
        for place, source in job["setup"]:
            self.run_cell(place, source)
        if missing_names(job["cell"][1], self.names):
            self.send(needs_above=True)
            for place, source in job["above"]:
                self.run_cell(place, source)
        self.is_own = True
        error = self.run_cell(*job["cell"])
        for id, handed in job["asked"].items():
            if id not in self.judged:
                self.judge_unasked(id, handed, error)

    def run_cell(self, place, source):
        """Run one cell as a notebook would; return its error as a text, "" if there is none."""
        self.send(place=place)
        try:
            self.run_source(source, f"<cell {place + 1}>")
        except BaseException as error:
            return in_words(error)
        return ""

    def run_source(self, source, name):
        """Compile and run the text of a cell; errors and the judges can show its lines."""
        from nnlib.classroom.magics import as_python

        text = as_python(source)
        linecache.cache[name] = len(text), None, text.splitlines(keepends=True), name
        waiting = eval(compile(text, name, "exec", flags=WITH_AWAIT), self.names)
        if inspect.iscoroutine(waiting):
            self.runner.run(waiting)

    def check(self, id, answer):
        """Take the place of `check`: judge, but only what this sitting is about."""
        if self.is_own and id in self.job["asked"]:
            self.say(id, answer, "")

    def judge_unasked(self, id, handed, error):
        """Judge what a cell should have handed over, though its check was not reached."""
        try:
            answer = eval(handed or "None", self.names)
        except BaseException as missing:
            answer, error = None, error or in_words(missing)
        if answer is None and error:  # a cell that never came to its end
            line = f"✗ {id}: the cell stopped before its check: {error}"
            return self.send(id=id, line=line, how=self.asked())
        how = f"the cell stopped before its check: {error}" if error else "its check was not run"
        return self.say(id, answer, how)

    def say(self, id, answer, how):
        """Judge an answer with judges that nobody has changed."""
        line = ""
        changed = self.changed_since(self.picture)
        if not changed:
            try:
                line = self.verdict(id, answer)
            except BaseException as error:
                line = f"✗ {id}: judging it stopped: {in_words(error)}"
            changed = self.changed_since(self.picture)
        if changed:
            line = f"! {id}: tampered: the page changes {changed}"
        how = [how, self.asked(), library_origin(answer)]
        self.judged.add(id)
        self.send(id=id, line=line[: LIMITS.sentence * 4], how="; ".join(filter(None, how)))

    def asked(self):
        """Say whether a page asked the one who runs it."""
        return "input() was answered with nothing" if self.has_asked else ""

    def answer_nothing(self, *_):
        """Take the place of `input`: nobody is there to type."""
        self.has_asked = True
        return ""


def fresh_names():
    """Make the names of a page in which nothing was run yet, as module `__main__`."""
    from IPython.display import display

    from nnlib.classroom.magics import Shell

    module = sys.modules["__main__"] = types.ModuleType("__main__")
    shell = Shell()
    vars(module).update(display=display, get_ipython=lambda: shell)
    return vars(module)


def missing_names(source, names):
    """Collect the names that a cell, or a function in it, takes from elsewhere but finds nowhere.

    Parameters
    ----------
    source : str
    names : dict
        What is there already.

    Returns
    -------
    set of str
        Empty for a cell that is no Python: it will say so itself.
    """
    import dis

    from nnlib.classroom.magics import UNREADABLE, as_python

    try:
        waiting = [compile(as_python(source), "", "exec", flags=WITH_AWAIT)]
    except UNREADABLE:
        return set()
    loaded, stored = set(), set()
    while waiting:
        code = waiting.pop()
        waiting += [part for part in code.co_consts if isinstance(part, types.CodeType)]
        for step in dis.get_instructions(code):
            if step.opname in ("LOAD_NAME", "LOAD_GLOBAL"):
                loaded.add(step.argval)
            elif step.opname in ("STORE_NAME", "STORE_GLOBAL"):
                stored.add(step.argval)
    return loaded - stored - {*names} - {*vars(builtins)} - {"__name__", "__qualname__"}


def in_words(error):
    """Say an error in one line."""
    if isinstance(error, SyntaxError):
        line = f"line {error.lineno}" if error.lineno else "it"
        return f"{line} is no Python ({error.msg})"
    if isinstance(error, SystemExit):
        return "it ends Python"
    try:
        said = " ".join(str(error)[: LIMITS.sentence].split())
    except BaseException:  # a text of the page's own making
        said = ""
    return f"{type(error).__name__}: {said}".removesuffix(": ")


def library_origin(answer):
    """Say so if an answer is a function of the library itself."""
    module = getattr(answer, "__module__", None) or ""
    if callable(answer) and isinstance(module, str) and module.split(".")[0] == "nnlib":
        return f"it hands over the library's own {getattr(answer, '__name__', 'function')}"
    return ""


if __name__ == "__main__":
    serve()
