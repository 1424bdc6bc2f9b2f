"""The derivative stepper: from the Jacobian to P - Y, one line of lesson 05 at a time."""

import numpy as np

from nnlib.gradient_check import relative_error
from nnlib.plots.style import DIVERGING, GUESS, INK, PALE, SEQUENTIAL, ink_on
from nnlib.views.images import SIDE
from nnlib.views.scores import chain, rival
from nnlib.views.words import minus_signs, number, short, signed, written
from nnlib.widgets.frame import button, choice, picture_widget, slider
from nnlib.widgets.scene import Scene, wipe

LINES = (  # written over the picture at each step: the lines of the lesson, words, a formula
    ("5.5", "the scores become probabilities", r"$P_k = e^{z_k} \,/\, \sum_c e^{z_c}$"),
    (
        "5.13",
        "each score moves every probability",
        r"$\partial P_k / \partial z_i = P_k\,([k = i] - P_i)$",
    ),
    (
        "5.17",
        "the loss looks at the right class only",
        r"$\partial \ell / \partial P_k = -\,Y_k \,/\, P_k$",
    ),
    (
        "5.18, 5.19",
        "each row times its entry; the P of the row cancels",
        r"$-\frac{Y_k}{P_k}\,P_k\,([k = i] - P_i) \;=\; -Y_k\,([k = i] - P_i)$",
    ),
    (
        "5.20, 5.21",
        "add up each column",
        r"$-\sum_k Y_k\,[k = i] + P_i \sum_k Y_k \;=\; -Y_i + P_i \sum_k Y_k$",
    ),
    ("5.22", "the sums are P − Y", r"$dz_i = P_i - Y_i$"),
)
LAST = len(LINES) - 1

SIZE = (5.6, 4.2)  # inches; so are all places, from the left and from the top
TOP, CELL = 1.06, 0.21  # where the matrices begin, and the height of their rows
MATRIX = (2.1, 3.45)  # left edge and width


def derivative_stepper(cases, digit=None):
    """Step through the proof that the slopes of the loss are P - Y, with the numbers of a digit.

    Parameters
    ----------
    cases : dict of str to (z, y) or (z, y, x)
        Digits to choose from, by name: ten scores z (10,), the right class y, and, if there is a
        picture, its pixels x (784,), 0…1.
    digit : str, optional
        The name of the first one that is shown; by default the first of `cases`.

    Returns
    -------
    Frame
        Its `parts` name the controls: digit, step, back, next, of_class, by; and the canvas.
    """
    first = next(iter(cases)) if digit is None else digit
    step = slider("step", 0, 0, LAST)
    back = button("◀ Back", "one line back", lambda: step.set_trait("value", step.value - 1))
    forth = button("Next ▶", "one line further", lambda: step.set_trait("value", step.value + 1))
    controls = {
        "digit": choice("digit", list(cases), first),
        "step": step,
        "buttons": {"back": back, "next": forth},
        "of_class": choice("change score", list(range(10)), int(cases[first][1])),
        "by": slider("by", 0.0, -10.0, 10.0, 0.1, readout_format="+.1f"),
    }

    def show(panels, digit, step, of_class, by):
        scores, y, *picture = cases[digit]
        z = np.array(scores, dtype=np.float64)
        z[of_class] += by
        now = chain(z, int(y))
        changed = f", score {of_class} {signed(by, '.1f')}" if by else ""
        wipe(panels)
        draw_page(panels["page"], now, step, *picture)
        back.disabled, forth.disabled = step == 0, step == LAST
        return step_in_words(now, step, digit + changed)

    question = "How does a whole Jacobian become P − Y?"
    moves = "a step through the derivation of P − Y, the digit and its scores"
    page = Scene(SIZE, {"page": (0, 0, 1, 1)})
    return picture_widget(question, moves, page, controls, show)


def step_in_words(c, step, name):
    """What is seen at one step, with the numbers of the digit: one or two sentences."""
    y, i, lines = c.y, rival(c), LINES[step][0]
    opening = f"{name[:1].upper()}{name[1:]}, line{'s' if ',' in lines else ''} {lines}: "
    if step >= 2 and c.p[y] == 0:
        return opening + (
            f"P of {y} is too small for the computer and became 0; 1 / 0 has no value, the way "
            f"through the Jacobian ends. P − Y still has one: {number(c.p[i])} for {i}, −1 for {y}."
        )
    entry, result = number(c.slopes[y]), number(c.products[y, i])
    error = relative_error(c.p - c.truth, c.measured)
    said = (
        f"score {c.z[y]:.2f} of the truth, {y}, becomes P = {number(c.p[y])}; score "
        f"{c.z[i]:.2f} of {i} becomes {number(c.p[i])}. The loss is {number(c.loss)}.",
        f"raise score {i} a little. Per unit, P of {i} moves by {number(c.J[i, i])}, P of {y} by "
        f"{number(c.J[y, i])}, all ten together by 0.",
        f"−1 / {number(c.p[y])} = {entry} in row {y}; 0 in all other rows, for their Y is 0.",
        f"row {y} times {entry}, all others times 0. In column {i}: {entry} × "
        f"({number(c.J[y, i])}) = {result}, the P of {i}.",
        f"one number is left in each column, so the sum is that number: {result} for {i}, "
        f"{number(c.sums[y])} for {y}.",
        f"{number(c.p[i])} − 0 for {i}, {number(c.p[y])} − 1 = {number(c.p[y] - 1)} for {y}. "
        f"Nudging the scores measures the same, relative error {error:.0e}.",
    )
    return opening + minus_signs(said[step])


