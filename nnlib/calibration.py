"""Calibration: is a probability of 0.9 right nine times in ten?  Lesson 18.

The confidence of a sample is the largest of its probabilities. Guo, Pleiss, Sun, Weinberger: On
Calibration of Modern Neural Networks (2017).
"""

import math
from typing import NamedTuple

import numpy as np

from nnlib.activations import softmax
from nnlib.losses import check_labels


class Bins(NamedTuple):
    """Samples sorted by confidence into bins of equal width; each an array (n_bins,)."""

    count: np.ndarray
    confidence: np.ndarray  # its mean; nan in an empty bin
    right: np.ndarray  # the share that was read right


def reliability(P, y, n_bins=10):
    """Compare confidence and share right, bin by bin, for P (10, m) and labels y (m,): Bins."""
    check_labels(y, *P.shape)
    if not (P.min() >= 0 and P.max() <= 1 + 1e-6):  # NaN is neither
        raise ValueError(f"P holds probabilities, as softmax gives; got {P.min():g}…{P.max():g}")
    confidence, is_right = P.max(axis=0), P.argmax(axis=0) == y
    # bin i goes from above i / n_bins to (i + 1) / n_bins
    places = np.searchsorted(np.arange(1, n_bins, dtype=P.dtype) / n_bins, confidence)
    count, *sums = (np.bincount(places, w, n_bins) for w in (None, confidence, is_right))
    return Bins(count, *np.divide(sums, count, where=count > 0, out=np.full((2, n_bins), np.nan)))


def expected_calibration_error(P, y, n_bins=10):
    """The mean gap between confidence and share right over the bins, each with its count."""
    count, confidence, right = reliability(P, y, n_bins)
    return float(np.nansum(count * np.abs(confidence - right)) / count.sum())


def temperature_slope(Z, y, T):
    """The derivative of the mean cross-entropy of Z / T, Z (10, m), with respect to 1 / T."""
    check_labels(y, *Z.shape)
    expected = (softmax(Z / T) * Z).sum(axis=0)
    return float((expected - Z[y, np.arange(len(y))]).mean())


def fit_temperature(Z, y, low=0.05, high=20.0):
    """The T between low and high with the smallest cross-entropy of Z / T, by bisection.

    It is low or high itself if the best lies outside: low if every sample is read right.
    """
    if not (Z.size and np.isfinite(Z).all()):
        raise ValueError("Z holds no scores, or NaN or infinite; did the training diverge?")
    for _ in range(50):
        T = math.sqrt(low * high)
        if temperature_slope(Z, y, T) > 0:  # 1 / T is too large
            low = T
        else:
            high = T
    return T
