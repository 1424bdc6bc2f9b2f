"""The networks that the training lab trains: two layers, or the small filters of lesson 17.

Each says how it begins, how it is trained, what it reads, and what that costs.
"""

import math
from typing import NamedTuple

import numpy as np

from nnlib.convolution import Convolution, forward_images, image_step, init_filters, n_positions
from nnlib.network import init_params, multiply_adds, predict
from nnlib.training import Diverged, Record, is_finite, minibatches, train

STARTS = {"relu": "he", "sigmoid": "xavier", "tanh": "xavier"}
PLAN = (Convolution(8, 5, stride=2), Convolution(16, 5, stride=2), Convolution(10, 4))
AT_ONCE = 250  # digits that filters read at once: their patches of a thousand fit into few caches


def batches(m, epochs, batch_size, rng):
    """Deal all batches of a training, each with its epoch."""
    for epoch in range(1, epochs + 1):
        for batch in minibatches(m, batch_size, rng):
            yield epoch, batch


class TwoLayers(NamedTuple):
    """A hidden layer of units that see all pixels, and ten outputs."""

    units: int
    activation: str

    pictured = "weights of the hidden units"

    @property
    def activations(self):
        """The activation of each layer."""
        return (self.activation, "softmax")

    def in_words(self):
        """What it is called in a sentence."""
        return f"hidden {self.units}"

    def begin(self, rng):
        """Draw its first parameters."""
        return init_params([784, self.units, 10], rng, STARTS[self.activation])

    def train(self, params, digits, *how):
        """Train it, a generator of records; `how` is optimizer, epochs, batch size, rng, every."""
        return train(params, *digits, *how, activations=self.activations)

    def read(self, params, X):
        """Read digits X (784, m): labels (m,)."""
        return predict(params, X, self.activations)

    def multiply_adds(self, steps, batch):
        """Count the multiply-adds of so many steps."""
        return multiply_adds(self.units, steps, batch, batch)


class SmallFilters(NamedTuple):
    """Eight small filters, sixteen on what these find, and ten outputs."""

    plan: tuple = PLAN

    pictured = "weights of the first filters"

    def sides(self):
        """The pixels of each layer's maps, each way."""
        sides = [28]
        for layer in self.plan:
            sides.append(n_positions(sides[-1], layer.k, layer.stride))
        return sides[1:]

    @property
    def units(self):
        """How many hidden units it has: each filter is one at each place."""
        layers = zip(self.plan[:-1], self.sides())
        return sum(layer.filters * side**2 for layer, side in layers)

    def in_words(self):
        """What it is called in a sentence."""
        return f"small filters (lesson 17), {self.units:,} hidden units"

    def begin(self, rng):
        """Draw its first parameters."""
        return init_filters(self.plan, rng)

    def train(self, params, digits, optimizer, epochs, batch_size, rng, every):
        """Train it as `nnlib.training.train` does, a generator of records."""
        losses, good = [], params
        dealt = batches(digits.y.size, epochs, batch_size, rng)
        for step, (epoch, batch) in enumerate(dealt, 1):
            here = digits.X[:, batch], digits.y[batch]
            with np.errstate(over="ignore", invalid="ignore"):  # the loss is looked at
                loss, stepped = image_step(params, *here, optimizer, self.plan)
            if not (math.isfinite(loss) and is_finite(stepped)):
                raise Diverged(step, optimizer.lr, params if math.isfinite(loss) else good)
            losses, good, params = [*losses, loss], params, stepped
            if step % every == 0:
                yield Record(step, epoch, sum(losses) / len(losses), params)
                losses = []

    def read(self, params, X):
        """Read digits X (784, m): labels (m,)."""
        starts = range(0, X.shape[1], AT_ONCE)
        some = (forward_images(params, X[:, j : j + AT_ONCE], self.plan)[0] for j in starts)
        return np.concatenate([scores.argmax(axis=0) for scores in some])

    def multiply_adds(self, steps, batch):
        """Count the multiply-adds of so many steps, as `nnlib.network.multiply_adds` does."""
        a_digit, parameters, channels = 0, 0, 1
        for l, (layer, side) in enumerate(zip(self.plan, self.sides())):
            weights = layer.filters * channels * layer.k**2
            a_digit += (3 if l > 0 else 2) * weights * side**2  # the pixels need no slope
            parameters += weights + layer.filters
            channels = layer.filters
        return steps * (batch * a_digit + parameters)
