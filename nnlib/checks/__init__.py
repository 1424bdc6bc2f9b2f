"""Equations and exercises that check themselves: what the lessons claim, and what readers write.

- `check_equation("3.1")` computes both sides of a displayed equation and prints one line.
- `check("01-1", answer)` judges an exercise and names the likely mistake.
- `hint("01-1", 2)` gives the second of three hints.
- `mine("01-1", otherwise=f)` is what the learner wrote there, if it is still right.
- `verdict("01-1", answer)` is the line that `check` prints.

What belongs to lesson 05 stands in `nnlib.checks.lesson_05`: equations as code, exercises as data
for the one engine in `nnlib.checks.engine`.
"""

from nnlib.checks.calls import check, check_equation, hint
from nnlib.checks.kept import mine
from nnlib.checks.registry import verdict

__all__ = ["check", "check_equation", "hint", "mine", "verdict"]
