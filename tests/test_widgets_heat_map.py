"""The heat map: a click and the sliders choose a cell, and its recorded run is drawn."""

import numpy as np
import pandas as pd
import pytest

from nnlib.plots.style import PALE, TRAIN
from nnlib.widgets import heat_map

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("quick")]  # hundreds of pictures

HIDDEN, RATES = [4, 16, 64], [0.01, 0.1, 1.0]


@pytest.fixture(scope="module")
def record():
    """Three sizes, three rates, two seeds; all epochs of seed 0, the last of seed 1."""
    rng = np.random.default_rng(0)
    rows = []
    for hidden in HIDDEN:
        for lr in RATES:
            for seed, epochs in [(0, (1, 2, 3, 4, 5)), (1, (5,))]:
                for epoch in epochs:
                    rows.append((hidden, lr, seed, epoch, *rng.random(3).round(4)))
    names = ["hidden", "lr", "seed", "epoch", "train_loss", "train_accuracy"]
    return pd.DataFrame(rows, columns=[*names, "validation_accuracy"])


@pytest.fixture
def frame(record):
    return heat_map(record)


def lines(frame, which):
    """The lines of the loss (0) or of the accuracies (1): {color: values}."""
    axes = frame.parts["canvas"].figure.axes[which]
    return [(line.get_color(), np.asarray(line.get_ydata())) for line in axes.lines]


def run_of(record, hidden, lr):
    return record[(record["hidden"] == hidden) & (record["lr"] == lr) & (record["seed"] == 0)]


def mean_of(record, hidden, lr):
    cells = record[(record["hidden"] == hidden) & (record["lr"] == lr) & (record["epoch"] == 5)]
    return 100 * cells["validation_accuracy"].mean()


def test_opens_in_the_middle_with_one_curve(frame, record):
    assert frame.parts["chosen"].value == (16, 0.1)
    ((color, losses),) = lines(frame, 0)
    assert color == TRAIN and np.array_equal(losses, run_of(record, 16, 0.1)["train_loss"])
    assert "Pale" not in frame.words.value


def test_every_cell_says_the_mean_of_the_seeds_and_is_shaded_by_it(frame, record):
    cells = frame.parts["cells"]
    assert list(cells) == [(hidden, lr) for hidden in HIDDEN for lr in RATES]
    for place, cell in cells.items():
        mean = mean_of(record, *place)
        assert cell.description.strip("▸") == f"{mean:.1f}"
        assert f"hidden {place[0]}, learning rate {place[1]:g}: {mean:.1f} %" in cell.tooltip
    brightness = [int(cell.style.button_color[1:3], 16) for cell in cells.values()]
    order = np.argsort([mean_of(record, *place) for place in cells])
    assert np.all(np.diff(np.array(brightness)[order]) <= 0)


@pytest.mark.parametrize("hidden", HIDDEN)
@pytest.mark.parametrize("lr", RATES)
@pytest.mark.parametrize("how", ["click", "sliders"])
def test_a_click_and_the_sliders_do_the_same(frame, record, hidden, lr, how):
    if how == "click":
        frame.parts["cells"][hidden, lr].click()
    else:
        frame.parts["hidden"].value, frame.parts["lr"].value = hidden, lr
    assert frame.parts["chosen"].value == (hidden, lr)
    assert (frame.parts["hidden"].value, frame.parts["lr"].value) == (hidden, lr)
    run = run_of(record, hidden, lr)
    assert np.array_equal(lines(frame, 0)[-1][1], run["train_loss"])
    assert np.allclose(lines(frame, 1)[-1][1], 100 * run["validation_accuracy"])
    begin = f"hidden {hidden}, learning rate {lr:g}: training loss from"
    assert frame.words.value.startswith(begin)
    assert f"Mean of 2 seeds: {mean_of(record, hidden, lr):.1f} %" in frame.words.value
    marked = [place for place, cell in frame.parts["cells"].items() if "▸" in cell.description]
    assert marked == [(hidden, lr)]


def test_the_cell_before_stays_pale(frame, record):
    frame.parts["cells"][64, 0.01].click()
    frame.parts["cells"][4, 1.0].click()
    (pale, before), (color, now) = lines(frame, 0)
    assert (pale, color) == (PALE, TRAIN)
    assert np.array_equal(before, run_of(record, 64, 0.01)["train_loss"])
    assert np.array_equal(now, run_of(record, 4, 1.0)["train_loss"])
    assert frame.words.value.endswith("Pale: hidden 64, learning rate 0.01.")
    frame.parts["cells"][4, 1.0].click()  # again: nothing changes
    assert np.array_equal(lines(frame, 0)[0][1], before)


def test_limits_do_not_jump(frame):
    seen = set()
    for cell in frame.parts["cells"].values():
        cell.click()
        seen.add(
            tuple((*ax.get_xlim(), *ax.get_ylim()) for ax in frame.parts["canvas"].figure.axes)
        )
    assert len(seen) == 1
