"""Deformed digits: where pixels take their ink from, and how such a field is made.  Lesson 15."""

import numpy as np

from nnlib.plots.axes import bare, ink_image, signed_image
from nnlib.plots.painter import panels, plot
from nnlib.plots.style import TEST
from nnlib.views.images import SIDE
from nnlib.views.words import written

EVERY = 3  # an arrow for every third pixel, each way
ARROWS = {"angles": "xy", "scale_units": "xy", "scale": 1, "units": "xy", "color": TEST}
ARROWS |= {"width": 0.25, "headwidth": 4.5, "headlength": 4.5, "headaxislength": 4, "minlength": 0}


@plot((2.8, 2.8), loc="center")
def plot_field(ax, x, field):
    """Draw a digit with arrows: from a pixel to the place that it takes its ink from.

    Parameters
    ----------
    x : ndarray, shape (784,)
        The digit before it is deformed, 0…1.
    field : ndarray, shape (2, 28, 28)
        How far down, and how far to the right, that place lies from each pixel, in pixels.
    """
    ink_image(ax, x, most=1.6)  # paler: arrows on top
    at = np.arange(EVERY // 2, SIDE, EVERY)
    down, right = field[:, at[:, None], at]
    ax.quiver(at, at, right, down, **ARROWS)
    ax.set(xlim=(-0.5, SIDE - 0.5), ylim=(SIDE - 0.5, -0.5))
    far = np.hypot(*field)
    return (
        "Arrows on a digit, from pixels to the places that they take their ink from: "
        f"{far.mean():.1f} pixels long in the mean, the longest {far.max():.1f}."
    )


@panels(lambda title, **_: 2.3 + (0.3 if title else 0))
def plot_elastic_steps(figure, x, noise, field, bent):
    """Draw how an elastic deformation is made: random numbers, smooth ones, arrows, the digit.

    Parameters
    ----------
    x : ndarray, shape (784,)
        A digit, 0…1.
    noise, field : ndarray, shape (2, 28, 28)
        Random numbers, and the displacements that smoothing made of them, in pixels.
    bent : ndarray, shape (784,)
        The digit after.
    """
    axes = figure.subplots(1, 4)
    names = ("random numbers", "smoothed", "down and right", "deformed")
    for ax, name in zip(axes, names, strict=True):
        ax.set_title(name, loc="center")
    for ax, values, unit in zip(axes, (noise[0], field[0]), ("", " pixels")):
        limit = float(np.abs(values).max())
        signed_image(ax, values, limit)
        bare(ax)
        ax.set_xlabel(f"{written(-limit, '.1f')} … {limit:.1f}{unit}")
    arrows = plot_field.paint(axes[2], x, field)
    ink_image(axes[3], bent)
    return (
        f"{arrows} Four pictures: random numbers up to {np.abs(noise[0]).max():.1f}; smoothed, a "
        f"landscape of displacements up to {np.abs(field[0]).max():.1f} pixels; the arrows; the "
        f"digit deformed, {np.abs(bent - x).mean():.2f} of ink changed a pixel."
    )
