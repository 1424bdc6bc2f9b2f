"""Sliders of lessons 14 and 15 in a real browser: a key moves one, picture and words follow."""

import pytest
from test_browser import PANEL, browser, end_kernels, lab, open_lesson, run_all  # noqa: F401

pytestmark = [pytest.mark.slow, pytest.mark.browser]
WIDGETS = {  # lesson: the question of its widget, the slider moved
    "14_bug_clinic": ("finds this mistake", "examined"),
    "15_your_digit": ("can you bend it", "alpha, pixels"),
}


@pytest.mark.parametrize("name", WIDGETS)
def test_picture_and_words_follow_a_slider(browser, lab, name):  # noqa: F811
    question, label = WIDGETS[name]
    page = open_lesson(browser, lab, name)
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    run_all(page)
    frame = page.locator(f"{PANEL} .nn-frame:has(.nn-question:has-text('{question}'))")
    frame.scroll_into_view_if_needed()
    picture, words = frame.locator("img").last, frame.locator(".nn-words")
    before = picture.get_attribute("src"), words.inner_text()
    handle = frame.locator(f".widget-inline-hbox:has-text('{label}') .noUi-handle").first
    handle.focus()
    page.keyboard.press("End")
    words.evaluate("node => node.classList.add('marked')")
    page.wait_for_function(
        "old => document.querySelector('.marked').innerText !== old", arg=before[1], timeout=30_000
    )
    page.wait_for_timeout(500)
    assert picture.get_attribute("src") != before[0] and words.inner_text() != before[1]
    assert frame.bounding_box()["height"] < 700  # of 800, with JupyterLab's own bars
    assert not errors
    page.close()
    end_kernels(lab)
