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
    assert said[5:7] == ["✗ 99-1: answer with 'a', 'b', 'c'"] * 2
    assert said[7].startswith("○ 99-1 is not written yet.")


def test_a_number(ask):
    slips = {0.5: "the 2 of the square is missing"}
    said = ask([1.0, 1.04, "1", 0.5, 3, "x", [1]], right=1.0, slips=slips, within=0.05)
    assert said[:3] == ["✓ 99-1 is right. Because."] * 3
    assert said[3] == "✗ 99-1: the 2 of the square is missing"
    assert said[4].startswith("✗ 99-1: 3 is not it")
    assert [words.split("; ")[1] for words in said[5:]] == ["got str", "got list"]
