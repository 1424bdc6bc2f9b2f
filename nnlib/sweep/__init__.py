"""Many runs side by side: all combinations of some settings, and a run to choose by.  Lesson 08."""

from nnlib.sweep.knobs import choosing_split, train_once
from nnlib.sweep.runs import grid, sweep

__all__ = ["choosing_split", "grid", "sweep", "train_once"]
