"""Lesson 05: the exercise that asks what the derivation of P - Y needs of the truth."""

from nnlib.checks.questions import question

question(
    "05-3",
    "b",
    slips={
        "a": "which line breaks when two of the Y are not 0? Each of (5.18) to (5.21) holds for "
        "any ten numbers Y; write them down once with 0.8 and 0.2",
        "c": "these ten add up to −1, but slopes of a loss on P add up to 0. Each log P is "
        "multiplied by its share, 0.8 or 0.2; where do these go?",
    },
    praise="The derivation needs a truth that sums to 1; that it is one-hot was never used.",
    hints=(
        "in which line does a property of Y enter for the first time?",
        "(5.21) reads -Y_i + P_i times the sum of all Y; nothing was assumed about Y so far.",
        "what do 0.8 and 0.2 sum to? Put that into (5.21).",
    ),
)
