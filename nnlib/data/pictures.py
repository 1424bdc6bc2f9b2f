"""Files of pictures, PNG or JPEG: only these, only so large, and nothing kept but their pixels.

>>> ink = read_picture("my_seven.jpg")
"""

import io
import warnings
from os import PathLike
from os.path import basename, expanduser

import numpy as np
from PIL import Image, ImageOps

from nnlib.data.photo import digit_of
from nnlib.data.sheet import size_within
from nnlib.system.errors import PictureError
from nnlib.system.files import what_it_is

__all__ = ["read_picture"]

SAVE = "save the digit as PNG or JPEG"
OTHERWISE = {
    "a picture (HEIC)": "open it on the phone or computer that made it, and export or share it as "
    "JPEG; an iPhone takes JPEG at once if Settings, Camera, Formats says Most Compatible"
}
MOST_BYTES = 10_000_000  # of a picture's file
MOST_PIXELS = 20_000_000  # a small file may hold far more
MOST_OF_A_CAMERA = 100_000_000  # pixels of a plain JPEG, which is made small while it is decoded
LONGEST = 640  # pixels that the longer side of a picture keeps; the sheet in it may be small


def read_picture(source, name="the picture"):
    """Find the one digit in a picture: a drawing or a photo of a digit on paper, PNG or JPEG.

    The paper around the digit may be unevenly lit, ruled faintly or dark with light writing; a
    light sheet may lie on a table, turned or not. Of a picture in several frames the first is read,
    and nothing but its pixels.

    Parameters
    ----------
    source : bytes, str, pathlib.Path, open file or PIL.Image.Image
        The contents of a file, or where it is: at most 10 MB, and 20 million pixels; of a JPEG as
        cameras write it (not progressive) 100 million.
    name : str, default "the picture"
        What to call contents in an error; a file is called by its own name.

    Returns
    -------
    ndarray of float32, shape (h, w)
        0 (paper) … 1 (ink), upright, at most 160 pixels long; `as_mnist` takes it from here.

    Raises
    ------
    PictureError
        If it is damaged, too large or no picture, or does not hold one digit.
    """
    source = in_memory(source, name)
    if not isinstance(source, bytes):
        name = "".join(c if c.isprintable() else "?" for c in basename(source))[-60:] or name
        try:
            with open(expanduser(source), "rb") as file:
                source = file.read(MOST_BYTES + 1)
        except (OSError, ValueError) as error:  # ValueError: a zero byte in the name
            raise PictureError(f"{name} cannot be read: {error.args[-1]}; look for it") from error
    return digit_of(decoded(source, name), name)


def in_memory(source, name):
    """Take the bytes of a buffer, an open file or a picture of Pillow's; a path is handed back."""
    kind = type(source).__name__
    if isinstance(source, Image.Image):
        source.convert("RGBA").save(file := io.BytesIO(), "PNG")
        return file.getvalue()
    if hasattr(source, "read"):
        data = source.read(MOST_BYTES + 1)
        source = data if isinstance(data, bytes) else None  # text, of a file opened without "b"
    if isinstance(source, bytearray | memoryview):
        source = bytes(source)
    if not isinstance(source, bytes | str | PathLike):
        raise PictureError(f"{name} is given as {kind}; hand in its path, its bytes, an open file")
    return source


def decoded(data, name):
    """Decode the bytes of a PNG or JPEG file: in color, upright, on plain paper, made small."""
    kind = what_it_is(data[:64]) if data else "empty"
    if kind not in ("a picture (PNG)", "a picture (JPEG)"):
        raise PictureError(f"{name} is {kind or 'no picture'}; {OTHERWISE.get(kind, SAVE)}")
    too_large = f"{name} is too large: {{}}; save it smaller, 1,000 pixels are plenty"
    if len(data) > MOST_BYTES:
        raise PictureError(too_large.format(f"more than {MOST_BYTES:,} bytes"))
    if data.count(b"\xff\xda\0") > 50 and "JPEG" in kind:  # each takes time; about 10 are usual
        raise PictureError(too_large.format("more than 50 scans"))
    try:
        with warnings.catch_warnings(action="ignore"):  # of Pillow's; what matters is checked here
            image = Image.open(file := io.BytesIO(data), formats=("PNG", "JPEG"))
            if image.width * image.height > most_pixels(image):
                raise PictureError(too_large.format(f"{image.width:,} × {image.height:,} pixels"))
            end = b"IEND\xaeB`\x82" if image.format == "PNG" else b"\xff\xd9"
            if data.find(end, file.tell()) < 0:
                raise EOFError("the last bytes are missing")  # Pillow would forgive that
            return in_color(image)
    except PictureError:
        raise
    except Exception as error:  # for damaged files Pillow raises a dozen kinds
        raise PictureError(f"{name} is damaged or cut off; save or copy it again") from error


def most_pixels(image):
    """Say how many pixels may be decoded: a progressive JPEG is held in memory as a whole."""
    is_plain = image.format != "PNG" and "progressive" not in image.info
    return MOST_OF_A_CAMERA if is_plain else MOST_PIXELS


def in_color(image):
    """Turn an open picture into RGB, upright, on plain paper, at most 640 pixels long."""
    image.draft("RGB", size_within(image.size, LONGEST))  # a large JPEG is decoded small
    image = ImageOps.exif_transpose(image)
    if image.mode.startswith("I"):  # 16 bits a pixel, of which 8, 10 or 12 may be used
        light = np.asarray(image)
        image = Image.fromarray((light // max(1, -(-int(light.max()) // 255))).astype(np.uint8))
    image = image.convert("RGBA")
    image.thumbnail((LONGEST, LONGEST))
    paper = Image.new("RGBA", image.size, paper_of(image))
    return Image.alpha_composite(paper, image).convert("RGB")


def paper_of(image):
    """Choose what an RGBA picture is laid on: white, but black if all that one sees is light."""
    seen = np.asarray(image.getchannel("A"), np.float32)
    dark = np.asarray(image.convert("L")) < 128
    return "black" if seen.min() < 255 and seen[dark].sum() < 0.02 * seen.sum() else "white"
