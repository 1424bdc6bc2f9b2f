"""A browser on the site: pages that are open there, their cells run, what they then hold."""

import base64
import contextlib
import difflib
import json
import re

import nbformat
import pytest
from bs4 import BeautifulSoup
from chromium import CHROMIUM, QUIET, free_port, running
from lessons import PATHS, code_cells, streams, tags
from playwright.sync_api import sync_playwright

APP = "window.jupyterapp"
PANEL = ".jp-NotebookPanel:not(.lm-mod-hidden)"
READY = """async () => {
  const context = window.jupyterapp.shell.currentWidget.context;
  await context.ready;
  await context.sessionContext.ready;
  await context.sessionContext.session.kernel.info;
}"""
RUN_CELL = """async (id) => {
  const app = window.jupyterapp, notebook = app.shell.currentWidget.content;
  notebook.activeCellIndex = notebook.widgets.findIndex((cell) => cell.model.id === id);
  notebook.deselectAll();
  await app.commands.execute("notebook:run-cell");
}"""
NOTEBOOK = "() => window.jupyterapp.shell.currentWidget.content.model.toJSON()"
ASK = """async (code) => {
  const kernel = window.jupyterapp.shell.currentWidget.context.sessionContext.session.kernel;
  let said = "";
  const asked = kernel.requestExecute({ code });
  asked.onIOPub = ({ content }) => (said += content.text ?? content.evalue ?? "");
  await asked.done;
  return said;
}"""


RUN_ALL = "() => window.jupyterapp.commands.execute('notebook:run-all-cells')"
PATIENCE = 600  # seconds after which a kernel that says nothing is given up
DESKTOP, TABLET = {"width": 1280, "height": 800}, {"width": 820, "height": 1180}
STRANGE = "lessons.example"  # a name of this computer that a browser does not know to be safe
OPTIONS = {
    "executable_path": CHROMIUM,
    "args": [*QUIET, f"--host-resolver-rules=MAP {STRANGE} 127.0.0.1"],
}


@pytest.fixture(scope="module")
def address(site):
    """Where the site is served."""
    with served(site) as address:
        yield address


@pytest.fixture(scope="module")
def chromium():
    """Playwright's chromium, not yet launched."""
    with sync_playwright() as playwright:
        yield playwright.chromium


@pytest.fixture(scope="module")
def context(chromium, address):
    """A browser that must not ask any other host for anything."""
    browser = chromium.launch(**OPTIONS)
    context = browser.new_context(viewport=DESKTOP)
    outside = listen(context, address)
    yield context
    browser.close()
    assert outside == []


def listen(context, address):
    """Return the list in which a browser writes down what it asks of other hosts."""
    outside = []

    def note(request):
        if not request.url.startswith((address, "data:", "blob:")):
            outside.append(request.url)

    context.on("request", note)
    return outside


@contextlib.contextmanager
def served(folder, host="127.0.0.1", port=None):
    """Serve a folder as it is, and yield its address; any static host does no more."""
    port = port or free_port()
    address = f"http://{host}:{port}"
    with running("http.server", [port, "--bind", host, "--directory", folder], address):
        yield address


def open_page(context, address, name, view="lab"):
    """Open a lesson of a site, its kernel ready; the page collects what goes wrong in it."""
    page = context.new_page()
    page.set_default_timeout(120_000)
    page.script_errors = []
    page.on("pageerror", lambda error: page.script_errors.append(str(error)))
    show(page, address, name, view)
    return page


def show(page, address, name, view="lab"):
    """Go to a lesson, and wait until its kernel is ready."""
    page.goto(f"{address}/{view}/index.html?path=notebooks/{name}.ipynb")
    page.wait_for_selector(f"{PANEL} .jp-Notebook .jp-Cell")
    page.wait_for_function(f"() => {APP}?.shell.currentWidget?.context")
    patiently(page, READY)


