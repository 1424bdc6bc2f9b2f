"""What a screen reader is told in a real browser: every figure, wherever a page is shown."""

import re
import shutil
import subprocess
import sys

import pytest
from chromium import free_port, wait_for
from lessons import PATHS, ROOT, said_of_figures
from test_browser import TOKEN, browser, lab, laid_out, open_lesson, run_all  # noqa: F401

pytestmark = [pytest.mark.slow, pytest.mark.browser]
LESSON = next(path for path in PATHS if path.stem == "01_meet_the_data")
FIGURES = ".jp-OutputArea img:not(.widget-image)"  # those of widgets are tested with their widgets


@pytest.fixture(scope="module")
def voila(tmp_path_factory):
    """A Voilà on a copy of the lessons and on the demo; its address."""
    home = tmp_path_factory.mktemp("voila")
    env, port = laid_out(home), free_port()
    (home / "docs").mkdir()
    shutil.copy(ROOT / "docs" / "demo.ipynb", home / "docs")
    options = ["--no-browser", f"--port={port}", "--Voila.ip=127.0.0.1"]
    with open(home / "voila.log", "w") as log:
        command = [sys.executable, "-m", "voila", home, *options]
        server = subprocess.Popen(command, env=env, stdout=log, stderr=log)
    try:
        wait_for(f"http://127.0.0.1:{port}/voila/static/voila.js", server)
        yield f"http://127.0.0.1:{port}/voila/render"
    finally:
        server.terminate()
        server.wait(timeout=30)


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
    page.goto(address, wait_until="domcontentloaded")
    return page


@pytest.fixture(scope="module", params=FRONT_ENDS)
def page(request, browser, lab, voila):  # noqa: F811
    """The lesson in one of the front ends, run there if it has a kernel."""
    page = FRONT_ENDS[request.param](browser, lab, voila)
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
    page.wait_for_function(
        "([figures, n]) => document.querySelectorAll(figures).length >= n",
        arg=[FIGURES, len(stored)],
        timeout=90_000,
    )
    assert heard(page) == stored
