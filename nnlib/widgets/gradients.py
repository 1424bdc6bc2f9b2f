"""The gradient microscope: one weight, its slope by backpropagation and by nudging (lesson 06)."""

from typing import NamedTuple

import numpy as np

from nnlib.activations import ACTIVATIONS
from nnlib.backprop import backward
from nnlib.gradient_check import relative_error
from nnlib.losses import cross_entropy, one_hot
from nnlib.network import Layer, forward
from nnlib.plots.digits import SIDE, bare
from nnlib.plots.gradients import BACK, OTHER, plot_error_against_step, plot_tangent
from nnlib.plots.style import DIVERGING, INK, PALE, TRAIN
from nnlib.widgets.frame import Frame, button, choice, follow, log_slider, slider, switch
from nnlib.widgets.scene import Scene

SIZE = (5.6, 4.2)  # inches
PLACES = {  # left, bottom, width, height in parts of the figure
    "curve": (0.15, 0.6, 0.48, 0.33),
    "near": (0.15, 0.6, 0.48, 0.33),
    "place": (0.68, 0.54, 0.3, 0.39),
    "errors": (0.15, 0.15, 0.83, 0.23),
}
REACH = np.linspace(-2, 2, 41)  # how far the weight is moved for its curve of losses
WINDOW = np.linspace(-1.5, 1.5, 61)  # the same, in steps, for the magnified curve
STEPS = 10.0 ** np.arange(-11, 0.01, 0.25)  # for the curve of errors
FLOOR = 1e-13  # smaller errors, and those that are exactly 0, are drawn here
LAYERS = [("W1, pixel to hidden unit", 0), ("W2, hidden unit to class", 1)]


def losses_along(params, X, y, place, values):
    """The mean loss of a relu network if one of its weights had each of some values.

    Moving W[unit, source] of a layer changes one row of that layer's Z and no other. So what
    stands before is computed once, and that row for all values in one product.

    Parameters
    ----------
    params : list of Layer
        One hidden layer with relu, then softmax.
    X : ndarray, shape (n_0, m)
    y : ndarray of int, shape (m,)
    place : (int, int, int)
        Layer (0 or 1), row and column of the weight.
    values : ndarray, shape (k,)

    Returns
    -------
    ndarray, shape (k,)
        In the dtype of params and X.
    """
    l, unit, source = place
    Zs, As = forward(params, X)
    weights = np.tile(params[l].W[unit], (len(values), 1))
    weights[:, source] = values
    losses = []
    for row in weights @ As[l] + params[l].b[unit]:  # (k, m): one row for each value
        Z = Zs[l].copy()
        Z[unit] = row
        if l == 0:
            Z = params[1].W @ ACTIVATIONS["relu"].function(Z) + params[1].b
        losses.append(cross_entropy(Z, y))
    return np.array(losses)


def central_differences(params, X, y, place, steps):
    """The slope of the loss along one weight, measured with each of some steps.

    Parameters
    ----------
    params, X, y, place
        As for `losses_along`.
    steps : ndarray, shape (k,)
        Positive.

    Returns
    -------
    ndarray, shape (k,)
        Computed from the nudge to the loss in the dtype of params and X.
    """
    l, unit, source = place
    weight = params[l].W[unit, source]
    steps = np.asarray(steps, dtype=weight.dtype)
    both = np.concatenate([weight + steps, weight - steps])
    up, down = losses_along(params, X, y, place, both).reshape(2, -1)
    return (up - down) / (2 * steps)


def units_that_switch(params, X, place, step):
    """Count the samples for which a nudge of W1 by -step … step takes relu across its kink."""
    l, unit, source = place
    if l != 0:
        return 0
    (W, b), _ = params
    Z, nudge = W[unit] @ X + b[unit], step * X[source]
    return int(((Z - nudge > 0) != (Z + nudge > 0)).sum())


