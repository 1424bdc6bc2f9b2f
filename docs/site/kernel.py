"""Compile matmul.c, NumPy's matrix product for the browser, to a library that Pyodide can load.

python docs/site/kernel.py FOLDER   needs the package ziglang, which brings a C compiler
"""

import os
import pathlib
import subprocess
import sys
import tempfile

SOURCE = pathlib.Path(__file__).with_name("matmul.c")
LOOPS = {"matmul_float32": "float", "matmul_float64": "double"}
BROWSER = "-target wasm32-emscripten -mcpu=generic+simd128 -fPIC -O3".split()
LIBRARY = "-shared --experimental-pic --strip-all".split()


def compile_kernel(folder):
    """Write matmul.so into a folder and return its path; stop with one sentence if that fails."""
    target = pathlib.Path(folder) / "matmul.so"
    with tempfile.TemporaryDirectory() as drafts:
        objects = [pathlib.Path(drafts, f"{loop}.o") for loop in LOOPS]
        for (loop, real), compiled in zip(LOOPS.items(), objects):
            names = f"-DREAL={real}", f"-DLOOP={loop}"
            zig(drafts, "cc", *BROWSER, *names, "-c", SOURCE, "-o", compiled)
        exports = [f"--export={loop}" for loop in LOOPS]
        zig(drafts, "wasm-ld", *LIBRARY, *exports, *objects, "-o", target)
    return target


def zig(drafts, *arguments):
    """Run a tool of zig; what it remembers for the next time goes with the drafts."""
    caches = dict.fromkeys(("ZIG_GLOBAL_CACHE_DIR", "ZIG_LOCAL_CACHE_DIR"), drafts)
    command = [sys.executable, "-m", "ziglang", *map(str, arguments)]
    told = {"capture_output": True, "encoding": "utf-8", "errors": "replace"}
    done = subprocess.run(command, env=os.environ | caches, **told)
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if "error" in line.lower()]
        reason = (said or done.stderr.splitlines() or [f"exit code {done.returncode}"])[0]
        raise SystemExit(f"{SOURCE.name} could not be compiled for the browser: {reason}")


if __name__ == "__main__":
    print(compile_kernel(*sys.argv[1:]))
