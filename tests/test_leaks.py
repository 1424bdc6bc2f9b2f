"""No page gives a solution away above its exercise: no learner's copy, and no page of a bundle."""

import functools
import json
import re

import pytest
from exercises import IDS, exercise_cells, lesson_of
from leaks import code_in, distinctive, leaks

from nnlib.classroom.packing import for_class
from nnlib.system.cells import HINT, has_tag, known_as
from nnlib.system.pages import without_answers

SHOWN = {  # lines that a lesson shows before the exercise asks for more, and what that more is
    "02-1": {  # the lesson takes the means; that they make templates, and the bias, is the answer
        "np.array([X[:, y == k].mean(axis=1) for k in range(10)])",
    },
    "03-1": {"W3 @ A2 + b3"},  # a layer; that the third gets no relu is the answer
    "03-2": {"(W_next @ W, W_next @ b + b_next)"},  # for two layers; the answer is for any number
    "04-1": {"E / E.sum(axis=0)"},  # the softmax that overflows; the answer makes it safe
    "06-1": {  # derived line by line; the answer puts them together, with the right relu
        "dZ1 @ X.T / m",
        "dZ1.sum(axis=1, keepdims=True) / m",
    },
    "07-1": {  # a step; the answer is the loop, which makes the pass forward anew each time
        "backward(params, Zs, As, Y)",
        "[Layer(W - lr * dW, b - lr * db) for (W, b), (dW, db) in zip(params, grads)]",
    },
    "11-2": {  # the lesson's keeper, for samples in rows; the answer keeps them in columns
        "(A3 - Y) * sigmoid_derivative(Z3)",
        "W2.T @ dZ2 * sigmoid_derivative(Z1)",
    },
    "18-1": {"(P.max(axis=0), P.argmax(axis=0) == y)"},  # of all; one bin of them is the answer
}
PAGES = {
    "a copy in work/": lambda data: json.loads(without_answers(data)),
    "a bundle": lambda data: for_class(data, with_solutions=False),
    "a bundle with solutions": lambda data: for_class(data, with_solutions=True),
}


@functools.cache
def page_with(id, kind):
    """The page that holds an exercise, as a learner gets it."""
    return PAGES[kind](lesson_of(id).read_bytes())


def down_to(id, page):
    """The cells of a page down to an exercise, and with it."""
    names = [known_as(cell) for cell in page["cells"]]
    return page["cells"][: names.index(id) + 1]


@pytest.mark.parametrize("id", IDS)
@pytest.mark.parametrize("page", PAGES)
def test_no_line_of_a_solution_stands_above_it_but_those_named(id, page):
    cells = down_to(id, page_with(id, page))
    assert leaks(id, cells) == SHOWN.get(id, set())


@pytest.mark.parametrize("id", IDS)
@pytest.mark.parametrize("page", PAGES)
def test_hints_wait(id, page):
    for cell in page_with(id, page)["cells"]:
        if cell["cell_type"] == "code":
            assert all(found[0].lstrip().startswith("#") for found in HINT.finditer(cell["source"]))


def test_most_functions_have_lines_by_which_they_would_be_known():
    told = [id for id in IDS if distinctive(id)]
    written = [id for id in IDS if "def " in exercise_cells(id)[1]]
    assert len(told) >= 0.9 * len(written)


@pytest.mark.parametrize("id", [id for id in IDS if distinctive(id)])
def test_a_planted_line_is_seen_under_any_name_in_code_and_in_prose(id):
    solution = exercise_cells(id)[1]
    renamed = re.sub(r"\b(X|y|params)\b", r"my_\1", solution)
    other = {"cell_type": "code", "source": renamed}
    prose = {"cell_type": "markdown", "source": f"So we write:\n\n```python\n{solution}```"}
    assert leaks(id, [prose]) == {*distinctive(id).values()}
    assert leaks(id, [other]) == {*distinctive(id).values()}
    line = {"cell_type": "markdown", "source": f"It is `{min(leaks(id, [prose]), key=len)}`."}
    assert "\n" in line["source"] or leaks(id, [line])


def test_the_solution_itself_is_no_longer_on_a_page_of_a_bundle():
    for id in IDS:
        page = page_with(id, "a bundle")
        assert not any(has_tag(cell, "solution", "teacher") for cell in page["cells"])
        assert not any(exercise_cells(id)[1] in text for c in page["cells"] for text in code_in(c))
