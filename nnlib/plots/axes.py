"""How an Axes is laid out: images without ticks, one row a name, names at the ends of curves."""

import numpy as np
from matplotlib.ticker import LogLocator, NullFormatter, StrMethodFormatter

from nnlib.plots.style import DIVERGING, EDGE, SEQUENTIAL
from nnlib.views.curves import last_within
from nnlib.views.images import SIDE
from nnlib.views.words import minus_signs, written

APART = 13  # points between the names of two curves


def bare(ax, frame=True):
    """Take the ticks off an image, and its frame if asked."""
    ax.set(xticks=[], yticks=[])
    for spine in ax.spines.values():
        spine.set(visible=frame, color=EDGE)


def ink_image(ax, x, most=1):
    """Draw an image (784,) as dark ink on light paper; `most` is the value of black."""
    ax.imshow(x.reshape(SIDE, SIDE), cmap=SEQUENTIAL, vmin=0, vmax=most)
    bare(ax)


def signed_image(ax, values, limit, **look):
    """Draw signed values as colors from -limit to limit, white at 0; return the image."""
    return ax.imshow(values, cmap=DIVERGING, vmin=-limit, vmax=limit, **look)


def color_bar(axes, image, ticks, shrink=0.8, aspect=25):
    """Draw the colors of an image as a bar beside one or several Axes."""
    figure = np.ravel(axes)[0].figure
    bar = figure.colorbar(image, ax=axes, ticks=ticks, shrink=shrink, aspect=aspect)
    bar.ax.set_yticklabels([written(tick) for tick in ticks])


def one_row_each(ax, names, xlabel):
    """Lay an axis out for one row a name, the first on top, and a grid to read values off.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    names : sequence of str
        The name at place k, counted from 0, labels the height k.
    xlabel : str
        What is measured, with its unit.
    """
    ax.set(xlabel=xlabel, yticks=range(len(names)), yticklabels=names)
    ax.set_ylim(len(names) - 0.5, -0.6)
    ax.tick_params(axis="y", length=0)
    grid_below(ax, axis="x")


def rows_high(groups, **_):
    """The height of a figure with a row for each group, in inches."""
    return 0.8 + 0.42 * len(groups)


def dots_in_row(ax, place, values, apart, **look):
    """Draw values as dots around the height `place`, apart from each other if they are equal."""
    height = place + apart * np.resize([0, 1, -1, 0.5, -0.5], values.size)
    ax.scatter(values, height, linewidths=0, **look)


def write_beside(ax, place, text, **look):
    """Write at the right edge of an Axes, at the height `place`."""
    ax.text(1.01, place, minus_signs(text), transform=ax.get_yaxis_transform(), va="center", **look)


def grid_below(ax, axis="both"):
    """Draw the lines that values are read off, behind the data."""
    ax.grid(axis=axis)
    ax.set_axisbelow(True)


def plain_numbers(axis, marks=(1,)):
    """Write the ticks of a logarithmic axis as plain numbers: 0.1, 5, 10,000."""
    axis.set_major_locator(LogLocator(subs=marks))
    axis.set_major_formatter(StrMethodFormatter("{x:,g}"))
    axis.set_minor_formatter(NullFormatter())


def name_at_the_end(ax, lines):
    """Write each line's name beside its last point in sight, away from the other names."""
    points_per_pixel, limits = 72 / ax.figure.dpi, sorted(ax.get_ylim())
    lasts = [last_within(line.get_ydata(), *limits) for line in lines]
    seen = [(line, _point(line, last)) for line, last in zip(lines, lasts) if last is not None]
    heights = [ax.transData.transform(end)[1] * points_per_pixel for _, end in seen]
    lowest = ax.transAxes.transform((0, 0))[1] * points_per_pixel - APART / 2
    for i in np.argsort(heights):
        line, end = seen[i]
        lowest = max(heights[i], lowest + APART)
        where = {"xytext": (5, lowest - heights[i]), "textcoords": "offset points", "va": "center"}
        look = {"fontsize": 9, "color": line.get_color(), "annotation_clip": False}
        ax.annotate(line.get_label(), end, **where, **look)


def _point(line, place):
    """The point of a line at this place, as two numbers."""
    return tuple(float(values[place]) for values in line.get_data())
