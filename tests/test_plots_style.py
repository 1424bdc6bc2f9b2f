"""The colors of signed numbers: told apart in gray, by who sees no red, and under words."""

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from nnlib.plots.style import DIVERGING, ink_on

SHARES = np.linspace(0, 1, 129)  # from zero to the limit
DEUTERANOPIA = np.array(  # in linear light; Machado, Oliveira, Fernandes (2009), severity 1
    [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]]
)
XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
WHITE = XYZ.sum(axis=1)


def linear(colors):
    """Linear light of sRGB (…, 3)."""
    return np.where(colors <= 0.04045, colors / 12.92, ((colors + 0.055) / 1.055) ** 2.4)


def lab(light):
    """CIE L*a*b* of linear light (…, 3)."""
    t = np.clip(light, 0, 1) @ XYZ.T / WHITE
    f = np.where(t > 216 / 24389, np.cbrt(t), (24389 / 27 * t + 16) / 116)
    x, y, z = f[..., 0], f[..., 1], f[..., 2]
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def light(shares):
    """Linear light of signed numbers, -1…1."""
    return linear(DIVERGING((shares + 1) / 2)[..., :3])


def test_zero_is_white_and_more_is_darker_on_both_sides():
    for sign in (1, -1):
        lightness = lab(light(sign * SHARES))[:, 0]
        assert lightness[0] == pytest.approx(100, abs=0.1) and (np.diff(lightness) < 0).all()


def test_in_gray_blue_is_darker_than_red():
    gap = lab(light(-SHARES))[:, 0] - lab(light(SHARES))[:, 0]
    assert (gap[1:] > 0).all() and gap[SHARES >= 0.7].min() >= 20


def test_who_sees_no_red_sees_two_hues():
    plus, minus = (lab(light(sign * SHARES) @ DEUTERANOPIA.T) for sign in (1, -1))
    assert np.linalg.norm(plus - minus, axis=1)[SHARES >= 0.25].min() > 20
    assert (plus[1:, 2] < 0).all() and (minus[1:, 2] > 0).all()  # blue, yellow


@pytest.mark.parametrize("share", np.linspace(-1, 1, 41))
def test_words_on_a_signed_color_can_be_read(share):
    ground, ink = (
        linear(np.array(color)) @ XYZ[1]
        for color in (DIVERGING((share + 1) / 2)[:3], to_rgb(ink_on(share)))
    )
    assert (max(ground, ink) + 0.05) / (min(ground, ink) + 0.05) > 3.5
