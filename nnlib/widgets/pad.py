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
from nnlib.plots.reading import reading_axes
from nnlib.views.words import a_digit
from nnlib.widgets.frame import (
    Canvas,
    Frame,
    button,
    digit_picker,
    enlarged,
    follow,
    picture_widget,
    slider,
)


class Pad(anywidget.AnyWidget):
    """A square to draw on with mouse, finger, pen or keyboard; pad.js beside this file.

    Its `value` holds 140 × 140 bytes in reading order, 0 (paper) … 255 (ink), sent while one draws
    at most every 50 ms; `drawn_at` is when, in ms of the browser's clock; `width` is that of the
    line, in 280ths of the pad; `size`, in pixels of the screen, is that of the pad. A `hint` stands
    in place of the help under it and of the slider for the width, where there is little room.
    """

    # as text: to a path, anywidget ties each pad by a signal, and the signal keeps it alive
    _esm = pathlib.Path(__file__).with_name("pad.js").read_text(encoding="utf-8")
    # the browser sends a memoryview, which Bytes would silently refuse
    value = traitlets.Bytes(bytes(PAD * PAD)).tag(
        sync=True, echo_update=False, from_json=lambda value, _: bytes(value)
    )
    drawn_at = traitlets.Float(0).tag(sync=True)
    width = traitlets.Int(24).tag(sync=True)
    size = traitlets.Int(280).tag(sync=True)
    hint = traitlets.Unicode("").tag(sync=True)


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


class DrawingPad(Frame):
    """See `drawing_pad`; its `parts` are the pad, the upload and the canvas."""

    def __init__(self, params, activations):
        self.params, self.activations = params, activations
        pad, upload, canvas = Pad(size=enlarged(280, 1.15)), Upload(), Canvas((5.1, 4.0))
        moves = "a pad to draw a digit on, its way into the network, what is read"
        super().__init__("Can it read your writing?", [pad, upload], canvas, moves)
        self.controls.layout.min_width = f"{pad.size + 10}px"  # the pad is narrower than sliders
        self.parts = {"pad": pad, "upload": upload, "canvas": canvas}
        self.most = 1e-9  # the darkest square of the hidden units; it only grows
        self.seen = None  # what was drawn last, and its words
        pad.observe(self.end_picture, "value")
        follow(self, [pad, upload], self.update)

    def end_picture(self, _):
        """Return to the pad, for one draws again; a late end of a stroke does not count."""
        if self.parts["pad"].drawn_at >= self.parts["upload"].chosen_at:
            self.parts["upload"].value = None

    def update(self):
        """Read what is drawn or uploaded; of a file that cannot be read, show what was before."""
        upload = self.parts["upload"].value
        try:
            ink = read_picture(*reversed(upload)) if upload else ink_of(self.parts["pad"].value)
        except ValueError:
            self.show_as_past()
            raise
        self.show(ink, *(("uploaded", upload[0]) if upload else ("drawn", "")))

    def show(self, ink, first, name):
        """Draw the way of some ink (140, 140) into the network, and say what is read."""
        steps = as_mnist(ink) if ink.any() else None
        if steps is None:
            hidden, p, words = np.zeros(len(self.params[0].W)), None, EMPTY
        else:
            hidden, p = hidden_and_probabilities(self.params, steps.x, self.activations)
            words = pad_in_words(hidden, p, name)
        self.most = max(self.most, float(hidden.max()))
        scene = ink, steps, hidden, p, self.most, first
        self.parts["canvas"].redraw(lambda figure: draw_pad(figure, *scene))
        self.say(words)
        self.seen = scene, words

    def show_as_past(self):
        """Show what was seen before, pale and named so: it says nothing about the file refused."""
        if self.seen is None:
            return
        (*drawn, p, most, first), words = self.seen
        if p is not None:  # an empty pad has nothing to take back
            scene = *drawn, p, most, f"{first}\nbefore"
            self.parts["canvas"].redraw(lambda figure: fade(draw_pad(figure, *scene)))
            self.parts["canvas"].alt = f"Before: {words}"


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
    DrawingPad
        Its `parts`: "pad" (a Pad, whose `value` is what is drawn), "upload" (an Upload) and
        "canvas".
    """
    return DrawingPad(params, activations)


def ink_of(data):
    """What is drawn on the pad, (140, 140), 0…1, from its bytes."""
    return np.frombuffer(data, np.uint8).reshape(PAD, PAD) / 255


def fade(axes):
    """Make pale what is drawn in some axes, and say over the bars that it is past."""
    for ax in axes:
        names = ax.get_xticklabels()  # one of them is bold
        for artist in [*ax.images, *ax.patches, *ax.texts, *ax.lines, *names]:
            artist.set_alpha(0.3)
    axes[1].set_title("before", fontsize="medium", pad=3)


EMPTY = "The pad is empty. Draw a digit, anywhere on it, small or large."


def hidden_and_probabilities(params, x, activations):
    """The first hidden layer's activations, and the ten probabilities, for one digit x (784,)."""
    _, As = forward(params, x[:, None], activations)
    return As[1][:, 0], As[-1][:, 0]


