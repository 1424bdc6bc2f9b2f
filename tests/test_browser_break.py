"""After a break: what a page says of widgets whose kernel has ended, in a real JupyterLab."""

import json

import pytest
from lite import READY, RUN_CELL, codes, patiently
from playwright.sync_api import expect
from test_browser import PANEL, TOKEN, browser, lab, open_lesson, run_all, running_lab  # noqa: F401
from test_browser_lab import FRAME
from test_browser_pad import PAD, SEVEN, ink, stroke, wait_for_words

pytestmark = [pytest.mark.slow, pytest.mark.browser]
LESSON = "00_see_it_work"
ENDED = "Its kernel has ended: run this cell."
KERNEL = "window.jupyterapp.shell.currentWidget.context.sessionContext"
ELSEWHERE = [(30 + 6 * i, 250) for i in range(30)]  # below the seven
DIE = "import os; os._exit(1)"
BEFORE = """(node) => {
  const { content, visibility, fontSize } = getComputedStyle(node, "::before");
  return { content, visibility, fontSize };
}"""
ENDS = {  # how a kernel can end while its page is open
    "restart": f"() => {KERNEL}.session.kernel.restart()",
    "shut down": f"() => {KERNEL}.shutdown()",
    "dies": f"() => {{ {KERNEL}.session.kernel.requestExecute({{code: '{DIE}'}}) }}",
    "another": f"() => {KERNEL}.changeKernel({{name: 'python3'}})",
}


@pytest.fixture
def page(browser, lab):  # noqa: F811
    """Lesson 00 with its first pad."""
    page = at_the_pad(browser, lab)
    yield page
    page.close()


def at_the_pad(browser, address):  # noqa: F811
    """Open lesson 00, and run its first cell with the one that shows a pad."""
    page = open_lesson(browser, address, LESSON)
    run_the_pad(page)
    return page


def run_the_pad(page):
    """Run the first cell of lesson 00 with the one that shows a pad."""
    cells = codes(LESSON)
    pad = next(id for id, cell in cells.items() if "drawing_pad(" in cell.source)
    patiently(page, READY)
    for id in (next(iter(cells)), pad):
        patiently(page, RUN_CELL, id)
    expect(page.locator(f"{PAD} canvas")).to_be_visible()


def choose(page, menu, command):
    """Choose a command of JupyterLab's menus."""
    page.click(f'li.lm-MenuBar-item:has-text("{menu}")')
    page.click(f'.lm-Menu-item[data-command="{command}"]')


def restart(page):
    """Choose Kernel, Restart Kernel, and say yes."""
    choose(page, "Kernel", "kernelmenu:restart")
    page.click(".jp-Dialog button.jp-mod-accept")


def draw_seven(page):
    """Draw a seven on the first pad; return how much ink is on it."""
    canvas = page.locator(f"{PAD} canvas")
    canvas.scroll_into_view_if_needed()
    stroke(page, canvas, SEVEN)
    return ink(canvas)


def test_a_pad_whose_kernel_was_restarted_says_so_and_takes_no_stroke(page):
    draw_seven(page)
    wait_for_words(page, PAD, "It reads a 7 ")
    assert page.locator(f"{PANEL} .nn-ended").count() == 0
    restart(page)
    status = page.locator(f"{PAD}").get_by_role("status")
    expect(status).to_have_text(ENDED)
    canvas = page.locator(f"{PAD} canvas")
    drawn = ink(canvas)
    stroke(page, canvas, ELSEWHERE)
    assert ink(canvas) == drawn
    run_the_pad(page)
    expect(page.locator(f"{PANEL} .nn-ended")).to_have_count(0)
    assert draw_seven(page) > 0
    wait_for_words(page, PAD, "It reads a 7 ")


@pytest.mark.parametrize("kind", ENDS)
def test_however_a_kernel_ends_the_pad_says_so(page, kind):
    page.evaluate(ENDS[kind])
    expect(page.locator(f"{PAD} .nn-ended")).to_have_text(ENDED, timeout=20_000)


def test_the_training_lab_says_so_too(browser, lab):  # noqa: F811
    page = open_lesson(browser, lab, "07_training")
    run_all(page)
    restart(page)
    expect(page.locator(FRAME).get_by_role("status")).to_have_text(ENDED)
    assert page.locator(f"{FRAME} [inert] button:has-text('train')").count() == 1
    page.close()


def save(page):
    """Save as JupyterLab does by itself every two minutes, and wait until that is done."""
    page.evaluate("() => window.jupyterapp.shell.currentWidget.context.save()")


def stored(page):
    """The page's file as it lies on the server."""
    ask = f"() => window.jupyterapp.serviceManager.contents.get('work/{LESSON}.ipynb')"
    return page.evaluate(ask)["content"]


def test_saving_disturbs_no_widget_and_asks_nothing(page):
    frames = page.locator(f"{PANEL} .nn-frame")
    shown = frames.count()
    for number in range(3):
        cell = "window.jupyterapp.shell.currentWidget.content.widgets[0].model.sharedModel"
        page.evaluate(f"() => {cell}.setSource({cell}.getSource() + ' {number}')")
        save(page)
        page.wait_for_timeout(1000)
        assert page.locator(".jp-Dialog").count() == 0, "the file is not what was sent"
    assert frames.count() == shown == 1
    draw_seven(page)
    wait_for_words(page, PAD, "It reads a 7 ")
    text = json.dumps(stored(page))
    assert "run this cell to use it" in text and '"model_id"' not in text


def reopened(page, lab):  # noqa: F811
    """Save, restart the kernel, close the page; the same lesson opened again."""
    save(page)
    restart(page)
    expect(page.locator(f"{PAD} .nn-ended")).to_have_text(ENDED)
    page.close()
    page = open_lesson(page.context.browser, lab, LESSON)
    page.wait_for_timeout(4000)  # JupyterLab looks for a widget for two seconds
    return page


def test_a_page_that_was_saved_shows_its_sentences_after_a_restart(page, lab):  # noqa: F811
    page = reopened(page, lab)
    assert page.locator("text=model not found").count() == 0
    assert page.locator(f"{PANEL} .jp-OutputArea >> text=run this cell to use it").count() == 1
    page.close()


def test_a_jupyterlab_without_our_hook_says_what_to_do(browser, tmp_path):  # noqa: F811
    with running_lab(tmp_path) as address:
        page = reopened(at_the_pad(browser, address), address)
        lost = page.locator(f"{PANEL} .jp-OutputArea-output.jupyter-widgets")
        expect(lost).to_have_css("visibility", "hidden", timeout=30_000)
        style = lost.evaluate(BEFORE)
        assert style["content"] == '"No picture here? Run this cell."'
        assert style["visibility"] == "visible" and style["fontSize"] == "14px"
        page.close()
