"""Lesson 00 of the browser edition: what holds in JupyterLab holds there, pad and all."""

import pytest
import test_browser_pad as at_home
from lite import PANEL, address, ask, chromium, context, open_page, run_one_by_one  # noqa: F401
from test_browser_pad import pad  # noqa: F401

pytestmark = [pytest.mark.slow, pytest.mark.browser]
LESSON = "00_see_it_work"
IN_USE = """import ctypes
from nnlib.system.browser import shipped
from nnlib.system.matmul import LOOPS, exchange
library, found = ctypes.CDLL(str(shipped("matmul.so"))), []
for name, dtype in LOOPS.items():
    ours = ctypes.cast(getattr(library, name), ctypes.c_void_p).value
    found.append(exchange(dtype, ours) == ours)  # what was in use before
print(found)"""


@pytest.fixture(scope="module")
def page(context, address):  # noqa: F811
    """Lesson 00, run cell by cell."""
    page = open_page(context, address, LESSON)
    page.changed = run_one_by_one(page, LESSON)
    yield page
    page.close()


def test_run_cell_by_cell_it_shows_what_is_stored(page):
    assert page.changed == {}


def test_labels_count_on_32_bits_and_the_compiled_product_is_in_use(page):
    count = "import numpy as np; from nnlib.data import load_mnist\n"
    count += "print(np.bincount(load_mnist()[0].y).sum())"  # int64 would be refused
    assert ask(page, count) == "4000"
    assert ask(page, IN_USE) == "[True, True]"


test_mouse = at_home.test_draw_a_seven_with_the_mouse_take_it_back_and_clear
test_a_stroke_that_leaves_the_pad = at_home.test_a_dot_and_a_stroke_that_leaves_the_pad
test_keyboard_alone = at_home.test_keyboard_alone
test_a_finger = at_home.test_a_finger
test_the_line_width = at_home.test_the_line_width_is_that_of_the_next_stroke
test_upload = at_home.test_upload_a_picture_and_another_that_is_refused
test_the_pad_fits_on_the_screen = at_home.test_the_pad_and_its_words_fit_on_the_screen
test_edit_a_digit_by_keyboard = at_home.test_edit_a_digit_by_keyboard
test_no_script_error = at_home.test_no_script_error
