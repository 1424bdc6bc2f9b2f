"""Lesson 15, Know its limits: its equations and exercises."""

import cmath
import math
import reprlib

import numpy as np

from nnlib.checks.registry import equation, exercise
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


def numbers(values, shape):
    """Finite numbers of a shape, as an array; None if the values are anything else."""
    try:
        values = np.asarray(values)
    except ValueError:  # rows of different lengths
        return None
    if values.shape != shape or values.dtype.kind not in "iuf" or not np.isfinite(values).all():
        return None
    return values.astype(float)


@exercise(
    "15-1",
    praise="The balance point of the ink, whatever the size of the picture.",
    hints=(
        "each row counts as much as it holds ink: image.sum(axis=1) is the ink of each row.",
        "the mean row is the sum of (row number × ink of the row), divided by all the ink; rows "
        "are counted from 0: np.arange(image.shape[0]).",
        "rows = (np.arange(image.shape[0]) * image.sum(axis=1)).sum() / image.sum(); the columns "
        "in the same way with axis=0.",
    ),
)
def judge_center_of_mass(answer):
    """Two pictures that are not square; other centers are named."""
    if not callable(answer):
        return "hand over center_of_mass itself, without brackets: it is tried on other pictures"
    rng = np.random.default_rng(5)
    for shape in ((5, 9), (12, 7)):
        image = rng.random(shape) * (rng.random(shape) < 0.4) * np.linspace(0.1, 1, shape[1])
        given = image.copy()
        result = answer(given)
        if not np.array_equal(given, image):
            return "your function changes image itself; give what you divide a name of its own"
        found = numbers(result, (2,))
        if found is None:
            return f"return two numbers, the row and the column; got {reprlib.repr(result)}"
        right = mean_row_and_column(image)
        if np.allclose(found, right):
            continue
        case = "the center is row {:.4f}, column {:.4f}; yours {:.4f}, {:.4f}".format(
            *right, *found
        )
        return f"{what_kind_of_center(found, right, image)} ({case})"
    return None


def what_kind_of_center(found, right, image):
    """Name the usual mistake behind a center."""
    h, w = image.shape
    inked = np.argwhere(image > 0)
    if np.allclose(found, right[::-1]):
        return "the row comes first, then the column"
    if np.allclose(found, right + 1):
        return "rows and columns are counted from 0 here"
    if np.allclose(found, inked.mean(axis=0)):
        return "every pixel with ink counts the same in yours; weight it by how much it holds"
    if any(np.allclose(found, np.array([h - k, w - k]) / 2) for k in (0, 1)):
        return "that is the middle of the picture; where the ink lies plays no part in it"
    if np.allclose(found, right * image.sum()):
        return "divide by the sum of all ink"
    if np.allclose(found, right * image.sum() / image.size):
        return "divide by the sum of all ink, not by the number of pixels"
    whole = np.array_equal(found, np.round(found))
    if np.abs(found - right).max() < (1 if whole else 0.06):
        return "that is close, not exact; do not round, a center may lie between pixels"
    return "that is another point"


FIELDS = ("intended use", "data", "accuracy", "interval", "limits")
ROUNDED = 6e-5  # a card may give four decimals, as the lesson prints


@exercise(
    "15-2",
    praise="Whoever meets this network now knows what it is for, and where it stops.",
    hints=(
        "a dict with the five keys; accuracy is right / m, a share; wilson_interval(right, m) is "
        "a pair.",
        "intended use and data are sentences of your own; limits is a list of at least three: what "
        "did the sections above show that it cannot read?",
        '{"intended use": "…", "data": "…", "accuracy": right / m, "interval": '
        'wilson_interval(right, m), "limits": ["…", "…", "…"]}',
    ),
)
def judge_model_card(answer):
    """Cards for three counts; missing fields, percents, other intervals, empty words are named."""
    if not callable(answer):
        return "hand over model_card itself, without brackets: it is called with other counts, too"
    for right, m in [(9868, 10000), (958, 1000), (48, 50)]:
        card = answer(right, m)
        if not isinstance(card, dict):
            return f"return a dict with the keys {', '.join(FIELDS)}; got {type(card).__name__}"
        missing = [name for name in FIELDS if name not in card]
        if missing:
            return f"the card does not say: {', '.join(missing)}"
        mistake = wrong_numbers(card, right, m) or empty_words(card)
        if mistake:
            return mistake
    return None


def wrong_numbers(card, right, m):
    """What is wrong with accuracy and interval; None if they hold."""
    share, found = numbers(card["accuracy"], ()), numbers(card["interval"], (2,))
    if share is None:
        return f"accuracy is one number, a share 0…1; yours is {reprlib.repr(card['accuracy'])}"
    if share > 1:
        return f"accuracy is a share, 0…1: right / m; yours is {share:g}"
    p, expected = right / m, np.array(wilson_interval(right, m))
    if abs(share - p) > ROUNDED:
        return f"{right} of {m} is an accuracy of {p:g}; yours is {share:g}"
    if found is None:
        return f"interval is a pair of numbers, low and high; got {reprlib.repr(card['interval'])}"
    if np.abs(found - expected).max() <= ROUNDED:
        return None
    if found.min() > 1:
        return (
            f"interval is a pair of shares, 0…1, as the accuracy is one; yours begins {found[0]:g}"
        )
    if np.abs(found[::-1] - expected).max() <= ROUNDED:
        return "interval is the low end first, then the high one; yours begins with the high one"
    reach = 1.96 * math.sqrt(p * (1 - p) / m)
    case = "{:.5f} to {:.5f}; yours {:.5f} to {:.5f}".format(*expected, *found)
    if np.abs(found - [p - reach, p + reach]).max() <= ROUNDED:
        return (
            "the plain ± 1.96 standard errors fails near 1 (of 50 digits with 48 right it goes "
            f"beyond 1); use wilson_interval (lesson 09). {right} of {m}: {case}"
        )
    return f"the interval of {right} of {m} is {case}"


def empty_words(card):
    """Which field says too little; None if all say something."""
    for name in ("intended use", "data"):
        if not isinstance(card[name], str) or len(card[name].split()) < 4:
            return f"{name!r} needs a sentence that a stranger understands; yours: {card[name]!r}"
    limits = card["limits"]
    if not isinstance(limits, (list, tuple)) or len(limits) < 3:
        return "limits is a list of at least three sentences; the sections above showed more"
    if len(set(map(str, limits))) < 3:
        return "limits repeats itself: say three different things that it cannot do"
    short = [limit for limit in limits if len(str(limit).split()) < 3]
    if short:
        return f"this limit tells a stranger nothing: {short[0]!r}; say what goes wrong, and when"
    return None
