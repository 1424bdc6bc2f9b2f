"""The recorded losses of two networks of filters: whole, equal to PyTorch's, and repeatable."""

import numpy as np
import pandas as pd
import pytest

from benchmarks.makers import filters_frameworks
from benchmarks.makers.filters_frameworks import (
    BAR,
    N_STEPS,
    PLANS,
    RECORD,
    compared,
    filters_in_nnlib,
    filters_in_pytorch,
    main,
    same_for_both,
)
from benchmarks.makers.frameworks import largest_difference


@pytest.fixture(scope="module")
def record():
    return pd.read_csv(RECORD).set_index("net")


def test_the_record_is_whole_and_the_programs_agree(record):
    assert list(record.index.unique()) == list(PLANS)
    for name in PLANS:
        assert list(record.loc[name, "step"]) == list(range(1, N_STEPS + 1))
        assert largest_difference(record.loc[name, "nnlib"], record.loc[name, "pytorch"]) <= BAR
        assert record.loc[name, "nnlib"].iloc[-1] < 1 < record.loc[name, "nnlib"].iloc[0]


@pytest.mark.parametrize("name", PLANS)
def test_ten_steps_again(record, name):
    ours = filters_in_nnlib(*same_for_both(PLANS[name], 10), PLANS[name])
    np.testing.assert_allclose(ours, record.loc[name, "nnlib"].iloc[:10], rtol=1e-9)


@pytest.mark.parametrize("name", PLANS)
def test_pytorch_again(record, name):
    pytest.importorskip("torch")
    theirs = filters_in_pytorch(*same_for_both(PLANS[name], 10), PLANS[name])
    np.testing.assert_allclose(theirs, record.loc[name, "pytorch"].iloc[:10], rtol=1e-9)


def test_a_difference_is_seen(monkeypatch):
    def a_bit_more(*start):
        return [*filters_in_nnlib(*start)[:-1], filters_in_nnlib(*start)[-1] * (1 + 2 * BAR)]

    monkeypatch.setattr(filters_frameworks, "filters_in_pytorch", a_bit_more)
    with pytest.raises(AssertionError, match="small: expected 1e-06 at most"):
        compared("small", 2)


def test_without_pytorch_nothing_is_written(monkeypatch, capsys):
    monkeypatch.setattr(filters_frameworks, "installed", lambda package: False)
    monkeypatch.setattr(filters_frameworks, "write", lambda *_: pytest.fail("it wrote a record"))
    main([])
    assert capsys.readouterr().out.startswith("PyTorch is not installed")


def test_quick_writes_nothing(monkeypatch, capsys):
    pytest.importorskip("torch")
    monkeypatch.setattr(filters_frameworks, "write", lambda *_: pytest.fail("it wrote a record"))
    main(["--quick"])
    assert capsys.readouterr().out.endswith("nothing written\n")
