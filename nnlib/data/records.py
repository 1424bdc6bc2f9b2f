"""What travels with the lessons: a trained network, and tables of runs that were made before.

>>> record("sources").name
'sources.csv'
"""

import difflib

from nnlib.system.errors import DataFileError
from nnlib.system.places import shipped

TRAINED = shipped("data") / "trained.npz"
RECORDS = shipped("data") / "records"


def record(name):
    """Find the table that a maker of this name in `benchmarks/makers/` wrote.

    Parameters
    ----------
    name : str
        Without folder and ending, "sources".

    Returns
    -------
    pathlib.Path
        A CSV file, for `pandas.read_csv`.

    Raises
    ------
    DataFileError
        If there is no such record; the text names the one that is alike, or all.
    """
    known = sorted(path.stem for path in RECORDS.glob("*.csv"))
    if name not in known:
        near = difflib.get_close_matches(str(name), known, n=1) or known
        there = f"did you mean {near[0]}?" if len(near) == 1 else f"there are {', '.join(near)}"
        raise DataFileError(f"there is no record {name!r}; {there}")
    return RECORDS / f"{name}.csv"
