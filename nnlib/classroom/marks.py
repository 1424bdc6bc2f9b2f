"""The table of marks: one row for each page, as a file that spreadsheets open."""

import csv
import io
from typing import NamedTuple

from nnlib.classroom.seat import Verdict

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what begins so is calculated by a spreadsheet


class Row(NamedTuple):
    """A page and what its answers are worth."""

    learner: str
    place: str
    expected: list  # the ids that its lessons ask for
    verdicts: dict  # {id: Verdict}
    remarks: list  # sentences

    def verdict(self, id):
        """The verdict of an exercise; "–" if the page does not hold it, None if it need not."""
        if id in self.verdicts or id not in self.expected:
            return self.verdicts.get(id)
        return Verdict(id, f"– {id} is not on the page")

    def right(self):
        """How many answers are right."""
        return sum(verdict.mark == "✓" for verdict in self.verdicts.values())


def mark_of(verdict):
    """Return the sign for a table: ✓ ✗ ○ – ? or "tampered"; "" for none."""
    return verdict.mark.replace("!", "tampered") if verdict else ""


def says_of(verdict):
    """Return what is said of an answer, and how it came to that."""
    if not verdict:
        return ""
    return f"{verdict.line} [{verdict.how}]" if verdict.how else verdict.line


def as_csv(rows, ids):
    """Write the table as bytes that Excel and LibreOffice open: UTF-8, with its mark.

    Parameters
    ----------
    rows : list of Row
    ids : list of str
        The exercises, in the order of the columns.

    Returns
    -------
    bytes
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(
        ["learner", "file", *ids, "right", "of", "remarks", *(f"{i} says" for i in ids)]
    )
    for row in rows:
        verdicts = [row.verdict(id) for id in ids]
        asked = sum(verdict is not None for verdict in verdicts)
        before = [row.learner, row.place, *map(mark_of, verdicts), row.right(), asked]
        writer.writerow([*map(harmless, [*before, " ".join(row.remarks), *map(says_of, verdicts)])])
    return text.getvalue().encode("utf-8-sig", "backslashreplace")


def harmless(value):
    """Return a cell that no spreadsheet takes for a formula."""
    text = "".join(sign for sign in str(value) if sign == "\t" or sign.isprintable())
    return value if isinstance(value, int) else f"'{text}" if text.startswith(FORMULA) else text
