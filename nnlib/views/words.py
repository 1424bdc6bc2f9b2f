"""Numbers in words: as pictures, widgets and checks write them, with a real minus sign."""

import re

HYPHEN = re.compile(r"(?:(?<!\w)|(?<=\de))-(?=[\d.])")  # before a number, or in its power of ten


def minus_signs(text):
    """Give the numbers in a text real minus signs: "from −2 to 1e−5", but "784-10" as it is."""
    return HYPHEN.sub("−", text)


def written(value, form=".2g"):
    """Write a number in one of Python's formats, its minus sign a real one: "−0.5", "+3"."""
    return minus_signs(f"{value:{form}}")


def short(value):
    """Write two decimals, but a bare 0, 1 or −1; what rounds to 0 has no sign."""
    return written(value, "z.0f" if value in (-1, 0, 1) else "z.2f")


def power(value, form=".0e"):
    """Write digits and a power of ten: "4e−9"."""
    digits, exponent = f"{value:{form}}".split("e")
    return minus_signs(f"{digits}e{int(exponent)}")


def percent(share):
    """Write a share in percent, "93 %"; never "100 %" for what is not quite certain."""
    return "over 99 %" if share > 0.995 else f"{100 * share:.0f} %"


def counted(number, noun):
    """Write a number with its noun: "1 digit", "3 digits"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def a(digit):
    """Write a digit with its article: "a 7", "an 8"."""
    return f"an {digit}" if digit == 8 else f"a {digit}"


def brief(value):
    """Write a size in at most five signs: 99, 0.46, 0.021, 3e−4, 0."""
    if value == 0 or value >= 10:
        return f"{value:,.0f}"
    return f"{value:.2g}" if value >= 0.01 else power(value)
