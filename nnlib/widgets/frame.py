"""The frame that all widgets share: a question, controls, a picture, and one line of words.

A widget is thin: it reads its controls, calls a pure function, and hands the result to a picture.
This file does what they have in common: it collapses a storm of slider messages into few
computations, turns an exception into a sentence, and keeps one figure for a picture's whole life.
"""

import asyncio
import html
import io
import math
import os
import pathlib

import ipywidgets as w
import matplotlib as mpl
import numpy as np
import traitlets
from IPython import get_ipython
from IPython.display import publish_display_data
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from nnlib.plots.style import PRESENTER, current_style, use_style
from nnlib.system.browser import message_of_cell
from nnlib.system.errors import NnlibError
from nnlib.widgets.picture import Picture

PAUSE = 0.03  # seconds that a computation waits for further messages of the same drag
LOST = pathlib.Path(__file__).with_name("lost.css").read_text(encoding="utf-8")
SHOWN = {}  # the frames that each cell made when it last ran: {cell: (run, frames)}


def presenter_mode(on=True):
    """Make widgets and figures that are shown from now on large enough for a projector.

    The environment variable NNLIB_PRESENTER=1 does the same before anything is shown.

    Parameters
    ----------
    on : bool, default True
        False brings the usual size back.
    """
    PRESENTER["on"] = bool(on)
    use_style()


def enlarged(length, times=1.4):
    """A length in pixels, so many times as long in presenter mode."""
    return round(times * length) if PRESENTER["on"] else length


class Frame(w.VBox):
    """A widget of the series; without a kernel its one sentence stands in its place.

    Parameters
    ----------
    question : str
        The title line, a question.
    controls : list of ipywidgets.Widget
        In the order a thought takes: what, how much, go.
    picture : ipywidgets.Widget
        What is seen, an Image or HTML widget or a box of them.
    moves : str
        What can be moved, for "Interactive: …; run this cell to use it."
    """

    def __init__(self, question, controls, picture, moves):
        self.moves = moves
        self.words = w.HTML()
        self.words.add_class("nn-words")
        title = w.HTML(f"<div class='nn-question'>{html.escape(question)}</div>")
        width = f"{enlarged(290)}px"
        self.controls = w.VBox(controls, layout={"min_width": width, "max_width": width})
        for one in all_in(self.controls):
            if isinstance(one, w.Button):
                one.guard = self.safely
        picture.add_class("nn-picture")
        self.picture = picture
        body = w.HBox([self.controls, picture])  # in a narrow page one below the other
        body.add_class("nn-body")
        super().__init__([title, body, self.words])
        self.add_class("nn-frame")
        if PRESENTER["on"]:
            self.add_class("nn-large")
        replace_earlier(self)

    def retire(self):
        """Stop whatever runs; called when the cell that made this frame is run again."""

    def __repr__(self):
        return f"Interactive: {self.moves}; run this cell to use it."

    def _repr_mimebundle_(self, **options):
        """Show the frame, and before it how a page looks that has outlived the kernel."""
        if get_ipython() is not None and os.environ.get("NNLIB_PLAIN_FIGURES") != "1":
            publish_display_data({"text/html": f"<style>{LOST}</style>"})
        return super()._repr_mimebundle_(**options)

    def say(self, words):
        """Show the words under the picture, a line each; they are also the picture's alt text."""
        self.words.value = html.escape(words).replace("\n", "<br>")
        for picture in all_in(self.picture):
            if isinstance(picture, Picture):
                picture.alt = words.replace("\n", " ")

    def safely(self, act):
        """Wrap a callback: whatever it meets becomes a sentence, and must not end the widget."""

        def call(*_):
            try:
                act()
            except Exception as error:
                self.say_error(error)

        return call

    def say_error(self, error):
        """Show an exception as one sentence; the next event works again."""
        is_ours = isinstance(error, NnlibError)  # such an error is a whole sentence
        sentence = f"{error}." if is_ours else f"That did not work: {type(error).__name__}: {error}"
        self.words.value = f"<span class='nn-error'>{html.escape(sentence)}</span>"


def all_in(widget):
    """Walk through a widget and everything in it."""
    yield widget
    for child in getattr(widget, "children", ()):
        yield from all_in(child)