class Subject(NamedTuple):
    """What lies under the microscope: a network with its digits, and what backpropagation says."""

    params: list
    X: np.ndarray
    y: np.ndarray
    A1: np.ndarray  # (n_hidden, m)
    grads: list


def subject(params, X, y):
    """Take a network and its digits in float64, and compute the gradient once."""
    if len(params) != 2 or len(X) != SIDE * SIDE:
        raise ValueError(
            f"expected two layers and 784 pixels; got {len(params)} layers and X of shape {X.shape}"
        )
    params, X = in_dtype(params, X, np.float64)
    Zs, As = forward(params, X)
    grads = backward(params, Zs, As, one_hot(y, len(As[-1]), np.float64))
    return Subject(params, X, y, As[1], grads)


def in_dtype(params, X, dtype):
    """The same network and samples in another type of number."""
    return [Layer(W.astype(dtype), b.astype(dtype)) for W, b in params], X.astype(dtype)


class View(NamedTuple):
    """All that is seen of one weight with one step."""

    name: str  # "W1[17, 407]"
    step: float
    slope: float  # what backpropagation says
    difference: float  # what nudging by the step measures, in float64
    error: float  # between the two
    losses: np.ndarray  # along REACH
    ends: list  # of the difference: two pairs (change of the weight, loss)
    errors: dict  # along STEPS, by type of number
    magnified: dict  # change of the loss along WINDOW, by type of number; empty if not wanted


def view(s, place, step, dtypes=(np.float64,), magnify=False):
    """Measure everything about one weight that is to be seen.

    Parameters
    ----------
    s : Subject
    place : (int, int, int)
        Layer (0 or 1), row and column of the weight.
    step : float
        Of the central difference.
    dtypes : sequence of numpy types, default (np.float64,)
        In which the curve of errors is computed.
    magnify : bool, default False
        Compute the losses near the weight, too.

    Returns
    -------
    View
    """
    l, unit, source = place
    weight, slope = s.params[l].W[unit, source], s.grads[l].W[unit, source] + 0.0
    moved = np.concatenate([REACH, [step, -step]])
    *losses, up, down = losses_along(s.params, s.X, s.y, place, weight + moved)
    difference = (up - down) / (2 * step) + 0.0
    return View(
        name=f"W{l + 1}[{unit}, {source}]",
        step=step,
        slope=slope,
        difference=difference,
        error=relative_error(difference, slope),
        losses=np.array(losses),
        ends=[(-step, down), (step, up)],
        errors={t.__name__: errors_by_step(s, place, t) for t in dtypes},
        magnified={t.__name__: near(s, place, step, t) for t in dtypes if magnify},
    )


def errors_by_step(s, place, dtype):
    """The relative error of the central difference for each of STEPS, computed in a dtype."""
    l, unit, source = place
    measured = central_differences(*in_dtype(s.params, s.X, dtype), s.y, place, STEPS)
    slope = s.grads[l].W[unit, source]
    return np.array([relative_error(d, slope) for d in measured.astype(np.float64)])


def near(s, place, step, dtype):
    """How the loss changes along WINDOW times the step, computed in a dtype."""
    l, unit, source = place
    params, X = in_dtype(s.params, s.X, dtype)
    weight = params[l].W[unit, source]
    values = weight + np.append(0, WINDOW * step).astype(dtype)
    losses = losses_along(params, X, s.y, place, values).astype(np.float64)
    return losses[1:] - losses[0]


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
    seen = {"now": None, "before": None, "limits": None}
    parts = microscope_controls(s)
    canvas = Scene(SIZE, PLACES)
    frame = Frame(
        "Does the loss react as backpropagation says?",
        list(parts.values()),
        canvas,
        "any weight of the network, and the step that nudges it",
    )
    frame.parts = parts | {"canvas": canvas}

    def update():
        arrange(parts, s)
        place = chosen_place(parts)
        dtypes = (np.float64, np.float32) if parts["single"].value else (np.float64,)
        v = view(s, place, parts["step"].value, dtypes, parts["magnify"].value)
        remember(seen, v)
        sentence = words(s, place, v)
        canvas.redraw(lambda panels: draw(panels, s, place, v, seen))
        canvas.figure.alt_text = sentence
        frame.say(sentence)

    moving = [part for name, part in parts.items() if name != "strongest"]
    follow(frame, moving, update)
    return frame


