"""Pictures of lesson 16: the curves, the differences, and the graph of a computation."""

from types import SimpleNamespace

import numpy as np

from nnlib.plots import plot_graph, plot_same


def test_curves_and_differences_are_the_data():
    ours = np.array([2.0, 1.0, 0.5])
    losses = {"ours": ours, "theirs": ours * (1 + 2e-8), "equal": ours}
    curves, differences = plot_same(losses)
    assert [line.get_label() for line in curves.lines] == list(losses)
    for line, values in zip(curves.lines, losses.values(), strict=True):
        np.testing.assert_array_equal(line.get_ydata(), values)
    theirs, equal, allowed = differences.lines
    np.testing.assert_allclose(theirs.get_ydata(), 2e-8, rtol=1e-6)
    np.testing.assert_array_equal(equal.get_ydata(), 1e-17)
    assert list(allowed.get_ydata()) == [1e-6, 1e-6]
    alt = curves.figure.alt_text
    assert "from 2.00 to 0.50" in alt and "theirs differs from ours by less than 1e−7" in alt
    assert "equal differs from ours by less than 1e−15" in alt


def test_graph_shows_values_slopes_and_every_edge():
    e = SimpleNamespace(value=-0.5, slope=-1.0, parts=[])
    square = SimpleNamespace(value=0.25, slope=1.0, parts=[(e, -0.5), (e, -0.5)])
    ax = plot_graph({"e": e, "L": square}, {"e": (0, 0), "L": (1, 0)})
    texts = [text.get_text() for text in ax.texts]
    assert texts.count("×−0.50") == 2
    assert "$e$ = −0.50\nslope −1.00" in texts and "$L$ = 0.25\nslope 1.00" in texts
    assert "e −0.50, slope −1.00; L 0.25, slope 1.00" in ax.figure.alt_text
