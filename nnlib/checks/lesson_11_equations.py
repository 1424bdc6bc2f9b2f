"""Lesson 11, Build the deep sigmoid network: its equations.

Names as in the source: layers 1 … L = 4 with the input as layer 1, so W[l] and B[l] lead into
layer l = 2, 3, 4; A[1] is the input; derivatives of a scalar are rows. Layer l of the source is
layer l - 1 of ours.
"""

from typing import NamedTuple

import numpy as np

from nnlib.activations import sigmoid, sigmoid_derivative
from nnlib.backprop import backward
from nnlib.checks.registry import equation
from nnlib.gradient_check import numerical_gradient
from nnlib.losses import squared_error
from nnlib.network import Layer, forward

SIZES = (6, 5, 4, 3)  # all different
LAST, N = 4, 7  # the number of the last layer, and of samples
BENDS = ("sigmoid", "sigmoid", "sigmoid")


class Source(NamedTuple):
    """A small network in the source's numbering, with one sample or with several as columns."""

    W: dict
    B: dict
    Z: dict
    A: dict
    Y: np.ndarray


def small_source(rng, n=1):
    """Draw one in float64: weights and biases N(0, 1), targets 0 and 1."""
    W = {l: rng.normal(size=(SIZES[l - 1], SIZES[l - 2])) for l in (2, 3, 4)}
    B = {l: rng.normal(size=(SIZES[l - 1], 1)) for l in (2, 3, 4)}
    Y = np.eye(SIZES[-1])[:, rng.integers(0, SIZES[-1], n)]
    return passed(W, B, rng.random((SIZES[0], n)), Y)


def passed(W, B, X, Y):
    """The network after a forward pass, written out layer by layer."""
    Z, A = {}, {1: X}
    for l in (2, 3, 4):
        Z[l] = W[l] @ A[l - 1] + B[l]
        A[l] = sigmoid(Z[l])
    return Source(W, B, Z, A, Y)


def ours(net):
    """The same network as a list of layers."""
    return [Layer(net.W[l], net.B[l]) for l in (2, 3, 4)]


def cost(A, Y):
    """The source's cost, by loops: half the squared length of each difference, averaged."""
    n, total = Y.shape[1], 0.0
    for k in range(n):
        total += sum((A[i, k] - Y[i, k]) ** 2 for i in range(len(Y)))
    return total / (2 * n)


def cost_from(net, l, Z):
    """The cost if the sums of layer l were Z."""
    A = sigmoid(Z)
    for after in range(l + 1, LAST + 1):
        A = sigmoid(net.W[after] @ A + net.B[after])
    return cost(A, net.Y)


def cost_with(net, name, l, array):
    """The cost if W[l] or B[l] were another array."""
    W, B = (net.W | {l: array}, net.B) if name == "W" else (net.W, net.B | {l: array})
    new = passed(W, B, net.A[1], net.Y)
    return cost(new.A[LAST], net.Y)


def measured_row(net, l):
    """dC/dZ of layer l by nudging, as a row."""
    return numerical_gradient(lambda Z: cost_from(net, l, Z), net.Z[l]).T


def jacobian(f, z):
    """Row i, column j: how fast entry i of f(z) reacts to entry j of the column z, by nudging."""
    rows = [numerical_gradient(lambda z, i=i: f(z)[i, 0], z)[:, 0] for i in range(len(f(z)))]
    return np.array(rows)


def rows_of_errors(net):
    """dC/dZ of every layer for one sample, rows, by equations 1 and 2 of the source: {l: row}."""
    row = (net.A[LAST] - net.Y).T * sigmoid_derivative(net.Z[LAST]).T
    rows = {LAST: row}
    for l in (3, 2):
        rows[l] = (rows[l + 1] @ net.W[l + 1]) * sigmoid_derivative(net.Z[l]).T
    return rows


def sample_of(net, k):
    """The network for sample k alone."""
    return passed(net.W, net.B, net.A[1][:, [k]], net.Y[:, [k]])


