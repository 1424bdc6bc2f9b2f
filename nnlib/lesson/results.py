"""How a lesson prints the result of a training run: with the tolerance that holds everywhere."""

import csv
import functools
import pathlib

EXPECTED = pathlib.Path(__file__).with_name("expected.csv")


@functools.cache
def expectations():
    """Read what each lesson's own runs gave: {name: (expected, within)}."""
    with EXPECTED.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {row["name"]: (float(row["expected"]), float(row["within"])) for row in rows}


def about(value, expected, within=None):
    """Say a trained result as what is expected and how far off it may be.

    Other processors and other versions of NumPy round a little differently, so that a training
    run does not end with the same last digits everywhere. What is expected stands in
    expected.csv, not in the lesson: a page that asks for a prediction must not tell the answer.

    Parameters
    ----------
    value : float
        What came out here.
    expected : str
        The name of the result, "08.batches.32": what the lesson's own run gave.

    Returns
    -------
    str
        "86.7 ± 1"; the same wherever the result holds.

    Raises
    ------
    AssertionError
        If it does not, with the value itself.
    ValueError
        If there is no result of this name.
    """
    if isinstance(expected, str):
        if expected not in expectations():
            raise ValueError(f"expected.csv holds no result named {expected!r}")
        expected, within = expectations()[expected]
    if not abs(value - expected) <= within:
        raise AssertionError(
            f"got {value:.4g}; with the settings of the lesson it is {expected:g} ± {within:g} "
            "(if you changed them, that is the answer you were looking for)"
        )
    return f"{expected:g} ± {within:g}"
