"""The recorded losses of lesson 16: whole, equal where it is said, and repeatable."""

import ast
import json

import numpy as np
import pandas as pd
import pytest
from lessons import ROOT

from benchmarks.makers import frameworks
from benchmarks.makers.frameworks import (
    ANOTHER_FORMULA,
    BAR,
    IN_PYTORCH,
    IN_SCIKIT_LEARN,
    N_STEPS,
    OPTIMIZERS,
    RECORD,
    largest_difference,
    main,
    same_for_all,
    train_in_nnlib,
    train_in_pytorch,
    train_in_scikit_learn,
)


@pytest.fixture(scope="module")
def record():
    return pd.read_csv(RECORD)


def column(record, optimizer, program):
    return record.loc[record["optimizer"] == optimizer, program].to_numpy()


def test_the_record_is_whole(record):
    assert list(record["optimizer"].unique()) == list(OPTIMIZERS)
    for name in OPTIMIZERS:
        assert list(column(record, name, "step")) == list(range(1, N_STEPS + 1))
    has_none = record["scikit_learn"].isna()
    assert set(record.loc[has_none, "optimizer"]) == {"RMSProp"}
    assert not record[["nnlib", "pytorch"]].isna().any(axis=None)


def test_the_programs_agree_where_they_should(record):
    for name in OPTIMIZERS:
        for other in ("scikit_learn", "pytorch"):
            if other == "pytorch" or name in IN_SCIKIT_LEARN:
                both = (column(record, name, program) for program in ("nnlib", other))
                apart = largest_difference(*both)
                assert (apart > BAR) == ((name, other) in ANOTHER_FORMULA), (name, other, apart)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_thirty_steps_again(record, name):
    start = same_for_all(30)
    mine = train_in_nnlib(*start, OPTIMIZERS[name]())
    np.testing.assert_allclose(mine, column(record, name, "nnlib")[:30], rtol=1e-9)
    if name in IN_SCIKIT_LEARN:
        theirs = train_in_scikit_learn(*start, **IN_SCIKIT_LEARN[name])
        np.testing.assert_allclose(theirs, column(record, name, "scikit_learn")[:30], rtol=1e-9)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_pytorch_again(record, name):
    pytest.importorskip("torch")
    kind, settings = IN_PYTORCH[name]
    theirs = train_in_pytorch(*same_for_all(30), kind, **settings)
    np.testing.assert_allclose(theirs, column(record, name, "pytorch")[:30], rtol=1e-9)


def test_a_difference_is_seen(monkeypatch, capsys):
    monkeypatch.setitem(IN_SCIKIT_LEARN["SGD"], "learning_rate_init", 0.1001)
    with pytest.raises(AssertionError, match="SGD, scikit_learn"):
        main(["--quick"])
    assert "SGD" in capsys.readouterr().out


def test_quick_writes_nothing(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(frameworks, "RECORD", tmp_path / "frameworks.csv")
    main(["--quick"])
    assert "nothing written" in capsys.readouterr().out and not list(tmp_path.iterdir())


def functions(source):
    return {
        node.name: ast.dump(node)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef)
    }


def test_the_lesson_shows_the_pytorch_code_that_was_measured():
    lesson = json.loads((ROOT / "notebooks/16_from_here_to_frameworks.ipynb").read_text("utf-8"))
    cells = ["".join(cell["source"]) for cell in lesson["cells"] if cell["cell_type"] == "code"]
    measured = functions((ROOT / "benchmarks/makers/frameworks.py").read_text("utf-8"))
    for name in ("network_in_pytorch", "train_in_pytorch"):
        shown = next(functions(cell) for cell in cells if f"def {name}" in cell)
        assert shown[name] == measured[name]
