"""The bug clinic as pictures: a patient's curves, a wall of them, and who sees what.  Lesson 14."""

import numpy as np

from nnlib.plots.axes import one_row_each, plain_numbers
from nnlib.plots.painter import panels, plot
from nnlib.plots.style import GUESS, INK, PALE, TEST, TRAIN, WRONG
from nnlib.views.curves import last_within

LIMITS = (0.001, 200)  # of losses; the same in all pictures, so that they can be compared
DECADES = (0.001, 0.01, 0.1, 1, 10, 100)
TOP = 100  # where the cross stands of a run that never had a number
COLUMNS = 4  # of the wall


@panels(2.7, titled=False)
def plot_patient(figure, name, loss, test, chance):
    """Draw what became of a training run, its loss and its test accuracy, over those of the cured.

    Parameters
    ----------
    name : str
        Of the patient.
    loss, test : dict of str to (steps, values)
        Under "sick" and "cured" the steps (n,) and values (n, n_seeds), NaN where there is none;
        accuracies in percent.
    chance : float
        The loss of guessing, a dotted line.
    """
    left, right = figure.subplots(1, 2)
    _draw_runs(left, loss, TRAIN, "-")
    is_measured = np.isfinite(test["sick"][1]).any()
    _draw_runs(right, test if is_measured else {"cured": test["cured"]}, TEST, "--")
    if not is_measured:
        right.text(1, 94, "sick: cannot be measured", color=WRONG, fontsize=9)
    for ax in (left, right):
        _lay_out_steps(ax, max(steps[-1] for steps, _ in loss.values()))
        ax.set_xlabel("step")
    _lay_out_loss(left, chance)
    end = {"fontsize": 8, "ha": "right", "va": "bottom", "transform": left.get_yaxis_transform()}
    left.text(1, 1.1 * chance, "guessing", color=GUESS, **end)
    left.legend(fontsize=9, loc="lower left", frameon=False)
    left.set_title(f"{name}: loss")
    right.set(ylim=(0, 102), title="test accuracy, %")
    right.grid(axis="y")
    words = [*_runs_in_words("loss", loss, ".3g").values()]
    words += _runs_in_words("test accuracy", test, ".1f").values()
    return f"{name}, over the step: {'; '.join(words)}."


def _draw_runs(ax, runs, color, style):
    """The cured runs pale and broad, the sick ones over them, and a cross where they end early."""
    last = max(steps[-1] for steps, _ in runs.values())
    looks = {
        "cured": {"color": PALE, "linewidth": 3, "solid_capstyle": "round"},
        "sick": {"color": color, "linewidth": 1.6, "linestyle": style},
    }
    for run in (run for run in looks if run in runs):
        lines = ax.plot(*runs[run], **looks[run])
        lines[0].set_label(run)
        for end in (_early_end(*line.get_data(), last) for line in lines):
            if end is not None:
                ax.plot(*end, marker="X", color=WRONG, markersize=7, linestyle="", clip_on=False)


def _early_end(steps, values, last):
    """The last point of a curve that ends before the last step; None if it does not end early."""
    place = last_within(values)
    if place is None:
        return steps[0], TOP
    return None if steps[place] == last else (steps[place], values[place])


def _lay_out_steps(ax, last):
    """Steps from 1 on, logarithmic: the first ones tell the most."""
    ax.set(xscale="log", xlim=(0.9, last * 1.1))
    plain_numbers(ax.xaxis)
    ax.minorticks_off()


def _lay_out_loss(ax, chance):
    """A logarithmic axis with the loss of guessing marked."""
    ax.set(yscale="log", ylim=LIMITS)
    plain_numbers(ax.yaxis)
    ax.set_yticks(DECADES)
    ax.minorticks_off()
    ax.axhline(chance, color=GUESS, linewidth=1, linestyle=":", zorder=0)


def _runs_in_words(what, runs, form):
    """What the cured and the sick run of the first seed do: texts under the same names."""
    last, words = max(steps[-1] for steps, _ in runs.values()), {}
    for run, (steps, values) in runs.items():
        finite = np.flatnonzero(np.isfinite(values[:, 0]))
        if finite.size == 0:
            words[run] = f"{what}, {run}: no number at all"
            continue
        begin, end = values[finite[[0, -1]], 0]
        words[run] = f"{what}, {run}: from {begin:{form}} to {end:{form}}"
        if steps[finite[-1]] < last:
            words[run] += f", ends after step {steps[finite[-1]]}"
    return words


@panels(lambda patients, **_: 0.4 + 1.5 * -(-len(patients) // COLUMNS))
def plot_wall(figure, patients, chance):
    """Draw the loss curves of many patients, each over that of the cured, in small pictures.

    Parameters
    ----------
    patients : dict of str to dict
        For each name the "sick" and the "cured" curve, (steps, values) as in `plot_patient`; the
        first seed is drawn.
    chance : float
        The loss of guessing.
    """
    grid = {"sharex": True, "sharey": True, "squeeze": False}
    axes = np.ravel(figure.subplots(-(-len(patients) // COLUMNS), COLUMNS, **grid))
    words = []
    for ax, (name, runs) in zip(axes, patients.items()):
        alone = {run: (steps, values[:, :1]) for run, (steps, values) in runs.items()}
        _draw_runs(ax, alone, TRAIN, "-")
        _lay_out_steps(ax, max(steps[-1] for steps, _ in runs.values()))
        _lay_out_loss(ax, chance)
        ax.set_yticks(DECADES[1::2])
        ax.set_title(name, fontsize=8.5)
        ax.tick_params(labelsize=8)
        words.append(_runs_in_words(name, alone, ".3g")["sick"].replace(", sick", ""))
    for ax in axes[len(patients) :]:
        ax.set_axis_off()
    figure.supxlabel("step", fontsize=9)
    figure.supylabel("loss", fontsize=9)
    return f"Loss curves of {len(patients)} patients. {'; '.join(words)}."


@plot(lambda table, **_: 0.7 + 0.25 * len(table))
def plot_who_sees(ax, table):
    """Draw which examination finds which patient: a full dot if it does, a ring if it does not.

    Parameters
    ----------
    table : dict of str to dict of str to bool
        For each patient what each examination sees.
    """
    names = list(next(iter(table.values())))
    for row, seen in enumerate(table.values()):
        for column, name in enumerate(names):
            face = INK if seen[name] else "white"
            ax.plot(column, row, marker="o", color=INK, markersize=9, markerfacecolor=face)
    one_row_each(ax, table, "")
    ax.set(xlim=(-0.5, len(names) - 0.5), xticks=range(len(names)), xticklabels=names)
    ax.xaxis.tick_top()
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    ax.grid(False)
    words = "; ".join(
        f"{patient}: {', '.join(name for name, sees in seen.items() if sees) or 'nobody'}"
        for patient, seen in table.items()
    )
    return f"Who finds which patient. {words}."
