"""The optimizer race: four optimizers in a valley that you shape, and their recorded race."""

import math

import numpy as np

from nnlib.optimizers import SGD, Adam, Momentum, RMSProp
from nnlib.plots.optimizing import LOOKS, NAMES, plot_race, plot_valley
from nnlib.plots.style import PALE
from nnlib.views.race import FAR, nearest_rate, recorded_race, valley, valley_path
from nnlib.widgets.frame import Trace, choice, log_slider, picture_widget, slider, switch

BEGIN = (-9.0, 2.0)  # where all start, seen from a valley that is not turned
VALLEY, DIGITS = "a valley", "digits, recorded"


def optimizer_race(record):
    """Let SGD, Momentum, RMSProp and Adam run through a valley, or look up their race on digits.

    Parameters
    ----------
    record : pandas.DataFrame, or a mapping of arrays
        The columns epochs, optimizer, lr, seed, epoch, validation of data/records/optimizers.csv;
        runs of the fewest epochs are the race.

    Returns
    -------
    Frame
        Its `parts` name the controls: picture, lr, momentum, kappa, turn, steps, epoch, and one
        switch an optimizer under its name; and canvas.
    """
    race, before = recorded_race(record), Trace()

    def show(figure, picture, **values):
        names = [name for name in NAMES if values[name]]
        if picture == VALLEY:
            return show_valley(figure, values, names, before)
        return show_digits(figure, values, names, race)

    moves = "learning rate, momentum, valley, steps; the race on digits"
    question = "Which way down is the shortest?"
    return picture_widget(
        question, moves, (5.5, 3.9), race_controls(), show, arrange=show_what_acts
    )


def race_controls():
    """The controls, and a switch for each optimizer."""
    runners = {name: switch(name, True) for name in NAMES}
    for one in runners.values():
        one.layout.width = "130px"
    return {
        "picture": choice("picture", [VALLEY, DIGITS], VALLEY),
        "lr": log_slider("learning rate", 10**-1.1, 0.0001, 10),
        "momentum": slider("momentum", 0.9, 0, 0.99, step=0.01),
        "kappa": log_slider("steepness κ", 20, 1, 100),
        "turn": slider("turned by, °", 0, 0, 45, step=5),
        "steps": slider("steps", 40, 0, 200),
        "epoch": slider("epochs", 10, 1, 10),
        "two": {name: runners[name] for name in NAMES[:2]},
        "and two": {name: runners[name] for name in NAMES[2:]},
    }


def show_what_acts(parts):
    """Show only the controls that act on the picture."""
    in_valley = parts["picture"].value == VALLEY
    for name in ("momentum", "kappa", "turn", "steps", "epoch"):
        parts[name].layout.display = "none" if in_valley == (name == "epoch") else ""


# the valley


def new_optimizer(name, lr, momentum):
    """A new optimizer of that name; RMSProp and Adam keep their usual settings."""
    kinds = {"SGD": SGD, "RMSProp": RMSProp, "Adam": Adam}
    return Momentum(lr, momentum) if name == "Momentum" else kinds[name](lr)


def show_valley(figure, values, names, before):
    """Draw the paths, pale those before the last change, and return the words."""
    setting = tuple(values[name] for name in ("lr", "momentum", "kappa", "turn"))
    lr, momentum, kappa, degrees = setting
    H, turn = valley(kappa, degrees)
    paths = {
        name: valley_path(new_optimizer(name, lr, momentum), H, turn @ BEGIN, values["steps"])
        for name in names
    }
    ax = figure.subplots()
    for path in (before.change(setting, paths) or {}).values():
        ax.plot(*path.T, color=PALE, linewidth=1)
    plot_valley(paths, H, "Contour lines; + is the lowest point", view=(10.5, 8), ax=ax)
    return valley_in_words(values, paths, H)


def valley_in_words(values, paths, H):
    """One line: the settings, and how high everybody is."""
    limit = 2 / values["kappa"]
    side = "below" if values["lr"] < limit else "above"
    if math.isclose(values["lr"], limit, rel_tol=1e-6):
        side = "at"
    begin = (
        f"learning rate {values['lr']:.3g}, {side} SGD's limit 2/κ = {limit:.3g}; "
        f"after {values['steps']} steps: "
    )
    if not paths:
        return f"{begin}nobody runs; tick an optimizer"
    heights = []
    for name, path in paths.items():
        p = path[-1]
        ran_away = np.abs(p).max() > FAR
        how = f"ran away in step {len(path) - 1}" if ran_away else f"height {p @ H @ p / 2:.3g}"
        heights.append(f"{name} {how}")
    return begin + ", ".join(heights)


# the race on digits


def show_digits(figure, values, names, race):
    """Draw validation accuracies at the nearest recorded rate, pale at each one's best; words."""
    rate = nearest_rate(race[NAMES[0]], values["lr"])
    curves = {name: race[name][rate][: values["epoch"]] for name in names}
    best = {name: max(race[name], key=lambda r: race[name][r][-1].mean()) for name in names}
    ax = figure.subplots()
    for name in names:
        means = race[name][best[name]].mean(axis=1)
        epochs = np.arange(1, len(means) + 1)
        ax.plot(epochs, means, color=PALE, linewidth=1, linestyle=LOOKS[name][1])
    title = f"784-32-10 at {rate:g} (pale: each at its best rate)"
    plot_race(curves, "validation accuracy, %", (0, 100), title, ax=ax)
    ax.set_xlim(0.9, 10)
    shares = ", ".join(
        f"{name} {curves[name][-1].mean():.1f} % (after all 10 at best "
        f"{race[name][best[name]][-1].mean():.1f} % with {best[name]:g})"
        for name in names
    )
    is_exact = abs(math.log(rate / values["lr"])) < 0.01
    which = "recorded" if is_exact else f"recorded, the nearest to {values['lr']:.3g}"
    begin = f"learning rate {rate:g}, {which}, after {values['epoch']} of 10 epochs: "
    return begin + (shares or "nobody runs; tick an optimizer")
