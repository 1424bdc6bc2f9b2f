"""Limits for pages that other people wrote: how long, how much, how many."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Limits:
    """One table of limits; seconds, bytes and counts.

    An answer that takes more is stopped and said so; a file that holds more is named, not read.
    """

    alone: float = 20  # seconds for an answer after the set-up cell
    above: float = 90  # seconds if the cells above it had to run first
    start: float = 120  # seconds until Python is ready, on a slow disk
    memory: int = 1_500_000_000  # bytes of one answer and all that it starts
    processes: int = 8  # that an answer has started, by whatever way
    written: int = 64_000_000  # bytes of a file that an answer writes
    sentence: int = 400  # characters of what is said of an answer
    source: int = 50_000  # characters of a cell; of a longer one only its checks are read
    cells: int = 5  # on a page that answer the same exercise; the last ones count
    page: int = 50_000_000  # bytes of a notebook
    packed: int = 500_000_000  # bytes of all that lies in one archive
    files: int = 5_000  # in a folder, or in one archive
    depth: int = 3  # archives in archives
    name: int = 80  # characters of a learner's name


LIMITS = Limits()
