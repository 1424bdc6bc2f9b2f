"""A lesson as one HTML file for paper: nothing folded, nothing fetched, nothing cut off.

What a screen folds, paper shows, leaves out or turns over: an `Edition` says which.
"""

import base64
import re
from typing import NamedTuple

from markupsafe import Markup

from nnlib.classroom.folding import Fold, folded
from nnlib.classroom.formula_font import formula_font
from nnlib.classroom.typesetting import (
    STYLE,
    Typesetter,
    document_cells,
    place_pictures,
    templates,
)
from nnlib.system.cells import HINT, has_tag, title_of

DETAILS = re.compile(r"<details>\s*<summary>(.*?)</summary>(.*?)</details>", re.DOTALL)
ANSWERS = {"Answer", "Solution"}  # what is folded under other names belongs to the text


class Question(NamedTuple):
    """A prediction to write down; its number leads to what happens."""

    number: int


class PaperTypesetter(Typesetter):
    """A typesetter for what cannot be clicked: a document of the project is called by its name."""

    def link(self, text, url, title=None):
        """Keep links that lead out; of others, say which document is meant if the text does not."""
        if re.match(r"[a-z]+:|#", url):
            return super().link(text, url, title)
        path = re.sub(r"^(\.\./)+|#.*", "", url)
        return f"{text} ({path})" if path.endswith(".md") and path not in text else text


def lesson_on_paper(path, edition):
    """Return a lesson as HTML to be printed.

    Parameters
    ----------
    path : pathlib.Path
        An executed notebook.
    edition : nnlib.classroom.printing.Edition

    Returns
    -------
    str
    """
    unseen = {"teacher"} if edition.solutions else {"teacher", "solution"}
    cells = [cell_on_paper(cell, edition) for cell in document_cells(path)]
    title = f"{path.name[:2]} {title_of(cells)}"
    place_pictures(cells, inline)
    *cells, license = [cell for cell in cells if cell.source]
    items, answers = folded(cells, unseen), []
    if not edition.outputs:
        items = turned_over(items, answers)
    page = templates().get_template("paper.html")
    return page.render(
        title=title,
        footer=css_string(title),
        edition=edition,
        items=items,
        answers=answers,
        license=license,
        text=PaperTypesetter().html,
        room=room,
        font=base64.b64encode(formula_font()).decode("ascii"),
        style=Markup(STYLE.read_text(encoding="utf-8")),
    )


def cell_on_paper(cell, edition):
    """Return a cell as an edition shows it; its text is empty if there is nothing to show."""
    if cell.cell_type == "markdown":
        return type(cell)(cell, source=unfolded(cell.source, edition))
    source = HINT.sub("", cell.source).strip()  # paper gives no hints
    is_run = edition.outputs and not has_tag(cell, "exercise")  # those wait for an answer
    return type(cell)(cell, source=source, outputs=cell.outputs if is_run else [])


def unfolded(source, edition):
    """Show what a text folds, as an aside; leave out answers, or room for them in their place."""

    def opened(match):
        if match[1] in ANSWERS and not edition.solutions:
            return room(3) if edition.room else ""
        return f'<div class="aside"><p class="title">{match[1]}</p>{match[2]}</div>'

    return DETAILS.sub(opened, source)


def room(lines):
    """Return so many lines to write on."""
    return Markup('<div class="room">{}</div>').format(Markup("<div></div>") * lines)


def turned_over(items, answers):
    """Return the items with a Question in place of each fold; what was in it joins the answers."""
    front = []
    for item in items:
        if isinstance(item, Fold):
            number = len(answers) + 1
            answers.append([])  # a question within this answer comes after it
            answers[number - 1] = turned_over(item.cells, answers)
            item = Question(number)
        front.append(item)
    return front


def inline(number, png):
    """Return the attributes of a picture that lies in the page itself."""
    return {"src": f"data:image/png;base64,{base64.b64encode(png).decode('ascii')}"}


def css_string(text):
    """Return a text as a style sheet writes it."""
    return Markup('"{}"').format(
        Markup(re.sub(r"[^\w ]", lambda sign: f"\\{ord(sign[0]):x} ", text))
    )
