"""The bug clinic as pictures: a patient's curves, a wall of them, and who sees what.  Lesson 14."""

import matplotlib.pyplot as plt
import numpy as np

from nnlib.plots.style import GUESS, INK, PALE, TEST, TRAIN, WIDTH, WRONG, describe, one_row_each
from nnlib.plots.training import plain_numbers

LIMITS = (0.001, 200)  # of losses; the same in all pictures, so that they can be compared
DECADES = (0.001, 0.01, 0.1, 1, 10, 100)
TOP = 100  # where the cross stands of a run that never had a number
COLUMNS = 4  # of the wall


def plot_patient(name, loss, test, chance, figure=None):
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
    figure : matplotlib.figure.Figure, optional

    Returns
    -------
    list of matplotlib.axes.Axes
        Loss and accuracy.
    """
    figure = figure or plt.figure(figsize=(WIDTH, 2.7))
    axes = list(figure.subplots(1, 2))
    draw_runs(axes[0], loss, TRAIN, "-")
    is_measured = np.isfinite(test["sick"][1]).any()
    draw_runs(axes[1], test if is_measured else {"cured": test["cured"]}, TEST, "--")
    if not is_measured:
        axes[1].text(1, 94, "sick: cannot be measured", color=WRONG, fontsize=9)
    for ax in axes:
        lay_out_steps(ax, max(steps[-1] for steps, _ in loss.values()))
        ax.set_xlabel("step")
    lay_out_loss(axes[0], chance)
    end = dict(fontsize=8, ha="right", va="bottom")
    axes[0].text(1, 1.1 * chance, "guessing", color=GUESS, transform=across(axes[0]), **end)
    axes[0].legend(fontsize=9, loc="lower left", frameon=False)
    axes[0].set_title(f"{name}: loss")
    axes[1].set(ylim=(0, 102), title="test accuracy, %")
    axes[1].grid(axis="y")
    words = [*runs_in_words("loss", loss, ".3g").values()]
    words += runs_in_words("test accuracy", test, ".1f").values()
    describe(figure, f"{name}, over the step: {'; '.join(words)}.")
    return axes


def draw_runs(ax, runs, color, style):
    """The cured runs pale and broad, the sick ones over them, and a cross where they end early."""
    last = max(steps[-1] for steps, _ in runs.values())
    looks = {
        "cured": dict(color=PALE, linewidth=3, solid_capstyle="round"),
        "sick": dict(color=color, linewidth=1.6, linestyle=style),
    }
    for run in (run for run in looks if run in runs):
        lines = ax.plot(*runs[run], **looks[run])
        lines[0].set_label(run)
        for end in (early_end(*line.get_data(), last) for line in lines):
            if end is not None:
                ax.plot(*end, marker="X", color=WRONG, markersize=7, linestyle="", clip_on=False)


def early_end(steps, values, last):
    """The last point of a curve that ends before the last step; None if it does not end early."""
    finite = np.flatnonzero(np.isfinite(values))
    if finite.size == 0:
        return steps[0], TOP
    place = finite[-1]
    return None if steps[place] == last else (steps[place], values[place])


def lay_out_steps(ax, last):
    """Steps from 1 on, logarithmic: the first ones tell the most."""
    ax.set(xscale="log", xlim=(0.9, last * 1.1))
    plain_numbers(ax.xaxis)
    ax.minorticks_off()


def lay_out_loss(ax, chance):
    """A logarithmic axis with the loss of guessing marked."""
    ax.set(yscale="log", ylim=LIMITS)
    plain_numbers(ax.yaxis)
    ax.set_yticks(DECADES)
    ax.minorticks_off()
    ax.axhline(chance, color=GUESS, linewidth=1, linestyle=":", zorder=0)


def across(ax):
    """Places whose first number is a share of the width, and whose second is a value."""
    return ax.get_yaxis_transform()


def runs_in_words(what, runs, form):
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


def plot_wall(patients, chance, title=None, figure=None):
    """Draw the loss curves of many patients, each over that of the cured, in small pictures.

    Parameters
    ----------
    patients : dict of str to dict
        For each name the "sick" and the "cured" curve, (steps, values) as in `plot_patient`; the
        first seed is drawn.
    chance : float
        The loss of guessing.
    title : str, optional
    figure : matplotlib.figure.Figure, optional

    Returns
    -------
    ndarray of matplotlib.axes.Axes
        One a patient, in their order.
    """
    n_rows = -(-len(patients) // COLUMNS)
    figure = figure or plt.figure(figsize=(WIDTH, 0.4 + 1.5 * n_rows))
    axes = np.ravel(figure.subplots(n_rows, COLUMNS, sharex=True, sharey=True, squeeze=False))
    words = []
    for ax, (name, runs) in zip(axes, patients.items()):
        alone = {run: (steps, values[:, :1]) for run, (steps, values) in runs.items()}
        draw_runs(ax, alone, TRAIN, "-")
        lay_out_steps(ax, max(steps[-1] for steps, _ in runs.values()))
        lay_out_loss(ax, chance)
        ax.set_yticks(DECADES[1::2])
        ax.set_title(name, fontsize=8.5)
        ax.tick_params(labelsize=8)
        words.append(runs_in_words(name, alone, ".3g")["sick"].replace(", sick", ""))
    for ax in axes[len(patients) :]:
        ax.set_axis_off()
    figure.supxlabel("step", fontsize=9)
    figure.supylabel("loss", fontsize=9)
    if title:
        figure.suptitle(title, fontsize=11, x=0.02, ha="left")
    describe(figure, f"Loss curves of {len(patients)} patients. {'; '.join(words)}.")
    return axes[: len(patients)]


def plot_who_sees(table, title=None, ax=None):
    """Draw which examination finds which patient: a full dot if it does, a ring if it does not.

    Parameters
    ----------
    table : dict of str to dict of str to bool
        For each patient what each examination sees.
    title : str, optional
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    ax = ax or plt.subplots(figsize=(WIDTH, 0.7 + 0.25 * len(table)))[1]
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
    if title:
        ax.set_title(title)
    words = "; ".join(
        f"{patient}: {', '.join(name for name, sees in seen.items() if sees) or 'nobody'}"
        for patient, seen in table.items()
    )
    describe(ax.figure, f"Who finds which patient. {words}.")
    return ax
