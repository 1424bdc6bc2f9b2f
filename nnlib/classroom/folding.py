"""Which cells of a lesson a reader sees, and what stays folded until it is asked for.

A lesson is read with its outputs, so whatever follows a question ("Predict") would answer it at a
glance. It is folded, up to the next heading or the end of the sitting; a question within an answer
folds once more. How a fold looks is not said here.
"""

import re
from typing import NamedTuple

from nnlib.system.cells import has_tag

FOR_OTHERS = frozenset({"teacher", "solution"})  # tags of cells that no reader sees
FENCE_OR_HEADING = re.compile(r"^(`{3,}|~{3,}).*?^\1|^#{1,6} ", re.MULTILINE | re.DOTALL)


class Fold(NamedTuple):
    """What follows a question: cells, and folds again."""

    cells: list


def folded(cells, unseen=FOR_OTHERS):
    """Return the cells that a reader sees, text cut at its headings, with folds behind questions.

    Parameters
    ----------
    cells : list of nbformat.NotebookNode
    unseen : set of str, default FOR_OTHERS
        Cells with one of these tags are left out.

    Returns
    -------
    list of nbformat.NotebookNode or Fold
    """
    page = here = []
    for cell in seen_by_readers(cells, unseen):
        for piece in cut_at_headings(cell):
            if ends_an_answer(piece):
                here = page
            here.append(piece)
            if asks(piece):
                here.append(Fold([]))
                here = here[-1].cells
    return page


def seen_by_readers(cells, unseen=FOR_OTHERS):
    """Return the cells that bear none of the tags of `unseen`."""
    return [cell for cell in cells if not has_tag(cell, *unseen)]


def cut_at_headings(cell):
    """Cut a text before each of its headings; code is one piece."""
    if cell.cell_type != "markdown":
        return [cell]
    found = FENCE_OR_HEADING.finditer(cell.source)
    cuts = [match.start() for match in found if match[0].startswith("#")]
    texts = [cell.source[a:b].strip() for a, b in zip([0, *cuts], [*cuts, None])]
    return [type(cell)(cell, source=text) for text in texts if text]


def ends_an_answer(piece):
    """Whether a piece begins something new, or ends a sitting."""
    return piece.cell_type == "markdown" and (
        piece.source.startswith("#") or has_tag(piece, "sitting")
    )


def asks(piece):
    """Whether a piece asks the reader for a prediction."""
    return piece.cell_type == "markdown" and "**Predict" in piece.source
