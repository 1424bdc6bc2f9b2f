"""A process in which answers are judged, one at a time, and what is seen of it from outside."""

import contextlib
import json
import os
import queue
import secrets
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from typing import NamedTuple

import psutil

from nnlib.classroom.limits import LIMITS
from nnlib.system.errors import ClassroomError
from nnlib.system.failures import RUN
from nnlib.system.places import PACKAGE
from nnlib.system.processes import APART

KEPT = (  # variables of this process that a judging one may see
    "PATH SYSTEMROOT TEMP TMP TMPDIR HOME USERPROFILE LANG LC_ALL MPLCONFIGDIR NNLIB_DATA "
    "VIRTUAL_ENV PYTHONPATH"
).split()
FORKS = sys.platform == "linux"  # elsewhere it is not there, or not safe with what is loaded
SIGNALS = {-9: " (the system killed it)", -11: " (it crashed)", -6: " (it crashed)"}


class Verdict(NamedTuple):
    """What is found out about an answer."""

    id: str
    line: str  # "✓ 07-1 is right. …"
    how: str = ""  # what is worth knowing of how it came to that

    @property
    def mark(self):
        """The first sign of the line: ✓, ✗, ○, ? (the check stopped) or ! (tampered)."""
        return self.line[0]


class Sight(NamedTuple):
    """What was seen of one job."""

    verdicts: list
    stalled: int | None  # the place of the cell that did not come to its end
    why: str  # it was ended, or ended before its time


class Seat:
    """A process in which answers are judged, one at a time; made anew whenever it is lost."""

    def __init__(self, folder, forks=FORKS):
        self.folder, self.forks, self.process = folder, forks, None
        self.is_offline = self.is_read_only = self.has_limits = False
        self.is_retired = self.was_used = False

    def judge(self, job):
        """Have one job done, and watch it.

        Parameters
        ----------
        job : dict
            As `job_of` writes it.

        Returns
        -------
        Sight
        """
        self.stand_ready()
        folder = tempfile.mkdtemp(dir=self.folder)
        try:
            self.write(job | {"folder": folder})
            return self.watch()
        finally:
            self.sweep()
            shutil.rmtree(folder, ignore_errors=True)

    def stand_ready(self):
        """Start the process, unless it stands; ClassroomError if it does not come to stand."""
        if self.process and self.process.poll() is None:
            return
        self.close()
        if self.is_retired:
            raise ClassroomError("marking was stopped")
        self.start()
        self.write({"secret": self.secret, "forks": self.forks})
        deadline = time.monotonic() + LIMITS.start
        said = {}
        while "ready" not in said:
            said = self.hear(0.5) or {}
            if "lost" in said or time.monotonic() > deadline:
                self.close()
                raise ClassroomError(
                    f"the process that judges does not start: `{RUN} doctor` may know why"
                )
        self.is_offline, self.is_read_only = said["is_offline"], said["is_read_only"]

    def start(self):
        """Start Python with little of our surroundings, and a thread that hears it."""
        env = {name: os.environ[name] for name in KEPT if name in os.environ}
        path = [str(PACKAGE.parent), env.get("PYTHONPATH", "")]
        env |= {"PYTHONPATH": os.pathsep.join(filter(None, path)), "MPLBACKEND": "Agg"}
        env |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONUTF8": "1"}
        env |= {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0"}
        self.secret, self.heard = secrets.token_hex(16), queue.SimpleQueue()
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "nnlib.classroom.judge"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=self.folder,
            env=env,
            **APART,
        )
        given = (self.process.stdout, self.secret.encode(), self.heard)
        threading.Thread(target=listen, args=given, daemon=True).start()

    def write(self, message):
        """Send one line; whether it arrives shows in the answer."""
        with contextlib.suppress(OSError):
            self.process.stdin.write(json.dumps(message).encode() + b"\n")
            self.process.stdin.flush()

    def hear(self, seconds):
        """Return the next thing said; None if nothing is in time, {"lost": True} at the end."""
        with contextlib.suppress(queue.Empty):
            return self.heard.get(timeout=seconds)
        return None

    def watch(self):
        """Follow a job till it has ended, and end it if it takes too much."""
        job, hurried = Watched(), None
        while not job.has_ended:
            job.take(self.hear(0.1) or {})
            if hurried is None and not job.has_ended and job.takes_too_much():
                hurried = time.monotonic()
                kill_all(job.processes())
            is_deaf = hurried and time.monotonic() > hurried + 5
            if is_deaf or time.monotonic() > job.begun + LIMITS.above + LIMITS.alone:
                self.close()  # it does not even say that it has ended
        self.has_limits, self.was_used = job.has_limits, True
        return job.sight()

    def sweep(self):
        """End what a job has left behind; where nothing is forked, that is all there is."""
        with contextlib.suppress(psutil.Error, AttributeError):
            kill_all(psutil.Process(self.process.pid).children())
        if not self.forks:
            self.close()

    def close(self):
        """End the process and whatever it has started."""
        process, self.process = self.process, None
        if process:
            with contextlib.suppress(psutil.Error):
                kill_all([psutil.Process(process.pid)])
            process.kill()
            process.wait()
            with contextlib.suppress(OSError):
                process.stdin.close()

    def retire(self):
        """End the process for good."""
        self.is_retired = True
        self.close()


