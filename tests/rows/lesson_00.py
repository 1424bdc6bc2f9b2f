"""Answers to the exercise of lesson 00, as learners give them: (id, answer, what is said)."""


def loop(condition, begin=1, then="pixels"):
    """An answer with a loop that goes on while a condition holds."""
    return f"pixels = {begin}\nwhile {condition}:\n    pixels = pixels + 1\nreturn {then}"


SAME = "read(shift(x, 0, pixels)) == read(x)"
ROWS = [
    ("00-1", loop(SAME), "✓ 00-1 is right"),
    ("00-1", loop(SAME, 0), "✓ 00-1 is right"),
    ("00-1", loop(SAME, then="float(pixels)"), "✓ 00-1 is right"),
    ("00-1", loop(SAME, then="[pixels]"), "hand back a number"),
    ("00-1", loop(SAME, then="pixels - 1"), "the last shift that is still read the same"),
    ("00-1", loop(SAME, then="pixels - 1"), "(a 7 that becomes a 3 at 6 pixels: 6 is right, you"),
    ("00-1", loop(SAME, then="read(shift(x, 0, pixels))"), "you return the digit that it becomes"),
    ("00-1", loop(SAME, then="-pixels"), "you return a negative number"),
    ("00-1", loop(SAME, 2), "a digit may flip after 1 pixel; begin with 1"),
    ("00-1", loop(SAME.replace("read(x)", "7")), "wrong for a 4: compare with read(x), not with 7"),
    ("00-1", loop(SAME.replace("==", "!=")), "while the digits differ (!=)"),
    ("00-1", loop(SAME.replace("pixels)", "-pixels)", 1)), "do you move to the right?"),
    ("00-1", loop(SAME.replace("0, pixels", "pixels, 0", 1)), "you move down; to the right is"),
    ("00-1", loop("read(x) == read(x)"), "RuntimeError: read was asked 300 times; does your loop"),
    (
        "00-1",
        loop(SAME, then="f'{pixels} pixels'"),
        "return one number: the number of pixels; yours",
    ),
    (
        "00-1",
        "original, pixels = read(x), 0\nwhile read(x) == original:\n    pixels = pixels + 1\n"
        "    x = shift(x, 0, pixels)\nreturn pixels",
        "move the original x each time",
    ),
    (
        "00-1",
        "for pixels in range(1, 28):\n    if read(shift(x, 0, pixels)) != read(x):\n"
        "        found = pixels\nreturn found",
        "that is too far; stop at the first shift that is read otherwise",
    ),
    (
        "00-1",
        "for pixels in range(1, 28):\n    if read(shift(x, 0, pixels)) != read(x):\n"
        "        x[:] = 0\n        return pixels",
        "your code changes x",
    ),
]
