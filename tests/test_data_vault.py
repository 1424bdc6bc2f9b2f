"""The vault gives the digits out, and remembers what for."""

import numpy as np
import pytest

from nnlib.data import Digits
from nnlib.data.vault import Vault


@pytest.fixture
def digits():
    return Digits(np.zeros((784, 3), dtype=np.float32), np.array([3, 1, 4]))


def test_never_opened_says_so_and_shows_no_digit(digits):
    assert repr(Vault(digits)) == "a test set, never opened"
    assert Vault(digits).openings == []


def test_each_opening_is_listed_with_its_reason(digits):
    vault = Vault(digits)
    assert vault.open("accuracy of the first network") is digits
    assert repr(vault) == "a test set, opened once:\n- accuracy of the first network"
    vault.open("and of a second one ")
    assert repr(vault).startswith("a test set, opened twice:\n- accuracy")
    vault.open("curiosity")
    assert repr(vault).startswith("a test set, opened 3 times:")
    assert vault.openings[1:] == ["and of a second one", "curiosity"]


def test_the_same_question_twice_is_one_opening(digits):
    vault = Vault(digits)
    assert vault.open("why") is vault.open(" why") is digits
    assert vault.openings == ["why"]


def test_earlier_openings_count_and_the_list_given_stays(digits):
    before = ["lesson 02"]
    vault = Vault(digits, opened_before=before)
    vault.open("lesson 09")
    assert vault.openings == ["lesson 02", "lesson 09"] and before == ["lesson 02"]


def test_a_single_earlier_opening_is_one_line(digits):
    assert Vault(digits, "lesson 00").openings == ["lesson 00"]


@pytest.mark.parametrize("reason", ["", "  ", None, 7])
def test_without_a_reason_it_stays_shut(digits, reason):
    vault = Vault(digits)
    with pytest.raises(ValueError, match="say what the test set is to decide"):
        vault.open(reason)
    assert vault.openings == []
