"""The compiled loops multiply as NumPy does, and a wrong one leaves NumPy's own in place."""

import functools
import importlib.util
import json
import os
import pathlib
import shutil
import subprocess
import sys
import zipfile

import numpy as np
import pytest
from lessons import ROOT

TRIALS = ROOT / "tests" / "any_products.py"
ZIG = importlib.util.find_spec("ziglang")
CC = [sys.executable, "-m", "ziglang", "cc"] if ZIG else [shutil.which("cc") or shutil.which("gcc")]
NODE, PYODIDE = shutil.which("node"), os.environ.get("NNLIB_PYODIDE")
pytestmark = pytest.mark.skipif(not CC[0], reason="needs a C compiler: the package ziglang, or cc")
in_pyodide = pytest.mark.skipif(not (NODE and PYODIDE), reason="needs node and NNLIB_PYODIDE")

SLIPS = [  # (what stands in matmul.c, what stands there by mistake); none leaves the matrices
    ("panel[k][1] = row[1]", "panel[k][1] = row[0]"),
    ("at_most(columns - 1, j)", "at_most(columns - 1, 1)"),
    ("column[j] + k * B.down", "column[j] + (depth - 1 - k) * B.down"),
    ("at_most(rows - 1, i)", "at_most(rows - 1, 2)"),
    ("row[i] + k * A.right", "row[i] + (depth - 1 - k) * A.right"),
    ("a * panel[k][1]", "a * panel[k][0]"),
    ("sums[i][0] += a", "if (a) sums[i][0] += a"),  # ∞ · 0 is NaN
    ("real a = *", "float a = *"),  # half of the digits
    ("vector sums[ROWS][2] = {0}", "static vector sums[ROWS][2]"),
    ("place[1] += tile[i][1]", "place[1] = tile[i][1]"),
    ("place[0] = tile[i][0]", "place[0] += tile[i][0]"),
    ("*place + sum", "sum"),
    ("tile, k > 0)", "tile, k > DEPTH)"),
    ("tile, k > 0)", "tile, true)"),
    ("j < p; j += COLUMNS", "j + COLUMNS <= p; j += COLUMNS"),
    ("i < m; i += ROWS", "i + ROWS <= m; i += ROWS"),
    ("from(A, i, k)", "from(A, i, 0)"),
    ("from(B, k, j)", "from(B, 0, j)"),
    ("while (k < n)", "while (k + DEPTH < n)"),
    ("    do {", "    if (n > 0) do {"),
    ("a[1] * b[1]", "a[1] * b[0]"),
    ("j < COLUMNS; j++)\n        sum", "j < LANES; j++)\n        sum"),
    ("    for (; k < n; k++)\n", "    if (k < n)\n"),
    ("A.right == sizeof(real) && B.down", "B.down"),
    ("A.right == sizeof(real) && B.down == sizeof(real)", "A.right == sizeof(real)"),
    ("M.right == sizeof(real)", "M.right > 0"),
    ("i < m; i += HEIGHT", "i + HEIGHT <= m; i += HEIGHT"),
    ("from(A, i, 0)", "A"),
    ("from(C, i, 0)", "C"),
    ("A.start += step[0]", "A.start += 0"),
    ("B.start += step[1]", "B.start += 0"),
    ("C.start += step[2]", "C.start += 0"),
]


