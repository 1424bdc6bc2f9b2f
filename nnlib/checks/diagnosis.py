"""What the form and the numbers of a wrong answer tell, in every exercise alike."""

import numpy as np

from nnlib.checks.values import (
    factor,
    fitted,
    is_broken,
    is_part_right,
    is_sequence,
    same,
)
from nnlib.checks.words import apart, kind_of, listed, plain, say, verbs
from nnlib.gradient_check import relative_error

COUNTS = "no one two three four five six seven eight nine ten".split()


def of_form(tried, i):
    """What is wrong with the number of parts, their order, kinds and shapes; None if nothing is."""
    got, want, value = tried.gots[i], tried.wants[i], tried.outcomes[i].value
    if len(want) == 1 and is_sequence(value) and len(value) == 1 and same(value[0], want[0]):
        return say("tuple of one")
    if got is None or (len(want) == 1 and is_another_thing(value, want[0])):
        return say("wanted", gives=gives(tried, i), kind=kind_of(value))
    if is_reordered(got, want):
        return say("order", names=", ".join(tried.names[i]))
    said = (of_part(tried.names[i][p], got[p], want[p]) for p in tried.order(i))
    return next(filter(None, said), None)


def is_another_thing(value, want):
    """Whether a value is no array, or several things where one is wanted."""
    array = fitted(value, want)
    is_tuple = isinstance(value, tuple) or want.ndim == 0
    return array is None or (is_tuple and array.shape != want.shape)


def gives(tried, i):
    """What is asked for, in words."""
    task, want = tried.task, tried.wants[i]
    if task.gives:
        return task.gives
    if not task.names:
        return f"a list of layers, {COUNTS[len(want) // 2]} Layer(W, b)"
    thing = "array" if any(part.ndim for part in want) else "number"
    return f"{COUNTS[len(want)]} {thing}{'s' * (len(want) > 1)}: {', '.join(tried.names[i])}"


def is_reordered(got, want):
    """Whether every part that is wanted is there, but not in its place."""
    places = [next((p for p, g in enumerate(got) if same(g, w)), -1) for w in want]
    return sorted(places) == list(range(len(want))) != places


def of_part(name, got, want):
    """What is wrong with the kind or the shape of one part; None if nothing is."""
    array = fitted(got, want)
    if got is None:
        return say("None part", name=name)
    if array is None:
        return say("part", name=name, kind=kind_of(got))
    if array.shape != want.shape:
        return of_shape(name, array, want)
    if array.ndim == 2 and same(array.T, want) and not same(array, want):
        return say("turned", name=name)
    return say("whole", name=name, dtype=array.dtype) if is_broken(array, want) else None


def of_shape(name, array, want):
    """What a wrong shape tells."""
    shape, wanted = array.shape, want.shape
    fields = {"name": name, "shape": shape, "wanted": wanted}
    if not wanted:
        return say("not one number", **fields)
    if not shape:
        return say("one number", **fields)
    if shape == wanted[::-1] and shape != wanted:
        return say("transposed" if same(array.T, want) else "other side", **fields)
    if shape == wanted[:1] and wanted[1:] == (1,):
        return say("flat", **fields)
    return say("shape", **fields)


def symptom(tried, i):
    """The sentence of the first symptom that the numbers show; None if they show none."""
    want = tried.wants[i]
    got = [fitted(g, w) for g, w in zip(tried.gots[i], want)]
    if not all(np.isfinite(part).all() for part in got):
        return None
    for sentence, (shows, _) in tried.task.symptoms.items():
        shown = shows(got[0], want[0]) if len(want) == 1 else shows(got, want)
        if isinstance(shown, str):
            return f"{sentence} ({shown})"
        if shown:
            return sentence + tail(tried, i)
    return None


def tail(tried, i, wrong=None):
    """The numbers behind a sentence of the exercise, of the first part that `wrong` has wrong."""
    want = tried.wants[i]
    got = [fitted(g, w) for g, w in zip(tried.gots[i] or (), want)]
    fits = got and all(g is not None and g.shape == w.shape for g, w in zip(got, want))
    off = [p for p in tried.order(i) if fits and not is_part_right((wrong or got)[p], want[p])]
    if not off:
        return ""
    p = off[0]
    if want[p].ndim:
        return error_of(tried, got[p], want[p])
    case = tried.names[i][p] if len(want) > 1 else tried.labels[i]
    key = "secret case" if tried.task.is_secret else "case"
    return say(key, case=case or tried.names[i][p], **apart(want[p], got[p]))


