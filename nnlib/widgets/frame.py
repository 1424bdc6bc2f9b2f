"""The frame that all widgets share: a question, controls, a picture, and one line of words.

A widget is thin: it reads its controls, calls a pure function, and hands the result to a picture.
This file does what they have in common: it collapses a storm of slider messages into few
computations, turns an exception into a sentence, and keeps one figure for a picture's whole life.
"""

import asyncio
import html
import io
import math

import ipywidgets as w
import matplotlib as mpl
from IPython import get_ipython
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from nnlib.plots.style import STYLE
from nnlib.system.errors import NnlibError
from nnlib.widgets.picture import Picture

PAUSE = 0.03  # seconds that a computation waits for further messages of the same drag
PRESENTER = {"on": False}  # set by `presenter_mode`; frames made afterwards are larger
LARGE = {"savefig.dpi": 140, "font.size": 12, "axes.titlesize": 13, "lines.linewidth": 3}
SHOWN = {}  # the frames that each cell made when it last ran: {cell: (run, frames)}

CSS = """<style>
.nn-frame {border: 1px solid #d8d8d8; border-radius: 6px; padding: 8px 12px 10px;}
.nn-frame .nn-question {font-size: 1.15em; font-weight: 600; margin: 2px 0 6px;}
.nn-frame .nn-words {min-height: 1.6em; margin-top: 4px;}
.nn-frame .nn-words .widget-html-content {line-height: 1.4;}
.nn-frame .nn-error {color: #a33c00;}
.nn-frame .nn-body {flex-flow: row wrap;}
.nn-frame .nn-picture {flex: 1 1 320px; min-width: 0; margin-left: 10px;}
.nn-frame.nn-large .nn-picture {flex-basis: 390px;}
.nn-frame .nn-paper {background: white;}
.nn-frame .nn-paper .widget-html-content {color: #1a1a1a;}
.nn-frame .nn-picture, .nn-frame .nn-picture * {max-width: 100%;}
.nn-frame img {height: auto; object-fit: contain;}
.nn-frame.nn-large {font-size: 20px; --jp-widgets-font-size: 18px;
    --jp-widgets-inline-height: 36px;}
</style>"""


def presenter_mode(on=True):
    """Make widgets and figures that are shown from now on large enough for a projector.

    Parameters
    ----------
    on : bool, default True
        False brings the usual size back.
    """
    PRESENTER["on"] = bool(on)
    mpl.rcParams.update(STYLE | (LARGE if on else {}))


def enlarged(length):
    """A length in pixels, 1.4 times as long in presenter mode."""
    return round(1.4 * length) if PRESENTER["on"] else length


def current_style():
    """The figure style, with larger letters and lines in presenter mode."""
    return STYLE | (LARGE if PRESENTER["on"] else {})


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
        title = w.HTML(f"{CSS}<div class='nn-question'>{html.escape(question)}</div>")
        width = f"{enlarged(290)}px"
        self.controls = w.VBox(controls, layout={"min_width": width, "max_width": width})
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

    def say(self, sentence):
        """Show the line of words under the picture; it is also the picture's alt text."""
        self.words.value = html.escape(sentence)
        for picture in pictures_in(self.picture):
            picture.alt = sentence

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


def pictures_in(widget):
    """Every Picture in a widget, itself included."""
    if isinstance(widget, Picture):
        yield widget
    for child in getattr(widget, "children", ()):
        yield from pictures_in(child)


def replace_earlier(frame):
    """Retire and close the frames that the same cell made when it ran before, so none pile up."""
    parent = getattr(get_ipython(), "get_parent", dict)()
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
    for child in getattr(widget, "children", ()):
        close_whole(child)
    for part in ("layout", "style"):
        if isinstance(getattr(widget, part, None), w.Widget):
            getattr(widget, part).close()
    widget.close()


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


def follow(frame, controls, update):
    """Call `update()` now, and after the controls' values have changed; never for each message.

    In a kernel, messages that arrive within 30 ms of each other lead to one call, with the last
    values. Without a running loop (a test, a script) each change calls at once. An exception in
    `update` becomes a sentence in the frame.
    """
    pending = {"call": None}

    @frame.safely
    def run():
        pending["call"] = None
        update()

    @at_home
    def changed(_):
        loop = running_loop()
        if loop is None:
            run()
        elif pending["call"] is None:
            pending["call"] = loop.call_later(PAUSE, run)

    for control in controls:
        control.observe(changed, names="value")
    run()


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


def button(name, tip, act):
    """A button that calls `act()`."""
    made = w.Button(description=name, tooltip=tip, layout={"width": "auto"})
    made.on_click(at_home(lambda _: act()))
    return made


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
        """Clear the figure, call `draw(figure)`, and show the result; the words below tell it."""
        with mpl.rc_context(current_style()):
            self.figure.clear()
            self.figure.alt_text = ""
            draw(self.figure)
            buffer = io.BytesIO()
            self.figure.set_dpi(self.dots)
            self.figure.canvas.print_png(buffer)  # savefig would draw everything twice
        self.value = buffer.getvalue()
