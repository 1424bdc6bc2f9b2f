"""The computer below the lessons: files, errors, threads.  Nothing here is about networks."""

__all__ = []  # for the rooms above: a lesson takes nothing from here
