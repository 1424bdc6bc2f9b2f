"""What a lesson derives is what the library holds: the same syntax tree."""

import ast

import pytest
from lessons import NAMES, PATHS, ROOT, bare_tree, code_cells, tags

FLOOR_1 = [
    "activations",
    "losses",
    "network",
    "backprop",
    "gradient_check",
    "optimizers",
    "regularization",
    "convolution",
    "training",
    "metrics",
    "calibration",
]
PLANNED = set()  # keepers of lessons that are still to come


def library(module):
    return (ROOT / "nnlib" / f"{module.replace('.', '/')}.py").read_text(encoding="utf-8")


def public_functions():
    """The functions of floor 1, and its optimizers: what a lesson must derive."""
    found = set()
    for module in FLOOR_1:
        for node in ast.parse(library(module)).body:
            if isinstance(node, ast.FunctionDef):
                found.add(f"{module}.{node.name}")
            elif isinstance(node, ast.ClassDef) and module == "optimizers":
                found.add(f"{module}.{node.name}")
    return found


def keepers():
    """Every keeper: (lesson, "module.name", source of the cell)."""
    return [
        (name, tag.removeprefix("nnlib:"), cell.source)
        for name, path in zip(NAMES, PATHS, strict=True)
        for cell in code_cells(path)
        for tag in tags(cell)
        if tag.startswith("nnlib:")
    ]


@pytest.mark.parametrize(
    ("lesson", "keeper", "source"), keepers(), ids=[f"{k[0][:2]}-{k[1]}" for k in keepers()]
)
def test_lesson_and_library_agree(lesson, keeper, source):
    module, name = keeper.rsplit(".", 1)
    assert bare_tree(source)[name] == bare_tree(library(module))[name]


def test_every_function_of_floor_1_is_derived_in_exactly_one_lesson():
    kept = [keeper for _, keeper, _ in keepers()]
    assert len(kept) == len(set(kept))
    assert public_functions() - set(kept) == PLANNED


def test_a_planted_difference_is_seen():
    source = "def relu(Z):\n    return np.maximum(Z, 0)  # a comment may differ"
    assert bare_tree(source)["relu"] == bare_tree(library("activations"))["relu"]
    planted = "def relu(Z):\n    return (Z >= 0) * Z"
    assert bare_tree(planted)["relu"] != bare_tree(library("activations"))["relu"]