@equation("11.1", "definition", "one neuron: weighted sum, bias, sigmoid")
def one_neuron(rng):
    """Weights (1, -2), inputs (3, 1), bias -1 give the sum 0, and σ(0) = 1/2."""
    neuron = Layer(np.array([[1.0, -2.0]]), np.array([[-1.0]]))
    _, (_, A2) = forward([neuron], np.array([[3.0], [1.0]]), ("sigmoid",))
    return A2, [[0.5]]


@equation("11.2", "result", "a whole layer, and the next, and the next")
def all_layers(rng):
    """Single neurons by loops, layer after layer, against `forward`."""
    net = small_source(rng, N)
    A = net.A[1]
    for l in (2, 3, 4):
        nxt = np.zeros((SIZES[l - 1], N))
        for i, k in np.ndindex(nxt.shape):
            total = sum(net.W[l][i, j] * A[j, k] for j in range(len(A))) + net.B[l][i, 0]
            nxt[i, k] = 1 / (1 + np.exp(-total))
        A = nxt
    return A, forward(ours(net), net.A[1], BENDS)[1][-1]


@equation("11.3", "result", "without its bends the network is one layer")
def collapse(rng):
    """Three linear layers, against the one layer W^5, B^5."""
    W, B, _, A, _ = small_source(rng, N)
    stacked = W[4] @ (W[3] @ (W[2] @ A[1] + B[2]) + B[3]) + B[4]
    W5, B5 = W[4] @ W[3] @ W[2], W[4] @ W[3] @ B[2] + W[4] @ B[3] + B[4]
    return stacked, W5 @ A[1] + B5


@equation("11.4", "definition", "784-20-10-10 has 15,980 weights and 40 biases")
def how_many(rng):
    """Counted entry by entry in arrays of that size."""
    sizes = (784, 20, 10, 10)
    weights = [np.ones((n_out, n_in)).sum() for n_in, n_out in zip(sizes, sizes[1:])]
    return [*weights, sum(weights), sum(sizes[1:])], [15_680, 200, 100, 15_980, 40]


@equation("11.5", "result", "terms of an output, written out in the inputs")
def terms(rng):
    """A linear network of ones has as many ones to add as terms, against the rule."""
    sizes, by_rule = (784, 20, 10, 10), [1]
    value, by_adding = np.ones((784, 1)), []
    for n_in, n_out in zip(sizes, sizes[1:]):
        by_rule.append(n_in * by_rule[-1] + 1)
        value = np.ones((n_out, n_in)) @ value + 1
        by_adding.append(value[0, 0])
    return [*by_adding, value.sum()], [785, 15_701, by_rule[-1], 10 * by_rule[-1]]


@equation("11.6", "result", "the cost of the source is our squared error")
def the_cost(rng):
    """Loops over samples and outputs, against the library."""
    net = small_source(rng, N)
    return [cost(net.A[4], net.Y)], [squared_error(net.A[4], net.Y)]


@equation("11.7", "result", "the slope along the negative gradient, at unit speed")
def steepest(rng):
    """Central difference along the direction, against minus the length of the gradient."""
    net = small_source(rng, N)
    params = ours(net)
    Zs, As = forward(params, net.A[1], BENDS)
    grads = backward(params, Zs, As, net.Y, BENDS, "squared_error")
    length = np.sqrt(sum((array**2).sum() for layer in grads for array in layer))

    def cost_at(t):
        moved = [
            Layer(W - t * dW / length, b - t * db / length)
            for (W, b), (dW, db) in zip(params, grads)
        ]
        return squared_error(forward(moved, net.A[1], BENDS)[1][-1], net.Y)

    return [(cost_at(1e-4) - cost_at(-1e-4)) / 2e-4], [-length]


@equation("11.8", "result", "the cost is the average of the individual costs")
def average_of_costs(rng):
    """All samples at once in the library, against one sample at a time."""
    net = small_source(rng, N)
    own = [cost(net.A[4][:, [k]], net.Y[:, [k]]) for k in range(N)]
    return [squared_error(net.A[4], net.Y)], [sum(own) / N]


