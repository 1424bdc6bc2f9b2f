"""Pictures for a live loop, drawn in a millisecond or two instead of forty.

Nothing here is an Axes: curves and readings are SVG as text (`Chart`, `…_svg`, `…_html`), many
images are one sheet of bytes (`…_mosaic`), and `png` makes the bytes of a picture of it.
"""

import base64
import html
import io
import math

import numpy as np
from PIL import Image

from nnlib.plots.style import DIVERGING, GRID, GUESS, INK, PALE, TEST, TRAIN
from nnlib.views.curves import thinned
from nnlib.views.images import SIDE, tile

SIZE = (540, 128)  # of a chart, in pixels
LARGE_SIZE = (450, 96)  # fewer, so that letters are larger on a projector
MOST = 32  # units whose weights are shown
BESIDE = (0, 2, 0, 2)  # paper below and at the right of each image of a mosaic, in pixels


class Chart:
    """Curves over steps as an SVG text; limits are given and never jump.

    Parameters
    ----------
    width, height : int
        In pixels.
    x_max, y_max : float
        The upper limits; both axes begin at 0.
    title, x_name : str
    unit : str
        Written behind the numbers of the vertical axis.
    """

    def __init__(self, width, height, x_max, y_max, title, x_name="", unit=""):
        self.size, self.limits = (width, height), (max(x_max, 1), y_max)
        self.left, self.top = 44, 24
        self.right, self.bottom = width - 70, height - 26
        self.parts = [_text(4, 14, title, weight="600")]
        self.frame(x_name, unit)

    def frame(self, x_name, unit):
        """Axes with three numbers each."""
        x_max, y_max = self.limits
        for share in (0, 0.5, 1):
            x, y = self.place(share * x_max, share * y_max)
            self.line([(0, share * y_max), (x_max, share * y_max)], GRID, 1)
            self.parts.append(_text(self.left - 5, y + 4, f"{share * y_max:.3g}{unit}", "end"))
            unit_here = f" {x_name}s" if share == 1 else ""
            words = f"{share * x_max:,.0f}{unit_here}"
            self.parts.append(_text(x, self.bottom + 15, words, "middle"))

    def place(self, x, y):
        """Where a point of the data stands, in pixels; beyond the limits it stays at the edge."""
        across = min(max(x / self.limits[0], 0), 1)
        up = min(max(y / self.limits[1], 0), 1)
        return (
            self.left + across * (self.right - self.left),
            self.bottom - up * (self.bottom - self.top),
        )

    def line(self, points, color, width=2, dashes=""):
        """A curve through points (x, y) of the data."""
        places = " ".join("{:.1f},{:.1f}".format(*self.place(x, y)) for x, y in points)
        self.parts.append(
            f'<polyline points="{places}" fill="none" stroke="{color}" '
            f'stroke-width="{width}" stroke-dasharray="{dashes}"/>'
        )

    def name(self, point, words, color):
        """Words at the end of a curve."""
        x, y = self.place(*point)
        self.parts.append(_text(min(x, self.right) + 5, y + 4, words, color=color))

    def mark(self, x, words):
        """A thin line across the picture at a step, with a word."""
        place, _ = self.place(x, 0)
        self.parts.append(
            f'<line x1="{place:.1f}" x2="{place:.1f}" y1="{self.top}" y2="{self.bottom}" '
            f'stroke="{GUESS}" stroke-dasharray="2 2"/>'
        )
        word = _text(place + 3, self.top + 8, words, color=GUESS, size=10)
        halo = 'paint-order="stroke" stroke="white" stroke-width="3"'
        self.parts.append(word.replace("<text ", f"<text {halo} ", 1))

    def svg(self, words):
        """The finished picture, with the sentence that describes it."""
        width, height = self.size
        return (
            f'<svg viewBox="0 0 {width} {height}" width="100%" role="img" '
            f'aria-label="{html.escape(words, quote=True)}" font-family="sans-serif" '
            f'font-size="12" fill="{INK}">{"".join(self.parts)}</svg>'
        )


def _text(x, y, words, anchor="start", color=INK, weight="400", size=12):
    """An SVG text."""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{color}" '
        f'font-weight="{weight}" font-size="{size}">{html.escape(words)}</text>'
    )


def loss_and_accuracy_svg(run, earlier=(), guess=None, held_out="test", size=SIZE):
    """Draw two charts, loss above accuracy, of a run that is under way.

    Parameters
    ----------
    run : object
        With `n_steps` (planned), `steps`, `losses`, `test_steps`, `test_accuracies` (0…1, one list
        an axis) and `marks`, a list of (step, words).
    earlier : sequence of such objects
        Drawn pale, behind.
    guess : float, optional
        The learner's guess of the final test accuracy, 0…1, drawn dotted.
    held_out : str, default "test"
        What the digits are called that the accuracy is measured on.
    size : pair of int
        Width and height of a chart, in pixels.

    Returns
    -------
    str
        HTML with two SVG pictures.
    """
    n_steps = max([run.n_steps, *(old.n_steps for old in earlier)])
    loss = _loss_chart(size, run, earlier, n_steps)
    accuracy = _accuracy_chart(size, run, earlier, n_steps, guess, held_out)
    return loss.svg(_said(run, "loss")) + accuracy.svg(_said(run, "accuracy", held_out))


