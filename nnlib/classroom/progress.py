"""`class progress`: lesson by lesson, which exercises of the learner's pages are right."""

from nnlib.classroom.command import Command
from nnlib.classroom.handed import exercises_known, read_page
from nnlib.classroom.judging import Bench
from nnlib.system.errors import ClassroomError
from nnlib.system.lessons import lesson_files, work_folder

WIDTH = 32  # characters of a lesson's name


def show_progress(_options):
    """Judge the pages in work/ as a teacher would, and print lesson × exercise."""
    lessons = lesson_files()
    pages, faults = pages_of(lessons)
    found = {}
    if pages:
        with Bench() as bench:
            judged = bench.judge_pages([*pages.values()])
            found = {[*pages][place]: verdicts for place, verdicts in judged}
    print("\n".join(progress_table(lessons, found, faults)))


def pages_of(lessons):
    """Read the learner's pages: ({lesson: Page}, {lesson: why there is none})."""
    pages, faults = {}, {}
    for lesson in lessons:
        path = work_folder() / lesson.name
        try:
            pages[lesson] = read_page(path.read_bytes())
        except FileNotFoundError:
            faults[lesson] = "no page yet"
        except OSError as error:
            faults[lesson] = f"cannot be read ({error.strerror})"
        except ClassroomError as error:
            faults[lesson] = str(error)
    return pages, faults


def progress_table(lessons, found, faults):
    """Write the lines of the table: each lesson's exercises under their numbers.

    Parameters
    ----------
    lessons : list of pathlib.Path
    found : dict
        {lesson: {id: Verdict}}.
    faults : dict
        {lesson: why its page could not be judged}.

    Returns
    -------
    list of str
    """
    numbers = sorted({id[3:] for id in exercises_known()}, key=int)
    lines = [f"{'':{WIDTH}}{'  '.join(numbers)}"]
    right = total = 0
    for lesson in lessons:
        name = lesson.stem.replace("_", " ")
        verdicts = found.get(lesson, {})
        ids = [id for id in exercises_known() if id[:2] == lesson.name[:2]]
        marks = {id[3:]: verdicts[id].mark if id in verdicts else "–" for id in ids}
        right, total = right + [*marks.values()].count("✓"), total + len(ids)
        row = faults.get(lesson) or "  ".join(marks.get(number, " ") for number in numbers)
        lines.append(f"{name[: WIDTH - 2]:{WIDTH}}{row}".rstrip())
    key = "✓ right  ✗ not right  ○ not written  – not on the page"
    return [*lines, "", f"{right} of {total} exercises are right.  {key}"]


COMMAND = Command(says="show which exercises of your pages in work/ are right", run=show_progress)
