"""A trained result is printed the same wherever it holds, and stops the cell where it does not."""

import math

import pytest
from lessons import PATHS, code_cells

from nnlib.lesson import about, results


def test_says_the_expected_value_and_its_tolerance():
    assert about(86.675, 86.7, within=1) == about(87.6, 86.7, within=1) == "86.7 ± 1"


@pytest.mark.parametrize("value", [88.0, 85.0, math.nan, math.inf])
def test_stops_outside_and_tells_the_value(value):
    with pytest.raises(AssertionError, match=f"got {value:.4g}; .* 86.7 ± 1"):
        about(value, 86.7, within=1)


def test_what_is_expected_is_looked_up_by_its_name(monkeypatch):
    monkeypatch.setattr(results, "expectations", lambda: {"08.batches.32": (91.0, 2.0)})
    assert about(90.1, "08.batches.32") == "91 ± 2"
    with pytest.raises(AssertionError, match=r"got 80; .* 91 ± 2"):
        about(80, "08.batches.32")
    with pytest.raises(ValueError, match=r"no result named '08\.batch'"):
        about(90, "08.batch")


def test_every_name_is_used_by_its_lesson_alone():
    sources = {path.name[:2]: "\n".join(c.source for c in code_cells(path)) for path in PATHS}
    for name in results.expectations():
        stem = name.rsplit(".", 1)[0] if name.count(".") > 1 else name
        assert stem in sources[name[:2]], name
