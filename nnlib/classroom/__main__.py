"""The class kit from a terminal: python -m nnlib.classroom COMMAND …."""

import argparse
import importlib
import sys

from nnlib.system.errors import NnlibError
from nnlib.system.files import failed
from nnlib.system.processes import print_any_sign

COMMANDS = {  # what is typed: the module whose COMMAND it is
    "update": "nnlib.classroom.update",
    "solutions": "nnlib.classroom.solutions",
    "bundle": "nnlib.classroom.bundle",
    "handin": "nnlib.classroom.handin",
    "mark": "nnlib.classroom.marking",
    "progress": "nnlib.classroom.progress",
    "print": "nnlib.classroom.printing",
}


def run_class(arguments=None):
    """Run one command; what goes wrong is one sentence."""
    print_any_sign()
    parser = argparse.ArgumentParser(prog="run.py class", description="For teachers and classes.")
    places = parser.add_subparsers(metavar="COMMAND", required=True)
    for name, module in COMMANDS.items():
        command = importlib.import_module(module).COMMAND
        place = places.add_parser(name, help=command.says, description=command.says)
        for names, settings in command.options:
            place.add_argument(*names, **settings)
        place.set_defaults(run=command.run)
    options = parser.parse_args(arguments)
    try:
        return options.run(options)
    except NnlibError as error:
        sys.exit(f"Sorry, {error}.")
    except OSError as error:
        sys.exit(f"Sorry, {failed(error)}.")
    except KeyboardInterrupt:
        sys.exit("\nStopped in the middle; nothing is lost: run the same command again.")


if __name__ == "__main__":
    sys.exit(run_class())
