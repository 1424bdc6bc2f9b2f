"""The landing page: what this is, every lesson with its picture, what works here and what does not.

`write_landing_page(lessons, site)` writes SITE/index.html and SITE/pictures/. Titles come from the
lessons; what one does in them, the pictures and the license from README.md.
"""

import re
import shutil

from markupsafe import Markup
from reading import ROOT, TEMPLATES, Page, SiteTypesetter, page_of

from nnlib.classroom.typesetting import document_cells

ROW = re.compile(r'\| (\d\d) \| .+? \| (.+?) \| <img src="docs/(.+?)" .*?alt="(.*?)"> \|')
PICTURE = re.compile(r"!\[(.+?)\]\(docs/(.+?)\)")


def write_landing_page(lessons, site, project=""):
    """Write the page that a visitor sees first, in place of any that is there.

    Parameters
    ----------
    lessons : list of pathlib.Path
        Executed notebooks, in their order; README.md has a row for each.
    site : pathlib.Path
        The folder of the site; it exists, with SITE/read/.
    project : str, default ""
        The address where the project can be downloaded, if it is known.
    """
    shutil.copytree(ROOT / "docs" / "pictures", site / "pictures", dirs_exist_ok=True)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    rows = {number: rest for number, *rest in ROW.findall(readme)}
    alt, picture = PICTURE.search(readme).groups()
    here = Page("README.md", "index.html", readme.splitlines()[0].removeprefix("# "))
    html = TEMPLATES.get_template("landing.html").render(
        title=here.title,
        picture=picture,
        alt=alt,
        lessons=[card(path, *rows[path.name[:2]]) for path in lessons],
        project=project,
        license=SiteTypesetter(here, {}, "files").html(readme.strip().split("\n\n")[-1]),
        home="",
    )
    (site / "index.html").write_text(html, encoding="utf-8")


def card(lesson, task, picture, alt):
    """Return what the page shows of one lesson; the description is HTML already."""
    page = page_of(lesson, document_cells(lesson))
    return {"page": page, "task": task, "picture": picture, "alt": Markup(alt)}
