"""The browser edition in a real chromium: every lesson, work that is kept, no network needed."""

import os
import pathlib
import subprocess
import sys

import pytest
import test_browser_pad as at_home
from lessons import NAMES, ROOT
from lite import (  # noqa: F401
    NOTEBOOK,
    OPTIONS,
    PANEL,
    RUN_CELL,
    STRANGE,
    TABLET,
    address,
    ask,
    chromium,
    codes,
    compared,
    context,
    listen,
    open_page,
    patiently,
    run_all,
    run_one_by_one,
    served,
    show,
)
from playwright.sync_api import expect
from test_browser_pad import PAD

pytestmark = [pytest.mark.slow, pytest.mark.browser]
ADD_A_LINE = """async () => {
  const page = window.jupyterapp.shell.currentWidget;
  const cell = page.content.widgets.find((cell) => cell.model.type === "code").model.sharedModel;
  cell.setSource(cell.getSource() + "\\n# a line of mine");
  await page.context.save();
}"""


IS_SLOW = """from nnlib.system.browser import shipped
shipped("slow_cells.csv").write_text(f"lesson,cell,seconds\\n{row}\\n")"""
WAITS = """import time
get_ipython().events.register("pre_run_cell", lambda info: time.sleep(3))"""


@pytest.mark.parametrize("name", NAMES)
def test_a_lesson_shows_there_what_is_stored(context, address, name):  # noqa: F811
    page = open_page(context, address, name)
    try:
        assert run_all(page, name) == {}
        assert page.script_errors == []
    finally:
        page.close()


def test_sliders_of_lesson_15_move_its_picture(context, address):  # noqa: F811
    page = open_page(context, address, "15_your_digit")
    assert run_one_by_one(page, "15_your_digit") == {}
    frame = page.locator(f"{PANEL} .nn-frame:has(.nn-question:has-text('can you bend it'))")
    frame.scroll_into_view_if_needed()
    words, picture = frame.locator(".nn-words"), frame.locator("img").last
    before = words.inner_text(), picture.get_attribute("src")
    frame.locator(".widget-inline-hbox:has-text('alpha, pixels') .noUi-handle").first.focus()
    page.keyboard.press("End")
    words.evaluate("node => node.classList.add('marked')")
    changed = "old => document.querySelector('.marked').innerText !== old"
    page.wait_for_function(changed, arg=before[0])
    expect(picture).not_to_have_attribute("src", before[1])
    assert page.script_errors == []
    page.close()


def test_work_is_kept_and_a_later_visit_needs_no_network(chromium, site, tmp_path):  # noqa: F811
    name, home = "03_forward_pass", tmp_path / "profile"
    with served(site) as place:
        browser = chromium.launch_persistent_context(home, **OPTIONS)
        page = open_page(browser, place, name)
        page.evaluate(ADD_A_LINE)
        ask(page, "open('mine.txt', 'w').write('hello')")
        page.close()
        other = open_page(browser, place, "04_softmax_and_cross_entropy")  # in the same browser
        assert ask(other, "print(open('mine.txt').read())") == "hello"
        browser.close()
    browser = chromium.launch_persistent_context(home, **OPTIONS)  # the server has ended
    outside = listen(browser, place)
    page = open_page(browser, place, name)
    assert "# a line of mine" in str(page.evaluate(NOTEBOOK))
    assert ask(page, "from nnlib.data import load_mnist; print(load_mnist()[0].y.size)") == "4000"
    assert ask(page, "print(open('mine.txt').read())") == "hello"
    browser.close()
    assert outside == []


def test_plain_http_runs_a_lesson_and_keeps_the_page_but_no_file(chromium, site):  # noqa: F811
    """What the landing page says of an address that is no secure context is true."""
    name = "03_forward_pass"
    browser = chromium.launch(**OPTIONS)
    with served(site) as place:
        place = place.replace("127.0.0.1", STRANGE)
        page = open_page(browser.new_context(), place, name)
        assert page.evaluate("!window.isSecureContext")
        assert run_one_by_one(page, name) == {}
        page.evaluate(ADD_A_LINE)
        ask(page, "open('mine.txt', 'w').write('hello')")
        show(page, place, name)
        assert "# a line of mine" in str(page.evaluate(NOTEBOOK))
        assert ask(page, "import os; print(os.path.exists('mine.txt'))") == "False"
    browser.close()


