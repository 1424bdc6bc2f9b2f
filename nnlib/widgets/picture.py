"""A picture that can be described: PNG bytes, a width, and the sentence for who cannot see it."""

import pathlib

import anywidget
import traitlets


class Picture(anywidget.AnyWidget):
    """An image with an alt text; picture.js beside this file shows it.

    `value` holds PNG bytes, `alt` a sentence, `width` the width on the screen in pixels. Every
    widget has such a picture, which brings the style sheet of them all along.
    """

    # as text: to a path, anywidget ties each picture by a signal, and the signal keeps it alive
    _esm = pathlib.Path(__file__).with_name("picture.js").read_text(encoding="utf-8")
    _css = pathlib.Path(__file__).with_name("style.css").read_text(encoding="utf-8")
    value = traitlets.Bytes(b"").tag(sync=True)
    alt = traitlets.Unicode("").tag(sync=True)
    width = traitlets.Int(500).tag(sync=True)
