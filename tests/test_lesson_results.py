"""A trained result is printed the same wherever it holds, and stops the cell where it does not."""

import math

import pytest

from nnlib.lesson import about


def test_says_the_expected_value_and_its_tolerance():
    assert about(86.675, 86.7, within=1) == about(87.6, 86.7, within=1) == "86.7 ± 1"


@pytest.mark.parametrize("value", [88.0, 85.0, math.nan, math.inf])
def test_stops_outside_and_tells_the_value(value):
    with pytest.raises(AssertionError, match=f"got {value:.4g}; .* 86.7 ± 1"):
        about(value, 86.7, within=1)
