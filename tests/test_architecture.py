"""The floors of nnlib: an import only ever points down, and importing does nothing."""

import ast
import importlib
import pkgutil
import re
import subprocess
import sys
from collections import defaultdict

import pytest
from lessons import PATHS, ROOT, cells, code_cells, tags

FLOORS = {
    1: "activations losses network backprop gradient_check optimizers regularization "
    "convolution training metrics calibration",
    2: "system data storage checks clinic sweep views",
    3: "plots",
    4: "widgets lesson classroom",
}
FLOOR_OF = {room: floor for floor, rooms in FLOORS.items() for room in rooms.split()}
ORDER = FLOORS[1].split()  # within floor 1, a file may import what stands before it
SIDEWAYS = {
    "data": {"system"},
    "storage": {"system"},
    "sweep": {"data", "system"},
    "checks": {"clinic", "data", "sweep", "system"},
}  # who may enter rooms beside it
STANDARD = sys.stdlib_module_names
ALLOWED = {  # packages, by floor
    1: {"numpy"},
    2: {"numpy", "threadpoolctl", "PIL", "joblib", "tqdm", "pooch", "pandas"},
    3: {"numpy", "matplotlib", "PIL"},
    4: {"numpy", "matplotlib", "threadpoolctl", "ipywidgets", "anywidget", "traitlets", "IPython"}
    | {"nbformat", "nbclient", "nbconvert", "psutil", "tqdm"}
    | {"jinja2", "markupsafe", "pygments", "math_core", "fontTools"},  # lessons become HTML
}
FILES = sorted((ROOT / "nnlib").rglob("*.py"))
SCRIPTS = [ROOT / "run.py"] + [
    path for name in ("tests", "benchmarks", "docs") for path in (ROOT / name).rglob("*.py")
]
MODULES = [path for path in FILES if path != ROOT / "nnlib" / "__init__.py"]
ids = [str(path.relative_to(ROOT)) for path in MODULES]
every_module = pytest.mark.parametrize("path", MODULES, ids=ids)


def room(path):
    return path.relative_to(ROOT / "nnlib").parts[0].removesuffix(".py")


def imported(path):
    """Every module that a file names in an import, wherever in the file."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}: imports name the whole path"
            yield node.module


def functions(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]


def code_lines(path, within=None):
    """How many lines of a file, or of a function in it, hold code; docstrings are none."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docstrings = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef):
            if ast.get_docstring(node) is not None:
                first = node.body[0]
                docstrings |= set(range(first.lineno, first.end_lineno + 1))
    lines = path.read_text(encoding="utf-8").splitlines()
    first, last = (within.body[0].lineno, within.end_lineno) if within else (1, len(lines))
    kept = (lines[n - 1].strip() for n in range(first, last + 1) if n not in docstrings)
    return sum(bool(line) and line[0] != "#" for line in kept)


@every_module
def test_imports_point_down(path):
    here = room(path)
    for name in imported(path):
        package, *inner = name.split(".")
        if package == "nnlib":
            there = inner[0] if inner else None
            assert there, f"{name}: name the room"
            same_room = there == here
            below = FLOOR_OF[there] < FLOOR_OF[here]
            before = FLOOR_OF[here] == FLOOR_OF[there] == 1 and (
                ORDER.index(there) < ORDER.index(here)
            )
            beside = there in SIDEWAYS.get(here, ())
            assert same_room or below or before or beside, f"{here} imports {there}"
        elif package not in STANDARD:
            assert package in ALLOWED[FLOOR_OF[here]], f"{here} imports {package}"


@every_module
def test_rooms_open_with_a_sentence(path):
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    assert docstring and docstring.splitlines()[0].rstrip().endswith((".", ":"))


@pytest.mark.parametrize("path", [*FILES, *SCRIPTS], ids=lambda path: str(path.relative_to(ROOT)))
def test_functions_are_short(path):
    limit = 20 if path.parent == ROOT / "nnlib" else 25
    for function in functions(path):
        lines = code_lines(path, function)
        assert lines <= limit, f"{function.name} has {lines} lines"


