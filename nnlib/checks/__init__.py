"""Equations and exercises that check themselves: what the lessons claim, and what readers write.

- `check_equation("3.1")` computes both sides of a displayed equation and prints one line.
- `check("01-1", answer)` judges an exercise and names the likely mistake.
- `hint("01-1", 2)` gives the second of three hints.

What belongs to lesson 05 stands in `nnlib.checks.lesson_05`.
"""

from nnlib.checks.registry import check, check_equation, hint

__all__ = ["check", "check_equation", "hint"]
