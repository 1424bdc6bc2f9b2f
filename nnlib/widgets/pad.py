"""A drawing pad that a network reads while you draw, and a real digit to shift, turn and spoil."""

import pathlib

import anywidget
import numpy as np
import traitlets

from nnlib.data.augmentation import add_noise, rotate, shift, thicken
from nnlib.data.pictures import MOST_BYTES, read_picture
from nnlib.data.preprocessing import PAD, as_mnist
from nnlib.network import forward
from nnlib.plots import (
    plot_digit,
    plot_hidden,
    plot_pipeline,
    plot_reading,
    reading_in_words,
)
from nnlib.plots.reading import a, reading_axes
from nnlib.widgets.frame import Canvas, Frame, button, choice, enlarged, follow, slider


class Pad(anywidget.AnyWidget):
    """A square to draw on with mouse, finger, pen or keyboard; pad.js beside this file.

    Its `value` holds 140 × 140 bytes in reading order, 0 (paper) … 255 (ink), sent while one draws
    at most every 50 ms; `drawn_at` is when, in ms of the browser's clock; `width` is that of the
    line, in 280ths of the pad; `size`, in pixels of the screen, is that of the pad.
    """

    # as text: a path would be watched for changes, and that keeps every pad alive
    _esm = pathlib.Path(__file__).with_name("pad.js").read_text(encoding="utf-8")
    # the browser sends a memoryview, which Bytes would silently refuse
    value = traitlets.Bytes(bytes(PAD * PAD)).tag(
        sync=True, echo_update=False, from_json=lambda value, _: bytes(value)
    )
    drawn_at = traitlets.Float(0).tag(sync=True)
    width = traitlets.Int(24).tag(sync=True)
    size = traitlets.Int(280).tag(sync=True)


class Upload(anywidget.AnyWidget):
    """A button that uploads a picture; upload.js beside this file.

    Its `value` is None, or the name and the bytes of the last file, unread and unchecked; of one
    that is larger than `most` bytes only the beginning arrives. `chosen_at` is when, in ms of the
    browser's clock.
    """

    _esm = pathlib.Path(__file__).with_name("upload.js").read_text(encoding="utf-8")
    most = traitlets.Int(MOST_BYTES).tag(sync=True)
    value = traitlets.Tuple(allow_none=True, default_value=None)

    def __init__(self):
        super().__init__()
        self.chosen_at = 0
        self.on_msg(self.receive)

    def receive(self, _, content, buffers):
        """Keep what the browser sent; of the name what stands behind the last slash."""
        name = " ".join(pathlib.PureWindowsPath(content["name"]).name.split())[-60:]
        self.chosen_at = content.get("at", 0)
        self.value = name or "the picture", bytes(buffers[0])


def drawing_pad(params, activations=("relu", "softmax")):
    """A pad; beside it, while you draw: the way into the network, ten bars, the hidden units.

    Instead of a drawing, a picture can be uploaded; it is shown until one draws again. If a file
    cannot be read, what was seen stays, but pale and named "before".

    Parameters
    ----------
    params : list of Layer
        A network for 784 pixels and ten digits; its first hidden layer is shown.
    activations : sequence of str, default ("relu", "softmax")

    Returns
    -------
    Frame
        Its `parts`: "pad" (a Pad, whose `value` is what is drawn), "upload" (an Upload) and
        "canvas".
    """
    pad, upload, canvas = Pad(size=enlarged(280)), Upload(), Canvas((5.1, 4.0))
    moves = "a pad to draw a digit on, its way into the network, what is read"
    frame = Frame("Can it read your writing?", [pad, upload], canvas, moves)
    frame.controls.layout.min_width = f"{pad.size + 10}px"  # the pad is narrower than sliders
    frame.parts = {"pad": pad, "upload": upload, "canvas": canvas}

    def end_picture(_):
        if pad.drawn_at >= upload.chosen_at:  # the last bit of a stroke may come after the file
            upload.value = None

    pad.observe(end_picture, "value")  # drawing ends the picture
    most = 1e-9  # the darkest square of the hidden units; it only grows
    seen = None  # what was drawn last, and its words

    def update():
        nonlocal most, seen
        name, file = upload.value or ("", b"")
        try:
            ink = read_picture(file, name) if upload.value else ink_of(pad.value)
        except ValueError:
            if seen:
                show_as_past(canvas, *seen)
            raise
        steps = as_mnist(ink) if ink.any() else None
        if steps is None:
            hidden, p, words = np.zeros(len(params[0].W)), None, EMPTY
        else:
            hidden, p = read(params, steps.x, activations)
            most, words = max(most, float(hidden.max())), pad_in_words(hidden, p, name)
        first = "uploaded" if upload.value else "drawn"
        scene = ink, steps, hidden, p, most, first
        canvas.redraw(lambda figure: draw_pad(figure, *scene))
        frame.say(words)
        seen = scene, words

    follow(frame, [pad, upload], update)
    return frame


def ink_of(data):
    """What is drawn on the pad, (140, 140), 0…1, from its bytes."""
    return np.frombuffer(data, np.uint8).reshape(PAD, PAD) / 255


def show_as_past(canvas, scene, words):
    """Show what was seen before, pale and named so: it says nothing about the file refused."""
    *drawn, p, most, first = scene
    if p is not None:  # an empty pad has nothing to take back
        canvas.redraw(lambda figure: fade(draw_pad(figure, *drawn, p, most, f"{first}\nbefore")))
        canvas.alt = f"Before: {words}"


