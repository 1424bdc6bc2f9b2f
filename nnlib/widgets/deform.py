"""The deformation lab: how far may a digit be bent and still be that digit?  Lesson 15."""

import numpy as np

from nnlib.data.augmentation import deform, displacements
from nnlib.network import predict
from nnlib.plots import plot_digits, plot_field
from nnlib.widgets.frame import counter, digit_picker, picture_widget, slider

MANY = 15  # deformed copies in the mosaic
COLUMNS = 5


def deformation_lab(params, digits, activations=("relu", "softmax")):
    """One digit, fifteen deformed copies of it, and what a network reads in them.

    Parameters
    ----------
    params : list of Layer
        A network for 784 pixels and ten digits.
    digits : Digits
        X (784, m) and y (m,); every class must occur.
    activations : sequence of str, default ("relu", "softmax")

    Returns
    -------
    Frame
        Its `parts`: "digit", "which", the sliders "degrees", "scale", "slant", "pixels", "alpha",
        "sigma", the button "others" and "canvas".
    """
    picker, column = digit_picker(digits, "4")
    controls = picker | {
        "degrees": slider("turn, degrees", 0, 0, 45),
        "scale": slider("stretch", 0.0, 0.0, 0.5, step=0.05),
        "slant": slider("slant", 0.0, 0.0, 0.6, step=0.05),
        "pixels": slider("move, pixels", 0, 0, 6),
        "alpha": slider("alpha, pixels", 1.2, 0.0, 4.0, step=0.1),
        "sigma": slider("sigma, pixels", 4.0, 1.0, 10.0, step=0.5),
        "others": counter("Other copies", "draw new random numbers"),
    }

    def show(figure, digit, which, others, **strengths):
        x, label = column(digit, which), int(digit)
        field, bent = copies(x, seed=others, **strengths)
        read = predict(params, bent, activations)
        draw_lab(figure, x, field, bent, read, label)
        return lab_in_words(field, read, label)

    question = "How far can you bend it until it is another digit?"
    moves = "how strongly a digit is turned, stretched, slanted, moved, warped"
    return picture_widget(question, moves, (5.5, 3.1), controls, show)


def copies(x, seed, **strengths):
    """The field (2, 28, 28) of the first of fifteen deformed copies of x, and all (784, 15)."""
    X = np.repeat(x[:, None], MANY, axis=1)
    fields = displacements(MANY, np.random.default_rng(seed), **strengths)
    return fields[:, 0], deform(X, np.random.default_rng(seed), **strengths)


def lab_in_words(field, read, label):
    """The line under the picture."""
    right = int((read == label).sum())
    wrong = sorted({int(k) for k in read if k != label})
    also = f", else {' or '.join(map(str, wrong))}" if wrong else ""
    far = np.hypot(*field).mean()
    return (
        f"The network reads {label} in {right} of {read.size} copies{also}. In the first copy a "
        f"pixel takes its ink from {far:.1f} pixels away, in the mean."
    )


def draw_lab(figure, x, field, bent, read, label):
    """The digit with the arrows of the first copy; beside it all copies with what is read."""
    figure.set_layout_engine("none")
    left = figure.add_axes((0.01, 0.22, 0.31, 0.55))
    right = figure.add_axes((0.34, 0.02, 0.65, 0.96))
    plot_field(x, field, "where ink comes from", ax=left)
    left.title.set_fontsize(11)  # larger, and it would not fit
    plot_digits(bent, y=[label] * MANY, predicted=read, columns=COLUMNS, ax=right)
