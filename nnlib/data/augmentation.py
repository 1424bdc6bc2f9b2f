"""Digits made different and yet the same digits: moved, turned, thickened, bent.  Lessons 00, 15.

>>> float(shift(np.eye(784, dtype=np.float32)[:, 0], 1, 2).reshape(28, 28)[1, 2])
1.0
"""

import math

import numpy as np
from PIL import Image

__all__ = [
    "GRID",
    "SIDE",
    "add_noise",
    "affine_field",
    "affine_maps",
    "deform",
    "rotate",
    "shift",
    "thicken",
]

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
    images = as_images(X).copy()
    choose = np.maximum if pixels > 0 else np.minimum
    left = abs(pixels)
    while left > 0:
        images = images + min(left, 1) * (spread(images, choose) - images)
        left -= 1
    return as_shape(images, X)


def spread(images, choose):
    """Choose among each pixel of images (m, 28, 28) and its four neighbors: largest or smallest."""
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
    return as_shape(as_images(np.clip(X + noise, 0, 1)), X)


def as_images(X):
    """See columns X (784, m), or one column (784,), as images (m, 28, 28)."""
    return X.T.reshape(-1, SIDE, SIDE)


def as_shape(images, X):
    """Bring images (m, 28, 28) back into the shape and dtype of X, each image in one piece."""
    flat = np.ascontiguousarray(images, dtype=X.dtype).reshape(-1, SIDE * SIDE)
    return flat.T if X.ndim == 2 else flat[0]


def deform(X, rng, degrees=0, scale=0, slant=0, pixels=0, alpha=0, sigma=4):
    """Bend each digit a little, by chance: turn, stretch, slant and move it, and warp its strokes.

    Simard, Steinkraus, Platt: Best Practices for Convolutional Neural Networks Applied to Visual
    Document Analysis (2003), section 2. Every pixel takes the ink of a place nearby.

    Parameters
    ----------
    X : ndarray, shape (784,) or (784, m)
        Pixels, 0…1, one digit or one a column.
    rng : numpy.random.Generator
        The same seed gives the same bends, whatever their strengths.
    degrees, scale, slant, pixels : float, default 0
        Each digit draws its own angle up to `degrees` either way, two factors 1 ± `scale` (height
        and width), a slant up to `slant` (columns a row) and two shifts up to `pixels`.
    alpha : float, default 0
        Of the elastic part: standard deviation of each displacement, in pixels.
    sigma : float, default 4
        Width of the Gaussian that smooths it, in pixels: the larger, the calmer.

    Returns
    -------
    ndarray, shape and dtype of X
    """
    images = as_images(X).astype(np.float32, copy=False)
    strengths = {"degrees": degrees, "scale": scale, "slant": slant, "pixels": pixels}
    dr, dc = displacements(len(images), rng, **strengths, alpha=alpha, sigma=sigma)
    return as_shape(sample_at(images, GRID[:, None] + dr, GRID + dc), X)


GRID = np.arange(SIDE, dtype=np.float32)  # the rows, and the columns, of an image


def displacements(m, rng, degrees=0, scale=0, slant=0, pixels=0, alpha=0, sigma=4):
    """Draw how far down and to the right the place lies that each pixel takes its ink from.

    Parameters
    ----------
    m : int
        How many fields.
    rng, degrees, scale, slant, pixels, alpha, sigma
        As `deform` takes them.

    Returns
    -------
    ndarray of float32, shape (2, m, 28, 28)
        In pixels.
    """
    u = rng.uniform(-1, 1, (6, m)).astype(np.float32)
    noise = rng.standard_normal((2, m, SIDE, SIDE), dtype=np.float32)
    A, b = affine_maps(u, degrees, scale, slant, pixels)
    return affine_field(A, b) + elastic_field(noise, alpha, sigma)


def affine_maps(u, degrees, scale, slant, pixels):
    """Turn random numbers into a turn, a slant, a stretch and a shift for each digit.

    Parameters
    ----------
    u : ndarray, shape (6, m)
        Random numbers, -1…1.
    degrees, scale, slant, pixels : float
        As `deform` takes them.

    Returns
    -------
    A, b : ndarrays, shapes (m, 2, 2) and (m, 2)
    """
    angle, tilt = math.radians(degrees) * u[0], slant * u[1]
    one, none = np.ones_like(angle), np.zeros_like(angle)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    lean = np.array([[one, none], [tilt, one]])
    stretch = np.array([[1 + scale * u[2], none], [none, 1 + scale * u[3]]])
    turn, lean, stretch = (M.transpose(2, 0, 1) for M in (turn, lean, stretch))  # (m, 2, 2)
    return lean @ turn @ stretch, pixels * u[4:].T


def affine_field(A, b):
    """Compute how far A and b move each pixel about the middle of the image.

    Parameters
    ----------
    A, b : ndarrays, shapes (m, 2, 2) and (m, 2)
        As `affine_maps` gives them.

    Returns
    -------
    ndarray, shape (2, m, 28, 28)
        In rows, and in columns.
    """
    middle = GRID - GRID.mean()
    M = (A - np.eye(2, dtype=A.dtype)).transpose(1, 2, 0)[..., None, None]  # (2, 2, m, 1, 1)
    return M[:, 0] * middle[:, None] + M[:, 1] * middle + b.T[..., None, None]


def elastic_field(noise, alpha, sigma):
    """Smooth noise (…, 28, 28) of variance 1, to the standard deviation alpha everywhere.

    A sum of independent numbers of variance 1, each times an entry of a row of K, has variance 1
    if the squares of the row add up to 1.
    """
    K = np.exp(-((GRID[:, None] - GRID) ** 2) / (2 * sigma**2))
    K = (K / np.sqrt((K**2).sum(axis=1, keepdims=True))).astype(noise.dtype)
    return alpha * (K @ (noise @ K.T))


def sample_at(images, rows, columns):
    """Read the ink of images (m, 28, 28) at places between pixels, bilinear; paper outside."""
    m, wide = len(images), SIDE + 2
    padded = np.pad(images, ((0, 0), (1, 1), (1, 1))).ravel()  # a frame of paper
    r, c = (np.clip(places + 1, 0, SIDE + 0.999) for places in (rows, columns))
    top, left = r.astype(np.intp), c.astype(np.intp)
    r, c = r - top.astype(r.dtype), c - left.astype(c.dtype)  # the part of a pixel beyond
    at = (np.arange(m) * wide**2)[:, None, None] + top * wide + left
    upper = padded[at] * (1 - c) + padded[at + 1] * c
    lower = padded[at + wide] * (1 - c) + padded[at + wide + 1] * c
    return upper * (1 - r) + lower * r
