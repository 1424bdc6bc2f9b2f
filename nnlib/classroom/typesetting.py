"""Lessons as HTML that needs neither Python nor a network: the browser edition's pages, and paper.

Formulas become MathML here, code and tables keep their kinds as classes, and a picture brings the
words that describe it. `cells.html` and `reading.css` beside this file say how all that looks.
"""

import base64
import re
import struct
from pathlib import Path

import nbformat
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from math_core import LatexToMathML
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

HERE = Path(__file__).parent
STYLE = HERE / "reading.css"
TAG = re.compile(r"\s*\\tag\{([^}]*)\}")
SIZED = re.compile(r"\\[bB]igg?[lrm]?\s*(?:\\[A-Za-z]+|\\?.)(?=\s*[_^])")  # \bigg|_{t = 0}
LATEX = LatexToMathML(fancy_error=False)


def templates(*folders):
    """Open the templates of these folders, and those that lie here.

    Parameters
    ----------
    *folders : pathlib.Path

    Returns
    -------
    jinja2.Environment
        Its templates may call `code(source)`.
    """
    found = Environment(
        loader=FileSystemLoader([*folders, HERE]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.globals["code"] = highlighted
    return found


def document_cells(path):
    """Return the cells of a notebook; any other document is one cell of text.

    Parameters
    ----------
    path : pathlib.Path

    Returns
    -------
    list of nbformat.NotebookNode
    """
    if path.suffix == ".ipynb":
        return nbformat.read(path, as_version=4).cells
    return [nbformat.v4.new_markdown_cell(path.read_text(encoding="utf-8"))]


def place_pictures(cells, place):
    """Note in each output with a picture the attributes of its <img>: place, words, size.

    Parameters
    ----------
    cells : list of nbformat.NotebookNode
    place : callable
        Takes a number from 1 on and the bytes of the PNG; returns the attributes that say where
        it is found.
    """
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    pictures = [output for output in outputs if "image/png" in output.get("data", {})]
    for number, output in enumerate(pictures, start=1):
        png = base64.b64decode(output.data["image/png"])
        width, height = struct.unpack(">II", png[16:24])  # the header says it
        alt = output.metadata["image/png"]["alt"]
        output["picture"] = place(number, png) | {"alt": alt, "width": width, "height": height}


def mathml(formula, displaystyle):
    """Return a formula of LaTeX as MathML."""
    formula = SIZED.sub(r"{{}\g<0>}", formula)  # Chromium keeps it small as a bare base
    return LATEX.convert_with_local_state(formula, displaystyle=displaystyle)


def highlighted(source):
    """Return Python as HTML whose words carry their kinds as classes."""
    return Markup(highlight(source, PythonLexer(), HtmlFormatter(nowrap=True)))


class Typesetter(IPythonRenderer):
    """Text to HTML: formulas as MathML, headings that can be linked, tables that can move."""

    def __init__(self):
        super().__init__(escape=False)
        self.headings = {}

    def html(self, source):
        """Return Markdown as HTML.

        Parameters
        ----------
        source : str

        Returns
        -------
        markupsafe.Markup

        Raises
        ------
        math_core.LatexError
            If a formula cannot be set.
        """
        return Markup(MarkdownWithMath(renderer=self).render(source))

    def heading(self, text, level, **attrs):
        """Give a heading a name of its own on this page."""
        words = re.sub(r"<[^>]*>|&\w+;", "", text).lower()
        first = name = "-".join(re.findall(r"\w+", words)) or "section"
        while name in self.headings:
            name = f"{first}-{len(self.headings)}"
        self.headings[name] = level, Markup(text)
        return f'<h{level} id="{name}">{text}</h{level}>\n'

    def inline_math(self, body):
        """Set a formula within a line."""
        return mathml(body, displaystyle=False)

    def block_math(self, body):
        """Set a formula on a line of its own, its number beside it."""
        number = TAG.search(body)
        math = mathml(TAG.sub("", body), displaystyle=True)
        if number is None:
            return f'<span class="equation">{math}</span>'
        beside = f'<span class="number">({number[1]})</span>'
        return f'<span class="equation" id="eq-{number[1]}">{math}{beside}</span>'

    def latex_environment(self, name, body):
        """Set an environment that stands without dollar signs."""
        return self.block_math(f"\\begin{{{name}}}{body}\\end{{{name}}}")

    def table(self, text):
        """Let a table that is wider than the page be scrolled."""
        return f'<div class="wide"><table>\n{text}</table></div>\n'
