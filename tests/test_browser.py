"""Every lesson in a real JupyterLab, in a real browser: Run All, and what the reader then sees."""

import contextlib
import json
import os
import re
import shutil
import urllib.request

import pytest
from chromium import CHROMIUM, QUIET, free_port, running
from lessons import NAMES, PATHS, ROOT, code_cells, equation_ids
from playwright.sync_api import expect, sync_playwright

from nnlib.system.exports import use_templates
from nnlib.system.pages import follow_lessons

pytestmark = [pytest.mark.slow, pytest.mark.browser]
if not CHROMIUM:
    pytest.skip("NO BROWSER TEST RAN: install chromium", allow_module_level=True)
expect.set_options(timeout=60_000)  # of every `expect` here: a first start on a busy machine

PANEL = ".jp-NotebookPanel:not(.lm-mod-hidden)"
PROMPTS = f"{PANEL} .jp-CodeCell .jp-InputPrompt"
TOKEN = "for-this-test-only"
SETTINGS = {  # cells out of sight stay in the page, so that they can be counted; no news
    "notebook-extension/tracker.jupyterlab-settings": '{"windowingMode": "none"}',
    "apputils-extension/notification.jupyterlab-settings": '{"fetchNews": "false"}',
}


LIVE = {"NNLIB_PLAIN_FIGURES": ""}  # as a learner starts it, not as nbval does
OPTIONS = [
    f"--IdentityProvider.token={TOKEN}",
    "--no-browser",
    "--allow-root",
    "--LanguageServerManager.autodetect=False",  # it would run npm, if there is one
    "--LabApp.expose_app_in_browser=True",  # scripts of the tests ask it
]


HOOK = "--ContentsManager.pre_save_hook=nnlib.system.pages.drop_widgets"


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """A JupyterLab on a copy of the lessons, as `run.py lab` lays it out; its address."""
    with running_lab(tmp_path_factory.mktemp("lab mit Umlaut ä"), HOOK) as address:
        yield address


@contextlib.contextmanager
def running_lab(home, *more):
    """Run a JupyterLab on a copy of the lessons in a folder, with more options; its address."""
    with jupyterlab_in(home, laid_out(home), *more) as address:
        yield address


@contextlib.contextmanager
def jupyterlab_in(home, env, *more):
    """Run a JupyterLab on a folder with these variables, with more options; its address."""
    address = f"http://127.0.0.1:{(port := free_port())}"
    flags = [*OPTIONS, f"--port={port}", f"--ServerApp.root_dir={home}", *more]
    sign = f"{address}/api/status?token={TOKEN}"
    with running("jupyterlab", flags, sign, home / "lab.log", env=env):
        yield address


def laid_out(home):
    """Lay out a learner's folder with settings of its own; return the variables for a server."""
    shutil.copytree(ROOT / "data", home / "data")
    (home / "work").mkdir()
    follow_lessons(PATHS, home / "work")
    shutil.copytree(ROOT / "notebooks", home / "stored")
    places = ["JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"]
    settings = home / "jupyter_config_dir" / "lab" / "user-settings" / "@jupyterlab"
    for name, text in SETTINGS.items():
        (settings / name).parent.mkdir(parents=True, exist_ok=True)
        (settings / name).write_text(text, encoding="utf-8")
    folders = {place: str(home / place.lower()) for place in places}
    folders["JUPYTER_CONFIG_PATH"] = str(use_templates(home / "environment").parent)
    return os.environ | folders | LIVE


@pytest.fixture(scope="module")
def browser():
    """A chromium of the system."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


def end_kernels(lab):
    """Shut down whatever runs on a server, so that the next lesson begins with a fresh kernel."""
    token = {"Authorization": f"token {TOKEN}"}
    request = urllib.request.Request(f"{lab}/api/sessions", headers=token)
    for session in json.load(urllib.request.urlopen(request, timeout=30)):
        address = f"{lab}/api/sessions/{session['id']}"
        end = urllib.request.Request(address, headers=token, method="DELETE")
        urllib.request.urlopen(end, timeout=30)


def open_lesson(browser, lab, name, is_first=False):
    """A page with a lesson open and its kernel idle, in an empty workspace or in the first one."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    space = "/lab/tree" if is_first else f"/lab/workspaces/{name}/tree"
    page.goto(f"{lab}{space}/work/{name}.ipynb?token={TOKEN}{'' if is_first else '&reset'}")
    page.wait_for_selector(f"{PANEL} .jp-Notebook .jp-Cell", timeout=90_000)
    idle = f'{PANEL} .jp-Notebook-ExecutionIndicator[data-status="idle"]'
    page.wait_for_selector(idle, timeout=90_000, state="attached")
    return page


