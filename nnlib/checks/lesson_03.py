"""Lesson 03, Send a digit forward: its equations and exercises."""

import itertools
import math

import numpy as np

from nnlib.activations import identity, relu, sigmoid, softmax, tanh
from nnlib.checks.engine import Task
from nnlib.checks.registry import equation, exercise
from nnlib.network import Layer, forward, init_params


def random_layers(sizes, rng):
    """A network of these sizes in float64, whose biases are not zero either."""
    return [
        Layer(rng.normal(0, 1 / math.sqrt(n_in), (n_out, n_in)), rng.normal(0, 1, (n_out, 1)))
        for n_in, n_out in itertools.pairwise(sizes)
    ]


@equation("3.1", "result", "z_k = sum over i of W_ki x_i, plus b_k")
def weighted_sum(rng):
    """The sum with a loop over the inputs, for each unit, against the product."""
    W, b, x = rng.normal(size=(3, 5)), rng.normal(size=3), rng.random(5)
    loops = [sum(W[k, i] * x[i] for i in range(5)) + b[k] for k in range(3)]
    return loops, W @ x + b


@equation("3.2", "definition", "one layer: a row of W times the column x, plus the bias")
def one_layer(rng):
    """Two units, three inputs: 1·1 + 2·0 - 1·2 + 5 = 4 and 3·1 + 0·0 + 4·2 - 1 = 10."""
    W, b = np.array([[1, 2, -1], [3, 0, 4]]), np.array([[5], [-1]])
    return W @ np.array([[1], [0], [2]]) + b, [[4], [10]]


@equation("3.3", "result", "all samples at once: Z = W X + b")
def all_columns(rng):
    """Entry by entry from the formula with indices, against product and broadcasting."""
    W, b, X = rng.normal(size=(3, 5)), rng.normal(size=(3, 1)), rng.random((5, 4))
    entries = [
        [sum(W[k, i] * X[i, j] for i in range(5)) + b[k, 0] for j in range(4)] for k in range(3)
    ]
    return entries, W @ X + b


@equation("3.4", "definition", "relu keeps what is positive")
def relu_cases(rng):
    """Two negative values, zero, two positive ones."""
    return relu(np.array([-2.0, -0.5, 0.0, 0.5, 2.0])), [0, 0, 0, 0.5, 2]


@equation("3.5", "definition", "sigmoid = 1 / (1 + e^-z)")
def sigmoid_values(rng):
    """At -log 3, 0 and log 3, where e^-z is 3, 1 and 1/3."""
    return sigmoid(np.log([1 / 3, 1, 3])), [1 / 4, 1 / 2, 3 / 4]


@equation("3.6", "definition", "tanh = (e^z - e^-z) / (e^z + e^-z)")
def tanh_values(rng):
    """At -log 2, 0 and log 2: (2 - 1/2) / (2 + 1/2) = 3/5."""
    return tanh(np.log([1 / 2, 1, 2])), [-3 / 5, 0, 3 / 5]


@equation("3.7", "result", "the sigmoid is a tanh: (1 + tanh(z/2)) / 2")
def sigmoid_from_tanh(rng):
    """The formula with the exponential, where it does not overflow, against the library's."""
    z = rng.normal(0, 5, 50)
    return 1 / (1 + np.exp(-z)), sigmoid(z)


@equation("3.8", "result", "two linear layers are one")
def two_collapse(rng):
    """One layer after the other, against the one layer with their product."""
    (W1, b1), (W2, b2) = random_layers([6, 5, 4], rng)
    X = rng.random((6, 7))
    return W2 @ (W1 @ X + b1) + b2, (W2 @ W1) @ X + (W2 @ b1 + b2)


@equation("3.9", "result", "four linear layers are one")
def four_collapse(rng):
    """The library's forward pass with identities, against the written-out product."""
    params = random_layers([6, 5, 3, 4, 2], rng)
    (W1, b1), (W2, b2), (W3, b3), (W4, b4) = params
    X = rng.random((6, 7))
    Zs, As = forward(params, X, ["identity"] * 4)
    b = W4 @ W3 @ W2 @ b1 + W4 @ W3 @ b2 + W4 @ b3 + b4
    return As[-1], W4 @ W3 @ W2 @ W1 @ X + b


@equation("3.10", "definition", "the forward pass of two layers")
def forward_by_hand(rng):
    """A 2-2-2 network: sums 3.5 and -1, scores log 3 and 0, probabilities 3/4 and 1/4."""
    params = [
        Layer(np.array([[1.0, 1.0], [1.0, -1.0]]), np.array([[0.5], [0.0]])),
        Layer(np.array([[2.0, 5.0], [1.0, -3.0]]), np.array([[math.log(3) - 7], [-3.5]])),
    ]
    Zs, As = forward(params, np.array([[1.0], [2.0]]))
    columns = [array[:, 0] for array in (Zs[0], As[1], Zs[1], As[2])]
    return columns, [[3.5, -1], [3.5, 0], [math.log(3), 0], [3 / 4, 1 / 4]]


