"""Lesson 11, Build the deep sigmoid network: the exercise that asks for a proof."""

from nnlib.checks.questions import question

question(
    "11-3",
    right=(1 / 4) ** 6,
    slips={
        (1 / 4) ** 7: "that is one slope too many: dZ7 lies behind its own sigmoid already; "
        "count the steps from layer 7 to layer 1, not the layers",
        1 / 4: "that is what one step back leaves; there are more steps",
        6 / 4: "the factors of a chain are multiplied, not added",
        (1 / 2) ** 6: "1/2 is the sigmoid at 0; what is its slope there?",
        1.0: "with a slope of 1 nothing would be lost; can a sigmoid be as steep as that?",
    },
    praise="Each step back multiplies by one slope, and no slope of a sigmoid is above 1/4.",
    hints=(
        "Write (11.18) for layers with one unit: what does the matrix product become?",
        "By which factor does one step back multiply the error, and what does (11.26) say of it?",
        "Largest slope, once for each step from layer 7 to layer 1: how many steps are these?",
    ),
    within=1e-6,
)