def pad_in_words(hidden, p, name=""):
    """The line under the pad; the name is that of an uploaded picture."""
    active = int((hidden > 0).sum())
    reading = f"In {name} {reading_in_words(p)}" if name else capitalized(reading_in_words(p))
    return f"{reading}; {active} of {hidden.size} hidden units are active."


def capitalized(words):
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


MINE = "my drawing"


def digit_or_drawing(digits, first):
    """As `digit_picker`, and a small pad beside: whoever draws on it sees the drawing chosen.

    Parameters
    ----------
    digits : Digits
        X (784, m) and y (m,).
    first : str
        The class that is shown at first.

    Returns
    -------
    controls : dict
        "digit", where the drawing can be chosen too, "which" and "pad".
    column : callable
        From their three values to the pixels x (784,), all 0 while the pad is empty.
    """
    picker, column_of_digits = digit_picker(digits, first, [MINE])
    pad = Pad(size=enlarged(190, 1.05), hint="Draw a digit of your own.")

    def choose_drawing(_):
        if any(pad.value):  # a new sheet is no drawing
            picker["digit"].value = MINE

    def rest(_):
        picker["which"].disabled = picker["digit"].value == MINE

    def column(digit, which, pad):
        if digit != MINE:
            return column_of_digits(digit, which)
        ink = ink_of(pad)
        return as_mnist(ink).x if ink.any() else np.zeros(len(digits.X), np.float32)

    pad.observe(choose_drawing, "value")
    picker["digit"].observe(rest, "value")
    return picker | {"pad": pad}, column


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
    picker, column = digit_picker(digits, "7")
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

    def show(figure, digit, which, **values):
        x, label = column(digit, which), int(digit)
        now = edited(x, **values)
        before, after = (
            hidden_and_probabilities(params, picture, activations)[1] for picture in (x, now)
        )
        draw_edit(figure, x, now, before, after, label)
        return edit_in_words(before, after, label)

    controls = picker | edits | {"reset": button("As it was", "undo all changes", reset)}
    moves = "a digit, shifted, turned, thickened and covered with noise"
    return picture_widget("What does it take to fool it?", moves, (4.7, 3.9), controls, show)


def edited(x, right=0, down=0, turn=0, thicker=0, noise=0):
    """A digit (784,) thickened, turned, moved, and then covered with noise, always the same."""
    moved = shift(rotate(thicken(x, thicker), turn), down, right)
    return add_noise(moved, noise, np.random.default_rng(0))


def edit_in_words(before, after, label):
    """The line under an edited digit."""
    verdict = "✓" if after.argmax() == label else "✗"
    words = f"In truth {a_digit(label)}. Before: {reading_in_words(before)}."
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
