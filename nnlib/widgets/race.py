"""The optimizer race: four optimizers in a valley that you shape, and their recorded race."""

import math

import ipywidgets as w
import numpy as np

from nnlib.network import Layer
from nnlib.optimizers import SGD, Adam, Momentum, RMSProp
from nnlib.plots.optimizing import LOOKS, NAMES, plot_race, plot_valley
from nnlib.plots.style import PALE
from nnlib.widgets.frame import Canvas, Frame, choice, follow, log_slider, slider, switch

BEGIN = (-9.0, 2.0)  # where all start, seen from a valley that is not turned
FAR = 1e4  # who is farther away than this has run away
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
    race = recorded_race(record)
    parts = {
        "picture": choice("picture", [VALLEY, DIGITS], VALLEY),
        "lr": log_slider("learning rate", 10**-1.1, 0.0001, 10),
        "momentum": slider("momentum", 0.9, 0, 0.99, step=0.01),
        "kappa": log_slider("steepness κ", 20, 1, 100),
        "turn": slider("turned by, °", 0, 0, 45, step=5),
        "steps": slider("steps", 40, 0, 200),
        "epoch": slider("epochs", 10, 1, 10),
    } | {name: switch(name, True) for name in NAMES}
    controls = list(parts)
    rows = [w.HBox([parts[name] for name in pair]) for pair in (NAMES[:2], NAMES[2:])]
    for name in NAMES:
        parts[name].layout.width = "130px"
    parts["canvas"] = Canvas((5.5, 3.9))
    moves = "learning rate, momentum, valley, steps; the race on digits"
    shown = [*(parts[name] for name in controls if name not in NAMES), *rows]
    frame = Frame("Which way down is the shortest?", shown, parts["canvas"], moves)
    frame.parts, frame.drawn, frame.before = parts, {}, {}

    def update():
        in_valley = parts["picture"].value == VALLEY
        for name in ("momentum", "kappa", "turn", "steps", "epoch"):
            parts[name].layout.display = "none" if in_valley == (name == "epoch") else ""
        values = {name: parts[name].value for name in controls}
        names = [name for name in NAMES if values[name]]
        words = show_valley(frame, values, names) if in_valley else show_digits(frame, values, race)
        parts["canvas"].figure.alt_text = words
        frame.say(words)

    follow(frame, [parts[name] for name in controls], update)
    return frame


# the valley


def valley(kappa, degrees=0):
    """The symmetric matrix H of f(p) = pᵀ H p / 2, κ times as steep across as along; and its turn.

    Returns
    -------
    H, turn : ndarray, shape (2, 2)
        `turn` is the rotation by so many degrees; H = turn @ diag(1, κ) @ turn.T.
    """
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    turn = np.array([[c, -s], [s, c]])
    return turn @ np.diag([1.0, kappa]) @ turn.T, turn


def valley_path(optimizer, H, begin, n_steps):
    """The points that an optimizer visits, the start first; the way ends early if far away.

    Parameters
    ----------
    optimizer : object
        With the method `step(params, grads)`, as in nnlib.optimizers.
    H : ndarray, shape (2, 2)
        The gradient at p is H @ p.
    begin : sequence of 2 numbers
    n_steps : int

    Returns
    -------
    ndarray, shape (n_steps + 1, 2), or fewer rows
    """
    nothing, path = np.zeros((1, 1)), [np.array(begin, dtype=float)[:, None]]
    for _ in range(n_steps):
        (there,) = optimizer.step([Layer(path[-1], nothing)], [Layer(H @ path[-1], nothing)])
        path.append(there.W)
        if np.abs(there.W).max() > FAR:
            break
    return np.array(path)[:, :, 0]


def make(name, lr, momentum):
    """A new optimizer of that name; RMSProp and Adam keep their usual settings."""
    kinds = {"SGD": SGD, "RMSProp": RMSProp, "Adam": Adam}
    return Momentum(lr, momentum) if name == "Momentum" else kinds[name](lr)


def show_valley(frame, values, names):
    """Draw the paths, pale those before the last change, and return the words."""
    H, turn = valley(values["kappa"], values["turn"])
    paths = {
        name: valley_path(
            make(name, values["lr"], values["momentum"]), H, turn @ BEGIN, values["steps"]
        )
        for name in names
    }
    setting = [values[name] for name in ("lr", "momentum", "kappa", "turn")]
    if frame.drawn.get("setting", setting) != setting:
        frame.before = frame.drawn["paths"]
    frame.drawn = {"setting": setting, "paths": paths}

    def draw(figure):
        ax = figure.subplots()
        for path in frame.before.values():
            ax.plot(*path.T, color=PALE, linewidth=1)
        plot_valley(paths, H, "Contour lines; + is the lowest point", view=(10.5, 8), ax=ax)

    frame.parts["canvas"].redraw(draw)
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


def recorded_race(record):
    """Validation accuracies in percent: {optimizer: {rate: array (n_epochs, n_seeds)}}."""
    columns = {
        name: np.asarray(record[name])
        for name in ("epochs", "optimizer", "lr", "seed", "epoch", "validation")
    }
    in_race = columns["epochs"] == columns["epochs"].min()
    race = {}
    for name in NAMES:
        mine = in_race & (columns["optimizer"] == name)
        race[name] = {}
        for rate in np.unique(columns["lr"][mine]):
            run = np.flatnonzero(mine & (columns["lr"] == rate))
            order = np.lexsort((columns["seed"][run], columns["epoch"][run]))
            n_seeds = np.unique(columns["seed"][run]).size
            shares = columns["validation"][run][order].astype(float)
            race[name][float(rate)] = 100 * shares.reshape(-1, n_seeds)
    return race


def nearest_rate(rates, lr):
    """The recorded rate that is nearest to lr, on a logarithmic scale."""
    return min(rates, key=lambda rate: abs(math.log(rate / lr)))


def show_digits(frame, values, race):
    """Draw validation accuracies at the nearest recorded rate, pale at each one's best; words."""
    names = [name for name in NAMES if values[name]]
    rate = nearest_rate(race[NAMES[0]], values["lr"])
    curves = {name: race[name][rate][: values["epoch"]] for name in names}
    best = {name: max(race[name], key=lambda r: race[name][r][-1].mean()) for name in names}

    def draw(figure):
        ax = figure.subplots()
        for name in names:
            means = race[name][best[name]].mean(axis=1)
            epochs = np.arange(1, len(means) + 1)
            ax.plot(epochs, means, color=PALE, linewidth=1, linestyle=LOOKS[name][1])
        title = f"784-32-10 at {rate:g} (pale: each at its best rate)"
        plot_race(curves, "validation accuracy, %", (0, 100), title, ax=ax)
        ax.set_xlim(0.9, 10)

    frame.parts["canvas"].redraw(draw)
    shares = ", ".join(
        f"{name} {curves[name][-1].mean():.1f} % (after all 10 at best "
        f"{race[name][best[name]][-1].mean():.1f} % with {best[name]:g})"
        for name in names
    )
    is_exact = abs(math.log(rate / values["lr"])) < 0.01
    which = "recorded" if is_exact else f"recorded, the nearest to {values['lr']:.3g}"
    begin = f"learning rate {rate:g}, {which}, after {values['epoch']} of 10 epochs: "
    return begin + (shares or "nobody runs; tick an optimizer")
