"""Photos of cards on tables, made from MNIST: one digit on a light card, and the table around it.

`python tests/cards.py` prints, by share and table, how many are read right, refused and wrong.
"""

import io
from collections import Counter
from functools import cache

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from nnlib.data import TRAINED, load_mnist
from nnlib.data.pictures import read_picture
from nnlib.data.preprocessing import as_mnist
from nnlib.network import predict
from nnlib.storage import load_network
from nnlib.system.errors import PictureError

SHARES = (40, 55, 70, 85, 100)  # the card's part of the photo's width, %
TURNS = (0, 10)  # of the card, degrees, to either side
W, H = 480, 640
PAPER = np.array([0.93, 0.91, 0.87])
DOWN, ACROSS = np.mgrid[:H, :W]


def grain(rng, across, down):
    """Noise of standard deviation 1, smoothed over so many pixels each way."""
    small = rng.normal(size=(-(-H // down), -(-W // across))).astype(np.float32)
    large = Image.fromarray(small).resize((W, H), Image.Resampling.BICUBIC)
    return np.asarray(large)[:, :, None]


def plain(color, across=1, down=1, strength=0.02):
    """A table of one color; its grain may be longer one way than the other."""
    return lambda rng: np.array(color) * (1 + strength * grain(rng, across, down))


def checked(rng):
    """A cloth of white and red checks, pale where the two meet."""
    side = int(rng.integers(14, 30))
    red = (DOWN // side % 2 + ACROSS // side % 2)[:, :, None] / 2
    return (1 - red) * np.array([0.92, 0.9, 0.87]) + red * np.array([0.65, 0.1, 0.12])


def striped(rng):
    """A cloth of light and dark stripes that lie aslant."""
    side, (a, b) = rng.integers(10, 24), rng.uniform(0.4, 1, 2)
    dark = ((a * DOWN + b * ACROSS) // side % 2)[:, :, None]
    return (1 - dark) * np.array([0.85, 0.82, 0.75]) + dark * np.array([0.2, 0.25, 0.4])


PLAIN = {
    "black": plain((0.07, 0.07, 0.08), strength=0.2),
    "walnut": plain((0.36, 0.24, 0.16), across=4, down=90, strength=0.15),
    "jeans": plain((0.22, 0.3, 0.45), across=2, down=2, strength=0.2),
    "oak": plain((0.74, 0.62, 0.46), across=4, down=90, strength=0.05),
}
TABLES = PLAIN | {"checks": checked, "stripes": striped}


def as_image(light):
    """An array of light, 0 … 1, (h, w, 3), as an image."""
    return Image.fromarray(np.rint(255 * np.clip(light, 0, 1)).astype(np.uint8))


def card(digit, w, rng):
    """A card so many pixels wide, with a digit of MNIST (784,) somewhere on it."""
    h = round(w * H / W)
    side = round(w * rng.uniform(0.6, 0.85))
    large = Image.fromarray(digit.reshape(28, 28)).resize((side, side), Image.Resampling.BICUBIC)
    ink = np.zeros((h, w))
    top, left = (int(rng.integers(0, room + 1)) for room in (h - side, w - side))
    ink[top : top + side, left : left + side] = np.clip(large, 0, 1)
    pen = np.array([[0.1, 0.1, 0.12], [0.12, 0.18, 0.5], [0.4, 0.4, 0.42]])[rng.integers(3)]
    return as_image(PAPER + ink[:, :, None] * (pen - PAPER))


def on_table(digit, share, table, turn, rng, drawn=None, lit=None):
    """A photo of a card on a table, as JPEG: anywhere on it, unevenly lit, with noise.

    `drawn` draws further things on the card, an image; `lit` changes the light of the scene, an
    array (H, W, 3).
    """
    sheet = card(digit, round(W * share / 100), rng)
    if drawn:
        drawn(ImageDraw.Draw(sheet), *sheet.size)
    sheet = sheet.convert("RGBA")
    sheet = sheet.rotate(rng.choice([-1, 1]) * turn, Image.Resampling.BICUBIC, expand=True)
    scene = as_image(table(rng))
    rooms = [around - own for around, own in zip(scene.size, sheet.size)]
    place = [int(rng.integers(0, room + 1)) if room > 0 else room // 2 for room in rooms]
    scene.paste(sheet, place, sheet)
    scene = np.asarray(scene.filter(ImageFilter.GaussianBlur(0.7))) / 255 * slope(rng)
    scene = (lit(scene, rng) if lit else scene) + rng.normal(0, 0.015, scene.shape)
    file = io.BytesIO()
    as_image(scene).save(file, "JPEG", quality=80)
    return file.getvalue()


def slope(rng):
    """Light that falls off to one side, by up to 30 %."""
    angle, depth = rng.uniform(0, 2 * np.pi), rng.uniform(0, 0.3)
    ramp = np.cos(angle) * (ACROSS / W - 0.5) + np.sin(angle) * (DOWN / H - 0.5)
    return (1 - depth * (ramp + 0.7) / 1.4)[:, :, None]


@cache
def network():
    """The network that travels with the lessons."""
    return load_network(TRAINED)[:2]


@cache
def digits_read(each):
    """Digits of the test set that the network reads, so many of each class: X.T and y."""
    params, activations = network()
    test = load_mnist()[1]
    known = predict(params, test.X, activations) == test.y
    chosen = np.concatenate([np.flatnonzero(known & (test.y == c))[:each] for c in range(10)])
    return test.X[:, chosen].T, test.y[chosen]


def verdict(photo, label):
    """What becomes of a photo: "right", "refused" or "wrong"."""
    params, activations = network()
    try:
        x = as_mnist(read_picture(photo)).x
    except PictureError:
        return "refused"
    return "right" if predict(params, x[:, None], activations)[0] == label else "wrong"


def counted(share, name, each=4):
    """Of cards on a table, straight and turned, how many are right, refused and wrong."""
    rng = np.random.default_rng([share, list(TABLES).index(name)])
    return Counter(
        verdict(on_table(digit, share, TABLES[name], turn, rng), label)
        for digit, label in zip(*digits_read(each))
        for turn in TURNS
    )


def table_of(counts):
    """Counts by (share, table) as lines of text."""
    n = max(count.total() for count in counts.values())
    yield f"right, refused, wrong of {n}"
    yield "share | " + " | ".join(f"{name:>11}" for name in TABLES)
    for share in SHARES:
        rows = (counts[share, name] for name in TABLES)
        cells = (f"{row['right']:3} {row['refused']:3} {row['wrong']:3}" for row in rows)
        yield f"{share:4}% | " + " | ".join(cells)


def main():
    """Print the table."""
    counts = {(share, name): counted(share, name) for share in SHARES for name in TABLES}
    print(*table_of(counts), sep="\n")


if __name__ == "__main__":
    main()
