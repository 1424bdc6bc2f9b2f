"""The drawing pad in a real browser: by mouse, finger, keyboard, upload; and a digit that moves."""

import io

import numpy as np
import pytest
from PIL import Image
from test_browser import PANEL, browser, lab, open_lesson, run_all  # noqa: F401

from nnlib.data.preprocessing import draw

pytestmark = [pytest.mark.slow, pytest.mark.browser]
PAD = f":nth-match({PANEL} .nn-frame:has(.nn-pad), 1)"  # the lesson shows it twice
EDIT = f"{PANEL} .nn-frame:has(.nn-question:has-text('fool it'))"
SEVEN = [(60 + 6 * i, 60) for i in range(20)] + [(180 - 4 * i, 60 + 7 * i) for i in range(25)]


@pytest.fixture(scope="module")
def page(browser, lab):  # noqa: F811
    """Lesson 00, run to its end; script errors are collected on the page."""
    page = open_lesson(browser, lab, "00_see_it_work")
    page.script_errors = []
    page.on("pageerror", lambda error: page.script_errors.append(str(error)))
    run_all(page)
    yield page
    page.close()


@pytest.fixture
def pad(page):
    """The empty pad, in the middle of the screen: a canvas."""
    canvas = page.locator(f"{PAD} canvas")
    canvas.scroll_into_view_if_needed()
    clear = page.locator(f'{PAD} button:has-text("Clear")')
    if clear.is_enabled():
        clear.click()
    wait_for_words(page, PAD, "The pad is empty")
    return canvas


def wait_for_words(page, frame, pattern, seconds=30):
    """Wait until the words of a frame match, and return them."""
    line = page.locator(f"{frame} .nn-words")
    line.evaluate("node => node.classList.add('marked')")
    page.wait_for_function(
        "pattern => new RegExp(pattern).test(document.querySelector('.marked').innerText)",
        arg=pattern,
        timeout=1000 * seconds,
    )
    said = line.inner_text()
    line.evaluate("node => node.classList.remove('marked')")
    return said


def stroke(page, pad, points, pause=0):
    """Draw through points of the pad with the mouse."""
    corner = pad.bounding_box()
    for number, (x, y) in enumerate(points):
        page.mouse.move(corner["x"] + x, corner["y"] + y)
        if number == 0:
            page.mouse.down()
        page.wait_for_timeout(pause)
    page.mouse.up()


def ink(pad):
    """How many pixels of the canvas are dark."""
    return pad.evaluate(
        "c => [...c.getContext('2d').getImageData(0, 0, c.width, c.height).data]"
        ".filter((value, i) => i % 4 === 0 && value < 128).length"
    )


def test_draw_a_seven_with_the_mouse_take_it_back_and_clear(page, pad):
    picture = page.locator(f"{PAD} img").get_attribute("src")
    stroke(page, pad, SEVEN)
    assert "of 64 hidden units" in wait_for_words(page, PAD, "It reads a 7 ")
    assert page.locator(f"{PAD} img").get_attribute("src") != picture
    page.locator(f'{PAD} button:has-text("Undo")').click()
    wait_for_words(page, PAD, "The pad is empty")
    stroke(page, pad, SEVEN)
    wait_for_words(page, PAD, "It reads a 7 ")
    page.locator(f'{PAD} button:has-text("Clear")').click()
    wait_for_words(page, PAD, "The pad is empty")
    page.locator(f'{PAD} button:has-text("Undo")').click()  # a cleared sheet comes back, too
    wait_for_words(page, PAD, "It reads a 7 ")


def test_a_dot_and_a_stroke_that_leaves_the_pad(page, pad):
    stroke(page, pad, [(140, 140)])
    wait_for_words(page, PAD, "It reads a")
    stroke(page, pad, [(140, 140), (400, 140), (140, -90), (140, 200)])
    assert ink(pad) > 3000
    page.locator(f'{PAD} button:has-text("Undo")').click()
    assert 300 < ink(pad) < 700  # the dot, 24 pixels wide


def press(page, key, times=1):
    for _ in range(times):
        page.keyboard.press(key)


def test_keyboard_alone(page, pad):
    cells = page.locator(f"{PANEL} .jp-Cell")
    before = cells.count()
    stroke(page, pad, [(9, 9)])
    page.locator(f'{PAD} button:has-text("Clear")').click()
    wait_for_words(page, PAD, "The pad is empty")
    page.locator(f'{PAD} input[type="range"]').focus()
    press(page, "Shift+Tab", 2)  # over Undo; Clear is off while the sheet is empty
    assert page.evaluate("document.activeElement.tagName") == "CANVAS"
    press(page, "ArrowUp", 12)
    assert ink(pad) == 0, "the pen is up"
    press(page, " ")
    press(page, "ArrowDown", 24)
    wait_for_words(page, PAD, "It reads a 1 ")
    press(page, " ")
    drawn = ink(pad)
    press(page, "ArrowRight", 5)
    assert ink(pad) == drawn, "the pen is up again"
    press(page, "Control+z")
    wait_for_words(page, PAD, "The pad is empty")
    assert cells.count() == before, "JupyterLab must not take these keys for its own"
    assert page.evaluate("document.activeElement.tagName") == "CANVAS"


