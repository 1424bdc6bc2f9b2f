"""Answers to the exercises of lesson 15, as learners give them: (id, answer, what is said)."""

import math

import numpy as np

from nnlib.data.preprocessing import center_of_mass
from nnlib.metrics import wilson_interval

CENTER = """h, w = image.shape
r, c = np.indices(image.shape)
row = (r * image).sum() / image.sum()
column = (c * image).sum() / image.sum()
return row, column
"""
LOOP = """total = [0, 0, 0]
for (r, c), ink in np.ndenumerate(image):
    total = [total[0] + r * ink, total[1] + c * ink, total[2] + ink]
return total[0] / total[2], total[1] / total[2]
"""
AVERAGE = """rows, columns = (np.arange(n) for n in image.shape)
row = np.average(rows, weights=image.sum(axis=1))
return [row, np.average(columns, weights=image.sum(axis=0))]
"""
SHARES = """weights = image / image.sum()
return np.array([np.arange(len(weights)) @ weights.sum(axis=1),
                 weights.sum(axis=0) @ np.arange(len(weights.T))])
"""


def but(text, *changes):
    """A solution with some of its code replaced: (old, new), …"""
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return text


def center(*changes):
    return but(CENTER, *changes)


def gives(what):
    return center(("return row, column", f"return {what}"))


def card(**fields):
    """A card; a field may be another value, or a function of right and m; None takes it out."""

    def model_card(right, m):
        made = {
            "intended use": "To show learners how a network reads single digits.",
            "data": "59,000 training digits of MNIST, each varied in every epoch.",
            "accuracy": right / m,
            "interval": wilson_interval(right, m),
            "limits": ["it reads letters as digits", "turned by 40 degrees", "a long upstroke"],
        }
        for name, value in fields.items():
            made[name.replace("_", " ")] = value(right, m) if callable(value) else value
        return made

    return model_card


def without(*names):
    """A card that lacks fields."""
    return lambda right, m: {k: v for k, v in card()(right, m).items() if k not in names}


def rounded(digits):
    """A card with its numbers rounded, as one that copies them from the page."""
    return card(
        accuracy=lambda right, m: round(right / m, digits),
        interval=lambda right, m: [round(end, digits) for end in wilson_interval(right, m)],
    )


def by_roots(right, m):
    """The ends are where (p - share)² = z² p (1 - p) / m: a quadratic equation in p."""
    z, share = 1.959964, right / m
    return np.sort(np.roots([1 + z**2 / m, -2 * share - z**2 / m, share**2]))


def plain(right, m):
    """The share, and 1.96 standard errors to either side."""
    reach = 1.96 * math.sqrt(right / m * (1 - right / m) / m)
    return right / m - reach, right / m + reach


def of_two(right, m):
    """Wilson's interval with 2 standard errors instead of 1.96."""
    p, z = right / m, 2
    middle = (p + z**2 / (2 * m)) / (1 + z**2 / m)
    reach = z / (1 + z**2 / m) * math.sqrt(p * (1 - p) / m + z**2 / (4 * m**2))
    return middle - reach, middle + reach


def off(by):
    """An interval that is a little off."""
    return lambda right, m: np.array(wilson_interval(right, m)) + by


JAPANESE = {
    "intended_use": "手書きの数字を一つずつ読む小さなネットワークを見せるため。",
    "data": "MNISTの訓練用の数字、五万九千枚。",
    "limits": ["文字も数字として読む。", "傾いた数字は読めない。", "長い線のある一は七になる。"],
}
TURNED = ["傾き", "文字も数字として読む。", "長い線のある一は七になる。"]
LETTERS = ["it reads letters as digits"]


