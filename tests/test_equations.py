"""Every displayed equation holds in numbers, and a small mistake in it would be seen."""

import re

import numpy as np
import pytest
from lessons import PATHS, equation_ids

from nnlib.checks import check_equation, registry
from nnlib.checks.calls import as_a_cell

registry.load_all()
every_equation = pytest.mark.parametrize("id", list(registry.EQUATIONS))


def sides(id):
    left, right = registry.EQUATIONS[id].sides(np.random.default_rng(0))
    return np.asarray(left, dtype=np.float64), np.asarray(right, dtype=np.float64)


def test_each_equation_has_an_entry_and_each_entry_an_equation():
    displayed = [id for path in PATHS for id in equation_ids(path)]
    assert sorted(displayed) == sorted(registry.EQUATIONS)


@every_equation
def test_holds(id):
    assert registry.equation_error(*sides(id)) <= registry.BAR
    assert registry.EQUATIONS[id].kind in ("result", "definition")


@every_equation
def test_holds_for_other_numbers_too(id):
    for seed in (1, 2, 3):
        left, right = registry.EQUATIONS[id].sides(np.random.default_rng(seed))
        assert registry.equation_error(left, right) <= registry.BAR


@every_equation
def test_one_percent_is_seen(id):
    left, right = sides(id)
    assert registry.equation_error(left, right * 1.01) > registry.BAR
    spoiled = right.copy()
    largest = np.unravel_index(np.abs(spoiled).argmax(), spoiled.shape)
    spoiled[largest] *= 1.01
    assert registry.equation_error(left, spoiled) > registry.BAR


@every_equation
def test_a_result_is_computed_in_two_ways(id):
    left, right = registry.EQUATIONS[id].sides(np.random.default_rng(0))
    assert left is not right


def test_a_false_equation_stops_the_cell(monkeypatch):
    false = registry.Equation("result", "one is two", lambda rng: (np.ones(3), 2 * np.ones(3)))
    monkeypatch.setitem(registry.EQUATIONS, "0.0", false)
    with pytest.raises(AssertionError, match=r"\(0\.0\) does not hold: one is two"):
        check_equation("0.0")


@pytest.mark.parametrize("bad", [np.ones(4), np.full(3, np.nan)])
def test_wrong_shape_and_nan_stop_the_cell(monkeypatch, bad):
    false = registry.Equation("result", "broken", lambda rng: (np.ones(3), bad))
    monkeypatch.setitem(registry.EQUATIONS, "0.0", false)
    with pytest.raises(AssertionError, match=r"shapes|finite"):
        check_equation("0.0")


def test_one_line_says_what_was_computed_of_one_equation_or_of_a_group(capsys):
    check_equation("6.4")
    one = " ".join(capsys.readouterr().out.split())
    assert one.startswith("✓ (6.4) holds in numbers of its own: db2") and "two ways agree" in one
    check_equation("7.1", "7.2")
    group = capsys.readouterr().out
    assert group == "✓ (7.1), (7.2) hold in numbers of their own, to\u00a01e-07\n"


@every_equation
def test_the_lines_that_compare_are_a_cell_that_runs(id, capsys):
    exec(as_a_cell(registry.EQUATIONS[id].sides), {})
    assert float(capsys.readouterr().out) <= registry.BAR


def test_a_disturbed_sign_in_those_lines_is_seen(capsys):
    check_equation("6.4", show=True)
    cell = capsys.readouterr().out.split("\n\n", 1)[1]
    exec(cell, {})
    disturbed = re.sub(r"return (\w+), ", r"return -\1, ", cell)
    assert disturbed != cell
    exec(disturbed, {})
    error, disturbed_error = map(float, capsys.readouterr().out.split())
    assert error <= registry.BAR < 0.5 < disturbed_error


def test_an_unknown_id_says_which_there_are():
    with pytest.raises(ValueError, match=r"there is no '9\.9'; there are \d"):
        check_equation("9.9")
