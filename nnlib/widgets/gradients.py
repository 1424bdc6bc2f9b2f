"""The gradient microscope: one weight, its slope by backpropagation and by nudging (lesson 06)."""

import numpy as np

from nnlib.plots.axes import bare
from nnlib.plots.gradients import plot_error_against_step, plot_tangent
from nnlib.plots.style import BACK, DIVERGING, INK, PALE, THIRD, TRAIN
from nnlib.views.images import SIDE
from nnlib.views.microscope import REACH, STEPS, WINDOW, subject, units_that_switch, view
from nnlib.views.words import power, precise
from nnlib.widgets.frame import (
    Trace,
    button,
    choice,
    log_slider,
    picture_widget,
    slider,
    switch,
)
from nnlib.widgets.scene import Scene, wipe

SIZE = (5.6, 4.2)  # inches
PLACES = {  # left, bottom, width, height in parts of the figure
    "curve": (0.15, 0.6, 0.48, 0.33),
    "near": (0.15, 0.6, 0.48, 0.33),
    "place": (0.68, 0.54, 0.3, 0.39),
    "errors": (0.15, 0.15, 0.83, 0.23),
}
FLOOR = 1e-13  # smaller errors, and those that are exactly 0, are drawn here
LAYERS = [("W1, pixel to hidden unit", 0), ("W2, hidden unit to class", 1)]


def gradient_microscope(params, X, y):
    """Compare, for any weight, the slope that backpropagation gives with central differences.

    Parameters
    ----------
    params : list of two Layers
        A network of 784 pixels, hidden units with relu, classes with softmax.
    X : ndarray, shape (784, m)
        Digits in columns; more than 100 make it slow.
    y : ndarray of int, shape (m,)

    Returns
    -------
    Frame
        Its `parts` name the controls: layer, unit, row, column, source, strongest, step, magnify,
        single; and the canvas.
    """
    s = subject(params, X, y)
    before, limits = Trace(), []

    def show(panels, layer, unit, row, column, source, step, magnify, single):
        place = layer, unit, source if layer else SIDE * row + column
        dtypes = (np.float64, np.float32) if single else (np.float64,)
        v = view(s, place, step, dtypes, magnify)
        widen(limits, v.losses)
        wipe(panels)
        draw_microscope(panels, s, place, v, before.change(v.name, v), limits)
        return weight_in_words(s, place, v)

    return picture_widget(
        "Does the loss react as backpropagation says?",
        "any weight of the network, and the step that nudges it",
        Scene(SIZE, PLACES),
        microscope_controls(s),
        show,
        arrange=lambda parts: fit_to_layer(parts, s),
    )


