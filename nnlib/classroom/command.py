"""What a command of the class kit consists of."""

import dataclasses
from collections.abc import Callable

from nnlib.system.lessons import lesson_files, lessons_named, work_folder


@dataclasses.dataclass(frozen=True)
class Command:
    """A command: what it is for, what may be said to it, and the function that does it.

    Parameters
    ----------
    says : str
        One line for the help.
    run : callable
        Takes the options (an argparse.Namespace); returns an exit code or None.
    options : tuple of (tuple of str, dict)
        The arguments of `ArgumentParser.add_argument`, one pair for each option.
    """

    says: str
    run: Callable
    options: tuple = ()


def option(*names, **settings):
    """Write one option as `ArgumentParser.add_argument` takes it."""
    return names, settings


def for_lessons(says, do):
    """Return the command that does something for each lesson that is named.

    Parameters
    ----------
    says : str
        One line for the help.
    do : callable
        Takes a lesson and the folder of the learner's pages, which exists; returns a line to say.

    Returns
    -------
    Command
    """

    def run(options):
        work = work_folder()
        work.mkdir(parents=True, exist_ok=True)
        for lesson in lessons_named(options.lessons, lesson_files()):
            print(do(lesson, work))

    named = option("lessons", nargs="+", metavar="NN", help="a number, or a file in work/")
    return Command(says, run, (named,))
