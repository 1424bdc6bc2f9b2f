"""Pictures of the deep network: the data that is drawn, and the sentence that describes it."""

import numpy as np
from pictures import texts

from nnlib.plots import plot_bar_panels, plot_chain, plot_chains, plot_chunks, plot_layer_bars

CHAIN = [("row", 1, 3, "output"), ("W", 3, 5, "hidden"), ("result", 1, 5, "hidden")]


def test_chunks_lie_over_every_image_and_their_ink_is_told():
    images = np.zeros((2, 784))
    images[1].reshape(28, 28)[3:5, 10:20] = 1
    axes = plot_chunks(images, [(3, 7, 10, 20), (20, 24, 0, 5)], ["paper", "bar"])
    for ax, image, name in zip(axes, images, ["paper", "bar"], strict=True):
        assert np.array_equal(ax.images[0].get_array().ravel(), image)
        assert name in (ax.get_title(), ax.get_title(loc="left"))  # where the style puts it
        boxes = [(p.get_x(), p.get_y(), p.get_width(), p.get_height()) for p in ax.patches]
        assert boxes == [(9.5, 2.5, 10, 4), (-0.5, 19.5, 5, 4)]
        assert texts(ax) == ["1", "2"]
    assert "paper: 1: 0.00, 2: 0.00; bar: 1: 0.50, 2: 0.00." in axes[0].figure.alt_text


def test_chain_is_true_to_scale_and_its_sizes_fit():
    ax = plot_chain(CHAIN)
    assert [(p.get_height(), p.get_width()) for p in ax.patches] == [(1, 3), (3, 5), (1, 5)]
    edges = [(p.get_x(), p.get_x() + p.get_width()) for p in ax.patches]
    assert all(right < left for (_, right), (left, _) in zip(edges, edges[1:]))
    assert {"row", "W", "result", "1 × 3", "3 × 5", "1 × 5"} <= set(texts(ax))
    assert [text for text in texts(ax) if text in "@="] == ["@", "="]
    assert ax.figure.alt_text == "A product: row (1 by 3) times W (3 by 5) gives result (1 by 5)."


def bars(ax):
    """Heights of the pale bars and of the others."""
    groups = [[bar.get_height() for bar in group] for group in ax.containers]
    return (groups[0], groups[1]) if len(groups) == 2 else ([], groups[0])


def test_layer_bars_hold_the_values_and_those_before():
    ax = plot_layer_bars([0.5, 20, 0], [1, 2], "share", (0, 30))
    assert bars(ax) == ([1, 2], [0.5, 20, 0])
    assert texts(ax) == ["0.5", "20", "0"]
    assert ax.get_ylim() == (0, 30)
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("layer", "share")
    assert list(ax.get_xticks()) == [1, 2, 3]
    assert ax.figure.alt_text == "Bars, share: layer 1: 0.5, layer 2: 20, layer 3: 0."


def test_on_a_logarithmic_axis_bars_end_at_its_ends_and_numbers_are_true():
    ax = plot_layer_bars([0, 1e-9, 0.01, 5e3], limits=(1e-4, 10), log=True)
    assert bars(ax)[1] == [1e-4, 1e-4, 0.01, 5e3]
    assert texts(ax) == ["0", "1e−9", "0.01", "5,000"]
    assert all(1e-4 <= text.get_position()[1] < 10 for text in ax.texts)
    assert ax.get_yscale() == "log" and ax.get_ylim() == (1e-4, 10)


def sizes(ax):
    return [(patch.get_height(), patch.get_width()) for patch in ax.patches]


def test_the_chains_are_two_products_whose_sizes_fit():
    for ax in plot_chains():
        *factors, result = sizes(ax)
        assert len(factors) == 6
        for (_, columns), (rows, _) in zip(factors, factors[1:]):
            assert columns == rows
        assert result == (factors[0][0], factors[-1][1])
    assert ax.figure.alt_text.count("A product:") == 2


def test_one_chain_is_the_other_transposed():
    row, column = (sizes(ax) for ax in plot_chains())
    assert [shape[::-1] for shape in row[-2::-1]] == column[:-1]
    assert row[-1][::-1] == column[-1]


def test_panels_hold_the_bars_and_share_their_axis():
    left, right = plot_bar_panels({"one": [0.1, 0.02], "two": [0.3, 0.2, 0.1]}, "size", (0.01, 1))
    assert [bar.get_height() for bar in right.patches] == [0.3, 0.2, 0.1]
    assert left.get_ylim() == right.get_ylim() == (0.01, 1)
    assert "one" in (left.get_title(), left.get_title(loc="left"))  # where the style puts it
    assert (left.get_ylabel(), right.get_ylabel()) == ("size", "")
