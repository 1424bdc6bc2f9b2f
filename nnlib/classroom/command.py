"""What a command of the class kit consists of."""

import dataclasses
from collections.abc import Callable


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