@pytest.fixture(scope="module")
def kernel():
    """docs/site/kernel.py, which compiles matmul.c for the browser."""
    spec = importlib.util.spec_from_file_location("kernel", ROOT / "docs" / "site" / "kernel.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def compiled(kernel, tmp_path_factory):
    """Compile matmul.c for this machine; if wanted with a slip in its last loop."""
    folder = tmp_path_factory.mktemp("compiled")
    text = kernel.SOURCE.read_text(encoding="utf-8")

    def run(*arguments):
        caches = dict.fromkeys(("ZIG_GLOBAL_CACHE_DIR", "ZIG_LOCAL_CACHE_DIR"), str(folder))
        subprocess.run([*CC, *arguments], check=True, env=os.environ | caches, cwd=folder)

    @functools.cache
    def loop(name, source):
        (folder / "matmul.c").write_text(source, encoding="utf-8")
        names = f"-DREAL={kernel.LOOPS[name]}", f"-DLOOP={name}"
        compiled = f"{len(list(folder.iterdir()))}.o"
        run("-O3", "-fPIC", *names, "-c", "matmul.c", "-o", compiled)
        return compiled

    @functools.cache
    def library(slip=("", ""), names=tuple(kernel.LOOPS)):
        assert slip[0] in text, f"matmul.c has no {slip[0]}"
        *first, last = names
        objects = [*(loop(name, text) for name in first), loop(last, text.replace(*slip))]
        path = folder / f"{len(list(folder.iterdir()))}.so"
        run("-shared", "-nostdlib", *objects, "-o", path.name)
        return path

    return library


def python(*words):
    """Run Python in a process of its own, so that this one keeps NumPy's loops."""
    done = subprocess.run([sys.executable, *map(str, words)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_thousands_of_products_agree(compiled):
    """Every shape and layout, both types, NaN, ∞, none at all."""
    assert python(TRIALS, compiled(), 1500).startswith("3,000 products agree")


USED = """
import json, sys
import numpy as np
from nnlib.system.matmul import LOOPS, exchange, use_kernel
def present():
    loops = {dtype: exchange(dtype, 1) for dtype in LOOPS.values()}
    for dtype, loop in loops.items():
        exchange(dtype, loop)
    return loops
before = present()
for path in sys.argv[1:]:
    print(json.dumps([use_kernel(path), present() == before]))
"""


def used(*paths):
    """For each library in turn: whether it is in use, and whether the first loops are."""
    return [json.loads(line) for line in python("-c", USED, *paths).splitlines()]


@pytest.mark.slow
def test_a_slip_in_the_kernel_leaves_numpys_own_loops(compiled):
    answers = used(*map(compiled, SLIPS))
    missed = (slip for slip, answer in zip(SLIPS, answers) if answer != [False, True])
    assert next(missed, None) is None  # those after it were compared with its loop


def test_a_slip_in_the_first_loop_is_seen_too(compiled, kernel):
    double, single = reversed(kernel.LOOPS)
    assert used(compiled(SLIPS[0], (double, single))) == [[False, True]]


def test_a_file_that_is_no_kernel_leaves_the_loops_as_they_are(compiled, kernel, tmp_path):
    for name, data in {"empty": b"", "text": b"no library\n", "wasm": b"\0asm\1\0\0\0"}.items():
        (tmp_path / f"{name}.so").write_bytes(data)
    half = [compiled(names=(name,)) for name in kernel.LOOPS]  # one of the two loops is missing
    paths = [*tmp_path.iterdir(), *half, tmp_path, tmp_path / "missing.so", "", "a\nb"]
    answers = used(*paths, compiled(), *paths)
    before, (there, *after) = answers[: len(paths)], answers[len(paths) :]
    assert before == [[False, True]] * len(paths)
    assert there == [True, False]
    assert after == [[False, False]] * len(paths)  # the kernel that was in use still is


OTHERS = """
import sys
import numpy as np
from nnlib.system.matmul import use_kernel
A = np.random.default_rng(0).normal(0, 9, (2, 5, 5))
types = [t for t in np.typecodes["All"] if [t + t + "->" + t] and t not in "fdSUVMm"]
def found():
    return [(A.astype(t) @ A.astype(t)) for t in types]
before = found()
assert use_kernel(sys.argv[1])
for t, one, other in zip(types, before, found()):
    assert one.dtype == other.dtype and np.array_equal(one, other), t
print(*types)
"""


def test_other_types_are_multiplied_as_before(compiled):
    with_loops = {types[0] for types in np.matmul.types} - {*"fd"}
    assert {*python("-c", OTHERS, compiled()).split()} >= with_loops


def test_errors_stay_numpys(compiled):
    program = """
import sys
import numpy as np
from nnlib.system.matmul import use_kernel
assert use_kernel(sys.argv[1])
try:
    np.ones((2, 3), "f") @ np.ones((2, 3), "f")
except ValueError as error:
    print(error)
"""
    assert "size 2 is different from 3" in python("-c", program, compiled())


def test_what_keeps_the_compiler_from_its_work_is_one_sentence(kernel, tmp_path, monkeypatch):
    broken = tmp_path / "matmul.c"
    broken.write_text("int loop(", encoding="utf-8")
    monkeypatch.setattr(kernel, "SOURCE", broken)
    with pytest.raises(SystemExit, match=r"^matmul.c could not be compiled for the browser: .+$"):
        kernel.compile_kernel(tmp_path)
    assert list(tmp_path.iterdir()) == [broken]


@pytest.fixture
def for_browser(site, tmp_path):
    """The library that the site carries, taken out of its wheel."""
    (wheel,) = (site / "static" / "pyodide").glob("nnlib-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return pathlib.Path(archive.extract("nnlib/shipped/matmul.so", tmp_path))


@pytest.mark.slow
@in_pyodide
def test_thousands_of_products_agree_in_pyodide(for_browser):
    command = [NODE, ROOT / "tests" / "in_pyodide.mjs", TRIALS, for_browser, "500"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.stdout.startswith("1,000 products agree"), done.stdout + done.stderr


@pytest.mark.slow
@in_pyodide
def test_a_damaged_kernel_leaves_numpys_own_loops_in_pyodide(for_browser, tmp_path):
    library, program = for_browser, tmp_path / "used.py"
    program.write_text(USED, encoding="utf-8")
    whole = library.read_bytes()
    damaged = {"empty": b"", "head": whole[:8], "half": whole[:2000], "tail": whole[:-3]}
    for name, data in damaged.items():
        (tmp_path / f"{name}.so").write_bytes(data)
    paths = [*(tmp_path / f"{name}.so" for name in damaged), library]
    command = [NODE, ROOT / "tests" / "in_pyodide.mjs", program, *paths]
    done = subprocess.run(command, capture_output=True, text=True)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert answers == [[False, True]] * len(damaged) + [[True, False]], done.stderr
