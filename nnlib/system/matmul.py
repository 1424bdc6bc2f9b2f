"""NumPy's matrix product by another loop: in the browser NumPy has no BLAS, and its `@` is slow.

For each type of number `np.matmul`, which is `@`, has a loop that calculates.  NumPy's C interface
can exchange one while the program runs, and nothing else changes: shapes, types and errors stay
NumPy's.  The loops that come instead are compiled from docs/site/matmul.c.
"""

import ctypes

import numpy as np

LOOPS = {"matmul_float32": np.float32, "matmul_float64": np.float64}
REPLACE_LOOP = 30  # the place of PyUFunc_ReplaceLoopBySignature in NumPy's table for ufuncs


def use_kernel(path):
    """Let `@` calculate by the compiled loops in a file, if they agree with NumPy's own.

    It never raises: whatever is wrong with the file or its loops, the present ones stay.

    Parameters
    ----------
    path : path-like
        A shared library with the functions that `LOOPS` names.

    Returns
    -------
    bool
        Whether `@` calculates by these loops from now on.
    """
    replaced, agree = {}, False
    try:
        expected = products()
        library = ctypes.CDLL(str(path))
        for name, dtype in LOOPS.items():
            loop = ctypes.cast(getattr(library, name), ctypes.c_void_p).value
            replaced[dtype] = exchange(dtype, loop)
        pairs = zip(products(), expected)
        agree = all(np.array_equal(*pair, equal_nan=True) for pair in pairs)  # NaN, ∞ too
    except Exception:  # no such file, no such function, a NumPy of another kind
        agree = False
    finally:
        if not agree:
            for dtype, loop in replaced.items():
                exchange(dtype, loop)
    return agree


def exchange(dtype, loop):
    """Give `np.matmul` the loop at an address for a type; return the address of the one before."""
    from numpy._core._multiarray_umath import _UFUNC_API  # private: another NumPy may lack it

    declared = ctypes.PYFUNCTYPE(ctypes.c_void_p, ctypes.py_object, ctypes.c_char_p)
    table = declared(("PyCapsule_GetPointer", ctypes.pythonapi))(_UFUNC_API, None)
    entry = ctypes.cast(table, ctypes.POINTER(ctypes.c_void_p))[REPLACE_LOOP]
    pointer, of_types = ctypes.c_void_p, ctypes.POINTER(ctypes.c_int)
    declared = ctypes.PYFUNCTYPE(ctypes.c_int, ctypes.py_object, pointer, of_types, pointer)
    types, before = (ctypes.c_int * 3)(*[np.dtype(dtype).num] * 3), ctypes.c_void_p()
    if declared(entry)(np.matmul, loop, types, ctypes.addressof(before)) != 0:
        raise LookupError(f"np.matmul has no loop for {np.dtype(dtype)}")
    return before.value


def products():
    """Multiply matrices of each type that lie in memory as those of the lessons do, or worse.

    The whole numbers in them are so small that every sum is exact, in whatever order; so loops
    that are right agree to the last bit.
    """
    found = []
    for dtype in LOOPS.values():
        rng, large = np.random.default_rng(0), 2 ** (np.finfo(dtype).nmant - 12)
        W = rng.integers(-large, large, (6, 787), endpoint=True).astype(dtype)
        X = rng.integers(-4, 5, (13, 787)).astype(dtype).T  # a digit is read as a row
        dZ, stack = (rng.integers(-4, 5, shape).astype(dtype) for shape in [(6, 13), (2, 3, 6, 7)])
        odd = np.select([dZ == 4, dZ == -4], [np.nan, np.inf], dZ).astype(dtype)
        pairs = [(W, X), (dZ, X.T), (W.T, dZ), (W, X.copy()), (W, X[:, 0]), (dZ[0], X.T)]
        pairs += [(X[:, 0], X[:, 1]), (W[::2, ::-3], X[::-3]), (stack, X[:7, ::2]), (W, X[:, :3])]
        pairs += [(W[:3], X), (stack[:, :1], stack.mT), (odd, X.T), (dZ.T, odd)]
        pairs += [(W[:, ::2], X[:394, 0]), (W[:, :394], X[::2, 0])]
        places = [np.full((12, 39), 7, dtype)[::-2, ::3], np.full((13, 6), 7, dtype).T]
        with np.errstate(invalid="ignore"):  # ∞ · 0 is meant
            found += [A @ B for A, B in pairs]
            found += [np.matmul(W, X, out=place).copy() for place in places]
            found += [np.matmul(W[:, :0], X[:0], out=place) for place in places]  # all become 0
    return found
