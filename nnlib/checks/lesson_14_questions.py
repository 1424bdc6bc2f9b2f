"""Lesson 14, Visit the bug clinic: the exercise that asks for an explanation."""

from nnlib.checks.questions import question

question(
    "14-1",
    right="b",
    slips={
        "a": "one error follows m; put c = 1/m into (14.1): what does the other do?",
        "c": 'look at the curve of "no 1/m" again: where does its loss begin? It was computed '
        "before there was any gradient",
    },
    praise="(14.1) is the same for c and 1/c; copies tell a sum from a mean divided once more.",
    hints=(
        "Put 1/c for c into (14.1), and multiply above and below by |c|. What comes out?",
        "So the thermometer knows no lengths. Which of the three looks at a length?",
        "Take 2m samples instead of m, the same ones twice: what becomes of a sum over them, and "
        "what of that sum divided by the square of their number?",
    ),
)
