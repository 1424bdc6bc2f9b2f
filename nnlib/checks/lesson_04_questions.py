"""Lesson 04: the exercise that asks why an untrained network may cost more than log 10."""

from nnlib.checks.questions import question

question(
    "04-3",
    "b",
    slips={
        "a": "their scores are a few tens at most, far from the 710 where exp overflows, and no "
        "loss is NaN. What does a sample cost that was given 0.001?",
        "c": "the accuracy printed beside the loss says that they hit about one digit in ten, as a "
        "guesser does. With as many hits, what else can raise a mean of -log p?",
    },
    praise="-log p is steep near 0: what is lost when sure and wrong outweighs what is won.",
    hints=(
        "compare two samples: what do they cost if both get 1/10, and what if one gets 0.19 and "
        "the other 0.01?",
        "look at the curve of -log p: how far does it rise to the left of 0.1, how far does it "
        "fall to the right?",
        "the loss is a mean of -log p over samples; which of the three says something about how "
        "far the p of different samples lie apart?",
    ),
)
