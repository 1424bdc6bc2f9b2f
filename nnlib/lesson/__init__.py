"""What a page calls: `start()` first, the readiness check of lesson 00, `about` for results."""

from nnlib.lesson.page import start
from nnlib.lesson.ready import readiness_check
from nnlib.lesson.results import about

__all__ = ["about", "readiness_check", "start"]
