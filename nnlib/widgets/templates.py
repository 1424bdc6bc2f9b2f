"""The template editor: paint into one of ten templates and watch the scores and the accuracy."""

import ipywidgets as w
import numpy as np
from matplotlib.patches import Rectangle

from nnlib.metrics import accuracy
from nnlib.plots.axes import bare
from nnlib.plots.style import DIVERGING, INK, PALE, RIGHT, SEQUENTIAL, TEST, WRONG
from nnlib.views.images import SIDE
from nnlib.views.painting import brush_box, painted
from nnlib.widgets.frame import Kept, button, choice, enlarged, picture_widget, slider

OTHERS = "#8f8f8f"  # bars that are not the largest
BRUSH = dict(row=10, column=9, size=5)  # the upper gap of the 3, as in lesson 02


def template_editor(templates, digits):
    """Paint into ten templates; see pixel × weight, ten scores and the accuracy, before and after.

    Parameters
    ----------
    templates : ndarray, shape (10, 784)
        The templates to begin with, one a row; they are not changed.
    digits : Digits, or a pair (X, y)
        Images X (784, m), 0…1, and labels y (m,): looked at one by one, and read for the accuracy.

    Returns
    -------
    Frame
        Its `parts` name the controls: template, row, column, size, label, which; the buttons:
        minus, zero, plus, undo, reset; strokes, whose value is the tuple of all strokes; and
        canvas. `templates()` returns the templates as they are painted.
    """
    X, y = digits
    controls = editor_controls([int(k) for k in np.unique(y)])
    strokes, Z_before = controls["strokes"], templates @ X

    def arrange(parts):
        parts["which"].max = np.count_nonzero(y == parts["label"].value)

    def show(figure, template, row, column, size, label, which, strokes):
        places, W = np.flatnonzero(y == label), painted(templates, strokes)
        j, Z = places[which - 1], W @ X
        limits = common_limits(Z[:, places], Z_before[:, places])
        box = brush_box(row, column, size)
        bars = Z[:, j], Z_before[:, j], limits
        draw_editor(figure, template, W[template], X[:, j], label, box, *bars)
        return editor_in_words(template, (W != templates).sum(axis=1), Z, Z_before, j, y)

    question = "What does ink in a template do to the scores?"
    moves = "a brush over ten templates, and the digit they are tried on"
    frame = picture_widget(question, moves, (5.1, 4.0), controls, show, arrange=arrange)
    frame.words.layout.min_height = f"{enlarged(38)}px"  # two lines: the page below stays
    frame.templates = lambda: painted(templates, strokes.value)
    return frame


def editor_controls(labels):
    """The brush, its buttons, and which digit the templates are tried on."""
    place = {
        "template": choice("template of", list(range(10)), 3),
        "how": w.Label("move the brush with these, then paint:"),
        "row": slider("brush row", BRUSH["row"], 0, SIDE - 1),
        "column": slider("brush column", BRUSH["column"], 0, SIDE - 1),
        "size": slider("brush size", BRUSH["size"], 1, 9),
    }
    strokes = Kept(value=())
    return place | {
        "paint": {"word": w.Label("paint")} | brush_buttons(place, strokes),
        "label": choice("try it on a", labels, 8 if 8 in labels else labels[0]),
        "which": slider("which one", 1, 1, 1),
        "strokes": strokes,  # what was painted, in order
    }


def brush_buttons(place, strokes):
    """The buttons, which add a stroke at a place to all strokes, or take one or all away."""

    def paint(value):
        at = [place[name].value for name in ("template", *BRUSH)]
        strokes.value = (*strokes.value, (*at, value))

    def keep(kept):
        strokes.value = kept

    return {
        "minus": button("−1", "paint −1 into the template", lambda: paint(-1)),
        "zero": button("0", "paint 0 into the template", lambda: paint(0)),
        "plus": button("+1", "paint +1 into the template", lambda: paint(1)),
        "undo": button("undo", "take the last stroke back", lambda: keep(strokes.value[:-1])),
        "reset": button("reset", "take all strokes back", lambda: keep(())),
    }


