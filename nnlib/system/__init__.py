"""The computer below the lessons: files, errors, threads, processes; nothing about digits."""

__all__ = []  # for the rooms above: a lesson takes nothing from here
