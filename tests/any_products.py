"""Try `@` on thousands of matrices of every shape and layout; here, and in Pyodide, too.

python tests/any_products.py LIBRARY COUNT   with the compiled loops of a library in use
"""

import sys

import numpy as np

from nnlib.system.matmul import LOOPS, use_kernel

LAYOUTS = (  # each returns the same numbers, elsewhere in memory
    lambda A: A,
    lambda A: A.mT.copy().mT,
    lambda A: A[..., ::-1].copy()[..., ::-1],
    lambda A: A[..., ::-1, :].copy()[..., ::-1, :],
    lambda A: np.repeat(A, 3, axis=-1)[..., ::3],
    lambda A: np.repeat(A, 2, axis=-2)[..., ::2, :],
    lambda A: np.repeat(A.mT, 2, axis=-1).mT[..., ::2, :],
    lambda A: unaligned(A),
    lambda A: A.astype(A.dtype.newbyteorder()),
)
SPECIAL = (np.nan, np.inf, -np.inf, 0.0, -0.0)


def unaligned(A):
    """The same numbers, beginning at an odd address."""
    room = np.empty(A.nbytes + 1, np.uint8)
    moved = room[1:].view(A.dtype).reshape(A.shape)
    moved[...] = A
    return moved


def matrix(rng, shape, dtype):
    """Random numbers, sometimes with special ones, sometimes the same row or column throughout."""
    A = rng.normal(size=shape).astype(dtype)
    if A.size and rng.random() < 0.1:
        A.flat[rng.integers(A.size, size=2)] = rng.choice(SPECIAL, 2)
    kind = rng.integers(20)
    if kind < 2 and A.shape[kind - 2]:
        return np.broadcast_to(np.take(A, [0], axis=kind - 2), shape)  # a stride of 0
    return LAYOUTS[rng.integers(len(LAYOUTS))](A)


def operands(rng, dtype):
    """Two matrices that fit, stacks of them, or vectors; now and then a long side, or none."""
    m, n, p = rng.integers(0, 24, 3)
    if rng.random() < 0.2:
        m, n, p = rng.permutation([m, n, rng.integers(200, 900)])
    if rng.random() < 0.3:
        m, p = rng.permutation([m, rng.integers(0, 5)])
    stacks = [((), ()), ((2,), ()), ((), (3,)), ((2, 1), (3,)), ((0,), (1,)), ((2,), (2,))]
    left, right = stacks[max(0, rng.integers(-12, len(stacks)))]
    A, B = matrix(rng, (*left, m, n), dtype), matrix(rng, (*right, n, p), dtype)
    A = A[0] if A.ndim == 2 and m and rng.random() < 0.1 else A
    return A, B[:, 0] if B.ndim == 2 and p and rng.random() < 0.1 else B


def sums(A, B):
    """The product by another way through NumPy, in float64."""
    left, right = "k" if A.ndim == 1 else "...ik", "k" if B.ndim == 1 else "...kj"
    result = "..." * ("." in left + right) + left[3:-1] + right[4:]
    return np.einsum(f"{left},{right}->{result}", A.astype(float), B.astype(float))


def worst(A, B, C):
    """The largest error of C, in parts of what sums in any order may have; > 1 is wrong.

    Each of two ways to sum n products is off by at most n·u/(1 − n·u) · |A| @ |B|, where 1 + u
    rounds to 1 (Higham, Accuracy and Stability of Numerical Algorithms, 2002, section 3.5).
    """
    expected, size = sums(A, B), sums(abs(A), abs(B))
    assert C.shape == expected.shape, (C.shape, expected.shape)
    plain = np.isfinite(expected)
    assert np.array_equal(C[~plain], expected[~plain], equal_nan=True)
    n, u = A.shape[-1], np.finfo(C.dtype).eps / 2
    allowed = 2 * n * u / (1 - n * u) * size[plain] + np.finfo(C.dtype).tiny
    return np.max(abs(C - expected)[plain] / allowed, initial=0)


def into(rng, A, B, C):
    """The same product, put where it is told: with gaps, backward, by columns; gaps stay."""
    room = np.full([3 * side for side in C.shape], 7, C.dtype)
    room = room.T.copy().T if rng.random() < 0.5 else room
    cut = tuple(rng.choice([slice(None, None, 3), slice(None, None, -3)]) for _ in C.shape)
    place = room[cut] if rng.random() < 0.8 else np.empty(C.shape[::-1], C.dtype).T
    np.matmul(A, B, out=place)
    result = place.copy()
    place[...] = 7
    assert (room == 7).all(), "numbers beside the result were changed"
    return result


def over_itself(rng, dtype):
    """A product that replaces one of its factors is the product all the same."""
    A, B = rng.normal(size=(2, 21, 21)).astype(dtype)
    expected = A @ B
    np.matmul(A, B, out=B)
    return np.array_equal(B, expected)


def main(library, count):
    assert use_kernel(library), "the loops of the library are not in use"
    rng, found = np.random.default_rng(1), {dtype: 0.0 for dtype in LOOPS.values()}
    with np.errstate(invalid="ignore"):
        for _ in range(int(count)):
            for dtype in found:
                A, B = operands(rng, dtype)
                C = A @ B
                assert C.dtype == dtype
                if C.ndim:
                    assert np.array_equal(into(rng, A, B, C), C, equal_nan=True)
                found[dtype] = max(found[dtype], worst(A, B, C))
                assert found[dtype] <= 1, (A.shape, B.shape, A.strides, B.strides, dtype)
    assert all(over_itself(rng, dtype) for dtype in found)
    said = ", ".join(f"{np.dtype(dtype)} {error:.2f}" for dtype, error in found.items())
    print(f"{2 * int(count):,} products agree; the largest error, in parts of the bound: {said}")


if __name__ == "__main__":
    main(*sys.argv[1:])