def _loss_chart(size, run, earlier, n_steps):
    """The loss of a run over those of earlier ones, with its marks."""
    tallest = max([2.5, *run.losses[:1], *(old.losses[0] for old in earlier if old.losses)])
    chart = Chart(*size, n_steps, float(np.ceil(2 * min(tallest, 12)) / 2), "loss", "step")
    for old in earlier:
        chart.line(thinned(old.steps, old.losses), PALE, 1.5)
    if run.losses:
        chart.line(thinned(run.steps, run.losses), TRAIN)
    for step, words in run.marks:  # in front of the curve, which may be high
        chart.mark(step, words)
    if run.losses:
        chart.name((run.steps[-1], run.losses[-1]), f"{run.losses[-1]:.2f}", TRAIN)
    return chart


def _accuracy_chart(size, run, earlier, n_steps, guess, held_out):
    """The accuracy of a run over those of earlier ones, with the learner's guess."""
    chart = Chart(*size, n_steps, 100, f"{held_out} accuracy", "step", " %")
    for old in earlier:
        chart.line(_accuracies(old), PALE, 1.5, "6 4")
    if guess is not None:
        chart.line([(0, 100 * guess), (n_steps, 100 * guess)], GUESS, 2, "1 5")
        chart.name((n_steps, 100 * guess), "my guess", GUESS)
    if run.test_accuracies:
        points = _accuracies(run)
        chart.line(points, TEST, 2, "6 4")
        chart.name(points[-1], f"{points[-1][1]:.1f} %", TEST)
    return chart


def _accuracies(run):
    """The points of a run's accuracies in percent."""
    return thinned(run.test_steps, [100 * share for share in run.test_accuracies])


def _said(run, which, held_out="test"):
    """The sentence that describes a chart."""
    if not run.losses:
        return f"An empty chart for the {which}; nothing has been trained yet."
    if which == "loss":
        return f"Loss from {run.losses[0]:.2f} to {run.losses[-1]:.2f} at step {run.steps[-1]:,}."
    share = f"{held_out.capitalize()} accuracy {100 * run.test_accuracies[-1]:.1f} %"
    return f"{share} at step {run.test_steps[-1]:,}."


def signed_colors(values, limit):
    """Give numbers from -limit (red) over 0 (white) to limit (blue) their colors (…, 3), bytes."""
    places = np.clip((values / limit + 1) / 2, 0, 1) if limit > 0 else np.full(values.shape, 0.5)
    table = (255 * DIVERGING(np.linspace(0, 1, 257))[:, :3]).round().astype(np.uint8)
    return table[(256 * places).round().astype(int)]


def weights_mosaic(W, columns=8):
    """Draw the rows of W (n, k k), k up to 28, as images, red negative and blue positive: bytes."""
    k = math.isqrt(W.shape[1])
    squares = np.kron(W[:MOST].reshape(-1, k, k), np.ones((1, SIDE // k, SIDE // k), W.dtype))
    room = SIDE - squares.shape[-1]  # white beside a small filter
    shown = np.pad(squares, ((0, 0), (0, room), (0, room)))
    colors = signed_colors(shown, float(np.abs(shown).max()))
    return tile(colors, columns, BESIDE, paper=np.uint8(255))


def digits_mosaic(X, columns=20):
    """Draw digits (784, k), 0…1, as dark ink on light paper: an array of bytes."""
    paper = (255 * (1 - np.clip(X.T.reshape(-1, SIDE, SIDE, 1), 0, 1))).astype(np.uint8)
    return tile(paper.repeat(3, axis=-1), columns, BESIDE, paper=np.uint8(255))


def readings_html(X, predicted, y, width=SIZE[0]):
    """Draw a row of digits (784, k) with what a network reads below each, and a tick or a cross."""
    cell = width / len(y)
    picture = base64.b64encode(png(digits_mosaic(X, len(y)))).decode("ascii")
    words = []
    for j, (read, truth) in enumerate(zip(predicted, y)):
        mark, color = ("✓", TRAIN) if read == truth else ("✗", TEST)
        words.append(_text((j + 0.45) * cell, cell + 12, f"{read}{mark}", "middle", color))
    n_right = int((np.asarray(predicted) == np.asarray(y)).sum())
    return (
        f'<svg viewBox="0 0 {width} {cell + 18:.0f}" width="100%" role="img" '
        f'font-family="sans-serif" aria-label="{n_right} of {len(y)} digits read right.">'
        f'<image href="data:image/png;base64,{picture}" width="{width}" height="{cell:.1f}"/>'
        f"{''.join(words)}</svg>"
    )


def png(sheet, scale=1):
    """Write bytes (h, w) or (h, w, 3) as PNG, each pixel `scale` times as wide and high."""
    picture = Image.fromarray(sheet)
    if scale != 1:
        size = (picture.width * scale, picture.height * scale)
        picture = picture.resize(size, Image.Resampling.NEAREST)
    buffer = io.BytesIO()
    picture.save(buffer, format="PNG", compress_level=1)
    return buffer.getvalue()
