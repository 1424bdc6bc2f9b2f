"""Deformed digits: where pixels take their ink from, and how such a field is made.  Lesson 15."""

import matplotlib.pyplot as plt
import numpy as np

from nnlib.plots.digits import SIDE, bare
from nnlib.plots.style import DIVERGING, SEQUENTIAL, TEST, WIDTH, describe

EVERY = 3  # an arrow for every third pixel, each way


def plot_field(x, field, title=None, ax=None):
    """Draw a digit with arrows: from a pixel to the place that it takes its ink from.

    Parameters
    ----------
    x : ndarray, shape (784,)
        The digit before it is deformed, 0…1.
    field : ndarray, shape (2, 28, 28)
        How far down, and how far to the right, that place lies from each pixel, in pixels.
    title : str, optional
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    ax = ax or plt.subplots(figsize=(2.8, 2.8))[1]
    ax.imshow(x.reshape(SIDE, SIDE), cmap=SEQUENTIAL, vmin=0, vmax=1.6)  # paler: arrows on top
    at = np.arange(EVERY // 2, SIDE, EVERY)
    down, right = field[:, at[:, None], at]
    scale = {"angles": "xy", "scale_units": "xy", "scale": 1, "units": "xy"}
    size = {"width": 0.25, "headwidth": 4.5, "headlength": 4.5, "headaxislength": 4, "minlength": 0}
    ax.quiver(at, at, right, down, color=TEST, **scale, **size)
    ax.set(xlim=(-0.5, SIDE - 0.5), ylim=(SIDE - 0.5, -0.5))
    bare(ax)
    if title:
        ax.set_title(title, loc="center")
    describe(ax.figure, field_in_words(field))
    return ax


def field_in_words(field):
    """The sentence that stands for a field of displacements."""
    far = np.hypot(*field)
    return (
        "Arrows on a digit, from pixels to the places that they take their ink from: "
        f"{far.mean():.1f} pixels long in the mean, the longest {far.max():.1f}."
    )


def plot_elastic_steps(x, noise, field, bent, title=None):
    """Draw how an elastic deformation is made: random numbers, smooth ones, arrows, the digit.

    Parameters
    ----------
    x : ndarray, shape (784,)
        A digit, 0…1.
    noise, field : ndarray, shape (2, 28, 28)
        Random numbers, and the displacements that smoothing made of them, in pixels.
    bent : ndarray, shape (784,)
        The digit after.
    title : str, optional

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = plt.subplots(1, 4, figsize=(WIDTH, 2.3 + (0.3 if title else 0)))
    for ax, values, name in zip(axes, (noise[0], field[0]), ("random numbers", "smoothed")):
        limit = float(np.abs(values).max())
        ax.imshow(values, cmap=DIVERGING, vmin=-limit, vmax=limit)
        bare(ax)
        ax.set_title(name, loc="center")
        ax.set_xlabel(f"−{limit:.1f} … {limit:.1f}" + (" pixels" if name == "smoothed" else ""))
    plot_field(x, field, "down and right", ax=axes[2])
    axes[3].imshow(bent.reshape(SIDE, SIDE), cmap=SEQUENTIAL, vmin=0, vmax=1)
    bare(axes[3])
    axes[3].set_title("deformed", loc="center")
    if title:
        figure.suptitle(title, x=0.01, ha="left", fontsize=11)
    describe(
        figure,
        f"Four pictures: random numbers up to {np.abs(noise[0]).max():.1f}; smoothed, a landscape "
        f"of displacements up to {np.abs(field[0]).max():.1f} pixels; the arrows; the digit "
        f"deformed, {np.abs(bent - x).mean():.2f} of ink changed a pixel.",
    )
    return figure
