"""A picture that can be described: PNG bytes, a width, and the sentence for who cannot see it."""

import pathlib

import anywidget
import traitlets


def text_beside(name):
    """Read a file beside this one."""
    return pathlib.Path(__file__).with_name(name).read_text(encoding="utf-8")


class Picture(anywidget.AnyWidget):
    """An image with an alt text; picture.js beside this file shows it.

    `value` holds PNG bytes, `alt` a sentence, `width` the width on the screen in pixels. Every
    widget has such a picture, which brings along the style sheet of them all and, in names.js,
    what names their controls.
    """

    # as text: to a path, anywidget ties each picture by a signal, and the signal keeps it alive
    _esm = text_beside("names.js") + text_beside("picture.js")
    _css = text_beside("style.css")
    value = traitlets.Bytes(b"").tag(sync=True)
    alt = traitlets.Unicode("").tag(sync=True)
    width = traitlets.Int(500).tag(sync=True)
