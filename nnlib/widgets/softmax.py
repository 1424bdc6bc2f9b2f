"""The softmax desk: ten scores and a temperature become probabilities, a loss, or nan."""

import math

import ipywidgets as w
import numpy as np

from nnlib.activations import softmax
from nnlib.plots.style import INK, LAYER_TINTS, PALE, TRAIN, WRONG
from nnlib.views.scores import loss_of, naive_softmax
from nnlib.views.words import in_html, three_digits, written
from nnlib.widgets.frame import choice, enlarged, log_slider, picture_widget, switch

# an 8 in doubt, of lesson 04
SCORES = (2.006, 2.194, 9.475, 14.781, 8.486, 13.612, 6.721, 3.157, 15.355, 10.055)
RIGHT = 8
ADDED = 2000  # to every score, to overflow it whatever the temperature: exp bears 709
WORTH_A_LABEL = 0.005  # smaller probabilities get no number
LIFT = 1.6  # height at which the upper bars stand


def softmax_desk(scores=SCORES, right=RIGHT):
    """Move ten scores and the temperature; see the probabilities and the loss, computed two ways.

    Parameters
    ----------
    scores : sequence of ten float, default an 8 in doubt
        Where the sliders stand at first, -5…20; used with all digits while they stand there.
    right : int, default 8
        The right class.

    Returns
    -------
    Frame
        Its `parts` name the controls: scores (a list), temperature, right, overflow; and what
        they move: canvas, formula.
    """
    scores = [float(score) for score in scores]
    sliders = {f"score {k}": score_slider(k, round(z, 1)) for k, z in enumerate(scores)}
    controls = {
        "title": w.HTML("scores of the classes 0 to 9"),
        "desk": sliders,
        "temperature": log_slider("temperature T", 1.0, 0.01, 100),
        "right": choice("right class", list(range(10)), int(right)),
        "overflow": switch(f"overflow it: add {ADDED:,} to all"),
    }
    formula, before = w.HTML(), Before()
    formula.add_class("nn-formula")

    def show(figure, temperature, right, overflow, **heights):
        z = np.array([score_now(*pair) for pair in zip(heights.values(), scores)]) / temperature
        z = z + ADDED * overflow
        naive, stable = naive_softmax(z), softmax(z)
        trace = before.state([*heights.values(), temperature, right, overflow], stable)
        formula.value = formula_in_numbers(z, right)
        draw_desk(figure, naive, stable, trace, right)
        return desk_in_words(z, right, temperature)

    moves = "ten scores, temperature, right class, and overflow"
    frame = picture_widget("What do ten scores become?", moves, (5.1, 3.0), controls, show, formula)
    frame.parts |= {"scores": list(sliders.values()), "formula": formula}
    return frame


def score_slider(k, score):
    """One upright slider, for the score of class k."""
    return w.FloatSlider(
        score,
        min=-5.0,
        max=20.0,
        step=0.1,
        description=str(k),
        tooltip=f"score of class {k}",
        orientation="vertical",
        readout_format=".1f",
        layout={"width": f"{enlarged(28)}px", "height": f"{enlarged(190)}px", "margin": "0"},
    )


def score_now(value, first):
    """A slider's value; where it stood first, the score with all the digits it had."""
    return first if math.isclose(value, round(first, 1), abs_tol=1e-6) else value


class Before:
    """Remembers what was seen before the control that is being moved was touched."""

    def __init__(self):
        self.values, self.moved, self.seen, self.trace = None, [], None, None

    def state(self, values, seen):
        """The trace for these values of all controls; `seen` is what they show now."""
        pairs = zip(values, self.values or values)
        moved = [i for i, (new, old) in enumerate(pairs) if not math.isclose(new, old)]
        if moved and moved != self.moved:
            self.moved, self.trace = moved, self.seen
        self.values, self.seen = values, seen
        return self.trace