@equation("11.9", "result", "its derivative is the average of the individual derivatives")
def average_of_derivatives(rng):
    """Nudge the first matrix under the whole cost, and under each individual one."""
    net = small_source(rng, N)
    whole = numerical_gradient(lambda W: cost_with(net, "W", 2, W), net.W[2])
    nets = [sample_of(net, k) for k in range(N)]
    own = [numerical_gradient(lambda W, s=s: cost_with(s, "W", 2, W), net.W[2]) for s in nets]
    return whole, sum(own) / N


@equation("11.10", "result", "the chain from the cost back to one weight")
def the_chain(rng):
    """A product of measured Jacobians, against nudging the weight itself."""
    net = small_source(rng)
    i, j = 2, 4
    chain = numerical_gradient(lambda A: cost(A, net.Y), net.A[4]).T
    for l in (4, 3):
        chain = chain @ jacobian(sigmoid, net.Z[l])
        chain = chain @ jacobian(lambda A, l=l: net.W[l] @ A + net.B[l], net.A[l - 1])

    def Z2_with(w):
        W2 = net.W[2].copy()
        W2[i, j] = w[0, 0]
        return W2 @ net.A[1] + net.B[2]

    weight = net.W[2][[[i]], [[j]]]
    chain = chain @ jacobian(sigmoid, net.Z[2]) @ jacobian(Z2_with, weight)
    return chain, numerical_gradient(lambda w: cost_from(net, 2, Z2_with(w)), weight)


@equation("11.11", "result", "dC/dA of the output is a row of differences")
def first_link(rng):
    """Nudge the outputs."""
    net = small_source(rng)
    return numerical_gradient(lambda A: cost(A, net.Y), net.A[4]).T, (net.A[4] - net.Y).T


@equation("11.12", "result", "dA/dZ is diagonal")
def diagonal(rng):
    """Nudge the sums of a layer, against the diagonal matrix of slopes."""
    net = small_source(rng)
    return jacobian(sigmoid, net.Z[3]), np.diag(sigmoid_derivative(net.Z[3])[:, 0])


@equation("11.13", "result", "two forms of the slope of the sigmoid")
def two_slopes(rng):
    """With exponentials, against σ (1 - σ)."""
    z = rng.normal(0, 3, 20)
    return np.exp(-z) / (1 + np.exp(-z)) ** 2, sigmoid(z) * (1 - sigmoid(z))


@equation("11.14", "result", "equation 1: the error of the last layer")
def equation_1(rng):
    """Nudge the last sums, against the Hadamard form."""
    net = small_source(rng)
    return measured_row(net, 4), (net.A[4] - net.Y).T * sigmoid_derivative(net.Z[4]).T


@equation("11.15", "result", "dZ/dA of the layer before is the weight matrix")
def through_the_weights(rng):
    """Nudge the activations."""
    net = small_source(rng)
    return jacobian(lambda A: net.W[4] @ A + net.B[4], net.A[3]), net.W[4]


@equation("11.16", "result", "one layer further back, written out")
def second_to_last(rng):
    """Nudge the sums of layer 3, against both factors and the weights between."""
    net = small_source(rng)
    last = (net.A[4] - net.Y).T * sigmoid_derivative(net.Z[4]).T
    return measured_row(net, 3), (last @ net.W[4]) * sigmoid_derivative(net.Z[3]).T


@equation("11.17", "result", "equation 2: from one layer to the layer before")
def equation_2(rng):
    """Nudge the sums of layers 2 and 3, with the row of the layer after it measured too."""
    net = small_source(rng)
    left = [measured_row(net, l) for l in (2, 3)]
    right = [(measured_row(net, l + 1) @ net.W[l + 1]) for l in (2, 3)]
    right = [row * sigmoid_derivative(net.Z[l]).T for row, l in zip(right, (2, 3))]
    return np.hstack(left), np.hstack(right)


@equation("11.18", "result", "equation 2 in columns, for all samples at once")
def columns(rng):
    """The rows of single samples, stood up side by side, against one product."""
    net = small_source(rng, N)
    rows = [rows_of_errors(sample_of(net, k)) for k in range(N)]
    dZ2, dZ3 = (np.hstack([row[l].T for row in rows]) for l in (2, 3))
    return dZ2, (net.W[3].T @ dZ3) * sigmoid_derivative(net.Z[2])


