"""Convolutions against loops that a child could follow, and every gradient against differences."""

import itertools
import re

import numpy as np
import pytest

from benchmarks.makers.filters_frameworks import filter_network_in_pytorch
from nnlib.convolution import (
    Convolution,
    backward_images,
    convolve,
    convolve_backward,
    forward_images,
    image_step,
    images_of,
    init_filters,
    max_pool,
    max_pool_backward,
    n_positions,
    patches,
    patches_backward,
)
from nnlib.data import load_mnist
from nnlib.losses import cross_entropy, one_hot
from nnlib.network import Layer, forward
from nnlib.optimizers import SGD

SIZES = [  # m, channels, rows, columns, k, stride
    (1, 1, 5, 5, 5, 1),
    (2, 1, 6, 7, 3, 1),
    (3, 2, 7, 6, 3, 2),
    (2, 3, 8, 8, 1, 1),
    (2, 4, 9, 11, 2, 3),
    (2, 3, 9, 8, 4, 2),
    (1, 2, 11, 8, 5, 3),
    (1, 2, 7, 7, 5, 9),
]
every_size = pytest.mark.parametrize(("m", "c", "rows", "columns", "k", "stride"), SIZES)
NETS = [
    (Convolution(3, 5, pool=2), Convolution(10, 12)),
    (Convolution(2, 5, stride=2), Convolution(3, 5, stride=2), Convolution(10, 4)),
    (Convolution(2, 5, pool=3), Convolution(4, 8), Convolution(10, 1)),
]


def places(n, k, stride):
    return range(0, n - k + 1, stride)


def convolved_by_hand(images, W, b, k, stride):
    """Every sum by itself."""
    m, c, rows, columns = images.shape
    there = (len(places(rows, k, stride)), len(places(columns, k, stride)))
    Z = np.zeros((m, len(W), *there))
    for i, f in itertools.product(range(m), range(len(W))):
        for r, top in enumerate(places(rows, k, stride)):
            for s, left in enumerate(places(columns, k, stride)):
                total = b[f, 0]
                for j, dr, dc in itertools.product(range(c), range(k), range(k)):
                    total += W[f, (j * k + dr) * k + dc] * images[i, j, top + dr, left + dc]
                Z[i, f, r, s] = total
    return Z


def slopes(f, x, h=1e-6):
    """Central differences of a function of one array."""
    found = np.zeros_like(x)
    for place in np.ndindex(x.shape):
        kept, x[place] = x[place], x[place] + h
        above = f()
        x[place] = kept - h
        found[place] = (above - f()) / (2 * h)
        x[place] = kept
    return found


@every_size
def test_a_convolution_is_the_sums_under_the_filter(rng, m, c, rows, columns, k, stride):
    images, W, b = (
        rng.random((m, c, rows, columns)),
        rng.normal(size=(3, c * k * k)),
        rng.random((3, 1)),
    )
    Z, U = convolve(images, W, b, stride)
    np.testing.assert_allclose(Z, convolved_by_hand(images, W, b, k, stride), rtol=1e-12)
    np.testing.assert_array_equal(U, patches(images, k, stride))


@every_size
def test_each_column_is_one_patch_and_samples_are_slowest(rng, m, c, rows, columns, k, stride):
    images = rng.random((m, c, rows, columns))
    found = [
        images[i, :, top : top + k, left : left + k].ravel()
        for i in range(m)
        for top in places(rows, k, stride)
        for left in places(columns, k, stride)
    ]
    np.testing.assert_array_equal(patches(images, k, stride), np.transpose(found))


@every_size
def test_back_is_the_transpose_of_cutting(rng, m, c, rows, columns, k, stride):
    images = rng.random((m, c, rows, columns))
    U = patches(images, k, stride)
    dU = rng.random(U.shape)
    dX = patches_backward(dU, images.shape, k, stride)
    assert (dU * U).sum() == pytest.approx((dX * images).sum(), rel=1e-12)


@every_size
def test_the_gradients_of_a_convolution_are_its_slopes(rng, m, c, rows, columns, k, stride):
    images, W, b = (
        rng.random((m, c, rows, columns)),
        rng.normal(size=(2, c * k * k)),
        rng.random((2, 1)),
    )
    Z, U = convolve(images, W, b, stride)
    pull = rng.normal(size=Z.shape)

    def total():
        return (convolve(images, W, b, stride)[0] * pull).sum()

    (dW, db), dX = convolve_backward(pull, U, W, images.shape, stride)
    assert convolve_backward(pull, U, W)[1] is None
    np.testing.assert_allclose(dW * m, slopes(total, W), atol=1e-6)
    np.testing.assert_allclose(db * m, slopes(total, b), atol=1e-6)
    np.testing.assert_allclose(dX, slopes(total, images), atol=1e-6)


