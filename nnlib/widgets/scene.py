"""A picture of several panels that stay: built once, then only their data change."""

import matplotlib as mpl

from nnlib.plots.style import current_style
from nnlib.widgets.frame import Canvas


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
        """Call `draw(panels)`, which changes what they hold, and show the result."""
        with mpl.rc_context(current_style()):
            said = draw(self.panels)
            self.show()
        return said


def wipe(panels):
    """Take everything out of some panels but their axes."""
    for ax in panels.values():
        for artist in [*ax.lines, *ax.images, *ax.texts, *ax.patches]:
            artist.remove()
