"""Lesson 03, Send a digit forward: its exercise that a letter answers."""

from nnlib.checks.questions import question

question(
    "03-3",
    right="a",
    slips={
        "b": "a unit is active where its sum is positive; which sums change their sign when they "
        "are multiplied by 10?",
        "c": "some bends let a factor pass: try max(0, 10 z) for a z above 0, and for one below",
    },
    praise="max(0, 10 z) is 10 max(0, z), so the factor reaches W2, which takes it away.",
    hints=(
        "go forward line by line: what becomes of Z1?",
        "compare max(0, 10 z) with max(0, z), for z = 3 and for z = -3.",
        "A1 has become ten times what it was; put that into W2 A1 / 10 + b2.",
    ),
)
