"""The filter lab: choose or paint a small filter and see where it fits a digit.  Lesson 17."""

import ipywidgets as w
import matplotlib as mpl
import numpy as np
from matplotlib.patches import Rectangle

from nnlib.convolution import convolve, images_of
from nnlib.plots.axes import bare
from nnlib.plots.style import DIVERGING, INK, SEQUENTIAL, TEST
from nnlib.views.images import SIDE
from nnlib.views.words import short
from nnlib.widgets.frame import Kept, button, choice, enlarged, picture_widget, switch
from nnlib.widgets.pad import MINE, digit_or_drawing
from nnlib.widgets.scene import Scene, wipe

K = 5  # pixels of a filter, each way
PAINTED = "painted"
ROWS, COLUMNS = np.indices((K, K)) - K // 2


def stroke(where):
    """A filter that fits a stroke: +1 on it, and beside it what makes the sum 0."""
    return np.where(where, 1, -where.sum() / (~where).sum()).ravel()


FILTERS = {
    "stroke \\": stroke(ROWS == COLUMNS),
    "stroke /": stroke(ROWS == -COLUMNS),
    "stroke —": stroke(ROWS == 0),
    "stroke |": stroke(COLUMNS == 0),
    "upper edge": np.sign(ROWS).ravel(),  # paper above, ink below
    "blur": np.full(K * K, 1 / K**2),
}


def filter_lab(digits, learned=None):
    """Choose or paint a filter of 5 × 5 weights, and see its map of a digit or of a drawing.

    Parameters
    ----------
    digits : Digits
        X (784, m), 0…1, and y (m,).
    learned : ndarray, shape (n, 25), optional
        Filters that can be chosen, too, such as W of a network's first layer.

    Returns
    -------
    Frame
        Its `parts`: the controls "filter", "digit", "which", "stride" and "relu"; "cells", the
        buttons of the filter as a dict under (row, column), and "zeros", which empties them;
        "painted", whose value is what was painted, 25 numbers; "pad" (a Pad) and "canvas".

    Raises
    ------
    ValueError
        If the learned filters do not have 25 weights each.
    """
    picker, column = digit_or_drawing(digits, str(digits.y[0]))
    chosen, cells, zeros, weights = filter_picker(FILTERS | named(learned))

    def show(panels, filter, digit, which, pad, stride, relu, **_):
        x, kernel = column(digit, which, pad), weights()
        color_cells(cells, kernel)
        Z, _ = convolve(images_of(x[:, None]), kernel[None], np.zeros((1, 1)), stride)
        found, best = np.maximum(Z[0, 0], 0) if relu else Z[0, 0], best_place(Z[0, 0], stride)
        draw_filter(panels, x, kernel, found, best, stride, relu)
        what = f"{filter} on {digit if digit == MINE else f'this {digit}'}"
        return filter_in_words(what, x, found, best)

    scene = Scene((5.1, 3.9), PLACES)
    for sign, place in (("×", 0.32), ("=", 0.61)):
        scene.figure.text(place, 0.14, sign, ha="center", va="center", fontsize=14)
    boards = {"board": board(cells, zeros), "pad": picker.pop("pad")}
    moves = {"stride": choice("stride", [1, 2], 1), "relu": switch("relu")}
    controls = chosen | {"boards": boards} | picker | {"moves": moves}
    question = "Where does a small filter fit?"
    said = "a filter of 5 × 5 weights, its stride, and the digit under it"
    frame = picture_widget(question, said, scene, controls, show)
    frame.controls.layout.min_width = frame.controls.layout.max_width = f"{enlarged(390, 1.15)}px"
    frame.words.layout.min_height = f"{enlarged(38)}px"  # two lines: the page below stays
    frame.parts |= {"cells": cells, "zeros": zeros}
    return frame


def filter_picker(filters):
    """What chooses one of some filters or paints one.

    Returns
    -------
    controls : dict
        "filter", its name, and "painted", the 25 weights that were painted last.
    cells, zeros
        The buttons that paint, as `filter_lab` has them.
    weights : callable
        The weights (25,) that are chosen now.
    """
    chosen = choice("filter", [*filters, PAINTED], next(iter(filters)))
    painted = Kept(value=(0.0,) * K**2)

    def weights():
        return np.asarray(painted.value if chosen.value == PAINTED else filters[chosen.value])

    def paint(values):
        painted.value, chosen.value = tuple(map(float, values)), PAINTED

    cells = weight_buttons(lambda cell: paint(clicked(weights(), cell)))
    zeros = button("all 0", "begin with an empty filter", lambda: paint(np.zeros(K**2)))
    return {"filter": chosen, "painted": painted}, cells, zeros, weights


