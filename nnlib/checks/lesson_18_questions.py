"""Lesson 18: the exercise that asks what a far too modest network is worth."""

from nnlib.checks.questions import question

question(
    "18-3",
    84,
    slips={
        0: "nothing is hidden by a large T, but is what it says true? It says 0.1, every time",
        6: "that is the share it reads wrongly; how sure is it, and how often is it right?",
        10: "that is its confidence; how far is it from the share that is right?",
        94: "that is the share that is right; subtract what it says",
        90: "it is right in 94 of 100, not always; what does it say, and how far is that?",
        104: "the gap is the difference of the two, not their sum",
        0.84: "right as a share; the question asks for percent",
        -84: "right, but a gap has no sign in (18.1)",
    },
    praise="It says 10 % and is right in 94 %: too modest by 84. A good T lies between.",
    hints=(
        "which confidence has every digit, and into how many bins do they fall?",
        "one bin holds all digits: n_b / m is 1. What are its mean confidence and its share right?",
        "the temperature changed no answer, so 94 % are still right; the gap is 94 minus 10.",
    ),
    within=1e-9,
)
