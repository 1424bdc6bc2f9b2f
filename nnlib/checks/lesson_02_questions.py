"""Lesson 02, Try ten templates: its exercise that a letter answers."""

from nnlib.checks.questions import question

question(
    "02-3",
    right="b",
    slips={
        "a": "the scores of such a digit change, all ten of them; compare what is added to each",
        "c": "two close scores change places only if they do not change alike; what is added to "
        "each?",
    },
    praise="What all ten templates share adds the same number to all ten scores.",
    hints=(
        "write down what becomes of one score z_k when v is added to row k.",
        "the new part is the sum of v_i x_i. Does it depend on k?",
        "all ten scores grow by the same number: which of them is the largest then?",
    ),
)
