"""Lesson 00, See it work: its exercise that a number answers."""

from nnlib.checks.questions import question

question(
    "00-2",
    right=0.1,
    slips={
        0: "if the largest is 0, all ten are, and then they do not add up to 1",
        0.5: "more than half is not needed: the difficult 8 was named with less. What would the "
        "other nine be?",
        1: "then it is certain; here it is as unsure as it can be",
    },
    praise="The largest of ten numbers is never below their mean, and the mean is a tenth of 1.",
    hints=(
        "what is the mean of ten numbers that add up to 1?",
        "can all ten of them lie below their mean? Can all ten lie exactly on it?",
        "ten equal numbers that add up to 1: each of them is 1 / …",
    ),
)
