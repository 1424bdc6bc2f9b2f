"""Lesson 17: the exercise that asks how far a unit of the second layer sees."""

from nnlib.checks.questions import question

question(
    "17-2",
    13,
    slips={
        5: "that is its own filter, on the maps; how wide is the part of the page behind them?",
        9: "right with stride 1; here the patches of two neighbors begin 2 pixels apart",
        10: "the filters do not lie side by side: patches of neighbors overlap",
        25: "the five patches overlap: each begins 2 pixels after the one before",
        12: "pixel 12 is the last one; counted from 0, how many are there?",
        169: "that is the area; how wide is the square?",
        15: "five patches need only four moves between them",
        4: "that is how many places there are; how wide is what one of them sees?",
    },
    praise="Four moves of 2 pixels, and the last patch is 5 wide: 4 · 2 + 5.",
    hints=(
        "the unit sees 5 x 5 places of the first layer's maps; look at one direction alone.",
        "each of these places sees 5 pixels, and its neighbor's patch begins 2 pixels further on.",
        "the first of the five patches begins at pixel 0; where does the fifth begin, and where "
        "does it end?",
    ),
    within=1e-9,
)