def error_of(tried, got, want):
    """The relative error in brackets, where the lesson has taught to read it."""
    if not (tried.task.with_error and np.isfinite(got).all()):
        return ""
    error = relative_error(got.astype(float), want.astype(float))
    return say("error", error=f"{error:.3f}" if error > 0.001 else f"{error:.1e}")


def multiple(tried, i):
    """By which factor parts are off, the same in all cases or with the number of samples."""
    said = {p: name_factor(tried, i, p) for p in tried.order(i)}
    first = said[tried.first_wrong(i)]
    if not first:
        return None
    names = [tried.names[i][p] for p in sorted(said) if said[p] == first]
    key, fields = first
    return say(key, names=listed(names), **verbs(names), **dict(fields))


def name_factor(tried, i, p):
    """What the factors of one part in all cases are: a key of SAYS and its fields, or None.

    Cases with more or fewer parts than this one play no part.
    """
    alike = [c for c, want in enumerate(tried.wants) if len(want) == len(tried.wants[i])]
    if any(tried.gots[c] is None for c in alike):
        return None
    wants = [tried.wants[c][p] for c in alike]
    pairs = [(fitted(tried.gots[c][p], want), want) for c, want in zip(alike, wants)]
    if any(g is None or g.shape != w.shape for g, w in pairs):
        return None
    found = [factor(got, want) for got, want in pairs]
    if None in found or (len(found) < 2 and pairs[0][1].size < 2):
        return None
    samples = tried.task.samples
    m = np.array([samples(*tried.cases[c]) for c in alike]) if samples else None
    return of_samples(tried.task.letter, np.array(found), m) or of_constant(np.array(found))


def of_samples(letter, found, m):
    """What factors tell that have to do with the numbers of samples m."""
    if m is None or np.allclose(found, found[0]):
        return None
    divisor, fields = m / found, (("m", m[0]), ("other", m[1]), ("letter", letter))
    if np.allclose(found, m):
        return "too large", fields
    if np.allclose(found, 1 / m):
        return "too small", fields
    first, second = map(plain, divisor[:2])
    if divisor[0] > 0 and np.allclose(divisor, divisor[0]):
        return "divisor", (*fields, ("divisor", first))
    if min(divisor) > 0.5 and np.allclose(divisor, divisor.round(), atol=1e-6):
        return "divisors", (*fields, ("divisor", first), ("second", second))
    return None


def of_constant(found):
    """What a factor tells that is the same in all cases."""
    if not np.allclose(found, found[0]) or np.isclose(found[0], 1):
        return None
    key = {-1.0: "sign", 2.0: "twice", 0.5: "half"}.get(round(float(found[0]), 4), "times")
    return key, (("factor", plain(found[0], 3)),)


def of_numbers(tried, i):
    """What wrong numbers in the right shape tell: the entry that is farthest off."""
    p = tried.first_wrong(i)
    name, want = tried.names[i][p], tried.wants[i][p]
    got = fitted(tried.gots[i][p], want)
    said = not_finite(name, got) or (
        farthest(name, got, want) if want.ndim else single_number(tried, i, p)
    )
    said += error_of(tried, got, want)
    parts = zip(tried.names[i], tried.gots[i], tried.wants[i])
    right = [n for n, g, w in parts if is_part_right(g, w, tried.task.rounding)]
    return said + (say("others right", names=listed(right), **verbs(right)) if right else "")


def not_finite(name, got):
    """How many entries are NaN or infinite, in words; None if all are finite."""
    for bad, places in (("NaN", np.isnan(got)), ("inf", np.isinf(got))):
        if places.any():
            return say("not finite", name=name, bad=bad, count=places.sum(), size=got.size)
    return None


def single_number(tried, i, p):
    """The sentence for a single number."""
    when = f" for {tried.labels[i]}" if i == 0 and tried.labels[0] else ""
    values = apart(tried.wants[i][p], fitted(tried.gots[i][p], tried.wants[i][p]))
    key = "secret" if tried.task.is_secret else "number"
    return say(key, name=tried.names[i][p], when=when, **values)


def farthest(name, got, want):
    """The sentence for an array: how many entries are wrong, and which is farthest off."""
    off = np.abs(got.astype(float) - want)
    count = int((off > 1e-6 * (np.abs(want).max() or 1)).sum())
    place = np.unravel_index(off.argmax(), off.shape)
    values = apart(want[place], got[place])
    where = ", ".join(map(str, place))
    return say("entry", name=name, place=where, count=count, size=off.size, **values)
