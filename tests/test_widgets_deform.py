"""The deformation lab shows what deform does, and what the network reads then."""

import itertools

import numpy as np
import pytest

from nnlib.data import load_mnist
from nnlib.data.augmentation import deform
from nnlib.network import init_params, predict
from nnlib.widgets import deformation_lab
from nnlib.widgets.deform import COLUMNS, MANY, copies

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("quick")]  # hundreds of pictures

DIGITS = load_mnist()[1]
PARAMS = init_params([784, 12, 10], np.random.default_rng(0))
STRENGTHS = ("degrees", "scale", "slant", "pixels", "alpha", "sigma")


@pytest.fixture
def lab():
    return deformation_lab(PARAMS, DIGITS)


def words(frame):
    return frame.words.value


def sheet(frame):
    """The fifteen digits of the mosaic, as they are shown: (15, 784)."""
    picture = frame.parts["canvas"].figure.axes[1].images[0].get_array()
    rows = picture.reshape(MANY // COLUMNS, -1, COLUMNS, 32)[:, 2:30, :, 2:30]
    return rows.transpose(0, 2, 1, 3).reshape(MANY, 784)


def test_begins_elastic_with_what_deform_makes(lab):
    x = DIGITS.X[:, np.flatnonzero(DIGITS.y == 4)[0]]
    X = np.repeat(x[:, None], MANY, axis=1)
    expected = deform(X, np.random.default_rng(0), alpha=1.2, sigma=4)
    np.testing.assert_allclose(sheet(lab), expected.T, atol=1e-6)
    right = int((predict(PARAMS, expected) == 4).sum())
    assert f"reads 4 in {right} of 15" in words(lab)


def test_no_strength_gives_fifteen_times_the_digit(lab):
    lab.parts["alpha"].value = 0
    x = DIGITS.X[:, np.flatnonzero(DIGITS.y == 4)[0]]
    np.testing.assert_array_equal(sheet(lab), np.repeat(x[None], MANY, axis=0))
    assert "0.0 pixels away" in words(lab)


@pytest.mark.parametrize("name", STRENGTHS)
def test_both_ends_of_every_slider(lab, name):
    control = lab.parts[name]
    seen = []
    for value in (control.min, control.max):
        control.value = value
        assert "copies" in words(lab) and "nn-error" not in words(lab)
        seen.append(sheet(lab))
        assert 0 <= seen[-1].min() and seen[-1].max() <= 1
    assert np.abs(seen[0] - seen[1]).mean() > 0.01


def test_everything_at_its_ends_at_once(lab):
    for ends in itertools.islice(
        itertools.product(("min", "max"), repeat=len(STRENGTHS)), 0, 64, 7
    ):
        for name, end in zip(STRENGTHS, ends, strict=True):
            lab.parts[name].value = getattr(lab.parts[name], end)
        assert "nn-error" not in words(lab)


def test_every_digit_and_any_number_of_it(lab):
    for digit in "0189":
        lab.parts["digit"].value = digit
        lab.parts["which"].value = lab.parts["which"].max
        assert f"reads {digit} in" in words(lab)


def test_the_button_draws_other_copies_of_the_same_digit(lab):
    first = sheet(lab)
    lab.parts["others"].click()
    assert (sheet(lab) != first).any()
    lab.parts["alpha"].value = 0
    assert (sheet(lab) == sheet(lab)[0]).all()


def test_the_arrows_are_those_of_the_first_copy(lab):
    x = DIGITS.X[:, np.flatnonzero(DIGITS.y == 4)[0]]
    field, bent = copies(x, 0, alpha=1.2, sigma=4)
    arrows = lab.parts["canvas"].figure.axes[0].collections[0]
    np.testing.assert_allclose(arrows.U.reshape(9, 9), field[1, 1::3, 1::3], atol=1e-6)
    np.testing.assert_allclose(sheet(lab)[0], bent[:, 0], atol=1e-6)


def test_wrong_readings_are_named():
    blind = [layer._replace(W=0 * layer.W) for layer in PARAMS]  # reads 0 in everything
    assert "reads 4 in 0 of 15 copies, else 0." in words(deformation_lab(blind, DIGITS))