def replace_earlier(frame):
    """Retire and close the frames that the same cell made when it ran before, so none pile up."""
    parent = message_of_cell(get_ipython())
    cell, run = parent.get("metadata", {}).get("cellId"), parent.get("header", {}).get("msg_id")
    if cell is None:
        return
    earlier, frames = SHOWN.get(cell, (run, []))
    if earlier != run:
        for old in frames:
            old.retire()
            close_whole(old)
        frames = []
    SHOWN[cell] = (run, [*frames, frame])


def close_whole(widget):
    """Close a widget and everything in it."""
    for one in [*all_in(widget)]:
        for part in ("layout", "style"):
            if isinstance(getattr(one, part, None), w.Widget):
                getattr(one, part).close()
        one.close()


def running_loop():
    """The asyncio loop that this code runs in, or None in a script."""
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


def at_home(act):
    """Wrap a callback so that it runs where it was made: in the same loop and thread.

    JupyterLab hands a widget's messages to another thread than the cells'. Pictures and training
    must not be disturbed in the middle, so the callback waits its turn in the cells' own loop.
    Made outside a loop, or once the loop is closed, it runs at once.
    """
    home = running_loop()

    def call(*arguments):
        if home is None or home.is_closed() or running_loop() is home:
            act(*arguments)
        else:
            home.call_soon_threadsafe(act, *arguments)

    return call


def collapsed(frame, update):
    """Wrap an update so that a storm of messages leads to few calls of it.

    In a kernel, messages that arrive within 30 ms of each other lead to one call. Without a
    running loop (a test, a script) each message calls at once. An exception becomes a sentence.
    """
    pending = {"call": None}

    @frame.safely
    def run():
        pending["call"] = None
        update()

    @at_home
    def changed(_=None):
        loop = running_loop()
        if loop is None:
            run()
        elif pending["call"] is None:
            pending["call"] = loop.call_later(PAUSE, run)

    return changed


def follow(frame, controls, update):
    """Call `update()` now, and after the controls' values have changed; never for each message."""
    changed = collapsed(frame, update)
    for control in controls:
        control.observe(changed, names="value")
    frame.safely(update)()


def slider(name, value, low, high, step=1, **options):
    """A slider for whole numbers, or for decimal ones if the step is one; keyboard: arrows."""
    kind = w.IntSlider if isinstance(step, int) else w.FloatSlider
    return kind(value, min=low, max=high, step=step, **labelled(name), **options)


def log_slider(name, value, low, high, **options):
    """A slider whose steps are factors: ten to an order of magnitude."""
    ends = {"min": math.log10(low), "max": math.log10(high), "step": 0.1}
    return w.FloatLogSlider(value, **ends, readout_format=".3g", **labelled(name), **options)


def choice(name, options, value):
    """A drop-down list; options are values, or (text, value) pairs."""
    return w.Dropdown(options=options, value=value, **labelled(name))


def switch(name, value=False):
    """A box to tick."""
    return w.Checkbox(value, description=name, indent=False)


def button(name, tip, act, kind=w.Button, **options):
    """A button that calls `act()`; in a Frame, whatever that meets becomes a sentence."""
    made = kind(description=name, tooltip=tip, **{"layout": {"width": "auto"}} | options)
    made.guard = lambda act: act  # the Frame puts its `safely` here
    made.on_click(at_home(lambda _: made.guard(act)()))
    return made


class Counter(w.Button):
    """A button whose `value` is how often it was pressed: a picture that hears it is drawn anew."""

    value = traitlets.Int(0)


def counter(name, tip):
    """A button that counts how often it is pressed."""
    made = button(name, tip, lambda: made.set_trait("value", made.value + 1), Counter)
    return made


class Trace:
    """What was seen before the last change of a setting; it stays in a picture as a pale trace."""

    def __init__(self):
        self.setting = self.seen = self.before = None

    def change(self, setting, seen):
        """Note what is seen at a setting; return what was seen at the one before, or None."""
        if self.setting not in (None, setting):
            self.before = self.seen
        self.setting, self.seen = setting, seen
        return self.before


class Kept(traitlets.HasTraits):
    """A value that is heard like a control's and never shown: the open cell, what was painted."""

    value = traitlets.Any()


