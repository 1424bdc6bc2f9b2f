"""Lesson 15, Know its limits: its equations and exercises."""

import cmath
import math
import re

import numpy as np

from nnlib.checks.engine import Task
from nnlib.checks.registry import equation, exercise
from nnlib.checks.values import is_sequence, numbers
from nnlib.checks.words import apart, kind_of
from nnlib.metrics import wilson_interval


def mean_row_and_column(image):
    """The center of mass, by one sum over the rows and one over the columns."""
    r, c = np.indices(image.shape)
    return np.array([(r * image).sum(), (c * image).sum()]) / image.sum()


def kernel(n, sigma):
    """The rows of a Gaussian of width sigma on n places, each of length 1; entry by entry."""
    K = [[math.exp(-((i - j) ** 2) / (2 * sigma**2)) for j in range(n)] for i in range(n)]
    return np.array([np.array(row) / math.sqrt(sum(k * k for k in row)) for row in K])


def maps(rng):
    """A turn, a slant and two factors, drawn: the three matrices they make, and the numbers."""
    angle, slant = rng.uniform(0.1, 0.5), rng.uniform(0.1, 0.5)
    tall, wide = rng.uniform(1.1, 1.4), rng.uniform(0.7, 0.9)
    turn = [[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]]
    matrices = np.array([[1, 0], [slant, 1]]), np.array(turn), np.diag([tall, wide])
    return matrices, (angle, slant, tall, wide)


@equation("15.1", "definition", "the center of mass is the mean row and column, weighted by ink")
def center_by_hand(rng):
    """Ink 3 in row 1, column 0, and ink 1 in row 5, column 2: at row 2, column 0.5."""
    image = np.zeros((6, 4))
    image[1, 0], image[5, 2] = 3, 1
    return mean_row_and_column(image), [2.0, 0.5]


@equation("15.2", "result", "where the box begins, so that the center falls on pixel 14")
def placed_box(rng):
    """The center measured in the large picture, against the one in the box plus the corner."""
    box = rng.random((20, 20)) ** 4 * np.linspace(0.2, 1, 20)
    center = mean_row_and_column(box)
    top, left = (round(14 - value) for value in center)
    page = np.zeros((28, 28))
    page[top : top + 20, left : left + 20] = box
    found = mean_row_and_column(page)
    assert (np.abs(found - 14) <= 0.5).all()
    return found, center + np.array([top, left])


@equation("15.3", "definition", "a pixel takes the ink of the place that its displacement names")
def fetched(rng):
    """Every pixel of 2 × 3 looks one place to the right; beyond the border is paper."""
    x = np.array([[1.0, 2, 3], [4, 5, 6]])
    d = (0, 1)
    new = np.zeros_like(x)
    for r, c in np.ndindex(x.shape):
        if c + d[1] < x.shape[1]:
            new[r, c] = x[r + d[0], c + d[1]]
    return new, [[2.0, 3, 0], [5, 6, 0]]


@equation("15.4", "definition", "an affine map keeps the middle in place, apart from the shift")
def affine_by_hand(rng):
    """Twice as far from the middle in rows, a slant of 1/2, and 3 columns of shift."""
    A, b, middle = np.array([[2.0, 0], [0.5, 1]]), np.array([0.0, 3]), np.array([13.5, 13.5])
    p = np.array([15.5, 10.5])
    return A @ (p - middle) + b - (p - middle), [2.0, 4.0]


@equation("15.5", "result", "stretch, then turn, then slant; only the stretch changes areas")
def mapped_point_and_area(rng):
    """A place and the area of a square (Gauss), by matrices; a complex number and two factors."""
    (lean, turn, stretch), (angle, slant, tall, wide) = maps(rng)
    p = rng.uniform(1, 5, 2)
    corners = (lean @ turn @ stretch @ np.array([[0, 1, 1, 0], [0, 0, 1, 1.0]])).T
    r, c = corners.T
    measured = abs((r * np.roll(c, -1) - c * np.roll(r, -1)).sum()) / 2
    z = complex(tall * p[0], wide * p[1]) * cmath.exp(1j * angle)  # real: row, imaginary: column
    return [*(lean @ turn @ stretch @ p), measured], [z.real, z.imag + slant * z.real, tall * wide]


@equation("15.6", "result", "ink between four pixels")
def between_pixels(rng):
    """The four products, against straight lines along two columns, then between them."""
    x, (u, v) = rng.random((2, 2)), rng.random(2)
    formula = (1 - u) * ((1 - v) * x[0, 0] + v * x[0, 1]) + u * ((1 - v) * x[1, 0] + v * x[1, 1])
    columns = [np.interp(u, [0, 1], x[:, c]) for c in (0, 1)]
    return [formula], [np.interp(v, [0, 1], columns)]


@equation("15.7", "result", "smoothing in two matrix products")
def smoothed(rng):
    """Two matrix products, against weights on the whole plane around each place."""
    n, K = rng.normal(size=(6, 6)), kernel(6, 1.5)
    i, j = np.indices(n.shape)
    slow = np.zeros((6, 6))
    for r, c in np.ndindex(slow.shape):
        w = np.exp(-((r - i) ** 2 + (c - j) ** 2) / (2 * 1.5**2))
        slow[r, c] = 1.3 * (w * n).sum() / np.sqrt((w**2).sum())
    return 1.3 * K @ n @ K.T, slow


