"""Lesson 07 of the browser edition: it trains in the page, while you drag, until you stop it."""

import re

import pytest
import test_browser_lab as at_home
from lite import PANEL, RUN_CELL, address, ask, chromium, codes, context, open_page, run_one_by_one  # noqa: F401
from test_browser_lab import FRAME, marked, press, wait_for_words  # noqa: F401

pytestmark = [pytest.mark.slow, pytest.mark.browser]
LESSON = "07_training"
RUNNING = """import gc
from nnlib.widgets.lab import TrainingLab
print([lab.is_training() for lab in gc.get_objects() if isinstance(lab, TrainingLab)])"""


@pytest.fixture(scope="module")
def page(context, address):  # noqa: F811
    """Lesson 07, run cell by cell."""
    page = open_page(context, address, LESSON)
    page.changed = run_one_by_one(page, LESSON)
    page.locator(FRAME).scroll_into_view_if_needed()
    yield page
    page.close()


def test_run_cell_by_cell_it_shows_what_is_stored(page):
    assert page.changed == {}


# in this order: each goes on where the one before has left the lab
test_it_waits_to_be_asked = at_home.test_it_waits_to_be_asked
test_train_by_mouse_watch_and_stop = at_home.test_train_by_mouse_watch_and_stop
test_drag_the_hidden_size = (
    at_home.test_dragging_the_hidden_size_starts_anew_and_keeps_the_old_run_pale
)
test_the_learning_rate = at_home.test_the_learning_rate_by_keyboard_marks_the_curve
test_pictures_can_be_heard = at_home.test_every_picture_of_every_widget_can_be_heard


def test_the_cell_run_again_ends_the_training_of_the_old_lab(page):
    frames = page.locator(f"{PANEL} .nn-frame").count()
    press(page, "train")
    wait_for_words(page, r"after epoch \d+")
    (lab,) = [id for id, cell in codes(LESSON).items() if "training_lab(" in cell.source]
    page.evaluate(RUN_CELL, lab)
    page.wait_for_timeout(1000)
    assert page.locator(f"{PANEL} .nn-frame").count() == frames
    assert re.fullmatch(r"\[False(, False)*\]", ask(page, RUNNING))


def test_no_script_error(page):
    assert page.script_errors == []  # of all the tests before it
