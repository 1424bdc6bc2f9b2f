"""An optimizer turns a gradient into a step, `step(params, grads) -> params`.  Lessons 07, 13.

Only optimizers remember anything from one step to the next; their memory begins with the first
step and belongs to one network: a new network wants a new optimizer. (The memory of another one
usually does not fit, a ValueError, but shapes that broadcast are added without a word.) Their `lr`,
the learning rate, may be changed at any time and acts on the next step; the schedules say how it
may shrink. `lr` is a Python number: a NumPy float64 would make float32 parameters float64.
"""

import math

import numpy as np

from nnlib.network import Layer


class SGD:
    """Gradient descent: walk a little way down the slope; stochastic if the batch is a part."""

    def __init__(self, lr=0.1):
        self.lr = lr

    def step(self, params, grads):
        """Subtract lr times the gradient from every weight and bias."""
        return [
            Layer(W - self.lr * dW, b - self.lr * db)
            for (W, b), (dW, db) in zip(params, grads, strict=True)
        ]


def each_array(f, *lists):
    """Apply f to the arrays at the same place in one or more lists of layers: a list of layers."""
    return [Layer(*map(f, *layers)) for layers in zip(*lists, strict=True)]


class Momentum:
    """Keep rolling: step along a sum of all gradients so far, the older the fainter.

    Polyak (1964); velocity = momentum * velocity + gradient, and the step is -lr * velocity.
    """

    def __init__(self, lr=0.01, momentum=0.9):
        self.lr, self.momentum = lr, momentum
        self.velocity = None

    def step(self, params, grads):
        """Add the gradient to the fading velocity, and move against it."""
        if self.velocity is None:
            self.velocity = each_array(np.zeros_like, params)
        self.velocity = each_array(lambda v, g: self.momentum * v + g, self.velocity, grads)
        return each_array(lambda p, v: p - self.lr * v, params, self.velocity)


class RMSProp:
    """Divide each parameter's gradient by its recent size (Hinton, lecture 6e, 2012)."""

    def __init__(self, lr=0.001, decay=0.9, epsilon=1e-8):
        self.lr, self.decay, self.epsilon = lr, decay, epsilon
        self.mean_square = None

    def step(self, params, grads):
        """Update the mean of the squared gradients, and move by lr * gradient / its root."""
        if self.mean_square is None:
            self.mean_square = each_array(np.zeros_like, params)
        self.mean_square = each_array(
            lambda s, g: self.decay * s + (1 - self.decay) * g**2, self.mean_square, grads
        )

        def move(p, g, s):
            return p - self.lr * g / (np.sqrt(s) + self.epsilon)

        return each_array(move, params, grads, self.mean_square)


class Adam:
    """Divide the mean gradient by its size, both corrected for their start at 0.

    Kingma and Ba (2015), Algorithm 1.
    """

    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        self.lr, self.beta1, self.beta2, self.epsilon = lr, beta1, beta2, epsilon
        self.t, self.mean, self.mean_square = 0, None, None

    def step(self, params, grads):
        """Update both means, correct them, and move by lr * mean / root of the mean square."""
        if self.t == 0:
            self.mean = self.mean_square = each_array(np.zeros_like, params)
        self.t += 1
        self.mean = each_array(lambda m, g: self.beta1 * m + (1 - self.beta1) * g, self.mean, grads)
        self.mean_square = each_array(
            lambda s, g: self.beta2 * s + (1 - self.beta2) * g**2, self.mean_square, grads
        )
        c1, c2 = 1 - self.beta1**self.t, 1 - self.beta2**self.t  # the corrections

        def move(p, m, s):
            return p - self.lr * (m / c1) / (np.sqrt(s / c2) + self.epsilon)

        return each_array(move, params, self.mean, self.mean_square)


def step_decay(lr, epoch, every, factor=0.5):
    """The learning rate of an epoch (1, 2, …) when it shrinks by a factor after every k epochs."""
    return lr * factor ** ((epoch - 1) // every)


def cosine_decay(lr, step, n_steps):
    """The learning rate after `step` of `n_steps` steps: half a cosine wave from lr down to 0.

    Loshchilov and Hutter (2017), without their restarts.
    """
    return lr * (1 + math.cos(math.pi * step / n_steps)) / 2
