"""Train data/trained.npz, the network that lesson 00 begins with: 784-64-10, relu and softmax.

Needed once, by a maintainer, with NNLIB_DATA set: python -m benchmarks.makers.make_trained
It sees MNIST's 60,000 training digits without the 1,000 that the sample holds back for testing, so
that these are as new to it as the 10,000 of MNIST's test file. In each epoch every digit is turned,
slanted, stretched, moved and thickened a little, by chance: a hand with another pen is then no
surprise. The settings were chosen on 5,000 of the training digits, kept apart for that; the
test digits were counted once, after the last epoch. Four minutes on one core.
"""

import math
import pathlib

import numpy as np
from PIL import Image

from nnlib.data import load_mnist
from nnlib.data.augmentation import as_images, as_shape, spread
from nnlib.metrics import accuracy
from nnlib.network import init_params, predict
from nnlib.optimizers import SGD
from nnlib.storage import save_network
from nnlib.system.threads import one_blas_thread
from nnlib.training import train

SELF = "benchmarks/makers/make_trained.py"
TARGET = pathlib.Path(__file__).parents[2] / "data" / "trained.npz"
SIZES, ACTIVATIONS = [784, 64, 10], ("relu", "softmax")
SEED, EPOCHS, BATCH_SIZE, LR = 20261122, 60, 64, 0.3


def varied(X, rng):
    """Each digit of X (784, m) as another hand might have written it."""
    images = np.array([moved(image, rng) for image in as_images(X)])
    amount = rng.uniform(-0.6, 1, (len(images), 1, 1)).astype(np.float32)
    thick, thin = (spread(images, choose) - images for choose in (np.maximum, np.minimum))
    return as_shape(images + np.where(amount > 0, amount * thick, -amount * thin), X)


def moved(image, rng):
    """An image (28, 28) turned, slanted and stretched about its middle, and moved up to a pixel."""
    angle, slant = rng.uniform(-0.2, 0.2), rng.uniform(-0.25, 0.25)
    turn = [[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]]
    stretch = np.diag(np.exp(rng.uniform(-0.15, 0.15, 2)))
    A = turn @ np.array([[1, slant], [0, 1]]) @ stretch
    b = 14 - A @ [14, 14] + rng.uniform(-1, 1, 2)  # 14: the middle, in Pillow's coordinates
    by = (*A[0], b[0], *A[1], b[1])
    affine, smooth = Image.Transform.AFFINE, Image.Resampling.BILINEAR
    return np.asarray(Image.fromarray(image).transform(image.shape, affine, by, smooth))


def without(digits, others):
    """The digits X, y whose images are not among others."""
    seen = {image.tobytes() for image in others.X.T}
    new = np.array([image.tobytes() not in seen for image in digits.X.T])
    return digits.X[:, new], digits.y[new]


def fit(X, y, epochs=EPOCHS):
    """Train from scratch; the learning rate falls along a cosine."""
    rng = np.random.default_rng(SEED)
    params, optimizer = init_params(SIZES, rng), SGD()
    for epoch in range(epochs):
        optimizer.lr = LR * (1 + math.cos(math.pi * epoch / epochs)) / 2
        for record in train(params, varied(X, rng), y, optimizer, 1, BATCH_SIZE, rng):
            params = record.params
        print(f"epoch {epoch + 1} of {epochs}: loss {record.loss:.4f}", flush=True)
    return params


def main():
    """Train, count the test digits once, and write the file."""
    one_blas_thread()
    digits, test = load_mnist("full")
    X, y = without(digits, load_mnist()[1])
    params = fit(X, y)
    right = accuracy(predict(params, test.X, ACTIVATIONS), test.y)
    description = (
        f"784-64-10, relu and softmax; trained by {SELF} on {y.size:,} training "
        f"digits of MNIST, varied in each of {EPOCHS} epochs; it reads {100 * right:.2f} % of the "
        "10,000 test digits, which were counted once"
    )
    save_network(TARGET, params, ACTIVATIONS, description)
    print(f"{TARGET.name}: {TARGET.stat().st_size:,} bytes. {description}.")


if __name__ == "__main__":
    main()