def fade(axes):
    """Make pale what is drawn in some axes, and say over the bars that it is past."""
    for ax in axes:
        names = ax.get_xticklabels()  # one of them is bold
        for artist in [*ax.images, *ax.patches, *ax.texts, *ax.lines, *names]:
            artist.set_alpha(0.3)
    axes[1].set_title("before", fontsize="medium", pad=3)


EMPTY = "The pad is empty. Draw a digit, anywhere on it, small or large."


def read(params, x, activations):
    """The first hidden layer's activations, and the ten probabilities, for one digit x (784,)."""
    _, As = forward(params, x[:, None], activations)
    return As[1][:, 0], As[-1][:, 0]


def pad_in_words(hidden, p, name=""):
    """The line under the pad; the name is that of an uploaded picture."""
    active = int((hidden > 0).sum())
    reading = f"In {name} {reading_in_words(p)}" if name else begin(reading_in_words(p))
    return f"{reading}; {active} of {hidden.size} hidden units are active."


def begin(words):
    """The words with a capital letter."""
    return words[0].upper() + words[1:]


def draw_pad(figure, ink, steps, hidden, p, most, first):
    """Draw strip, bars and hidden units in fixed places of a figure (5.1 × 4 inches): the axes."""
    figure.set_layout_engine("none")  # fixed places take half the time
    top, middle, bottom = (
        figure.add_axes(place)
        for place in ([0.01, 0.66, 0.98, 0.33], [0.14, 0.335, 0.84, 0.26], [0.14, 0.01, 0.84, 0.16])
    )
    plot_pipeline(ink, steps, ax=top, first=first)
    plot_hidden(hidden, limit=most, columns=min(hidden.size, 16), ax=bottom)
    bottom.set_title(
        f"{hidden.size} hidden units: the darker, the more active", fontsize="medium", pad=3
    )
    bottom.set_aspect("auto")
    if p is None:
        reading_axes(middle)
    else:
        plot_reading(p, ax=middle)
    middle.set_xlabel("")
    return top, middle, bottom


def edit_a_digit(params, digits, activations=("relu", "softmax")):
    """A real digit that can be moved, turned, thickened and covered with noise, and what is read.

    Parameters
    ----------
    params : list of Layer
        A network for 784 pixels and ten digits.
    digits : Digits
        X (784, m) and y (m,); every class must occur.
    activations : sequence of str, default ("relu", "softmax")

    Returns
    -------
    Frame
        Its `parts`: "digit", "which", "right", "down", "turn", "thicker", "noise", "reset" and
        "canvas".
    """
    digit = choice("digit", [str(k) for k in np.unique(digits.y)], "7")
    which = slider("which one", 1, 1, int(np.bincount(digits.y).max()))
    edits = {
        "right": slider("move right", 0, -8, 8),
        "down": slider("move down", 0, -8, 8),
        "turn": slider("turn, degrees", 0, -60, 60, step=5),
        "thicker": slider("thicker", 0.0, -1.5, 3.0, step=0.5),
        "noise": slider("noise", 0.0, 0.0, 0.6, step=0.05),
    }

    def reset():
        for control in edits.values():
            control.value = 0

    again = button("As it was", "undo all changes", reset)
    canvas = Canvas((4.7, 3.9))
    moves = "a digit, shifted, turned, thickened and covered with noise"
    controls = [digit, which, *edits.values(), again]
    frame = Frame("What does it take to fool it?", controls, canvas, moves)
    frame.parts = {"digit": digit, "which": which, **edits, "reset": again, "canvas": canvas}

    def update():
        label = int(digit.value)
        same = np.flatnonzero(digits.y == label)
        x = digits.X[:, same[(which.value - 1) % same.size]]
        now = edited(x, **{name: control.value for name, control in edits.items()})
        before, after = (read(params, picture, activations)[1] for picture in (x, now))
        canvas.redraw(lambda figure: draw_edit(figure, x, now, before, after, label))
        frame.say(edit_in_words(before, after, label))

    follow(frame, [digit, which, *edits.values()], update)
    return frame


def edited(x, right=0, down=0, turn=0, thicker=0, noise=0):
    """A digit (784,) thickened, turned, moved, and then covered with noise, always the same."""
    moved = shift(rotate(thicken(x, thicker), turn), down, right)
    return add_noise(moved, noise, np.random.default_rng(0))


def edit_in_words(before, after, label):
    """The line under an edited digit."""
    verdict = "✓" if after.argmax() == label else "✗"
    words = f"In truth {a(label)}. Before: {reading_in_words(before)}."
    return f"{words} Now: {reading_in_words(after)} {verdict}"


def draw_edit(figure, x, now, before, after, label):
    """The digit before, pale, and now; below, the bars of both."""
    figure.set_layout_engine("none")
    left, right, bars = (
        figure.add_axes(place)
        for place in ([0.06, 0.47, 0.38, 0.46], [0.56, 0.47, 0.38, 0.46], [0.15, 0.12, 0.83, 0.29])
    )
    plot_digit(x, ax=left).images[0].set_alpha(0.4)
    plot_digit(now, ax=right)
    left.set_title("before", loc="center")
    right.set_title("now", loc="center")
    plot_reading(after, before=before, label=label, ax=bars)
    bars.set_xlabel("digit (outlines: before)")
