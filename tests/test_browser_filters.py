"""The filter lab in a real browser: paint a filter by keyboard, draw a digit by mouse."""

import nbformat
import pytest
from test_browser import PANEL, browser, jupyterlab_in, laid_out, open_lesson, run_all  # noqa: F401

pytestmark = [pytest.mark.slow, pytest.mark.browser]
FRAME = f"{PANEL} .nn-frame"
CELLS = [
    "from nnlib.data import load_mnist\nfrom nnlib.widgets import filter_lab",
    "filter_lab(load_mnist()[1])",
]


@pytest.fixture(scope="module")
def page(browser, tmp_path_factory):  # noqa: F811
    """A page with nothing but the filter lab."""
    home = tmp_path_factory.mktemp("filters")
    env, book = laid_out(home), nbformat.v4.new_notebook()
    book.cells = [nbformat.v4.new_code_cell(source) for source in CELLS]
    book.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(book, home / "work" / "filters.ipynb")
    with jupyterlab_in(home, env) as address:
        page = open_lesson(browser, address, "filters")
        run_all(page)
        page.locator(FRAME).scroll_into_view_if_needed()
        yield page
        page.close()


def wait_for_words(page, begin):
    """Wait until the words under the picture, and its description, begin so; return them."""
    page.wait_for_function(
        "([frame, begin]) => { const node = document.querySelector(frame);"
        "const words = node.querySelector('.nn-words').innerText.trim();"
        "return words.startsWith(begin) && node.querySelector('img').alt === words; }",
        arg=[FRAME, begin],
        timeout=20_000,
    )
    return page.locator(f"{FRAME} .nn-words").inner_text().strip()


def draw_a_slash(page):
    """Draw from the lower left to the upper right of the pad."""
    canvas = page.locator(f"{FRAME} canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    ends = [(box["x"] + x * box["width"], box["y"] + (1 - x) * box["height"]) for x in (0.2, 0.8)]
    page.mouse.move(*ends[0])
    page.mouse.down()
    page.mouse.move(*ends[1], steps=12)
    page.mouse.up()
    page.wait_for_timeout(600)  # the last state is sent 50 ms later


def choose(page, name, option):
    """Choose from one of the lists."""
    place = f'{FRAME} .widget-dropdown:has(label:text-is("{name}")) select'
    page.locator(place).select_option(label=option)


def test_a_cell_is_painted_by_keyboard_and_says_what_it_holds(page):
    cell = page.locator(f'{FRAME} button[title^="row 2, column 2:"]')
    assert cell.get_attribute("aria-label") == "row 2, column 2: 1"
    cell.focus()
    for weight in ("−1", "0", "1"):
        page.keyboard.press("Enter")
        page.locator(f'{FRAME} button[aria-label="row 2, column 2: {weight}"]').wait_for()
    wait_for_words(page, "painted on this ")


def test_a_drawing_is_seen_in_the_map_and_a_digit_takes_its_place(page):
    choose(page, "filter", "stroke /")
    draw_a_slash(page)
    said = wait_for_words(page, "stroke / on my drawing: a map of 24 × 24 places")
    choose(page, "filter", "stroke \\")
    other = wait_for_words(page, "stroke \\ on my drawing")
    best, least = (float(words.split(" to ")[1].split(";")[0]) for words in (said, other))
    assert best > 2 > least + 1  # the stroke that was drawn is found
    page.locator(f'{FRAME} button:text-is("Clear")').click()
    wait_for_words(page, "There is no ink yet")
    choose(page, "digit", "3")
    wait_for_words(page, "stroke \\ on this 3")


def test_the_small_pad_has_room_for_its_buttons_and_says_how_to_draw(page):
    pad = page.locator(f"{FRAME} .nn-pad")
    assert pad.get_by_role("button").count() == 2 and pad.locator("input").count() == 0
    assert "arrow keys" in pad.locator("canvas").get_attribute("aria-label")
    assert page.locator(FRAME).bounding_box()["height"] < 690