@equation("3.11", "result", "number of weights and biases")
def parameter_count(rng):
    """The formula, against counting the entries of the arrays."""
    networks = [[784, 10, 10], [784, 32, 10], [784, 128, 10], [7, 5, 4, 3]]
    formula = [sum(n_out * n_in + n_out for n_in, n_out in itertools.pairwise(s)) for s in networks]
    counted = [sum(W.size + b.size for W, b in init_params(s, rng)) for s in networks]
    return formula, counted


@equation("3.12", "result", "variance of a sum with random weights")
def variance_of_sum(rng):
    """All 1,024 ways to draw ten weights from -s and s, whose variance is s²."""
    s, x = 0.3, rng.random(10)
    sums = [np.dot(weights, x) for weights in itertools.product((-s, s), repeat=10)]
    return np.var(sums), s**2 * (x**2).sum()


def scores_of(params, X, bends=(relu, relu, identity), with_bias=True, flat=False):
    """The last Z of three layers, with the variants that a learner may write."""
    A = X
    for (W, b), bend in zip(params, bends):
        A = bend(W @ A + (b.ravel() if flat else b) * with_bias)
    return A


def scores_with(**slip):
    """The scores with a slip."""
    return lambda params, X: scores_of(params, X, **slip)


def networks_and_digits():
    """Ten units in each layer and ten digits, where every slip fits; then unequal sizes."""
    rng = np.random.default_rng(0)
    sizes = {"784-10-10-10 and 10 digits": ([784, 10, 10, 10], 10)}
    sizes |= {"784-12-11-10 and 7 digits": ([784, 12, 11, 10], 7)}
    return {name: (random_layers(n, rng), rng.random((784, m))) for name, (n, m) in sizes.items()}


exercise(
    "03-1",
    "my_forward(params, X)",
    Task(
        right=scores_of,
        cases=networks_and_digits,
        names=("Z3",),
        gives="one array, the scores of the last layer",
        sizes="; params holds three pairs (W, b), and W stands to the left, (n_out, n_in) @ "
        "(n_in, m)",
        slips={
            "these are the probabilities; stop one step earlier, at the scores": (
                lambda params, X: softmax(scores_of(params, X))
            ),
            "there is no relu in it, so your three layers are worth one": (
                scores_with(bends=[identity] * 3)
            ),
            "relu belongs to the hidden layers only: it set all negative scores to 0": (
                scores_with(bends=[relu] * 3)
            ),
            "the second hidden layer has no relu": scores_with(bends=[relu, identity, identity]),
            "the first hidden layer has no relu": scores_with(bends=[identity, relu, identity]),
            "these are sigmoids; the hidden layers bend with relu": (
                scores_with(bends=[sigmoid, sigmoid, identity])
            ),
            "these are tanh; the hidden layers bend with relu": (
                scores_with(bends=[tanh, tanh, identity])
            ),
            "the biases are missing: z = W x + b": scores_with(with_bias=False),
            "your biases are flat: with ten digits and ten units, each digit got a bias of its "
            "own. Leave b as a column, (n, 1)": scores_with(flat=True),
        },
    ),
    praise="Bend after each hidden layer, and leave the scores as they are.",
    hints=(
        "begin with (W1, b1), (W2, b2), (W3, b3) = params. What is the input of the second layer?",
        "each hidden layer takes two lines: Z1 = W1 @ X + b1, then A1 = np.maximum(Z1, 0).",
        "the last layer takes A2 and has no relu: its sums are the scores.",
    ),
)


def single_layer(params, W_of=lambda W_next, W: W_next @ W, b_of=None):
    """The one layer that equals all; `W_of` and `b_of` make one layer of two."""
    W, b = params[0]
    for W_next, b_next in params[1:]:
        W, b = W_of(W_next, W), b_of(W_next, b, b_next)
    return W, b


def taken_in(W_next, b, b_next):
    """The bias of two linear layers in one."""
    return W_next @ b + b_next


def collapsing(**slip):
    """Collapse layers with a slip."""
    return lambda params: single_layer(params, **{"b_of": taken_in} | slip)


exercise(
    "03-2",
    "collapse(params)",
    Task(
        right=collapsing(),
        cases=lambda: {
            "three layers of four units": (random_layers([4, 4, 4, 4], np.random.default_rng(0)),),
            "layers 6-5-4-3-2": (random_layers([6, 5, 4, 3, 2], np.random.default_rng(1)),),
        },
        names=("W", "b"),
        slips={
            "the wrong order: x meets W1 first, so W1 stands next to it, on the right": (
                collapsing(W_of=lambda W_next, W: W @ W_next)
            ),
            "the last layer is not in it": lambda params: collapsing()(params[:-1]),
            "b1 goes through the later layers like everything else: multiply it by W2, then W3": (
                collapsing(b_of=lambda W_next, b, b_next: b + b_next)
            ),
            "your b is that of the last layer alone; b1 and b2 reach the end too, through the W": (
                collapsing(b_of=lambda W_next, b, b_next: b_next)
            ),
            "right for three layers only; take in one further layer at a time, in a loop": (
                lambda params: collapsing()(params[:3])
            ),
        },
    ),
    praise="Whatever many linear layers can do, one can.",
    hints=(
        "begin with W, b = params[0], then take in one further layer at a time, with (3.8).",
        "the matrix that meets x first stands on the right: the next one is multiplied from the "
        "left.",
        "for W_next, b_next in params[1:]: the new W is W_next @ W; and the new b?",
    ),
)
