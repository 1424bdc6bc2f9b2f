"""Pictures for a live loop, drawn in a millisecond or two: curves as SVG, images as one mosaic."""

import base64
import html
import io

import numpy as np
from PIL import Image

from nnlib.plots.style import DIVERGING, GUESS, INK, PALE, TEST, TRAIN

SIDE = 28


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
        self.parts = [text(4, 14, title, weight="600")]
        self.frame(x_name, unit)

    def frame(self, x_name, unit):
        """Axes with three numbers each."""
        x_max, y_max = self.limits
        for share in (0, 0.5, 1):
            x, y = self.place(share * x_max, share * y_max)
            self.line([(0, share * y_max), (x_max, share * y_max)], "#e6e6e6", 1)
            self.parts.append(text(self.left - 5, y + 4, f"{share * y_max:.3g}{unit}", "end"))
            unit_here = f" {x_name}s" if share == 1 else ""
            words = f"{share * x_max:,.0f}{unit_here}"
            self.parts.append(text(x, self.bottom + 15, words, "middle"))

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
        self.parts.append(text(min(x, self.right) + 5, y + 4, words, color=color))

    def mark(self, x, words):
        """A thin line across the picture at a step, with a word."""
        place, _ = self.place(x, 0)
        self.parts.append(
            f'<line x1="{place:.1f}" x2="{place:.1f}" y1="{self.top}" y2="{self.bottom}" '
            f'stroke="{GUESS}" stroke-dasharray="2 2"/>'
        )
        word = text(place + 3, self.top + 8, words, color=GUESS, size=10)
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


def text(x, y, words, anchor="start", color=INK, weight="400", size=12):
    """An SVG text."""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{color}" '
        f'font-weight="{weight}" font-size="{size}">{html.escape(words)}</text>'
    )


def loss_and_accuracy_svg(run, earlier=(), guess=None, size=(540, 128), held_out="test"):
    """Two charts, loss above accuracy, of a run that is under way.

    Parameters
    ----------
    run : object
        With `n_steps` (planned), `steps`, `losses`, `test_steps`, `test_accuracies` (0…1, one list
        an axis) and `marks`, a list of (step, words).
    earlier : sequence of such objects
        Drawn pale, behind.
    guess : float, optional
        The learner's guess of the final test accuracy, 0…1, drawn dotted.
    size : pair of int
        Of one chart, in pixels.
    held_out : str, default "test"
        What the digits are called that the accuracy is measured on.

    Returns
    -------
    str
        HTML with two SVG pictures.
    """
    n_steps = max([run.n_steps, *(old.n_steps for old in earlier)])
    tallest = max([2.5, *run.losses[:1], *(old.losses[0] for old in earlier if old.losses)])
    loss = Chart(*size, n_steps, float(np.ceil(2 * min(tallest, 12)) / 2), "loss", "step")
    accuracy = Chart(*size, n_steps, 100, f"{held_out} accuracy", "step", " %")
    for old in earlier:
        loss.line(thinned(old.steps, old.losses), PALE, 1.5)
        accuracy.line(thinned(old.test_steps, percent(old.test_accuracies)), PALE, 1.5, "6 4")
    if guess is not None:
        accuracy.line([(0, 100 * guess), (n_steps, 100 * guess)], GUESS, 2, "1 5")
        accuracy.name((n_steps, 100 * guess), "my guess", GUESS)
    if run.losses:
        loss.line(thinned(run.steps, run.losses), TRAIN)
    for step, words in run.marks:  # in front of the curve, which may be high
        loss.mark(step, words)
    if run.losses:
        loss.name((run.steps[-1], run.losses[-1]), f"{run.losses[-1]:.2f}", TRAIN)
    if run.test_accuracies:
        shares = percent(run.test_accuracies)
        accuracy.line(thinned(run.test_steps, shares), TEST, 2, "6 4")
        accuracy.name((run.test_steps[-1], shares[-1]), f"{shares[-1]:.1f} %", TEST)
    return loss.svg(said(run, "loss")) + accuracy.svg(said(run, "accuracy", held_out))


