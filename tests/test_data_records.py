"""Records are found by their names."""

import pandas as pd
import pytest
from lessons import ROOT

from nnlib.data import record
from nnlib.system.errors import DataFileError

NAMES = sorted(path.stem for path in (ROOT / "data" / "records").glob("*.csv"))


@pytest.mark.parametrize("name", NAMES)
def test_every_record_is_found_by_its_name(name):
    assert record(name) == ROOT / "data" / "records" / f"{name}.csv"
    assert len(pd.read_csv(record(name))) > 0


def test_a_misspelled_name_gets_the_one_that_is_alike():
    with pytest.raises(DataFileError, match=r"no record 'source'; did you mean sources\?"):
        record("source")


@pytest.mark.parametrize("name", ["", "xyz", "../digits", "sources.csv/..", None, 7])
def test_an_unknown_name_gets_a_sentence_with_those_that_are_there(name):
    with pytest.raises(DataFileError, match=r"there is no record .*(clinic|did you mean)"):
        record(name)
