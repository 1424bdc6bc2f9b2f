"""Wrong answers to the exercises of lesson 15: (name, answer, a fragment of the message)."""

import numpy as np

from nnlib.metrics import wilson_interval


def column_first(image):
    r, c = np.indices(image.shape)
    return (c * image).sum() / image.sum(), (r * image).sum() / image.sum()


def every_inked_pixel_the_same(image):
    return np.argwhere(image > 0).mean(axis=0)


def middle_of_the_picture(image):
    return (image.shape[0] - 1) / 2, (image.shape[1] - 1) / 2


def card(right, m):
    return {
        "intended use": "To show learners how a network reads single digits.",
        "data": "59,000 training digits of MNIST, each varied in every epoch.",
        "accuracy": right / m,
        "interval": wilson_interval(right, m),
        "limits": ["it reads letters as digits", "turned by 40 degrees", "a long upstroke"],
    }


def says_no_limits(right, m):
    return {k: v for k, v in card(right, m).items() if k != "limits"}


def in_percent(right, m):
    return card(right, m) | {"accuracy": 100 * right / m}


def plain_interval(right, m):
    p = right / m
    reach = 1.96 * np.sqrt(p * (1 - p) / m)
    return card(right, m) | {"interval": (p - reach, p + reach)}


WRONG_ANSWERS = {
    "15-1": [
        ("the column first", column_first, "the row comes first"),
        ("every pixel the same", every_inked_pixel_the_same, "weight it by how much it holds"),
        ("the middle of the picture", middle_of_the_picture, "the middle of the picture"),
    ],
    "15-2": [
        ("no limits", says_no_limits, "does not say: limits"),
        ("percent", in_percent, "accuracy is a share"),
        ("plain interval", plain_interval, "plain ± 1.96 standard errors"),
    ],
}