def common_limits(Z, Z_before):
    """Limits that suit the bars of all digits of a class: they do not jump from one to the next."""
    low, high = min(Z.min(), Z_before.min(), 0), max(Z.max(), Z_before.max(), 1)
    return low - 0.02 * (high - low), high + 0.2 * (high - low)


def editor_in_words(k, n_changed, Z, Z_before, j, y):
    """What is seen, as a sentence; `n_changed` (10,) counts the painted pixels."""
    now, before = (accuracy(scores.argmax(axis=0), y) for scores in (Z, Z_before))
    plural = "pixel" if n_changed[k] == 1 else "pixels"
    n_others = n_changed.sum() - n_changed[k]
    others = f", {n_others} in others" if n_others else ""
    return (
        f"template {k}, {n_changed[k]} {plural} painted{others}: its score for this {y[j]} is "
        f"{Z[k, j]:.1f}, before {Z_before[k, j]:.1f}; read as {Z[:, j].argmax()}; accuracy on "
        f"{y.size:,} digits {now:.3f}, before {before:.3f}"
    )


def draw_editor(figure, k, template, x, label, box, z, before, limits):
    """Draw the template with the brush, pixel × weight, and the ten scores over those before."""
    figure.set_layout_engine("none")
    left = figure.add_axes((0.02, 0.48, 0.44, 0.46))
    right = figure.add_axes((0.54, 0.48, 0.44, 0.46))
    limit = max(1, float(np.abs(template).max()))
    draw_map(left, template, limit)
    left.set_title(f"template {k} and the brush")
    top, bottom, west, east = box
    corner = (west - 0.5, top - 0.5)
    look = {"fill": False, "edgecolor": TEST, "linewidth": 2}
    left.add_patch(Rectangle(corner, east - west, bottom - top, **look))
    right.imshow(x.reshape(SIDE, SIDE), cmap=SEQUENTIAL, vmin=0, vmax=5)  # pale: weight 0
    draw_map(right, np.ma.masked_equal(template * x, 0), limit)
    right.set_title(f"pixel × weight for this {label}")
    ax = figure.add_axes((0.02, 0.09, 0.96, 0.28))
    draw_scores(ax, z, before, label, k)
    ax.set_ylim(limits)


def draw_map(ax, values, limit):
    """Draw one value a pixel: red negative, white zero, blue positive."""
    ax.imshow(values.reshape(SIDE, SIDE), cmap=DIVERGING, vmin=-limit, vmax=limit)
    bare(ax)


def draw_scores(ax, z, before, label, k):
    """Draw ten scores as bars, pale where one was before; the largest is right or wrong."""
    classes, best = np.arange(z.size), int(z.argmax())
    moved = ~np.isclose(z, before)
    ax.bar(classes[moved], before[moved], color=PALE, alpha=0.6, width=0.9)
    bars = ax.bar(classes, z, color=OTHERS, width=0.6)
    bars[best].set_color(RIGHT if best == label else WRONG)
    for digit, score in enumerate(z):
        height = max(score, before[digit], 0)
        ax.text(digit, height, f"{score:.1f}", ha="center", va="bottom", fontsize=8)
    ax.axhline(0, color=INK, linewidth=0.8)
    mark = "✓" if best == label else "✗"
    ax.set_xticks(classes, [f"{digit} {mark}" if digit == best else digit for digit in classes])
    ax.get_xticklabels()[best].set(color=bars[best].get_facecolor(), weight="bold")
    ax.set_yticks([])
    ax.tick_params(length=0)
    ax.spines[["left", "bottom"]].set_visible(False)
    ax.set_title(f"ten scores, pale: before painting (you paint in {k})", fontsize=10)
