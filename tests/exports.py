"""The lessons as nbconvert exports them once `use_templates` has been called, each made once."""

import functools
import json
import pathlib
import tempfile

from bs4 import BeautifulSoup
from nbconvert import HTMLExporter, SlidesExporter
from traitlets.config import Config

from nnlib.system.exports import use_templates

EXPORTERS = {"html": HTMLExporter, "slides": SlidesExporter}


@functools.cache
def config():
    """What nbconvert reads in an environment that uses our templates."""
    with tempfile.TemporaryDirectory() as folder:
        return Config(json.loads(use_templates(pathlib.Path(folder)).read_bytes()))


@functools.cache
def exported(path, kind):
    """A lesson as "html" or "slides", for BeautifulSoup to walk."""
    text, _ = EXPORTERS[kind](config=config()).from_filename(str(path))
    return BeautifulSoup(text, "html.parser")
