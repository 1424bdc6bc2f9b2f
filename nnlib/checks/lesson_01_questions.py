"""Lesson 01, Meet the data: its exercise that a number answers."""

from nnlib.checks.questions import question

question(
    "01-3",
    right=0.1,
    slips={
        0: "a label is right also if it comes from another image of the same digit; how many of "
        "the 5,000 labels say 3?",
        0.5: "right or wrong are two cases, but not equally likely ones; count the labels that "
        "say 3",
        0.9: "that is the share of those with a wrong label",
        1: "that is so if both are shuffled by the same permutation",
    },
    praise="A label that is drawn blindly says the right one of ten equally frequent digits.",
    hints=(
        "the label that lands on a 3 is any of the 5,000, each with the same chance.",
        "what share of the 5,000 labels says 3? And does it matter that the image is a 3?",
        "500 of the 5,000 labels say 3: the chance is 500 / …",
    ),
    within=0.011,
)
