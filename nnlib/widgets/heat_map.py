"""The clickable heat map: one button for each setting of a sweep; a click replays its run."""

import ipywidgets as w
import matplotlib as mpl

from nnlib.plots.knobs import plot_replay, replay_in_words
from nnlib.plots.style import INK, SHADES, TEST
from nnlib.views.tables import darkness
from nnlib.widgets.frame import Kept, Trace, button, enlarged, picture_widget


def heat_map(record):
    """Click a setting and see how its recorded run went; the run before it stays pale.

    Parameters
    ----------
    record : pandas.DataFrame
        Columns hidden, lr, seed, epoch, train_loss, train_accuracy, validation_accuracy: each
        epoch of the smallest seed, at least the last epoch of the others.

    Returns
    -------
    Frame
        Its `parts` name the controls: hidden and lr, two sliders that move the chosen cell;
        cells, {(hidden, lr): button}; and canvas.
    """
    table, runs = last_accuracies(record), recorded_runs(record)
    n_epochs, n_seeds = int(record["epoch"].max()), record["seed"].nunique()
    hidden, lr = picker("hidden size", table.index), picker("learning rate", table.columns)
    chosen, before = Kept(value=(hidden.value, lr.value)), Trace()
    cells = buttons_of(table, chosen)
    keep_together(hidden, lr, chosen)

    def show(figure, chosen, **_):
        for place, cell in cells.items():
            frame_cell(cell, place == chosen)
        earlier = before.change(chosen, chosen)
        names = [place_in_words(*place) for place in (chosen, earlier or chosen)]
        draw_replay(figure, runs[chosen], runs.get(earlier), names, n_epochs)
        words = replay_in_words(runs[chosen], names[0])
        pale = f" Pale: {names[1]}." if earlier else ""
        return f"{words} Mean of {n_seeds} seeds: {table.loc[chosen]:.1f} %.{pale}"

    frame = picture_widget(
        "Which hidden size goes with which learning rate?",
        "the chosen cell of a table of hidden sizes and learning rates",
        (5.0, 4.0),
        {"hidden": hidden, "lr": lr, "board": board_of(table, cells), "chosen": chosen},
        show,
    )
    frame.controls.layout.min_width = frame.controls.layout.max_width = f"{enlarged(390, 1.15)}px"
    frame.parts["cells"] = cells
    return frame


def keep_together(hidden, lr, chosen):
    """Let the sliders move the chosen cell, and a click on a cell both sliders at once."""

    def show(change):
        hidden.value, lr.value = change["new"]

    def move_hidden(change):
        chosen.value = change["new"], chosen.value[1]

    def move_lr(change):
        chosen.value = chosen.value[0], change["new"]

    chosen.observe(show, "value")
    hidden.observe(move_hidden, "value")
    lr.observe(move_lr, "value")


def last_accuracies(record):
    """The validation accuracies in % after each run's last epoch, mean of the seeds: a table."""
    last = record.sort_values("epoch").groupby(["hidden", "lr", "seed"]).last()
    return 100 * last["validation_accuracy"].groupby(["hidden", "lr"]).mean().unstack()


def recorded_runs(record):
    """What was recorded of the smallest seed, {(hidden, lr): table of its epochs}."""
    first = record[record["seed"] == record["seed"].min()].sort_values("epoch")
    return {place: run.reset_index() for place, run in first.groupby(["hidden", "lr"])}


def picker(name, values):
    """A slider over the values of a setting; keyboard: arrows."""
    options = [(f"{value:g}", value) for value in values]
    return w.SelectionSlider(
        options=options,
        value=options[len(options) // 2][1],
        description=name,
        style={"description_width": f"{enlarged(96)}px"},
        layout={"width": f"{enlarged(300)}px"},
    )


def buttons_of(table, chosen):
    """One button for each setting, with its number, the darker the better."""
    made = {}
    for place, value in table.stack().items():
        made[place] = button(
            f"{value:.1f}",
            f"{place_in_words(*place)}: {value:.1f} %",
            lambda place=place: chosen.set_trait("value", place),
            layout={"width": f"{enlarged(51, 1.15)}px", "margin": "0"},
            style={
                "button_color": shade(value),
                "text_color": "white" if darkness(value) > 0.75 else INK,
            },
        )
    return made


def frame_cell(cell, is_chosen):
    """Frame the chosen cell, in orange and with a mark in its text, not by color alone."""
    number = cell.description.strip("▸")
    cell.description = f"▸{number}" if is_chosen else number
    cell.layout.border = f"3px solid {TEST if is_chosen else 'white'}"
    cell.layout.padding = "0"


def shade(percent):
    """The color of an accuracy as the static table has it, for a button."""
    return mpl.colors.to_hex(mpl.colormaps[SHADES](darkness(percent) / 1.15))


def board_of(table, cells):
    """The buttons in rows of one hidden size, with the settings along the edges."""
    side = {"width": f"{enlarged(34, 1.15)}px"}
    wide = {"width": f"{enlarged(51, 1.15)}px", "margin": "0"}
    head = [w.Label("", layout=side), *(w.Label(f"{lr:g}", layout=wide) for lr in table.columns)]
    lines = [w.HTML("<b>validation accuracy, %</b> (rate across, size down)")]
    lines.append(w.HBox(head))
    for hidden in table.index:
        row = [cells[hidden, lr] for lr in table.columns]
        lines.append(w.HBox([w.Label(f"{hidden:g}", layout=side), *row]))
    return w.VBox(lines)


def place_in_words(hidden, lr):
    """A setting in words."""
    return f"hidden {hidden:g}, learning rate {lr:g}"


def draw_replay(figure, run, before, names, n_epochs):
    """Draw the chosen run, and the one before it pale."""
    axes = figure.subplots(2, 1, sharex=True)
    axes[0].set_title(f"{names[0]}, seed {run['seed'].iloc[0]}")
    plot_replay(run, before, names, n_epochs, axes)
