"""Lesson 07: the exercise that asks which learning rate makes up for a forgotten 1/m."""

from nnlib.checks.questions import question

question(
    "07-3",
    0.1 / 4_000,
    slips={
        400: "a gradient without its 1/m is 4,000 times too long already; a larger rate makes the "
        "step longer still",
        0.1: "then every step is 4,000 times as long as ours; which rate shortens it?",
        1 / 4_000: "that makes the step right for a learning rate of 1; ours takes 0.1",
    },
    praise="A sum is m times the mean, so the rate has to be m times smaller: 0.000025.",
    hints=(
        "how many times longer is a sum of 4,000 slopes than their mean?",
        "a step is the product of the learning rate and the gradient. One factor is 4,000 times "
        "too large; the product is to stay.",
        "the other factor, 0.1, has to become 4,000 times smaller.",
    ),
    within=1e-9,
)
