"""Many runs at once: every combination of some settings, in several processes.  Lesson 08.

>>> settings = grid(hidden=[16, 32], lr=[0.1, 0.3], epochs=[5])
>>> rows = sweep(train_once, settings, n_jobs=2)

With dask.distributed the same runs go to a cluster of machines that have nnlib installed:

>>> with joblib.parallel_config(backend="dask"):  # after client = Client(address)
...     rows = sweep(train_once, settings)

A sweep that can be interrupted, and then goes on where it was, keeps each finished run in a folder:

>>> kept = joblib.Memory("runs", verbose=0).cache(train_once)
>>> rows = sweep(kept, settings)
"""

import itertools
import traceback

from joblib import Parallel, delayed
from tqdm.auto import tqdm

from nnlib.system.threads import one_blas_thread


def grid(**values):
    """Make every combination of some settings.

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


def sweep(run, settings, n_jobs=None, progress=True):
    """Call `run(**setting)` for each setting, in several processes if wanted.

    Parameters
    ----------
    run : function
        Returns a dict, or a list of dicts with the same keys: several rows, such as one an epoch.
        All its randomness must come from the setting (a seed): then the result does not depend on
        who computes it, or when. Each call has one thread for matrix products.
    settings : list of dict
        Keyword arguments, the same names in each; see `grid`.
    n_jobs : int, optional
        Processes; -1 is one for each core. By default what `joblib.parallel_config` says, else 1.
    progress : bool, default True
        Show a bar on stderr.

    Returns
    -------
    list of dict
        In the order of `settings`: each setting together with what its run returned.

    Raises
    ------
    ValueError
        If settings are no dicts, or differ in their names.
    RuntimeError
        If a run fails, or returns no rows of one table; its setting is named.
    """
    settings = list(settings)
    check_settings(settings)
    results, problems = [], []  # after the first problem, no further run is begun
    calls = (delayed(one_run)(run, setting) for setting in settings if not problems)
    workers = Parallel(n_jobs=n_jobs, return_as="generator")
    with tqdm(total=len(settings), unit="run", disable=not progress) as bar:
        for setting, (rows, problem) in zip(settings, workers(calls)):
            results += [{**setting, **row} for row in rows]
            if problem:
                problems.append((setting, *problem))
            bar.update()
    if problems:
        setting, what, where = problems[0]
        said = ", ".join(f"{name}={value!r}" for name, value in setting.items())
        error = RuntimeError(f"the run with {said} failed: {what}")
        error.add_note(where)
        raise error
    return results


def check_settings(settings):
    """Raise ValueError unless these are dicts with the same names."""
    if not all(isinstance(setting, dict) for setting in settings):
        raise ValueError("settings is a list of dicts, as grid makes them")
    names = [list(setting) for setting in settings]
    for others in names:
        if others != names[0]:
            raise ValueError(f"all settings need the names {names[0]}; one has {others}")


def one_run(run, setting):
    """Call `run` with one setting, in whichever process: its rows, and the problem if any."""
    try:
        with one_blas_thread():
            rows = run(**setting)
        rows = [rows] if isinstance(rows, dict) else list(rows)
        check_rows(setting, rows)
        return rows, None
    except Exception as error:  # as text: not every exception can travel between processes
        return [], (f"{type(error).__name__}: {error}", traceback.format_exc())


def check_rows(setting, rows):
    """Raise ValueError if the rows of a run cannot stand in one table, beside its setting."""
    if not rows:
        raise ValueError("it returned no rows")
    for row in rows:
        if list(row) != list(rows[0]):
            raise ValueError(f"its rows have different columns, {list(rows[0])} and {list(row)}")
    taken = [name for name in rows[0] if name in setting]
    if taken:
        raise ValueError(f"{taken[0]!r} is the name of a setting; call that column otherwise")