class Watched:
    """What is known so far of a job."""

    def __init__(self):
        self.verdicts, self.place, self.pid, self.why = [], None, None, ""
        self.begun, self.looked, self.limit = time.monotonic(), time.monotonic(), LIMITS.alone
        self.is_done = self.has_ended = self.has_limits = False

    def take(self, said):
        """Note what was said."""
        if "id" in said:
            line = said["line"][: LIMITS.sentence] + "…" * (len(said["line"]) > LIMITS.sentence)
            self.verdicts.append(Verdict(said["id"], line, said.get("how", "")))
        if "pid" in said:
            self.pid, self.has_limits = said["pid"], said["has_limits"]
            self.begun = time.monotonic()
        self.place = said.get("place", self.place)
        self.limit = LIMITS.above if "needs_above" in said else self.limit
        self.is_done = self.is_done or "done" in said
        self.has_ended = "ended" in said or "lost" in said
        if self.has_ended and not self.is_done and not self.why:
            self.why = "it ended the whole process" + SIGNALS.get(said.get("ended"), "")

    def takes_too_much(self):
        """Whether the job has to be ended; `why` then says so."""
        now = time.monotonic()
        if now > self.begun + self.limit:
            self.why = f"it did not end within {self.limit:g} s"
        elif now > self.looked + 0.3:  # looking at all processes takes a while itself
            self.looked = now
            self.why = excess(self.processes())
        return bool(self.why)

    def processes(self):
        """The job's process and all that it has started."""
        with contextlib.suppress(psutil.Error):
            first = psutil.Process(self.pid) if self.pid else None
            return [first, *first.children(recursive=True)] if first else []
        return []

    def sight(self):
        """What was seen of it in the end."""
        verdicts = [v._replace(how=f"{v.how}; {self.why}".strip("; ")) for v in self.verdicts]
        return Sight(verdicts, None if self.is_done else self.place, self.why)


def excess(processes):
    """Say what these processes have too much of; "" if all is well."""
    if len(processes) > 1 + LIMITS.processes:
        return f"it started more than {LIMITS.processes} processes"
    used = 0
    for process in processes:
        with contextlib.suppress(psutil.Error):
            used += process.memory_info().rss
    return f"it took more than {LIMITS.memory / 1e9:g} GB of memory" * (used > LIMITS.memory)


def kill_all(processes):
    """Kill processes and what they have started, till nothing of it is left."""
    for _ in range(20):  # what forks meanwhile is found in the next round
        found = set(processes)
        for process in processes:
            with contextlib.suppress(psutil.Error):
                found |= set(process.children(recursive=True))
        alive = [process for process in found if is_alive(process)]
        if not alive:
            return
        for process in alive:
            with contextlib.suppress(psutil.Error):
                process.kill()
        psutil.wait_procs(alive, 0.05)
        processes = found


def is_alive(process):
    """Whether a process still runs; a zombie does not."""
    with contextlib.suppress(psutil.Error):
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    return False


def listen(stream, secret, heard):
    """Put what a process says into a queue, as long as it is said with the secret."""
    for line in stream:
        if line.startswith(secret):
            with contextlib.suppress(ValueError):
                heard.put(json.loads(line[len(secret) :]))
    heard.put({"lost": True})
    stream.close()