def test_a_finger(page, pad):
    corner = pad.bounding_box()
    finger = page.context.new_cdp_session(page)

    def touch(kind, *points):
        places = [{"x": corner["x"] + x, "y": corner["y"] + y} for x, y in points]
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": places})

    touch("touchStart", SEVEN[0])
    for point in SEVEN[1:]:
        touch("touchMove", point)
    touch("touchEnd")
    wait_for_words(page, PAD, "It reads a 7 ")
    touched = pad.bounding_box()
    assert touched == corner, "the page must not scroll under the finger"


def test_the_line_width_is_that_of_the_next_stroke(page, pad):
    width = page.locator(f'{PAD} input[type="range"]')
    amounts = []
    for end in ("Home", "End"):
        width.focus()
        press(page, end)
        stroke(page, pad, [(60, 140), (220, 140)])
        amounts.append(ink(pad))
        page.locator(f'{PAD} button:has-text("Undo")').click()
    assert amounts[0] < 2000 and amounts[1] > 7000
    width.fill("24")


def test_many_moves_few_messages_and_the_last_one_counts(page, pad):
    page.evaluate(
        """() => {
            const send = WebSocket.prototype.send;
            window.large = 0;
            WebSocket.prototype.send = function (data) {
                if ((data.byteLength ?? data.length) > 19600) window.large += 1;
                return send.call(this, data);
            };
        }"""
    )
    points = [(140, 20 + 4 * i) for i in range(60)]
    stroke(page, pad, points, pause=10)
    wait_for_words(page, PAD, "It reads a 1 ")
    assert 1 <= page.evaluate("window.large") <= 40


def png_of(strokes):
    """The bytes of a picture: black strokes on white."""
    file = io.BytesIO()
    Image.fromarray(np.rint(255 * (1 - draw(strokes))).astype(np.uint8)).save(file, "PNG")
    return file.getvalue()


def choose(page, data, name):
    """Choose a file, as in the dialog that the button opens."""
    with page.expect_file_chooser() as dialog:
        page.locator(f'{PAD} button:has-text("Upload a picture")').click()
    dialog.value.set_files({"name": name, "mimeType": "image/png", "buffer": data})


def test_upload_a_picture_and_another_that_is_refused(page, pad):
    seven = png_of([[(30, 25), (105, 25), (60, 115)]])
    hostile = "<img src=x onerror=alert(1)>.png"
    choose(page, seven, "seven.png")
    wait_for_words(page, PAD, "In seven.png it reads a 7 ")
    choose(page, b"GIF89a", hostile)
    wait_for_words(page, PAD, "onerror=alert.1.>.png is a picture .GIF.; save the digit as PNG")
    assert page.locator(f"{PAD} .nn-words img").count() == 0
    seen = page.locator(f"{PAD} img").get_attribute("alt")
    assert seen.startswith("Before: In seven.png it reads a 7 "), "what was seen stays, as past"
    choose(page, seven, "seven.png")
    wait_for_words(page, PAD, "In seven.png it reads a 7 ")
    stroke(page, pad, [(140, 40 + 10 * i) for i in range(20)])
    wait_for_words(page, PAD, "^It reads a 1 ")
    choose(page, seven, "seven.png")  # the same file again
    wait_for_words(page, PAD, "In seven.png it reads a 7 ")


def test_a_file_that_the_server_would_not_let_through_is_refused_in_words(page, pad):
    seven = png_of([[(30, 25), (105, 25), (60, 115)]])
    choose(page, seven + bytes(40_000_000), "large.png")
    wait_for_words(page, PAD, "large.png is too large: more than 10,000,000 bytes")
    choose(page, seven, "seven.png")
    wait_for_words(page, PAD, "In seven.png it reads a 7 ")
    stroke(page, pad, [(140, 40 + 10 * i) for i in range(20)])  # back to the pad
    wait_for_words(page, PAD, "^It reads a 1 ")


def test_the_pad_and_its_words_fit_on_the_screen(page, pad):
    height = page.locator(PAD).bounding_box()["height"]
    assert height < 800 - 120  # without JupyterLab's own bars


def test_edit_a_digit_by_keyboard(page):
    line = page.locator(f"{EDIT} .nn-words")
    line.scroll_into_view_if_needed()
    assert "Now: it reads a 7" in line.inner_text()
    slider = '.widget-hslider:has(label:text-is("move right")) .noUi-handle'
    page.locator(f"{EDIT} {slider}").focus()
    press(page, "ArrowRight", 4)
    wait_for_words(page, EDIT, "Now: it reads a 5 .* ✗")
    page.locator(f'{EDIT} button:has-text("As it was")').click()
    wait_for_words(page, EDIT, "Now: it reads a 7 .* ✓")


def test_no_script_error(page):
    assert page.script_errors == []
