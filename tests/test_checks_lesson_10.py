"""Lesson 10: answers by other routes, and other mistakes than the three."""

import numpy as np
import pytest
from answers.lesson_10 import load, save

from nnlib.checks import registry
from nnlib.network import Layer

registry.load_all()


def save_in_a_row(path, params):
    np.savez_compressed(path, *[array for layer in params for array in layer])


def load_in_a_row(path):
    with np.load(path) as file:
        arrays = [file[f"arr_{place}"] for place in range(len(file.files))]
    return list(zip(arrays[::2], arrays[1::2]))


def save_with_a_second_ending(path, params):
    save(f"{path}.npz", params)


def save_one_array(path, params):
    np.save(path, params[0].W)


@pytest.mark.parametrize("answer", [(save, load), (save_in_a_row, load_in_a_row)])
def test_other_ways_there_and_back_are_right(answer):
    assert registry.verdict("10-1", answer).startswith("✓")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ((None, None), "10-1 is not written yet"),
        ((save, None), "10-1 is not written yet"),
        (
            (save_with_a_second_ending, load),
            "save wrote net.npz.npz: the path has its .npz already",
        ),
        ((save_one_array, load), "np.save, for one array, adds .npy"),
        ((lambda path, params: None, load), "save wrote no file"),
        ((save, lambda path: load(path)[::-1]), "two arrays are swapped"),
    ],
)
def test_files_that_go_wrong_in_other_ways(answer, words):
    assert words in registry.verdict("10-1", answer)


def misfit(fits):
    """An answer that finds the first layer whose b does not fit, by this condition."""

    def first_misfit(params):
        n_in = params[0].W.shape[1]
        for l, (W, b) in enumerate(params, start=1):
            if W.shape[1] != n_in or not fits(W, b):
                return l
            n_in = W.shape[0]
        return 0

    return first_misfit


def unpacked(W, b):
    n_out, n_columns = b.shape
    return (n_out, n_columns) == (len(W), 1)


@pytest.mark.parametrize(
    "fits",
    [
        lambda W, b: b.ndim == 2 and b.shape[1] == 1 and len(b) == len(W),
        lambda W, b: b.shape == W[:, :1].shape,
    ],
)
def test_other_ways_to_the_first_misfit_are_right(fits):
    assert registry.verdict("10-2", misfit(fits)).startswith("✓")
    assert registry.verdict("10-2", lambda p: np.int64(misfit(fits)(p))).startswith("✓")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (misfit(lambda W, b: len(b) == len(W) and b.shape[1] == 1), "stopped with IndexError"),
        (misfit(unpacked), "b3 was flat, (4,) instead of (4, 1), and your code stopped with Value"),
        (misfit(lambda W, b: b.size == len(W)), "b3 was flat"),
        (lambda params: "0", "yours is the str '0'"),
        (lambda params: [Layer], "yours is the list"),
        (lambda params: 0, "found nothing wrong"),
    ],
)
def test_misfits_that_go_wrong_in_other_ways(answer, words):
    assert words in registry.verdict("10-2", answer)
