"""Landing and reading pages in a real browser: what fits, what folds, what is said."""

import contextlib
import functools
import http.server
import io
import re
import threading

import pytest
from chromium import CHROMIUM, QUIET
from lessons import PATHS
from PIL import Image
from playwright.sync_api import expect, sync_playwright

pytestmark = [pytest.mark.slow, pytest.mark.browser]
pytest.importorskip("math_core", reason="NO PAGE WAS LOOKED AT: install math-core")
if not CHROMIUM:
    pytest.skip("NO PAGE WAS LOOKED AT: install chromium", allow_module_level=True)

import landing  # noqa: E402
import reading  # noqa: E402

WIDE, TABLET, PHONE = (1280, 800), (820, 1180), (360, 740)
OPTIONS = [*QUIET, "--host-resolver-rules=MAP plain.test 127.0.0.1"]
ALL = ["index.html", *(f"read/{path.name[:2]}.html" for path in PATHS), "read/teaching.html"]


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass

    def copyfile(self, source, outputfile):
        with contextlib.suppress(ConnectionError):  # a page was closed before all had come
            super().copyfile(source, outputfile)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A folder with the pages, in a subfolder of what the server shows."""
    folder = tmp_path_factory.mktemp("host") / "a course"
    folder.mkdir()
    reading.write_reading_pages(PATHS, folder)
    landing.write_landing_page(PATHS, folder)
    return folder


@pytest.fixture(scope="module")
def port(site):
    """A static server's port."""
    handler = functools.partial(Quiet, directory=site.parent)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


@pytest.fixture(scope="module")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        yield browser
        browser.close()


@pytest.fixture
def look(chromium, port):
    """Open a place of the site on a screen; whatever fails to load, or any error, is red."""
    troubles, opened = [], []

    def open_(place, size=WIDE, host="localhost", address=None, **options):
        page = chromium.new_page(viewport={"width": size[0], "height": size[1]}, **options)
        opened.append(page)
        page.on(
            "requestfailed", lambda r: troubles.append(r.url) if "ABORTED" not in r.failure else 0
        )
        page.on("response", lambda r: troubles.append(r.url) if r.status >= 400 else None)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.goto(address or f"http://{host}:{port}/a%20course/{place}")
        return page

    yield open_
    for page in opened:
        page.close()
    assert troubles == []


def follow(page, link):
    """Click a link that leads into JupyterLite, which is not there; return where it led."""
    there = re.compile("path=")
    page.route(there, lambda route: route.fulfill(body="there"))
    link.click()
    page.wait_for_url(there)
    return page.url.split("/a%20course/")[1]


@pytest.mark.parametrize(
    "place, words", [("index.html", "Start lesson 00"), ("read/00.html", "Run it")]
)
@pytest.mark.parametrize("size, room", [(WIDE, "lab"), (TABLET, "notebooks"), (PHONE, "notebooks")])
def test_a_lesson_opens_alone_where_the_screen_is_narrow(look, place, words, size, room):
    page = look(place, size)
    led = follow(page, page.get_by_role("link", name=words).first)
    assert led == f"{room}/index.html?path=notebooks/{PATHS[0].name}"


def test_a_screen_that_is_turned_counts_as_it_is_now(look):
    page = look("index.html", TABLET)
    page.set_viewport_size({"width": 1180, "height": 820})
    assert follow(page, page.locator(".start a.run")).startswith("lab/")


@pytest.mark.parametrize("place", ["index.html", "read/07.html"])
def test_plain_http_is_told_in_one_sentence(look, port, place):
    page = look(place, host="plain.test")
    note = page.get_by_role("status")
    expect(note).to_contain_text(f"http://plain.test:{port} is plain http")
    expect(note).to_contain_text("An https address or localhost has both")
    assert page.locator("a.run[href]").count() == page.locator("a.run").count() > 1


@pytest.mark.parametrize("place", ["index.html", "read/07.html"])
def test_a_page_from_a_file_can_be_read_and_says_why_it_does_not_run(look, site, place):
    page = look(place, address=(site / place).as_uri())
    expect(page.get_by_role("status")).to_contain_text("opened from a file")
    assert page.locator("a.run[href]").count() == 0
    widths = page.evaluate(
        "Promise.all([...document.images].map(image => { image.loading = 'eager';"
        " return image.decode().then(() => image.naturalWidth); }))"
    )
    assert widths and min(widths) > 100
    if place != "index.html":
        assert page.evaluate("document.fonts.load('20px Formulas').then(fonts => fonts.length)")


def test_where_lessons_run_nothing_is_said(look):
    assert look("index.html").get_by_role("status").count() == 0


@pytest.mark.parametrize("place", ALL)
def test_no_page_is_wider_than_its_screen(look, place):
    page = look(place)
    page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
    for width, height in (WIDE, TABLET, PHONE):
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_brackets_grow_with_what_they_hold(look):
    page = look("read/03.html")
    page.evaluate("document.fonts.load('20px Formulas')")
    heights = page.evaluate(
        "[...document.querySelectorAll('mo + mtable')].map(table => [table,"
        " table.previousElementSibling].map(part => part.getBoundingClientRect().height))"
    )
    assert len(heights) > 4
    assert all(bracket > 0.9 * table for table, bracket in heights), heights


@pytest.mark.parametrize("place", ["read/06.html", "read/11.html"])
def test_a_brace_is_drawn_from_end_to_end(look, place):
    page = look(place, TABLET)
    page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
    page.evaluate("document.fonts.load('20px Formulas')")
    spans = page.evaluate(
        "[...document.querySelectorAll('munder[accentunder]')].map(span =>"
        " [span, span.lastElementChild].map(part => part.getBoundingClientRect()))"
    )
    paper = Image.open(io.BytesIO(page.screenshot(full_page=True))).convert("L")
    assert len(spans) > 2
    for whole, brace in spans:
        for x in (whole["left"], whole["right"] - 6):
            end = paper.crop((int(x), int(brace["top"]), int(x) + 6, int(brace["bottom"])))
            assert end.getextrema()[0] < 128, whole


def test_a_fold_opens_by_keyboard_and_before_that_its_answer_is_unseen(look):
    page = look("read/07.html")
    fold = page.locator("details.answer").first
    answer = fold.get_by_text("At 3 the promise is absurd")
    expect(answer).to_be_hidden()
    fold.locator("summary").first.focus()
    page.keyboard.press("Enter")
    expect(answer).to_be_visible()


def test_paper_shows_what_is_folded_and_no_buttons(look):
    page = look("read/07.html")
    page.emulate_media(media="print")
    height = page.locator("details.answer pre.code").first.bounding_box()["height"]
    assert height > 100
    assert page.locator("nav").first.is_hidden() and page.locator("a.run").first.is_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_stand_out_from_the_paper(look, scheme):
    page = look("read/04.html", color_scheme=scheme)
    for selector in ("p", "a", ".c1", ".s2", ".mi", ".k, .kn", "summary", ".ways .run"):
        assert page.locator(selector).first.evaluate(CONTRAST) >= 4.5, selector


CONTRAST = """element => {
  const channels = color => color.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  let under = element;
  while (channels(getComputedStyle(under).backgroundColor)[3] === 0) under = under.parentElement;
  const pair = [getComputedStyle(element).color, getComputedStyle(under).backgroundColor];
  const [dark, bright] = pair.map(c => light(channels(c))).sort((a, b) => a - b);
  return (bright + 0.05) / (dark + 0.05);
}"""