ROWS = [
    ("15-1", CENTER, "✓ 15-1 is right. The balance point of the ink, whatever the size of the pic"),
    ("15-1", LOOP, "✓ 15-1 is right"),
    ("15-1", AVERAGE, "✓ 15-1 is right"),
    ("15-1", SHARES, "✓ 15-1 is right"),
    ("15-1", center_of_mass, "✓ 15-1 is right"),
    ("15-1", gives("np.float32(row), np.float32(column)"), "✓ 15-1 is right"),
    ("15-1", gives("np.array([row]), np.array([column])"), "hand back a number, the next lessons"),
    ("15-1", "image /= image.sum()\n" + SHARES, "your code changes image, which it was given"),
    ("15-1", gives("column, row"), "the row comes first, then the column (the row: "),
    ("15-1", gives("row + 1, column + 1"), "rows and columns are counted from 0 here (the row: "),
    ("15-1", "return np.argwhere(image > 0).mean(axis=0)", "every pixel with ink counts the same"),
    ("15-1", gives("(h - 1) / 2, (w - 1) / 2"), "the middle of the picture; where the ink lies pl"),
    ("15-1", gives("h / 2, w / 2"), "that is the middle of the picture; where the ink lies plays"),
    ("15-1", gives("h // 2, w // 2"), "that is the middle of the picture; where the ink lies play"),
    (
        "15-1",
        "r, c = np.nonzero(image)\nreturn (r.min() + r.max()) / 2, (c.min() + c.max()) / 2",
        "that is the middle of the box around the ink; weight each pixel by what it holds",
    ),
    (
        "15-1",
        "r, c = np.nonzero(image)\nreturn np.median(r), np.median(c)",
        "that is a median, with half of the ink on either side; what is asked for is a mean",
    ),
    (
        "15-1",
        "half = image.sum() / 2\nreturn [int((image.sum(axis=a).cumsum() < half).sum()) "
        "for a in (1, 0)]",
        "that is a median, with half of the ink on either side; what is asked for is a mean",
    ),
    ("15-1", gives("divmod(image.argmax(), w)"), "that is the place of the darkest pixel; all ink"),
    ("15-1", center((" / image.sum()", "")), "✗ 15-1: divide by the sum of all ink (the row: "),
    ("15-1", center(("/ image.sum()", "/ image.size")), "not by the number of pixels"),
    ("15-1", center((".sum() / image.sum()", ".mean()")), "not by the number of pixels"),
    ("15-1", gives("round(row), round(column)"), "rounded; a center may lie between pixels (the"),
    ("15-1", gives("int(row), int(column)"), "close, but rounded; a center may lie between pixels"),
    ("15-1", gives("np.ceil(row), np.ceil(column)"), "rounded; a center may lie between pixels"),
    ("15-1", gives("round(row, 1), round(column, 1)"), "a center may lie between pixels"),
    ("15-1", gives("0.3, 0.3"), "the row should be "),
    ("15-1", gives("row, row"), "(the row is right)"),
    ("15-1", gives("None, None"), "the row is still None"),
    ("15-1", gives("np.nan, np.nan"), "the row holds NaN in 1 of 1 places"),
    (
        "15-1",
        gives("'2, 5'"),
        "return two numbers, the row and the column; yours is the text '2, 5",
    ),
    ("15-1", gives("'2.0', '5.0'"), "the row should hold numbers; yours is the text '2.0'"),
    ("15-1", gives("image.sum(axis=1)"), "return two numbers, the row and the column; yours is an"),
    ("15-1", gives("[[1], [2, 3]]"), "the column has shape (2,); it should be a single number"),
    ("15-1", gives("row"), "return two numbers, the row and the column; yours is the number "),
    ("15-1", (2.0, 5.0), "hand over center_of_mass itself, without brackets: the check calls it"),
    ("15-2", card(), "✓ 15-2 is right. Whoever meets this network now knows what it is for"),
    (
        "15-2",
        card(limits=["It has no limits.", "It never errs, never.", "It is the best."]),
        "only c",
    ),
    ("15-2", card(**JAPANESE), "✓ 15-2 is right"),
    (
        "15-2",
        card(**JAPANESE | {"limits": TURNED}),
        "this limit tells a stranger nothing: '傾き'; s",
    ),
    (
        "15-2",
        card(**JAPANESE | {"data": "数字五枚"}),
        "'data' needs a sentence that a stranger unders",
    ),
    ("15-2", rounded(4), "✓ 15-2 is right"),
    ("15-2", rounded(5), "✓ 15-2 is right"),
    ("15-2", card(interval=by_roots), "✓ 15-2 is right"),
    ("15-2", card(accuracy=lambda right, m: np.float32(right / m)), "✓ 15-2 is right"),
    ("15-2", card(limits=("letters become digits", "it is wrong sometimes", "a 1 as 7")), "✓ 15-2"),
    ("15-2", card(author="a learner"), "✓ 15-2 is right"),
    (
        "15-2",
        card()(9868, 10_000),
        "hand over model_card itself, without brackets: the check calls",
    ),
    ("15-2", without("limits"), "the card does not say: limits"),
    ("15-2", without("data", "limits"), "the card does not say: data, limits"),
    ("15-2", card(accuracy=None), "accuracy is one number, a share 0…1; yours is None"),
    ("15-2", card(accuracy="98.67 %"), "a share 0…1; yours is the text '98.67 %'"),
    ("15-2", card(accuracy=np.nan), "accuracy is one number, a share 0…1; yours is the number nan"),
    ("15-2", card(accuracy=[0.98]), "accuracy is one number, a share 0…1; yours is a list of 1"),
    ("15-2", card(accuracy=lambda right, m: 100 * right / m), "right / m; yours is 98.68"),
    ("15-2", card(accuracy=lambda right, m: right), "right / m; yours is 9868"),
    ("15-2", card(accuracy=0.9868), "958 of 1000 is an accuracy of 0.958; yours is 0.9868"),
    ("15-2", card(accuracy=lambda right, m: round(right / m, 2)), "of 0.9868; yours is 0.99"),
    ("15-2", card(interval="0.98 to 0.99"), "numbers, low and high; yours is the text '0.98 to 0."),
    ("15-2", card(interval=None), "interval is a pair of numbers, low and high; yours is None"),
    ("15-2", card(interval=("0.98", "0.99")), "interval is a pair of numbers, low and high; yours"),
    (
        "15-2",
        card(interval=(0.98, None)),
        "interval is a pair of numbers, low and high; yours is a",
    ),
    (
        "15-2",
        card(interval=lambda *counts: wilson_interval(*counts)[::-1]),
        "low end first, then th",
    ),
    ("15-2", card(interval=lambda *counts: 100 * np.array(plain(*counts))), "yours begins 98.4"),
    (
        "15-2",
        card(interval=plain),
        "0.98437 to 0.98886 is right, yours is 0.98456 to 0.98904",
    ),
    (
        "15-2",
        card(interval=lambda *counts: np.round(plain(*counts), 4)),
        "the plain ± 1.96 standard",
    ),
    ("15-2", card(interval=of_two), "another interval: 958 of 1000: 0.9"),
    (
        "15-2",
        card(interval=(0.5, 0.6)),
        "another interval: 9868 of 10000: 0.98437 to 0.98886 is righ",
    ),
    (
        "15-2",
        card(interval=off(7e-5)),
        "another interval: 9868 of 10000: 0.98437 to 0.98886 is righ",
    ),
    (
        "15-2",
        card(data=10_000),
        "'data' needs a sentence that a stranger understands; yours is the",
    ),
    (
        "15-2",
        card(intended_use="reading digits"),
        "'intended use' needs a sentence that a stranger",
    ),
    ("15-2", card(limits=3), "limits is a list of at least three sentences; the sections above"),
    ("15-2", card(limits=None), "limits is a list of at least three sentences; the sections above"),
    ("15-2", card(limits=LETTERS[0]), "limits is a list of at least three sentences; the sections"),
    ("15-2", card(limits=LETTERS * 3), "limits repeats itself: say three different things that it"),
    ("15-2", card(limits=["a", "b", "c"]), "tells a stranger nothing: 'a'; say what goes wrong"),
    (
        "15-2",
        "return [right / m]",
        "return a dict with the keys intended use, data, accuracy, inter",
    ),
    ("15-2", "print(right / m)", "printed instead: print only shows a value, return hands it back"),
    (
        "15-2",
        "return {'accuracy': rigth / m}",
        "there is no rigth; is it spelled as where it was ma",
    ),
]
