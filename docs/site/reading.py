"""Reading pages: lessons, and the documents that they refer to, as HTML to read at once.

They need neither Python nor a network: formulas become MathML while the pages are made, and the
font that sets them lies beside them. `write_reading_pages(lessons, site)` writes SITE/read/07.html,
its pictures into SITE/read/07/, and what all pages share.
"""

import base64
import posixpath
import re
import shutil
import struct
from pathlib import Path
from typing import NamedTuple

import nbformat
from bs4 import BeautifulSoup
from folding import folded
from formula_font import write_font
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from math_core import LatexToMathML
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
NAMES = ("teaching", "glossary", "notation", "elsewhere")
DOCUMENTS = [ROOT / "docs" / f"{name}.md" for name in NAMES]
SHARED = ("style.css", "run.js")
TAG = re.compile(r"\s*\\tag\{([^}]*)\}")
SIZED = re.compile(r"\\[bB]igg?[lrm]?\s*(?:\\[A-Za-z]+|\\?.)(?=\s*[_^])")  # \bigg|_{t = 0}
LATEX = LatexToMathML(fancy_error=False)
TEMPLATES = Environment(
    loader=FileSystemLoader(HERE),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


class Page(NamedTuple):
    """A page to read: the file of the project that it shows, its place in the site, its title."""

    source: str
    place: str
    title: str


def write_reading_pages(lessons, site, files="files"):
    """Write each lesson, and each of DOCUMENTS, as a page into SITE/read/.

    Parameters
    ----------
    lessons : list of pathlib.Path
        Executed notebooks, in their order.
    site : pathlib.Path
        The folder of the site; it exists.
    files : str, default "files"
        Where the project's other files lie in the site.
    """
    (site / "read").mkdir(exist_ok=True)
    for name in SHARED:
        shutil.copyfile(HERE / name, site / "read" / name)
    write_font(site / "read" / "formulas.woff")
    course = [page_of(path, cells_of(path)) for path in lessons]
    documents = [page_of(path, cells_of(path)) for path in DOCUMENTS]
    places = {page.source: page.place for page in course + documents}
    for path, page, before, after in zip(lessons, course, [None, *course], [*course[1:], None]):
        cells = cells_of(path)
        save_pictures(cells, site / page.place.removesuffix(".html"))
        write_page(site, page, folded(cells), Renderer(page, places, files), before, after)
    for path, page in zip(DOCUMENTS, documents):
        write_page(site, page, cells_of(path), Renderer(page, places, files))


def cells_of(path):
    """Return the cells of a notebook; a document is one cell of text."""
    if path.suffix == ".ipynb":
        return nbformat.read(path, as_version=4).cells
    return [nbformat.v4.new_markdown_cell(path.read_text(encoding="utf-8"))]


def page_of(path, cells):
    """Return the page for a notebook or a document, under the title that its first line gives."""
    name = path.name[:2] if path.suffix == ".ipynb" else path.stem
    title = cells[0].source.splitlines()[0].removeprefix("# ")
    return Page(f"{path.parent.name}/{path.name}", f"read/{name}.html", title)


def save_pictures(cells, folder):
    """Write each picture of a lesson to a file; its output notes the place, size and words."""
    folder.mkdir(exist_ok=True)
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    pictures = [output for output in outputs if "image/png" in output.get("data", {})]
    for number, output in enumerate(pictures, start=1):
        png = base64.b64decode(output.data["image/png"])
        (folder / f"{number:02}.png").write_bytes(png)
        width, height = struct.unpack(">II", png[16:24])  # the header says it
        place = f"{folder.name}/{number:02}.png"
        alt = output.metadata["image/png"]["alt"]
        output["picture"] = {"src": place, "alt": alt, "width": width, "height": height}


def write_page(site, page, items, renderer, before=None, after=None):
    """Write one page: what it shows, folds and all, between the links that lead on."""
    markdown = MarkdownWithMath(renderer=renderer)
    html = TEMPLATES.get_template("reading.html").render(
        page=page,
        items=items,
        text=lambda source: Markup(markdown.render(source)),
        code=highlighted,
        headings=renderer.headings,
        about=outcome,
        before=before,
        after=after,
        home="../",
    )
    (site / page.place).write_text(html, encoding="utf-8")


def mathml(formula, displaystyle):
    """Return a formula of LaTeX as MathML."""
    formula = SIZED.sub(r"{{}\g<0>}", formula)  # Chromium keeps it small as a bare base
    return LATEX.convert_with_local_state(formula, displaystyle=displaystyle)


def highlighted(source):
    """Return Python as HTML whose words carry their kinds as classes."""
    return Markup(highlight(source, PythonLexer(), HtmlFormatter(nowrap=True)))


def outcome(html):
    """Return the first paragraph of a page as bare words, for those who search."""
    return " ".join(BeautifulSoup(html, "html.parser").p.get_text().split())


class Renderer(IPythonRenderer):
    """Text to HTML: formulas as MathML, headings that can be linked, links that fit the site."""

    def __init__(self, page, places, files):
        super().__init__(escape=False)
        self.page, self.places, self.files = page, places, files
        self.headings = {}

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

    def link(self, text, url, title=None):
        """Lead to the page that shows a file, or to the file."""
        return super().link(text, self.inside(url), title)

    def inside(self, url):
        """Return the address of a file of the project, seen from this page; others stay."""
        if re.match(r"[a-z]+:|#", url):
            return url
        path, _, anchor = url.partition("#")
        source = posixpath.normpath(posixpath.join(posixpath.dirname(self.page.source), path))
        place = self.places.get(source, f"{self.files}/{source}")
        here = posixpath.relpath(place, posixpath.dirname(self.page.place))
        return f"{here}#{anchor}" if anchor else here
