"""The class kit: pages brought up to date, bundled, handed in, marked and printed.

Each command is a module of this room that declares one `Command`; `run.py class` prepares the
environment and hands the rest to `nnlib.classroom.__main__`.
"""

__all__ = []  # for the terminal: a lesson takes nothing from here
