"""What the engine can say of an answer: every sentence that does not belong to one exercise."""

import reprlib

import numpy as np

from nnlib.checks.values import is_sequence

SAYS = {
    # what was handed over
    "no function": "hand over {name} itself, without brackets: the check calls it",
    "arguments": "{name} is called as {form}; leave the names in its first line as they were",
    # what it did
    "stopped": "your code stopped in {line}: {fault}",
    "stopped nowhere": "your code stopped: {fault}",
    "changed": "your code changes {what}, which it was given: -=, *= and {what}[…] = … write into "
    "the caller's own; give what you compute a name of its own",
    "changed global": "your code changes {what}, which belongs to the lesson and not to your "
    "function; give what you compute a name of its own, then run the cell that makes {what} again",
    "printed": "your code returned None{when} and printed instead: print only shows a value, "
    "return hands it back",
    "branch": "your code returned a value for {other}, but None{when}: does one of its branches "
    "lack its return?",
    "None": "your code returned None{when}: is a return missing, or has it nothing behind it?",
    # what it gave back, by its form
    "wanted": "return {gives}; yours is {kind}",
    "tuple of one": "you return a tuple with one thing in it, which is right; take away the comma "
    "at the end of the return",
    "None part": "{name} is still None",
    "part": "{name} should hold numbers; yours is {kind}",
    "order": "the right things in another order: return {names}",
    "transposed": "{name} is {shape}, transposed: it should be {wanted}, .T",
    "turned": "{name} is transposed, its rows should be its columns: .T",
    "other side": "{name} has shape {shape}; it should be {wanted}: which side are the samples?",
    "flat": "{name} has shape {shape}; it should be a column, {wanted}: keepdims=True",
    "one number": "{name} is a single number; it should have shape {wanted}: along which axis is "
    "the sum?",
    "not one number": "{name} has shape {shape}; it should be a single number",
    "shape": "{name} has shape {shape}; it should be {wanted}",
    "whole": "{name} should hold whole numbers; yours are {dtype}",
    # what it gave back, by its numbers
    "not finite": "{name} holds {bad} in {count} of {size} places",
    "sign": "{names} {have} the wrong sign",
    "too large": "{names} {are} {m} times too large: divide by {letter}, which is {m} here",
    "too small": "{names} {are} {m} times too small: there is one division by {letter} too many, "
    "which is {m} here",
    "divisor": "in {names} you divide by {divisor}, but {letter} is {m} in one case and {other} in "
    "another: take it from what you are given",
    "divisors": "in {names} you divide by {divisor} in one case and by {second} in another, but "
    "{letter} is {m} and {other}",
    "twice": "{names} {are} twice as large as right",
    "half": "{names} {are} half as large as right",
    "times": "{names} {are} {factor} times the right value",
    "number": "{name} should be {want}{when}; yours is {got}",
    "secret": "your {name} = {got} is not right; go through its line once more",
    "entry": "{count} of {size} entries of {name} are wrong; farthest off is {name}[{place}]: it "
    "should be {want}, yours is {got}",
    # what comes before or behind
    "right before": "right for {before}, but not for {case}: {rest}",
    "others right": " ({names} {are} right)",
    "case": " ({case}: {want} is right, yours is {got})",
    "secret case": " (your {case} is {got})",
    "error": " (relative error {error})",
    # of an answer that is right
    "an array": "Yours is {kind}; hand back an array, the next lessons calculate with it.",
    "a number": "Yours is {kind}; hand back a number, the next lessons calculate with it.",
    # of the check
    "check stopped": "the check itself stopped, which is our mistake and not yours ({fault}); go "
    "on, and compare with the solution below",
}

FAULTS = (  # (type, pattern in its message, what it means)
    (NameError, r"local variable '(\w+)'", "{0} is used before it has a value in this function"),
    (NameError, r"name '(\w+)'", "there is no {0}; is it spelled as where it was made?"),
    (
        ValueError,
        r"not enough values to unpack \(expected (?:at least )?(\d+), got (\d+)",
        "unpacking: {0} on the left of =, but only {1} on the right",
    ),
    (
        ValueError,
        r"too many values to unpack \(expected (\d+)",
        "unpacking: {0} on the left of =, but more on the right",
    ),
    (
        TypeError,
        r"cannot unpack non-iterable (\S+)",
        "unpacking: several on the left of =, but one {0} on the right",
    ),
    (
        ValueError,
        r"truth value of an array",
        "if, and, or, not want one yes or no, and get an array of them: np.where, a product with "
        "a comparison, or .any() and .all() take whole arrays",
    ),
    (
        ValueError,
        r"axis (-?\d+) is out of bounds for array of dimension (\d+)",
        "there is no axis {0} in an array with {1} axes; they are counted from 0",
    ),
    (
        ValueError,
        r"matmul.*\(size (\d+) is different from (\d+)\)",
        "two shapes do not fit: what stands right of @ has {0} rows, what stands left of it has "
        "{1} columns; write the shape beside every line{sizes}",
    ),
    (
        ValueError,
        r"matmul|broadcast|not aligned|must match exactly",
        "two shapes do not fit ({message}); write the shape beside every line{sizes}",
    ),
    (
        ValueError,
        r"inhomogeneous shape",
        "arrays of different shapes do not make one array; keep them in a list, or give each a "
        "name of its own",
    ),
    (
        AttributeError,
        r"'NoneType' object has no attribute 'open'",
        "the file is closed where its with ends; read from it inside",
    ),
    (AttributeError, r"'(\w+)' object has no attribute '(\w+)'", "a {0} has no {1}"),
    (RecursionError, r"", "it calls itself without end"),
    (SystemExit, r"", "it ends Python; return ends a function"),
    (BaseException, r"", "{kind}: {message}"),
)


def say(key, **fields):
    """A sentence of the engine, with its places filled."""
    return SAYS[key].format(**fields)


def listed(names):
    """Names as in a sentence: "dW1, db1 and dW2"."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def verbs(names):
    """The forms of "be" and "have" that fit a list of names."""
    return {"are": "are", "have": "have"} if len(names) > 1 else {"are": "is", "have": "has"}


def kind_of(value):
    """What a value is, in words."""
    if value is None or isinstance(value, bool | np.bool):
        return str(value)
    if isinstance(getattr(value, "shape", None), tuple) and value.shape:
        name = "an array" if type(value) is np.ndarray else f"a {type(value).__name__}"
        return f"{name} of shape {value.shape}"
    if is_sequence(value):
        return f"a {type(value).__name__} of {len(value)}"
    if isinstance(value, str):
        return f"the text {reprlib.repr(value)}"
    if isinstance(value, int | float | np.number):
        return f"the number {value}"
    if callable(value):
        return "a function: is it called, with its brackets?"
    return f"a {type(value).__name__}"


def plain(value, digits=4):
    """A number in few digits."""
    value = float(value)
    return f"{value:.0f}" if value.is_integer() and abs(value) < 1e6 else f"{value:.{digits}g}"


def apart(want, got):
    """Two numbers, with digits enough to see that they differ."""
    differ = (d for d in range(4, 18) if plain(want, d) != plain(got, d))
    digits = next(differ, 17)
    return {"want": plain(want, digits), "got": plain(got, digits)}
