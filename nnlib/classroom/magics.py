"""Cells as Python: what is IPython's own (`%time`, `!ls`, `f?`) is taken away or made a call."""

import ast
import re
import warnings

from IPython.core.inputtransformer2 import TransformerManager

TIMED = r"(?:time|timeit|prun|capture)"  # magics that run the code behind them
LINE = re.compile(rf"^([ \t]*)%{TIMED}(?:[ \t]+-\w+(?:[ \t]+\d+)?)*[ \t]+(?=\S)", re.MULTILINE)
WHOLE = re.compile(rf"\A\s*%%{TIMED}\b.*")
UNREADABLE = (SyntaxError, ValueError, RecursionError, MemoryError)  # what parsing a text may raise


def as_python(source):
    """Return a cell as Python; what was IPython's calls `get_ipython()`, timed code just runs.

    Parameters
    ----------
    source : str

    Returns
    -------
    str
        With its lines where they were; as it is, if IPython cannot make sense of it.
    """
    try:
        return TransformerManager().transform_cell(LINE.sub(r"\1", WHOLE.sub("# timed", source)))
    except UNREADABLE:
        return source


def parsed(source):
    """Return the syntax tree of a cell, or None if it is no Python."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a learner's "\d" is no news for a teacher
            return ast.parse(as_python(source))
    except UNREADABLE:
        return None


class Shell:
    """What `get_ipython()` returns while a page is marked: it takes every call and does nothing."""

    def __getattr__(self, name):
        return lambda *given, **named: [] if name == "getoutput" else None