def microscope_controls(s):
    """The controls, by name, pointing at the weight of W1 with the largest slope."""
    unit, pixel = np.unravel_index(np.abs(s.grads[0].W).argmax(), s.grads[0].W.shape)
    n_hidden = len(s.A1)

    def find_strongest():
        l, unit, _ = chosen_place(parts)
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


def arrange(parts, s):
    """Offer the controls that fit the layer: pixels for W1, hidden units for W2."""
    first = parts["layer"].value == 0
    parts["unit"].max = len(s.params[parts["layer"].value].W) - 1
    parts["unit"].description = "to unit" if first else "to class"
    for name in ("row", "column"):
        parts[name].layout.display = None if first else "none"
    parts["source"].layout.display = "none" if first else None


def chosen_place(parts):
    """Layer, row and column of the weight that the controls point at."""
    pixel = SIDE * parts["row"].value + parts["column"].value
    l = parts["layer"].value
    return l, parts["unit"].value, pixel if l == 0 else parts["source"].value


def remember(seen, v):
    """Keep the curve of the weight before, and limits of the loss that only grow."""
    if seen["now"] is not None and seen["now"].name != v.name:
        seen["before"] = seen["now"]
    seen["now"] = v
    low, high = seen["limits"] or (v.losses[20], v.losses[20])
    seen["limits"] = min(low, v.losses.min()), max(high, v.losses.max())


def words(s, place, v):
    """What is seen, as one or two sentences."""
    return (
        f"{v.name}: backpropagation {signed(v.slope)}, difference {signed(v.difference)}, "
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


def signed(value):
    """Six decimals, or three digits and a power if that is not enough; a real minus."""
    text = f"{value:.6f}" if value == 0 or abs(value) >= 1e-4 else f"{value:.2e}"
    return text.replace("-", "\N{MINUS SIGN}")


def power(value):
    """A size in one digit and a power of ten, "4e−9"; 0 and what is from 0.01 on as they are."""
    if value == 0 or value >= 0.0095:
        return f"{value:.1g}"
    digit, exponent = f"{value:.0e}".split("e")
    return f"{digit}e{int(exponent)}".replace("-", "\N{MINUS SIGN}")


def draw(panels, s, place, v, seen):
    """Draw the loss along the weight, where the weight is, and the error against the step."""
    panels["curve"].set_visible(not v.magnified)
    panels["near"].set_visible(bool(v.magnified))
    if v.magnified:
        draw_near(panels["near"], v)
    else:
        draw_curve(panels["curve"], v, seen)
    draw_place(panels["place"], s, place)
    draw_errors(panels["errors"], v)


def draw_curve(ax, v, seen):
    """The loss along the weight, tangent and difference, and as a trace the curve before."""
    if seen["before"] is not None:
        ax.plot(REACH, seen["before"].losses, color=PALE, lw=1.5)
    now = (0.0, v.losses[len(REACH) // 2])
    title = "tangent dashed, difference dotted"
    plot_tangent(REACH, v.losses, now, v.slope, v.ends, f"change of {v.name}", title, ax)
    low, high = seen["limits"]
    room = 0.08 * (high - low) + 1e-3
    ax.set(xlim=(-2, 2), ylim=(low - room, high + room))


def draw_near(ax, v):
    """The change of the loss within one and a half steps: what the difference has to see."""
    size = max(2 * abs(v.slope) * v.step, *(abs(c).max() for c in v.magnified.values()), 1e-300)
    for change, color in zip(v.magnified.values(), (TRAIN, OTHER)):
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
