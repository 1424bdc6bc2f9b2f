"""An optimizer turns a gradient into a step, `step(params, grads) -> params`.  Lesson 07.

Only optimizers remember anything from one step to the next. Their `lr`, the learning rate, may be
changed at any time and acts on the next step.
"""

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