def test_on_a_tablet_a_finger_draws_in_the_single_document_view(chromium, address):  # noqa: F811
    browser = chromium.launch(**OPTIONS)
    context = browser.new_context(viewport=TABLET, has_touch=True)  # noqa: F811
    page = open_page(context, address, "00_see_it_work", view="notebooks")
    for id, cell in codes("00_see_it_work").items():
        page.evaluate(RUN_CELL, id)
        if "drawing_pad(" in cell.source:
            break
    canvas = page.locator(f"{PAD} canvas")
    canvas.scroll_into_view_if_needed()
    at_home.test_a_finger(page, canvas)
    assert canvas.bounding_box()["x"] + 280 < TABLET["width"]
    browser.close()


def test_a_slow_cell_says_so_while_it_runs(context, address):  # noqa: F811
    page = open_page(context, address, "03_forward_pass")
    first, second = [*codes("03_forward_pass").items()][:2]
    ask(page, f"row = '03,{int(second[0][-2:])},12'\n{IS_SLOW}")
    patiently(page, RUN_CELL, first[0])
    ask(page, WAITS)
    page.evaluate(f"(id) => {{ ({RUN_CELL})(id); }}", second[0])
    words = page.get_by_text("This cell takes about 12 seconds in a browser.")
    expect(words).to_be_visible(timeout=60_000)
    expect(words).not_to_be_visible(timeout=60_000)
    assert compared(page, dict([second])) == {}  # its text is what it was
    page.close()


def test_a_request_to_another_host_would_be_heard(chromium, address):  # noqa: F811
    browser = chromium.launch(**OPTIONS)
    context = browser.new_context()  # noqa: F811
    outside = listen(context, address)
    page = open_page(context, address, "03_forward_pass")
    ask(page, "import js; js.fetch('http://127.0.0.1:9999/from-the-kernel')")
    page.wait_for_timeout(2000)
    browser.close()
    assert {*outside} == {"http://127.0.0.1:9999/from-the-kernel"}  # of the worker that serves, too


@pytest.fixture(scope="module")
def thin_site(tmp_path_factory):
    """The site as it is published: Pyodide comes from the CDN."""
    folder = tmp_path_factory.mktemp("thin") / "site"
    command = [sys.executable, ROOT / "run.py", "site", "--output", folder]
    subprocess.run(command, check=True, capture_output=True, timeout=1800)
    return folder


@pytest.fixture
def from_cdn(chromium, thin_site):  # noqa: F811
    """Open the published site; the CDN is played by the folder that NNLIB_PYODIDE names."""
    browser = chromium.launch(**OPTIONS)
    context = browser.new_context()  # noqa: F811
    with served(thin_site) as place:
        # without a service worker no request passes by what answers here
        yield context, place.replace("127.0.0.1", STRANGE)
    browser.close()


def answer(context, spoiled=None):  # noqa: F811
    """Answer for the CDN, with one byte changed in the file whose name begins so."""

    def give(route):
        name = route.request.url.rpartition("/")[2]
        data = bytearray(pathlib.Path(os.environ["NNLIB_PYODIDE"], name).read_bytes())
        if spoiled and name.startswith(spoiled):
            data[len(data) // 2] ^= 1
        kind = "application/wasm" if name.endswith(".wasm") else "application/octet-stream"
        headers = {"access-control-allow-origin": "*", "content-type": kind}
        route.fulfill(body=bytes(data), headers=headers)

    context.route("https://cdn.jsdelivr.net/**", give)


def test_the_published_site_runs_with_what_the_cdn_has(site, from_cdn):
    context, place = from_cdn  # noqa: F811
    answer(context)
    page = open_page(context, place, "03_forward_pass")
    assert run_one_by_one(page, "03_forward_pass") == {}


@pytest.mark.parametrize("spoiled", ["pyodide.asm.wasm", "numpy-"])
def test_a_changed_file_of_the_cdn_is_refused(site, from_cdn, spoiled):
    context, place = from_cdn  # noqa: F811
    answer(context, spoiled)
    page = context.new_page()
    with page.expect_console_message(
        lambda message: "Failed to fetch" in message.text, timeout=120_000
    ):
        page.goto(f"{place}/lab/index.html?path=notebooks/03_forward_pass.ipynb")
