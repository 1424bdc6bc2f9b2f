"""A sheet on a table: its digit is read right, or refused with what to do; never read wrong."""

import io
import pathlib
import subprocess
import sys
from collections import Counter

import numpy as np
import pytest
from cards import (
    ACROSS,
    DOWN,
    PLAIN,
    SHARES,
    TABLES,
    H,
    W,
    counted,
    digits_read,
    on_table,
    table_of,
    verdict,
)
from PIL import Image, ImageDraw

from benchmarks import loading
from nnlib.data.pictures import read_picture
from nnlib.data.sheet import mask_of, sheet_in, upright
from nnlib.system.errors import PictureError


def right(counts, shares, tables):
    """The least share of cards read right, in percent, among some shares and tables."""
    return min(
        100 * counts[share, name]["right"] / counts[share, name].total()
        for share in shares
        for name in tables
    )


@pytest.mark.slow
def test_cards_on_tables_are_read_right_or_refused():
    counts = {(share, name): counted(share, name, each=2) for share in SHARES for name in TABLES}
    print("", *table_of(counts), sep="\n")
    assert sum(counts.values(), Counter())["wrong"] <= 0.02 * 1200
    for name in TABLES:
        assert sum(counts[share, name]["wrong"] for share in SHARES) <= 0.05 * 200, name
    assert right(counts, (85, 100), TABLES) >= 95
    assert right(counts, (55, 70), PLAIN) >= 85
    assert right(counts, SHARES, TABLES) >= 60


@pytest.mark.parametrize("name", TABLES)
def test_some_cards_on_a_table_are_read_right(name):
    rng = np.random.default_rng(0)
    first = list(TABLES).index(name)
    X, y = (every[first : first + 2] for every in digits_read(1))
    found = Counter(
        verdict(on_table(digit, share, TABLES[name], turn, rng), label)
        for share in SHARES
        for turn, digit, label in zip((0, 10), X, y)
    )
    assert found["right"] >= 9 and not found["wrong"], found


# ---- what else is on a card, or falls on it ----


