"""What an answer gives back, as numbers: its parts, the same or not, by which factor not."""

import copy

import numpy as np

COARSE = {np.dtype(np.float16): 2e-3, np.dtype(np.float32): 1e-4}  # what a type can keep
FINE = 1e-6


def is_sequence(value):
    """Whether it is a list or a tuple; a Layer is one, too."""
    return isinstance(value, list | tuple)


def frozen(value):
    """A value as it is now: whatever is done to its arrays later does not change it."""
    if is_sequence(value):
        parts = [frozen(part) for part in value]
        return parts if isinstance(value, list) else tuple(parts)
    return copy.copy(value) if hasattr(value, "__array__") else value


def numbers(value):
    """A value as an array of numbers; None if it holds anything else."""
    try:
        array = np.asarray(value)
        array = array.astype(float) if array.dtype.kind == "O" else array
    except Exception:  # rows of different lengths, words, any object: it is no array
        return None
    return array if array.dtype.kind in "biuf" else None


def shape_of(value):
    """The shape of a value as an array of numbers; None if it is none."""
    array = numbers(value)
    return None if array is None else array.shape


def leaves(value):
    """What is no list or tuple in a value, in order."""
    if not is_sequence(value):
        return [value]
    return [leaf for part in value for leaf in leaves(part)]


def in_places_of(want, got):
    """The parts of `got` that stand where `want` has its leaves; None if it is built otherwise."""
    if not is_sequence(want):
        return [got]
    if isinstance(got, np.ndarray) and all(shape_of(part) == got.shape[1:] for part in want):
        got = list(got)
    if not is_sequence(got) or len(got) != len(want):
        return None
    parts = [in_places_of(w, g) for w, g in zip(want, got)]
    return None if any(part is None for part in parts) else [leaf for p in parts for leaf in p]


def fitted(got, want):
    """A part as an array of numbers; one with a single entry as a number, if that is wanted."""
    array = numbers(got)
    is_one = array is not None and want.shape == () and array.size == 1
    return array.reshape(()) if is_one else array


def same(got, want, rounding=0, nan=False):
    """Whether two parts have one shape and, but for rounding, the same numbers."""
    want = np.asarray(want)
    got = fitted(got, want)
    if got is None or got.shape != want.shape or want.dtype.kind not in "biuf":
        return False
    fine = max(COARSE.get(got.dtype, FINE), COARSE.get(want.dtype, FINE))
    finite = np.abs(want[np.isfinite(want)].astype(float))
    atol = max(rounding, fine * (finite.max(initial=0) or 1))
    return bool(np.allclose(got, want, rtol=0, atol=atol, equal_nan=nan))


def is_part_right(got, want, rounding=0):
    """Whether one part is right: shape, numbers, and whole numbers where they are wanted."""
    return same(got, want, rounding) and not is_broken(got, want)


def is_broken(got, want):
    """Whether whole numbers in an array came back as others."""
    return want.ndim > 0 and want.dtype.kind in "iu" and numbers(got).dtype.kind == "f"


def factor(got, want):
    """The number by which `got` is a multiple of `want`; None if it is none."""
    got, want = got.astype(float), want.astype(float)
    if not (np.isfinite(got).all() and np.isfinite(want).all() and want.any() and got.any()):
        return None
    ratio = float((got * want).sum() / (want * want).sum())
    return ratio if ratio and same(got / ratio, want) else None


def alike(a, b, rounding=0):
    """Whether two values are built alike of the same numbers, but for rounding."""
    if is_sequence(a) and is_sequence(b):
        return len(a) == len(b) and all(alike(x, y, rounding) for x, y in zip(a, b))
    if numbers(a) is None or numbers(b) is None:
        return type(a) is type(b) and (callable(a) or not hasattr(a, "__len__"))
    return np.shape(a) == np.shape(b) and same(a, b, rounding, nan=True)


def untouched(now, was):
    """Whether data are what they were, to the bit; what is no data may be anything."""
    if isinstance(was, dict):
        return isinstance(now, dict) and untouched(list(now.items()), list(was.items()))
    if is_sequence(was):
        return is_sequence(now) and len(now) == len(was) and all(map(untouched, now, was))
    if isinstance(was, np.ndarray):
        same_kind = isinstance(now, np.ndarray) and now.dtype == was.dtype
        return same_kind and np.array_equal(now, was, equal_nan=was.dtype.kind == "f")
    return now == was if isinstance(was, int | float | str | set) else True