@pytest.mark.parametrize(("rows", "columns", "size"), [(4, 4, 2), (2, 6, 2), (6, 9, 3), (3, 3, 1)])
def test_pooling_keeps_the_largest_and_routes_its_slope(rng, rows, columns, size):
    images = rng.permutation(2 * 3 * rows * columns).reshape(2, 3, rows, columns) / 7.0
    P = max_pool(images, size)
    for i, j in np.ndindex(P.shape[2:]):
        block = images[:, :, i * size : (i + 1) * size, j * size : (j + 1) * size]
        np.testing.assert_array_equal(P[:, :, i, j], block.max(axis=(2, 3)))
    dP = rng.normal(size=P.shape)
    expected = slopes(lambda: (max_pool(images, size) * dP).sum(), images)
    np.testing.assert_allclose(max_pool_backward(dP, images, P), expected, atol=1e-6)


def test_among_equal_pixels_the_first_takes_the_whole_slope():
    images = np.array([[[[1.0, 5, 2, 2], [5, 5, 2, 2]]]])
    dX = max_pool_backward(np.array([[[[3.0, 4]]]]), images, max_pool(images))
    np.testing.assert_array_equal(dX, [[[[0, 3, 4, 0], [0, 0, 0, 0]]]])


def test_pooling_does_not_touch_its_images(rng):
    images = rng.random((1, 1, 4, 4))
    before = images.copy()
    max_pool_backward(np.ones((1, 1, 2, 2)), images, max_pool(images))
    max_pool(images, 1)[...] = 7
    np.testing.assert_array_equal(images, before)


@pytest.mark.parametrize("plan", NETS)
def test_the_gradient_of_a_whole_network_is_its_slope(rng, plan):
    params = init_filters(plan, rng, dtype=np.float64)
    X, y = rng.random((784, 3)), np.array([1, 7, 3])
    Z, kept = forward_images(params, X, plan)
    grads = backward_images(params, kept, one_hot(y, 10, np.float64), plan)
    for layer, grad in zip(params, grads, strict=True):
        for values, found in zip(layer, grad, strict=True):
            assert found.shape == values.shape
            for place in {tuple(rng.integers(values.shape)) for _ in range(6)}:
                part = values[place[0], place[1] : place[1] + 1]
                slope = slopes(lambda: cross_entropy(forward_images(params, X, plan)[0], y), part)
                np.testing.assert_allclose(found[place], slope[0], rtol=1e-4, atol=1e-8)


def test_filters_as_large_as_the_image_are_lesson_03s_network(rng):
    plan = [Convolution(6, 28), Convolution(10, 1)]
    params, X = init_filters(plan, rng, dtype=np.float64), rng.random((784, 5))
    Zs, _ = forward(params, X)
    np.testing.assert_allclose(forward_images(params, X, plan)[0], Zs[-1], rtol=1e-12)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("plan", NETS)
def test_the_dtype_stays_what_it_is(rng, plan, dtype):
    params, X = init_filters(plan, rng, dtype=dtype), rng.random((784, 2)).astype(dtype)
    Z, kept = forward_images(params, X, plan)
    grads = backward_images(params, kept, one_hot([1, 2], 10, dtype), plan)
    _, after = image_step(params, X, np.array([1, 2]), SGD(0.1), plan)
    arrays = [Z, *itertools.chain(*params, *grads, *after)]
    assert {array.dtype for array in arrays} == {np.dtype(dtype)}


def test_images_lie_in_the_memory_of_their_columns():
    test_digits = load_mnist()[1]
    images = images_of(test_digits.X)
    assert np.shares_memory(images, test_digits.X)
    assert images.shape == (test_digits.y.size, 1, 28, 28)
    np.testing.assert_array_equal(images[3, 0], test_digits.X[:, 3].reshape(28, 28))


def test_a_step_learns_a_batch(rng):
    plan, X, y = NETS[0], rng.random((784, 20)).astype(np.float32), rng.integers(0, 10, 20)
    params, losses = init_filters(plan, rng), []
    for _ in range(50):
        loss, params = image_step(params, X, y, SGD(0.1), plan)
        losses.append(loss)
    assert losses[-1] < losses[0] / 2


