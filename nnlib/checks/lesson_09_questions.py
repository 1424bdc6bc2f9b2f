"""Lesson 09: the exercise that asks what a p-value says."""

from nnlib.checks.questions import question

question(
    "09-3",
    "b",
    slips={
        "a": "how many networks are equally good before anything is compared? (9.5) never asks; "
        "read its first words again: if they are …",
        "c": "coins that are a little loaded fall like this, too. Does a comparison that shows "
        "nothing show that there is nothing?",
    },
    praise="A p-value says how surprising the finding is if they are equal, no more.",
    hints=(
        "which words stand before (9.5): what is taken for granted there?",
        "(9.5) counts ways in which fair coins may fall; who throws loaded ones is not in it.",
        "so 0.503 is a share of throws of fair coins; which of the three sentences is about that?",
    ),
)