def patiently(page, script, argument=None):
    """Run a script in a page to its end; give up if a kernel never answers."""
    late = f"setTimeout(() => fail(new Error('no answer in {PATIENCE} s')), {1000 * PATIENCE})"
    given_up = f"new Promise((_, fail) => {late})"
    return page.evaluate(f"(it) => Promise.race([({script})(it), {given_up}])", argument)


def run_one_by_one(page, name):
    """Run the cells of a lesson one after the other; say in what they differ from the stored."""
    stored = codes(name)
    for id in stored:
        patiently(page, RUN_CELL, id)
    return compared(page, stored)


def run_all(page, name):
    """Choose Run, Run All Cells; say in what the cells differ from the stored ones."""
    patiently(page, RUN_ALL)
    return compared(page, codes(name))


def codes(name):
    """The code cells of a lesson as they are stored, by id."""
    path = next(path for path in PATHS if path.stem == name)
    return {cell.id: cell for cell in code_cells(path)}


def compared(page, stored):
    """In what the cells of a page differ from the stored ones: {id: lines}, nothing if equal."""
    cells = {cell["id"]: cell for cell in settled(page)["cells"]}
    changed = {id: differences(cell, cells[id]) for id, cell in stored.items()}
    return {id: lines for id, lines in changed.items() if lines}


def settled(page):
    """Return the notebook of a page once no message changes it any more."""
    before, now = None, page.evaluate(NOTEBOOK)
    while now != before:
        page.wait_for_timeout(500)
        before, now = now, page.evaluate(NOTEBOOK)
    return now


def ask(page, code):
    """Run code in the kernel of a page, beside its cells; return what it prints."""
    return patiently(page, ASK, code).strip()


def differences(stored, computed):
    """In what a cell that ran on the site differs from the stored one, line by line."""
    before, now = shown(stored), shown(as_node(computed))
    if "NBVAL_IGNORE_OUTPUT" in tags(stored):
        before = {what: before[what] for what in ("errors", "pictures")}
    changed = []
    for what, text in before.items():
        if text != now[what]:
            lines = difflib.unified_diff(text, now[what], lineterm="", n=0)
            changed += [f"{what}: {line}" for line in [*lines][3:9]]
    return changed


def as_node(cell):
    """A cell from JSON as nbformat gives it."""
    return nbformat.from_dict(json.loads(json.dumps(cell)))


def shown(cell):
    """What a cell shows, as lines: printed text, values, errors, pictures, alt texts."""
    outputs = cell.outputs
    data = [out.data for out in outputs if "data" in out and "text/plain" in out.data]
    pictures = [out for out in outputs if "image/png" in out.get("data", {})]
    return {
        "printed": plain(streams(cell, "stdout")).splitlines(),
        "warned": plain(streams(cell, "stderr")).splitlines(),
        "values": plain("\n".join(map(str, (it["text/plain"] for it in data)))).splitlines(),
        "errors": [kind_of_error(out.ename) for out in outputs if out.output_type == "error"],
        "pictures": [kind_of(out.data["image/png"]) for out in pictures],
        "alt texts": [str(alt_of(out)) for out in pictures],
    }


def kind_of_error(name):
    """The name of an exception; the kernel in a browser wraps it: <class 'ValueError'>."""
    return re.findall(r"\w+", name)[-1]


def plain(text):
    """A text without addresses of memory."""
    return re.sub(r"\b0x[0-9a-f]{6,}", "0xADDRESS", text)


def alt_of(output):
    """The sentence that stands for a picture: the one in the HTML that a page shows, if it does."""
    if html := output.data.get("text/html"):
        return BeautifulSoup(html, "html.parser").img["alt"]
    return output.metadata.get("image/png", {}).get("alt")


def kind_of(picture):
    """Whether what a page holds as image/png is a picture."""
    if not isinstance(picture, str):
        return f"not text but {type(picture).__name__}"
    begin = base64.b64decode(picture[:16])
    return "a picture" if begin.startswith(b"\x89PNG") else f"begins with {begin!r}"