def public(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    kinds = ast.FunctionDef | ast.ClassDef
    return [n for n in tree.body if isinstance(n, kinds) and not n.name.startswith("_")]


@every_module
def test_public_names_have_docstrings(path):
    for node in public(path):
        assert ast.get_docstring(node), f"{path.name}: {node.name}"


def places_of(pairs):
    """Of (key, place) pairs, the keys that stand in several places, with these places."""
    found = defaultdict(list)
    for key, place in pairs:
        found[key].append(place)
    return {key: places for key, places in found.items() if len(places) > 1}


def test_a_public_name_stands_for_one_thing():
    pairs = ((node.name, str(path.relative_to(ROOT))) for path in FILES for node in public(path))
    assert not places_of(pairs)


def bare(function):
    """The statements of a function without its docstring."""
    return function.body[ast.get_docstring(function) is not None :]


def test_no_function_is_written_twice():
    bodies = [
        (ast.dump(ast.Module(bare(node), [])), f"{path.relative_to(ROOT)}: {node.name}")
        for path in FILES
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef)
        and sum(1 for part in bare(node) for _ in ast.walk(part)) > 2  # not `return 1`
    ]
    assert not places_of(bodies)


def test_the_only_files_are_the_mathematics():
    files = {path.stem for path in (ROOT / "nnlib").glob("*.py")} - {"__init__"}
    folders = {path.parent.name for path in (ROOT / "nnlib").glob("*/__init__.py")}
    assert files == set(ORDER)
    assert folders == set(FLOOR_OF) - files


OFFERED = {"data", "storage", "sweep", "clinic", "lesson", "system"}  # rooms whose offer is said


def offered(name):
    """What a module offers: its `__all__`, and the modules in it if it is a folder."""
    module = importlib.import_module(name)
    inner = pkgutil.iter_modules(getattr(module, "__path__", ()))
    return {*module.__all__, *(found.name for found in inner)}


@pytest.mark.parametrize("path", [*PATHS, ROOT / "docs" / "demo.ipynb"], ids=lambda p: p.stem)
def test_lessons_take_what_a_room_offers(path):
    source = "\n".join(cell.source for cell in code_cells(path))
    for node in ast.walk(ast.parse(re.sub(r"^%.*", "", source, flags=re.M))):
        if isinstance(node, ast.ImportFrom) and {*node.module.split(".")[1:2]} & OFFERED:
            assert {alias.name for alias in node.names} <= offered(node.module), node.module


def test_the_mathematics_stays_small():
    size = sum(code_lines(path) for path in MODULES if FLOOR_OF[room(path)] == 1)
    assert size <= 500, size


def test_importing_nnlib_does_nothing():
    program = (
        "import sys; before = set(sys.modules); import nnlib; new = set(sys.modules) - before; "
        "import random; print(sorted(name for name in new if not name.startswith('nnlib')))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stdout + done.stderr


def test_the_mathematics_loads_no_matplotlib_and_touches_no_random_state():
    rooms = ", ".join(f"nnlib.{name}" for name in [*ORDER, "data", "system.threads"])
    program = (
        "import sys, numpy as np; before = np.random.get_state()[1].tolist(); "
        f"import {rooms}; "
        "assert 'matplotlib' not in sys.modules and 'pandas' not in sys.modules; "
        "assert np.random.get_state()[1].tolist() == before; print('quiet')"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.strip() == "quiet", done.stderr


def test_nothing_uses_the_global_random_state():
    for path in FILES:
        text = path.read_text(encoding="utf-8")
        legacy = r"np\.random\.(?!default_rng|Generator)\w+|^import random|^from random"
        assert not re.findall(legacy, text, flags=re.M), path.name


def test_the_map_names_every_file_with_its_lessons_and_every_folder():
    text = (ROOT / "nnlib" / "README.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| \[(\w+)\.py\]\(\1\.py\) \|.*\| (.*) \|$", text, flags=re.M))
    assert list(rows) == ORDER
    for name, said in rows.items():
        tag = f"nnlib:{name}."
        derived = [
            path.name[:2]
            for path in PATHS
            if any(t.startswith(tag) for cell in cells(path) for t in tags(cell))
        ]
        assert set(re.findall(r"\[(\d\d)\]", said)) >= set(derived), name
    folders = re.findall(r"^- \[(\w+)/\]\(\1/\):", text, flags=re.M)
    assert sorted(folders) == sorted(set(FLOOR_OF) - set(ORDER))