def draw_page(ax, c, step, x=None):
    """Draw what is known after a step, all on one Axes (quick), measured in inches.

    Places and limits of colors are the same at every step.
    """
    ax.axis("off")
    ax.set(xlim=(0, SIZE[0]), ylim=(SIZE[1], 0), autoscale_on=False)
    lines, text, formula = LINES[step]
    ax.text(0.06, 0.17, f"{lines}: {text}", va="center", fontsize=12)
    ax.text(0.08, 0.5, formula, va="center", fontsize=12)
    ax.text(0.1, TOP + 5 * CELL, "class k", rotation=90, va="center", ha="center")
    for k in range(len(c.p)):
        ax.text(0.28, TOP + (k + 0.5) * CELL, k, va="center", ha="center")
    scores = [written(score, ".1f") for score in c.z]
    paint(ax, "z", (0.36, 0.4), np.zeros((len(c.p), 1)), 1, scores)
    paint(ax, "P", (0.79, 0.35), c.p[:, np.newaxis], 1)
    paint(ax, "Y", (1.14, 0.22), c.truth[:, np.newaxis], 1)
    slopes = [number(slope) for slope in c.slopes]
    paint(ax, "−Y / P", (1.43, 0.56), c.slopes[:, np.newaxis], 10, slopes, shown=step >= 2)
    draw_matrix(ax, c, step)
    rows = [("sum over k", c.sums, 4), ("P − Y", c.p - c.truth, 5), ("measured", c.measured, 5)]
    for k, (name, values, since) in enumerate(rows):
        top = TOP + 10 * CELL + 0.14 + 0.28 * k
        paint(ax, name, MATRIX, values[np.newaxis], 1, shown=step >= since, top=top)
    if x is not None:
        place = (0.36, 1.14, TOP + 10 * CELL + 0.92, TOP + 10 * CELL + 0.14)
        image = x.reshape(SIDE, SIDE)
        ax.imshow(image, cmap=SEQUENTIAL, vmin=0, vmax=1, extent=place, aspect="auto", label="x")
        ax.text(0.3, place[3] + 0.08, c.y, ha="right", va="center", fontsize=12)


def draw_matrix(ax, c, step):
    """The Jacobian; from step 3 on its rows times their entries of -Y / P."""
    values, limit, name = (c.J, 0.25, "Jacobian") if step < 3 else (c.products, 1, "products")
    texts = [short(v) if abs(v) >= 0.005 else "" for v in values.flat]
    paint(ax, name, MATRIX, values, limit, texts, shown=step >= 1)
    left, width = MATRIX
    across = left + width * (np.arange(len(c.p)) + 0.5) / len(c.p)
    for i, middle in enumerate(across):
        ax.text(middle, TOP - 0.11, i, va="center", ha="center")
    if step == 3:  # a pale trace of what the zeros of -Y / P have wiped out
        k, i = np.nonzero((abs(c.J) >= 0.005) & (c.truth[:, np.newaxis] == 0))
        look = {"markersize": 11, "markerfacecolor": "none", "markeredgecolor": PALE}
        ax.plot(across[i], TOP + (k + 0.5) * CELL, "s", **look)


def paint(ax, name, across, values, limit, texts=None, shown=True, top=TOP):
    """Name, frame and, once it is shown, signed image of a matrix, a number on each square."""
    (left, width), height = across, CELL * len(values)
    ink = {"color": INK if shown else PALE, "va": "center"}
    if len(values) == 1:
        ax.text(left - 0.06, top + height / 2, name, ha="right", **ink)
    elif width < 1:
        ax.text(left + width / 2, top - 0.11, name, ha="center", **ink)
    else:
        title = f"{name} (row k, column i), colors to ±{limit}"
        ax.text(left + width / 2, top - 0.3, title, ha="center", fontsize=10, **ink)
    if shown:
        extent = (left, left + width, top + height, top)
        limits = {"vmin": -limit, "vmax": limit}
        ax.imshow(values, cmap=DIVERGING, extent=extent, aspect="auto", label=name, **limits)
        texts = texts or [short(v) if np.isfinite(v) else "?" for v in values.flat]
        write(ax, extent, values, limit, texts)
    corners = np.array([[0, 1, 1, 0, 0], [0, 0, 1, 1, 0]])
    ax.plot(left + width * corners[0], top + height * corners[1], color="#cccccc", lw=0.8)


def write(ax, extent, values, limit, texts):
    """Write a text on each square of a matrix: white on dark squares, gray if it rounds to 0."""
    left, right, bottom, top = extent
    n_rows, n_columns = values.shape
    for ((row, column), value), text in zip(np.ndenumerate(values), texts):
        if text:
            x = left + (right - left) * (column + 0.5) / n_columns
            y = top + (bottom - top) * (row + 0.5) / n_rows
            color = GUESS if text in "0.00" else ink_on(value / limit)
            ax.text(x, y, text, ha="center", va="center", fontsize=8, color=color)
