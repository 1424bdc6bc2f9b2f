"""A whole lesson by keyboard alone, in JupyterLab: run it, reach its widget, move every control."""

import re

import pytest
from lessons import NAMES, PATHS, code_cells
from playwright.sync_api import expect
from test_browser import (  # noqa: F401
    PANEL,
    PROMPTS,
    browser,
    end_kernels,
    lab,
    open_lesson,
)

pytestmark = [pytest.mark.slow, pytest.mark.browser]
NAME = "02_ten_templates"
KEYS = {"SELECT": "ArrowDown", "DIV": "ArrowRight", "BUTTON": "Space", "INPUT": "Space"}
CELLS = f"{PANEL} .jp-Notebook .jp-Cell"
ACTIVE = f"document.querySelector('{CELLS}.jp-mod-active')"
STATE = """() => {
  const node = document.activeElement, frame = node.closest('.nn-frame');
  const name = node.ariaLabel || node.labels?.[0]?.textContent || node.textContent;
  return frame && [node.tagName, name,
    node.value || node.ariaValueText || "", frame.querySelector('.nn-words').innerText];
}"""


def run_by_keyboard(page):
    """Run every cell by Shift-Enter, from the first to the last."""
    n_code = len(code_cells(PATHS[NAMES.index(NAME)]))
    expect(page.locator(PROMPTS)).to_have_count(n_code, timeout=60_000)
    page.wait_for_timeout(3000)
    page.locator(f"{PANEL} .jp-Notebook").focus()
    page.keyboard.press("Escape")
    for _ in range(3):
        run_down(page)
        if not any(text == "[ ]:" for text in page.locator(PROMPTS).all_inner_texts()):
            break
    done = "s => [...document.querySelectorAll(s)].every(p => /^\\[\\d+\\]:$/.test(p.textContent))"
    page.wait_for_function(done, arg=PROMPTS, timeout=240_000)


def run_down(page):
    """Run the cells by Shift-Enter, from the first to the last; accept the kernel if asked."""
    page.keyboard.press("Control+Home")
    for k in range(1, page.locator(CELLS).count()):
        page.keyboard.press("Shift+Enter")
        if page.locator(".jp-Dialog").count():
            page.keyboard.press("Enter")
            page.wait_for_timeout(1000)
        page.wait_for_function(f"{ACTIVE} === document.querySelectorAll('{CELLS}')[{k}]")
    page.keyboard.press("Control+Enter")  # Shift-Enter would add a cell to the last one
    page.wait_for_timeout(1000)


def enter_widget(page):
    """Go up to the cell of the widget by arrow, and into the widget by Tab."""
    page.keyboard.press("Escape")
    for _ in range(200):
        if page.evaluate(f"!!{ACTIVE}?.querySelector('.nn-frame')"):
            break
        page.keyboard.press("ArrowUp")
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate(STATE):
            return
    pytest.fail("Tab does not lead into the widget")


def moved(page):
    """Press the key of the control that has the focus; return its name once something changed."""
    kind, name, *before = page.evaluate(STATE)
    page.keyboard.press(KEYS[kind])
    page.wait_for_function(
        f"before => {{ const now = ({STATE})(); return now && String(now.slice(2)) != before; }}",
        arg=",".join(before),
        timeout=30_000,
    )
    return name


def test_a_lesson_is_worked_through_by_keyboard(browser, lab):  # noqa: F811
    page = open_lesson(browser, lab, NAME)
    run_by_keyboard(page)
    enter_widget(page)
    seen = []
    while page.evaluate(STATE):
        if not page.evaluate("document.activeElement.matches('.widget-readout')"):
            seen.append(moved(page))
        page.keyboard.press("Tab")
    frame = page.locator(f"{PANEL} .nn-frame")
    named = re.findall(r"- '?(?:slider|combobox|button) \"([^\"]+)\"", frame.aria_snapshot())
    assert seen == named and len(named) == 11
    end_kernels(lab)
