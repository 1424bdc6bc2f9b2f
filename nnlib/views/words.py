"""Numbers in words: as pictures, widgets and checks write them, with a real minus sign."""

import math
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


def signed(value, form):
    """Write a number with its sign, plus or minus: "+0.5", "−3"."""
    return written(value, f"+{form}")


def precise(value):
    """Write six decimals, or three digits and a power of ten if those would be mostly zeros."""
    return written(value, ".6f" if value == 0 or abs(value) >= 1e-4 else ".2e")


def scientific(value, form=".0e"):
    """Write digits and a power of ten: "4e−9"."""
    digits, exponent = f"{value:{form}}".split("e")
    return minus_signs(f"{digits}e{int(exponent)}")


def power(value):
    """Write a size in one digit: "4e−9", but 0 and what is from 0.01 on as it is."""
    return f"{value:.1g}" if value == 0 or value >= 0.0095 else scientific(value)


def number(value):
    """Write two decimals, or two digits and a power of ten if it is small or large; "?" for NaN."""
    if not math.isfinite(value):
        return "?" if math.isnan(value) else "∞" if value > 0 else "−∞"
    fits = value == 0 or 0.005 <= abs(value) < 999.5
    return short(value) if fits else scientific(value, ".1e")


def three_digits(value):
    """Write three digits, or all that stand before the point: 0.558, 2001."""
    return f"{value:.3g}" if value < 999.5 else f"{value:.0f}"


def in_html(value):
    """Write a size with three digits, as HTML: 0.265, 4.87·10<sup>6</sup>, ∞, nan."""
    if math.isnan(value):
        return "nan"
    if math.isinf(value):
        return "∞"
    if value == 0 or 1e-3 <= value < 1e4:
        return three_digits(value)
    digits, exponent = scientific(value, ".2e").split("e")
    return f"{digits}·10<sup>{exponent}</sup>"


def figures(value):
    """Write a size in two figures, written out: 6.8, 340, 16,000; beyond a million, only that."""
    if value >= 1e6:
        return "more than a million"
    if value < 10:
        return f"{value:.1f}"
    return f"{round(value, 1 - math.floor(math.log10(value))):,.0f}"


def percent(share):
    """Write a share in percent, "93 %"; never "100 %" for what is not quite certain."""
    return "over 99 %" if share > 0.995 else f"{100 * share:.0f} %"


def counted(number, noun):
    """Write a number with its noun: "1 digit", "3 digits"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def a_digit(digit):
    """Write a digit with its article: "a 7", "an 8"."""
    return f"an {digit}" if digit == 8 else f"a {digit}"


def brief(value):
    """Write a size in at most five signs: 99, 0.46, 0.021, 3e−4, 0."""
    if value == 0 or value >= 10:
        return f"{value:,.0f}"
    return f"{value:.2g}" if value >= 0.01 else power(value)
