"""Is the gradient right? Nudge each parameter and look at the loss.  Lessons 05, 06.

Work in float64: in float32 the differences drown in rounding (lesson 06 shows it).
"""

import math

import numpy as np

from nnlib.backprop import backward
from nnlib.losses import mean_loss, one_hot
from nnlib.network import Layer, forward


def numerical_gradient(f, array, step=1e-5):
    """Central differences (f(a + step) - f(a - step)) / (2 step), one entry at a time."""
    array = array * 1.0  # a copy; whole numbers could not be nudged
    gradient = np.zeros_like(array)
    for index in np.ndindex(array.shape):
        nudge = np.zeros_like(array)
        nudge[index] = step
        gradient[index] = (f(array + nudge) - f(array - nudge)) / (2 * step)
    return gradient


def relative_error(a, b):
    """The distance of two arrays, ‖a - b‖ / (‖a‖ + ‖b‖): 0 if equal, 1 if opposite."""
    total = math.sqrt((a**2).sum()) + math.sqrt((b**2).sum())
    return math.sqrt(((a - b) ** 2).sum()) / total if total != 0 else 0.0


def check_gradient(
    params, X, y, activations=("relu", "softmax"), loss="cross_entropy", backward=backward
):
    """Compare `backward` with central differences: a list of Layer(error of dW, error of db).

    Another `backward` of the same form, (params, Zs, As, Y, activations, loss), may be examined.
    """

    def loss_with(l, name, array):
        changed = list(params)
        changed[l] = params[l]._replace(**{name: array})
        Zs, As = forward(changed, X, activations)
        return mean_loss(Zs[-1], As[-1], y, loss)

    Zs, As = forward(params, X, activations)
    Y = one_hot(y, len(As[-1]), X.dtype)
    errors = []
    for l, grad in enumerate(backward(params, Zs, As, Y, activations, loss)):
        dW = numerical_gradient(lambda W, l=l: loss_with(l, "W", W), params[l].W)
        db = numerical_gradient(lambda b, l=l: loss_with(l, "b", b), params[l].b)
        errors.append(Layer(relative_error(grad.W, dW), relative_error(grad.b, db)))
    return errors