def microscope_controls(s):
    """The controls, by name, pointing at the weight of W1 with the largest slope."""
    unit, pixel = np.unravel_index(np.abs(s.grads[0].W).argmax(), s.grads[0].W.shape)
    n_hidden = len(s.A1)

    def find_strongest():
        l, unit = parts["layer"].value, parts["unit"].value
        source = int(np.abs(s.grads[l].W[unit]).argmax())
        if l == 0:
            parts["row"].value, parts["column"].value = divmod(source, SIDE)
        else:
            parts["source"].value = source

    step = log_slider("step", 1.0, 1e-11, 1.0)
    step.readout_format = ".0e"  # as in the words; "0.0000031" would be cut off
    parts = {
        "layer": choice("layer", LAYERS, 0),
        "unit": slider("to unit", int(unit), 0, n_hidden - 1),
        "row": slider("from pixel row", int(pixel) // SIDE, 0, SIDE - 1),
        "column": slider("pixel column", int(pixel) % SIDE, 0, SIDE - 1),
        "source": slider("from unit", 0, 0, n_hidden - 1),
        "strongest": button("its strongest input", "the largest slope", find_strongest),
        "step": step,
        "magnify": switch("magnify the curve, as far as the step"),
        "single": switch("compute in float32, too"),
    }
    return parts


def fit_to_layer(parts, s):
    """Offer the controls that fit the layer: pixels for W1, hidden units for W2."""
    first = parts["layer"].value == 0
    parts["unit"].max = len(s.params[parts["layer"].value].W) - 1
    parts["unit"].description = "to unit" if first else "to class"
    for name in ("row", "column"):
        parts[name].layout.display = None if first else "none"
    parts["source"].layout.display = "none" if first else None


def widen(limits, losses):
    """Let the limits of the loss grow to hold a curve, and never shrink."""
    low, high = limits or (losses[20], losses[20])
    limits[:] = min(low, losses.min()), max(high, losses.max())


def weight_in_words(s, place, v):
    """What is seen, as one or two sentences."""
    return (
        f"{v.name}: backpropagation {precise(v.slope)}, difference {precise(v.difference)}, "
        f"error {power(v.error)} at step {power(v.step)}{remark(s, place, v.step)}."
    )


def remark(s, place, step):
    """Why this weight does nothing, or what disturbs its difference; empty if nothing does."""
    l, unit, source = place
    m, switching = len(s.y), units_that_switch(s.params, s.X, place, step)
    within = f"; unit {unit} switches for {switching} of {m} digits" if switching else ""
    if l == 0 and not s.X[source].any():
        return f". Pixel {source} is paper in all {m} digits: this weight does nothing"
    if l == 1 and not s.A1[source].any():
        return f". Unit {source} is off for all {m} digits: this weight does nothing"
    if l == 0 and not (s.A1[unit] * s.X[source]).any():
        return f"{within}. Unit {unit} is off wherever this pixel has ink"
    return within


def draw_microscope(panels, s, place, v, before, limits):
    """Draw the loss along the weight, where the weight is, and the error against the step."""
    panels["curve"].set_visible(not v.magnified)
    panels["near"].set_visible(bool(v.magnified))
    if v.magnified:
        draw_near(panels["near"], v)
    else:
        draw_curve(panels["curve"], v, before, limits)
    draw_place(panels["place"], s, place)
    draw_errors(panels["errors"], v)


def draw_curve(ax, v, before, limits):
    """The loss along the weight, tangent and difference, and as a trace the curve before."""
    if before is not None:
        ax.plot(REACH, before.losses, color=PALE, lw=1.5)
    now = (0.0, v.losses[len(REACH) // 2])
    title = "tangent dashed, difference dotted"
    plot_tangent(REACH, v.losses, now, v.slope, v.ends, f"change of {v.name}", title, ax)
    low, high = limits
    room = 0.08 * (high - low) + 1e-3
    ax.set(xlim=(-2, 2), ylim=(low - room, high + room))


def draw_near(ax, v):
    """The change of the loss within one and a half steps: what the difference has to see."""
    size = max(2 * abs(v.slope) * v.step, *(abs(c).max() for c in v.magnified.values()), 1e-300)
    for change, color in zip(v.magnified.values(), (TRAIN, THIRD)):
        ax.plot(WINDOW, change / size, color=color, lw=1.5)
    ax.plot(WINDOW, v.slope * v.step * WINDOW / size, "--", color=BACK)
    middle = v.losses[len(REACH) // 2]
    ax.plot(
        [x / v.step for x, _ in v.ends],
        [(loss - middle) / size for _, loss in v.ends],
        ":o",
        color=INK,
        lw=1.5,
        markersize=4,
    )
    ax.set(xlim=(-1.5, 1.5), ylim=(-1.1, 1.1), xlabel=f"change of {v.name}")
    ax.set_xticks([-1, 0, 1], [f"−{power(v.step)}", "0", power(v.step)])
    ax.set_yticks([-1, 0, 1], [f"−{power(size)}", "0", power(size)])
    ax.set_title("magnified; stairs: float32" if len(v.magnified) > 1 else "magnified", fontsize=10)


def draw_place(ax, s, place):
    """The slopes of the whole unit or layer, with a ring around the weight that is looked at."""
    l, unit, source = place
    dW = s.grads[l].W
    limit = float(np.abs(dW).max()) or 1.0
    image = dW[unit].reshape(SIDE, SIDE) if l == 0 else dW
    row, column = divmod(source, SIDE) if l == 0 else (unit, source)
    ax.imshow(image, cmap=DIVERGING, vmin=-limit, vmax=limit, aspect="auto" if l else "equal")
    ring = {"markersize": 11, "markerfacecolor": "none", "markeredgecolor": INK, "mew": 1.5}
    ax.plot(column, row, "o", clip_on=False, **ring)
    ax.set(xlim=(-0.5, image.shape[1] - 0.5), ylim=(len(image) - 0.5, -0.5))
    bare(ax)
    name = f"slopes into hidden unit {unit}" if l == 0 else "slopes of W2"
    ax.set_title(name, loc="center", fontsize=10)
    ax.set_xlabel(f"colors to ±{limit:.2g}", fontsize=9)


def draw_errors(ax, v):
    """The error of the difference against the step, with the step that is chosen."""
    ax.axvline(v.step, color=PALE)
    drawn = {name: np.maximum(errors, FLOOR) for name, errors in v.errors.items()}
    plot_error_against_step(STEPS, drawn, ax=ax)
    for name in ax.texts:
        name.set_bbox({"fc": "white", "ec": "none", "alpha": 0.7, "pad": 0.3})  # on top of a line
    ring = {"markersize": 9, "markerfacecolor": "none", "markeredgecolor": INK, "mew": 2}
    ax.plot(v.step, max(v.error, FLOOR), "o", zorder=5, **ring)
    ax.set(xlim=(5e-12, 2), ylim=(FLOOR / 3, 300), xlabel="step", ylabel="error")
    ax.set_yticks([1e-12, 1e-8, 1e-4, 1])
    now = "0: there is no slope" if v.slope == v.difference == 0 else power(v.error)
    ax.set_title(f"error of the difference, now {now}", fontsize=10)
