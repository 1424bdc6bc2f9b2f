"""Lesson 13, Take better steps: the exercise that asks to prove or to refute."""

from nnlib.checks.questions import question

question(
    "13-3",
    right="b",
    slips={
        "a": "that is plain descent; where does λW stand in (13.9), beside θ or above a root?",
        "c": "a factor on the whole gradient cancels; is λ such a factor in dW + λW?",
    },
    praise="λW is divided by the root of the weight's own mean square, like the rest of g.",
    hints=(
        "Put g = dW + λW into the left half of (13.7): which two parts has m?",
        "Now (13.9): by what is the part with λ divided?",
        "Take two equal weights whose gradients are 1 and 100. What is the root of each?",
    ),
)
