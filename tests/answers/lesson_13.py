"""Wrong answers to the exercises of lesson 13: (name, answer, a fragment of the message)."""

import numpy as np


def averaged(W, velocity, dW, lr, momentum):
    new = momentum * velocity + (1 - momentum) * dW
    return W - lr * new, new


def old_velocity(W, velocity, dW, lr, momentum):
    return W - lr * velocity, momentum * velocity + dW


def downhill_form(W, velocity, dW, lr, momentum):
    new = momentum * velocity - lr * dW
    return W + new, new


def counts_from_zero(gradients, lr):
    theta = m = s = np.zeros_like(gradients[0])
    for t, g in enumerate(gradients):
        m, s = 0.9 * m + 0.1 * g, 0.999 * s + 0.001 * g**2
        theta = theta - lr * (m / (1 - 0.9**t)) / (np.sqrt(s / (1 - 0.999**t)) + 1e-8)
    return theta


def corrects_the_mean_only(gradients, lr):
    theta = m = s = np.zeros_like(gradients[0])
    for t, g in enumerate(gradients, start=1):
        m, s = 0.9 * m + 0.1 * g, 0.999 * s + 0.001 * g**2
        theta = theta - lr * (m / (1 - 0.9**t)) / (np.sqrt(s) + 1e-8)
    return theta


def epsilon_inside(gradients, lr):
    theta = m = s = np.zeros_like(gradients[0])
    for t, g in enumerate(gradients, start=1):
        m, s = 0.9 * m + 0.1 * g, 0.999 * s + 0.001 * g**2
        theta = theta - lr * (m / (1 - 0.9**t)) / np.sqrt(s / (1 - 0.999**t) + 1e-8)
    return theta


WRONG_ANSWERS = {
    "13-1": [
        ("an average of gradients", averaged, "your velocity is an average"),
        ("moved along the old velocity", old_velocity, "uses the old velocity"),
        ("the velocity holds the step", downhill_form, "points downhill"),
    ],
    "13-2": [
        ("t starts at 0", counts_from_zero, "does t start at 1"),
        ("correction of one mean only", corrects_the_mean_only, "only the mean is corrected"),
        ("epsilon inside the root", epsilon_inside, "ε stands inside your root"),
    ],
}
