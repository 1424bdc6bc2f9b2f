"""Lesson 12, Climb the ladder: the exercise that asks for an explanation."""

from nnlib.checks.questions import question

question(
    "12-3",
    right="b",
    slips={
        "a": "five seeds of each were 16 points apart, which is more than chance; and is a step "
        "computed from the function, or from the numbers in W?",
        "c": "look at (12.9) again: what does the bias b2 - W2·1 make up for?",
    },
    praise="The functions are the same, the ways through them are not: a step knows only weights.",
    hints=(
        "Which numbers does gradient descent change, and which of them differ in (12.9)?",
        "Read (12.2) again, with tanh for raw pixels: W1' = 2 W1.",
        "By the chain rule, how long is a step on W1 when it is seen in W1'?",
    ),
)
