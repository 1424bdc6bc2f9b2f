"""Judge pages that other people wrote: each answer in a process of its own, watched from here.

What an answer may take stands in `limits`, what it may not do in `guarding`. The judges are those
of the installed library; what a page stored about itself is not believed.
"""

import concurrent.futures
import queue
import shutil
import tempfile
from collections import defaultdict

import psutil
from tqdm import tqdm

from nnlib.classroom.handed import exercises_of_page, lesson_page, setup_of
from nnlib.classroom.seat import FORKS, Seat, Verdict

ORDER = "✓!✗?○"  # if an exercise was answered twice, the first of these counts


class Bench:
    """A few processes that wait for answers; closed, nothing of them is left."""

    def __init__(self, seats=None, forks=FORKS):
        count = seats or min(len(psutil.Process().cpu_affinity()) if FORKS else 2, 4)
        self.folder = tempfile.mkdtemp(prefix="nnlib-judging-")
        self.seats = [Seat(tempfile.mkdtemp(dir=self.folder), forks) for _ in range(count)]
        self.free = queue.SimpleQueue()
        for seat in self.seats:
            self.free.put(seat)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for seat in self.seats:
            seat.retire()
        shutil.rmtree(self.folder, ignore_errors=True)

    def judge_page(self, page, wanted=None):
        """Judge the answers on a page.

        Parameters
        ----------
        page : Page
        wanted : collection of str, optional
            The ids to judge; by default all that the page asks for.

        Returns
        -------
        dict
            {id: Verdict}.
        """
        seat = self.free.get()
        try:
            return judge_on(seat, page, wanted)
        finally:
            self.free.put(seat)

    def judge_pages(self, pages, wanted=None):
        """Judge pages side by side, with a bar; yield (place in the list, verdicts) as they come.

        Parameters
        ----------
        pages : list of Page
        wanted : collection of str, optional

        Yields
        ------
        (int, dict)
        """
        pool = concurrent.futures.ThreadPoolExecutor(len(self.seats))
        try:
            jobs = {pool.submit(self.judge_page, page, wanted): i for i, page in enumerate(pages)}
            coming = concurrent.futures.as_completed(jobs)
            for done in tqdm(coming, "judged", len(jobs), leave=False, unit=" pages"):
                yield jobs[done], done.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)  # interrupted: the rest is not begun

    def lacks(self):
        """Say in one line what this system itself does not guard; "" if it guards all."""
        used = [seat for seat in self.seats if seat.was_used]
        kinds = {"the network": "is_offline", "writing": "is_read_only", "memory": "has_limits"}
        lacking = [k for k, name in kinds.items() if not all(getattr(s, name) for s in used)]
        said = "What this system cannot guard is refused by Python, or watched from outside, alone"
        return f"{said}: {', '.join(lacking)}." if lacking else ""


def judge_on(seat, page, wanted=None):
    """Judge the answers on a page in one seat, each cell once: {id: Verdict}."""
    cells, found, stalled = defaultdict(list), {}, set()
    for asked in exercises_of_page(page):
        if not wanted or asked.id in wanted:
            cells[asked.place].append(asked)
    for place, exercises in cells.items():
        sight = seat.judge(job_of(page, place, exercises, stalled))
        stalled |= {sight.stalled} - {None}
        judged = {verdict.id for verdict in sight.verdicts}
        rest = [unjudged(page, asked, sight) for asked in exercises if asked.id not in judged]
        for verdict in [*sight.verdicts, *rest]:
            before = found.get(verdict.id)
            if not before or ORDER.index(verdict.mark) <= ORDER.index(before.mark):
                found[verdict.id] = verdict
    return found


def job_of(page, place, exercises, stalled):
    """Write down what has to run for one cell; cells that have not ended before are left out."""
    first = setup_of(page)
    own = [] if first is None else [(first, page.cells[first].source)]
    lesson = lesson_page(exercises[0].id[:2])
    setup = lesson.cells[setup_of(lesson)].source
    if [source.strip() for _, source in own] != [setup.strip()]:
        own = [(-1, setup), *own]  # the lesson's first: a page's own may be lost or broken
    above = [
        (i, cell.source)
        for i, cell in enumerate(page.cells[:place])
        if cell.is_code and i != first and "widget" not in cell.tags and i not in stalled
    ]
    return {
        "setup": [cell for cell in own if cell[0] not in stalled],
        "above": above,
        "cell": (place, page.cells[place].source),
        "asked": {asked.id: asked.handed for asked in exercises},
    }


def unjudged(page, asked, sight):
    """Say why there is no verdict."""
    where = ""
    if sight.stalled is not None and sight.stalled != asked.place:
        lines = (page.cells[sight.stalled].source if sight.stalled >= 0 else "").split("\n")
        where = f" in the cell above it that begins “{lines[0][:60]}”"
    return Verdict(asked.id, f"✗ {asked.id}: {sight.why or 'no verdict came back'}{where}")
