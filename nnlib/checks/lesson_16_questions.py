"""Lesson 16: the exercise that asks for a slope as a sum over paths."""

from nnlib.checks.questions import question

question(
    "16-3",
    24,
    slips={
        6: "that is the product along one path from x to v; how many are there?",
        12: "two edges lead from x to u, two from u to v; one of these pairs counts once here",
        36: "that is the value of v; how fast does it change with x?",
        4: "that is the number of paths; along each, the local slopes are multiplied",
    },
    praise="Four paths, each with the product 1 · 6: multiply along a path, add where paths meet.",
    hints=(
        "draw x, u and v, and an edge for each time that one goes into another.",
        "a sum has the local slope 1 for each part; a product has the value of the other factor.",
        "each path takes one of two edges to u, then one of two to v; add the products.",
    ),
    within=1e-9,
)
