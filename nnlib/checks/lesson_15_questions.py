"""Lesson 15, Know its limits: the exercise that asks for a proof."""

from nnlib.checks.questions import question

question(
    "15-3",
    right=2.0,
    slips={
        6.0: "that would be so if a mean varied as much as what it is the mean of",
        4.0: "that is a variance; how far a pixel typically looks is its root",
        6 / 9: "variances are added, not standard deviations: what is nine times (1/9)²?",
        18.0: "in a mean each of the nine has the weight 1/9, not 1",
    },
    praise="Nine times (1/9)² is 1/9, and its root 1/3: a mean of nine is three times smaller.",
    hints=(
        "What weight has each of the nine numbers in their mean?",
        "The variance of a weighted sum of independent numbers is the sum of the squared weights.",
        "That is the variance for a factor of 1. Take its root, and only then the factor 6.",
    ),
    within=0.05,
)
