"""Digits made different and still the same digits: shifted, turned, thickened.  Lessons 00, 15.

>>> shift(np.eye(784, dtype=np.float32)[:, 0], 1, 2).reshape(28, 28)[1, 2]
1.0
"""

import numpy as np
from PIL import Image

SIDE = 28  # pixels of an image, each way


def shift(X, down, right):
    """Move digits by whole pixels; ink that leaves the image is lost.

    Parameters
    ----------
    X : ndarray, shape (784,) or (784, m)
        Pixels, 0…1, one digit or one a column.
    down, right : int
        Pixels; negative moves up or left.

    Returns
    -------
    ndarray, shape and dtype of X
    """
    padded = np.pad(as_images(X), ((0, 0), (SIDE, SIDE), (SIDE, SIDE)))
    top, left = (SIDE - np.clip((down, right), -SIDE, SIDE)).tolist()
    return as_shape(padded[:, top : top + SIDE, left : left + SIDE], X)


def rotate(X, degrees):
    """Turn digits clockwise about the middle of the image.

    Parameters
    ----------
    X : ndarray, shape (784,) or (784, m)
        Pixels, 0…1.
    degrees : float
        Negative turns counterclockwise.

    Returns
    -------
    ndarray, shape and dtype of X
    """
    turned = [
        np.asarray(Image.fromarray(image).rotate(-degrees, Image.Resampling.BILINEAR))
        for image in as_images(X).astype(np.float32)
    ]
    return as_shape(np.array(turned), X)


def thicken(X, pixels):
    """Make strokes thicker, or, with a negative number, thinner.

    Parameters
    ----------
    X : ndarray, shape (784,) or (784, m)
        Pixels, 0…1.
    pixels : float
        By how much the edge moves outwards, on each side of a stroke; parts of a pixel are mixed.

    Returns
    -------
    ndarray, shape and dtype of X
    """
    images = as_images(X)
    choose = np.maximum if pixels > 0 else np.minimum
    left = abs(pixels)
    while left > 0:
        images = images + min(left, 1) * (spread(images, choose) - images)
        left -= 1
    return as_shape(images, X)


def spread(images, choose):
    """Each pixel of images (m, 28, 28) with its four neighbors: the largest, or the smallest."""
    around = np.pad(images, ((0, 0), (1, 1), (1, 1)))
    result = images
    for near in (
        around[:, :-2, 1:-1],
        around[:, 2:, 1:-1],
        around[:, 1:-1, :-2],
        around[:, 1:-1, 2:],
    ):
        result = choose(result, near)
    return result


def add_noise(X, amount, rng):
    """Add to every pixel a random number, and keep all in 0…1.

    Parameters
    ----------
    X : ndarray, shape (784,) or (784, m)
        Pixels, 0…1.
    amount : float
        Standard deviation of the normal noise.
    rng : numpy.random.Generator
        The same seed gives the same noise, whatever its amount.

    Returns
    -------
    ndarray, shape and dtype of X
    """
    noise = amount * rng.standard_normal(X.shape)
    return np.clip(X + noise, 0, 1).astype(X.dtype)


def as_images(X):
    """Columns X (784, m), or one column (784,), as images (m, 28, 28)."""
    return X.T.reshape(-1, SIDE, SIDE)


def as_shape(images, X):
    """Images (m, 28, 28) back in the shape and dtype of X; each image in one piece, as in X."""
    flat = np.ascontiguousarray(images, dtype=X.dtype).reshape(-1, SIDE * SIDE)
    return flat.T if X.ndim == 2 else flat[0]