def margin_line(pen, w, h):
    pen.line((w // 8, 0, w // 8, h), fill=(200, 70, 70), width=max(1, w // 120))


def ruled(pen, w, h):
    for y in range(h // 16, h, h // 16):
        pen.line((0, y, w, y), fill=(170, 190, 215))


def squared(pen, w, h):
    ruled(pen, w, h)
    for x in range(h // 16, w, h // 16):
        pen.line((x, 0, x, h), fill=(170, 190, 215))


def ruled_with_margin(pen, w, h):
    ruled(pen, w, h)
    margin_line(pen, w, h)


def punched(pen, w, h):
    for y in (h // 4, 3 * h // 4):
        pen.ellipse((w // 30, y, w // 15, y + w // 30), fill=(60, 40, 30))


def framed(pen, w, h):
    pen.rectangle((w // 40, w // 40, w - w // 40, h - w // 40), outline=(30, 30, 40), width=3)


def shadow(scene, rng):
    """A hand's shadow falls over a corner of the scene."""
    beyond = ACROSS / W + DOWN / H - rng.uniform(0.6, 1.4)
    return scene * (1 - 0.4 / (1 + np.exp(-beyond / 0.01)))[:, :, None]


def vignette(scene, _):
    return scene * (1 - (ACROSS / W - 0.5) ** 2 - (DOWN / H - 0.5) ** 2)[:, :, None]


def flash(scene, rng):
    x, y = rng.uniform(0.2, 0.8, 2) * (W, H)
    spot = np.exp(-((ACROSS - x) ** 2 + (DOWN - y) ** 2) / 2 / 60**2)[:, :, None]
    return scene + 0.8 * spot * (1 - scene)


def warm(scene, _):
    return scene * np.array([1, 0.85, 0.6])


KINDS = {  # what is drawn, the light, how many of 10 are read right, at least
    "a red margin line": (margin_line, None, 9),
    "ruled": (ruled, None, 9),
    "squared": (squared, None, 8),
    "ruled with a margin line": (ruled_with_margin, None, 9),
    "punched": (punched, None, 8),
    "a drawn frame": (framed, None, 0),
    "a shadow": (None, shadow, 8),
    "vignetting": (None, vignette, 9),
    "the spot of a flash": (None, flash, 5),
    "a warm lamp": (None, warm, 9),
}


def cards_of(name):
    """Ten photos of a kind, each with its label."""
    drawn, lit, _ = KINDS[name]
    rng = np.random.default_rng(1)
    for digit, label in zip(*digits_read(1)):
        table = list(PLAIN.values())[rng.integers(4)]
        share, turn = rng.integers(45, 90), rng.integers(20)
        yield on_table(digit, share, table, turn, rng, drawn, lit), label


@pytest.mark.parametrize("name", KINDS)
def test_a_card_of_another_kind_is_read_right_or_refused(name):
    found = Counter(verdict(photo, label) for photo, label in cards_of(name))
    print(f"\n{name}: {dict(found)}")
    assert found["right"] >= KINDS[name][2] and found["wrong"] <= 1, found


@pytest.mark.parametrize("name", PLAIN)
@pytest.mark.parametrize("share", [45, 80])
def test_an_empty_sheet_on_a_table_holds_no_digit(name, share):
    rng = np.random.default_rng(2)
    for turn in (0, 15):
        with pytest.raises(PictureError, match="the picture holds"):
            read_picture(on_table(np.zeros(784, np.float32), share, TABLES[name], turn, rng))


def scene(turn, ground=60, paper=220):
    """A plain sheet, 200 × 140, turned by some degrees clockwise, in the middle of a photo."""
    sheet = Image.new("L", (200, 140), paper).rotate(-turn, expand=True, fillcolor=ground)
    photo = Image.new("L", (400, 300), ground)
    photo.paste(sheet, ((400 - sheet.width) // 2, (300 - sheet.height) // 2))
    return photo.convert("RGB")


@pytest.mark.parametrize("turn", [-40, -20, 0, 5, 12, 40])
@pytest.mark.parametrize("ground", [0, 60, 190])
def test_the_sheet_is_found_where_it_lies(turn, ground):
    photo = scene(turn, ground)
    sheet = sheet_in(photo)
    assert abs(sheet.turn - turn) < 2 and 1.3 < sheet.slimness < 1.55
    found, true = np.asarray(mask_of(sheet, photo.size)) > 0, np.asarray(photo)[..., 0] > 200
    assert (found & true).sum() > 0.9 * (found | true).sum()
    page, mask = upright(photo, sheet)
    assert abs(page.width - 200) < 14 and abs(page.height - 140) < 14
    assert np.median(np.asarray(page)) == 220 and mask.size == page.size


def test_nothing_but_paper_holds_no_sheet():
    assert sheet_in(Image.new("RGB", (400, 300), "white")) is None
    slope = np.tile(np.linspace(120, 250, 400).astype(np.uint8)[:, None, None], (1, 300, 3))
    assert sheet_in(Image.fromarray(slope)) is None
    assert sheet_in(scene(10).resize((40, 30))) is None, "too small for a photo"


@pytest.mark.parametrize("colors", [(30, 230), (230, 30)])
def test_a_bare_rectangle_is_no_digit(colors):
    file = io.BytesIO()
    scene(10, *colors).save(file, "PNG")
    with pytest.raises(PictureError, match="the picture holds"):
        read_picture(file.getvalue())


@pytest.mark.parametrize("frame", [0, 8])
def test_chalk_on_a_slate_that_hangs_on_a_light_wall_is_not_misread(frame):
    """The slate is dark on light: with the digit as its hole it must not pass for a digit."""
    counts = Counter()
    for digit, label in zip(*digits_read(2)):
        photo, file = scene(0, ground=215, paper=40), io.BytesIO()
        around = (99 - frame, 79 - frame, 300 + frame, 220 + frame)
        ImageDraw.Draw(photo).rectangle(around, outline=(165, 120, 70), width=frame)
        chalk = Image.fromarray(np.uint8(255 * digit.reshape(28, 28))).resize((112, 112))
        photo.paste(Image.new("RGB", chalk.size, (230, 230, 225)), (144, 94), chalk)
        photo.save(file, "PNG")
        counts[verdict(file.getvalue(), label)] += 1
    assert counts["wrong"] <= 1, counts


@pytest.mark.slow
@pytest.mark.parametrize("millions", [24, 48])
def test_a_photo_of_a_phone_takes_little_memory(tmp_path, millions):
    pytest.importorskip("resource")
    path = str(pathlib.Path(tmp_path) / "photo.jpg")
    loading.in_own_process(f"write_photo({path!r}, {millions})")
    code = f"print(*loading.measure({path!r}, 2, loading.PHOTO_PROGRAM))"  # not a child of ours
    command = [sys.executable, "-c", f"from benchmarks import loading; {code}"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    seconds, above = map(float, done.stdout.split())
    print(f"\n{millions} megapixels: {seconds:.2f} s, {above:.0f} MB")
    assert seconds < 5 * loading.PHOTO_AIM[0] and 1 < above < loading.PHOTO_AIM[1]
