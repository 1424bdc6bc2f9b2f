"""`run.py demo` as a class sees it: pad, training lab and lessons, large, and no code."""

import os
import pathlib
import re
import signal
import subprocess
import sys

import pytest
from chromium import free_port
from lessons import ROOT
from test_browser import LIVE, browser  # noqa: F401
from test_browser_frames import SAID
from test_browser_pad import SEVEN, stroke, wait_for_words

pytestmark = [pytest.mark.slow, pytest.mark.browser]
LAB = ".nn-frame:has(.nn-question:has-text('hidden units?'))"
PAD = ".nn-frame:has(.nn-pad)"
CODE = ".jp-InputArea-editor, .input_area, .cm-editor"


@pytest.fixture(scope="module")
def demo():
    """A running demo; its address."""
    if not (pathlib.Path(sys.prefix) / "nnlib-stamp.json").exists():
        pytest.skip("run.py did not make this environment")
    command = [sys.executable, "run.py", "demo", "--no-browser", f"--port={free_port()}"]
    env = os.environ | {"NNLIB_VENV": sys.prefix, "PYTHONUNBUFFERED": "1"} | LIVE
    server = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True)
    try:
        shown = ""
        for line in server.stdout:
            shown += line
            if found := re.search(r"http://127\.0\.0\.1:\d+/\S+", line):
                yield found[0]
                break
        else:
            pytest.fail(shown)
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(timeout=60)


def test_the_lab_trains_and_the_pad_reads_without_any_code_in_sight(browser, demo):  # noqa: F811
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(demo, wait_until="domcontentloaded")
    page.wait_for_selector(PAD, timeout=90_000)
    assert page.locator(CODE).count() == 0
    assert page.locator(".nn-frame.nn-large").count() == 3
    page.locator(f'{LAB} button:has-text("train")').click()
    wait_for_words(page, LAB, r"after epoch \d")
    page.locator(f'{LAB} button:has-text("stop")').click()
    canvas = page.locator(f"{PAD} canvas")
    canvas.scroll_into_view_if_needed()
    scale = canvas.bounding_box()["width"] / 280
    stroke(page, canvas, [(x * scale, y * scale) for x, y in SEVEN])
    wait_for_words(page, PAD, "It reads a 7 ")
    assert errors == []
    page.close()


def test_a_lesson_is_an_app_too_with_its_title_and_a_way_back(browser, demo):  # noqa: F811
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    page.goto(demo, wait_until="domcontentloaded", timeout=120_000)
    page.locator('a:text-is("04")').first.click(timeout=120_000)
    page.wait_for_selector(".nn-frame.nn-large", timeout=180_000)
    assert page.title() in page.locator("h1").first.inner_text()
    assert page.locator(CODE).count() == 0
    said = [handle.evaluate(SAID) for handle in page.locator(".noUi-handle").all()]
    assert ["score of class 9", "10.1", "10.1"] in said
    assert all(name and value == shown for name, value, shown in said)
    page.locator('a:text-is("demo")').first.click()
    page.wait_for_selector(PAD, timeout=120_000)
    assert page.title().startswith("Let it read your writing")
    page.close()