@pytest.mark.parametrize(
    ("attempt", "words"),
    [
        (lambda: n_positions(4, 5), "a filter of 5 pixels, stride 1, has no place on 4 pixels"),
        (lambda: n_positions(4, 0), "a filter of 0 pixels"),
        (lambda: n_positions(4, 2, 0), "stride 0"),
        (lambda: patches(np.ones((1, 1, 3, 9)), 4), "has no place on 3 pixels"),
        (lambda: convolve(np.ones((1, 2, 9, 9)), np.ones((3, 9)), 0), "9 weights"),
        (lambda: convolve(np.ones((1, 1, 9, 9)), np.ones((3, 8)), 0), "8 weights"),
        (lambda: max_pool(np.ones((1, 1, 5, 4))), "blocks of 2 x 2 do not fill images (5, 4)"),
        (
            lambda: init_filters([Convolution(3, 5, pool=5)], np.random.default_rng(0)),
            "do not fill",
        ),
        (lambda: init_filters([Convolution(3, 29)], np.random.default_rng(0)), "no place on 28"),
        (lambda: images_of(np.ones((783, 2))), "783"),
    ],
)
def test_sizes_that_do_not_fit_are_refused_in_one_sentence(attempt, words):
    with pytest.raises(ValueError, match=re.escape(words)) as refusal:
        attempt()
    assert "\n" not in str(refusal.value)


def test_a_layer_of_filters_is_a_layer(rng):
    params = init_filters(NETS[1], rng)
    assert [layer.W.shape for layer in params] == [(2, 25), (3, 50), (10, 48)]
    assert all(isinstance(layer, Layer) and not layer.b.any() for layer in params)


@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("k", [1, 2, 3, 4, 5])
def test_a_layer_of_filters_is_pytorchs_conv2d(rng, k, stride):
    torch = pytest.importorskip("torch")
    images, W, b = rng.random((3, 2, 11, 8)), rng.normal(size=(4, 2 * k * k)), rng.random((4, 1))
    Z, U = convolve(images, W, b, stride)
    dZ = rng.normal(size=Z.shape)
    (dW, db), dX = convolve_backward(dZ, U, W, images.shape, stride)
    theirs = filter_network_in_pytorch([Layer(W, b)], [Convolution(4, k, stride)], c=2)[0]
    pixels = torch.tensor(images, requires_grad=True)
    found = theirs(pixels)
    found.backward(torch.from_numpy(dZ))
    np.testing.assert_allclose(Z, found.detach(), rtol=0, atol=1e-6)
    np.testing.assert_allclose(dX, pixels.grad, rtol=0, atol=1e-6)
    np.testing.assert_allclose(3 * dW.reshape(4, 2, k, k), theirs.weight.grad, rtol=0, atol=1e-6)
    np.testing.assert_allclose(3 * db[:, 0], theirs.bias.grad, rtol=0, atol=1e-6)


@pytest.mark.parametrize("ties", [False, True])
@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_pooling_is_pytorchs_max_pool2d(rng, size, ties):
    torch = pytest.importorskip("torch")
    images = rng.random((2, 3, 12, 24))
    images = np.round(2 * images) if ties else images  # of 0, 1, 2 many are equally large
    P = max_pool(images, size)
    dP = rng.normal(size=P.shape)
    pixels = torch.tensor(images, requires_grad=True)
    found = torch.nn.MaxPool2d(size)(pixels)
    found.backward(torch.from_numpy(dP))
    np.testing.assert_array_equal(P, found.detach())
    np.testing.assert_array_equal(max_pool_backward(dP, images, P), pixels.grad)


@pytest.mark.parametrize("plan", NETS)
def test_a_whole_network_has_pytorchs_loss_and_gradient(rng, plan):
    torch = pytest.importorskip("torch")
    params, X, y = init_filters(plan, rng, dtype=np.float64), rng.random((784, 3)), [1, 7, 3]
    params = [Layer(W, rng.normal(size=b.shape)) for W, b in params]
    Z, kept = forward_images(params, X, plan)
    grads = backward_images(params, kept, one_hot(y, 10, np.float64), plan)
    net = filter_network_in_pytorch(params, plan)
    loss = torch.nn.functional.cross_entropy(net(torch.tensor(images_of(X))), torch.tensor(y))
    loss.backward()
    assert cross_entropy(Z, np.array(y)) == pytest.approx(loss.item(), rel=1e-6)
    for ours, theirs in zip(itertools.chain(*grads), net.parameters(), strict=True):
        np.testing.assert_allclose(ours.ravel(), theirs.grad.ravel(), rtol=0, atol=1e-6)