@equation("15.8", "result", "the variance of a displacement is alpha², at every place")
def variance_everywhere(rng):
    """Each random number alone, set to 1: the squares of what it does, added up, are α²."""
    n, alpha = 6, rng.uniform(0.5, 2)
    K, total = kernel(n, 1.5), np.zeros((n, n))
    for i, j in np.ndindex(n, n):
        alone = np.zeros((n, n))
        alone[i, j] = 1
        total += (alpha * K @ alone @ K.T) ** 2
    return total, np.full((n, n), alpha**2)


@equation("15.9", "result", "what the alpha of the paper is in pixels")
def alpha_of_the_paper(rng):
    """The kernel's squares added up on a wide grid, against the integral of the Gaussian."""
    alpha, sigma = rng.uniform(20, 50), rng.uniform(3, 6)
    t = np.arange(-60, 61)
    g = np.exp(-(t**2) / (2 * sigma**2)) / (math.sqrt(2 * math.pi) * sigma)
    weights = alpha * np.outer(g, g)
    spread = math.sqrt((weights**2).sum() / 3)  # a number uniform in -1…1 has variance 1/3
    return [spread], [alpha / (math.sqrt(12 * math.pi) * sigma)]


def pictures():
    """Two pictures that are not square, with paper above and more ink to the right."""
    rng, cases = np.random.default_rng(5), []
    for h, w in ((9, 16), (15, 8)):
        image = rng.random((h, w)) * (rng.random((h, w)) < 0.4) * np.linspace(0.1, 1, w) ** 3
        image[:3] = 0  # so that the middle of the ink is not that of the picture
        cases.append((image,))
    return cases


def inked(image):
    """Row and column of every pixel with ink, (n, 2)."""
    return np.argwhere(image > 0)


def middle_of_the_ink(image):
    """Where half of all ink lies before, in rows and in columns."""
    halves = [np.cumsum(image.sum(axis=axis)) / image.sum() for axis in (1, 0)]
    return [np.searchsorted(half, 0.5) for half in halves]


def spoiled(change):
    """The right center, changed."""
    return lambda image: tuple(change(mean_row_and_column(image), image))