def clear_outputs(page):
    """Clear all outputs, so that what is seen later was computed here."""
    page.click('li.lm-MenuBar-item:has-text("Edit")')
    page.click('.lm-Menu-item[data-command="editmenu:clear-all"]')
    page.wait_for_function(
        "s => [...document.querySelectorAll(s)].every(p => /^\\[ ?\\]:/.test(p.textContent))",
        arg=PROMPTS,
        timeout=30_000,
    )


def accept_kernel(page):
    """Answer "Select Kernel", which JupyterLab asks if something runs before it is connected."""
    accept = page.locator(".jp-Dialog button.jp-mod-accept")
    if accept.count():
        accept.click()
        page.wait_for_timeout(1000)


def run_all(page, seconds=120):
    """Choose Run, Run All Cells (again, if the kernel was not yet listening), and wait."""
    accept_kernel(page)
    clear_outputs(page)  # the stored counts of cells would look as if all had been run
    for _ in range(5):
        accept_kernel(page)
        page.click('li.lm-MenuBar-item:has-text("Run")')
        page.click('.lm-Menu-item[data-command="runmenu:run-all"]')
        try:
            started = (
                "s => [...document.querySelectorAll(s)].some(p => /\\d|\\*/.test(p.textContent))"
            )
            page.wait_for_function(started, arg=PROMPTS, timeout=10_000)
            break
        except Exception:
            continue
    done = "s => [...document.querySelectorAll(s)].every(p => /^\\[\\d+\\]:$/.test(p.textContent))"
    page.wait_for_function(done, arg=PROMPTS, timeout=1000 * seconds)


@pytest.mark.parametrize("name", NAMES)
def test_lesson_runs_and_shows_what_it_should(browser, lab, name):
    path = PATHS[NAMES.index(name)]
    page = open_lesson(browser, lab, name)
    expect(page.locator(PROMPTS)).to_have_text(
        [re.compile(r"^\[ ?\]:$")] * len(code_cells(path)), timeout=60_000
    )
    assert page.locator(f"{PANEL} .jp-OutputArea-output").count() == 0
    run_all(page)
    page.wait_for_timeout(500)
    assert page.locator(f'{PANEL} [data-mime-type="application/vnd.jupyter.error"]').count() == 0
    figures = page.locator(f"{PANEL} .jp-OutputArea img:not(.widget-image)")
    expected = sum(
        "image/png" in output.get("data", {})
        for cell in code_cells(path)
        for output in cell.outputs
    )
    assert figures.count() == expected
    formulas = page.locator(f"{PANEL} .jp-MarkdownOutput mjx-container[display='true']")
    assert formulas.count() >= len(equation_ids(path))
    assert page.locator(f"{PANEL} mjx-merror").count() == 0
    page.close()
    end_kernels(lab)


def test_a_cell_run_too_early_says_which_cell_it_needs(browser, lab):
    place = NAMES.index("01_meet_the_data")
    page = open_lesson(browser, lab, NAMES[place])
    clear_outputs(page)
    cells = page.locator(f"{PANEL} .jp-CodeCell")
    sources = [cell.source for cell in code_cells(PATHS[place])]
    late = next(i for i, source in enumerate(sources) if "spread = X_all" in source)
    for place in (0, late):
        cells.nth(place).locator(".jp-InputArea-editor").click()
        page.keyboard.press("Control+Enter")
        page.wait_for_function(
            "([s, i]) => /^\\[\\d+\\]:$/.test(document.querySelectorAll(s)[i].textContent)",
            arg=[PROMPTS, place],
            timeout=60_000,
        )
    said = cells.nth(late).locator(".jp-OutputArea").inner_text()
    assert re.search(r"X_all is made in an earlier cell, in “How does the table become", said)
    page.close()
