"""A picture of several panels that stay: built once, then only their data change."""

import io

import matplotlib as mpl

from nnlib.widgets.frame import Canvas, current_style


class Scene(Canvas):
    """A Canvas for many panels; showing a change takes half the time of drawing them anew.

    Parameters
    ----------
    size : pair of float
        Width and height in inches, at 100 dots an inch.
    places : dict of str to (left, bottom, width, height)
        The panels and where they stand, in parts of the figure.

    Attributes
    ----------
    panels : dict of str to matplotlib.axes.Axes
    """

    def __init__(self, size, places):
        super().__init__(size)
        self.figure.set_layout_engine("none")  # the places are given
        self.figure.set_dpi(self.dots)
        with mpl.rc_context(current_style()):
            self.panels = {name: self.figure.add_axes(box) for name, box in places.items()}

    def redraw(self, draw):
        """Wipe all panels, call `draw(panels)`, and show the result with its alt text."""
        with mpl.rc_context(current_style()):
            self.figure.alt_text = ""
            for ax in self.panels.values():
                for artist in [*ax.lines, *ax.images, *ax.texts]:
                    artist.remove()
            draw(self.panels)
        self.show(self.figure.alt_text)

    def show(self, sentence):
        """Draw the panels as they are now, with the sentence that stands for them."""
        self.figure.alt_text = sentence
        buffer = io.BytesIO()
        with mpl.rc_context(current_style()):
            self.figure.canvas.print_png(buffer)
        self.value = buffer.getvalue()
