"""Wrong answers to the exercise of lesson 00: (name, answer, a fragment of the message)."""

from nnlib.data.augmentation import shift


def last_that_holds(x, read):
    pixels = 0
    while read(shift(x, 0, pixels + 1)) == read(x):
        pixels = pixels + 1
    return pixels


def moves_what_was_moved(x, read):
    original = read(x)
    pixels = 0
    while read(x) == original:
        pixels = pixels + 1
        x = shift(x, 0, pixels)
    return pixels


def the_new_digit(x, read):
    pixels = 1
    while read(shift(x, 0, pixels)) == read(x):
        pixels = pixels + 1
    return read(shift(x, 0, pixels))


WRONG_ANSWERS = {
    "00-1": [
        ("one too few", last_that_holds, "the last shift that is still read as a 7"),
        ("moves add up", moves_what_was_moved, "move the original x each time"),
        ("the digit", the_new_digit, "you return the digit that it becomes"),
    ],
}
