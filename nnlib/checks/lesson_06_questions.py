"""Lesson 06: the exercise that asks where a mistake is, from what a gradient check says."""

from nnlib.checks.questions import question

question(
    "06-3",
    "b",
    slips={
        "a": "dW2 and db2 are made from dZ2 and nothing else that could be wrong, and they pass. "
        "What do the two wrong arrays have in common?",
        "c": "that would explain dW1. But db1 is wrong, too, and is that product used for it?",
    },
    praise="A wrong line spoils all that is made from it, and nothing before it: here, dZ1.",
    hints=(
        "write beside each of the four arrays from which error it is made.",
        "two arrays are right: which line is thereby shown to be right as well?",
        "dW1 and db1 are both wrong. Which line feeds both, and neither dW2 nor db2?",
    ),
)
