"""Pictures of gradients: the data that is drawn, and the sentence that describes it."""

import numpy as np
from pictures import texts

from nnlib.plots import (
    plot_backward_flow,
    plot_error_against_step,
    plot_paper_network,
    plot_slopes,
    plot_tangent,
)

PAPER = {
    "values": [[1, 2], [2, 0], [0.731, 0.269]],
    "errors": [None, [1.097, -0.0], [0.731, -0.731]],
    "weights": [np.array([[0.5, 1.0], [1.5, -1.5]]), np.array([[0.5, -0.5], [-1.0, -1.0]])],
    "gradients": [np.array([[1.097, 2.193], [0, 0]]), np.array([[1.462, 0], [-1.462, -0.0]])],
}


def number(text):
    return float(text.replace("−", "-"))


def test_flow_writes_the_shape_of_every_array():
    ax = plot_backward_flow((6, 5, 4))
    boxes = {text.split("\n")[0]: text.split("\n")[1] for text in texts(ax) if "\n" in text}
    assert boxes == {
        "X": "6 × m",
        "Z1": "5 × m",
        "A1": "5 × m",
        "Z2": "4 × m",
        "P": "4 × m",
        "loss": "1 number",
        "W1": "5 × 6",
        "b1": "5 × 1",
        "W2": "4 × 5",
        "b2": "4 × 1",
        "dW1": "5 × 6",
        "db1": "5 × 1",
        "dW2": "4 × 5",
        "db2": "4 × 1",
        "dZ1": "5 × m",
        "dA1": "5 × m",
        "dZ2": "4 × m",
    }
    assert {"P − Y", "W2ᵀ @", "⊙ relu′", "@ A1ᵀ / m", "@ Xᵀ / m"} <= set(texts(ax))
    assert "dW1 (5 × 6)" in ax.figure.alt_text and "dW2 (4 × 5)" in ax.figure.alt_text


def test_paper_network_writes_each_weight_beside_its_own_slope():
    ax = plot_paper_network(**PAPER)
    at = {text.get_position(): text.get_text() for text in ax.texts if text.get_ha() == "right"}
    slopes = {text.get_position(): text.get_text() for text in ax.texts if text.get_ha() == "left"}
    beside = sorted((number(weight), number(slopes[place])) for place, weight in at.items())
    pairs = [
        (float(w), float(d))
        for W, dW in zip(PAPER["weights"], PAPER["gradients"], strict=True)
        for w, d in zip(W.ravel(), dW.ravel(), strict=True)
    ]
    np.testing.assert_allclose(beside, sorted(pairs))
    assert {"dZ 1.097", "dZ 0.000", "dZ 0.731", "dZ −0.731"} <= set(texts(ax))
    assert "−0.000" not in " ".join(texts(ax)) + ax.figure.alt_text
    assert ax.figure.alt_text.startswith(
        "A small network. Units, layer by layer: 1, 2; 2, 0; 0.731"
    )


def test_tangent_has_the_slope_that_is_given_and_touches_the_curve():
    weights = np.linspace(-1, 3, 5)
    ends = [(0.0, 0.0), (2.0, 4.0)]
    ax = plot_tangent(weights, weights**2, (1.0, 1.0), 2.0, ends, "W1[0, 0]")
    curve, tangent, secant, point = (line.get_xydata() for line in ax.lines)
    np.testing.assert_array_equal(curve[:, 1], weights**2)
    np.testing.assert_allclose(tangent[:, 1], 2 * weights - 1)
    np.testing.assert_array_equal(secant, ends)
    np.testing.assert_array_equal(point, [[1.0, 1.0]])
    assert ax.get_xlabel() == "W1[0, 0]"
    assert "the tangent at 1.00 has slope 2.000" in ax.figure.alt_text


def test_error_against_step_draws_every_error_and_names_the_best():
    steps = np.array([1e-1, 1e-3, 1e-5])
    errors = {"a": np.array([1e-2, 1e-6, 1e-4]), "b": np.array([0.1, 0.2, 0.3])}
    ax = plot_error_against_step(steps, errors)
    for line, values in zip(ax.lines, errors.values(), strict=True):
        np.testing.assert_array_equal(line.get_xdata(), steps)
        np.testing.assert_array_equal(line.get_ydata(), values)
    assert (ax.get_xscale(), ax.get_yscale()) == ("log", "log")
    assert texts(ax) == ["a", "b"]
    assert "a: smallest error near 1e−6, at step 1e−3" in ax.figure.alt_text


def test_slopes():
    z = np.linspace(-1, 1, 10)
    slopes = {"one": np.ones(10), "small": z / 4}
    ax = plot_slopes(z, slopes)
    for line, values in zip(ax.lines, slopes.values(), strict=True):
        np.testing.assert_array_equal(line.get_ydata(), values)
    assert texts(ax) == ["one", "small"]
    assert ax.figure.alt_text.endswith("the largest are one 1.00, small 0.25.")