def formula_in_numbers(z, right):
    """The right class's probability and loss, formula and numbers, naive and stable, as HTML."""
    top = z.max()
    shift = f" − {top:.5g}" if top >= 0 else f" + {-top:.5g}"
    with np.errstate(all="ignore"):
        broken = -np.log(naive_softmax(z)[right]) + 0.0
        lines = formula_line("naive", np.exp(z), "", z[right], right, broken)
        lines += formula_line("stable", np.exp(z - top), shift, z[right], right, loss_of(z, right))
    return f"<table>{lines}</table>"


def formula_line(name, E, shift, score, right, loss):
    """One line of the formula: in letters, then exponential and sum, then their ratio, the loss."""
    own = written(score, ".5g")
    cells = [
        f"{name} P<sub>{right}</sub>",
        f"= e<sup>{own}{shift}</sup> / Σ e<sup>z<sub>i</sub>{shift}</sup>",
        f"= {in_html(E[right])} / {in_html(E.sum())}",
        f"= {in_html(E[right] / E.sum())}",
        f"loss {in_html(loss)}",
    ]
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def desk_in_words(z, right, temperature):
    """What is seen, as a sentence."""
    naive, stable = naive_softmax(z), softmax(z)
    best = int(stable.argmax())
    rival = "" if best == right else f" (class {best} gets {stable[best]:.3g})"
    lost = int(np.isnan(naive).sum())
    if lost:
        verdict = f"the naive formula gives nan for {lost} of 10 classes"
    elif np.allclose(naive, stable):
        verdict = "naive and stable agree"
    else:
        verdict = f"the naive probabilities sum to {naive.sum():.2g}"
    return (
        f"T = {temperature:.3g}: class {right} gets probability {stable[right]:.3g}{rival}, "
        f"loss {three_digits(loss_of(z, right))}; {verdict}"
    )


def draw_desk(figure, naive, stable, trace, right):
    """Draw the probabilities of both ways, one above the other, over the pale ones from before."""
    figure.set_layout_engine("none")
    ax = figure.add_axes((0.07, 0.08, 0.92, 0.91))
    draw_bars(ax, naive, trace, LIFT, "naive: straight from the formula")
    draw_bars(ax, stable, trace, 0, "stable: the largest score is subtracted first")
    classes = range(len(stable))
    if trace is not None:
        ax.text(9.5, LIFT + 1.42, "pale: before", ha="right", va="top", fontsize=9)
    ax.set(xlim=(-0.6, len(stable) - 0.4), ylim=(0, LIFT + 1.45))
    ax.set_yticks([0, 1, LIFT, LIFT + 1], ["0", "1", "0", "1"])
    ax.set_xticks(classes, [f"{k} ✓" if k == right else str(k) for k in classes])
    ax.tick_params(length=0)
    ax.spines[["left", "bottom"]].set_visible(False)
    ax.get_xticklabels()[right].set(color=TRAIN, weight="bold")


def draw_bars(ax, p, trace, lift, title):
    """Draw ten probabilities as bars, their feet at `lift`; nan is written where no bar can be."""
    classes = np.arange(len(p))
    if trace is not None:
        ax.bar(classes, trace, bottom=lift, color=PALE, alpha=0.6, width=0.86)
    ax.bar(classes, np.nan_to_num(p), bottom=lift, color=LAYER_TINTS["output"], width=0.6)
    ax.axhline(lift, color=INK, linewidth=0.8, clip_on=False)
    ax.text(-0.55, lift + 1.42, title, va="top", fontsize=11)
    for k, value in enumerate(p):
        look = {"ha": "center", "va": "bottom", "fontsize": 8}
        if math.isnan(value):
            ax.text(k, lift + 0.03, "nan", color=WRONG, weight="bold", **look)
        elif value >= WORTH_A_LABEL:
            ax.text(k, lift + value + 0.02, f"{value:.2f}", color=INK, **look)
