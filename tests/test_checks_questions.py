"""Exercises that a letter or a number answers: the right one, each known slip, and nonsense."""

import pytest

from nnlib.checks import questions, registry

HINTS = ("one.", "two.", "three.")


@pytest.fixture
def ask(monkeypatch):
    """Enter a question of a test's own, and say what its check prints without the number."""
    monkeypatch.setattr(registry, "EXERCISES", {})
    monkeypatch.setattr(questions, "SLIPS", {})

    def verdicts(answers, **question):
        questions.question("99-1", praise="Because.", hints=HINTS, **question)
        return [registry.verdict("99-1", answer) for answer in answers]

    return verdicts


def test_a_choice(ask):
    slips = {"a": "that is the other way round", "c": "only without the bias"}
    said = ask(["b", " B ", "(b)", "a", "c", "d", 2, None], right="b", slips=slips)
    assert said[:3] == ["✓ 99-1 is right. Because."] * 3
    assert said[3:5] == [f"✗ 99-1: {words}" for words in slips.values()]
    assert said[5] == "✗ 99-1: answer with one of 'a', 'b', 'c'; yours is the text 'd'"
    assert said[6] == "✗ 99-1: answer with one of 'a', 'b', 'c'; yours is the number 2"
    assert said[7].startswith("○ 99-1 is not written yet.")


def test_a_number(ask):
    slips = {0.5: "the 2 of the square is missing"}
    said = ask([1.0, 1.04, "1", 0.5, 3, "x", [1], 10**400], right=1.0, slips=slips, within=0.05)
    assert said[:3] == ["✓ 99-1 is right. Because."] * 3
    assert said[3] == "✗ 99-1: the 2 of the square is missing"
    assert said[4].startswith("✗ 99-1: 3 is not it")
    assert said[5] == "✗ 99-1: answer with a number; yours is the text 'x'"
    assert said[6] == "✗ 99-1: answer with a number; yours is a list of 1"
    assert said[7].startswith("✗ 99-1: answer with a number; yours is the number 1000")


def test_a_function_may_answer(ask):
    slips = {"a": "that is the other way round"}
    answers = [lambda: "b", lambda: "a", lambda: None, lambda: 1 / 0, lambda x: "b"]
    right, wrong, empty, broken, asks = ask(answers, right="b", slips=slips)
    assert right == "✓ 99-1 is right. Because." and wrong == f"✗ 99-1: {slips['a']}"
    assert empty.startswith("○ 99-1 is not written yet.")
    assert broken.startswith("✗ 99-1: your code stopped in line ") and "by zero" in broken
    assert asks.startswith("✗ 99-1: my_reason is called as my_reason()")