exercise(
    "15-1",
    "center_of_mass(image)",
    Task(
        right=lambda image: tuple(mean_row_and_column(image)),
        cases=pictures,
        names=("the row", "the column"),
        gives="two numbers, the row and the column",
        slips={
            "the row comes first, then the column": spoiled(lambda center, image: center[::-1]),
            "rows and columns are counted from 0 here": spoiled(lambda center, image: center + 1),
            "every pixel with ink counts the same in yours; weight it by how much it holds": (
                lambda image: tuple(inked(image).mean(axis=0))
            ),
            "that is the middle of the picture; where the ink lies plays no part in it": (
                lambda image: ((image.shape[0] - 1) / 2, (image.shape[1] - 1) / 2),
                lambda image: (image.shape[0] / 2, image.shape[1] / 2),
                lambda image: (image.shape[0] // 2, image.shape[1] // 2),
            ),
            "that is the middle of the box around the ink; weight each pixel by what it holds": (
                lambda image: tuple((inked(image).min(axis=0) + inked(image).max(axis=0)) / 2)
            ),
            "that is a median, with half of the ink on either side; what is asked for is a mean": (
                lambda image: tuple(middle_of_the_ink(image)),
                lambda image: tuple(np.median(inked(image), axis=0)),
            ),
            "that is the place of the darkest pixel; all ink counts, each by how much it holds": (
                lambda image: np.unravel_index(image.argmax(), image.shape)
            ),
            "divide by the sum of all ink": (
                spoiled(lambda center, image: center * image.sum()),
                spoiled(lambda center, image: center * image.sum() / image.shape),
            ),
            "divide by the sum of all ink, not by the number of pixels": (
                spoiled(lambda center, image: center * image.mean()),
                spoiled(lambda center, image: center * image.sum() / len(inked(image))),
            ),
            "close, but rounded; a center may lie between pixels": tuple(
                spoiled(lambda center, image, cut=cut: cut(center))
                for cut in (np.round, np.floor, np.ceil, lambda c: c.round(1), lambda c: c.round(2))
            ),
        },
    ),
    praise="The balance point of the ink, whatever the size of the picture.",
    hints=(
        "each row counts as much as it holds ink: image.sum(axis=1) is the ink of each row.",
        "the mean row is the sum of (row number × ink of the row), divided by all the ink; rows "
        "are counted from 0: np.arange(image.shape[0]).",
        "rows = (np.arange(image.shape[0]) * image.sum(axis=1)).sum() / image.sum(); the columns "
        "in the same way with axis=0.",
    ),
)


FIELDS = ("intended use", "data", "accuracy", "interval", "limits")
ROUNDED = 6e-5  # a card may give four decimals, as the lesson prints
CARD_SAYS = {
    "dict": f"return a dict with the keys {', '.join(FIELDS)}; yours is {{kind}}",
    "missing": "the card does not say: {missing}",
    "no share": "accuracy is one number, a share 0…1; yours is {kind}",
    "percent": "accuracy is a share, 0…1: right / m; yours is {share:g}",
    "accuracy": "{right} of {m} is an accuracy of {want}; yours is {got}",
    "no interval": "interval is a pair of numbers, low and high; yours is {kind}",
    "percent interval": "interval is a pair of shares, 0…1, as the accuracy is one; yours begins "
    "{low:g}",
    "high first": "interval is the low end first, then the high one; yours begins with the high "
    "one",
    "plain interval": "the plain ± 1.96 standard errors fails near 1 (of 50 digits with 48 right "
    "it goes beyond 1); use wilson_interval (lesson 09). {case}",
    "interval": "another interval: {case}",
    "no sentence": "{name} needs a sentence that a stranger understands; yours is {kind}",
    "few limits": "limits is a list of at least three sentences; the sections above showed more",
    "repeated": "limits repeats itself: say three different things that it cannot do",
    "short limit": "this limit tells a stranger nothing: {limit}; say what goes wrong, and when",
}
SPACELESS = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff"  # Thai … Chinese


def judge_card(answer):
    """Cards for three counts; missing fields, percents, other intervals, empty words are named."""
    cards = [(counts, answer(*counts)) for counts in ((9868, 10000), (958, 1000), (48, 50))]
    for (right, m), card in cards:
        if not isinstance(card, dict):
            return CARD_SAYS["dict"].format(kind=kind_of(card))
        if missing := [name for name in FIELDS if name not in card]:
            return CARD_SAYS["missing"].format(missing=", ".join(missing))
        mistake = (
            judge_share(card["accuracy"], right, m)
            or judge_interval(card["interval"], right, m)
            or judge_words(card)
            or judge_limits(card["limits"])
        )
        if mistake:
            return mistake
    return None


def finite(value, shape):
    """Finite numbers of a shape, as an array; None if a value is anything else."""
    array = numbers(value)
    fits = array is not None and array.shape == shape and np.isfinite(array).all()
    return array.astype(float) if fits else None


def judge_share(value, right, m):
    """What is wrong with the accuracy on a card, or None."""
    share = finite(value, ())
    if share is None:
        return CARD_SAYS["no share"].format(kind=kind_of(value))
    if share > 1:
        return CARD_SAYS["percent"].format(share=share)
    if abs(share - right / m) > ROUNDED:
        return CARD_SAYS["accuracy"].format(right=right, m=m, **apart(right / m, share))
    return None


def judge_interval(value, right, m):
    """What is wrong with the interval on a card, or None."""
    found, wanted = finite(value, (2,)), np.array(wilson_interval(right, m))
    if found is None:
        return CARD_SAYS["no interval"].format(kind=kind_of(value))
    if found.min() > 1:
        return CARD_SAYS["percent interval"].format(low=found[0])
    reach = 1.96 * math.sqrt(right * (m - right) / m**3)
    plain = right / m + np.array([-reach, reach])
    case = "{:.5f} to {:.5f} is right, yours is {:.5f} to {:.5f}".format(*wanted, *found)
    known = {None: wanted, "high first": wanted[::-1], "plain interval": plain, "interval": found}
    key = next(key for key, ends in known.items() if np.abs(found - ends).max() <= ROUNDED)
    return CARD_SAYS[key].format(case=f"{right} of {m}: {case}") if key else None


def n_words(text):
    """How many words a text has; where no spaces are written, two letters count as one."""
    return len(re.findall(rf"[{SPACELESS}]{{1,2}}|[^\W{SPACELESS}]+", text))


def judge_words(card):
    """Which field of a card says too little, or None."""
    for name in ("intended use", "data"):
        if not isinstance(card[name], str) or n_words(card[name]) < 4:
            return CARD_SAYS["no sentence"].format(name=repr(name), kind=kind_of(card[name]))
    return None


def judge_limits(limits):
    """What is wrong with the limits on a card, or None."""
    if not is_sequence(limits) or len(limits) < 3:
        return CARD_SAYS["few limits"]
    if len(set(map(str, limits))) < 3:
        return CARD_SAYS["repeated"]
    short = [limit for limit in limits if n_words(str(limit)) < 3]
    return CARD_SAYS["short limit"].format(limit=repr(short[0])) if short else None


exercise(
    "15-2",
    "model_card(right, m)",
    judge_card,
    praise="Whoever meets this network now knows what it is for, and where it stops: if your words "
    "are true, which no check can tell; they were only counted.",
    hints=(
        "a dict with the five keys; accuracy is right / m, a share; wilson_interval(right, m) is "
        "a pair.",
        "intended use and data are sentences of your own; limits is a list of at least three: what "
        "did the sections above show that it cannot read?",
        '{"intended use": "…", "data": "…", "accuracy": right / m, "interval": '
        'wilson_interval(right, m), "limits": ["…", "…", "…"]}',
    ),
    says=CARD_SAYS,
)
