"""Regularization keeps a network from learning its training digits by heart.  Lesson 13.

Two ways: L2 makes large weights cost something; dropout switches hidden units off at random while
training. Neither acts when digits are read: `predict` stays what it is. `strength` and `rate` are
Python numbers: a NumPy float64 would make float32 arrays float64.
"""

import numpy as np

from nnlib.activations import ACTIVATIONS
from nnlib.backprop import output_error
from nnlib.losses import cross_entropy, one_hot
from nnlib.network import Layer


def l2_penalty(params, strength):
    """What the weights cost: strength / 2 times the sum of their squares; biases cost nothing."""
    return strength / 2 * sum(float((W**2).sum()) for W, b in params)


def add_l2(grads, params, strength):
    """The gradient of the loss plus that of the penalty: strength * W is added to each dW."""
    return [Layer(dW + strength * W, db) for (dW, db), (W, b) in zip(grads, params, strict=True)]


def dropout_mask(shape, rate, rng, dtype=np.float32):
    """Draw a 0 with probability `rate` (below 1), else 1 / (1 - rate): its mean is 1.

    Srivastava et al. (2014), in the form called inverted dropout.
    """
    kept = rng.random(shape) >= rate
    return kept.astype(dtype) / (1 - rate)


def masked_forward(params, X, masks, activations=("relu", "softmax")):
    """`forward`, with the A of each hidden layer times its mask (n_out, m); the output has none."""
    Zs, As = [], [X]
    for (W, b), name, mask in zip(params, activations, [*masks, 1], strict=True):
        Zs.append(W @ As[-1] + b)
        As.append(mask * ACTIVATIONS[name].function(Zs[-1]))
    return Zs, As


def masked_backward(params, Zs, As, Y, masks, activations=("relu", "softmax")):
    """`backward` of the cross-entropy, through the same masks: what was off gets no gradient."""
    m = Y.shape[1]
    dZ = output_error(Zs[-1], As[-1], Y, activations[-1])
    grads = []
    for l in reversed(range(len(params))):
        grads.append(Layer((dZ / m) @ As[l].T, dZ.sum(axis=1, keepdims=True) / m))
        if l > 0:
            dA = masks[l - 1] * (params[l].W.T @ dZ)
            dZ = ACTIVATIONS[activations[l - 1]].backward(dA, Zs[l - 1])
    return grads[::-1]


@np.errstate(over="ignore", invalid="ignore")
def regularized_step(
    params, X, y, optimizer, rng, l2=0.0, dropout=0.0, activations=("relu", "softmax")
):
    """`train_step` with L2 and dropout: the loss with its penalty, and the parameters after."""
    shapes = [(len(b), y.size) for W, b in params[:-1]]
    masks = [dropout_mask(shape, dropout, rng, X.dtype) for shape in shapes]
    Zs, As = masked_forward(params, X, masks, activations)
    Y = one_hot(y, len(As[-1]), X.dtype)
    grads = add_l2(masked_backward(params, Zs, As, Y, masks, activations), params, l2)
    loss = float(cross_entropy(Zs[-1], y)) + l2_penalty(params, l2)
    return loss, optimizer.step(params, grads)
