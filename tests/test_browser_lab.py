"""The training lab in a real browser: drag, watch, stop; by mouse and by keyboard."""

import re

import pytest
from playwright.sync_api import expect
from test_browser import PANEL, accept_kernel, browser, lab, open_lesson, run_all  # noqa: F401

pytestmark = [pytest.mark.slow, pytest.mark.browser]
FRAME = f"{PANEL} .nn-frame:has(.nn-question:has-text('hidden units?'))"


@pytest.fixture(scope="module")
def page(browser, lab):  # noqa: F811
    """Lesson 07, run to its end; script errors are collected on the page."""
    page = open_lesson(browser, lab, "07_training")
    page.script_errors = []
    page.on("pageerror", lambda error: page.script_errors.append(str(error)))
    run_all(page)
    page.locator(FRAME).scroll_into_view_if_needed()
    return page


def words(page):
    """The line of words under the picture."""
    return page.locator(f"{FRAME} .nn-words").inner_text()


def wait_for_words(page, pattern, seconds=60):
    """Wait until the words match, and return them."""
    page.wait_for_function(
        "([frame, pattern]) => new RegExp(pattern).test("
        "document.querySelector(frame)?.querySelector('.nn-words')?.innerText ?? '')",
        arg=[".nn-frame.marked", pattern],
        timeout=1000 * seconds,
    )
    return words(page)


@pytest.fixture(autouse=True)
def marked(page):
    """Give the lab's frame a class of its own, so that scripts in the page find it."""
    page.locator(FRAME).evaluate("node => node.classList.add('marked')")


def handle(page, label):
    """The handle of a slider."""
    slider = f'.widget-hslider:has(label:text-is("{label}"))'
    return page.locator(f"{FRAME} {slider} .noUi-handle")


def press(page, name):
    page.locator(f'{FRAME} button:has-text("{name}")').click()


def test_it_waits_to_be_asked(page):
    assert "before training" in words(page)


def test_train_by_mouse_watch_and_stop(page):
    before = page.locator(f"{FRAME} img").first.get_attribute("src")
    press(page, "train")
    first = wait_for_words(page, r"after epoch \d+")
    seen = {words(page)}
    for _ in range(10):
        page.wait_for_timeout(200)
        seen.add(words(page))
    assert len(seen) > 3, "the words move while it trains"
    assert page.locator(f"{FRAME} img").first.get_attribute("src") != before
    press(page, "stop")
    page.wait_for_timeout(500)
    stopped = words(page)
    page.wait_for_timeout(700)
    assert words(page) == stopped != first


def test_dragging_the_hidden_size_starts_anew_and_keeps_the_old_run_pale(page):
    place = handle(page, "hidden size").bounding_box()
    middle = place["x"] + place["width"] / 2, place["y"] + place["height"] / 2
    page.mouse.move(*middle)
    page.mouse.down()
    page.mouse.move(middle[0] + 30, middle[1], steps=8)
    page.mouse.up()
    said = wait_for_words(page, r"hidden (1[7-9]|[2-9]\d|1\d\d), .* after epoch \d+")
    assert not said.startswith("hidden 16,")
    assert page.locator(f'{FRAME} polyline[stroke="#b8b8b8"]').count() >= 2


def test_the_learning_rate_by_keyboard_marks_the_curve(page):
    press(page, "train")
    wait_for_words(page, r"after epoch [2-9]")
    handle(page, "learning rate").focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    wait_for_words(page, r"learning rate 0\.2: loss")  # ten presses for a factor of ten
    marks = page.locator(f'{FRAME} svg text[font-size="10"]')
    expect(marks.filter(has_text=re.compile(r"^0\.2$"))).not_to_have_count(0)
    press(page, "stop")


def test_small_filters_train_and_stop(page):
    network = page.locator(f'{FRAME} .widget-dropdown:has(label:text-is("network")) select')
    network.select_option(label="small filters")
    press(page, "train")
    wait_for_words(page, r"^small filters .lesson 17., .* after epoch [2-9]")
    size = page.locator(f'{FRAME} .widget-hslider:has(label:text-is("hidden size"))')
    assert size.locator("[disabled]").count()
    press(page, "stop")
    page.wait_for_timeout(500)
    stopped = words(page)
    page.wait_for_timeout(700)
    assert words(page) == stopped
    network.select_option(label="two layers")
    press(page, "train")
    wait_for_words(page, r"^hidden \d+, .* after epoch")
    press(page, "stop")


def test_everything_stands_above_the_fold_and_no_script_failed(page):
    box = page.locator(FRAME).bounding_box()
    assert box["height"] < 690 and box["width"] < 1280
    assert page.script_errors == []


def test_every_picture_of_every_widget_can_be_heard(page):
    pictures = page.locator(f"{PANEL} .nn-frame img")
    assert pictures.count() == 2  # the training lab's digits, the scrubber
    for picture in pictures.all():
        frame = picture.locator("xpath=ancestor::*[contains(@class, 'nn-frame')]")
        for _ in range(50):  # picture and words come in two messages
            said = frame.locator(".nn-words").inner_text().strip()
            if picture.get_attribute("alt") == said:
                break
            page.wait_for_timeout(100)
        assert picture.get_attribute("alt") == said


def test_in_a_narrow_page_the_picture_stands_under_the_controls_and_keeps_its_width(page):
    """A projector at 150 % shows 853 x 533 of what a page of 1280 x 800 holds."""
    whole = page.viewport_size
    page.set_viewport_size({"width": 853, "height": 533})
    page.wait_for_timeout(500)
    picture = page.locator(f"{FRAME} .nn-picture").bounding_box()
    controls = page.locator(f"{FRAME} .widget-hslider").first.bounding_box()
    page.set_viewport_size(whole)
    assert picture["width"] > 300 and picture["y"] > controls["y"] + 100


def test_charts_stand_on_white_in_a_dark_theme_too(page):
    page.evaluate("document.body.style.setProperty('--jp-layout-color0', '#111')")
    paper = page.locator(f"{FRAME} .nn-paper")
    assert paper.evaluate("node => getComputedStyle(node).backgroundColor") == "rgb(255, 255, 255)"
    label = page.locator(f"{FRAME} .nn-paper .widget-html-content").nth(1)
    assert label.evaluate("node => getComputedStyle(node).color") == "rgb(26, 26, 26)"
    page.evaluate("document.body.style.removeProperty('--jp-layout-color0')")
