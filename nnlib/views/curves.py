"""Curves and what is read off them: where they end, how far two are apart, means at a place."""

import numpy as np

MOST = 300  # points of a curve that are still seen


def last_within(y, low=-np.inf, high=np.inf):
    """Find the last place where a curve lies between two heights; None if NaN or outside all along.

    Parameters
    ----------
    y : array_like, shape (n,)
        Heights; NaN where there is none.
    low, high : float
        By default every number will do.

    Returns
    -------
    int or None
    """
    y = np.asarray(y, dtype=float)
    places = np.flatnonzero((y >= low) & (y <= high) & np.isfinite(y))
    return int(places[-1]) if places.size else None


def means_at(places, values):
    """Average the values (n,) that stand at the same place (n,): the places, rising, and means."""
    places, values = np.asarray(places), np.asarray(values, dtype=float)
    found = np.unique(places)
    return found, np.array([values[places == place].mean() for place in found])


def relative_difference(values, reference):
    """Measure how far values are from a reference, in parts of it, entry by entry."""
    reference = np.asarray(reference)
    return np.abs(np.asarray(values) - reference) / np.abs(reference)


def exponent_above(sizes):
    """Find the smallest whole power of ten, at least 1e-15, that is above all of these sizes."""
    return max(-15, int(np.floor(np.log10(max(np.max(sizes), 1e-99)))) + 1)


def tenfold_rule(rates, steps):
    """Continue "a tenth of the rate, ten times the steps" from the smallest rate to the largest.

    Parameters
    ----------
    rates, steps : ndarray, shape (n,)
        Learning rates, and the steps that a goal took at each; NaN where it was never reached.

    Returns
    -------
    ends : ndarray, shape (2,)
        The smallest rate that reached the goal, and the largest of all.
    needed : ndarray, shape (2,)
        Its mean number of steps, and what the rule makes of it at the other end.
    """
    smallest = rates[np.isfinite(steps)].min()
    ends = np.array([smallest, rates.max()])
    return ends, steps[rates == smallest].mean() * smallest / ends


def valley_heights(H, right, top):
    """Compute the heights pᵀ H p / 2 of a valley on a grid of places p = (x, y).

    Parameters
    ----------
    H : ndarray, shape (2, 2)
        Symmetric.
    right, top : float
        The grid goes from -right to right and from -top to top.

    Returns
    -------
    x, y, height : ndarray, shape (61, 81)
    """
    x, y = np.meshgrid(np.linspace(-right, right, 81), np.linspace(-top, top, 61))
    return x, y, (H[0, 0] * x**2 + 2 * H[0, 1] * x * y + H[1, 1] * y**2) / 2


def thinned(x, y):
    """Choose some hundreds of the points (x, y), the last one always among them."""
    stride = max(1, len(x) // MOST)
    points = list(zip(x[::stride], y[::stride]))
    return [*points, (x[-1], y[-1])] if len(x) else points