def named(learned):
    """Filters (n, 25) under their names; ValueError if they are others."""
    if learned is None:
        return {}
    if np.shape(learned)[1:] != (K * K,):
        raise ValueError(f"learned filters are (n, {K * K}), one a row; got {np.shape(learned)}")
    return {f"learned {f}": w for f, w in enumerate(learned, 1)}


def clicked(weights, cell):
    """The weights (25,) after a click on a cell: −1, 0, +1, and again from −1."""
    changed = np.array(weights, dtype=float)
    place = cell[0] * K + cell[1]
    changed[place] = next((value for value in (-1, 0, 1) if value > changed[place]), -1)
    return changed


def best_place(Z, stride):
    """Row and column of the upper left pixel under the filter where its map is largest."""
    r, c = np.unravel_index(Z.argmax(), Z.shape)
    return int(r) * stride, int(c) * stride


def filter_in_words(what, x, found, best):
    """The line under the picture."""
    if not x.any():
        return "There is no ink yet: draw a digit on the pad."
    low, high = short(float(found.min())), short(float(found.max()))
    size = f"{what}: a map of {len(found)} × {len(found)} places"
    if low == high:
        return f"{size}, {high} everywhere."
    rows, columns = (f"{first + 1} to {first + K}" for first in best)
    where = f"rows {rows} and columns {columns}"
    return f"{size}, {low} to {high}; largest with the filter on {where} of the digit (framed)."


def weight_buttons(act):
    """One button a weight; pressing it calls `act` with its (row, column)."""
    size = {"width": f"{enlarged(36, 1.3)}px", "height": f"{enlarged(28, 1.2)}px"}
    layout = w.Layout(**size, margin="0", border="1px solid #cccccc")
    cells = {}
    for cell in np.ndindex(K, K):
        cells[cell] = button("0", "weight", lambda cell=cell: act(cell), layout=layout, style={})
    return cells


def color_cells(cells, weights):
    """Write the weights on the buttons and color them, red negative and blue positive."""
    limit = strongest(weights)
    for ((r, c), cell), weight in zip(cells.items(), weights, strict=True):
        number = short(float(weight))
        cell.description, cell.tooltip = number, f"row {r + 1}, column {c + 1}: {number}"
        cell.style.button_color = mpl.colors.to_hex(DIVERGING((weight / limit + 1) / 2))
        cell.style.text_color = "white" if weight > 0.7 * limit else INK


def strongest(values):
    """The value of the strongest color: the largest in size, but 1 if all are 0."""
    return float(np.abs(values).max()) or 1.0


def board(cells, zeros):
    """The buttons in rows under what a click does."""
    rows = [w.HBox([cells[r, c] for c in range(K)]) for r in range(K)]
    made = w.VBox([w.Label("A click: −1, 0, +1"), *rows, zeros], layout={"margin": "0 8px 0 0"})
    made.add_class("nn-cells")
    return made


PLACES = {  # left, bottom, width and height in parts of the figure
    "digit": (0.01, 0.37, 0.45, 0.56),
    "map": (0.54, 0.37, 0.45, 0.56),
    "ink": (0.06, 0.02, 0.23, 0.24),
    "filter": (0.35, 0.02, 0.23, 0.24),
    "product": (0.64, 0.02, 0.23, 0.24),
}


def draw_filter(panels, x, weights, found, best, stride, relu):
    """Draw digit and map, framed where the map is largest, and below how that value comes about."""
    wipe(panels)
    (r, c), digit, limit = best, x.reshape(SIDE, SIDE), strongest(weights)
    ink, kernel = digit[r : r + K, c : c + K], weights.reshape(K, K)
    n, most = len(found), strongest(found)
    size = f"map, {n} × {n} places, {'0 to ' if relu else '±'}{most:.2g}"
    draw_values(panels["digit"], digit, 1, "digit", False)
    draw_values(panels["map"], found, most, size, not relu)
    draw_values(panels["ink"], ink, 1, "ink in the frame", False)
    draw_values(panels["filter"], kernel, limit, f"filter, ±{limit:.2g}")
    total = short(float((ink * kernel).sum()))
    draw_values(panels["product"], ink * kernel, limit, f"product, sum {total}")
    frame_pixels(panels["digit"], r, c, K)
    frame_pixels(panels["map"], r // stride, c // stride, 1)


def draw_values(ax, values, limit, title, signed=True):
    """Draw one value a pixel: signed with white at 0, or light to dark from 0."""
    look = {"cmap": DIVERGING if signed else SEQUENTIAL, "vmin": -limit if signed else 0}
    ax.imshow(values, vmax=limit, **look)
    ax.set_title(title, loc="center", fontsize=9)
    bare(ax)


def frame_pixels(ax, row, column, size):
    """Draw a frame around size × size pixels, the upper left one at (row, column)."""
    corner = column - 0.5, row - 0.5
    ax.add_patch(Rectangle(corner, size, size, fill=False, edgecolor=TEST, linewidth=2))