@equation("11.19", "result", "equation 3: one weight, one sample")
def equation_3(rng):
    """Nudge each weight of layer 3, against row times a column that is zero but for one entry."""
    net = small_source(rng)
    nudged = numerical_gradient(lambda W: cost_with(net, "W", 3, W), net.W[3])
    row, by_rule = rows_of_errors(net)[3], np.zeros_like(net.W[3])
    for i, j in np.ndindex(by_rule.shape):
        unit = np.zeros((len(by_rule), 1))
        unit[i] = net.A[2][j]
        by_rule[i, j] = (row @ unit)[0, 0]
    return nudged, by_rule


@equation("11.20", "result", "equation 4: one bias, one sample")
def equation_4(rng):
    """Nudge each bias of layer 2, one after the other, against entry i of the row."""
    net = small_source(rng)
    nudged = numerical_gradient(lambda B: cost_with(net, "B", 2, B), net.B[2])
    return nudged[:, 0], rows_of_errors(net)[2][0]


@equation("11.21", "result", "equation 5: one weight, all samples")
def equation_5(rng):
    """Nudge the weights under the whole cost, against the average of equation 3."""
    net = small_source(rng, N)
    nudged = numerical_gradient(lambda W: cost_with(net, "W", 3, W), net.W[3])
    by_rule, rows = np.zeros_like(net.W[3]), [rows_of_errors(sample_of(net, k)) for k in range(N)]
    for i, j in np.ndindex(by_rule.shape):
        by_rule[i, j] = sum(rows[k][3][0, i] * net.A[2][j, k] for k in range(N)) / N
    return nudged, by_rule


@equation("11.22", "result", "equation 6: one bias, all samples")
def equation_6(rng):
    """Nudge the biases under the whole cost, against the average of equation 4."""
    net = small_source(rng, N)
    nudged = numerical_gradient(lambda B: cost_with(net, "B", 3, B), net.B[3])
    rows = [rows_of_errors(sample_of(net, k))[3] for k in range(N)]
    return nudged[:, 0], sum(rows)[0] / N


@equation("11.23", "result", "equation 7: all weights of a layer, one sample")
def equation_7(rng):
    """Nudge every matrix, against (row)ᵀ (column)ᵀ."""
    net = small_source(rng)
    rows = rows_of_errors(net)
    nudged = [
        numerical_gradient(lambda W, l=l: cost_with(net, "W", l, W), net.W[l]).ravel()
        for l in (2, 3, 4)
    ]
    return np.hstack(nudged), np.hstack([(rows[l].T @ net.A[l - 1].T).ravel() for l in (2, 3, 4)])


@equation("11.24", "result", "equation 8, with its transpose: all biases of a layer, one sample")
def equation_8(rng):
    """Nudge a column of biases; the derivative must be a column too."""
    net = small_source(rng)
    nudged = numerical_gradient(lambda B: cost_with(net, "B", 3, B), net.B[3])
    return nudged, rows_of_errors(net)[3].T


@equation("11.25", "result", "equations 5 to 8 in columns, for a whole batch")
def equations_in_columns(rng):
    """The average of equations 7 and 8 over single samples, against two products."""
    net = small_source(rng, N)
    nets = [sample_of(net, k) for k in range(N)]
    rows = [rows_of_errors(s) for s in nets]
    dW = sum(row[3].T @ s.A[2].T for row, s in zip(rows, nets)) / N
    dB = sum(row[3].T for row in rows) / N
    dZ = np.hstack([row[3].T for row in rows])
    in_columns = np.hstack([dZ @ net.A[2].T, dZ.sum(axis=1, keepdims=True)]) / N
    return np.hstack([dW, dB]), in_columns


@equation("11.26", "result", "the slope of the sigmoid is at most 1/4")
def a_quarter(rng):
    """Nudge the sigmoid, against 1/4 minus a square."""
    z = rng.normal(0, 2, 20)
    return numerical_gradient(lambda z: sigmoid(z).sum(), z), 1 / 4 - (sigmoid(z) - 1 / 2) ** 2
