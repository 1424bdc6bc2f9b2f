"""Lesson 10: the exercise that asks what becomes of ink where no training digit had any."""

from nnlib.checks.questions import question

question(
    "10-3",
    "b",
    slips={
        "a": "where do weights begin, and what moves them? Look at the mean size of blank weights "
        "that was printed above",
        "c": "which training digit could have taught it what ink there means? See (10.4)",
    },
    praise="Weights of blank pixels are what was drawn at the start; ink there brings them in.",
    hints=(
        "which number stands between that pixel and a hidden unit?",
        "the slope of that weight was 0 in each step of training, says (10.3).",
        "so it still is what it was before the first step. Was that 0?",
    ),
)
