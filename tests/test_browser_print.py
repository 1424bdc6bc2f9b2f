"""Printed lessons in a real browser: every line, table and formula within the paper, no network."""

import re

import pytest
from chromium import CHROMIUM
from lessons import NAMES, PATHS
from test_browser import browser  # noqa: F401

pytestmark = [pytest.mark.slow, pytest.mark.browser]
pytest.importorskip("math_core", reason="NO PAPER WAS LOOKED AT: install math-core")
if not CHROMIUM:
    pytest.skip("NO PAPER WAS LOOKED AT: install chromium", allow_module_level=True)

from nnlib.classroom.paper import lesson_on_paper  # noqa: E402
from nnlib.classroom.printing import EDITIONS  # noqa: E402

WIDTHS = {"A4": 210, "Letter": 215.9}  # in millimeters
MARGIN = 15
FORMULAS = "document.fonts.load('20px Formulas').then(fonts => fonts.length)"
OUTSIDE = """() => [...document.querySelectorAll('body *')].filter(part => {
  const box = part.getBoundingClientRect(), width = document.documentElement.clientWidth;
  const within = part.parentElement.closest('math') || !part.clientWidth;
  const spills = !within && part.scrollWidth > part.clientWidth + 1;
  return spills || (box.width && (box.right > width + 0.5 || box.left < -0.5));
}).map(part => `${part.localName}.${part.className}: ${part.textContent.slice(0, 40)}`)"""
LONG = {
    "code": '<pre class="code"><code>{}</code></pre>',
    "output": '<pre class="output">{}</pre>',
    "a word": "<p>{}</p>",
    "a number": '<div class="wide"><table class="dataframe"><tr><td>{}</td></tr></table></div>',
}


@pytest.fixture
def paper(browser, tmp_path):  # noqa: F811
    """Open HTML from a file, as wide as the text on a sheet, with the network off."""
    troubles = []
    context = browser.new_context(offline=True)

    def lay(html, size="A4"):
        file = tmp_path / "mit Ü.html"
        file.write_text(html, encoding="utf-8")
        page = context.new_page()
        page.on("requestfailed", lambda request: troubles.append(request.url))
        page.set_viewport_size(
            {"width": round((WIDTHS[size] - 2 * MARGIN) / 25.4 * 96), "height": 999}
        )
        page.emulate_media(media="print")
        page.goto(file.as_uri())
        assert page.evaluate(FORMULAS) == 1
        return page

    yield lay
    context.close()
    assert troubles == []


@pytest.mark.parametrize("ending", ["_student", "_solutions"])
@pytest.mark.parametrize("path", PATHS, ids=NAMES)
def test_nothing_reaches_beyond_the_paper(paper, path, ending):
    html = lesson_on_paper(path, EDITIONS[ending])
    for size in WIDTHS:
        assert paper(html, size).evaluate(OUTSIDE) == []


@pytest.mark.parametrize("kind", LONG)
def test_what_is_far_too_long_wraps_and_would_be_seen(paper, kind):
    html = lesson_on_paper(PATHS[0], EDITIONS[""])
    html = html.replace("<footer>", LONG[kind].format("x" * 300) + "<footer>")
    assert paper(html).evaluate(OUTSIDE) == []
    stiff = "<style>* { overflow-wrap: normal !important; white-space: pre !important }</style>"
    assert paper(html.replace("</head>", f"{stiff}</head>")).evaluate(OUTSIDE) != []


@pytest.mark.parametrize("kind", ["code", "output"])
def test_a_line_of_a_hundred_signs_is_one_line(paper, kind):
    html = lesson_on_paper(PATHS[0], EDITIONS[""])
    lines = "".join(LONG[kind].format("x" * n) for n in (1, 100, 200))
    page = paper(html.replace("<footer>", f"{lines}<footer>"))
    one, hundred, more = [pre.bounding_box()["height"] for pre in page.locator("pre").all()[-3:]]
    assert one == hundred < more


@pytest.mark.parametrize("size", WIDTHS)
def test_chromium_prints_it_to_the_end(paper, size):
    pdf = paper(lesson_on_paper(PATHS[6], EDITIONS["_solutions"])).pdf(format=size)
    assert 12 <= len(re.findall(rb"/Type /Page\b", pdf)) <= 24  # 19 when it was looked at
