"""What a screen reader is told in a real browser: every figure, wherever a page is shown."""

import re
import shutil

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from chromium import free_port, running
from lessons import PATHS, ROOT, said_of_figures
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from test_browser import TOKEN, browser, lab, laid_out, open_lesson, run_all  # noqa: F401
from test_widgets_contract import MAKE

pytestmark = [pytest.mark.slow, pytest.mark.browser]
LESSON = next(path for path in PATHS if path.stem == "01_meet_the_data")
# what axe-core finds and others must mend: {rule: where}; in JupyterLab it cannot see contrast,
# so that the colors of widgets are looked at in Voilà
THEIRS = {
    "aria-allowed-attr": "jp-button",  # JupyterLab tells of each whether it is pressed
    "aria-input-field-name": ".cm-content",  # its editors
    "aria-required-children": ".jp-WindowedPanel-viewport",  # JupyterLab's list of cells
    "button-name": ".jp-collapseHeadingButton",  # JupyterLab's fold of a section
    "color-contrast": ".jp-InputPrompt, .jp-OutputPrompt, .highlight",  # colors of nbconvert
    "empty-table-header": ".dataframe",  # the corner of a table of pandas
    "link-in-text-block": ".jp-RenderedMarkdown",  # nbconvert does not underline links
    "link-name": "#jp-NotebookLogo",
    "region": ".jp-skiplink-wrapper, body:not(:has(main, [role=main]))",  # Voilà has no main part
    "scrollable-region-focusable": ".jp-RenderedMarkdown",  # Voilà's, around a wide formula
    "skip-link": ".skip-link",  # Notebook 7's leads to the first cell, which has another name
    "tabindex": ".skip-link",
}
AXE = """async (theirs) => {
  const { violations } = await axe.run({ elementRef: true, resultTypes: ["violations"] });
  const isOurs = (rule) => ({ element }) => !(rule in theirs && element.closest(theirs[rule]));
  return violations.flatMap(({ id, nodes }) =>
    nodes.filter(isOurs(id)).map(({ html }) => `${id}: ${html}`));
}"""
FIGURES = ".jp-OutputArea img:not(.widget-image)"  # those of widgets are tested with their widgets


@pytest.fixture(scope="module")
def voila(tmp_path_factory):
    """A Voilà on a copy of the lessons and on the demo; its address."""
    home = tmp_path_factory.mktemp("voila")
    env, port = laid_out(home), free_port()
    shutil.copy(ROOT / "docs" / "demo.ipynb", home)
    nbformat.write(every_widget(), home / "every_widget.ipynb")
    options = ["--no-browser", f"--port={port}", "--Voila.ip=127.0.0.1"]
    address = f"http://127.0.0.1:{port}/voila"
    with running("voila", [home, *options], f"{address}/static/voila.js", env=env):
        yield f"{address}/render"


def every_widget():
    """A notebook that makes each widget once."""
    begin = f"import sys\nsys.path[:0] = {[str(ROOT / 'tests'), str(ROOT)]}\n"
    sources = [f"{begin}from test_widgets_contract import MAKE"]
    sources += [f"MAKE[{name!r}]()" for name in MAKE]
    cells = [new_markdown_cell("# Every widget"), *map(new_code_cell, sources)]
    kernel = {"name": "python3", "display_name": "Python 3"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernel})


def in_jupyterlab(browser, lab, voila):  # noqa: F811
    page = open_lesson(browser, lab, LESSON.stem)
    run_all(page)
    return page


def in_notebook_7(browser, lab, voila):  # noqa: F811
    page = new_page(browser, f"{lab}/notebooks/work/{LESSON.name}?token={TOKEN}")
    idle = '.jp-Notebook-ExecutionIndicator[data-status="idle"]'
    page.wait_for_selector(idle, timeout=90_000, state="attached")
    run_all(page)
    return page


def in_voila(browser, lab, voila):  # noqa: F811
    return new_page(browser, f"{voila}/work/{LESSON.name}")


def exported(kind):
    """Open what File, Save and Export Notebook As makes of the stored lesson."""

    def open_export(browser, lab, voila):  # noqa: F811
        return new_page(browser, f"{lab}/nbconvert/{kind}/stored/{LESSON.name}?token={TOKEN}")

    return open_export


FRONT_ENDS = {
    "JupyterLab": in_jupyterlab,
    "Notebook 7": in_notebook_7,
    "Voilà": in_voila,
    "HTML": exported("html"),
    "slides": exported("slides"),
}


def new_page(browser, address):  # noqa: F811
    """Open an address in a page that asks no other host for anything."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.route(re.compile(r"^https?://(?!127\.0\.0\.1)"), lambda route: route.abort())
    page.goto(address, wait_until="domcontentloaded", timeout=180_000)  # Voilà runs it first
    return page


def wait_for_pictures(page, selector, n):
    """Wait until a page shows as many pictures as it should."""
    are_there = "([selector, n]) => document.querySelectorAll(selector).length >= n"
    page.wait_for_function(are_there, arg=[selector, n], timeout=180_000)


@pytest.fixture(scope="module", params=FRONT_ENDS)
def page(request, browser, lab, voila):  # noqa: F811
    """The lesson in one of the front ends, run there if it has a kernel."""
    page = FRONT_ENDS[request.param](browser, lab, voila)
    wait_for_pictures(page, FIGURES, len(said_of_figures(LESSON)))
    yield page
    page.close()


def heard(page):
    """What chromium tells a screen reader of each figure: its role and its name."""
    chromium = page.context.new_cdp_session(page)
    document = chromium.send("DOM.getDocument")["root"]["nodeId"]
    wanted = {"nodeId": document, "selector": FIGURES}
    found = []
    for node in chromium.send("DOM.querySelectorAll", wanted)["nodeIds"]:
        asked = {"nodeId": node, "fetchRelatives": False}
        (told,) = chromium.send("Accessibility.getPartialAXTree", asked)["nodes"]
        found.append((told["role"]["value"], told["name"]["value"]))
    return found


def test_each_figure_says_what_is_stored(page):
    stored = [("image", words) for words in said_of_figures(LESSON)]
    assert heard(page) == stored


def not_theirs(page):
    """What axe-core finds on a page, without what others must mend."""
    page.evaluate(Axe().axe_script)
    return page.evaluate(AXE, THEIRS)


def test_axe_finds_nothing_of_ours(page):
    assert not_theirs(page) == []


@pytest.mark.parametrize(("name", "n_frames"), [("demo", 3), ("every_widget", len(MAKE))])
def test_axe_finds_nothing_in_our_widgets(browser, voila, name, n_frames):  # noqa: F811
    page = new_page(browser, f"{voila}/{name}.ipynb")
    wait_for_pictures(page, ".nn-frame img", n_frames)
    assert not_theirs(page) == []
    page.close()
