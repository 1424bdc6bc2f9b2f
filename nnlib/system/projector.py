"""What a class sees on a projector: a large JupyterLab, and lessons as apps without code.

Both keep to files of their own: a learner's pages and settings stay as they were.
"""

import json
import re

from nnlib.system.cells import title_of
from nnlib.system.pages import without_answers, write_json

PRESENTER = {"NNLIB_PRESENTER": "1"}  # kernels that find it in their environment draw large widgets
SIZES = {"content-font-size1": "22px", "code-font-size": "19px", "ui-font-size1": "15px"}
THEMES = "@jupyterlab/apputils-extension/themes.jupyterlab-settings"
WORKSPACE = "default-37a8.jupyterlab-workspace"  # as JupyterLab calls the file of its first one
CLOSED = {"layout-restorer:data": {"left": {"collapsed": True}, "right": {"collapsed": True}}}
ELSEWHERE = re.compile(r"(?<!!)\[([^\]]+)\]\((?!https?:|#|\d\d_)[^)]*\)")  # no lesson, no web page


def projector_flags(settings):
    """Lay out settings for a projector, and return the options that let JupyterLab use them.

    What a teacher changes there is kept for the next time; the side bar begins closed.

    Parameters
    ----------
    settings : pathlib.Path
        The folder of all settings.

    Returns
    -------
    list of str
    """
    own, spaces = settings / "projector" / "settings", settings / "projector" / "workspaces"
    if not (own / THEMES).exists():
        (own / THEMES).parent.mkdir(parents=True, exist_ok=True)
        write_json(own / THEMES, {"overrides": SIZES})
    spaces.mkdir(parents=True, exist_ok=True)
    write_json(spaces / WORKSPACE, {"data": CLOSED, "metadata": {"id": "default"}})
    return [f"--LabApp.user_settings_dir={own}", f"--LabApp.workspaces_dir={spaces}"]


def write_apps(pages, folder):
    """Write copies of pages to be shown as apps, with titles and with links to each other.

    Parameters
    ----------
    pages : list of pathlib.Path
        The first is where the links of all begin.
    folder : pathlib.Path
        It is made if it is not there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    sizes = "; ".join(f"--jp-{name}: {size}" for name, size in SIZES.items())
    links = " · ".join(f"[{short_name(page)}]({page.name})" for page in pages)
    title = ".jp-RenderedMarkdown h1 {font-size: 150%; margin: 0}"  # what it opens fits the screen
    line = f"<style>body {{{sizes}}} {title}</style>\n\n{links}"
    for page in pages:
        notebook = json.loads(without_answers(page.read_bytes()))
        write_json(folder / page.name, as_app(notebook, line))


def short_name(page):
    """Return what a link to a page says: a lesson's number, or the page's name."""
    return page.name[:2] if page.name[:2].isdigit() else page.stem


def as_app(notebook, line):
    """Return a notebook with a title and a first line; its links into files would lead nowhere."""
    cells = [with_living_links(cell) for cell in notebook["cells"]]
    first = {"cell_type": "markdown", "id": "links", "metadata": {}, "source": line}
    metadata = notebook["metadata"] | {"title": title_of(cells)}
    return notebook | {"cells": [first, *cells], "metadata": metadata}


def with_living_links(cell):
    """Return a cell whose links to files of the project are their words alone."""
    if cell["cell_type"] != "markdown":
        return cell
    return cell | {"source": ELSEWHERE.sub(r"\1", "".join(cell["source"]))}
