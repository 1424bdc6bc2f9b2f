"""The network's pictures show the units, curves and shapes they are given, and say so in words."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from pictures import texts

from nnlib.plots import plot_activations, plot_network, plot_product
from nnlib.plots.network import shown_units


def test_every_unit_is_drawn_and_of_a_large_layer_ten():
    ax = plot_network([784, 32, 10])
    circles = [c for c in ax.collections if hasattr(c, "get_sizes") and len(c.get_offsets()) > 1]
    columns = [c for c in circles if len(c.get_paths()) == 1]
    assert [len(c.get_offsets()) for c in columns] == [10, 32, 10]
    lines = [c for c in ax.collections if c not in columns]
    assert [len(c.get_segments()) for c in lines] == [320, 320]
    for expected in ("784 inputs", "32 hidden units", "10 outputs", "W1: 32 × 784\nb1: 32 × 1"):
        assert expected in texts(ax)
    assert "W2: 10 × 32\nb2: 10 × 1" in texts(ax)
    assert ax.figure.alt_text.startswith("A network in columns: 784 inputs, 32 hidden units, 10")


@pytest.mark.parametrize("size", [1, 2, 12, 32, 128, 129, 784])
def test_units_stand_around_the_middle_first_on_top(size):
    units, heights = shown_units(size)
    assert len(units) == (size if size <= 128 else 10)
    assert (units[0], units[-1]) == (0, size - 1)
    assert heights == sorted(heights, reverse=True)
    assert sum(heights) == pytest.approx(0)
    assert max(heights) <= 5.5 + 1e-9


def test_values_darken_the_circles_and_outputs_are_named():
    values = [np.arange(784.0), np.zeros(3), np.array([0.25, 0.75])]
    image = np.linspace(0, 1, 784)
    ax = plot_network([784, 3, 2], image=image, values=values, outputs=["0: 25%", "1: 75%"])
    filled = [c.get_array() for c in ax.collections if c.get_array() is not None]
    assert np.array_equal(filled[0], [0, 1, 2, 3, 4, 779, 780, 781, 782, 783])
    assert np.array_equal(filled[1], [0, 0, 0])
    assert np.array_equal(filled[2], [0.25, 0.75])
    limits = [c.get_clim() for c in ax.collections if c.get_array() is not None]
    assert limits == [(0, 783), (0, 1), (0, 0.75)]
    assert np.array_equal(ax.images[0].get_array().ravel(), image)
    assert {"0: 25%", "1: 75%"} <= set(texts(ax))
    assert ax.figure.alt_text.endswith("At the outputs: 0: 25%; 1: 75%.")


def test_a_small_panel_has_numbers_only():
    _, (left, right) = plt.subplots(1, 2)
    plot_network([784, 10, 10], shapes=False, ax=left)
    plot_network([784, 128, 10], shapes=False, ax=right)
    assert set(texts(right)) == {"784", "128", "10", "⋮"}
    assert "10 hidden units" in left.figure.alt_text and "128 hidden" in left.figure.alt_text


def test_activations_share_their_axes():
    z = np.array([-4.0, 0.0, 4.0])
    axes = plot_activations(z, {"half": z / 2, "relu": np.maximum(z, 0)})
    assert [ax.get_title() or ax.get_title(loc="left") for ax in axes] == ["half", "relu"]
    curve = axes[1].lines[-1]
    assert np.array_equal(curve.get_xdata(), z)
    assert np.array_equal(curve.get_ydata(), [0, 0, 4])
    assert axes[0].get_ylim() == axes[1].get_ylim()
    assert (
        axes[0].figure.alt_text
        == "Curves over z from −4 to 4: half from −2 to 2; relu from 0 to 4."
    )


def test_product_writes_the_shapes_along_the_edges():
    ax = plot_product(10, 32, 4000, ("W2", "A1", "b2", "Z2"), layer=2)
    shown = texts(ax)
    assert [word for word in shown if word in ("W2", "A1", "b2", "Z2")] == ["W2", "A1", "b2", "Z2"]
    assert [word for word in shown if word in ("@", "+", "=")] == ["@", "+", "="]
    numbers = [word for word in shown if word.replace(",", "").isdigit()]
    assert numbers == ["32", "10", "4,000", "32", "1", "10", "4,000", "10"]
    said = "W2 (10 by 32) times A1 (32 by 4,000) plus b2 (10 by 1) gives Z2 (10 by 4,000)."
    assert ax.figure.alt_text == said


def test_the_marked_entry_stands_in_the_marked_row_and_column():
    ax = plot_product(32, 784, 4000)
    thin = [p for p in ax.patches if min(p.get_width(), p.get_height()) == pytest.approx(0.07)]
    row, column, bias, entry = thin
    assert row.get_y() == pytest.approx(entry.get_y()) == pytest.approx(bias.get_y())
    boxes = [p for p in ax.patches if not p.get_fill()]
    in_input = column.get_x() - boxes[1].get_x()
    assert entry.get_x() - boxes[3].get_x() == pytest.approx(in_input)
    assert row.get_width() == boxes[0].get_width() and column.get_height() == boxes[1].get_height()
