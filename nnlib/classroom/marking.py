"""`class mark`: judge the pages in a folder or an archive, and write two tables beside them.

`collecting` finds the files and whose they are, `handed` the exercises on a page, `judging` the
verdicts; a page becomes a `Row`, and the rows become `marks` and the `overview`.
"""

import pathlib
from collections import Counter

from nnlib.classroom.collecting import collect
from nnlib.classroom.command import Command, option
from nnlib.classroom.handed import exercises_known, expected_of, lessons_of
from nnlib.classroom.judging import Bench
from nnlib.classroom.marks import Row, as_csv
from nnlib.classroom.overview import as_overview
from nnlib.classroom.record import remarks_on
from nnlib.system.errors import ClassroomError
from nnlib.system.files import write_whole
from nnlib.system.pages import free_backup
from nnlib.views.words import counted


def run_marking(options):
    """Mark what was handed in, write marks.csv and overview.html, and say the most frequent."""
    source = pathlib.Path(options.source).expanduser()
    wanted = ids_named(options.exercises)
    handed = collect(source)
    target = source if source.is_dir() else source.parent
    print(
        f"Judging {counted(len(handed), 'file')}; what an answer may take is limited.", flush=True
    )
    rows, lacking = rows_of(handed, wanted)
    ids = wanted or sorted({id for row in rows for id in [*row.expected, *row.verdicts]})
    title = f"{source.resolve().name}: {counted(len(handed), 'file')} marked"
    written = [
        write_result(target / "marks.csv", as_csv(rows, ids)),
        write_result(target / "overview.html", as_overview(rows, ids, title)),
    ]
    if lacking:
        print(lacking)
    print(f"{summary_line(rows, ids)}\nWritten: {' and '.join(written)}.")


def ids_named(words):
    """Read "07-1,07-2"; ClassroomError if one is none."""
    named = [word.strip() for word in (words or "").replace(" ", ",").split(",") if word.strip()]
    for id in named:
        if id not in exercises_known():
            close = [known for known in exercises_known() if known[:2] == id[:2]]
            raise ClassroomError(
                f"there is no exercise {id}; there are {', '.join(close or exercises_known())}"
            )
    return sorted(set(named))


def rows_of(handed, wanted=()):
    """Judge what was handed in, several pages at a time: (rows, what this system cannot guard)."""
    rows = [row_of(one, wanted) for one in handed]
    places = [place for place, row in enumerate(rows) if row.expected]
    if not places:
        return rows, ""
    with Bench() as bench:
        pages = [handed[place].page for place in places]
        for i, verdicts in bench.judge_pages(pages, wanted):
            row = rows[places[i]]
            remarks = remarks_on(handed[places[i]].page, verdicts)
            rows[places[i]] = row._replace(verdicts=verdicts, remarks=[*row.remarks, *remarks])
        return numbered(rows), bench.lacks()


def row_of(one, wanted):
    """Start the row of a file, before anything is judged."""
    remarks = list(filter(None, [one.fault, one.remark]))
    expected = []
    if one.page:
        expected = [id for id in expected_of(one.page) if not wanted or id in wanted]
        if not lessons_of(one.page):
            remarks.append("it holds no exercise of these lessons")
        elif not expected:
            remarks.append("it belongs to another lesson")
    return Row(one.learner, one.place, expected, {}, remarks)


def numbered(rows):
    """Number the learners whose names several pages of one lesson bear."""
    seen, found = Counter(), []
    for row in rows:
        key = row.learner.casefold(), *{id[:2] for id in row.expected}
        seen[key] += 1
        again = f"{row.learner} ({seen[key]})"
        found.append(row if seen[key] == 1 else row._replace(learner=again))
    return found


def write_result(path, data):
    """Write a file, and keep what stood there if it said something else; return its name."""
    kept = ""
    try:
        if path.exists() and path.read_bytes() != data:
            backup = free_backup(path)
            path.rename(backup)
            kept = f" (the earlier one is now {backup.name})"
        write_whole(path, data)
    except OSError as error:
        raise ClassroomError(
            f"{path.name} cannot be written into {path.parent.name or 'this folder'} "
            f"({error.strerror}): close the program that shows it, or copy the pages to a folder "
            "of your own"
        ) from None
    return f"{path}{kept}"


def summary_line(rows, ids):
    """Say how many answers of each exercise are right."""
    lines = []
    for id in ids:
        marks = Counter(verdict.mark for row in rows if (verdict := row.verdict(id)))
        lines.append(f"  {id}  " + "  ".join(f"{marks[s]:3} {s}" for s in "✓✗○–?!" if marks[s]))
    unread = sum(not row.expected for row in rows)
    lines += [f"  {counted(unread, 'file')} could not be marked: see overview.html"] * bool(unread)
    return "\n".join(lines)


COMMAND = Command(
    says="judge the pages in a folder or zip archive: marks.csv and overview.html beside them",
    run=run_marking,
    options=(
        option("source", metavar="FOLDER_OR_ZIP", help="what your platform gives, or a folder"),
        option("--exercises", metavar="07-1,07-2", help="only these; all otherwise"),
    ),
)