def digit_picker(digits, first, also=()):
    """Two controls that choose a digit by its class and number, and a function that finds it.

    Parameters
    ----------
    digits : Digits
        X (784, m) and y (m,).
    first : str
        The class that is shown at first.
    also : sequence of str, default ()
        What else can be chosen in place of a class.

    Returns
    -------
    controls : dict
        "digit", the class as text, and "which", from 1; beyond the last of a class it begins anew.
    column : callable
        From their two values to the pixels x (784,).
    """
    classes, counts = np.unique(digits.y, return_counts=True)
    controls = {
        "digit": choice("digit", [*map(str, classes), *also], first),
        "which": slider("which one", 1, 1, int(counts.max())),
    }

    def column(digit, which):
        same = np.flatnonzero(digits.y == int(digit))
        return digits.X[:, same[(which - 1) % same.size]]

    return controls, column


def labelled(name):
    """What gives every control the same width and a label that is never cut off."""
    return {
        "description": name,
        "style": {"description_width": f"{enlarged(96)}px"},
        "layout": {"width": f"{enlarged(280)}px"},
    }


class Canvas(Picture):
    """A picture that is drawn again and again into one figure, without pyplot.

    Parameters
    ----------
    size : pair of float
        Width and height in inches, at 100 dots an inch.
    """

    def __init__(self, size=(5.6, 3.4)):
        with mpl.rc_context(current_style()):
            self.figure = Figure(figsize=size, layout="constrained")
        FigureCanvasAgg(self.figure)
        self.dots = enlarged(100)
        super().__init__(width=int(size[0] * self.dots))

    def redraw(self, draw):
        """Clear the figure, call `draw(figure)`, show the result, and return what was returned."""
        with mpl.rc_context(current_style()):
            self.figure.clear()
            self.figure.alt_text = ""
            said = draw(self.figure)
            self.figure.set_dpi(self.dots)
            self.show()
        return said

    def show(self):
        """Send the figure as it is now."""
        buffer = io.BytesIO()
        self.figure.canvas.print_png(buffer)  # savefig would draw everything twice
        self.value = buffer.getvalue()


def picture_widget(question, moves, canvas, controls, show, below=None, arrange=None):
    """A frame with one picture, which is drawn at every move of a control.

    Parameters
    ----------
    question, moves : str
        As `Frame` takes them.
    canvas : pair of float, or Canvas
        Its size in inches, or one that was made before.
    controls : dict
        Widgets by name, in the order a thought takes; a dict within it is a row of them, a `Kept`
        is not shown.
    show : callable
        `show(figure, **values)` gets the value of each control under its name, draws, and returns
        the words under the picture, which are also its alt text. An exception becomes a sentence.
        A Scene hands over its panels instead of the figure.
    below : ipywidgets.Widget, optional
        Stands under the picture.
    arrange : callable, optional
        `arrange(controls)` adapts the controls to each other, before their values are read.

    Returns
    -------
    Frame
        Its `parts` are the controls by name, those in rows too, and the canvas.
    """
    canvas = canvas if isinstance(canvas, Canvas) else Canvas(canvas)
    frame = Frame(question, in_rows(controls), w.VBox([canvas, below]) if below else canvas, moves)
    parts = dict(named_controls(controls))
    frame.parts = parts | {"canvas": canvas}
    heard = {name: part for name, part in parts.items() if is_heard(part)}

    def update():
        if arrange is not None:
            arrange(parts)
        values = {name: part.value for name, part in heard.items()}
        words = canvas.redraw(lambda figure: show(figure, **values))
        canvas.figure.alt_text = words.replace("\n", " ")
        frame.say(words)

    follow(frame, heard.values(), update)
    return frame


def in_rows(controls):
    """The widgets to show: a row for each dict in a dict of controls."""
    rows = (w.HBox(in_rows(one)) if isinstance(one, dict) else one for one in controls.values())
    return [one for one in rows if isinstance(one, w.Widget)]


def named_controls(controls):
    """Every control with its name, those in rows too."""
    for name, one in controls.items():
        yield from named_controls(one) if isinstance(one, dict) else [(name, one)]


def is_heard(part):
    """Whether the picture depends on a part: it has a value, and is not only words."""
    return hasattr(part, "value") and not isinstance(part, (w.HTML, w.Label))
