"""All widgets as a class sees them: named for who listens, and whole on a projector's page."""

import collections
import re
import shutil

import nbformat
import pytest
from frames import page_of_frames
from test_browser import browser, jupyterlab_in, laid_out, open_lesson, run_all  # noqa: F401

from nnlib.system.projector import PRESENTER, projector_flags

pytestmark = [pytest.mark.slow, pytest.mark.browser]
MOST = 590  # pixels: what JupyterLab leaves of 720, less a margin
N_FRAMES = 26
HANDLES = ".noUi-handle:visible"
SAID = """handle => [handle.ariaLabel, handle.ariaValueText,
  handle.closest('.widget-slider').querySelector('.widget-readout').textContent]"""
CUT = """frame => [...frame.querySelectorAll(
    'button, .nn-question, [class*=widget-label], .widget-readout, .widget-html-content')]
  .filter(node => node.offsetParent && node.scrollWidth > node.clientWidth + 1)
  .map(node => node.textContent)"""
NAMED = re.compile(r"""^\s*- '?(slider|combobox|checkbox|button)(?: "((?:[^"\\]|\\.)*)")?""", re.M)


@pytest.fixture(scope="module")
def page(browser, tmp_path_factory):  # noqa: F811
    """A page of all widgets as `run.py lab --projector` shows it."""
    home = tmp_path_factory.mktemp("projector")
    env = laid_out(home) | PRESENTER
    nbformat.write(page_of_frames(), home / "work" / "frames.ipynb")
    settings = home / "jupyter_config_dir" / "lab" / "user-settings"
    shutil.copytree(settings, home / "projector" / "settings")
    with jupyterlab_in(home, env, *projector_flags(home)) as address:
        page = open_lesson(browser, address, "frames", is_first=True)
        page.set_viewport_size({"width": 1280, "height": 720})
        run_all(page, seconds=400)
        page.wait_for_timeout(1000)
        yield page
        page.close()


def frames_of(page):
    """Each widget with its question."""
    frames = page.locator(".nn-frame").all()
    assert len(frames) == N_FRAMES
    return [(frame.locator(".nn-question").inner_text(), frame) for frame in frames]


def misfits(page):
    """What is too tall or cut off: (question, height, words that are cut)."""
    found = []
    for question, frame in frames_of(page):
        height, cut = frame.bounding_box()["height"], frame.evaluate(CUT)
        if height > MOST or cut:
            found.append((question, height, cut))
    return found


@pytest.mark.parametrize("width", [1280, 1024])
def test_each_widget_is_whole_on_a_projector(page, width):
    page.set_viewport_size({"width": width, "height": 720})
    page.wait_for_timeout(500)
    assert misfits(page) == []


def test_the_letters_are_large_and_the_list_of_files_is_closed(page):
    prose = page.locator(".jp-RenderedMarkdown h1").first
    size = prose.evaluate("node => getComputedStyle(node.closest('.jp-RenderedMarkdown')).fontSize")
    assert size == "22px"
    assert not page.locator("#jp-left-stack").is_visible()


def test_each_control_has_a_name_of_its_own(page):
    for question, frame in frames_of(page):
        names = collections.Counter(NAMED.findall(frame.aria_snapshot()))
        assert names, question
        assert all(name for _, name in names), (question, names)
        assert max(names.values()) == 1, (question, names)


def test_each_slider_says_the_number_beside_it_before_and_after_a_move(page):
    page.set_viewport_size({"width": 1280, "height": 720})
    for question, frame in frames_of(page):
        for handle in frame.locator(HANDLES).all():
            name, before, shown = handle.evaluate(SAID)
            assert name and before == shown != "", question
            handle.focus()
            at_end = handle.get_attribute("aria-valuenow") == handle.get_attribute("aria-valuemax")
            page.keyboard.press("ArrowLeft" if at_end else "ArrowRight")
            page.wait_for_timeout(50)
            _, after, shown = handle.evaluate(SAID)
            assert after == shown != before, (question, name)


def test_each_widget_is_still_whole_with_its_sliders_at_their_ends(page):
    for _, frame in frames_of(page):
        for handle in frame.locator(HANDLES).all():
            handle.focus()
            page.keyboard.press("End")
    page.wait_for_timeout(4000)
    assert misfits(page) == []
