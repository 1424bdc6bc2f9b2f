"""Many runs at once: every combination of some settings, over processes, and resumable.  Lesson 08.

>>> settings = grid(hidden=[16, 32], lr=[0.1, 0.3], epochs=[5])
>>> rows = sweep(train_once, settings, n_jobs=2, record="knobs.csv")

With dask.distributed the same runs go to a cluster of machines that have nnlib installed:

>>> with joblib.parallel_config(backend="dask"):  # after client = Client(address)
...     rows = sweep(train_once, settings)
"""

import csv
import io
import itertools
import pathlib
import traceback

from joblib import Parallel, delayed
from tqdm.auto import tqdm

from nnlib.system.threads import one_blas_thread

WORDS = {"": None, "True": True, "False": False}  # what these texts mean in a record
LEFT = "left"  # column: how many rows of this run are still to come


def grid(**values):
    """Every combination of some settings.

    Parameters
    ----------
    **values : sequence
        The values of each setting, `hidden=[16, 32], lr=[0.1, 0.3]`.

    Returns
    -------
    list of dict
        In the order of the sequences; the last setting changes fastest.

    Raises
    ------
    ValueError
        If a setting comes with a single value instead of a sequence.
    """
    for name, value in values.items():
        if isinstance(value, str) or not hasattr(value, "__iter__"):
            raise ValueError(
                f"grid wants a list of values: {name}=[{value!r}], also for a single one"
            )
    return [dict(zip(values, chosen)) for chosen in itertools.product(*values.values())]


def sweep(run, settings, n_jobs=None, record=None, progress=True):
    """Call `run(**setting)` for each setting, in several processes if wanted.

    Parameters
    ----------
    run : function
        Returns a dict of numbers or words, or a list of such dicts: several rows, such as one an
        epoch. All its randomness must come from the setting (a seed): then the result does not
        depend on who computes it, or when. Each call has one thread for matrix products.
    settings : list of dict
        Keyword arguments, the same names in each; see `grid`.
    n_jobs : int, optional
        Processes; -1 is one for each core. By default what `joblib.parallel_config` says, else 1.
    record : path, optional
        A CSV file. Each finished run is added to it at once; runs that are in it are not run
        again. So a sweep that was interrupted goes on where it was. The record knows settings,
        not code: move it away when `run` changes. It tells settings apart by their text: 1 and
        1.0 are two runs, None and "" are one.
    progress : bool, default True
        Show a bar on stderr.

    Returns
    -------
    list of dict
        In the order of `settings`: each setting together with what its run returned. A word that
        reads as a number comes back as one, with and without a record.

    Raises
    ------
    ValueError
        If settings, rows or the record do not fit together, or the record is damaged. A record
        that is refused is not changed.
    RuntimeError
        If a run fails; its setting is named. What was finished is in the record.
    """
    settings = list(settings)
    names = names_of(settings)
    file = None if record is None else RecordFile(record, names)
    done = {} if file is None else file.finished()
    waiting = {key(setting): setting for setting in settings if key(setting) not in done}
    problems = []  # after the first, no further run is begun
    calls = (delayed(one_run)(run, setting) for setting in waiting.values() if not problems)
    bar = tqdm(total=len(done) + len(waiting), initial=len(done), unit="run", disable=not progress)
    with bar:
        workers = Parallel(n_jobs=n_jobs, return_as="generator_unordered")
        for setting, rows, problem in workers(calls):
            if problem:
                problems.append((setting, *problem))
                continue
            if file is not None:
                file.add(setting, rows)
            done[key(setting)] = rows
            bar.update()
    if problems:
        setting, what, where = problems[0]
        error = RuntimeError(f"the run with {in_words(setting)} failed: {what}")
        error.add_note(where)
        raise error
    return [{**setting, **row} for setting in settings for row in done[key(setting)]]


def names_of(settings):
    """The names that all settings share; ValueError if they differ."""
    if not all(isinstance(setting, dict) for setting in settings):
        raise ValueError("settings is a list of dicts, as grid makes them")
    names = list(settings[0]) if settings else []
    for setting in settings:
        if list(setting) != names:
            raise ValueError(f"all settings need the names {names}; one has {list(setting)}")
    return names


def one_run(run, setting):
    """Call `run` with one setting, in whichever process: the setting, its rows, the problem."""
    try:
        with one_blas_thread():
            rows = run(**setting)
        rows = [rows] if isinstance(rows, dict) else list(rows)
        check_rows(setting, rows)
        return setting, [{name: value_of(text_of(row[name])) for name in row} for row in rows], None
    except Exception as error:  # as text: not every exception can travel between processes
        return setting, [], (f"{type(error).__name__}: {error}", traceback.format_exc())


