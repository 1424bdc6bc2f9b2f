"""Pictures come in as ink on paper, whatever they were taken with, or are refused in words."""

import io
import struct
import time
import warnings
import zlib

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFile, ImageFont
from rough import OURS, TRIED, nothing_lost, refused

from nnlib.data import load_mnist
from nnlib.data.pictures import read_picture
from nnlib.data.preprocessing import as_mnist, draw
from nnlib.network import predict
from nnlib.storage import load_network
from nnlib.system.errors import PictureError

FIVE = [[(55, 45), (50, 70), (80, 68), (90, 88), (78, 108), (48, 106)], [(62, 38), (95, 36)]]
INK = draw(FIVE, width=8)  # its bar stands apart from the rest
GRAY = np.rint(255 * (1 - INK)).astype(np.uint8)  # as a scanner would see it


def saved(image, kind="PNG", **options):
    """The bytes of a file that holds an image, or an array of bytes."""
    file = io.BytesIO()
    image = image if isinstance(image, Image.Image) else Image.fromarray(image)
    image.save(file, kind, **options)
    return file.getvalue()


def seen(light):
    """An array of light, 0 … 1, as a camera would store it."""
    return saved(np.rint(255 * np.clip(light, 0, 1)).astype(np.uint8), "JPEG", quality=60)


# ---- photos, as far as they can be made here ----


def on_paper(digit, margins=(70, 70, 70, 70), side=400):
    """An image of MNIST, 400 pixels large, cut out and put on a sheet with these margins."""
    image = Image.fromarray(digit.reshape(28, 28)).resize((side, side), Image.Resampling.BICUBIC)
    ink = np.clip(np.asarray(image), 0, 1)
    rows, columns = (np.flatnonzero((ink > 0.1).any(axis=axis)) for axis in (1, 0))
    ink = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    top, bottom, left, right = margins
    return np.pad(ink, ((top, bottom), (left, right)))