def percent(shares):
    """Shares of 1 as per cent."""
    return [100 * share for share in shares]


def thinned(x, y, most=300):
    """At most so many of the points (x, y), the last one always among them."""
    stride = max(1, len(x) // most)
    points = list(zip(x[::stride], y[::stride]))
    return [*points, (x[-1], y[-1])] if len(x) else points


def said(run, which, held_out="test"):
    """The sentence that describes a chart."""
    if not run.losses:
        return f"An empty chart for the {which}; nothing has been trained yet."
    if which == "loss":
        return f"Loss from {run.losses[0]:.2f} to {run.losses[-1]:.2f} at step {run.steps[-1]:,}."
    share = f"{held_out.capitalize()} accuracy {100 * run.test_accuracies[-1]:.1f} %"
    return f"{share} at step {run.test_steps[-1]:,}."


def signed_colors(values, limit):
    """Numbers -limit … limit as colors (…, 3) of bytes: red negative, white zero, blue positive."""
    places = np.clip((values / limit + 1) / 2, 0, 1) if limit > 0 else np.full(values.shape, 0.5)
    table = (255 * DIVERGING(np.linspace(0, 1, 257))[:, :3]).round().astype(np.uint8)
    return table[(256 * places).round().astype(int)]


def ink_on_paper(shares):
    """Shares 0…1 as colors (…, 3) of bytes: 0 is white paper, 1 black ink."""
    return (255 * (1 - shares)).astype(np.uint8)[..., None].repeat(3, axis=-1)


def mosaic(images, columns, gap=2, fill=255):
    """Lay images (k, 28, 28, …) out in rows of `columns`, with gaps: one picture."""
    rows = -(-len(images) // columns)
    cell = SIDE + gap
    sheet = np.full((rows * cell, columns * cell, *images.shape[3:]), fill, dtype=np.uint8)
    for j, image in enumerate(images):
        top, left = (j // columns) * cell, (j % columns) * cell
        sheet[top : top + SIDE, left : left + SIDE] = image
    return sheet


def weights_mosaic(W, columns=8, most=32):
    """The rows of W (n, 784) as images, red negative and blue positive: an array of bytes."""
    shown = W[:most].reshape(-1, SIDE, SIDE)
    return mosaic(signed_colors(shown, float(np.abs(shown).max())), columns)


def digits_mosaic(X, columns=20):
    """Digits (784, k), 0…1, as dark ink on light paper: an array of bytes."""
    return mosaic(ink_on_paper(np.clip(X.T.reshape(-1, SIDE, SIDE), 0, 1)), columns)


def readings_html(X, predicted, y, width=540):
    """A row of digits (784, k) with what a network reads below each, and a tick or a cross."""
    cell = width / len(y)
    picture = base64.b64encode(png(digits_mosaic(X, len(y)))).decode("ascii")
    words = []
    for j, (read, truth) in enumerate(zip(predicted, y)):
        mark, color = ("✓", TRAIN) if read == truth else ("✗", TEST)
        words.append(text((j + 0.45) * cell, cell + 12, f"{read}{mark}", "middle", color))
    n_right = int((np.asarray(predicted) == np.asarray(y)).sum())
    return (
        f'<svg viewBox="0 0 {width} {cell + 18:.0f}" width="100%" role="img" '
        f'font-family="sans-serif" aria-label="{n_right} of {len(y)} digits read right.">'
        f'<image href="data:image/png;base64,{picture}" width="{width}" height="{cell:.1f}"/>'
        f"{''.join(words)}</svg>"
    )


def png(sheet, scale=1):
    """An array of bytes (h, w) or (h, w, 3) as PNG, each pixel `scale` times as wide and high."""
    picture = Image.fromarray(sheet)
    if scale != 1:
        size = (picture.width * scale, picture.height * scale)
        picture = picture.resize(size, Image.Resampling.NEAREST)
    buffer = io.BytesIO()
    picture.save(buffer, format="PNG", compress_level=1)
    return buffer.getvalue()
