"""Pictures of settings: a table with its numbers, and the runs behind its cells."""

import numpy as np

from nnlib.plots import plot_replay, plot_settings
from nnlib.plots.style import INK, PALE, TEST, TRAIN
from nnlib.views.tables import darkness

VALUES = np.array([[70.12, 80.0], [91.26, 10.0], [np.nan, 92.9]])


def a_run(shift=0.0, n=4):
    epochs = np.arange(1, n + 1)
    return {
        "epoch": epochs,
        "train_loss": 2 / epochs + shift,
        "train_accuracy": 0.5 + 0.1 * epochs - shift,
        "validation_accuracy": 0.4 + 0.1 * epochs - shift,
    }


def test_the_table_shows_every_number_and_frames_the_best():
    ax = plot_settings(VALUES, [4, 8, 16], [0.1, 1])
    shown = ax.images[0].get_array().filled(np.nan)
    assert np.array_equal(shown, darkness(VALUES), equal_nan=True)
    assert [text.get_text() for text in ax.texts] == ["70.1", "80.0", "91.3", "10.0", "92.9"]
    assert [text.get_color() for text in ax.texts] == [INK, INK, "white", INK, "white"]
    assert ax.patches[0].get_xy() == (0.5, 1.5)
    assert [label.get_text() for label in ax.get_xticklabels()] == ["0.1", "1"]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["4", "8", "16"]
    alt = ax.figure.alt_text
    assert "learning rate 0.1, 1. hidden units 4: 70.1, 80.0" in alt
    assert alt.endswith("Best: 92.9 at hidden units 16, learning rate 1.")


def test_a_run_is_drawn_over_the_pale_one_before():
    run, before = a_run(), a_run(0.2, n=2)
    upper, lower = plot_replay(run, before, ("this", "that"), n_epochs=10)
    pale, now = upper.lines
    assert pale.get_color() == PALE and now.get_color() == TRAIN
    assert pale.get_zorder() < now.get_zorder()
    assert np.array_equal(now.get_ydata(), run["train_loss"])
    assert np.array_equal(pale.get_xdata(), [1, 2])
    *_, train, validation = lower.lines
    assert np.allclose(train.get_ydata(), 100 * run["train_accuracy"])
    assert np.allclose(validation.get_ydata(), 100 * run["validation_accuracy"])
    assert validation.get_color() == TEST and validation.get_linestyle() == "--"
    assert lower.get_ylim() == (0, 100) and upper.get_xlim() == (1, 10)
    assert lower.figure.alt_text == (
        "this: training loss from 2.00 to 0.50 in 4 epochs, validation accuracy from 50.0 to "
        "80.0 %. Pale: that: training loss from 2.20 to 1.20 in 2 epochs, validation accuracy "
        "from 30.0 to 40.0 %."
    )


def test_a_run_alone():
    upper, lower = plot_replay(a_run())
    assert len(upper.lines) == 1 and len(lower.lines) == 2
    assert lower.figure.alt_text.startswith("training loss from 2.00 to 0.50")
