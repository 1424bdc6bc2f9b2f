"""Pictures of the live loop: where points stand, which colors weights get, where images lie."""

import io
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from nnlib.plots.live import (
    Chart,
    digits_mosaic,
    loss_and_accuracy_svg,
    png,
    readings_html,
    signed_colors,
    weights_mosaic,
)


def run(**changes):
    """A run as the lab keeps it."""
    seen = {"steps": [1, 2, 3], "losses": [2.3, 1.0, 0.5], "marks": [], "n_steps": 10}
    seen |= {"test_steps": [0, 3], "test_accuracies": [0.1, 0.9]}
    return SimpleNamespace(**seen | changes)


def test_a_chart_puts_points_where_they_belong():
    chart = Chart(540, 128, 10, 2, "loss")
    assert chart.place(0, 0) == (chart.left, chart.bottom)
    assert chart.place(10, 2) == (chart.right, chart.top)
    assert chart.place(5, 1) == ((chart.left + chart.right) / 2, (chart.top + chart.bottom) / 2)
    assert chart.place(99, 99) == chart.place(10, 2), "beyond the limits a point stays at the edge"


def test_curves_carry_their_last_numbers():
    svg = loss_and_accuracy_svg(run())
    assert ">0.50</text>" in svg and ">90.0 %</text>" in svg
    assert "Loss from 2.30 to 0.50 at step 3." in svg
    assert "Test accuracy 90.0 % at step 3." in svg
    assert svg.count("<svg") == 2


def test_guess_marks_and_earlier_runs_are_drawn():
    plain = loss_and_accuracy_svg(run())
    full = loss_and_accuracy_svg(run(marks=[(2, "0.5")]), [run()], guess=0.8)
    assert "my guess" in full and ">0.5</text>" in full
    assert full.count("<polyline") == plain.count("<polyline") + 3


def test_words_are_escaped():
    assert "&lt;b&gt;" in Chart(100, 100, 1, 1, "<b>").svg('"quoted"')


@pytest.mark.parametrize(
    ("value", "color"), [(0, [255, 255, 255]), (-1, [196, 60, 60]), (1, [5, 48, 97])]
)
def test_signed_colors(value, color):
    assert signed_colors(np.array([value]), 1).tolist() == [color]
    assert signed_colors(np.array([0.0]), 0).tolist() == [[255, 255, 255]]


def test_weights_and_digits_as_pictures(rng):
    assert weights_mosaic(rng.normal(size=(40, 784)), columns=8).shape == (120, 240, 3)
    X = np.zeros((784, 2))
    X[:, 1] = 1
    sheet = digits_mosaic(X, 2)
    assert (sheet[:28, :28] == 255).all() and (sheet[:28, 30:58] == 0).all()
    assert Image.open(io.BytesIO(png(sheet, 3))).size == (180, 90)


def test_readings_say_what_was_read(rng):
    html = readings_html(rng.random((784, 3)), [1, 2, 3], [1, 2, 8])
    assert ">1✓</text>" in html and ">3✗</text>" in html and "2 of 3 digits read right." in html


def test_small_filters_are_enlarged_and_the_rest_of_their_place_is_white(rng):
    W = rng.normal(size=(3, 25)).astype(np.float32)
    sheet = weights_mosaic(W, columns=3)
    assert sheet.shape == (30, 90, 3)
    blocks = sheet[:25, 30:55].reshape(5, 5, 5, 5, 3)
    expected = signed_colors(W[1].reshape(5, 5), float(np.abs(W).max()))
    assert (blocks == expected[:, None, :, None]).all()
    assert (sheet[25:] == 255).all() and (sheet[:, 55:60] == 255).all()
