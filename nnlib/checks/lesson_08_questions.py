"""Lesson 08: the exercise that asks for a start without ReLU."""

from nnlib.checks.questions import question

question(
    "08-3",
    1 / 100,
    slips={
        2 / 100: "the 2 makes up for the half that ReLU takes away; what is taken away here?",
        1 / 10: "that is a spread, the root of a variance; the sums in (8.3) hold v itself",
        1 / 200: "then a layer hands on half of the mean square, and the next half of that",
        1: "a sum of 100 products then has a mean square 100 times that of an input",
    },
    praise="Without ReLU nothing is cut away, so n v = 1: the variance is 1/n.",
    hints=(
        "which part of (8.3) comes from the weighted sum, and which from ReLU?",
        "the squares of the sums are on average n v times the mean square of the inputs.",
        "so n v has to be 1, and n is 100 here.",
    ),
    within=1e-9,
)