def photo(ink, rng, paper=0.85, dark=0.2, gradient=0.0, shadow=0.0, noise=0.0, turn=0.0, lines=0.0):
    """What a camera makes of ink on paper: uneven light, a shadow's edge, noise, a slight turn."""
    if turn:
        page = Image.fromarray(ink.astype(np.float32))
        angle = rng.uniform(-turn, turn)
        ink = np.clip(np.asarray(page.rotate(angle, Image.Resampling.BICUBIC)), 0, 1)
    h, w = ink.shape
    y, x = np.mgrid[:h, :w]
    across, angle = rng.uniform(0, 2 * np.pi, 2)
    ramp = np.cos(across) * (x / w - 0.5) + np.sin(across) * (y / h - 0.5)
    edge = np.cos(angle) * (x / w - 0.5) + np.sin(angle) * (y / h - 0.5)
    light = (1 - gradient * (ramp + 0.7) / 1.4) * (1 - shadow / (1 + np.exp(-edge / 0.006)))
    sheet = paper + (dark - paper) * ink
    if lines:
        ruled = (np.arange(h) % (h // 12) < 2)[:, None]
        sheet = np.where(ruled, np.minimum(sheet, paper * (1 - lines)), sheet)
    return sheet * light + rng.normal(0, noise, (h, w))


def specks(light, rng, n=40, size=8):
    """Dirt: small dark squares anywhere."""
    for y, x in rng.integers(0, np.array(light.shape) - size, (n, 2)):
        light[y : y + size, x : x + size] = 0.3
    return light


def png(light):
    return saved(np.rint(255 * light).astype(np.uint8))


def table(light):
    """A strip of something dark beside the sheet."""
    light[:, : light.shape[1] // 8] = 0.25
    return light


WIDE = (600, 500, 700, 600)
PHOTOS = {  # how a digit is shown
    "28 × 28, as MNIST": lambda d, rng: png(d.reshape(28, 28)),
    "28 × 28, dark on light": lambda d, rng: png(1 - d.reshape(28, 28)),
    "a scan": lambda d, rng: png(1 - on_paper(d)),
    "light on dark": lambda d, rng: png(on_paper(d)),
    "no margin": lambda d, rng: png(1 - on_paper(d, (0, 0, 0, 0))),
    "no margin, light on dark": lambda d, rng: png(on_paper(d, (0, 0, 0, 0))),
    "in a corner": lambda d, rng: png(1 - on_paper(d, (15, 300, 500, 20))),
    "a hard pen": lambda d, rng: png(1 - on_paper(1.0 * (d > 0.6))),
    "uneven light": lambda d, rng: seen(photo(on_paper(d), rng, gradient=0.5, noise=0.03)),
    "a shadow": lambda d, rng: seen(photo(on_paper(d), rng, shadow=0.45, noise=0.03)),
    "noise": lambda d, rng: seen(photo(on_paper(d), rng, noise=0.12)),
    "pencil": lambda d, rng: seen(photo(on_paper(d), rng, dark=0.6, gradient=0.2, noise=0.02)),
    "turned a little": lambda d, rng: seen(photo(on_paper(d), rng, turn=8, noise=0.03)),
    "lined paper": lambda d, rng: seen(photo(on_paper(d), rng, lines=0.2, gradient=0.3)),
    "a blackboard": lambda d, rng: seen(
        photo(on_paper(d), rng, paper=0.2, dark=0.8, gradient=0.4, noise=0.03)
    ),
    "from far": lambda d, rng: seen(photo(on_paper(d, WIDE), rng, gradient=0.3, noise=0.06)),
    "dirt": lambda d, rng: seen(specks(photo(on_paper(d), rng, noise=0.03), rng)),
    "a table": lambda d, rng: seen(table(photo(on_paper(d, (70, 70, 150, 70)), rng, noise=0.02))),
    "all at once": lambda d, rng: seen(
        photo(on_paper(d), rng, gradient=0.4, shadow=0.4, noise=0.05, turn=5)
    ),
}
OFTEN = {"a shadow", "28 × 28, as MNIST", "all at once"}  # tried in every run, with fewer digits


def read_right(name, n):
    """Of n test digits, how many are read right: as they are, and as photos."""
    params, activations, _ = load_network("data/trained.npz")
    test = load_mnist()[1]
    chosen = np.random.default_rng(1).permutation(test.y.size)[:n]
    rng = np.random.default_rng(2)
    plain = predict(params, test.X[:, chosen], activations) == test.y[chosen]
    photographed = []
    for i in chosen:
        try:
            x = as_mnist(read_picture(PHOTOS[name](test.X[:, i], rng))).x
            photographed.append(predict(params, x[:, None], activations)[0] == test.y[i])
        except PictureError:
            photographed.append(False)
    return int(plain.sum()), sum(photographed)


@pytest.mark.slow
@pytest.mark.parametrize("name", PHOTOS)
def test_photos_are_read_nearly_as_well_as_the_digits_themselves(name):
    plain, photographed = read_right(name, 60)
    print(f"\n{name}: {photographed} of 60 right; as they are {plain}")
    assert photographed >= plain - 2  # of 200, one was lost at most


@pytest.mark.parametrize("name", sorted(OFTEN))
def test_some_photos_are_read(name):
    plain, photographed = read_right(name, 20)
    assert photographed >= plain - 1


# ---- one drawing, in every form that a file can give it ----


def transparent(mode, ink=0):
    """Ink on nothing at all: the invisible pixels have its color, too."""
    layers = [np.full_like(GRAY, ink)] * (len(mode) - 1) + [255 - GRAY]
    return Image.frombytes(mode, GRAY.shape[::-1], np.dstack(layers).tobytes())


def sticker():
    """A white page cut out: beyond its edge there is nothing."""
    alpha = np.pad(np.full((120, 120), 255, np.uint8), 10)
    return Image.fromarray(np.dstack([GRAY, GRAY, GRAY, alpha]))


def interlaced(gray):
    """A PNG file whose pixels come in the seven passes of Adam7, made by hand."""
    passes = [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2),
              (1, 0, 2, 1)]  # fmt: skip
    parts = (gray[top::down, left::across] for top, left, down, across in passes)
    rows = b"".join(b"\0" + row.tobytes() for part in parts for row in part)
    h, w = gray.shape
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", w, h, 8, 0, 0, 0, 1))
    data = chunk(b"IDAT", zlib.compress(rows))
    return b"\x89PNG\r\n\x1a\n" + header + data + chunk(b"IEND", b"")


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def in_palette(**options):
    image = Image.fromarray(255 - GRAY).convert("P")
    image.putpalette([255 - k // 3 for k in range(768)])  # number 255 is black
    return saved(image, **options)


def frames(kind):
    pages = [Image.fromarray(page) for page in (GRAY, np.zeros_like(GRAY))]
    return saved(pages[0], kind, save_all=True, append_images=pages[1:])


def with_strange_exif():
    return saved(GRAY, "JPEG", quality=95, exif=b"Exif\0\0II*\0\x08\0\0\0\xff\xff nonsense")


FORMS = {
    "gray": saved(GRAY),
    "light on dark": saved(255 - GRAY),
    "color": saved(Image.fromarray(GRAY).convert("RGB")),
    "red ink": saved(np.dstack([np.full_like(GRAY, 255), GRAY, GRAY])),
    "JPEG": saved(GRAY, "JPEG", quality=95),
    "progressive JPEG": saved(GRAY, "JPEG", quality=95, progressive=True),
    "JPEG in CMYK": saved(Image.fromarray(GRAY).convert("CMYK"), "JPEG", quality=95),
    "JPEG with broken EXIF": with_strange_exif(),
    "JPEG of two frames (MPO)": frames("MPO"),
    "JPEG with a film behind it": saved(GRAY, "JPEG", quality=95) + bytes(1000),
    "PNG of two frames": frames("PNG"),
    "RGBA": saved(transparent("RGBA")),
    "LA": saved(transparent("LA")),
    "RGBA, white ink": saved(transparent("RGBA", 255)),
    "RGBA, light gray ink": saved(transparent("RGBA", 170)),
    "LA, white ink": saved(transparent("LA", 255)),
    "RGBA, a page cut out": saved(sticker()),
    "interlaced": interlaced(GRAY),
    "JPEG, gray": saved(Image.fromarray(GRAY).convert("L"), "JPEG", quality=95),
    "palette": in_palette(),
    "palette, transparent": in_palette(transparency=0),
    "1 bit": saved(Image.fromarray(GRAY > 128)),
    "16 bits": saved(GRAY.astype(np.uint16) * 257),
    "16 bits, dark": saved(GRAY.astype(np.uint16) * 60),
    "16 bits, of which 8 are used": saved(GRAY.astype(np.uint16)),
    "16 bits, of which 10 are used": saved(GRAY.astype(np.uint16) * 4),
    "16 bits, light on dark, of which 8 are used": saved(255 - GRAY.astype(np.uint16)),
    "three times as large": saved(np.kron(GRAY, np.ones((3, 3), np.uint8))),
    "interlaced or not, the name does not matter": saved(GRAY, optimize=True),
}


@pytest.mark.parametrize("name", FORMS)
def test_the_form_does_not_matter(name):
    ink = read_picture(FORMS[name])
    assert ink.dtype == np.float32 and ink.ndim == 2 and max(ink.shape) <= 160
    assert ink.min() == 0 and ink.max() == 1
    difference = np.abs(as_mnist(ink).centered - as_mnist(INK).centered)
    assert difference.mean() < 0.02, "both pieces of the 5, in place"


def test_a_picture_gives_the_ink_that_was_drawn():
    assert np.abs(read_picture(saved(GRAY)) - INK).mean() < 0.005


@pytest.mark.parametrize("turned", range(1, 9))
def test_a_camera_held_otherwise_gives_the_same(turned):
    """EXIF tag 274 says how the picture must be turned to stand upright; values 1 to 8."""
    ways = [None, *(Image.Transpose[name] for name in (
        "FLIP_LEFT_RIGHT", "ROTATE_180", "FLIP_TOP_BOTTOM", "TRANSPOSE", "ROTATE_90",
        "TRANSVERSE", "ROTATE_270",
    ))]  # fmt: skip
    way = ways[turned - 1]  # undoes what the camera did
    picture = Image.fromarray(GRAY[:, 10:120])
    exif = Image.Exif()
    exif[274], exif[271] = turned, "a camera"
    stored = picture if way is None else picture.transpose(way)
    for kind in ("PNG", "JPEG"):
        options = {"quality": 95} if kind == "JPEG" else {}
        ink = read_picture(saved(stored, kind, exif=exif, **options))
        assert type(ink) is np.ndarray and ink.shape == (140, 110)
        assert np.abs(ink - INK[:, 10:120]).mean() < 0.01


def test_a_line_one_pixel_wide_and_a_very_small_digit_are_found():
    thin = np.full((100, 100), 255, np.uint8)
    thin[20:80, 50] = 0
    assert as_mnist(read_picture(saved(thin))).crop.shape[0] >= 60
    small = np.pad(GRAY[20:120:8, 20:120:8], 80, constant_values=255)
    assert read_picture(saved(small)).any()


@pytest.mark.parametrize("kind", ["path", "text"])
@pytest.mark.parametrize("name", ["five.png", "Fünf mit Leerzeichen 数字.JPG", "no ending"])
def test_a_path_is_read_whatever_its_name(tmp_path, kind, name):
    path = tmp_path / name
    path.write_bytes(saved(GRAY))
    with nothing_lost(tmp_path):
        ink = read_picture(path if kind == "path" else str(path))
    np.testing.assert_array_equal(ink, read_picture(saved(GRAY)))


@pytest.mark.slow
def test_a_photo_of_12_million_pixels_takes_less_than_a_second(rng):
    fine = Image.fromarray(GRAY).resize((4000, 3000), Image.Resampling.BICUBIC)
    data = saved(np.clip(np.asarray(fine) + rng.normal(0, 4, (3000, 4000)), 0, 255).astype("u1"),
                 "JPEG", quality=92)  # fmt: skip
    assert len(data) > 1_000_000
    seconds = []
    for _ in range(3):
        begin = time.process_time()
        assert read_picture(data).any()
        seconds.append(time.process_time() - begin)
    print(f"\n12 million pixels, {len(data):,} bytes: {min(seconds):.2f} s")
    assert min(seconds) < 1


# ---- what is refused ----


def png_of(width, height, *chunks, data=None):
    """A PNG file made by hand, one bit a pixel."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    data = chunk(b"IDAT", zlib.compress(bytes(100) if data is None else data))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(chunks) + data + chunk(b"IEND", b"")


def bomb():
    """9000 × 9000 pixels in some ten thousand bytes."""
    return png_of(9000, 9000, data=bytes(9000 * 1126))


def two(apart):
    return saved(
        np.hstack([GRAY[:, 40:100], np.full((140, apart), 255, np.uint8), GRAY[:, 40:100]])
    )


def noise(seed, spread=60):
    gray = np.random.default_rng(seed).normal(128, spread, (300, 400))
    return saved(np.clip(gray, 0, 255).astype(np.uint8))


def tiny():
    gray = np.full((1000, 1000), 255, np.uint8)
    gray[500:507, 500:504] = 0
    return saved(gray)


def typed(text, size, shape=(300, 600), spacing=4):
    """Words or numbers in print, black on white; shape is (h, w)."""
    sheet = Image.new("L", shape[::-1], 255)
    font = ImageFont.load_default(size)
    ImageDraw.Draw(sheet).multiline_text((size, size), text, 0, font, spacing=spacing)
    return saved(sheet)


def page(lines, size, shape):
    line = "the quick brown fox jumps over 13 lazy dogs and another 24 of them "
    return typed("\n".join([line] * lines), size, shape, size // 2)


def squares(board, size, margin):
    """A pattern of dark squares, 1, on light ones, 0."""
    dark = np.pad(np.kron(board, np.ones((size, size))), margin)
    return saved((255 * (1 - dark)).astype(np.uint8))


def checkerboard(n, size, margin):
    return squares(np.indices((n, n)).sum(axis=0) % 2, size, margin)


def like_a_qr_code():
    board = np.random.default_rng(0).integers(0, 2, (25, 25))
    finder = np.pad(np.pad(np.ones((3, 3)), 1), ((1, 1), (1, 1)), constant_values=1)
    for rows, columns in [(0, 0), (0, 18), (18, 0)]:
        board[rows : rows + 7, columns : columns + 7] = finder
    return squares(board, 8, 30)


def frame(width, shape=(300, 400), margin=30):
    board = np.zeros(shape)
    board[margin:-margin, margin:-margin] = 1
    inside = margin + width
    board[inside:-inside, inside:-inside] = 0
    return squares(board, 1, 0)


def ruler(ticks):
    board = np.zeros((300, 600))
    board[140:146, 30:570] = 1
    if ticks:
        board[120:140, 30:570:30] = board[120:140, 31:570:30] = 1
    return squares(board, 1, 0)


def winding(n=160):
    """One line, a pixel wide and 12,000 long, to and fro a pixel apart."""
    board = np.zeros((n, n))
    board[1:-1:2, 1:-1] = 1
    board[2:-2:4, -2] = board[4:-2:4, 1] = 1
    return squares(board, 1, 0)


def many_scans(times):
    """A white progressive JPEG of 20 million pixels; its last scan, 36 bytes, again and again."""
    data = saved(Image.new("L", (5000, 4000), 255), "JPEG", progressive=True)
    last = data[data.rindex(b"\xff\xda") : -2]
    assert len(last) == 36
    return data[:-2] + last * times + data[-2:]


def said_to_be(w, h, jpeg):
    """A JPEG file whose header, SOF0 or SOF2, names another size."""
    at = max(jpeg.find(b"\xff\xc0"), jpeg.find(b"\xff\xc2"))
    return jpeg[: at + 5] + struct.pack(">HH", h, w) + jpeg[at + 9 :]


SEVERAL, PATTERN = "several dark things", "a line, a frame or a pattern"
PLAIN, PHOTO = saved(GRAY), saved(GRAY, "JPEG", quality=90)
WITH_THUMBNAIL = saved(GRAY, "JPEG", exif=b"Exif\0\0" + PHOTO[: 2**15])
BAD = {
    "81 million pixels in a small file": (bomb(), "9,000 × 9,000 pixels"),
    "10,000 million pixels": (png_of(10**5, 10**5), "damaged"),  # Pillow's own limit
    "one row of 21 million": (png_of(21_000_000, 1), "21,000,000 × 1"),
    "a text that unpacks to 100 MB": (
        png_of(9, 9, chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(10**8)))),
        "damaged",
    ),
    "more than 10 MB": (PLAIN + bytes(10_000_000), "more than 10,000,000 bytes"),
    "a PNG of 24 million pixels": (png_of(6000, 4000, data=bytes(4000 * 751)), "6,000 × 4,000"),
    "a progressive JPEG of 24 million pixels": (
        said_to_be(6000, 4000, saved(GRAY, "JPEG", progressive=True)),
        "6,000 × 4,000 pixels",
    ),
    "a JPEG of 108 million pixels": (
        said_to_be(12000, 9000, saved(GRAY, "JPEG")),
        "12,000 × 9,000 pixels",
    ),
    "PNG, cut in half": (PLAIN[: len(PLAIN) // 2], "damaged or cut off"),
    "JPEG, cut in half": (PHOTO[: len(PHOTO) // 2], "damaged or cut off"),
    "PNG, last byte missing": (PLAIN[:-1], "damaged or cut off"),
    "JPEG, last byte missing": (PHOTO[:-1], "damaged or cut off"),
    "JPEG with a small one inside, last byte missing": (WITH_THUMBNAIL[:-1], "damaged or cut off"),
    "PNG, header only": (PLAIN[:33], "damaged or cut off"),
    "PNG, its mark only": (PLAIN[:8], "damaged or cut off"),
    "a PNG of no pixels": (png_of(0, 0), "damaged"),
    "GIF": (frames("GIF"), "a picture (GIF); save the digit as PNG or JPEG"),
    "TIFF": (saved(GRAY, "TIFF"), "a picture (TIFF)"),
    "WebP": (saved(GRAY, "WEBP"), "PNG or JPEG"),
    "BMP": (saved(GRAY, "BMP"), "PNG or JPEG"),
    "HEIC": (b"\0\0\0\x24ftypheic" + bytes(50), "a picture (HEIC); open it on the phone"),
    "HEIF": (b"\0\0\0\x24ftypmif1" + bytes(50), "share it as JPEG"),
    "AVIF": (b"\0\0\0\x24ftypavif" + bytes(50), "a picture (AVIF); save the digit as PNG or J"),
    "SVG": (b"<svg xmlns='a'></svg>", "a drawing of lines (SVG)"),
    "PostScript": (b"%!PS-Adobe-3.0 EPSF", "a PostScript document"),
    "PDF": (b"%PDF-1.7", "a PDF document"),
    "a web page": (b"<!DOCTYPE html>", "a web page"),
    "a zip": (b"PK\x03\x04" + bytes(50), "a zip archive"),
    "nothing": (b"", "is empty"),
    "text": (b"a 7", "is no picture"),
    "a white page": (saved(np.full((300, 200), 255, np.uint8)), "holds no digit"),
    "a black page": (saved(np.zeros((300, 200), np.uint8)), "holds no digit"),
    "gray all over": (saved(np.full((300, 200), 117, np.uint8)), "holds no digit"),
    "white on nothing": (saved(Image.new("RGBA", (99, 99), (255, 255, 255, 0))), "holds no digit"),
    "uneven light only": (
        saved(np.tile(np.linspace(90, 250, 400).astype(np.uint8), (300, 1))),
        "holds no digit",
    ),
    "noise": (noise(0), "the picture holds"),
    "faint noise": (noise(1, 4), "the picture holds"),
    "one pixel": (saved(np.zeros((1, 1), np.uint8)), "holds no digit"),
    "1 × 5000": (saved(np.full((5000, 1), 200, np.uint8)), "holds no digit"),
    "a dot": (tiny(), "too small"),
    "two digits": (two(60), "several dark things"),
    "two digits, nearer": (two(12), "several dark things"),
    "a number": (typed("1234", 60), SEVERAL),
    "a small number": (typed("1234", 30), SEVERAL),
    "a large number": (typed("1234", 120), SEVERAL),
    "three digits": (typed("333", 60), SEVERAL),
    "a word of three letters": (typed("cat", 60), SEVERAL),
    "a large word": (typed("cat", 120), SEVERAL),
    "a small word": (typed("Hello", 30), SEVERAL),
    "a small page": (page(30, 10, (480, 420)), SEVERAL),
    "a page of 12 million pixels": (page(40, 60, (4000, 3000)), SEVERAL),
    "a page, lying": (page(30, 60, (3000, 4000)), SEVERAL),
    "a checkerboard": (checkerboard(8, 40, 20), PATTERN),
    "a checkerboard without margin": (checkerboard(8, 16, 0), PATTERN),
    "a checkerboard of 20 × 20": (checkerboard(20, 8, 20), PATTERN),
    "a checkerboard of 3 × 3": (checkerboard(3, 60, 20), SEVERAL),
    "a QR code": (like_a_qr_code(), PATTERN),
    "a frame": (frame(8), PATTERN),
    "a thin frame": (frame(2), PATTERN),
    "a thick frame": (frame(25), PATTERN),
    "a square": (frame(6, (300, 300), 40), PATTERN),
    "a lying line": (ruler(ticks=False), PATTERN),
    "a ruler": (ruler(ticks=True), PATTERN),
    "a long winding line": (winding(), PATTERN),
    "1,000 scans in a small JPEG": (many_scans(1000), "more than 50 scans"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_picture_that_cannot_be_read_is_refused_in_words(tmp_path, name):
    data, fragment = BAD[name]
    path = tmp_path / "five.png"
    path.write_bytes(data)
    begin = time.process_time()
    for source, called in [(path, "five.png"), (data, "the picture")]:
        with refused(PictureError, tmp_path, called, fragment.replace("the picture", called)):
            read_picture(source)
    assert time.process_time() - begin < 5
    assert read_picture(PLAIN).any(), "the next correct call works"


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("missing.png", "missing.png"),
        ("folder.png", "folder.png"),
        ("a\0b.png", "a?b.png"),
        ("two\nlines\x1b[2J.png", "two?lines?[2J.png"),
        ("\ud800.png", "?.png"),
        ("x" * 300 + ".png", "x" * 56 + ".png"),
        ("x" * 5000, "x" * 60),
    ],
)
def test_what_is_no_file_is_refused_in_words(tmp_path, name, called):
    (tmp_path / "folder.png").mkdir()
    for source in (tmp_path / name, f"{tmp_path}/{name}"):
        with refused(PictureError, tmp_path, f"{called} cannot be read"):
            read_picture(source)


@pytest.mark.parametrize("name", ["~nosuchuser/five.png", "~nosuchuser"])
def test_the_home_of_nobody_is_refused_in_words(tmp_path, name):
    with refused(PictureError, tmp_path, "cannot be read: No such file"):
        read_picture(name)


TOO_LARGE = [name for name in BAD if BAD[name][1][-6:] in ("pixels", " bytes", " scans")]


@pytest.mark.parametrize("name", [*TOO_LARGE, "one row of 21 million"])
def test_what_is_too_large_is_never_decoded(monkeypatch, name):
    def decode(self):
        raise AssertionError("decoded")  # would be refused as damaged

    monkeypatch.setattr(ImageFile.ImageFile, "load", decode)
    with pytest.raises(PictureError, match="is too large: "):
        read_picture(BAD[name][0])
    with pytest.raises(PictureError, match="damaged") as caught:
        read_picture(PLAIN)
    assert str(caught.value.__cause__) == "decoded", "the trap works"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("data", "most"),
    [(many_scans(44), 2), (winding(), 0.5)],
    ids=["20 million pixels in 50 scans", "a line of 12,000 pixels"],
)
def test_what_is_let_through_as_far_as_its_pixels_takes_little_time(data, most):
    seconds = []
    for _ in range(3):
        begin = time.process_time()  # of this program alone
        with pytest.raises(PictureError, match="holds"):
            read_picture(data)
        seconds.append(time.process_time() - begin)
    print(f"\n{min(seconds):.2f} s")
    assert min(seconds) < most


@pytest.mark.parametrize("digit", "0123456789")
def test_a_digit_in_print_is_no_pattern(digit):
    for size in (60, 120):
        assert read_picture(typed(digit, size)).any()


def test_a_picture_may_be_in_memory(tmp_path):
    path = tmp_path / "five.png"
    path.write_bytes(PLAIN)
    expected = read_picture(PLAIN)
    with open(path, "rb") as file:
        for source in (str(path), bytearray(PLAIN), memoryview(PLAIN), io.BytesIO(PLAIN), file):
            np.testing.assert_array_equal(read_picture(source), expected)
    with Image.open(path) as image:
        np.testing.assert_array_equal(read_picture(image), expected)
        np.testing.assert_array_equal(read_picture(image.convert("L")), expected)


@pytest.mark.parametrize(
    "source", [None, 7, 2.5, GRAY, ["five.png"], {"a": 1}, io.StringIO("<svg")]
)
def test_what_is_no_file_is_refused_by_its_kind(tmp_path, source):
    with refused(PictureError, tmp_path, "the picture is given as " + type(source).__name__):
        read_picture(source)


def test_a_damaged_file_names_its_cause():
    with pytest.raises(PictureError) as caught:
        read_picture(PLAIN[:100])
    assert isinstance(caught.value.__cause__, Exception)


@pytest.mark.parametrize("seed", range(12))
def test_noise_is_no_digit(seed):
    for strength in (2, 10, 40, 100):
        with pytest.raises(PictureError):
            read_picture(noise(seed, strength))


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_file_with_flipped_bytes_gives_ink_or_our_error(kind):
    rng = np.random.default_rng(0)
    whole = saved(GRAY, kind)
    refusals = 0
    for number in range(125):
        TRIED["mutated files"] += 1
        data = bytearray(whole)
        for place in rng.integers(0, len(data), 1 + number % 4):
            data[place] = rng.integers(256)
        if number % 5 == 0:
            del data[rng.integers(len(data)) :]
        with warnings.catch_warnings(action="error"):
            try:
                ink = read_picture(bytes(data))
                assert ink.min() >= 0 and ink.max() <= 1 and ink.any()
            except OURS as error:
                assert type(error) is PictureError and "picture" in str(error)
                refusals += 1
    assert refusals >= 25
