"""Reading pages: lessons, and the documents that they refer to, as HTML to read at once.

They need neither Python nor a network: formulas become MathML while the pages are made, and the
font that sets them lies beside them. `write_reading_pages(lessons, site)` writes SITE/read/07.html,
its pictures into SITE/read/07/, and what all pages share.
"""

import posixpath
import re
import shutil
from pathlib import Path
from typing import NamedTuple

from bs4 import BeautifulSoup

from nnlib.classroom.folding import folded
from nnlib.classroom.formula_font import formula_font
from nnlib.classroom.typesetting import (
    STYLE,
    Typesetter,
    document_cells,
    place_pictures,
    templates,
)
from nnlib.system.cells import title_of

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
NAMES = ("teaching", "glossary", "notation", "elsewhere")
DOCUMENTS = [ROOT / "docs" / f"{name}.md" for name in NAMES]
TEMPLATES = templates(HERE)


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
    shutil.copyfile(HERE / "run.js", site / "read" / "run.js")
    style = "\n".join(path.read_text(encoding="utf-8") for path in (STYLE, HERE / "style.css"))
    (site / "read" / "style.css").write_text(style, encoding="utf-8")
    (site / "read" / "formulas.woff").write_bytes(formula_font())
    course = [page_of(path, document_cells(path)) for path in lessons]
    documents = [page_of(path, document_cells(path)) for path in DOCUMENTS]
    places = {page.source: page.place for page in course + documents}
    for path, page, before, after in zip(lessons, course, [None, *course], [*course[1:], None]):
        cells = document_cells(path)
        save_pictures(cells, site / page.place.removesuffix(".html"))
        write_page(site, page, folded(cells), SiteTypesetter(page, places, files), before, after)
    for path, page in zip(DOCUMENTS, documents):
        write_page(site, page, document_cells(path), SiteTypesetter(page, places, files))


def page_of(path, cells):
    """Return the page for a notebook or a document, under the title that its first line gives."""
    name = path.name[:2] if path.suffix == ".ipynb" else path.stem
    return Page(f"{path.parent.name}/{path.name}", f"read/{name}.html", title_of(cells))


def save_pictures(cells, folder):
    """Write each picture of a lesson to a file; its output notes where, and with which words."""
    folder.mkdir(exist_ok=True)

    def save(number, png):
        name = f"{number:02}.png"
        (folder / name).write_bytes(png)
        return {"src": f"{folder.name}/{name}", "loading": "lazy"}

    place_pictures(cells, save)


def write_page(site, page, items, typesetter, before=None, after=None):
    """Write one page: what it shows, folds and all, between the links that lead on."""
    html = TEMPLATES.get_template("reading.html").render(
        page=page,
        items=items,
        text=typesetter.html,
        headings=typesetter.headings,
        about=outcome,
        before=before,
        after=after,
        home="../",
    )
    (site / page.place).write_text(html, encoding="utf-8")


def outcome(html):
    """Return the first paragraph of a page as bare words, for those who search."""
    return " ".join(BeautifulSoup(html, "html.parser").p.get_text().split())


class SiteTypesetter(Typesetter):
    """A typesetter whose links fit the site."""

    def __init__(self, page, places, files):
        super().__init__()
        self.page, self.places, self.files = page, places, files

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
