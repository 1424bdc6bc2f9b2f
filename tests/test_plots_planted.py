"""The table of planted mistakes: what is written in it, and said of it."""

import numpy as np

from nnlib.plots import plot_planted

ERRORS = {"none": [3e-10, 0.0], "sign": [1.0, 9e-8], "part": [0.117, np.nan]}


def test_an_error_above_the_bar_is_a_number_in_its_row_and_column():
    ax = plot_planted(ERRORS, ["W1", "b1"], title="What is seen?")
    written = {text.get_position(): text.get_text() for text in ax.texts}
    assert written == {
        (0, 0): "ok",
        (1, 0): "ok",
        (0, 1): "1.00",
        (1, 1): "ok",
        (0, 2): "0.12",
        (1, 2): "nan",  # what is not finite is never right
    }
    assert [label.get_text() for label in ax.get_yticklabels()] == list(ERRORS)
    assert [label.get_text() for label in ax.get_xticklabels()] == ["W1", "b1"]
    assert "What is seen?" in (ax.get_title(), ax.get_title(loc="left"))  # as the style says
    said = "Relative errors of W1, b1. none: ok, ok; sign: 1.00, ok; part: 0.12, nan."
    assert ax.figure.alt_text == said