def check_rows(setting, rows):
    """Raise ValueError if the rows of a run cannot stand in one table, beside its setting."""
    if not rows:
        raise ValueError("it returned no rows")
    for row in rows:
        if list(row) != list(rows[0]):
            raise ValueError(f"its rows have different columns, {list(rows[0])} and {list(row)}")
    taken = [name for name in rows[0] if name in setting or name == LEFT]
    if taken:
        raise ValueError(f"{taken[0]!r} is the name of a setting; call that column otherwise")


def text_of(value):
    """A value as a record holds it; reading it back gives the same number, to the bit."""
    if getattr(value, "ndim", 0):  # its text would leave out the middle
        raise ValueError("a record holds numbers and words, not an array")
    text = "" if value is None else str(value)
    if "\n" in text or "\r" in text:
        raise ValueError(f"a record holds numbers and words, not {value!r}")
    return text


def value_of(text):
    """The value that a record's text stands for: a number if it reads as one."""
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            pass
    return WORDS.get(text, text)


def key(setting):
    """What tells settings apart: their values, as a record holds them."""
    return tuple(text_of(value) for value in setting.values())


def in_words(setting):
    """A setting as "hidden=16, lr=0.1"."""
    return ", ".join(f"{name}={value!r}" for name, value in setting.items())


def line_of(values):
    """One line of CSV."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerow(values)
    return buffer.getvalue()


class RecordFile:
    """The CSV file of a sweep: setting, rows left, results; whole runs, one after the other."""

    def __init__(self, path, names):
        self.path, self.names = pathlib.Path(path), names
        self.columns = None  # all of them, known when the first run is there

    def finished(self):
        """The runs in the file, {key: rows}; the torn end of an interrupted sweep is cut off."""
        if not self.path.parent.is_dir():
            folder = self.path.parent.name
            raise ValueError(f"{self.path.name} has no folder: make {folder!r} before the sweep")
        if not self.path.exists():
            return {}
        content = self.path.read_bytes()
        *lines, torn = content.split(b"\n")  # a line without its end was interrupted
        self.expect(lines[0] if lines else torn, is_torn=not lines)
        if b"\r" in torn:  # several lines, but with other ends than ours
            raise self.damaged(len(lines) + 1)
        done, n_whole = self.read(lines) if lines else ({}, 0)
        size = sum(len(line) + 1 for line in lines[:n_whole])
        if size < len(content):
            with self.path.open("r+b") as file:
                file.truncate(size)
        return done

    def expect(self, head, is_torn):
        """Raise ValueError unless the first line is that of a record of these settings."""
        wanted = line_of([*self.names, LEFT]).strip()
        if head.startswith(f"{wanted},".encode()) or (is_torn and wanted.encode().startswith(head)):
            return
        found = head.decode("utf-8", "replace")[:80]
        raise ValueError(
            f"{self.path.name} begins with {found!r}, but the record of this sweep begins with "
            f"{wanted!r}; name another file, or move this one away (it was not changed)"
        )

    def read(self, lines):
        """The runs whose last row is there, {key: rows}, and how many lines they take."""
        n, self.columns = len(self.names), self.cells(lines, 1)
        done, rows, due, n_whole = {}, [], None, 1
        for number in range(2, len(lines) + 1):
            cells = self.cells(lines, number)
            if len(cells) != len(self.columns) or not cells[n].isdecimal():
                raise self.damaged(number)
            run, left = tuple(cells[:n]), int(cells[n])
            fits = (run, left) == due if rows else run not in done
            if not fits:
                raise self.damaged(number)
            rows.append(dict(zip(self.columns[n + 1 :], map(value_of, cells[n + 1 :]))))
            due = run, left - 1
            if left == 0:
                done[run], rows, n_whole = rows, [], number
        return done, n_whole

    def cells(self, lines, number):
        """The texts in a line, counted from 1."""
        try:
            (cells,) = csv.reader([lines[number - 1].decode("utf-8")], strict=True)
        except (ValueError, csv.Error) as error:  # not UTF-8, a blank line, or an open quote
            raise self.damaged(number) from error
        return cells

    def damaged(self, number):
        """The error for a line that no sweep can have written behind the line before."""
        return ValueError(
            f"line {number} of {self.path.name} is damaged or in the wrong place; mend it, or move "
            "the file away (it was not changed)"
        )

    def add(self, setting, rows):
        """Write the rows of one run behind the others, at once."""
        columns = [*self.names, LEFT, *rows[0]]
        is_new = self.columns is None
        self.columns = self.columns or columns
        if columns != self.columns:
            raise ValueError(
                f"{self.path.name} has the columns {self.columns}, this run gives {columns}; "
                "name another file, or move this one away (it was not changed)"
            )
        lines = [line_of(columns)] if is_new else []
        for place, row in enumerate(rows, start=1):
            values = [*setting.values(), len(rows) - place, *row.values()]
            lines.append(line_of(map(text_of, values)))
        with self.path.open("a", encoding="utf-8", newline="") as file:
            file.write("".join(lines))
