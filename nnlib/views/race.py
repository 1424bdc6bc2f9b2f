"""Optimizers in a valley of two dimensions, and their recorded race on digits.  Lesson 13."""

import math

import numpy as np

from nnlib.network import Layer

FAR = 1e4  # who is farther away than this has run away


def valley(kappa, degrees=0):
    """Make the matrix H of a valley f(p) = pᵀ H p / 2, κ times as steep across as along.

    Parameters
    ----------
    kappa : float
    degrees : float, default 0
        By which the valley is turned.

    Returns
    -------
    H, turn : ndarray, shape (2, 2)
        H = turn @ diag(1, κ) @ turn.T is symmetric; `turn` is the rotation.
    """
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    turn = np.array([[c, -s], [s, c]])
    return turn @ np.diag([1.0, kappa]) @ turn.T, turn


def valley_path(optimizer, H, begin, n_steps):
    """List the points that an optimizer visits, the start first; the way ends early if far away.

    Parameters
    ----------
    optimizer : object
        With the method `step(params, grads)`, as in nnlib.optimizers.
    H : ndarray, shape (2, 2)
        The gradient at p is H @ p.
    begin : sequence of 2 numbers
    n_steps : int

    Returns
    -------
    ndarray, shape (n_steps + 1, 2), or fewer rows
    """
    nothing, path = np.zeros((1, 1)), [np.array(begin, dtype=float)[:, None]]
    for _ in range(n_steps):
        (there,) = optimizer.step([Layer(path[-1], nothing)], [Layer(H @ path[-1], nothing)])
        path.append(there.W)
        if np.abs(there.W).max() > FAR:
            break
    return np.array(path)[:, :, 0]


def recorded_race(record):
    """Sort the recorded validation accuracies by optimizer and learning rate.

    Parameters
    ----------
    record : mapping of arrays
        Columns epochs, optimizer, lr, seed, epoch, validation; runs of the fewest epochs count.

    Returns
    -------
    dict of dict
        {optimizer: {rate: ndarray, shape (n_epochs, n_seeds), in percent}}.
    """
    columns = {
        name: np.asarray(record[name])
        for name in ("epochs", "optimizer", "lr", "seed", "epoch", "validation")
    }
    in_race = columns["epochs"] == columns["epochs"].min()
    race = {}
    for name in np.unique(columns["optimizer"]).tolist():
        mine = in_race & (columns["optimizer"] == name)
        race[name] = {}
        for rate in np.unique(columns["lr"][mine]):
            run = np.flatnonzero(mine & (columns["lr"] == rate))
            order = np.lexsort((columns["seed"][run], columns["epoch"][run]))
            n_seeds = np.unique(columns["seed"][run]).size
            shares = columns["validation"][run][order].astype(float)
            race[name][float(rate)] = 100 * shares.reshape(-1, n_seeds)
    return race


def nearest_rate(rates, lr):
    """Find the recorded rate that is nearest to lr, on a logarithmic scale."""
    return min(rates, key=lambda rate: abs(math.log(rate / lr)))
